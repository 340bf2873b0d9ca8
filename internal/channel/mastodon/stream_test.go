package mastodon

import (
	"context"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/sim/far"
	sim "switchboard/internal/sim/mastodon"
)

// listening is a stream under test.
type listening struct {
	up  chan struct{}
	got chan channel.Event
	end chan error
}

func listen(ctx context.Context, c *conn) listening {
	l := listening{make(chan struct{}, 10), make(chan channel.Event, 100), make(chan error, 1)}
	go func() {
		l.end <- c.Stream(ctx, func() { l.up <- struct{}{} }, func(_ context.Context, events []channel.Event) error {
			if len(events) == 0 {
				l.got <- channel.Event{}
			}
			for _, e := range events {
				l.got <- e
			}
			return nil
		})
	}()
	return l
}

// wait returns what comes next on a channel, or fails; it only takes that long when it fails.
func wait[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	select {
	case x := <-c:
		return x
	case <-time.After(20 * time.Second):
		t.Fatal("waited in vain for " + what)
		panic("")
	}
}

func TestStreamTellsWhatConcernsUs(t *testing.T) {
	for name, o := range map[string]sim.Options{"by WebSocket": {NoSSE: true}, "by events": {NoWebSocket: true, Heartbeat: 5 * time.Millisecond}} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, channeltest.NewClock(), o)
			s.Follow("acme_help", "ann@chat.example")
			c := s.conn(t, nil)
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			l := listen(ctx, c)
			wait(t, l.up, "the stream")
			s.Server.Say("ann@chat.example", "talking to myself", sim.SayOptions{}) // in our home timeline, and none of our business
			id := s.Say("ann", "and now to you", channeltest.SayOptions{})
			if e := wait(t, l.got, "the mention"); e.Kind != channel.Said || e.RemoteID != id {
				t.Errorf("got %+v", e)
			}
			s.clock.Advance(time.Second)
			s.Edit(id, "and now to you again") // we follow her: Mastodon tells us
			if e := wait(t, l.got, "the edit"); e.Kind != channel.Edited || e.RemoteID != id || e.Message.Version == "1" {
				t.Errorf("got %+v", e)
			}
			s.Odd()
			own := s.Server.Say("acme_help", "by hand", sim.SayOptions{})
			if e := wait(t, l.got, "our own"); e.RemoteID != own || !e.Message.Own {
				t.Errorf("got %+v", e)
			}
			s.Delete(id)
			if e := wait(t, l.got, "the deletion"); e.Kind != channel.Deleted || e.RemoteID != id {
				t.Errorf("got %+v", e)
			}
			s.CutStreams()
			if tr := channel.TroubleOf(wait(t, l.end, "the end")); tr.Deed != channel.Again {
				t.Errorf("a cut stream ends with %+v", tr)
			}
			missed := s.Say("ann", "while nobody listened", channeltest.SayOptions{})
			l = listen(ctx, c)
			wait(t, l.up, "the stream again")
			heard, _ := all(t, c, "")
			if heard["@acme_help while nobody listened"].RemoteID != missed {
				t.Error("what was said in between is not fetched")
			}
		})
	}
}

func TestStreamNamesItsTrouble(t *testing.T) {
	for name, tt := range map[string]struct {
		o     sim.Options
		spoil func(*site)
		want  channel.Deed
	}{
		"a dead token":        {sim.Options{}, func(s *site) { s.Revoke(s.token) }, channel.Reconnect},
		"a server error":      {sim.Options{}, func(s *site) { s.Server.Faults.Set(far.Fault{On: far.Stream, Do: far.ServerError}) }, channel.Again},
		"too often":           {sim.Options{}, func(s *site) { s.Server.Faults.Set(far.Fault{On: far.Stream, Do: far.TooMany}) }, channel.Wait},
		"a page in HTML":      {sim.Options{NoWebSocket: true}, func(s *site) { s.Server.Faults.Set(far.Fault{On: far.Stream, Do: far.Html200}) }, channel.Again},
		"no streams at all":   {sim.Options{NoWebSocket: true, NoSSE: true}, func(*site) {}, channel.NotAllowed},
		"a closed connection": {sim.Options{}, func(s *site) { s.Server.Faults.Set(far.Fault{On: far.Stream, Do: far.RefusedClosed}) }, channel.Again},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, channeltest.NewClock(), tt.o)
			c := s.conn(t, nil)
			if _, _, err := c.myself(t.Context()); err != nil {
				t.Fatal(err)
			}
			tt.spoil(s)
			err := c.Stream(t.Context(), func() { t.Error("it says it is up") }, nil)
			if tr := channel.TroubleOf(err); err == nil || tr.Deed != tt.want {
				t.Errorf("Stream = %+v; want %s", tr, tt.want)
			}
		})
	}
}

func TestStreamsGoNowhereWithoutEncryption(t *testing.T) {
	c, err := New(over()).Open(channel.Opening{Settings: []byte(`{"server":"social.example","token":"x"}`), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	for address, ok := range map[string]bool{"wss://stream.example": true, "": true, "ws://stream.example": false, "gopher://x.example": false} {
		u, err := c.(*conn).streams(&instance{Streaming: address})
		if (err == nil) != ok || ok && u.Scheme != "https" {
			t.Errorf("%q: %v, %v", address, u, err)
		}
	}
}
