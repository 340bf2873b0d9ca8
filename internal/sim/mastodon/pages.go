package mastodon

import (
	"html"
	"net/http"
	"slices"
	"strings"

	"switchboard/internal/sim/far"
)

// pages are what a person can look at in a browser: a profile and a status, so that the links of the API lead somewhere.
func pages(s *Server, m *http.ServeMux) {
	m.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		page(w, 200, s.o.Domain, "<p>A stand-in for a Mastodon server.</p>")
	})
	m.HandleFunc("GET /media/{id}/{size}", func(w http.ResponseWriter, r *http.Request) { // as at a CDN: for whoever has the address
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(far.Picture(r.PathValue("id")))
	})
	m.HandleFunc("GET /{who}", s.profilePage)
	m.HandleFunc("GET /{who}/{id}", s.statusPage)
}

func page(w http.ResponseWriter, status int, title, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
		`<title>` + html.EscapeString(title) + `</title><style>body{font:16px/1.5 system-ui;max-width:36em;margin:3em auto;padding:0 1em}` +
		`article{border:1px solid #ccc;border-radius:8px;padding:1em;margin:1em 0}</style></head><body><h1>` +
		html.EscapeString(title) + `</h1>` + body + `</body></html>`))
}

func (s *Server) profilePage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, ok := strings.CutPrefix(r.PathValue("who"), "@")
	a := s.named(name)
	if !ok || a == nil {
		page(w, 404, "Not found", "")
		return
	}
	var b strings.Builder
	n := 0
	for _, st := range slices.Backward(s.statuses) {
		if n < 40 && st.by == a && s.sees(nil, st) {
			n++
			b.WriteString(s.article(st))
		}
	}
	page(w, 200, "@"+a.acct(), b.String())
}

func (s *Server) statusPage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.byID[r.PathValue("id")]
	if st == nil || !s.sees(nil, st) || "@"+st.by.acct() != r.PathValue("who") {
		page(w, 404, "Not found", "")
		return
	}
	var b strings.Builder
	if st.parent != nil && s.sees(nil, st.parent) {
		b.WriteString(s.article(st.parent))
	}
	b.WriteString(s.article(st))
	for _, x := range s.statuses {
		if x.parent == st && s.sees(nil, x) {
			b.WriteString(s.article(x))
		}
	}
	page(w, 200, "@"+st.by.acct(), b.String())
}

func (s *Server) article(st *status) string {
	return `<article><b>` + html.EscapeString(st.by.name) + `</b> @` + html.EscapeString(st.by.acct()) + ` · ` +
		st.at.UTC().Format("2 Jan 2006 15:04") + st.w.html + `</article>`
}
