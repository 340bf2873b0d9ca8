// Package load measures the way of a message from the call of a far side to the live feed of the person who sees it, through
// HTTP on both ends, at 200 messages a second for half a minute. See bench/README.md.
package load

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"switchboard/bench/figure"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/sim/load"
	"switchboard/internal/staff"
	"switchboard/internal/store/storetest"
)

const (
	rate   = 200
	secret = "the secret of the load driver"
)

func BenchmarkSQLite(b *testing.B)   { figures(b, "sqlite", storetest.SQLite(b)) }
func BenchmarkPostgres(b *testing.B) { figures(b, "postgres", storetest.Durable(b)) }

// span is how long load is driven: SWITCHBOARD_LOAD_FOR, half a minute if it is not set.
func span(b *testing.B) time.Duration {
	text := os.Getenv("SWITCHBOARD_LOAD_FOR")
	if text == "" {
		return 30 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		b.Fatal(err)
	}
	return d
}

func figures(b *testing.B, name, dsn string) {
	h := apptest.Open(b, dsn, app.Options{})
	o := options(b, h)
	o.Rate, o.For = rate, span(b)
	b.ResetTimer()
	busy := processor()
	r, err := load.Drive(b.Context(), o)
	b.StopTimer()
	if err != nil {
		b.Fatal(err)
	}
	s := &figure.Sheet{Name: "load-" + name, Command: "go test ./bench/load -run '^$' -bench " + b.Name()[len("Benchmark"):] + " -benchtime 1x"}
	s.Note("%s\n%s", "signed calls of the hook channel, one message each; the live feed of an administrator on the other side", r)
	ms := func(p float64) string { return r.At(p).Round(100 * time.Microsecond).String() }
	s.Add("channel to screen at 200 messages a second: p50", ms(50), "< 50 ms")
	s.Add("channel to screen at 200 messages a second: p99", ms(99), "< 1 s")
	s.Add("lost, doubled", figureOf(r.Lost, r.Doubled), "0, 0")
	if r.Sent > 0 {
		s.Add("processor time a message, the driver's own and triage's included", ((processor() - busy) / time.Duration(r.Sent)).Round(10*time.Microsecond).String(), "< 10 ms keeps 200 a second on two cores")
	}
	s.Write(b)
	b.ReportMetric(float64(r.At(50).Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(r.At(99).Microseconds())/1000, "p99-ms")
	if r.Lost+r.Doubled > 0 {
		b.Errorf("lost %d, doubled %d", r.Lost, r.Doubled)
	}
}

// processor is the time this process has had from the processors. It says what a busy machine hides.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func figureOf(lost, doubled int) string {
	out, _ := json.Marshal([]int{lost, doubled})
	return string(out[1 : len(out)-1])
}

// options furnishes a house with an account to call and a key to listen with, and serves it on loopback.
func options(tb testing.TB, h *apptest.House) load.Options {
	tb.Helper()
	settings, err := json.Marshal(map[string]string{"name": "Load", "secret": secret})
	if err != nil {
		tb.Fatal(err)
	}
	a, err := h.Book.Adopt(tb.Context(), staff.Machine(), "hook", "Load", channel.Profile{RemoteID: "hook:Load", Handle: "Load", Name: "Load"}, settings)
	if err != nil {
		tb.Fatal(err)
	}
	_, key, err := h.Staff.MakeKey(tb.Context(), h.Boss, "load", []staff.Scope{staff.Read})
	if err != nil {
		tb.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() { over <- h.Serve(ctx, l) }()
	tb.Cleanup(func() {
		stop()
		if err := <-over; err != nil {
			tb.Error(err)
		}
	})
	return load.Options{URL: "http://" + l.Addr().String(), Account: a.ID.String(), Secret: secret, Key: key, Now: time.Now}
}

// A short run, so that the driver itself is seen to work wherever the tests run; it says nothing of speed. A machine that is too
// busy to take a message in time refuses it, and the run is made again; what was taken must never be lost or doubled.
func TestEveryMessageComesOutOfTheFeedOnce(t *testing.T) {
	o := options(t, apptest.Open(t, storetest.SQLite(t), app.Options{}))
	o.Rate, o.For, o.Settle = 20, time.Second, time.Minute
	for range 20 {
		r, err := load.Drive(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if r.Lost+r.Doubled+r.Unheard > 0 || r.Sent != 20 || len(r.Latencies) < r.Acknowledged {
			t.Fatalf("of 20 messages:\n%s", r)
		}
		if r.OK() {
			return
		}
	}
	t.Error("of twenty runs none was taken whole")
}

func TestLoadIsDrivenOnThisMachineAlone(t *testing.T) {
	for _, address := range []string{"https://switchboard.example.com", "http://10.0.0.7:8080", "ftp://127.0.0.1", "nonsense", ""} {
		if _, err := load.Drive(t.Context(), load.Options{URL: address, Account: "a", Secret: "b", Rate: 1, For: time.Second, Now: time.Now}); err == nil {
			t.Errorf("%q is driven", address)
		}
	}
}
