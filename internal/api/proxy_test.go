package api

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"switchboard/internal/store/storetest"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

func TestForwardedHeadersCountOnlyFromListedProxies(t *testing.T) {
	for name, tt := range map[string]struct {
		peer    string
		header  map[string]string
		from    string
		host    string
		https   bool
		proxies []netip.Prefix
	}{
		"nobody is listed":            {"192.0.2.1:5", map[string]string{"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}, "192.0.2.1", "desk.example", false, nil},
		"another is listed":           {"192.0.2.1:5", map[string]string{"X-Forwarded-For": "10.0.0.1"}, "192.0.2.1", "desk.example", false, loopback},
		"a listed one is believed":    {"127.0.0.1:5", map[string]string{"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "Desk.ACME.example"}, "203.0.113.9", "desk.acme.example", true, loopback},
		"what the client made up":     {"127.0.0.1:5", map[string]string{"X-Forwarded-For": "1.1.1.1, 203.0.113.9"}, "203.0.113.9", "desk.example", false, loopback},
		"through two of ours":         {"127.0.0.1:5", map[string]string{"X-Forwarded-For": "1.1.1.1, 203.0.113.9, 127.0.0.2"}, "203.0.113.9", "desk.example", false, loopback},
		"nonsense ends the search":    {"127.0.0.1:5", map[string]string{"X-Forwarded-For": "203.0.113.9, <script>"}, "127.0.0.1", "desk.example", false, loopback},
		"a host that can't be one":    {"127.0.0.1:5", map[string]string{"X-Forwarded-Host": "evil.example/path\r\n"}, "127.0.0.1", "desk.example", false, loopback},
		"a header naming a person":    {"127.0.0.1:5", map[string]string{"X-Forwarded-User": "ann", "Remote-User": "ann"}, "127.0.0.1", "desk.example", false, loopback},
		"IPv6 in brackets and a port": {"[::1]:5", map[string]string{"X-Forwarded-For": "[2001:db8::1]:443"}, "2001:db8::1", "desk.example", false, loopback},
	} {
		t.Run(name, func(t *testing.T) {
			s := &Server{Proxies: tt.proxies}
			var c *call
			var left http.Header
			h := s.proxied(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { c, left = callOf(r.Context()), r.Header }))
			r := httptest.NewRequest("GET", "http://desk.example/", nil)
			r.RemoteAddr = tt.peer
			for k, v := range tt.header {
				r.Header.Set(k, v)
			}
			h.ServeHTTP(httptest.NewRecorder(), r)
			if c.from != tt.from || c.host != tt.host || c.https != tt.https {
				t.Errorf("from %s, host %s, https %v", c.from, c.host, c.https)
			}
			if len(left) != 0 {
				t.Errorf("further in they still stand: %v", left)
			}
		})
	}
}

func TestAHeaderNamingAPersonSignsNobodyIn(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)), trustLoopback).furnish(t)
	for _, name := range []string{"X-Forwarded-User", "Remote-User", "X-Remote-User", "X-Auth-Request-Email", "X-User", "From"} {
		if a := h.browser(t).do("GET", "/api/people", nil, name, "administrator@acme.example"); a.status != 401 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
}
