package insight

import (
	"cmp"
	"math"
	"slices"

	"switchboard/internal/staff"
)

// UsualPrecision is what a department wants that does not say otherwise: so often it must be right that a message is put
// through to it unasked.
const UsualPrecision = 0.95

// Fewest is how many settled verdicts it takes to say anything. Below, routing's own careful threshold stands.
const Fewest = 30

// Never is a threshold that no confidence reaches: nothing is put through unasked.
const Never = 1.01

// doubt is how many standard errors a precision is taken to be worse than it looks.
const doubt = 1.0

// Source says from what a threshold was found.
type Source string

const (
	Own     Source = "own"     // the department's own verdicts
	House   Source = "house"   // those of all departments together: it has too few
	Default Source = "default" // none: there are too few altogether
)

// Least is a department's threshold and where it comes from. At is 0 for routing's own, Never where nothing is sure enough.
type Least struct {
	At     float64
	Source Source
}

// Threshold is the least confidence from which outcomes are so as often as wanted, taken together and with some doubt; Never
// if that is so of none. Below Fewest outcomes it returns 0: too little is known.
func Threshold(list []Outcome, wanted float64) float64 {
	if len(list) < Fewest {
		return 0
	}
	curve := Calibrate(list)
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Outcome) int { return cmp.Compare(b.Said, a.Said) })
	least, sum := Never, 0.0
	for k, o := range list {
		sum += curve.Of(o.Said)
		if k+1 < len(list) && list[k+1].Said == o.Said {
			continue // a threshold does not part what was said alike
		}
		n := float64(k + 1)
		p := sum / n
		if n >= 5 && p-doubt*math.Sqrt(p*(1-p)/n) >= wanted {
			least = o.Said
		}
	}
	return least
}

// leastOf finds the threshold of each department from settled verdicts.
func leastOf(settled []Verdict, departments []staff.Department) map[staff.DepartmentID]Least {
	var all []Outcome
	own := map[staff.DepartmentID][]Outcome{}
	for k := range settled {
		v := &settled[k]
		if !v.Settled() || v.Likely[0].IsZero() {
			continue
		}
		o := Outcome{v.Confidence, v.Right()}
		all = append(all, o)
		own[v.Likely[0]] = append(own[v.Likely[0]], o)
	}
	house := map[float64]float64{} // by the precision that is wanted
	out := make(map[staff.DepartmentID]Least, len(departments))
	for _, d := range departments {
		wanted := Wanted(d)
		if list := own[d.ID]; len(list) >= Fewest {
			out[d.ID] = Least{Threshold(list, wanted), Own}
			continue
		}
		if _, ok := house[wanted]; !ok {
			house[wanted] = Threshold(all, wanted)
		}
		out[d.ID] = Least{house[wanted], House}
		if house[wanted] == 0 {
			out[d.ID] = Least{0, Default}
		}
	}
	return out
}

// Wanted is the precision a department wants, 0 to 1.
func Wanted(d staff.Department) float64 {
	if d.Precision == 0 {
		return UsualPrecision
	}
	return float64(d.Precision) / 100
}
