package api

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed page
var pages embed.FS

// docs is the readable description of the API. It is drawn in the browser from openapi.json, by a script of ours.
func (s *Server) docs(w http.ResponseWriter, r *http.Request) {
	s.page(w, r, "docs.html", "text/html; charset=utf-8")
}

func (s *Server) docsFile(w http.ResponseWriter, r *http.Request) {
	kind, ok := map[string]string{"docs.js": "text/javascript; charset=utf-8", "docs.css": "text/css; charset=utf-8"}[r.PathValue("file")]
	if !ok {
		s.notFound(w, r)
		return
	}
	s.page(w, r, r.PathValue("file"), kind)
}

func (s *Server) page(w http.ResponseWriter, r *http.Request, name, kind string) {
	b, err := fs.ReadFile(pages, "page/"+name)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Security-Policy", pagePolicy)
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(b)
}
