package api

import (
	"net/netip"
	"sync"
	"time"

	"switchboard/internal/staff"
)

// limit is so many calls in each span; the zero limit is none.
type limit struct {
	n    int
	span time.Duration
}

// mostBuckets is how many askers are remembered before those at rest are forgotten.
const mostBuckets = 20_000

// limits counts calls: by route and person, and by route and network where nobody is signed in. The zero limits is ready.
type limits struct {
	mu sync.Mutex
	m  map[string]bucket
}

// bucket is what is left of a limit. It fills evenly.
type bucket struct {
	left float64
	at   time.Time
	full time.Duration // it takes so long to fill from nothing
}

// take uses up one call, or returns the TooMany fault that says how long to wait.
func (l *limits) take(rt *Route, c *call, now time.Time) error {
	if rt.Limit.n == 0 {
		return nil
	}
	asker := "network " + network(c.from)
	if c.who.Signed() {
		asker = "person " + c.who.Person.String()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.m == nil {
		l.m = map[string]bucket{}
	}
	l.tidy(now)
	key, n := rt.Name+" "+asker, float64(rt.Limit.n)
	b, ok := l.m[key]
	if !ok {
		b = bucket{left: n, at: now, full: rt.Limit.span}
	}
	if passed := now.Sub(b.at); passed > 0 {
		b.left = min(n, b.left+n*passed.Seconds()/rt.Limit.span.Seconds())
	}
	b.at = now
	if b.left < 1 {
		l.m[key] = b
		return staff.TooOften("that was too often in a short time", time.Duration((1-b.left)/n*float64(rt.Limit.span)))
	}
	b.left--
	l.m[key] = b
	return nil
}

// tidy forgets those whose bucket is full again; if that is not enough, anybody.
func (l *limits) tidy(now time.Time) {
	if len(l.m) < mostBuckets {
		return
	}
	for k, b := range l.m {
		if now.Sub(b.at) > b.full {
			delete(l.m, k)
		}
	}
	for k := range l.m {
		if len(l.m) < mostBuckets/2 {
			break
		}
		delete(l.m, k)
	}
}

// network is what the addresses that one party can have many of have in common: of IPv6 the first 64 bits.
func network(from string) string {
	a, err := netip.ParseAddr(from)
	if err != nil || a.Unmap().Is4() {
		return from
	}
	if p, err := a.WithZone("").Prefix(64); err == nil {
		return p.String()
	}
	return from
}
