package bluesky

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/fault"
	"switchboard/internal/sim/bluesky"
	"switchboard/internal/sim/far"
)

func TestDirectMessagesComeAndGo(t *testing.T) {
	e := newEar(t)
	id := e.Direct("ann.test", company, "my number is 0123", bluesky.Saying{})
	e.hear()
	m := e.one(id)
	if !m.Private || m.Own || m.Kind != channel.Direct || m.URI != "" || m.From.Handle != "@ann.test" || m.ThreadID == "" {
		t.Errorf("it came as %+v", m)
	}
	r, err := e.conn.(channel.Replier).Reply(t.Context(), e.outgoing("we call you", &m))
	if err != nil {
		t.Fatal(err)
	}
	if p := e.Published(); len(p) != 1 || p[0].ID != r.RemoteID || p[0].To != "ann.test" || p[0].ParentID != id || !p[0].Private {
		t.Errorf("the record: %+v", p)
	}
	if e.Calls("chat.bsky.convo.acceptConvo") != 1 {
		t.Error("a stranger's conversation was answered without being accepted")
	}
	e.hear()
	if echo := e.one(r.RemoteID); !echo.Own || !echo.Private || echo.ParentID != id || echo.ThreadID != m.ThreadID {
		t.Errorf("the echo: %+v", echo)
	}
	if again, err := e.conn.(channel.Reader).Read(t.Context(), id); err != nil || again.Text != m.Text || again.Version != m.Version {
		t.Errorf("Read = %+v, %v", again, err)
	}
	e.network.Delete(id)
	e.hear()
	if last := e.events[len(e.events)-1]; last.Kind != channel.Deleted || last.RemoteID != id {
		t.Errorf("the deletion: %+v", last)
	}
	if _, err := e.conn.(channel.Reader).Read(t.Context(), id); !fault.Is(err, fault.NotFound) {
		t.Errorf("Read of a deleted message: %v", err)
	}
	if err := e.reply(e.outgoing("hello?", &m)); channel.TroubleOf(err).Deed != channel.Gone {
		t.Errorf("an answer to a deleted message: %v; want Gone", err)
	}
	if _, err := e.conn.(channel.Reader).Read(t.Context(), "chat:3knowhere/3k"); !fault.Is(err, fault.NotFound) {
		t.Errorf("Read in a conversation that is not there: %v", err)
	}
}

func TestAPublicPostCanBeAnsweredInPrivate(t *testing.T) {
	e := newEar(t)
	id := e.Post("ann.test", "@"+company+" where is it?", bluesky.Saying{})
	e.hear()
	m := e.one(id)
	o := e.outgoing("tell us your number here", &m)
	o.Private = true
	if err := e.reply(o); err != nil {
		t.Fatal(err)
	}
	if p := e.Published(); len(p) != 1 || !p[0].Private || p[0].To != "ann.test" {
		t.Errorf("the record: %+v", p)
	}
	for name, tt := range map[string]struct {
		spoil func()
		deed  channel.Deed
	}{
		"who takes none":     {func() { e.NoDirect("bea.test") }, channel.NotAllowed},
		"who has blocked us": {func() { e.Block("bea.test", company) }, channel.NotAllowed},
	} {
		tt.spoil()
		o := e.outgoing("hello", nil)
		o.Private, o.To = true, []channel.Identity{{RemoteID: e.Account("bea.test", "", "", false)}}
		_, err := e.conn.(channel.Publisher).Publish(t.Context(), o)
		if tr := channel.TroubleOf(err); tr.Deed != tt.deed || tr.Unclear {
			t.Errorf("a message to somebody %s: %v; want a clear %s", name, err, tt.deed)
		}
	}
}

func TestADirectMessageWhoseAnswerIsLostIsFound(t *testing.T) {
	for _, do := range far.Lost {
		t.Run(string(do), func(t *testing.T) {
			e := newEar(t)
			id := e.Direct("ann.test", company, "hello", bluesky.Saying{})
			e.hear()
			m := e.one(id)
			if err := e.reply(e.outgoing("the same words", &m)); err != nil { // said before, long ago
				t.Fatal(err)
			}
			e.clock.Advance(time.Hour)
			o := e.outgoing("the same words", &m)
			f := e.conn.(channel.Finder)
			if _, there, err := f.Find(t.Context(), o); there || err != nil {
				t.Fatalf("before it was sent: %v, %v", there, err)
			}
			e.Faults().Set(far.Fault{On: far.Send, Do: do, Times: 1})
			e.conn.(*conn).timeout = 200 * time.Millisecond
			err := e.reply(o)
			e.conn.(*conn).timeout = 10 * time.Second
			e.Faults().Clear()
			if !channel.TroubleOf(err).Unclear {
				t.Fatalf("Reply = %v; want an unclear trouble", err)
			}
			e.clock.Advance(2 * time.Minute)
			all := e.Published()
			if found, there, err := f.Find(t.Context(), o); err != nil || !there || found.RemoteID != all[len(all)-1].ID {
				t.Errorf("Find = %+v, %v, %v; want %s", found, there, err, all[len(all)-1].ID)
			}
		})
	}
}

func TestTheSameWordsFromShortlyBeforeAreForAPersonToJudge(t *testing.T) {
	e := newEar(t)
	id := e.Direct("ann.test", company, "hello", bluesky.Saying{})
	e.hear()
	m := e.one(id)
	if err := e.reply(e.outgoing("thanks", &m)); err != nil {
		t.Fatal(err)
	}
	e.clock.Advance(30 * time.Second)
	if _, there, err := e.conn.(channel.Finder).Find(t.Context(), e.outgoing("thanks", &m)); there || err == nil {
		t.Errorf("Find = %v, %v; want an error", there, err)
	}
}

// reopened is e with an app password that may not read direct messages. hint says whether its token tells so.
func (e *ear) reopened(hint bool) {
	e.Account(company, "", "posts-only-pass-0", false)
	settings, _ := json.Marshal(map[string]any{"identifier": company, "password": "posts-only-pass-0", "service": e.url, "plain": true})
	c, err := New(channel.Net{HTTP: e.http}).Open(channel.Opening{Settings: settings, Now: e.clock.Now})
	if err != nil {
		e.Fatal(err)
	}
	if e.conn = c; !hint { // a host whose tokens we can't read
		if _, err := c.Check(e.Context()); err != nil {
			e.Fatal(err)
		}
		s := c.(*conn).session
		s.now.Access = e.Alias(s.now.Access)
	}
}

func TestWithoutDirectMessagesAllElseWorks(t *testing.T) {
	for name, hint := range map[string]bool{"told by the token": true, "told by a refusal": false} {
		t.Run(name, func(t *testing.T) {
			e := newEar(t)
			e.reopened(hint)
			private := e.Direct("ann.test", company, "between us", bluesky.Saying{})
			public := e.Post("ann.test", "@"+company+" hello", bluesky.Saying{})
			for range 10 {
				e.hear()
			}
			m := e.one(public)
			if err := e.reply(e.outgoing("good morning", &m)); err != nil {
				t.Errorf("a public answer: %v", err)
			}
			if asked := e.Calls("chat.bsky.convo.getLog") + e.Calls("chat.bsky.convo.listConvos"); asked > 2 { // once allowed, once refused
				t.Errorf("a chat service that refuses was asked %d times", asked)
			}
			if e.Calls(refreshing) != 0 {
				t.Error("the session was renewed although nothing is wrong with it")
			}
			o := e.outgoing("hello", &channel.Message{RemoteID: private, Private: true})
			err := e.reply(o)
			if tr := channel.TroubleOf(err); tr.Deed != channel.NotAllowed || !strings.Contains(tr.Message, "direct messages") {
				t.Errorf("a private answer: %v; want NotAllowed", err)
			}
			p, err := e.conn.Check(t.Context())
			if err != nil || hint != strings.Contains(p.Note, "Direct messages") {
				t.Errorf("Check = %q, %v", p.Note, err)
			}
		})
	}
}

func TestAChatServiceThatIsDownHoldsUpNothingAndLosesNothing(t *testing.T) {
	e := newEar(t)
	private := e.Direct("ann.test", company, "between us", bluesky.Saying{})
	for _, do := range []far.Do{far.ServerError, far.Html200, far.CutAnswer, far.TooMany, far.RefusedClosed} {
		e.Faults().Set(far.Fault{On: "/xrpc/chat.bsky.convo.getLog", Do: do})
		id := e.Post("ann.test", "@"+company+" "+string(do), bluesky.Saying{})
		e.hear()
		e.one(id)
		e.Faults().Clear()
		e.clock.Advance(time.Minute)
	}
	e.hear()
	e.one(private)
}

func TestTheFirstTimeTheLastWordOfWhatIsUnreadIsTold(t *testing.T) {
	n := newNetwork(t, channeltest.NewClock())
	n.Direct("ann.test", company, "first", bluesky.Saying{})
	last := n.Direct("ann.test", company, "second", bluesky.Saying{})
	n.clock.Advance(time.Hour)
	e := &ear{T: t, network: n, conn: n.Open(t)}
	e.hear()
	e.one(last)
	if len(e.events) != 1 {
		t.Errorf("%d events", len(e.events))
	}
}
