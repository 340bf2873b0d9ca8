package staff

import (
	"fmt"
	"net/netip"
	"sync"
	"time"

	"switchboard/internal/fault"
)

// Guessing passwords is slowed three ways: by the mail address tried, by the network it comes from, and for all networks
// together from which nobody has signed in before. Each allows a few refusals and then makes wait, twice as long each time.
// So guesses spread over many addresses and networks run into the third, while the office goes on signing in. Strangers could keep
// people out by guessing on and on: so whoever has shown who they are already, by their session or by a browser they signed in
// from before, is counted apart.
const (
	freeAddress   = 5 // and of who is counted apart
	freeNetwork   = 10
	freeStrangers = 8
	longestWait   = 15 * time.Minute
	forgetOne     = time.Hour      // of what was refused, one refusal each
	forgetAfter   = 24 * time.Hour // without a refusal: all of them
	mostCounted   = 40             // more do not make wait longer; counted on, an attack would be felt for weeks
	knownFor      = 30 * 24 * time.Hour
	mostRefusals  = 50_000 // entries kept in memory
)

// guard counts refused sign-ins. The zero guard is ready.
type guard struct {
	mu    sync.Mutex
	m     map[string]refusals
	known map[string]time.Time // networks somebody signed in from, and when last
	apart bool                 // strangers are not held for one party
}

type refusals struct {
	n     int
	last  time.Time
	since time.Time // one is forgotten each forgetOne from then on
}

// at is what of r still counts.
func (r refusals) at(now time.Time) refusals {
	if now.Sub(r.last) > forgetAfter {
		return refusals{}
	}
	r.n = min(r.n, mostCounted)
	if gone := now.Sub(r.since) / forgetOne; gone > 0 {
		r.n = max(0, r.n-int(gone))
		r.since = r.since.Add(gone * forgetOne)
	}
	return r
}

// until is how long to wait when so many are free.
func (r refusals) until(free int) time.Time {
	over := r.n - free
	if over < 0 {
		return time.Time{}
	}
	return r.last.Add(min(time.Second<<min(over, 20), longestWait))
}

// try is a sign-in under way. It counts as refused until it succeeds, so that many at once do not slip through.
type try struct {
	network string
	keys    []string
	free    []int
	before  []refusals
}

// begin counts a try for an address, or says how long to wait.
func (g *guard) begin(now time.Time, email, from string) (try, time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := try{network: network(from), keys: []string{"address " + email, "network " + network(from)}, free: []int{freeAddress, freeNetwork}}
	if seen, ok := g.known[t.network]; !g.apart && (!ok || now.Sub(seen) > knownFor) {
		t.keys, t.free = append(t.keys, "strangers"), append(t.free, freeStrangers)
	}
	return g.count(now, t)
}

// beginAlone counts a try under key and nothing else, or says how long to wait.
func (g *guard) beginAlone(now time.Time, key, from string) (try, time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.count(now, try{network: network(from), keys: []string{key}, free: []int{freeAddress}})
}

// count is to be called with mu held.
func (g *guard) count(now time.Time, t try) (try, time.Duration) {
	if g.m == nil {
		g.m, g.known = map[string]refusals{}, map[string]time.Time{}
	}
	var wait time.Duration
	for i, k := range t.keys {
		wait = max(wait, g.m[k].at(now).until(t.free[i]).Sub(now))
	}
	if wait > 0 {
		return t, min(wait, longestWait)
	}
	g.tidy(now)
	for _, k := range t.keys {
		r := g.m[k].at(now)
		t.before = append(t.before, r)
		if r.n == 0 {
			r.since = now
		}
		g.m[k] = refusals{r.n + 1, now, r.since}
	}
	return t, 0
}

// forget takes t back: it was neither right nor wrong. What others tried meanwhile counts on.
func (g *guard) forget(t try) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, k := range t.keys {
		r := g.m[k]
		if r.n--; r.n <= 0 {
			delete(g.m, k)
			continue
		}
		if r.n <= t.before[i].n {
			r.last = t.before[i].last
		}
		g.m[k] = r
	}
}

// succeed takes t back and forgets what was held against that address, or who was counted apart; its network is known from now on.
func (g *guard) succeed(t try, now time.Time) {
	g.forget(t)
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.m, t.keys[0])
	g.known[t.network] = now
}

// pardon forgets what was counted against an address and a network: who asked has shown that it was them.
func (g *guard) pardon(email, from string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.m, "address "+email)
	delete(g.m, "network "+network(from))
}

// tidy keeps the memory small: first what no longer counts goes, then anything but the strangers.
func (g *guard) tidy(now time.Time) {
	if len(g.m) < mostRefusals && len(g.known) < mostRefusals {
		return
	}
	for k, r := range g.m {
		if now.Sub(r.last) > forgetAfter {
			delete(g.m, k)
		}
	}
	for k := range g.m {
		if len(g.m) < mostRefusals/2 {
			break
		}
		if k != "strangers" {
			delete(g.m, k)
		}
	}
	for k, seen := range g.known {
		if now.Sub(seen) > knownFor || len(g.known) >= mostRefusals {
			delete(g.known, k)
		}
	}
}

// network is what addresses that one party can have many of have in common: of IPv6 the first 64 bits.
func network(from string) string {
	a, err := netip.ParseAddr(from)
	if err != nil {
		return from
	}
	if a = a.Unmap(); a.Is4() {
		return a.String()
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return from
	}
	return p.String()
}

// Wait is an error's word on how long to wait.
type Wait struct{ For time.Duration }

func (w *Wait) Error() string { return fmt.Sprintf("wait %s", w.For) }

// TooOften is a TooMany fault that says how long to wait; the api makes Retry-After of it.
func TooOften(what string, wait time.Duration) error {
	wait = max(wait.Round(time.Second), time.Second)
	in := fmt.Sprintf("%d seconds", int(wait.Seconds()))
	if wait == time.Second {
		in = "a second"
	}
	if wait >= 2*time.Minute {
		in = fmt.Sprintf("%d minutes", int((wait+time.Minute-1)/time.Minute))
	}
	return fault.Wrap(fault.TooMany, what+": try again in "+in, &Wait{wait})
}
