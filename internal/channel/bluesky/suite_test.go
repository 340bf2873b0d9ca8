package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/egress"
	"switchboard/internal/fault"
	"switchboard/internal/sim/bluesky"
	"switchboard/internal/sim/far"
)

// network is a stand-in with the company's account on it, and the settings as they were last kept.
type network struct {
	*bluesky.Server
	http  *http.Client
	clock *channeltest.Clock
	url   string

	guarded bool

	mu   sync.Mutex
	kept json.RawMessage
	keep int // how often
}

const company = "acme.test"

func newNetwork(t *testing.T, clock *channeltest.Clock) *network {
	s := bluesky.New("", clock.Now)
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	t.Cleanup(s.Faults.Clear) // lets go of calls that hang, so that the server can close
	s.SetBase(h.URL)
	s.Account(company, "ACME", "app-pass-word-1234", true)
	settings, _ := json.Marshal(map[string]any{
		"identifier": "@" + company, "password": "app-pass-word-1234", "service": h.URL, "plain": true,
	})
	return &network{Server: s, http: h.Client(), clock: clock, url: h.URL, kept: settings}
}

func (n *network) Open(t testing.TB) channel.Conn {
	n.mu.Lock()
	defer n.mu.Unlock()
	c, err := New(channel.Net{HTTP: n.http}).Open(channel.Opening{Settings: n.kept, Now: n.clock.Now, Keep: n.save})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (n *network) save(_ context.Context, settings json.RawMessage) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.kept = settings
	n.keep++
	return nil
}

func (n *network) Can() channeltest.Can {
	return channeltest.Can{
		Deletes: true, Private: true, Threads: true, Media: true, Own: true, Text: true, Page: 100, HTTP: true, Guarded: n.guarded,
		Suspended: []far.Fault{
			{Do: far.Answer, Status: 401, Body: []byte(`{"error":"AccountTakedown","message":"Account has been taken down"}`)},
			{Do: far.Answer, Status: 401, Body: []byte(`{"error":"AccountDeactivated","message":"Account is deactivated"}`)},
		},
		Refused: []far.Fault{
			{Do: far.Answer, Status: 400, Body: []byte(`{"error":"InvalidRequest","message":"Invalid app.bsky.feed.post record"}`)},
			{Do: far.Answer, Status: 400, Body: []byte(`{"error":"BlobTooLarge","message":"This file is too large"}`)},
			{Do: far.Answer, Status: 413, Body: []byte(`{"error":"PayloadTooLarge","message":"request entity too large"}`)},
		},
	}
}

func (n *network) Say(from, text string, o channeltest.SayOptions) string {
	if !strings.Contains(from, ".") {
		from += ".test"
	}
	if o.Own {
		from = company
	}
	x := bluesky.Saying{InReplyTo: o.InReplyTo}
	for _, m := range o.Media {
		x.Alts = append(x.Alts, m.Alt)
	}
	if o.Private {
		return n.Direct(from, company, text, x)
	}
	if !o.Own {
		text = "@" + company + " " + text
	}
	return n.Post(from, text, x)
}

func (n *network) Edit(string, string)    { panic("posts on Bluesky are not edited") }
func (n *network) Delete(remoteID string) { n.Server.Delete(remoteID) }
func (n *network) Published() []far.Entry { return n.Record.Entries() }
func (n *network) Faults() *far.Faults    { return &n.Server.Faults }
func (n *network) Odd() {
	n.Server.Odd("ann.test", company)
	n.Notify(company, n.Post("ann.test", "liked", bluesky.Saying{}), "like-of-a-new-kind")
	n.Notify(company, n.PostRaw("eve.test", json.RawMessage(`{"text":7,"reply":"no","facets":{},"embed":[1],"langs":"en"}`)), "mention")
	n.Notify(company, n.PostRaw("eve.test", json.RawMessage(`null`)), "reply")
}

func TestSuite(t *testing.T) {
	channeltest.Suite(t, func(t *testing.T, clock *channeltest.Clock) channeltest.Far { return newNetwork(t, clock) })
}

// TestSuiteThroughTheGuard is the contract over the guarded client, as the product has it.
func TestSuiteThroughTheGuard(t *testing.T) {
	channeltest.Suite(t, func(t *testing.T, clock *channeltest.Clock) channeltest.Far {
		n := newNetwork(t, clock)
		g, err := egress.New(egress.Options{Allow: []string{"127.0.0.0/8"}, Now: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(g.Close)
		n.http, n.guarded = g.Account("acme"), true
		return n
	})
}

// TestAClosedGateIsClear is the stop button: nothing leaves, and nobody needs to look whether it did.
func TestAClosedGateIsClear(t *testing.T) {
	e := newEar(t)
	g, err := egress.New(egress.Options{Allow: []string{"127.0.0.0/8"}, Now: e.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	e.network.http = g.Account("acme")
	e.conn = e.Open(t)
	stopped := fault.New(fault.Conflict, "this account is stopped")
	ctx := egress.WithGate(t.Context(), func(context.Context) error { return stopped })
	_, err = e.conn.(channel.Publisher).Publish(ctx, e.outgoing("never", nil))
	if tr := channel.TroubleOf(err); !errors.Is(err, stopped) || tr.Unclear {
		t.Errorf("Publish = %+v; want a clear %v", err, stopped)
	}
	if len(e.Published()) != 0 {
		t.Error("it was published")
	}
}
