package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"switchboard/internal/triage"
)

// speed measures the whole triage of one message on one core, with the packs in all languages.
func speed(dir string, _ bool) error {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	cpu := cpuTime()
	m := triage.Train(triage.Packs().Seed(), nil)
	train := cpuTime() - cpu
	cpu = cpuTime()
	m.Assess(triage.Input{Text: "first"}) // reads the lexica
	first := cpuTime() - cpu
	runtime.GC()
	runtime.ReadMemStats(&after)

	texts := messages()
	var times []time.Duration
	cpu = cpuTime()
	for range 20 {
		for _, text := range texts {
			from := time.Now()
			m.Assess(triage.Input{Text: text, Standings: []string{"customer"}})
			times = append(times, time.Since(from))
		}
	}
	each := (cpuTime() - cpu) / time.Duration(len(times))
	slices.Sort(times)
	line("triage of one message, processor time on average", each.Round(100*time.Nanosecond).String(), "100µs")
	line("triage of one message, p50", times[len(times)/2].String(), "300µs")
	line("triage of one message, p99", times[len(times)*99/100].String(), "1ms")
	wall := strings.Repeat("x", 100_000)
	from := time.Now()
	m.Assess(triage.Input{Text: wall})
	line("100 kB without a space", time.Since(from).Round(time.Microsecond).String(), "5ms")
	line("memory: model, lexica and languages", fmt.Sprintf("%.1f MB", float64(after.HeapAlloc-before.HeapAlloc)/1e6), "40 MB")
	line("training from the packs in eight languages, processor time", train.Round(time.Millisecond).String(), "")
	line("reading the lexica at first use, processor time", first.Round(time.Millisecond).String(), "")
	return online(dir, m)
}

// messages are short, usual and long ones made of the packs' phrases.
func messages() []string {
	var phrases, all []string
	for _, i := range triage.Packs().Intents(triage.Packs().Languages...) {
		phrases = append(phrases, i.Phrases...)
	}
	for i := range phrases {
		n := []int{1, 2, 3, 4, 6, 12}[i%6]
		all = append(all, strings.Join(phrases[max(0, i-n):i], ". "))
	}
	return all
}

// online measures a correction and a whole replay.
func online(dir string, m *triage.Model) error {
	var examples []triage.Example
	texts := messages()
	keys := m.Departments()
	for i := range 5000 {
		examples = append(examples, triage.Example{Input: triage.Input{Text: texts[i*7%len(texts)]}, Department: keys[i%len(keys)], Intents: []string{"support"}})
	}
	from := time.Now()
	for _, e := range examples[:500] {
		m.Learn(e)
	}
	line("one correction, learned at once", (time.Since(from) / 500).Round(time.Microsecond).String(), "1ms")
	from, cpu := time.Now(), cpuTime()
	triage.Train(triage.Packs().Seed(), examples)
	line("replay of 5,000 corrections, labels at random", time.Since(from).Round(time.Millisecond).String(), "2s")
	line("  processor time", (cpuTime() - cpu).Round(time.Millisecond).String(), "")
	return nil
}

// cpuTime is what this process has used so far: on a machine shared with others it says more than the clock on the wall.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
