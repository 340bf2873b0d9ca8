package egress

import (
	"context"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	atOnce    = 4                // calls of one account under way at a time, streams aside
	firstWait = 5 * time.Second  // when told to wait, not how long; doubled each time
	mostWait  = 15 * time.Minute // of these
	longest   = 24 * time.Hour   // whatever we are told
)

// Account returns the client of one account. Its calls share the Guard's connections with all others, but are made four at a
// time at most, and when the far side says to wait (429, or 503) no further call of the account leaves until then: it fails
// at once with Told. Where the call had a lane (Limits), that holds for its lane alone. What the far side said is forgotten at a restart; whoever needs it longer keeps Told.Until.
func (g *Guard) Account(key string) *http.Client {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.accounts[key]
	if c == nil {
		c = g.Client("account " + key)
		c.Transport = Polite(c.Transport, g.o.Now)
		g.accounts[key] = c
	}
	return c
}

// Forget drops what is known of an account that is no more.
func (g *Guard) Forget(key string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.accounts, key)
}

// Polite wraps next so that it heeds what the far side says of waiting, as Account does.
func Polite(next http.RoundTripper, now func() time.Time) http.RoundTripper {
	return &polite{next: next, now: now, slots: make(chan struct{}, atOnce), lanes: map[string]told{}}
}

type polite struct {
	next  http.RoundTripper
	now   func() time.Time
	slots chan struct{}

	mu    sync.Mutex
	lanes map[string]told
}

// told is what was said of waiting in one lane.
type told struct {
	until time.Time
	times int // in a row
}

type turnKey struct{}

// turn asks whether it is still our turn, right before a call leaves: another may have been told to wait meanwhile.
func turn(ctx context.Context) error {
	p, _ := ctx.Value(turnKey{}).(*polite)
	if p == nil {
		return nil
	}
	return p.wait(LimitsOf(ctx).Lane)
}

// wait is Told where calls of a lane may not leave yet; the lane without a name holds for all.
func (p *polite) wait(lane string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := p.lanes[""].until
	if own := p.lanes[lane].until; own.After(until) {
		until = own
	}
	if p.now().Before(until) {
		return &Told{until}
	}
	return nil
}

// RoundTrip makes the call unless we were told to wait.
func (p *polite) RoundTrip(req *http.Request) (*http.Response, error) {
	leave, err := p.enter(req.Context())
	if err != nil {
		return nil, err
	}
	resp, err := p.next.RoundTrip(req.WithContext(context.WithValue(req.Context(), turnKey{}, p)))
	if err != nil {
		leave()
		return nil, err
	}
	p.heed(LimitsOf(req.Context()).Lane, resp)
	if resp.StatusCode == http.StatusSwitchingProtocols {
		leave()
		return resp, nil
	}
	resp.Body = &leaving{ReadCloser: resp.Body, leave: leave}
	return resp, nil
}

// enter waits for a free slot.
func (p *polite) enter(ctx context.Context) (leave func(), err error) {
	l := LimitsOf(ctx)
	if err := p.wait(l.Lane); err != nil {
		return nil, err
	}
	if l.Time < 0 { // a stream would keep its slot for days
		return func() {}, nil
	}
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, unsent{context.Cause(ctx)}
	}
	if err := p.wait(l.Lane); err != nil {
		<-p.slots
		return nil, err
	}
	leave = sync.OnceFunc(func() { <-p.slots })
	time.AfterFunc(l.Time, leave) // the call is over by then, even if nobody closed its answer
	return leave, nil
}

// heed notes what an answer to a call of a lane says of waiting.
func (p *polite) heed(lane string, resp *http.Response) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.lanes[lane]
	if resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusServiceUnavailable {
		if resp.StatusCode < 500 {
			t.times = 0
			p.lanes[lane] = t
		}
		return
	}
	now := p.now()
	until, ok := WaitUntil(resp.Header, now)
	if !ok {
		until = now.Add(min(firstWait<<min(t.times, 10), mostWait))
	}
	t.times++
	if until.After(t.until) {
		t.until = until
	}
	p.lanes[lane] = t
}

// WaitUntil reads from an answer until when the far side wants us to wait: Retry-After in seconds or as a date, or else the
// time at which its limit is reset, in seconds, as Unix seconds or as a date. More than a day counts as a day. It reports
// false if the answer does not say, or names a moment that has passed.
func WaitUntil(h http.Header, now time.Time) (time.Time, bool) {
	for _, name := range []string{"Retry-After", "X-RateLimit-Reset-After", "RateLimit-Reset", "X-RateLimit-Reset"} {
		if d, ok := howLong(h.Get(name), h.Get("Date"), now); ok {
			return now.Add(min(d, longest)), true
		}
	}
	return time.Time{}, false
}

// howLong reads one such header. A date is compared with the far side's own clock if it tells that.
func howLong(s, date string, now time.Time) (time.Duration, bool) {
	s = strings.TrimSpace(s)
	there, err := http.ParseTime(date)
	if err != nil {
		there = now
	}
	var d time.Duration
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		switch {
		case math.IsNaN(n):
			return 0, false
		case n > 1e9 && n < 1e11: // Unix seconds
			d = time.Unix(int64(n), 0).Sub(there)
		case n >= longest.Seconds():
			d = longest
		default:
			d = time.Duration(n * float64(time.Second))
		}
	} else if t, err := http.ParseTime(s); err == nil {
		d = t.Sub(there)
	} else if t, err := time.Parse(time.RFC3339, s); err == nil {
		d = t.Sub(there)
	}
	return d, d > 0
}

// leaving gives its slot back when the answer has been read or is closed.
type leaving struct {
	io.ReadCloser
	leave func()
}

func (l *leaving) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	if err != nil {
		l.leave()
	}
	return n, err
}

func (l *leaving) Close() error {
	l.leave()
	return l.ReadCloser.Close()
}
