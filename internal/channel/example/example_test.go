package example

import (
	"encoding/json"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

var now = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func open(t *testing.T, language string, clock *time.Time) *conn {
	t.Helper()
	raw, err := json.Marshal(map[string]string{"language": language})
	if err != nil {
		t.Fatal(err)
	}
	c, err := New().Open(channel.Opening{Settings: raw, Now: func() time.Time { return *clock }})
	if err != nil {
		t.Fatal(err)
	}
	return c.(*conn)
}

func TestTheCustomersWriteOnceInTheLanguageThatWasChosen(t *testing.T) {
	for _, tongue := range tongues {
		clock := now
		c := open(t, tongue.name, &clock)
		page, err := c.Fetch(t.Context(), "")
		if err != nil || len(page.Events) != len(tongues[0].people) || page.More {
			t.Fatalf("%s: %d events, %v", tongue.code, len(page.Events), err)
		}
		ids := map[string]bool{}
		for k, e := range page.Events {
			m := e.Message
			ids[m.RemoteID], ids[m.From.RemoteID] = true, true
			if m.Lang != tongue.code || m.Text == "" || m.From.Name == "" || m.At.After(now) || k > 0 && m.At.Before(page.Events[k-1].At) {
				t.Errorf("%s: %+v", tongue.code, m)
			}
			if p, err := c.Check(t.Context()); err != nil || p.Limits.Count(m.Text) > p.Limits.Text {
				t.Errorf("%s: it is too long, or %v", m.Text, err)
			}
		}
		if len(ids) != 2*len(page.Events) {
			t.Errorf("%s: an id is there twice", tongue.code)
		}
		if page, err := c.Fetch(t.Context(), page.Next); err != nil || len(page.Events) != 0 {
			t.Errorf("%s: afterwards %d more, %v", tongue.code, len(page.Events), err)
		}
	}
}

func TestWhoIsAnsweredSaysThanksOnceALittleLater(t *testing.T) {
	clock := now
	c := open(t, "English", &clock)
	page, err := c.Fetch(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	m := page.Events[0].Message
	parent := &channel.Parent{RemoteID: m.RemoteID, ThreadID: m.ThreadID, From: m.From, Private: m.Private}
	for _, key := range []string{"aaaa", "aaaa", "bbbb"} { // tried twice, and a second answer
		if _, err := c.Reply(t.Context(), channel.Outgoing{Key: key, Parent: parent, Text: "It is on its way."}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Publish(t.Context(), channel.Outgoing{Key: "cccc", Text: "We are here."}); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[time.Duration]int{time.Second: 0, thinking: 1, thinking + often: 1, thinking + again: 0} {
		clock = now.Add(at)
		page, err := c.Fetch(t.Context(), "said")
		if err != nil || len(page.Events) != want {
			t.Fatalf("after %v: %d thanks, %v", at, len(page.Events), err)
		}
		for _, e := range page.Events {
			if e.RemoteID != "thanks-aaaa" || e.Message.ThreadID != m.ThreadID || e.Message.From != m.From || e.Message.Private != m.Private {
				t.Errorf("%+v", e)
			}
		}
	}
	for key, want := range map[string]bool{"bbbb": true, "dddd": false} {
		if r, there, err := c.Find(t.Context(), channel.Outgoing{Key: key}); err != nil || there != want || there && r.RemoteID != key {
			t.Errorf("%s: %v, %v, %v", key, r, there, err)
		}
	}
}

func TestALanguageThatIsNotThereIsNamed(t *testing.T) {
	for _, raw := range []string{`{}`, `{"language":"Klingon"}`, `[]`, `{"language":3}`} {
		if _, err := New().Open(channel.Opening{Settings: json.RawMessage(raw), Now: func() time.Time { return now }}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", raw, err)
		}
	}
}
