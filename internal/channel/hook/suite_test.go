package hook

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/sim/far"
	bridge "switchboard/internal/sim/hook"
)

const secret = "5f2b0c1e9d3a47866f10aa0bb7c9e2d4"

// stand is a bridge as the suite wants it.
type stand struct {
	bridge   *bridge.Bridge
	clock    *channeltest.Clock
	client   *http.Client
	settings map[string]any
}

func start(t testing.TB, clock *channeltest.Clock, more map[string]any) *stand {
	b := bridge.New("Guest book", secret, clock.Now)
	b.Text = 300
	b.Echo = true
	server := httptest.NewServer(b.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(b.Faults.Clear)
	s := map[string]any{"name": "Guest book", "secret": secret, "callback": server.URL}
	for name, value := range more {
		s[name] = value
	}
	return &stand{bridge: b, clock: clock, client: server.Client(), settings: s}
}

func (f *stand) Can() channeltest.Can {
	return channeltest.Can{
		HTTP: true, Text: true, Edits: true, Deletes: true, Private: true, Threads: true, Media: true, Own: true,
		Suspended: []far.Fault{{Do: far.Answer, Status: 403, Body: []byte(`{"error":"the guest book is closed"}`)}},
		Refused: []far.Fault{
			{Do: far.Answer, Status: 422, Body: []byte(`{"error":"no links, please"}`)},
			{Do: far.Answer, Status: 400, Body: []byte(`no`)},
			{Do: far.Answer, Status: 413},
		},
		Gone: []far.Fault{
			{Do: far.Answer, Status: 410, Body: []byte(`{"error":"deleted"}`)},
			{Do: far.Answer, Status: 404, Body: []byte(`{"error":"there is no such entry"}`)},
		},
	}
}

func (f *stand) Open(t testing.TB) channel.Conn {
	t.Helper()
	s, err := json.Marshal(f.settings)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(channel.Net{HTTP: f.client}).Open(channel.Opening{Settings: s, Now: f.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (f *stand) Say(from, text string, o channeltest.SayOptions) string {
	m := channel.Message{Text: text, Private: o.Private, ParentID: o.InReplyTo, Media: o.Media, Own: o.Own,
		From: channel.Identity{RemoteID: "visitor-" + from, Handle: from, Name: from}}
	if o.Own {
		m.From = channel.Identity{}
	}
	return f.bridge.Say(m)
}

func (f *stand) Edit(id, text string)    { f.bridge.Edit(id, text) }
func (f *stand) Delete(id string)        { f.bridge.Delete(id) }
func (f *stand) Published() []far.Entry  { return f.bridge.Record.Entries() }
func (f *stand) Faults() *far.Faults     { return &f.bridge.Faults }
func (f *stand) Pending() []channel.Call { return f.bridge.Calls(7) }

func TestTheContractIsKept(t *testing.T) {
	for name, more := range map[string]map[string]any{
		"by a bridge that can do everything":                        {"publish": true, "find": true, "read": "true", "tests": true},
		"by a bridge that only takes replies":                       {},
		"by a bridge that takes replies and can be asked for a key": {"find": "on"},
	} {
		t.Run(name, func(t *testing.T) {
			channeltest.Suite(t, func(t *testing.T, clock *channeltest.Clock) channeltest.Far { return start(t, clock, more) })
		})
	}
}
