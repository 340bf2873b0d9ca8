package mastodon

import (
	"strconv"
	"strings"
	"time"
)

// window counts the calls of one account, or of one address, until it ends.
type window struct {
	ends time.Time
	used int
}

// throttle counts a call against the limits it falls under, sets the X-RateLimit headers of the one nearest to being hit, and
// refuses what is too much.
func (s *Server) throttle(rt route, c *call) (int, any) {
	if s.o.RateLimit < 0 {
		return 0, nil
	}
	who := c.r.RemoteAddr[:strings.LastIndexByte(c.r.RemoteAddr, ':')+1]
	if c.me != nil {
		who = c.me.id
	}
	limit, w := s.o.RateLimit, s.count("all "+who, 5*time.Minute)
	switch {
	case rt.method == "POST" && strings.HasSuffix(rt.path, "/media"):
		if m := s.count("media "+who, 30*time.Minute); 30-m.used < limit-w.used {
			limit, w = 30, m
		}
	case rt.method == "DELETE" || strings.HasSuffix(rt.path, "/unreblog"):
		if m := s.count("delete "+who, 30*time.Minute); 30-m.used < limit-w.used {
			limit, w = 30, m
		}
	}
	c.head.Set("X-RateLimit-Limit", strconv.Itoa(limit))
	c.head.Set("X-RateLimit-Remaining", strconv.Itoa(max(limit-w.used, 0)))
	if s.o.GoToSocial {
		c.head.Set("X-RateLimit-Reset", strconv.FormatInt(w.ends.Unix(), 10))
	} else {
		c.head.Set("X-RateLimit-Reset", w.ends.UTC().Format("2006-01-02T15:04:05.000000Z"))
	}
	if w.used <= limit {
		return 0, nil
	}
	if s.o.GoToSocial {
		return 429, failure{Error: "rate limit reached"}
	}
	return 429, failure{Error: "Too many requests"}
}

func (s *Server) count(name string, length time.Duration) *window {
	w := s.windows[name]
	if now := s.o.Now(); w == nil || !now.Before(w.ends) {
		w = &window{ends: now.Truncate(length).Add(length)}
		s.windows[name] = w
	}
	w.used++
	return w
}
