package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"switchboard/internal/triage"
)

const (
	unasked     = 0.5  // confidence from which a message is put through
	anew        = 1000 // messages between two models made from the beginning
	mostBorne   = 5000 // confirmations that count, the newest
	confirmSeed = 2    // orders of the stream
)

// confirm shows what is gained by learning from what was answered where it was put through to: CLINC150's domains as departments and
// a stream of messages. What is put through wrongly, or not surely enough, is corrected; of what was put through wrongly a part is
// answered all the same and so borne out.
func confirm(dir string, held bool) error {
	d, err := readClinc(dir)
	if err != nil {
		return err
	}
	if held {
		d.test = d.val
	}
	seed, err := domains(d)
	if err != nil {
		return err
	}
	for _, slack := range []float64{0, 0.3} {
		for _, weight := range []float64{0, 0.1, triage.Confirmed, 0.5, 1} {
			right, corrected := map[int]float64{}, map[int]int{}
			for s := range confirmSeed {
				stream(d, seed, uint64(s), weight, slack, func(n, corrections int, m *triage.Model) {
					right[n] += domainAccuracy(m, &d) / confirmSeed
					corrected[n] += corrections / confirmSeed
				})
			}
			for _, n := range []int{1000, 2000, 4000, 7000} {
				line(fmt.Sprintf("%d messages, %.0f %% of mistakes stay, confirmations weigh %.1f", n, 100*slack, weight), percent(right[n]), "")
				line("  corrections that it took", fmt.Sprint(corrected[n]), "")
			}
		}
	}
	return nil
}

// stream lets messages come in and be dealt with, and tells of each model that is made anew.
func stream(d clincData, seed triage.Seed, order uint64, weight, slack float64, made func(n, corrections int, m *triage.Model)) {
	all := slices.Clone(d.train)
	r := rand.New(rand.NewPCG(order, 7))
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	var corrected, borne []triage.Example
	m := triage.Train(seed, nil)
	for n, e := range all[:7001] {
		if n > 0 && n%anew == 0 {
			m = triage.Train(seed, slices.Concat(corrected, borne[max(0, len(borne)-mostBorne):]))
			made(n, len(corrected), m)
		}
		in := triage.Input{Text: e.text}
		a := m.Assess(in)
		x := triage.Example{Input: in, Department: d.domain[e.label]}
		sure, wrong := a.Departments[0].Confidence >= unasked, a.Department() != x.Department
		switch {
		case !sure || wrong && r.Float64() >= slack:
			corrected = append(corrected, x)
		case weight == 0:
			continue
		default:
			x.Department, x.Weight = a.Department(), weight
			borne = append(borne, x)
		}
		m = m.Learn(x)
	}
}
