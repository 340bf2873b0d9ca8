// Package live measures the live feed: five thousand open browsers on one node. See bench/README.md.
package live

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/bench/figure"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/staff"
	"switchboard/internal/store/storetest"
)

const (
	streams = 5000
	people  = 50 // who hold them: one person may have two hundred
)

// BenchmarkStreams opens 5,000 streams through real sockets, lets a message arrive, and measures what each costs and when the
// last one heard. Both ends are in this process: the memory is that of both, so the figure is too high rather than too low.
func BenchmarkStreams(b *testing.B) {
	h := apptest.Open(b, storetest.SQLite(b), app.Options{})
	keys := staffKeys(b, h)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go func() { _ = h.Serve(b.Context(), l) }()
	before := memory()
	var heard atomic.Int64
	var open, all sync.WaitGroup
	for k := range streams {
		open.Add(1)
		all.Go(func() {
			listen(b, fmt.Sprintf("127.%d.%d.1:0", 1+k/250, k%250), l.Addr().String(), keys[k%people], &open, &heard)
		})
		if k%100 == 0 {
			time.Sleep(5 * time.Millisecond)
		}
	}
	open.Wait()
	each := float64(memory()-before) / streams
	a := h.Shared(b)
	start := time.Now()
	e := channel.Event{Kind: channel.Said, RemoteID: "m1", At: start, Message: channel.Message{RemoteID: "m1", Kind: channel.Direct, Private: true, Text: "Where is my parcel?", At: start,
		From: channel.Identity{RemoteID: "ann", Handle: "@ann"}}}
	if err := h.Intake.Take(b.Context(), a, []channel.Event{e}, nil); err != nil {
		b.Fatal(err)
	}
	for heard.Load() < streams && time.Since(start) < 30*time.Second {
		time.Sleep(time.Millisecond)
	}
	took := time.Since(start)
	sheet := &figure.Sheet{Name: "live", Command: "go test ./bench/live -run '^$' -bench . -benchtime 1x"}
	sheet.Add(fmt.Sprintf("%d live streams, memory of each, both ends in one process", streams), fmt.Sprintf("%.1f kB", each/1000), "< 64 kB")
	sheet.Add("a message arrives: all of them have heard of it after", took.Round(time.Millisecond).String(), "p99 < 1 s")
	sheet.Add("streams that heard of it", fmt.Sprint(heard.Load()), fmt.Sprint(streams))
	sheet.Write(b)
}

// staffKeys hires people and gives each an API key.
func staffKeys(b *testing.B, h *apptest.House) (keys []string) {
	for k := range people {
		p, err := h.Staff.AddPerson(b.Context(), h.Boss, staff.Person{Email: fmt.Sprintf("p%d@acme.example", k), Name: fmt.Sprintf("Person %d", k),
			Role: staff.Manager, Zone: "Europe/Berlin"}, "correct horse battery")
		if err != nil {
			b.Fatal(err)
		}
		_, secret, err := h.Staff.MakeKey(b.Context(), staff.Actor{Person: p.ID, Name: p.Name, Role: p.Role}, "bench", []staff.Scope{staff.Read})
		if err != nil {
			b.Fatal(err)
		}
		keys = append(keys, secret)
	}
	return keys
}

// memory is what the heap and the stacks hold.
func memory() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

func listen(b *testing.B, from, to, secret string, open *sync.WaitGroup, heard *atomic.Int64) {
	local, err := net.ResolveTCPAddr("tcp", from)
	if err != nil {
		open.Done()
		return
	}
	c, err := (&net.Dialer{LocalAddr: local}).DialContext(b.Context(), "tcp", to)
	if err != nil {
		b.Error(err)
		open.Done()
		return
	}
	defer c.Close()
	r, _ := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://"+to+"/api/live", nil)
	r.Header.Set("Authorization", "Bearer "+secret)
	if err := r.Write(c); err != nil {
		b.Error(err)
	}
	s := bufio.NewScanner(bufio.NewReaderSize(c, 512))
	s.Buffer(make([]byte, 512), 4096)
	ready := false
	for s.Scan() {
		if !ready && strings.Contains(s.Text(), "hello") {
			ready = true
			open.Done()
		}
		if ready && strings.Contains(s.Text(), `"conversation opened"`) || strings.Contains(s.Text(), "message arrived") {
			heard.Add(1)
			return
		}
	}
	if !ready {
		open.Done()
	}
}
