package email_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/channel/email"
	"switchboard/internal/sim/far"

	sim "switchboard/internal/sim/email"
)

// provider is a mail provider as the suite sees it.
type provider struct {
	t testing.TB
	*sim.Server
	n int
}

func start(t testing.TB, clock *channeltest.Clock, copies bool, more ...func(*sim.Server)) *provider {
	t.Helper()
	p := &provider{t: t, Server: &sim.Server{KeepsCopies: copies, Now: clock.Now}}
	for _, m := range more {
		m(p.Server)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func connector() channel.Connector {
	return email.Quick(email.New(channel.Net{Dial: new(net.Dialer).DialContext}), nil)
}

// open returns a Conn of the mailbox.
func (p *provider) open(clock *channeltest.Clock) channel.Conn {
	p.t.Helper()
	c, err := connector().Open(channel.Opening{Settings: p.Settings(), Now: clock.Now})
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

// asSuite is a provider under the suite.
type asSuite struct {
	*provider
	clock *channeltest.Clock
}

// box is all that a mail Conn can do.
type box interface {
	channel.Conn
	channel.Fetcher
	channel.Streamer
	channel.Sociable
	channel.Publisher
	channel.Finder
	channel.Tester
}

// addressed gives a post of the suite what no mail is without: somebody to go to, and a subject.
type addressed struct{ box }

func (a addressed) whole(o channel.Outgoing) channel.Outgoing {
	if o.Parent == nil {
		o.To, o.Subject = []channel.Identity{{RemoteID: "ann@far.example", Handle: "ann@far.example"}}, "News"
	}
	return o
}

func (a addressed) Publish(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	return a.box.Publish(ctx, a.whole(o))
}

func (a addressed) Find(ctx context.Context, o channel.Outgoing) (channel.Receipt, bool, error) {
	return a.box.Find(ctx, a.whole(o))
}

func (s asSuite) Can() channeltest.Can {
	return channeltest.Can{
		OnlyPrivate: true, Media: true, Own: true, Text: true, Page: 50, Guarded: true,
		Lost: far.Lost,
		Refused: []far.Fault{
			{Do: far.Answer, Status: 550, Body: []byte("No such user here")},
			{Do: far.Answer, Status: 552, Body: []byte("Message too large")},
			{Do: far.Answer, Status: 553, Body: []byte("Mailbox name not allowed")},
			{Do: far.Answer, Status: 554, Body: []byte("We do not like you")},
		},
		Suspended: []far.Fault{{Do: far.Unauthorized}},
	}
}

func (s asSuite) Open(t testing.TB) channel.Conn { return addressed{s.open(s.clock).(box)} }

func (s asSuite) Say(from, text string, o channeltest.SayOptions) string {
	s.n++
	l := sim.Letter{ID: fmt.Sprintf("m%d@far.example", s.n), From: strings.ToLower(from) + "@far.example", Name: from,
		To: s.Address, Subject: "A question", Text: text}
	for k, m := range o.Media {
		l.Files = append(l.Files, sim.File{Name: fmt.Sprintf("file%d", k), Type: m.Type, Alt: m.Alt, Body: []byte("x")})
	}
	if o.Own {
		l.From, l.To = s.Address, "ann@far.example"
	}
	raw, err := l.Write(s.Server)
	if err == nil && o.Own {
		err = s.KeepSent(raw)
	} else if err == nil {
		err = s.Deliver(raw)
	}
	if err != nil {
		s.t.Error(err)
	}
	return email.RemoteIDOf(s.open(s.clock), raw)
}

func (s asSuite) Edit(string, string)    {}
func (s asSuite) Delete(string)          {}
func (s asSuite) Published() []far.Entry { return s.Record.Entries() }
func (s asSuite) Faults() *far.Faults    { return &s.Server.Faults }

func TestContract(t *testing.T) {
	channeltest.Suite(t, func(t *testing.T, clock *channeltest.Clock) channeltest.Far {
		return asSuite{start(t, clock, true), clock}
	})
}
