package feed

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/sim/far"
	site "switchboard/internal/sim/feed"
)

// stand is a site with a feed of one format, as the suite wants it.
type stand struct {
	site   *site.Site
	path   string
	clock  *channeltest.Clock
	client *http.Client
	kept   json.RawMessage
}

func (f *stand) Can() channeltest.Can {
	return channeltest.Can{
		HTTP: true, Text: true, Edits: true,
		Page:    10, // a feed has pages of our making only; the flood has a test of its own
		Deletes: f.path == site.Atom,
		Media:   f.path != site.RDF,
	}
}

func (f *stand) Open(t testing.TB) channel.Conn { return open(t, f) }

func (f *stand) Say(from, text string, o channeltest.SayOptions) string {
	id := f.site.Say(site.Entry{Title: "An article", Text: text, Author: from, Media: o.Media})
	if f.path == site.RDF { // RSS 1.0 has no id but the link
		for _, e := range f.site.Links() {
			if e.ID == id {
				return e.Link
			}
		}
	}
	return id
}

func (f *stand) Edit(id, text string) {
	for _, e := range f.site.Links() {
		if e.Link == id {
			id = e.ID
		}
	}
	f.site.Edit(id, text)
}
func (f *stand) Delete(id string)       { f.site.Delete(id) }
func (f *stand) Published() []far.Entry { return f.site.Record.Entries() }
func (f *stand) Faults() *far.Faults    { return &f.site.Faults }

func TestTheContractIsKeptInEveryFormat(t *testing.T) {
	for name, path := range map[string]string{"RSS 2.0": site.RSS, "RSS 1.0": site.RDF, "Atom": site.Atom, "JSON Feed": site.JSON} {
		t.Run(name, func(t *testing.T) {
			channeltest.Suite(t, func(t *testing.T, clock *channeltest.Clock) channeltest.Far {
				return start(t, clock, path)
			})
		})
	}
}

// start puts up a site and an account that reads it at path.
func start(t testing.TB, clock *channeltest.Clock, path string) *stand {
	s := site.New("The Example Times", clock.Now)
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(s.Faults.Clear)
	s.Base = server.URL
	f := &stand{site: s, path: path, clock: clock, client: server.Client()}
	f.kept, _ = json.Marshal(map[string]any{"url": server.URL + path})
	return f
}
