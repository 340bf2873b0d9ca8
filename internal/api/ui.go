package api

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

// The built web UI. The Makefile puts it there, the larger files compressed (name.gz); without it the program builds all the same.
//
//go:embed all:ui
var built embed.FS

// healthz says that the program runs and its database answers.
func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	status := http.StatusOK
	if s.Store != nil {
		var one int
		if err := s.Store.Read().QueryRowContext(r.Context(), `SELECT 1`).Scan(&one); err != nil {
			status = http.StatusServiceUnavailable
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]bool{"ok": status == http.StatusOK})
}

// ui serves the web UI: files by their name, and index.html for every other address, for the browser's own routing.
func (s *Server) ui(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		writeProblem(w, r, problem(http.StatusMethodNotAllowed, "This is not done with "+method(r.Method)+" here."))
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	f, err := s.file(name)
	if err != nil && path.Ext(name) == "" {
		name = "index.html"
		f, err = s.file(name)
	}
	if err != nil {
		s.noFile(w, r, name)
		return
	}
	if name == "index.html" {
		if known := s.ahead(r); known != nil {
			f = known
		}
	}
	b, encoding, err := f.as(r.Header.Get("Accept-Encoding"))
	if err != nil {
		s.noFile(w, r, name)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") { // their names change with what is in them
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Vary", "Accept-Encoding")
	if name == "index.html" {
		h.Add("Vary", "Cookie")
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(b)
	}
}

func (s *Server) noFile(w http.ResponseWriter, r *http.Request, name string) {
	if name != "index.html" {
		writeProblem(w, r, problem(http.StatusNotFound, "There is nothing at this address."))
		return
	}
	w.Header().Set("Content-Security-Policy", pagePolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte("<!doctype html><html lang=en><meta charset=utf-8><title>Switchboard</title><p>This program was built without its web UI: run <code>make build</code>. The API is described at <a href=/api/docs>/api/docs</a>.\n"))
}

// file is one of the UI.
type file struct {
	kind  string
	plain []byte // nil where it is in the program compressed
	small []byte // compressed; nil where it is not worth it
}

// as is what is sent to who accepts some encodings, and the one it is in.
func (f *file) as(accepts string) (b []byte, encoding string, err error) {
	switch {
	case f.small != nil && strings.Contains(accepts, "gzip"):
		return f.small, "gzip", nil
	case f.plain != nil:
		return f.plain, "", nil
	}
	b, err = unzipped(f.small)
	return b, "", err
}

var files sync.Map // name → *file, of the UI that is built in

func (s *Server) file(name string) (*file, error) {
	if s.UI != nil {
		return readFile(s.UI, name)
	}
	if f, ok := files.Load(name); ok {
		return f.(*file), nil
	}
	f, err := readFile(s.uiFiles(), name)
	if err == nil {
		files.Store(name, f)
	}
	return f, err
}

// uiFiles is the folder of the UI.
func (s *Server) uiFiles() fs.FS {
	if s.UI != nil {
		return s.UI
	}
	in, _ := fs.Sub(built, "ui") // its name is a constant
	return in
}

func readFile(in fs.FS, name string) (*file, error) {
	if !fs.ValidPath(name) || strings.HasPrefix(path.Base(name), ".") {
		return nil, fs.ErrNotExist
	}
	b, err := fs.ReadFile(in, name)
	if err == nil {
		return newFile(name, b)
	}
	small, errSmall := fs.ReadFile(in, name+".gz")
	if errSmall != nil {
		return nil, err
	}
	return &file{kind: kindOf(name), small: small}, nil
}

func unzipped(small []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(small))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func newFile(name string, b []byte) (*file, error) {
	f := &file{kind: kindOf(name), plain: b}
	if len(b) > 1024 && !strings.HasPrefix(f.kind, "image/") && !strings.HasPrefix(f.kind, "font/") || f.kind == "image/svg+xml" {
		var z bytes.Buffer
		g, err := gzip.NewWriterLevel(&z, gzip.BestCompression)
		if err != nil {
			return nil, err
		}
		if _, err := g.Write(b); err != nil {
			return nil, err
		}
		if err := g.Close(); err != nil {
			return nil, err
		}
		f.small = z.Bytes()
	}
	return f, nil
}

// kindOf is by our own list: the machine's may differ from one to the next.
func kindOf(name string) string {
	if k, ok := map[string]string{".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
		".css": "text/css; charset=utf-8", ".json": "application/json; charset=utf-8", ".webmanifest": "application/manifest+json; charset=utf-8",
		".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon", ".webp": "image/webp", ".woff2": "font/woff2", ".woff": "font/woff",
		".txt": "text/plain; charset=utf-8", ".map": "application/json; charset=utf-8"}[path.Ext(name)]; ok {
		return k
	}
	if k := mime.TypeByExtension(path.Ext(name)); k != "" {
		return k
	}
	return "application/octet-stream"
}
