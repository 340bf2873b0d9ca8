package insight

import (
	"math"
	"testing"
	"time"

	"switchboard/internal/staff"
)

// unattended goes through a stream the way the machine does: each message is put through unasked or not by a threshold found
// from those before it.
func unattended(list []Outcome, wanted float64) (through, right, after int) {
	least := 0.0
	for k, o := range list {
		if k%20 == 0 {
			least = Threshold(list[:k], wanted)
		}
		if k < 100 { // as long as little is known it need not be right
			continue
		}
		after++
		if least > 0 && o.Said >= least {
			through++
			if o.So {
				right++
			}
		}
	}
	return through, right, after
}

func TestTheWantedPrecisionIsReachedOnWhatComesAfter(t *testing.T) {
	for name, truth := range map[string]func(float64) float64{
		"too sure":        func(x float64) float64 { return math.Pow(x, 1.5) },
		"not sure enough": func(x float64) float64 { return min(1, 0.3+0.9*x) },
		"as it says":      func(x float64) float64 { return x },
	} {
		for _, wanted := range []float64{0.8, 0.9, 0.95} {
			t.Run(name, func(t *testing.T) {
				through, right, all := 0, 0, 0
				for seed := range uint64(12) {
					a, b, c := unattended(stream(seed, 1000, truth), wanted)
					through, right, all = through+a, right+b, all+c
				}
				precision, coverage := float64(right)/float64(max(1, through)), float64(through)/float64(all)
				t.Logf("wanted %.2f: precision %.3f, coverage %.2f", wanted, precision, coverage)
				if through > 100 && precision < wanted-0.012 {
					t.Errorf("wanted %.2f, reached %.3f of %d", wanted, precision, through)
				}
			})
		}
	}
}

func TestAThresholdNeedsSettledVerdicts(t *testing.T) {
	all := func(n int, so bool, said float64) []Outcome {
		out := make([]Outcome, n)
		for k := range out {
			out[k] = Outcome{said, so}
		}
		return out
	}
	for name, tt := range map[string]struct {
		list []Outcome
		want float64
	}{
		"nothing is known":                        {nil, 0},
		"too little is known":                     {all(Fewest-1, true, 0.9), 0},
		"all were right":                          {all(400, true, 0.6), 0.6},
		"all were wrong":                          {all(100, false, 0.9), Never},
		"what is said alike is not parted":        {append(all(50, true, 0.7), all(50, false, 0.7)...), Never},
		"what is surely right, and what is wrong": {append(all(400, true, 0.9), all(400, false, 0.2)...), 0.9},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Threshold(tt.list, 0.95); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestEachDepartmentFollowsItsOwnStream(t *testing.T) {
	sure, unsure, young := staff.Department{ID: 1}, staff.Department{ID: 2, Precision: 99}, staff.Department{ID: 3}
	var list []Verdict
	put := func(n int, d, truth staff.DepartmentID, said float64) {
		for range n {
			list = append(list, Verdict{Likely: [3]staff.DepartmentID{d}, Confidence: said, Truth: truth, SettledAt: time.Unix(1, 0)})
		}
	}
	put(300, 1, 1, 0.5)
	put(100, 2, 2, 0.9)
	put(20, 2, 1, 0.9)
	put(5, 3, 3, 0.5)
	list = append(list, Verdict{Likely: [3]staff.DepartmentID{1}, Confidence: 0.1}) // not settled: it says nothing
	got := leastOf(list, []staff.Department{sure, unsure, young})
	if got[1] != (Least{0.5, Own}) || got[2] != (Least{Never, Own}) || got[3].Source != House || got[3].At == 0 {
		t.Errorf("%v", got)
	}
	if got := leastOf(list[:10], []staff.Department{sure}); got[1] != (Least{0, Default}) {
		t.Errorf("from ten verdicts: %v", got)
	}
}
