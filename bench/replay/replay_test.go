// Package replay measures how long a replay of the past takes before a change of the responsibility map. See
// bench/README.md.
package replay

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"switchboard/bench/figure"
	"switchboard/internal/clock"
	"switchboard/internal/policy"
	"switchboard/internal/routing"
)

const (
	days        = 30
	perDay      = 10_000
	departments = 14
	people      = 20 // of each
)

var start = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// BenchmarkReplay puts a month of a busy company through twice: 14 departments of 20 people in three time zones, ten rules,
// a map of an intent for each department; the change gives four intents and all journalists to others.
func BenchmarkReplay(b *testing.B) {
	b.ReportAllocs()
	var o policy.Outcome
	var took time.Duration
	for b.Loop() {
		begin := time.Now()
		r := policy.NewReplay(plan(b, 0), plan(b, 4), map[string]time.Duration{key(1): 9 * time.Minute, key(2): 4 * time.Minute})
		for _, c := range openings() {
			r.Add(c)
		}
		o = r.Outcome()
		took = time.Since(begin)
	}
	if o.Openings != days*perDay || o.Moves == 0 {
		b.Fatalf("%d openings, %d moves", o.Openings, o.Moves)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s := figure.Sheet{Name: "replay", Command: "go test ./bench/replay -run '^$' -bench . -benchtime 1x"}
	s.Add("a replay of 30 days at 10,000 messages a day, before and after", took.Round(10*time.Millisecond).String(), "< 60 s")
	s.Add("the same, for each message", (took / (days * perDay)).Round(time.Microsecond).String(), "")
	s.Add("messages that would move", fmt.Sprint(o.Moves), "")
	s.Note("")
	s.Note("%-12s %8s %8s %14s %14s", "department", "before", "after", "median before", "median after")
	for _, d := range o.Sides {
		s.Note("%-12s %8d %8d %14s %14s", d.Department, d.Before.Got, d.After.Got, d.Before.Median.Round(time.Second), d.After.Median.Round(time.Second))
	}
	s.Write(b)
}

func key(k int) string { return fmt.Sprintf("d%02d", k) }

// plan is the house; the first moved intents go to the next department.
func plan(b *testing.B, moved int) policy.Plan {
	b.Helper()
	p := policy.Plan{Operator: key(0), Hours: map[string]policy.Calendar{}}
	var rows []routing.Row
	if moved > 0 {
		rows = append(rows, routing.Row{Standing: "journalist", Department: key(5)})
	}
	zones := []string{"Europe/Berlin", "America/New_York", "Asia/Singapore"}
	for k := range departments {
		p.Departments = append(p.Departments, routing.Department{Key: key(k), Name: key(k), Assign: []routing.Assign{routing.AssignKnown, routing.AssignAlways}[k%2]})
		to := key(k)
		if k < moved {
			to = key((k + 1) % departments)
		}
		rows = append(rows, routing.Row{Intent: intent(k), Department: to, StandIn: key((k + 2) % departments)})
		for j := range people {
			h, err := clock.New(clock.Office(zones[j%len(zones)], "08:00", "18:00"))
			if err != nil {
				b.Fatal(err)
			}
			if j == 0 {
				p.Hours[key(k)] = h
			}
			p.Workers = append(p.Workers, policy.Worker{Hours: h, Person: routing.Person{Key: fmt.Sprintf("%s-%02d", key(k), j), Name: "N", Department: key(k),
				Skills: []string{"vat", fmt.Sprint("skill", j)}, Languages: []string{"en", "de"}, Capacity: 25}})
		}
	}
	p.Map = routing.NewMap("m", rows)
	var rules []routing.Rule
	for k := range 10 {
		rules = append(rules, routing.Rule{Key: fmt.Sprint(k), Name: fmt.Sprint("rule ", k), When: fmt.Sprintf(`says("recall%d", "safety%d") and not (standing("partner")) and language in ["en", "de"]`, k, k), Department: key(k)})
	}
	var err error
	if p.Rules, err = routing.CompileRules(rules); err != nil {
		b.Fatal(err)
	}
	return p
}

func intent(k int) string { return fmt.Sprintf("intent%02d", k) }

// openings are a month's conversations, more by day than by night.
func openings() func(func(int, policy.Opening) bool) {
	return func(yield func(int, policy.Opening) bool) {
		r := rand.New(rand.NewPCG(1, 1))
		at := start
		for n := range days * perDay {
			gap := 24 * time.Hour / perDay
			if h := at.Hour(); h < 6 || h > 22 {
				gap *= 2
			} else {
				gap = gap * 4 / 5
			}
			at = at.Add(time.Duration(r.ExpFloat64() * float64(gap)))
			if !yield(n, opening(r, n, at)) {
				return
			}
		}
	}
}

func opening(r *rand.Rand, n int, at time.Time) policy.Opening {
	d := r.IntN(departments)
	o := policy.Opening{ID: fmt.Sprintf("%013d", n), Then: key(d), Idle: r.IntN(5) == 0, Case: routing.Case{At: at, Language: []string{"en", "de", "fr"}[r.IntN(3)],
		Text:        "I was charged twice for my last order and nobody answers the telephone, can you please look at it and send me the VAT back?",
		Departments: []routing.Score{{Key: key(d), Confidence: 0.7}, {Key: key((d + 3) % departments), Confidence: 0.2}, {Key: key((d + 5) % departments), Confidence: 0.1}},
		Intents:     []routing.Score{{Key: intent(d), Confidence: 0.8}, {Key: intent((d + 3) % departments), Confidence: 0.1}}, Learned: n / 1000}}
	if r.IntN(10) == 0 {
		o.Case.Urgency = "now"
	}
	if r.IntN(50) == 0 {
		o.Case.Standings = []string{"journalist"}
	}
	if r.IntN(5) == 0 {
		o.Case.Skills = []routing.Score{{Key: "vat", Confidence: 0.9}}
	}
	if r.IntN(2) == 0 {
		o.Handling = time.Duration(2+r.IntN(12)) * time.Minute
	}
	return o
}
