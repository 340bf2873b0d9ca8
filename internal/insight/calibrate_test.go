package insight

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

var outcomes = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Outcome {
	return Outcome{rapid.Float64Range(-0.5, 1.5).Draw(t, "said"), rapid.Bool().Draw(t, "so")}
}), 0, 400)

func TestACurveNeverFallsAndStaysWithinZeroToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Calibrate(outcomes.Draw(t, "outcomes"))
		last := -1.0
		for k := range 201 {
			y := c.Of(float64(k) / 200)
			if y < 0 || y > 1 || math.IsNaN(y) {
				t.Fatalf("%v at %v", y, float64(k)/200)
			}
			if y < last-1e-12 {
				t.Fatalf("it falls from %v to %v at %v", last, y, float64(k)/200)
			}
			last = y
		}
	})
}

func TestWithFewOutcomesACurveStaysNearTheIdentity(t *testing.T) {
	if y := (Curve{}).Of(0.37); y != 0.37 {
		t.Errorf("nothing is known, and 0.37 becomes %v", y)
	}
	rapid.Check(t, func(t *rapid.T) {
		list := outcomes.Draw(t, "outcomes")
		list = list[:min(len(list), 3)]
		c := Calibrate(list)
		for k := range 101 {
			x := float64(k) / 100
			if d := math.Abs(c.Of(x) - x); d > 0.2+0.1*float64(len(list)) {
				t.Fatalf("after %v, %v becomes %v", list, x, c.Of(x))
			}
		}
	})
}

func TestTheOrderOfOutcomesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := outcomes.Draw(t, "outcomes")
		c := Calibrate(list)
		d := Calibrate(rapid.Permutation(list).Draw(t, "in another order"))
		for k := range 21 {
			if x := float64(k) / 20; math.Abs(c.Of(x)-d.Of(x)) > 1e-9 {
				t.Fatalf("%v becomes %v or %v", x, c.Of(x), d.Of(x))
			}
		}
	})
}

// stream is a source of outcomes whose true frequency is known.
func stream(seed uint64, n int, truth func(said float64) float64) []Outcome {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]Outcome, n)
	for k := range out {
		said := math.Sqrt(r.Float64())
		out[k] = Outcome{said, r.Float64() < truth(said)}
	}
	return out
}

func TestACurveFindsTheTruthBehindWhatIsSaid(t *testing.T) {
	for name, truth := range map[string]func(float64) float64{
		"too sure":        func(x float64) float64 { return x * x },
		"not sure enough": func(x float64) float64 { return math.Sqrt(x) },
		"as it says":      func(x float64) float64 { return x },
	} {
		t.Run(name, func(t *testing.T) {
			c := Calibrate(stream(7, 4000, truth))
			off := 0.0
			for k := 1; k < 20; k++ {
				x := float64(k) / 20
				off += math.Abs(c.Of(x)-truth(x)) / 19
			}
			if off > 0.04 {
				t.Errorf("off by %.3f on average", off)
			}
		})
	}
}
