// Package start measures the program as it is started: how soon it answers, how much memory it takes, how large it is.
// See bench/README.md.
package start

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"switchboard/bench/figure"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/secret"
	"switchboard/internal/triage"
)

// BenchmarkProgram builds the program and starts it on a house that is set up, several times.
func BenchmarkProgram(b *testing.B) {
	dir := b.TempDir()
	bin := filepath.Join(dir, "switchboard")
	if out, err := exec.Command("go", "build", "-ldflags", "-s -w", "-o", bin, "../../cmd/switchboard").CombinedOutput(); err != nil {
		b.Fatalf("%v %s", err, out)
	}
	file, err := os.Stat(bin)
	if err != nil {
		b.Fatal(err)
	}
	furnish(b, dir)
	var times figure.Times
	var idle string
	for range 7 {
		took, memory := once(b, bin, dir)
		times, idle = append(times, took), memory
	}
	sheet := &figure.Sheet{Name: "start", Command: "go test ./bench/start -run '^$' -bench . -benchtime 1x"}
	sheet.Add("from the start of the process to its first answer, a house that is set up", "median "+times.At(50).Round(time.Millisecond).String(), "< 0.5 s")
	sheet.Add("resident memory, idle after three seconds, with little in it", idle, "< 100 MB with 1 M conversations (see inbox)")
	sheet.Add("the program, web UI included", fmt.Sprintf("%.1f MB", float64(file.Size())/1e6), "< 60 MB")
	sheet.Write(b)
}

// furnish makes a house in dir as serve finds it.
func furnish(b *testing.B, dir string) {
	if _, err := secret.Open(filepath.Join(dir, "keys")); err != nil {
		b.Fatal(err)
	}
	b.Run("furnish", func(b *testing.B) {
		apptest.Open(b, filepath.Join(dir, "switchboard.db"), app.Options{Languages: triage.Packs().Languages, Messages: 1 << 20}) // what triage learns is what serve learns
	})
}

func once(b *testing.B, bin, dir string) (time.Duration, string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	at := l.Addr().String()
	_ = l.Close()
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, bin, "serve", "--listen", at, "--data", dir, "--log-level", "error")
	start := time.Now()
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	for {
		r, err := http.Get("http://" + at + "/healthz")
		if err == nil {
			_ = r.Body.Close()
			break
		}
		if ctx.Err() != nil {
			b.Fatal("it never answered")
		}
		time.Sleep(2 * time.Millisecond)
	}
	took := time.Since(start)
	time.Sleep(3 * time.Second)
	memory := rss(c.Process.Pid)
	_ = c.Process.Signal(syscall.SIGTERM)
	_ = c.Wait()
	return took, memory
}

func rss(pid int) string {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return "not known here"
	}
	for line := range strings.Lines(string(status)) {
		if v, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return strings.TrimSpace(v)
		}
	}
	return "not known here"
}
