package mastodon

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	sim "switchboard/internal/sim/mastodon"
)

// all reads until there is no more, and returns the events by text.
func all(t *testing.T, c *conn, cursor string) (map[string]channel.Event, string) {
	t.Helper()
	out := map[string]channel.Event{}
	for range 100 {
		p, err := c.Fetch(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		cursor = p.Next
		for _, e := range p.Events {
			out[e.Message.Text] = e
		}
		if !p.More {
			return out, cursor
		}
	}
	t.Fatal("always more")
	return nil, ""
}

func TestStrangersAreHeardWhateverThePolicy(t *testing.T) {
	s := newSite(t, channeltest.NewClock(), sim.Options{})
	s.SetPolicy("acme_help", "for_private_mentions", "filter")
	s.SetPolicy("acme_help", "for_not_following", "filter")
	c := s.conn(t, map[string]any{"strangers": false})
	_, cursor := all(t, c, "")
	s.Say("ann", "in public", channeltest.SayOptions{})
	s.Say("bea", "in private", channeltest.SayOptions{Private: true})
	heard, _ := all(t, c, cursor)
	for _, text := range []string{"@acme_help in public", "@acme_help in private"} {
		if _, ok := heard[text]; !ok {
			t.Errorf("%q was parked by the policy and never heard; heard %v", text, heard)
		}
	}
}

func TestCheckOpensTheAccountToStrangers(t *testing.T) {
	for name, tt := range map[string]struct {
		o         sim.Options
		strangers bool
		policy    string
		note      string // part of it
		opened    bool
	}{
		"wanted":                    {sim.Options{}, true, "drop", "lets all of them through", true},
		"nothing to do":             {sim.Options{}, true, "accept", "", true},
		"not wanted, parked":        {sim.Options{}, false, "filter", "parks", false},
		"not wanted, thrown away":   {sim.Options{}, false, "drop", "throws", false},
		"a server without policies": {sim.Options{Old: true}, true, "drop", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, channeltest.NewClock(), tt.o)
			s.SetPolicy("acme_help", "for_private_mentions", tt.policy)
			s.SetPolicy("acme_help", "for_limited_accounts", "accept")
			c := s.conn(t, map[string]any{"strangers": tt.strangers})
			p, err := c.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if tt.note == "" && p.Note != "" || !strings.Contains(p.Note, tt.note) {
				t.Errorf("Note = %q; want %q in it", p.Note, tt.note)
			}
			_, cursor := all(t, c, "")
			s.Say("ann", "psst", channeltest.SayOptions{Private: true})
			if heard, _ := all(t, c, cursor); (len(heard) == 1) != (tt.opened || tt.policy == "filter") {
				t.Errorf("heard %d private messages", len(heard))
			}
		})
	}
}

func TestCheckSaysWhoWeAre(t *testing.T) {
	s := newSite(t, channeltest.NewClock(), sim.Options{})
	p, err := s.conn(t, nil).Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := channel.Profile{RemoteID: "https://social.example/users/acme_help", Handle: "@acme_help@social.example", Name: "ACME helps",
		URL: "https://social.example/@acme_help", Limits: channel.Limits{Text: 500, Unit: "graphemes", URL: 23, ShortAt: true, Media: 4, MediaSize: 16 << 20, Alt: 1500, Named: channel.NameAdded}, MaySpeak: true}
	if p.Note = ""; p != want {
		t.Errorf("Check = %+v; want %+v", p, want)
	}
}

func TestCheckSaysWhetherWeMaySpeak(t *testing.T) {
	s := newSite(t, channeltest.NewClock(), sim.Options{})
	for name, tt := range map[string]struct {
		scopes []string
		may    bool
	}{
		"everything":         {[]string{"read", "write", "profile"}, true},
		"what we ask for":    {strings.Fields(exact), true},
		"reading only":       {[]string{"read", "profile"}, false},
		"posts, no pictures": {[]string{"read", "write:statuses"}, false},
		"nothing of itself":  {[]string{"profile", "read:statuses", "read:notifications"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := s.conn(t, map[string]any{"token": s.Token("acme_help", tt.scopes...)}).Check(t.Context())
			if err != nil || p.MaySpeak != tt.may || strings.Contains(p.Note, "may read and not write") == tt.may && name != "nothing of itself" {
				t.Errorf("MaySpeak = %v, %q, %v", p.MaySpeak, p.Note, err)
			}
		})
	}
}

func TestAMessageOfEachKind(t *testing.T) {
	s := newSite(t, channeltest.NewClock(), sim.Options{})
	c := s.conn(t, nil)
	_, cursor := all(t, c, "")
	first := s.Server.Say("ann@chat.example", "@acme_help @bob where?", sim.SayOptions{Lang: "en", Warning: "parcel"})
	s.Server.Say("ann@chat.example", "@acme_help hello?", sim.SayOptions{InReplyTo: first, Visibility: "unlisted"})
	s.Server.Say("ann@chat.example", "@acme_help my number", sim.SayOptions{Visibility: "direct"})
	s.Server.Say("ann@chat.example", "@acme_help to my friends", sim.SayOptions{Visibility: "private"})
	heard, _ := all(t, c, cursor)
	for text, want := range map[string]struct {
		kind    channel.Kind
		private bool
	}{
		"@acme_help @bob where?":   {channel.Post, false},
		"@acme_help hello?":        {channel.Reply, false},
		"@acme_help my number":     {channel.Direct, true},
		"@acme_help to my friends": {channel.Post, true}, // for followers: not for quoting, not for everybody
	} {
		m := heard[text].Message
		if m.Kind != want.kind || m.Private != want.private || m.From.RemoteID != "https://chat.example/users/ann" || m.From.Handle != "@ann@chat.example" {
			t.Errorf("%q came as %+v", text, m)
		}
	}
	m := heard["@acme_help hello?"].Message
	if m.ParentID != first || m.ThreadID != first || m.URI == "" || m.URL == "" {
		t.Errorf("the reply hangs on %q in thread %q", m.ParentID, m.ThreadID)
	}
	if m = heard["@acme_help @bob where?"].Message; m.Warning != "parcel" || m.Lang != "en" || m.ThreadID != m.RemoteID {
		t.Errorf("warning %q, language %q, thread %q", m.Warning, m.Lang, m.ThreadID)
	}
	if s.Person("bob"); len(m.To) != 0 {
		t.Errorf("to %+v", m.To) // bob was nobody when it was said
	}
}

func TestLikesAndFollowsAreNoMessages(t *testing.T) {
	s := newSite(t, channeltest.NewClock(), sim.Options{})
	c := s.conn(t, nil)
	id := s.Server.Say("acme_help", "buy our hinges", sim.SayOptions{})
	_, cursor := all(t, c, "")
	s.Like("ann", id)
	s.Boost("bea", id)
	s.Follow("cid", "acme_help")
	s.Odd()
	own := s.Server.Say("acme_help", "by hand", sim.SayOptions{})
	heard, _ := all(t, c, cursor)
	if e := heard["by hand"]; e.RemoteID != own || !e.Message.Own {
		t.Errorf("what we said by hand came as %+v", e)
	}
	for text, e := range heard {
		if !e.Message.Own {
			t.Errorf("heard %q", text)
		}
	}
}

func TestGoToSocialTellsOfEdits(t *testing.T) {
	clock := channeltest.NewClock()
	s := newSite(t, clock, sim.Options{GoToSocial: true})
	c := s.conn(t, nil)
	id := s.Say("ann", "order 123", channeltest.SayOptions{})
	before, cursor := all(t, c, "")
	clock.Advance(time.Hour)
	s.Edit(id, "order 456")
	after, _ := all(t, c, cursor)
	e := after["@acme_help order 456"]
	if e.Kind != channel.Edited || e.RemoteID != id || e.Message.Version == before["@acme_help order 123"].Message.Version {
		t.Errorf("the edit came as %+v", after)
	}
}

// TestALateIDIsNotSkipped is about servers that show an id only after a later one.
func TestALateIDIsNotSkipped(t *testing.T) {
	clock := channeltest.NewClock()
	shown := map[int]bool{}
	item := func(id int) json.RawMessage {
		return json.RawMessage(fmt.Sprintf(`{"id":"%d","type":"mention","created_at":%q,"account":{"id":"9","acct":"ann"},"status":{"id":"%d","account":{"id":"9","acct":"ann"},"content":"n%d"}}`,
			id, clock.Now().Format(time.RFC3339), id, id))
	}
	made := map[int]json.RawMessage{}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", clock.Now().Format(http.TimeFormat))
		switch {
		case r.URL.Path == "/api/v2/instance":
			fmt.Fprint(w, `{"domain":"social.example","version":"4.5.2"}`)
		case strings.HasSuffix(r.URL.Path, "verify_credentials"):
			fmt.Fprint(w, `{"id":"1","acct":"acme"}`)
		case strings.HasSuffix(r.URL.Path, "/notifications"):
			from, _ := strconv.Atoi(r.URL.Query().Get("min_id"))
			var list []json.RawMessage
			for id := from + 1; id < 100 && len(list) < 5; id++ {
				if shown[id] {
					list = slices.Insert(list, 0, made[id])
				}
			}
			b, _ := json.Marshal(append([]json.RawMessage{}, list...))
			_, _ = w.Write(b)
		default:
			fmt.Fprint(w, `[]`)
		}
	}))
	defer web.Close()
	o, err := New(over()).Open(channel.Opening{Now: clock.Now, Settings: json.RawMessage(`{"server":"` + web.URL + `","token":"x","plain":true}`)})
	if err != nil {
		t.Fatal(err)
	}
	c := o.(*conn)
	say := func(ids ...int) {
		for _, id := range ids {
			made[id], shown[id] = item(id), true
		}
	}
	_, cursor := all(t, c, "")
	say(1, 2, 3)
	made[4] = item(4) // taken, not yet shown
	say(5, 6, 7, 8)
	heard, cursor := all(t, c, cursor)
	if len(heard) != 7 {
		t.Fatalf("heard %d of 7", len(heard))
	}
	clock.Advance(3 * time.Second)
	shown[4] = true
	heard, cursor = all(t, c, cursor)
	if _, ok := heard["n4"]; !ok {
		t.Error("what appeared late was skipped")
	}
	clock.Advance(time.Minute)
	_, cursor = all(t, c, cursor)
	if heard, _ = all(t, c, cursor); len(heard) != 0 {
		t.Errorf("a minute later %d are still read again", len(heard))
	}
}

func TestOddEntitiesAreStillMessages(t *testing.T) {
	var n notification
	body := `{"id":77,"type":"mention","created_at":17,"account":[],"status":{"id":123,"created_at":"2026-10-08","edited_at":null,"content":"<p>hi\u0000</p>",
		"visibility":7,"mentions":"none","media_attachments":[{"id":5,"type":"image","url":"https://a.example/x.PNG?y","description":null},{}],
		"account":{"id":9,"acct":"ann","username":"ann","url":"https://social.example/@ann","display_name":null,"followers_count":"many"}}}`
	if err := json.Unmarshal([]byte(body), &n); err != nil {
		t.Fatal(err)
	}
	c := &conn{now: channeltest.NewClock().Now, roots: memory[string]{most: 10}}
	e, ok := c.event(channel.Said, n.Status, &account{ID: "1"}, &instance{Domain: "social.example"})
	m := e.Message
	if !ok || m.RemoteID != "123" || m.Text != "hi" || m.From.RemoteID != "https://social.example/@ann" || m.From.Handle != "@ann@social.example" ||
		len(m.Media) != 1 || m.Media[0].Type != "image/png" || m.Media[0].Name != "x.PNG" || !m.Private {
		t.Errorf("came as %+v", m)
	}
	if strings.Contains(string(e.Raw), `\u0000`) {
		t.Error("the raw form holds a NUL that PostgreSQL does not take")
	}
}

func TestRereadBelievesOnlyA404(t *testing.T) {
	for _, o := range []sim.Options{{}, {Old: true}, {GoToSocial: true}} {
		s := newSite(t, channeltest.NewClock(), o)
		c := s.conn(t, nil)
		known := map[string]string{}
		var ids []string
		for k := range 50 {
			id := s.Say("ann", fmt.Sprint("number ", k), channeltest.SayOptions{})
			ids = append(ids, id)
			known[id] = "1"
		}
		s.Delete(ids[7])
		s.clock.Advance(time.Second)
		s.Edit(ids[30], "another")
		events, err := c.Reread(t.Context(), known)
		if err != nil || len(events) != 2 {
			t.Fatalf("Reread = %d events, %v", len(events), err)
		}
		slices.SortFunc(events, func(a, b channel.Event) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
		if events[0].Kind != channel.Deleted || events[0].RemoteID != ids[7] || events[1].Kind != channel.Edited || events[1].RemoteID != ids[30] {
			t.Errorf("%+v", events)
		}
	}
}

func TestTwoAccountsSeeOneMessage(t *testing.T) {
	s := newSite(t, channeltest.NewClock(), sim.Options{})
	s.Describe("weather", "Weather", "", true)
	other := s.conn(t, map[string]any{"token": s.Token("acme_press")})
	ours := s.conn(t, nil)
	_, a := all(t, ours, "")
	_, b := all(t, other, "")
	s.Server.Say("weather", "@acme_help @acme_press it rains", sim.SayOptions{})
	one, _ := all(t, ours, a)
	two, _ := all(t, other, b)
	m, n := one["@acme_help @acme_press it rains"].Message, two["@acme_help @acme_press it rains"].Message
	if m.URI == "" || m.URI != n.URI || m.From.RemoteID != n.From.RemoteID {
		t.Errorf("%q by %q and %q by %q", m.URI, m.From.RemoteID, n.URI, n.From.RemoteID)
	}
	if len(m.To) != 1 || m.To[0].Handle != "@acme_press@social.example" || !m.Automatic || !m.From.Bot {
		t.Errorf("to %+v, automatic %v", m.To, m.Automatic)
	}
}

// TestTheServersOwnLimit runs into the limit of calls, in both ways to say when it ends, and comes out with every message.
func TestTheServersOwnLimit(t *testing.T) {
	for name, o := range map[string]sim.Options{"Mastodon's date": {RateLimit: 9}, "GoToSocial's number": {RateLimit: 9, GoToSocial: true}} {
		t.Run(name, func(t *testing.T) {
			clock := channeltest.NewClock()
			s := newSite(t, clock, o)
			c := s.conn(t, nil)
			cursor, heard, waited := "", map[string]bool{}, 0
			for range 300 {
				p, err := c.Fetch(t.Context(), cursor)
				if err == nil {
					for _, e := range p.Events {
						heard[e.Message.Text] = true
					}
					cursor = p.Next
					s.Say("ann", fmt.Sprint("number ", len(heard)), channeltest.SayOptions{})
					if len(heard) == 40 {
						break
					}
					continue
				}
				tr := channel.TroubleOf(err)
				if tr.Deed != channel.Wait || !tr.Until.Equal(clock.Now().Truncate(5*time.Minute).Add(5*time.Minute)) {
					t.Fatalf("%+v at %v", tr, clock.Now())
				}
				waited++
				clock.Advance(tr.Until.Sub(clock.Now()))
			}
			if len(heard) != 40 || waited < 3 {
				t.Errorf("heard %d of 40, waited %d times", len(heard), waited)
			}
		})
	}
}
