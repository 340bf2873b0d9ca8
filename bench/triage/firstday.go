package main

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"switchboard/internal/routing"
	"switchboard/internal/triage"
)

// firstDay puts the messages of internal/triage/testdata through with nothing but the packs: how many are put through
// without asking, and how many of those rightly. The threshold is routing's own.
func firstDay(_ string, _ bool) error {
	pack := triage.Packs()
	seed := pack.Seed()
	m := triage.Train(seed, nil)
	var departments []routing.Department
	for _, d := range seed.Departments {
		departments = append(departments, routing.Department{Key: d.Key, Name: d.Name})
	}
	var rows []routing.Row
	for _, i := range seed.Intents {
		if i.Department != "" {
			rows = append(rows, routing.Row{Intent: i.Key, Department: i.Department})
		}
	}
	rmap := routing.NewMap("packs", rows)
	for _, file := range []string{"messages", "unseen"} {
		b, err := os.ReadFile("internal/triage/testdata/" + file + ".txt")
		if err != nil {
			return fmt.Errorf("%w (run from the root of the repository)", fs.ErrNotExist)
		}
		for _, with := range []*routing.Map{nil, rmap} {
			all, right, through, throughRight := 0, 0, 0, 0
			sure := routing.NewRoster("operator", 0, append(departments, routing.Department{Key: "operator"}), nil)
			unsure := routing.NewRoster("operator", 1e-9, append(departments, routing.Department{Key: "operator"}), nil)
			for line := range strings.Lines(string(b)) {
				f := strings.SplitN(strings.TrimSpace(line), "|", 6)
				if len(f) < 6 || line[0] == '#' || f[2] == "" {
					continue
				}
				want := strings.Split(f[2], ",")
				c := caseOf(m.Assess(triage.Input{Text: f[5]}))
				all++
				if d := routing.Decide(c, unsure, with, nil); slices.Contains(want, d.Department) {
					right++
				}
				if d := routing.Decide(c, sure, with, nil); d.By != routing.ByOperator {
					through++
					if slices.Contains(want, d.Department) {
						throughRight++
					}
				}
			}
			name := map[bool]string{true: "with the map", false: "model alone"}[with != nil]
			line(fmt.Sprintf("first day, %s, %s: right department first", file, name), percent(float64(right)/float64(all)), "85 %")
			line("  put through unasked, share of all", percent(float64(through)/float64(all)), "")
			line("  of these rightly", percent(float64(throughRight)/float64(max(1, through))), "95 %")
		}
	}
	return nil
}

func caseOf(a triage.Assessment) routing.Case {
	c := routing.Case{Language: a.Language.Code, Learned: a.Learned, At: time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)}
	for _, s := range a.Departments {
		c.Departments = append(c.Departments, routing.Score(s))
	}
	for _, s := range a.Intents {
		c.Intents = append(c.Intents, routing.Score(s))
	}
	return c
}
