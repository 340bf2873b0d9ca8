package mastodon

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/egress"
	"switchboard/internal/sim/far"
	sim "switchboard/internal/sim/mastodon"
)

var ours = &account{ID: "1", Acct: "acme_help"}
var theirs = &instance{Domain: "social.example", Version: "4.5.2", Limits: channel.Limits{Text: 500, Unit: "graphemes", URL: 23, ShortAt: true, Media: 4}}

func parent(visibility, acct string, others ...string) *channel.Parent {
	m, _ := json.Marshal(memo{Visibility: visibility, Acct: acct, Others: others})
	return &channel.Parent{RemoteID: "5", Private: private(visibility), Memo: m, From: channel.Identity{Handle: "@" + acct}}
}

func TestWhoSeesAnAnswer(t *testing.T) {
	for name, tt := range map[string]struct {
		replies string
		o       channel.Outgoing
		want    string
	}{
		"in public, quietly":                {"unlisted", channel.Outgoing{Parent: parent("public", "ann")}, "unlisted"},
		"in public, aloud":                  {"public", channel.Outgoing{Parent: parent("public", "ann")}, "public"},
		"unlisted is not made public":       {"public", channel.Outgoing{Parent: parent("unlisted", "ann")}, "unlisted"},
		"a public one in private":           {"public", channel.Outgoing{Parent: parent("public", "ann"), Private: true}, "direct"},
		"a direct one stays direct":         {"public", channel.Outgoing{Parent: parent("direct", "ann")}, "direct"},
		"our followers are not theirs":      {"public", channel.Outgoing{Parent: parent("private", "ann")}, "direct"},
		"a visibility that is new":          {"public", channel.Outgoing{Parent: parent("circle", "ann")}, "direct"},
		"a private one, the rest forgotten": {"public", channel.Outgoing{Parent: &channel.Parent{RemoteID: "5", Private: true}}, "direct"},
		"a public one, the rest forgotten":  {"public", channel.Outgoing{Parent: &channel.Parent{RemoteID: "5"}}, "unlisted"},
		"a post":                            {"unlisted", channel.Outgoing{}, "public"},
		"a private message to somebody":     {"public", channel.Outgoing{Private: true}, "direct"},
	} {
		t.Run(name, func(t *testing.T) {
			c := &conn{set: settings{Replies: tt.replies}}
			if got := c.visibility(tt.o); got != tt.want {
				t.Errorf("visibility = %s; want %s", got, tt.want)
			}
		})
	}
}

func TestWhoIsNamed(t *testing.T) {
	to := func(handles ...string) (out []channel.Identity) {
		for _, h := range handles {
			out = append(out, channel.Identity{Handle: h})
		}
		return out
	}
	for name, tt := range map[string]struct {
		o    channel.Outgoing
		want string // "" when it is refused
	}{
		"who asked is named":                           {channel.Outgoing{Text: "yes", Parent: parent("public", "ann@chat.example")}, "@ann@chat.example yes"},
		"but not twice":                                {channel.Outgoing{Text: "yes @Ann@Chat.Example", Parent: parent("public", "ann@chat.example")}, "yes @Ann@Chat.Example"},
		"nor when a local name is written out":         {channel.Outgoing{Text: "@ann@social.example yes", Parent: parent("public", "ann")}, "@ann@social.example yes"},
		"another Ann is not Ann":                       {channel.Outgoing{Text: "ask @ann", Parent: parent("public", "ann@chat.example")}, "@ann@chat.example ask @ann"},
		"we never name ourselves":                      {channel.Outgoing{Text: "yes", Parent: parent("public", "acme_help")}, "yes"},
		"others are named when they are meant":         {channel.Outgoing{Text: "yes", Parent: parent("public", "ann", "bob"), To: to("@ann@social.example", "@bob@social.example", "@eve@x.example")}, "@ann @bob@social.example @eve@x.example yes"},
		"in private only who was in the talk":          {channel.Outgoing{Text: "yes", Private: true, Parent: parent("direct", "ann", "bob"), To: to("@bob", "@eve@x.example")}, "@ann @bob yes"},
		"a stranger's name in a private text":          {channel.Outgoing{Text: "ask @eve@x.example", Parent: parent("direct", "ann")}, ""},
		"a stranger's name behind a full stop":         {channel.Outgoing{Text: "write to .@eve@x.example", Parent: parent("direct", "ann")}, ""},
		"a mail address is no name":                    {channel.Outgoing{Text: "write to help@acme.example", Parent: parent("direct", "ann")}, "@ann write to help@acme.example"},
		"our own name in a private text":               {channel.Outgoing{Text: "we are @acme_help", Parent: parent("direct", "ann")}, "@ann we are @acme_help"},
		"nothing to say":                               {channel.Outgoing{Text: " \n", Parent: parent("public", "ann")}, ""},
		"the name counts":                              {channel.Outgoing{Text: strings.Repeat("a", 500), Parent: parent("public", "ann")}, ""},
		"of a name elsewhere only the first half does": {channel.Outgoing{Text: strings.Repeat("a", 495), Parent: parent("public", "ann@a-very-long-name.example")}, "@ann@a-very-long-name.example " + strings.Repeat("a", 495)},
		"the warning counts":                           {channel.Outgoing{Text: strings.Repeat("a", 495), Subject: "1234567"}, ""},
		"the handle serves where the memo was lost":    {channel.Outgoing{Text: "yes", Parent: &channel.Parent{RemoteID: "5", From: channel.Identity{Handle: "@ann@chat.example"}}}, "@ann@chat.example yes"},
	} {
		t.Run(name, func(t *testing.T) {
			c := &conn{set: settings{Replies: "unlisted"}}
			p, err := c.compose(tt.o, ours, theirs)
			if tt.want == "" {
				if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Fix || tr.Unclear {
					t.Errorf("compose = %q, %v; want a clear Fix", p.Status, err)
				}
			} else if err != nil || p.Status != tt.want {
				t.Errorf("compose = %q, %v; want %q", p.Status, err, tt.want)
			}
		})
	}
}

// TestWeCountAsTheServerDoes says texts of all sorts at the very limit: the server takes each that we take, and no other.
func TestWeCountAsTheServerDoes(t *testing.T) {
	for name, o := range map[string]sim.Options{"Mastodon": {MaxChars: 60}, "GoToSocial": {MaxChars: 60, GoToSocial: true}} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, channeltest.NewClock(), o)
			c := s.conn(t, nil)
			in, err := c.instance(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			rapid.Check(t, func(t *rapid.T) {
				parts := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "ß", "e\u0301", "👩‍👩‍👧", "語", " ", "\n", "https://a.example/", "https://a.example/" + strings.Repeat("x", 90),
					"@bob@chat.example", "@bob", "#tag", ".", "http://", "x@y.example", "🇩🇪", "\r\n", "@b@c"}), 1, 90).Draw(t, "parts")
				text := strings.Join(parts, "")
				if strings.TrimSpace(text) == "" {
					return
				}
				why, fits := in.Limits.Fits(clean(text), false)
				_, err := c.Publish(t.Context(), channel.Outgoing{Key: fmt.Sprint(len(s.Record.Entries())), Text: text, At: s.clock.Now()})
				if fits != (err == nil) {
					t.Fatalf("%q: we say %v (%s), sending gave %v", text, fits, why, err)
				}
			})
		})
	}
}

func TestAttachmentsGoOutWithTheirDescriptions(t *testing.T) {
	png := []byte("\x89PNG\r\n\x1a\n")
	for name, o := range map[string]sim.Options{"ready at once": {}, "busy for a while": {MediaBusy: 3}} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, channeltest.NewClock(), o)
			c := s.conn(t, nil)
			_, err := c.Publish(t.Context(), channel.Outgoing{Key: "k1", Text: "look", At: s.clock.Now(), Media: []channel.Upload{
				{Name: `a"b/c.png`, Type: "image/png", Alt: "a hinge, « broken »", Body: png}, {Name: "d.png", Type: "image/png", Body: png}}})
			if err != nil {
				t.Fatal(err)
			}
			if e := s.Record.Entries()[0]; !slices.Equal(e.Alts, []string{"a hinge, « broken »", ""}) {
				t.Errorf("alts %q", e.Alts)
			}
		})
	}
	s := newSite(t, channeltest.NewClock(), sim.Options{MediaBusy: 2, ImageSize: 1 << 20})
	c := s.conn(t, nil)
	pic := func(u channel.Upload) []channel.Upload { return []channel.Upload{u} }
	for name, tt := range map[string][]channel.Upload{
		"an empty file":               pic(channel.Upload{Name: "a.png", Type: "image/png"}),
		"a picture that is too large": pic(channel.Upload{Name: "a.png", Type: "image/png", Body: make([]byte, 1<<20+1)}),
		"a file of the wrong kind":    pic(channel.Upload{Name: "a.exe", Type: "application/x-msdownload", Body: png}),
		"a description too long":      pic(channel.Upload{Name: "a.png", Type: "image/png", Body: png, Alt: strings.Repeat("a", 1501)}),
		"one the server can't read":   pic(channel.Upload{Name: "broken.png", Type: "image/png", Body: png}),
		"five":                        slices.Repeat(pic(channel.Upload{Name: "a.png", Type: "image/png", Body: png}), 5),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.Publish(t.Context(), channel.Outgoing{Key: name, Text: "look", Media: tt, At: s.clock.Now()})
			if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Fix || tr.Unclear {
				t.Errorf("gives %+v; want a clear Fix", err)
			}
			if s.Record.Len() != 0 {
				t.Error("it was posted all the same")
			}
		})
	}
	t.Run("a server in trouble with uploads has posted nothing", func(t *testing.T) {
		s.Server.Faults.Set(far.Fault{On: "media", Do: far.ServerError})
		_, err := c.Publish(t.Context(), channel.Outgoing{Key: "x", Text: "look", At: s.clock.Now(), Media: pic(channel.Upload{Name: "a.png", Type: "image/png", Body: png})})
		if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Again || tr.Unclear {
			t.Errorf("gives %+v; want a clear Again", err)
		}
	})
}

func TestAFilmThatIsDigestedLongerThanATryIsUploadedOnce(t *testing.T) {
	s := newSite(t, channeltest.NewClock(), sim.Options{MediaBusy: 5})
	c := s.conn(t, nil)
	post := func(limit time.Duration, u ...channel.Upload) error {
		ctx, stop := context.WithTimeout(t.Context(), limit)
		defer stop()
		_, err := c.Publish(ctx, channel.Outgoing{Key: "k1", Text: "look", At: s.clock.Now(), Media: u})
		return err
	}
	film := channel.Upload{Name: "a.png", Type: "image/png", Body: []byte("\x89PNG\r\n\x1a\nfilm")}
	if _, _, err := c.myself(t.Context()); err != nil {
		t.Fatal(err)
	}
	tries := 1
	for ; post(500*time.Millisecond, film, film) != nil && tries < 100; tries++ { // between two looks we wait longer
		if n := s.Record.Len(); n != 0 {
			t.Fatal("it was posted half")
		}
	}
	if n := s.Server.Faults.Calls("media"); n != 2 || tries < 3 || s.Record.Len() != 1 {
		t.Errorf("after %d tries there were %d uploads of two, and %d posts", tries, n, s.Record.Len())
	}
	if alts := s.Record.Entries()[0].Alts; len(alts) != 2 {
		t.Errorf("it went out with %d of two", len(alts))
	}
	film.Alt = "said meanwhile"
	if err := post(time.Minute, film); err != nil || s.Server.Faults.Calls("media") != 3 {
		t.Errorf("changed meanwhile: %v, %d uploads; want one more", err, s.Server.Faults.Calls("media")-2)
	}
	c.uploaded.put(uploadKey("k1", 0, film), "12345") // which the server has thrown away
	if err := post(time.Minute, film); err != nil || s.Server.Faults.Calls("media") != 4 {
		t.Errorf("thrown away: %v, %d uploads; want one more", err, s.Server.Faults.Calls("media")-3)
	}
}

func TestToldToWaitWithUploadsOneHearsAndSpeaks(t *testing.T) {
	s := newSite(t, channeltest.NewClock(), sim.Options{})
	g, err := egress.New(egress.Options{Allow: []string{"127.0.0.0/8"}, Now: s.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	s.net = channel.Net{HTTP: g.Account("a"), Dial: g.Dial}
	c := s.conn(t, nil)
	s.Server.Faults.Set(far.Fault{On: "media", Do: far.TooManyBare, Header: http.Header{"Retry-After": {"1800"}}, Times: 1})
	film := channel.Outgoing{Key: "k1", Text: "look", At: s.clock.Now(), Media: []channel.Upload{{Name: "a.png", Type: "image/png", Body: []byte("\x89PNG\r\n\x1a\n")}}}
	for range 2 {
		_, err = c.Publish(t.Context(), film)
		if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Wait || !tr.Only || tr.Until.Sub(s.clock.Now()) < 29*time.Minute {
			t.Errorf("with a picture: %+v; want that this one waits", err)
		}
	}
	if n := s.Server.Faults.Calls("media"); n != 1 {
		t.Errorf("%d uploads left while told to wait", n)
	}
	s.Say("ann", "do you hear me?", channeltest.SayOptions{})
	if p, err := c.Fetch(t.Context(), ""); err != nil || len(p.Events) != 1 {
		t.Errorf("heard %d, %v", len(p.Events), err)
	}
	if _, err := c.Publish(t.Context(), channel.Outgoing{Key: "k2", Text: "we do", At: s.clock.Now()}); err != nil {
		t.Errorf("in words alone: %v", err)
	}
	s.clock.Advance(31 * time.Minute)
	if _, err := c.Publish(t.Context(), film); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	s.Server.Faults.Set(far.Fault{On: far.Read, Do: far.TooManyBare, Header: http.Header{"Retry-After": {"60"}}, Times: 1})
	if _, err := c.Fetch(t.Context(), ""); channel.TroubleOf(err).Deed != channel.Wait || channel.TroubleOf(err).Only {
		t.Errorf("told to wait with reading: %v", err)
	}
	film.Key = "k3"
	if _, err := c.Publish(t.Context(), film); channel.TroubleOf(err).Deed != channel.Wait || channel.TroubleOf(err).Only {
		t.Errorf("and then with a picture: %v; want that all wait", err)
	}
}

func TestFindTellsOneFromAnother(t *testing.T) {
	for name, o := range map[string]sim.Options{"Mastodon": {}, "GoToSocial": {GoToSocial: true}} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, channeltest.NewClock(), o)
			c := s.conn(t, nil)
			id := s.Say("ann", "open today?", channeltest.SayOptions{})
			m, err := c.Read(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			out := func(key, text string) channel.Outgoing {
				return channel.Outgoing{Key: key, Text: text, At: s.clock.Now(), Parent: &channel.Parent{RemoteID: id, Memo: m.Memo, From: m.From}}
			}
			find := func(o channel.Outgoing) bool {
				t.Helper()
				_, there, err := c.Find(t.Context(), o)
				if err != nil {
					t.Fatal(err)
				}
				return there
			}
			first := out("first", "Yes.")
			if _, err := c.Reply(t.Context(), first); err != nil {
				t.Fatal(err)
			}
			if !find(first) {
				t.Error("what was sent is not found")
			}
			if find(out("second", "Yes.")) {
				t.Error("the same words under another key are taken for it")
			}
			if find(out("third", "No.")) {
				t.Error("other words are taken for it")
			}
			s.clock.Advance(time.Hour)
			c = s.conn(t, nil) // another process: it remembers no receipts
			if find(out("fourth", "Yes.")) {
				t.Error("the same words said an hour before are taken for it")
			}
			if !find(first) {
				t.Error("what was sent an hour ago is not found by another process")
			}
			top := channel.Outgoing{Key: "fifth", Text: "@ann@chat.example Yes.", At: first.At}
			if find(top) {
				t.Error("a reply is taken for a post")
			}
		})
	}
}

func TestFindLooksUnderWhatWasAnswered(t *testing.T) {
	s := newSite(t, channeltest.NewClock(), sim.Options{GoToSocial: true})
	c := s.conn(t, nil)
	id := s.Say("ann", "psst", channeltest.SayOptions{Private: true})
	m, err := c.Read(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	o := channel.Outgoing{Key: "k", Text: "tell me", Private: true, At: s.clock.Now(), Parent: &channel.Parent{RemoteID: id, Memo: m.Memo, From: m.From, Private: true}}
	if _, err := c.Reply(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	c = s.conn(t, nil)
	if _, _, err := c.myself(t.Context()); err != nil {
		t.Fatal(err)
	}
	me := s.Person("acme_help")
	s.Server.Faults.Set(far.Fault{On: "/api/v1/accounts/" + me.ID + "/statuses", Do: far.Answer, Body: []byte("[]")}) // it lists no private words
	if _, there, err := c.Find(t.Context(), o); !there || err != nil {
		t.Errorf("Find = %v, %v; want it found", there, err)
	}
	o.Text = "something else"
	if _, there, err := c.Find(t.Context(), o); there || err != nil {
		t.Errorf("Find of what was never sent = %v, %v", there, err)
	}
}

func TestFindLooksAgainBeforeItIsSure(t *testing.T) {
	s := newSite(t, channeltest.NewClock(), sim.Options{GoToSocial: true})
	c := s.conn(t, nil)
	o := channel.Outgoing{Key: "k", Text: "said late", At: s.clock.Now()}
	c.settle = 300 * time.Millisecond
	go func() {
		time.Sleep(50 * time.Millisecond) // the server was still at it
		s.Server.Say("acme_help", "said late", sim.SayOptions{})
	}()
	if _, there, err := c.Find(t.Context(), o); !there || err != nil {
		t.Errorf("Find = %v, %v; want it found", there, err)
	}
}

func TestFindAdmitsWhenItCannotTell(t *testing.T) {
	for name, tt := range map[string]struct {
		o    sim.Options
		wait time.Duration
		sure bool // that sending again is safe
	}{
		"Mastodon within the hour of the key": {sim.Options{}, 0, true},
		"Mastodon after it":                   {sim.Options{}, 2 * time.Hour, false},
		"a server that keeps no keys":         {sim.Options{GoToSocial: true}, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, channeltest.NewClock(), tt.o)
			c := s.conn(t, nil)
			o := channel.Outgoing{Key: "k", Text: "where is it", At: s.clock.Now()}
			for k := range pagesBack*40 + 1 {
				s.Server.Say("acme_help", fmt.Sprint("number ", k), sim.SayOptions{Visibility: "unlisted"})
			}
			s.clock.Advance(tt.wait)
			_, there, err := c.Find(t.Context(), o)
			if there || (err == nil) != tt.sure {
				t.Errorf("Find = %v, %v", there, err)
			}
		})
	}
}
