package mastodon

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/egress"
	"switchboard/internal/sim/far"
	sim "switchboard/internal/sim/mastodon"
)

// site is the stand-in with one account of the company's, and how we connect to it.
type site struct {
	*sim.Server
	url   string
	token string
	clock *channeltest.Clock
	can   channeltest.Can
	net   channel.Net
}

func newSite(t testing.TB, clock *channeltest.Clock, o sim.Options) *site {
	o.Now = clock.Now
	if o.RateLimit == 0 {
		o.RateLimit = -1
	}
	s := &site{Server: sim.New(o), clock: clock, net: over()}
	web := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		s.Server.Faults.Clear()
		s.CutStreams()
		web.CloseClientConnections()
		web.Close()
	})
	s.url = web.URL
	s.Describe("acme_help", "ACME helps", "", false)
	s.token = s.Token("acme_help")
	s.SetPolicy("acme_help", "for_private_mentions", "accept") // as Check leaves it
	s.can = channeltest.Can{Edits: true, Deletes: true, Private: true, Threads: true, Media: true, Own: true, Text: true, Page: 80, HTTP: true,
		Suspended: []far.Fault{{Do: far.Answer, Status: 403, Body: []byte(`{"error":"Your login is currently disabled"}`)}},
		Refused: []far.Fault{{Do: far.Answer, Status: 422, Body: []byte(`{"error":"Validation failed: Text can't be blank"}`)},
			{Do: far.Answer, Status: 400, Body: []byte(`{"error":"Bad Request: validation failed"}`)}},
		Gone: []far.Fault{{Do: far.Answer, Status: 410, Body: []byte(`{"error":"Gone"}`)}}}
	return s
}

// over is the net that a test's connector uses: plain, on loopback.
func over() channel.Net {
	return channel.Net{HTTP: &http.Client{}, Dial: (&net.Dialer{}).DialContext}
}

func (s *site) settings(more map[string]any) json.RawMessage {
	m := map[string]any{"server": s.url, "token": s.token, "plain": true}
	for k, v := range more {
		m[k] = v
	}
	b, _ := json.Marshal(m)
	return b
}

func (s *site) conn(t testing.TB, more map[string]any) *conn {
	t.Helper()
	c, err := New(s.net).Open(channel.Opening{Settings: s.settings(more), Now: s.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	c.(*conn).settle = 5 * time.Millisecond
	return c.(*conn)
}

func (s *site) Can() channeltest.Can           { return s.can }
func (s *site) Open(t testing.TB) channel.Conn { return s.conn(t, nil) }
func (s *site) Published() []far.Entry         { return s.Record.Entries() }
func (s *site) Faults() *far.Faults            { return &s.Server.Faults }
func (s *site) Edit(id, text string)           { s.Server.Edit(id, "@acme_help "+text) }
func (s *site) Delete(id string)               { s.Server.Delete(id) }
func (s *site) Odd()                           { s.Server.Odd("acme_help") }
func (s *site) Say(from, text string, o channeltest.SayOptions) string {
	out := sim.SayOptions{InReplyTo: o.InReplyTo}
	if o.Private {
		out.Visibility = "direct"
	}
	for _, m := range o.Media {
		out.Media = append(out.Media, sim.Picture{Type: m.Type, Alt: m.Alt})
	}
	if o.Own {
		return s.Server.Say("acme_help", text, out)
	}
	if !strings.Contains(from, "@") {
		from += "@chat.example"
	}
	return s.Server.Say(from, "@acme_help "+text, out)
}

func TestContract(t *testing.T) {
	for name, o := range map[string]sim.Options{
		"Mastodon":             {},
		"Mastodon before 4.3":  {Old: true},
		"without a WebSocket":  {NoWebSocket: true},
		"GoToSocial's manners": {GoToSocial: true},
	} {
		if testing.Short() && name != "Mastodon" {
			continue // under the race detector: servers differ in what they say, not in what runs at the same time
		}
		t.Run(name, func(t *testing.T) {
			channeltest.Suite(t, func(t *testing.T, clock *channeltest.Clock) channeltest.Far {
				return newSite(t, clock, o)
			})
		})
	}
}

// TestContractThroughTheGuard is the contract over the guarded client, as the product has it.
func TestContractThroughTheGuard(t *testing.T) {
	channeltest.Suite(t, func(t *testing.T, clock *channeltest.Clock) channeltest.Far {
		s := newSite(t, clock, sim.Options{})
		s.can.Guarded = true
		g, err := egress.New(egress.Options{Allow: []string{"127.0.0.0/8"}, Now: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(g.Close)
		s.net = channel.Net{HTTP: g.Account("acme"), Dial: g.Dial}
		return s
	})
}
