package email_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/channel/email"
	"switchboard/internal/egress"
)

// guarded is a Conn of the mailbox behind the real guard.
func (p *provider) guarded(clock *channeltest.Clock, allow ...string) box {
	p.t.Helper()
	g, err := egress.New(egress.Options{Allow: allow, Now: clock.Now})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(g.Close)
	c, err := email.Quick(email.New(channel.Net{Dial: g.Dial}), nil).Open(channel.Opening{Settings: p.Settings(), Now: clock.Now})
	if err != nil {
		p.t.Fatal(err)
	}
	return c.(box)
}

func TestTheStopButtonHoldsToTheLastDot(t *testing.T) {
	stopped := errors.New("stopped")
	for name, gate := range map[string]func(asked int, clock *channeltest.Clock) error{
		"before we connect": func(int, *channeltest.Clock) error { return stopped },
		"after we connect": func(asked int, _ *channeltest.Clock) error {
			if asked > 1 {
				return stopped
			}
			return nil
		},
		"frozen after the last yes": func(asked int, clock *channeltest.Clock) error {
			if asked > 1 {
				clock.Advance(90 * time.Second)
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			clock := channeltest.NewClock()
			p := start(t, clock, true)
			asked := 0
			ctx := egress.WithGate(t.Context(), func(context.Context) error { asked++; return gate(asked, clock) })
			o := channel.Outgoing{Key: "abcdefgh22345", Text: "hello", Subject: "News", To: []channel.Identity{ann}}
			_, err := p.guarded(clock, "127.0.0.0/8").Publish(ctx, o)
			if tr := channel.TroubleOf(err); err == nil || tr.Unclear || p.Record.Len() != 0 {
				t.Errorf("%v, unclear=%v, %d went out; want a clear stop", err, tr.Unclear, p.Record.Len())
			}
			if !errors.Is(err, stopped) && !errors.As(err, new(*egress.Stale)) {
				t.Errorf("%v does not say who stopped it", err)
			}
			if _, err := p.guarded(clock, "127.0.0.0/8").Publish(egress.WithGate(t.Context(), func(context.Context) error { return nil }), o); err != nil || p.Record.Len() != 1 {
				t.Errorf("when it may go: %v, %d went out", err, p.Record.Len())
			}
		})
	}
}

func TestAMailServerInsideIsNotReached(t *testing.T) {
	clock := channeltest.NewClock()
	p := start(t, clock, true)
	_, err := p.guarded(clock).Check(t.Context())
	if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Operator || !strings.Contains(tr.Message, "--egress-allow") {
		t.Errorf("Check: %v; want Operator, and what to do", err)
	}
}
