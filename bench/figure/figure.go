// Package figure writes what a benchmark measured beside what was to be reached, into a file of bench/results that names the
// machine.
package figure

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// Sheet is one result file.
type Sheet struct {
	Name    string // of the file, without its ending
	Command string // that makes it again
	lines   []string
}

// Add writes a line: what was measured, what it came to, what it should be.
func (s *Sheet) Add(what, got, target string) {
	s.lines = append(s.lines, fmt.Sprintf("%-74s %-26s %s", what, got, target))
}

// Note writes a line of its own.
func (s *Sheet) Note(format string, args ...any) {
	s.lines = append(s.lines, fmt.Sprintf(format, args...))
}

// Write writes the file, and prints it.
func (s *Sheet) Write(t testing.TB) {
	t.Helper()
	text := "# " + s.Name + "\n# again: " + s.Command + "\n# " + Machine() + "\n\n" + strings.Join(s.lines, "\n") + "\n"
	fmt.Println(text)
	dir := filepath.Join(root(), "bench", "results")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, s.Name+".txt"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..")
}

// Machine says what it was measured on, and how busy that was.
func Machine() string {
	load, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(load), " ")
	return fmt.Sprintf("%s, %d cores, %s/%s, %s, load %s, %s", cpu(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), first, time.Now().Format("2006-01-02"))
}

func cpu() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "cpu unknown"
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if name, ok := strings.CutPrefix(s.Text(), "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(name, "\t :"))
		}
	}
	return "cpu unknown"
}

// Times are measured durations.
type Times []time.Duration

// Of calls f n times and measures each.
func Of(n int, f func(k int)) Times {
	out := make(Times, n)
	for k := range out {
		start := time.Now()
		f(k)
		out[k] = time.Since(start)
	}
	return out
}

// At is the p-th percentile.
func (t Times) At(p float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	s := slices.Clone(t)
	slices.Sort(s)
	return s[min(int(p/100*float64(len(s))), len(s)-1)]
}

func (t Times) String() string {
	return fmt.Sprintf("p50 %s p95 %s", t.At(50).Round(10*time.Microsecond), t.At(95).Round(10*time.Microsecond))
}
