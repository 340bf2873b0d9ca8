package api

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// proxied finds out who asks and under which address. X-Forwarded-For, -Proto and -Host count only from listed proxies; of
// X-Forwarded-For the last address that is not a listed proxy. What others send of them is taken off, so that nothing further
// in can believe it.
func (s *Server) proxied(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{host: r.Host, https: r.TLS != nil}
		peer := addressOf(r.RemoteAddr)
		c.from = peer.String()
		if s.trusts(peer) {
			c.from = s.client(r, peer).String()
			if p := last(r.Header.Values("X-Forwarded-Proto")); p == "https" || p == "http" {
				c.https = p == "https"
			}
			if h := last(r.Header.Values("X-Forwarded-Host")); plausibleHost(h) {
				c.host = h
			}
		}
		for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-User", "X-Real-Ip", "X-Remote-User", "Remote-User"} {
			r.Header.Del(name)
		}
		if !peer.IsValid() {
			c.from = r.RemoteAddr
		}
		c.https = c.https || s.publicHTTPS(r, c.host)
		r.Host = c.host
		next.ServeHTTP(w, withCall(r, c))
	})
}

func (s *Server) trusts(a netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// client is the last address of X-Forwarded-For that is not one of our proxies.
func (s *Server) client(r *http.Request, peer netip.Addr) netip.Addr {
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	at := peer
	for k := len(hops) - 1; k >= 0; k-- {
		a := addressOf(strings.TrimSpace(hops[k]))
		if !a.IsValid() {
			break
		}
		at = a
		if !s.trusts(a) {
			break
		}
	}
	return at
}

// publicHTTPS reports whether host is the organisation's own address and that is https: a proxy that is not listed ends TLS
// there, and a cookie must not go out in the clear.
func (s *Server) publicHTTPS(r *http.Request, host string) bool {
	if s.Staff == nil || s.Staff.Store == nil {
		return false
	}
	roster, err := s.Staff.Roster(r.Context())
	return err == nil && roster.Organisation().PublicURL == "https://"+strings.ToLower(host)
}

// addressOf reads an address with or without a port.
func addressOf(s string) netip.Addr {
	if host, _, err := net.SplitHostPort(s); err == nil {
		s = host
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap()
}

// last is the last of a list that proxies append to.
func last(values []string) string {
	if len(values) == 0 {
		return ""
	}
	list := strings.Split(values[len(values)-1], ",")
	return strings.ToLower(strings.TrimSpace(list[len(list)-1]))
}

func plausibleHost(h string) bool {
	return h != "" && len(h) <= 255 && !strings.ContainsFunc(h, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == ':' || r == '[' || r == ']' || r == '_')
	})
}
