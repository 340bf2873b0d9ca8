package insight

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/account"
	"switchboard/internal/staff"
)

// judged is a verdict on something said with a confidence, days ago.
func judged(days float64, by string, said, was staff.DepartmentID, sure float64) Verdict {
	v := Verdict{At: monday.Add(-time.Duration(days * 24 * float64(time.Hour))), By: by, Likely: [3]staff.DepartmentID{said, press}, Confidence: sure,
		Decided: said, Truth: was, Account: account.ID(7), How: Answered}
	if was != 0 {
		v.SettledAt = v.At.Add(time.Hour)
	}
	return v
}

func TestAScoreboardCounts(t *testing.T) {
	list := []Verdict{
		judged(1, "model", sales, sales, 0.92), judged(1, "model", sales, sales, 0.95), judged(2, "map", sales, billing, 0.61),
		judged(2, "operator", billing, press, 0.31), judged(3, "operator", billing, billing, 0.35), judged(3, "rule", sales, billing, 0.2),
		judged(4, "model", sales, 0, 0.9), judged(40, "model", sales, sales, 0.9),
	}
	b := Score(list, monday.Add(-30*24*time.Hour), monday, []staff.Department{{ID: sales}, {ID: billing}, {ID: press}}, nil)
	for name, tt := range map[string]struct{ got, want any }{
		"conversations": {b.All, 7}, "settled": {b.Settled, 6}, "first": {b.First, Share{3, 6}}, "one of three": {b.Three, Share{4, 6}},
		"coverage": {b.Coverage, Share{3, 5}}, "precision": {b.Precision, Share{2, 3}}, "answered": {b.ByHow[Answered], 6},
		"sure": {b.Bins[9].Was, Share{2, 2}}, "less sure": {b.Bins[3].Was, Share{1, 2}}, "home": {b.Home, Share{1, 3}}, "elsewhere": {b.Elsewhere, Share{2, 3}},
		"weeks": {len(b.Weeks), 5}, "the last week": {b.Weeks[4].First, Share{3, 6}}, "mixed up": {len(b.Confusion), 4},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %v, want %v", name, tt.got, tt.want)
		}
	}
	if want := (1.0 + 1.0/3 + 0) / 3; math.Abs(b.Balanced-want) > 1e-9 {
		t.Errorf("balanced %v, want %v", b.Balanced, want)
	}
	for _, r := range b.Departments {
		if r.Department == sales && (r.Said != Share{2, 4} || r.Was != Share{2, 2} || r.Coverage != Share{3, 3} || r.Precision != Share{2, 3}) {
			t.Errorf("sales: %+v", r)
		}
	}
}

func TestAnEmptyScoreboardSaysNothing(t *testing.T) {
	b := Score(nil, monday.Add(-week), monday, nil, nil)
	if b.Settled != 0 || b.Balanced != 0 || b.Error != 0 || len(b.Bins) != 10 || len(b.Weeks) != 1 {
		t.Errorf("%+v", b)
	}
}

func TestWhatIsUnlikeBeforeIsSeen(t *testing.T) {
	var list []Verdict
	for k := range 400 { // four weeks of a steady stream, then a week of which half is strange
		sure := 0.5 + float64(k%50)/100
		list = append(list, judged(7+28*float64(k)/400, "model", sales, 0, sure))
	}
	for k := range 100 {
		sure := 0.5 + float64(k%50)/100
		if k%2 == 0 {
			sure = 0.2
		}
		list = append(list, judged(7*float64(k)/100+0.01, "model", sales, 0, sure))
	}
	b := Score(list, monday.Add(-week), monday, nil, nil)
	if got := b.Weeks[0].Unlike; got.Of < 100 || got.Of > 102 || got.N < 50 || got.N > 60 {
		t.Errorf("unlike: %v below %v", got, b.Weeks[0].Level)
	}
}

func TestSharesAreWithinTheirWhole(t *testing.T) {
	one := rapid.Custom(func(t *rapid.T) Verdict {
		d := rapid.SampledFrom([]staff.DepartmentID{0, sales, billing, press})
		return judged(rapid.Float64Range(0, 70).Draw(t, "days"), rapid.SampledFrom([]string{"rule", "map", "model", "operator"}).Draw(t, "by"),
			d.Draw(t, "said"), d.Draw(t, "was"), rapid.Float64Range(0, 1).Draw(t, "sure"))
	})
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(one, 0, 60).Draw(t, "verdicts")
		b := Score(list, monday.Add(-30*24*time.Hour), monday, []staff.Department{{ID: sales}}, nil)
		bins, weeks, pairs, was, on := 0, 0, 0, 0, 0
		for _, n := range b.Bins {
			bins += n.Was.Of
		}
		for _, w := range b.Weeks {
			weeks += w.First.Of
		}
		for _, p := range b.Confusion {
			pairs += p.N
		}
		for _, r := range b.Departments {
			was += r.Was.Of
		}
		for _, a := range b.Accounts {
			on += a.First.Of
		}
		if bins > b.Settled || pairs != bins || weeks != b.Settled || was != b.Settled || on != b.Settled || b.Home.Of+b.Elsewhere.Of != b.Settled {
			t.Fatalf("of %d settled: bins %d, pairs %d, weeks %d, departments %d, accounts %d", b.Settled, bins, pairs, weeks, was, on)
		}
		for _, s := range []Share{b.First, b.Three, b.Coverage, b.Precision, b.Home, b.Elsewhere} {
			if s.N < 0 || s.N > s.Of || s.Of > b.Settled {
				t.Fatalf("%v of %d", s, b.Settled)
			}
		}
		if b.First.N > b.Three.N || b.Balanced < 0 || b.Balanced > 1 || b.Error < 0 || b.Error > 1 {
			t.Fatalf("%+v", b)
		}
	})
}
