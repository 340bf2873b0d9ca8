package api

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// serve answers with the real server, whose limits count, at the address it returns.
func (h *house) serve(t *testing.T) (address string, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Serve(ctx, l) }()
	ended := false
	stop = func() error {
		if ended {
			return nil
		}
		ended = true
		cancel()
		return <-done
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String(), stop
}

func TestIllFormedRequestsAreRefusedAndTheLineClosed(t *testing.T) {
	h := one(t)
	address, _ := h.serve(t)
	const head = "POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	for name, raw := range map[string]string{
		"two lengths":                  head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
		"two lengths in one":           head + "Content-Length: 2, 3\r\n\r\n{}",
		"a negative length":            head + "Content-Length: -1\r\n\r\n",
		"a length that is no number":   head + "Content-Length: 2x\r\n\r\n{}",
		"a length with a plus":         head + "Content-Length: +2\r\n\r\n{}",
		"an unknown coding":            head + "Transfer-Encoding: gzip\r\n\r\n",
		"two codings":                  head + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
		"a coding twice":               head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"a chunk of no number":         head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
		"a chunk too large to be true": head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
		"a chunk that is longer":       head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
		"no host":                      "GET /api/session HTTP/1.1\r\n\r\n",
		"two hosts":                    "GET /api/session HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"a host with a space":          "GET /api/session HTTP/1.1\r\nHost: a b\r\n\r\n",
		"a blank in a name":            "GET /api/session HTTP/1.1\r\nHost: x\r\nX Y: z\r\n\r\n",
		"a blank after a name":         "GET /api/session HTTP/1.1\r\nHost: x\r\nX : z\r\n\r\n",
		"NUL in a value":               "GET /api/session HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n",
		"a method that is none":        "G(T /api/session HTTP/1.1\r\nHost: x\r\n\r\n",
		"a version that is none":       "GET /api/session HTTP/9.9\r\nHost: x\r\n\r\n",
		"no version":                   "GET /api/session\r\nHost: x\r\n\r\n",
		"an address with a blank":      "GET /api/a b HTTP/1.1\r\nHost: x\r\n\r\n",
		"a bad escape":                 "GET /api/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
		"headers without end":          "GET /api/session HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("a", 64<<10) + "\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			c, err := net.DialTimeout("tcp", address, 10*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
				t.Fatal(err)
			}
			_, _ = io.WriteString(c, raw) // it may close on us in the middle
			r := bufio.NewReader(c)
			a, err := http.ReadResponse(r, nil)
			if err != nil {
				return // closed without a word
			}
			if a.StatusCode < 400 || a.StatusCode >= 500 && a.StatusCode != http.StatusHTTPVersionNotSupported && a.StatusCode != http.StatusNotImplemented {
				t.Errorf("answered %d", a.StatusCode)
			}
			_, _ = io.Copy(io.Discard, a.Body)
			if _, err := r.ReadByte(); err == nil {
				t.Error("the line stays open, and more was answered")
			} else if n, ok := err.(net.Error); ok && n.Timeout() {
				t.Error("the line stays open")
			}
		})
	}
}

func TestStreamsEndWhenTheServerStops(t *testing.T) {
	h := one(t, withEven)
	h.as(t, "manager").listen().next() // the hub runs
	address, stop := h.serve(t)
	var made NewKey
	h.as(t, "manager").do("POST", "/api/keys", map[string]any{"name": "k", "scopes": []string{"read"}}).into(t, &made)
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "GET /api/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", made.Secret)
	lines := bufio.NewScanner(c)
	for lines.Scan() && lines.Text() != "event: hello" {
	}
	start := time.Now()
	if err := stop(); err != nil {
		t.Error(err)
	}
	for lines.Scan() {
	}
	if took := time.Since(start); took > 4*time.Second {
		t.Errorf("stopping took %v: a stream held it up", took)
	}
}
