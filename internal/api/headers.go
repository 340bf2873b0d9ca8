package api

import (
	"net/http"
	"strings"
)

// The policies: data is never a page, and pages take nothing from elsewhere. Styles may be inline because the parts of the UI
// place themselves by style attributes; scripts never are.
const (
	dataPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; " +
		"connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

// headers sets what every answer carries. A page puts pagePolicy in place of dataPolicy; data is not to be kept anywhere.
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Content-Security-Policy", dataPolicy)
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// transport adds what only makes sense under https.
func transport(w http.ResponseWriter, c *call) {
	if c.https {
		w.Header().Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// sameOrigin refuses every change that a page of another origin asks for: by Sec-Fetch-Site, else by Origin against Host.
// What carries neither is no browser.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	protect := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		transport(w, callOf(r.Context()))
		if err := protect.Check(r); err != nil {
			writeProblem(w, r, problem403("this came from a page of another site and was refused: open Switchboard itself and try again"))
			return
		}
		if r.Method == http.MethodTrace || r.Method == http.MethodConnect {
			w.Header().Set("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE")
			writeProblem(w, r, problem(http.StatusMethodNotAllowed, "this is not done here"))
			return
		}
		if badText(r.URL.Path) || badText(unescaped(r.URL.RawQuery)) {
			writeProblem(w, r, problem(http.StatusBadRequest, "the address holds characters that are not text"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// foreign reports whether a page of another origin asks, also where that is not a change.
func foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "":
		o := r.Header.Get("Origin")
		_, host, ok := strings.Cut(o, "://")
		return o != "" && (!ok || !strings.EqualFold(host, r.Host))
	}
	return true
}
