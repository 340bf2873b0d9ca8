package egress

import (
	"bufio"
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var errStopped = errors.New("the stop button is pressed")

// gate counts how often it is asked and says what it is set to.
type gate struct {
	asked  atomic.Int32
	closed atomic.Bool
}

func (g *gate) ask(context.Context) error {
	g.asked.Add(1)
	if g.closed.Load() {
		return errStopped
	}
	return nil
}

func do(ctx context.Context, client *http.Client, method, address, body string) error {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Idempotency-Key", "k")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return errors.Join(err, resp.Body.Close())
}

func TestTheGateIsAskedBeforeWhatWrites(t *testing.T) {
	var writes, reads atomic.Int32
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Idempotency-Key") != "k" {
			t.Error("the Idempotency-Key is lost")
		}
		if writing(r.Method) {
			writes.Add(1)
		} else {
			reads.Add(1)
		}
	})
	g := guard(t, Options{}, server)
	for name, client := range map[string]*http.Client{"a purpose's client": g.Client("test"), "an account's client": g.Account("a")} {
		t.Run(name, func(t *testing.T) {
			gate := &gate{}
			ctx := WithGate(t.Context(), gate.ask)
			for i, method := range []string{"POST", "PUT", "PATCH", "DELETE", "PROPFIND"} {
				writes.Store(0)
				gate.closed.Store(false)
				if err := do(ctx, client, method, "http://"+server, "x"); err != nil || int(gate.asked.Load()) != 2*i+1 || writes.Load() != 1 {
					t.Fatalf("open, %s: %v; asked %d times, %d writes", method, err, gate.asked.Load(), writes.Load())
				}
				gate.closed.Store(true)
				if err := do(ctx, client, method, "http://"+server, "x"); !errors.Is(err, errStopped) || !NeverLeft(err) || writes.Load() != 1 {
					t.Fatalf("closed, %s: %v; %d writes", method, err, writes.Load())
				}
			}
			before := gate.asked.Load()
			for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
				if err := do(ctx, client, method, "http://"+server, ""); err != nil || gate.asked.Load() != before {
					t.Errorf("%s: %v; asked %d times", method, err, gate.asked.Load())
				}
			}
		})
	}
}

func TestTheGateOverTLS(t *testing.T) {
	var writes atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if writing(r.Method) {
			writes.Add(1)
		} else if r.ProtoMajor != 2 {
			t.Error("reads do not use HTTP/2")
		}
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	g := guard(t, Options{Roots: roots}, s.Listener.Addr().String())
	gate := &gate{}
	ctx := WithGate(t.Context(), gate.ask)
	for i := range 20 {
		gate.closed.Store(i%2 == 1)
		err := do(ctx, g.Client("test"), "POST", s.URL, "x")
		if (err == nil) == gate.closed.Load() {
			t.Fatalf("%d: %v", i, err)
		}
		if err := do(ctx, g.Client("test"), "GET", s.URL, ""); err != nil {
			t.Fatal(err)
		}
	}
	if writes.Load() != 10 {
		t.Errorf("%d writes; want 10", writes.Load())
	}
}

func TestAGateWithinAGate(t *testing.T) {
	outer, inner := &gate{}, &gate{}
	ctx := WithGate(WithGate(t.Context(), outer.ask), inner.ask)
	if Ask(ctx) != nil || Ask(t.Context()) != nil {
		t.Error("open gates say no")
	}
	if inner.closed.Store(true); !errors.Is(Ask(ctx), errStopped) {
		t.Error("the inner gate is not heard")
	}
	inner.closed.Store(false)
	asked := inner.asked.Load()
	if outer.closed.Store(true); !errors.Is(Ask(ctx), errStopped) || inner.asked.Load() != asked {
		t.Error("the outer gate is not heard, or not first")
	}
}

func TestDialAsksTheGate(t *testing.T) {
	port, connections := trap(t, "tcp4", "127.0.0.1:0")
	g := guard(t, Options{}, "127.0.0.1:"+port)
	gate := &gate{}
	gate.closed.Store(true)
	if _, err := g.Dial(WithGate(t.Context(), gate.ask), "tcp", "127.0.0.1:"+port); !errors.Is(err, errStopped) || !NeverLeft(err) || connections.Load() != 0 {
		t.Errorf("%v; %d connections", err, connections.Load())
	}
}

func TestConnectionsAreUsedAgain(t *testing.T) {
	var opened atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	g := guard(t, Options{}, s.Listener.Addr().String())
	gate := &gate{}
	for range 50 {
		if err := do(WithGate(t.Context(), gate.ask), g.Client("test"), "POST", s.URL, "x"); err != nil {
			t.Fatal(err)
		}
	}
	if opened.Load() != 1 || gate.asked.Load() != 50 {
		t.Errorf("%d connections, asked %d times", opened.Load(), gate.asked.Load())
	}
	gate.closed.Store(true)
	if err := do(WithGate(t.Context(), gate.ask), g.Client("test"), "POST", s.URL, "x"); !errors.Is(err, errStopped) {
		t.Errorf("closed: %v", err)
	}
	if err := do(t.Context(), g.Client("test"), "POST", s.URL, "x"); err != nil {
		t.Errorf("without a gate: %v", err)
	}
}

func TestAYesIsGoodForASecond(t *testing.T) {
	var writes atomic.Int32
	server := serve(t, func(http.ResponseWriter, *http.Request) { writes.Add(1) })
	var mu sync.Mutex
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	g := guard(t, Options{Now: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}}, server)
	for _, tt := range []struct {
		name string
		away time.Duration
		good bool
	}{
		{"at once", 0, true}, {"a second later", time.Second, true}, {"later than that", time.Second + 1, false}, {"a day later", 24 * time.Hour, false},
		{"on a connection used before", 0, true}, {"later, on a connection used before", time.Minute, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := writes.Load()
			err := do(WithGate(t.Context(), func(context.Context) error { // the answer is on its way when the world stands still
				mu.Lock()
				defer mu.Unlock()
				now = now.Add(tt.away)
				return nil
			}), g.Client("test"), "POST", "http://"+server, "x")
			var s *Stale
			if (err == nil) != tt.good || !tt.good && (!errors.As(err, &s) || !NeverLeft(err)) || (writes.Load() > before) != tt.good {
				t.Errorf("%v; %d writes", err, writes.Load()-before)
			}
		})
	}
}

// flaky serves HTTP by hand, so that it can break off anywhere: what does with the n-th request.
func flaky(t *testing.T, what func(n int, c net.Conn, r *http.Request) (hold bool)) (addr string, requests *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	requests = new(atomic.Int32)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				in := bufio.NewReader(c)
				for {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, r.Body)
					if !what(int(requests.Add(1)), c, r) {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String(), requests
}

func TestAWriteIsNeverRepeatedByItself(t *testing.T) {
	for name, answer := range map[string]string{
		"closed without a word": "", "cut in the headers": "HTTP/1.1 200 OK\r\nConte", "cut in the body": "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
	} {
		t.Run(name, func(t *testing.T) {
			addr, requests := flaky(t, func(n int, c net.Conn, _ *http.Request) bool {
				if n%2 == 1 { // the connection is a used one when it breaks
					_, _ = c.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
					return true
				}
				_, _ = c.Write([]byte(answer))
				return false
			})
			g := guard(t, Options{}, addr)
			for _, body := range []string{"x", ""} {
				before := requests.Load()
				if err := do(t.Context(), g.Client("test"), "POST", "http://"+addr, body); err != nil {
					t.Fatal(err)
				}
				err := do(t.Context(), g.Client("test"), "POST", "http://"+addr, body)
				if err == nil || NeverLeft(err) || requests.Load() != before+2 {
					t.Errorf("%v; %d requests; want 2", err, requests.Load()-before)
				}
			}
		})
	}
}

func TestAWriteOnAConnectionThatHasDiedIsMadeAgain(t *testing.T) {
	addr, requests := flaky(t, func(_ int, c net.Conn, _ *http.Request) bool {
		_, _ = c.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
		return true
	})
	g := guard(t, Options{}, addr)
	gate := &gate{}
	for range 3 {
		if err := do(WithGate(t.Context(), func(ctx context.Context) error { return gate.ask(ctx) }), g.Client("test"), "POST", "http://"+addr, "x"); err != nil {
			t.Fatal(err)
		}
	}
	// The connection breaks in our hands, after it was chosen and before a byte is on it.
	broken := false
	ctx := WithGate(t.Context(), func(ctx context.Context) error {
		if !broken {
			broken = true
			return errBreak
		}
		return gate.ask(ctx)
	})
	if err := do(ctx, g.Client("test"), "POST", "http://"+addr, "x"); !errors.Is(err, errBreak) {
		t.Fatal(err)
	}
	if err := do(ctx, g.Client("test"), "POST", "http://"+addr, "x"); err != nil || requests.Load() != 4 {
		t.Errorf("%v; %d requests", err, requests.Load())
	}
}

var errBreak = errors.New("not now")

func TestNobodyThereIsClear(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	g := guard(t, Options{}, addr)
	if err := do(t.Context(), g.Client("test"), "POST", "http://"+addr, "x"); !NeverLeft(err) {
		t.Errorf("%v is said to be unclear", err)
	}
	if NeverLeft(nil) || NeverLeft(io.EOF) {
		t.Error("an error of which nothing is known is said to be clear")
	}
}

func TestALongBodyLeavesWhole(t *testing.T) {
	const size = 3 << 20
	var got atomic.Int64
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		got.Store(n)
	})
	g := guard(t, Options{}, server)
	gate := &gate{}
	req, _ := http.NewRequestWithContext(WithGate(t.Context(), gate.ask), "PUT", "http://"+server, bytes.NewReader(make([]byte, size)))
	resp, err := g.Client("test").Do(req)
	if err != nil || got.Load() != size || gate.asked.Load() != 1 {
		t.Fatalf("%v; %d bytes, asked %d times", err, got.Load(), gate.asked.Load())
	}
	_ = resp.Body.Close()
}
