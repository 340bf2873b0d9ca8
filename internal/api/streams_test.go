package api

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// A stream is a connection, its handler and a queue that is empty nearly always. At full size (SWITCHBOARD_FULL) 5,000 are
// open, of which 500 never read; both ends are in this process, so that a stream costs less than what is measured.
func TestStreamsCostLittleAndAllHear(t *testing.T) {
	n, deaf := 200, 20
	if os.Getenv("SWITCHBOARD_FULL") != "" {
		n, deaf = 5000, 500
	}
	h := one(t, withEven)
	h.as(t, "manager").listen().next() // the hub runs
	var keys []string
	for k := 0; k <= n/mostOwnStreams; k++ {
		p := h.hire(t, fmt.Sprintf("m%d", k), staff.Manager, "Sales")
		_, secret, err := h.Staff.MakeKey(context.Background(), p.ActorOf(), "k", []staff.Scope{staff.Read})
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, secret)
	}
	before := memory()
	lines := make([]net.Conn, n)
	for k := range lines {
		lines[k] = dial(t, h, keys[k%len(keys)])
	}
	defer func() {
		for _, c := range lines {
			c.Close()
		}
	}()
	idle := int64(memory()-before) / int64(n)
	for range 20 { // a burst that 500 of them do not read
		h.happen(t, journal.Entry{Who: "machine", What: journal.MessageArrived, Conversation: 2})
	}
	slowest := time.Duration(0)
	start := time.Now()
	for _, c := range lines[deaf:] {
		count(t, c, 20)
		slowest = max(slowest, time.Since(start))
	}
	busy := int64(memory()-before) / int64(n)
	t.Logf("%d streams: %d bytes each at rest, %d after a burst; the last had it after %v", n, idle, busy, slowest)
	if idle > 64<<10 || busy > 64<<10 {
		t.Errorf("a stream costs %d bytes at rest, %d after a burst; want less than %d", idle, busy, 64<<10)
	}
}

func memory() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// dial opens a stream by hand: no client keeps buffers or goroutines for it.
func dial(t *testing.T, h *house, key string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(h.server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(c, "GET /api/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", key); err != nil {
		t.Fatal(err)
	}
	b, got := make([]byte, 2048), ""
	for !strings.Contains(got, "event: hello") {
		k, err := c.Read(b)
		if err != nil {
			t.Fatalf("%v after %q", err, got)
		}
		got += string(b[:k])
		if strings.Contains(got, "HTTP/1.1 5") || strings.Contains(got, "HTTP/1.1 4") {
			t.Fatal(got)
		}
	}
	return c
}

// count reads until n entries about conversations have come.
func count(t *testing.T, c net.Conn, n int) {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(c); n > 0 && lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "data:") && strings.Contains(lines.Text(), `"conversation"`) {
			n--
		}
	}
	if n > 0 {
		t.Fatalf("%d entries did not come", n)
	}
}
