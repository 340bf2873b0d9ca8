// Package feed is a stand-in for a blog or news site with feeds of every format, for the demo, tests and load.
//
// It takes nothing from anybody, so its record stays empty; what it says is what its authors were made to say.
package feed

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/sim/far"
)

// The addresses of the site.
const (
	Page = "/"          // a page that names the feeds
	RSS  = "/feed.xml"  // RSS 2.0
	RDF  = "/rdf.xml"   // RSS 1.0
	Atom = "/atom.xml"  // Atom, which also tells what was taken back
	JSON = "/feed.json" // JSON Feed 1.1
)

// Entry is an article.
type Entry struct {
	ID      string
	Title   string
	Text    string // plain; lines become lines of HTML
	Author  string
	Media   []channel.Media // without a URL: given one of the site's
	Said    time.Time
	Updated time.Time // zero: never
}

// Site is a site. Make it with New; several goroutines may use it.
type Site struct {
	Name   string
	Base   string // the address it is reached at, "http://127.0.0.1:1234"; set it before the first Say
	Window int    // how many entries its feeds hold, the newest; 0: all
	TTL    int    // minutes, in the RSS; 0: none
	NoTags bool   // neither ETag nor Last-Modified
	Faults far.Faults
	Record far.Record // stays empty

	now     func() time.Time
	mu      sync.Mutex
	n       int
	entries []Entry // oldest first
	gone    []Entry
	moved   map[string]move
	changed time.Time
}

type move struct {
	status int
	to     string
}

// New returns a site that goes by the clock now.
func New(name string, now func() time.Time) *Site {
	return &Site{Name: name, now: now, moved: map[string]move{}, changed: now()}
}

// Say publishes e, giving it an id and a time if it has none, and returns its id.
func (s *Site) Say(e Entry) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	if e.ID == "" {
		e.ID = fmt.Sprintf("tag:%s,2026:%d", "site.example", s.n)
	}
	if e.Said.IsZero() {
		e.Said = s.now()
	}
	e.Media = slices.Clone(e.Media)
	for k := range e.Media {
		if e.Media[k].URL == "" {
			e.Media[k].URL = s.Base + "/media/" + strconv.Itoa(s.n) + "-" + strconv.Itoa(k) + ".png"
		}
	}
	s.entries = append(s.entries, e)
	s.changed = s.now()
	return e.ID
}

// Edit gives the entry another text. It reports whether there is such an entry.
func (s *Site) Edit(id, text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.entries {
		if s.entries[k].ID == id {
			s.entries[k].Text, s.entries[k].Updated = text, s.now()
			s.changed = s.now()
			return true
		}
	}
	return false
}

// Delete takes the entry back; the Atom feed tells of it.
func (s *Site) Delete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries = slices.DeleteFunc(s.entries, func(e Entry) bool {
		if e.ID == id {
			e.Updated = s.now()
			s.gone = append(s.gone, e)
		}
		return e.ID == id
	})
	s.changed = s.now()
}

// Move makes path answer with a redirect to another address; status 0 ends that. 404 and 410 need no address.
func (s *Site) Move(path string, status int, to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if status == 0 {
		delete(s.moved, path)
		return
	}
	s.moved[path] = move{status, to}
}

// Handler serves the site, with its faults.
func (s *Site) Handler() http.Handler { return s.Faults.Middleware(http.HandlerFunc(s.serve)) }

func (s *Site) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	m, moved := s.moved[r.URL.Path]
	entries, gone, changed := slices.Clone(s.entries), slices.Clone(s.gone), s.changed
	s.mu.Unlock()
	if moved {
		if m.to != "" {
			w.Header().Set("Location", m.to)
		}
		w.WriteHeader(m.status)
		return
	}
	if s.Window > 0 && len(entries) > s.Window {
		entries = entries[len(entries)-s.Window:]
	}
	slices.Reverse(entries) // feeds run newest first
	write, ok := map[string]func([]Entry, []Entry) (kind string, body []byte){
		Page: s.page, RSS: s.rss, RDF: s.rdf, Atom: s.atom, JSON: s.json,
	}[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	kind, body := write(entries, gone)
	s.answer(w, r, kind, body, changed)
}

// answer writes body, or only that it has not changed.
func (s *Site) answer(w http.ResponseWriter, r *http.Request, kind string, body []byte, changed time.Time) {
	w.Header().Set("Content-Type", kind)
	if !s.NoTags {
		tag := `"` + hash(body) + `"`
		w.Header().Set("ETag", tag)
		w.Header().Set("Last-Modified", changed.UTC().Format(http.TimeFormat))
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	_, _ = w.Write(body)
}

// Address is where an entry can be read.
type Address struct{ ID, Link string }

// Links returns the entries' addresses, oldest first.
func (s *Site) Links() (all []Address) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.entries {
		all = append(all, Address{e.ID, s.link(e)})
	}
	return all
}
