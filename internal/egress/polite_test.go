package egress

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/clock"
	"switchboard/internal/fault"
)

var noon = time.Date(2026, 3, 30, 12, 0, 0, 0, time.UTC)

func TestWaitUntil(t *testing.T) {
	for name, tt := range map[string]struct {
		headers map[string]string
		want    time.Duration // 0: it does not say
	}{
		"seconds":                                 {map[string]string{"Retry-After": "120"}, 2 * time.Minute},
		"seconds with blanks":                     {map[string]string{"Retry-After": " 120 "}, 2 * time.Minute},
		"parts of a second":                       {map[string]string{"Retry-After": "0.25"}, 250 * time.Millisecond},
		"a date":                                  {map[string]string{"Retry-After": "Mon, 30 Mar 2026 12:05:00 GMT"}, 5 * time.Minute},
		"a date by a clock that is behind":        {map[string]string{"Retry-After": "Mon, 30 Mar 2026 11:05:00 GMT", "Date": "Mon, 30 Mar 2026 11:00:00 GMT"}, 5 * time.Minute},
		"a date by a clock that is ahead":         {map[string]string{"Retry-After": "Mon, 30 Mar 2026 13:05:00 GMT", "Date": "Mon, 30 Mar 2026 13:00:00 GMT"}, 5 * time.Minute},
		"negative":                                {map[string]string{"Retry-After": "-5"}, 0},
		"nothing":                                 {map[string]string{"Retry-After": "0"}, 0},
		"a date that has passed":                  {map[string]string{"Retry-After": "Mon, 30 Mar 2026 11:00:00 GMT"}, 0},
		"a year":                                  {map[string]string{"Retry-After": "31536000"}, 24 * time.Hour},
		"more than fits":                          {map[string]string{"Retry-After": "99999999999999999999"}, 24 * time.Hour},
		"a number beyond numbers":                 {map[string]string{"Retry-After": "Inf"}, 24 * time.Hour},
		"not a number":                            {map[string]string{"Retry-After": "NaN"}, 0},
		"words":                                   {map[string]string{"Retry-After": "soon"}, 0},
		"a date next year":                        {map[string]string{"Retry-After": "Tue, 30 Mar 2027 12:05:00 GMT"}, 24 * time.Hour},
		"missing":                                 {nil, 0},
		"a reset as a date, as Mastodon says":     {map[string]string{"X-RateLimit-Reset": "2026-03-30T12:05:00.123456Z"}, 5*time.Minute + 123456*time.Microsecond},
		"a reset in Unix seconds, as Bluesky":     {map[string]string{"RateLimit-Reset": "1774872060"}, time.Minute},
		"a reset in seconds":                      {map[string]string{"X-Ratelimit-Reset": "30"}, 30 * time.Second},
		"Retry-After goes before a reset":         {map[string]string{"Retry-After": "7", "X-RateLimit-Reset": "2026-03-30T12:05:00Z"}, 7 * time.Second},
		"a wrong Retry-After leaves it to others": {map[string]string{"Retry-After": "-1", "X-RateLimit-Reset": "2026-03-30T12:05:00Z"}, 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			h := http.Header{}
			for k, v := range tt.headers {
				h.Set(k, v)
			}
			until, ok := WaitUntil(h, noon)
			if ok != (tt.want > 0) || ok && until.Sub(noon) != tt.want {
				t.Errorf("%v, %v; want %v", until.Sub(noon), ok, tt.want)
			}
		})
	}
}

// far is a far side that says what it is told to and remembers when it was called.
type far struct {
	mu     sync.Mutex
	now    func() time.Time
	status int
	after  string
	calls  []time.Time
}

func (f *far) RoundTrip(*http.Request) (*http.Response, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, f.now())
	h := http.Header{}
	if f.after != "" {
		h.Set("Retry-After", f.after)
	}
	return &http.Response{StatusCode: f.status, Header: h, Body: http.NoBody}, nil
}

func call(p http.RoundTripper, ctx context.Context) (int, error) {
	req, _ := http.NewRequestWithContext(ctx, "GET", "http://far.example", nil)
	resp, err := p.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

func TestNoCallLeavesWhileToldToWait(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		after  string
		wait   time.Duration
	}{
		"too many, in seconds":  {429, "30", 30 * time.Second},
		"down, as a date":       {503, "Mon, 30 Mar 2026 12:10:00 GMT", 10 * time.Minute},
		"negative":              {429, "-30", 5 * time.Second},
		"absurd":                {429, "1000000000000", 24 * time.Hour},
		"missing":               {429, "", 5 * time.Second},
		"a passing fault":       {500, "30", 0},
		"a bad gateway":         {502, "30", 0},
		"all is well, too busy": {200, "30", 0},
	} {
		t.Run(name, func(t *testing.T) {
			c := clock.At(noon)
			f := &far{now: c.Now, status: tt.status, after: tt.after}
			p := Polite(f, c.Now)
			if status, err := call(p, t.Context()); err != nil || status != tt.status {
				t.Fatalf("the answer itself is not passed on: %d, %v", status, err)
			}
			f.status, f.after = 200, ""
			for c.Now().Before(noon.Add(tt.wait)) {
				_, err := call(p, t.Context())
				var told *Told
				if !errors.As(err, &told) || !told.Until.Equal(noon.Add(tt.wait)) || !NeverLeft(err) || !fault.Is(err, fault.Unavailable) {
					t.Fatalf("after %v: %v", c.Now().Sub(noon), err)
				}
				c.Add(tt.wait / 7)
			}
			if _, err := call(p, t.Context()); err != nil || len(f.calls) != 2 {
				t.Errorf("when the time is up: %v, %d calls", err, len(f.calls))
			}
		})
	}
}

func TestPausesGrowAndAreForgotten(t *testing.T) {
	c := clock.At(noon)
	f := &far{now: c.Now, status: 429}
	p := Polite(f, c.Now)
	var told *Told
	for _, want := range []time.Duration{5, 10, 20, 40, 80, 160, 320, 640, 900, 900} {
		_, _ = call(p, t.Context())
		if _, err := call(p, t.Context()); !errors.As(err, &told) || told.Until.Sub(c.Now()) != want*time.Second {
			t.Fatalf("%v; want %v s", err, want)
		}
		c.Set(told.Until)
	}
	f.status = 500 // a fault is no sign that the trouble is over
	_, _ = call(p, t.Context())
	f.status = 429
	_, _ = call(p, t.Context())
	if _, err := call(p, t.Context()); !errors.As(err, &told) || told.Until.Sub(c.Now()) != mostWait {
		t.Errorf("after a fault: %v", err)
	}
	c.Set(told.Until)
	f.status = 200
	_, _ = call(p, t.Context())
	f.status = 429
	_, _ = call(p, t.Context())
	if _, err := call(p, t.Context()); !errors.As(err, &told) || told.Until.Sub(c.Now()) != firstWait {
		t.Errorf("after a success: %v", err)
	}
}

func TestCallsMadeWhileToldToWaitAreNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := clock.At(noon)
		f := &far{now: c.Now, status: 200}
		p := Polite(f, c.Now)
		until, told := time.Time{}, 0
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			f.status = rapid.SampledFrom([]int{200, 404, 429, 429, 500, 503}).Draw(t, "status")
			f.after = rapid.SampledFrom([]string{"", "1", "60", "-7", "0", "soon", "86401", "1e9", "Mon, 30 Mar 2026 12:00:30 GMT", "Mon, 30 Mar 2026 11:00:30 GMT"}).Draw(t, "after")
			made := len(f.calls)
			_, err := call(p, context.Background())
			switch {
			case len(f.calls) > made && c.Now().Before(until):
				t.Fatal("a call was made")
			case len(f.calls) == made && (!c.Now().Before(until) || err == nil):
				t.Fatal("a call was not made, though nobody told us to wait", err)
			case len(f.calls) > made && (f.status == 429 || f.status == 503):
				if u, ok := WaitUntil(http.Header{"Retry-After": {f.after}}, c.Now()); ok {
					until = u
				} else {
					until = c.Now().Add(min(firstWait<<min(told, 10), mostWait))
				}
				told++
			case len(f.calls) > made && f.status < 500:
				told = 0
			}
			c.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "pause")) * time.Second)
		}
	})
}

func TestTwentyWorkersAndOneRefusal(t *testing.T) {
	var calls, under, most atomic.Int32
	release := make(chan struct{})
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		most.Store(max(most.Load(), under.Add(1)))
		defer under.Add(-1)
		if calls.Add(1) == atOnce {
			close(release)
		}
		<-release
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(429)
	})
	g := guard(t, Options{}, server)
	var wg sync.WaitGroup
	var told atomic.Int32
	for range 20 {
		wg.Go(func() {
			var u *Told
			if err := do(t.Context(), g.Account("busy"), "POST", "http://"+server, "x"); errors.As(err, &u) {
				told.Add(1)
			}
		})
	}
	wg.Wait()
	if calls.Load() != atOnce || most.Load() != atOnce || told.Load() != 20-atOnce {
		t.Errorf("%d calls, %d at once, %d told; want %d, %d, %d", calls.Load(), most.Load(), told.Load(), atOnce, atOnce, 20-atOnce)
	}
	if err := do(t.Context(), g.Account("other"), "POST", "http://"+server, "x"); err != nil {
		t.Errorf("another account has to wait too: %v", err)
	}
	if first, again := g.Account("busy"), g.Account("busy"); first != again {
		t.Error("an account has two clients")
	}
	if g.Forget("busy"); do(t.Context(), g.Account("busy"), "POST", "http://"+server, "x") != nil {
		t.Error("an account that was forgotten has to wait")
	}
}

// What a far side says of waiting holds for the lane of the call it was said to, and for all where that had none.
func TestALaneIsToldForItselfAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := clock.At(noon)
		f := &far{now: c.Now}
		p := Polite(f, c.Now)
		until := map[string]time.Time{}
		for range rapid.IntRange(1, 30).Draw(t, "calls") {
			c.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "seconds")) * time.Second)
			lane := rapid.SampledFrom([]string{"", "uploads", "other"}).Draw(t, "lane")
			after := rapid.IntRange(0, 100).Draw(t, "after")
			if f.status, f.after = 200, ""; after > 0 {
				f.status, f.after = 429, strconv.Itoa(after)
			}
			waits := c.Now().Before(until[""]) || c.Now().Before(until[lane])
			_, err := call(p, With(context.Background(), Limits{Lane: lane}))
			if errors.As(err, new(*Told)) != waits {
				t.Fatalf("in lane %q it gives %v; want that it waits: %v", lane, err, waits)
			}
			if end := c.Now().Add(time.Duration(after) * time.Second); !waits && after > 0 && end.After(until[lane]) {
				until[lane] = end
			}
		}
	})
}

// A call that was let pass and then waited for its connection must not leave when another is told to wait meanwhile.
func TestACallOnItsWayOutHearsOfARefusal(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) { t.Error("it left") })
	g := guard(t, Options{}, server)
	client := g.Account("a")
	p := client.Transport.(*polite)
	ctx := context.WithValue(t.Context(), turnKey{}, p) // as after enter
	p.heed("", &http.Response{StatusCode: 429, Header: http.Header{}})
	for _, method := range []string{"GET", "POST"} {
		var told *Told
		if err := do(ctx, g.Client("test"), method, "http://"+server, ""); !errors.As(err, &told) || !NeverLeft(err) {
			t.Errorf("%s: %v", method, err)
		}
	}
}

func TestAnAnswerNobodyClosesDoesNotKeepItsPlace(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "x")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	g := guard(t, Options{}, server)
	ctx := With(t.Context(), Limits{Time: 500 * time.Millisecond})
	for range 3 * atOnce {
		req, _ := http.NewRequestWithContext(ctx, "GET", "http://"+server, nil)
		if _, err := g.Account("a").Do(req); err != nil { //nolint:bodyclose // that is the point
			t.Fatal(err)
		}
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for range atOnce {
		g.Account("a").Transport.(*polite).slots <- struct{}{}
	}
	if err := do(stopped, g.Account("a"), "GET", "http://"+server, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting for a place ends with %v", err)
	}
}
