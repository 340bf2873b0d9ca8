package insight

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/staff"
)

// Share is how many of how many.
type Share struct{ N, Of int }

func (s *Share) count(yes bool) {
	s.Of++
	if yes {
		s.N++
	}
}

// Rate is the share as a number from 0 to 1; 0 of nothing.
func (s Share) Rate() float64 {
	if s.Of == 0 {
		return 0
	}
	return float64(s.N) / float64(s.Of)
}

// Board is how well the machine judged in a span, as far as is known now. Shares count settled verdicts, except where it
// says otherwise.
type Board struct {
	From, Until time.Time
	Capped      bool // there were more verdicts than are looked at: the newest count
	// Damaged is when what triage had learned was last found damaged, and made anew from what people corrected; zero: never.
	Damaged   time.Time
	All       int // verdicts, settled or not
	Settled   int
	ByHow     map[How]int
	Corrected int // of all: a person said it was about something else

	First     Share   // the likeliest department dealt with it
	Three     Share   // one of the three likeliest did
	Balanced  float64 // First, with each department counting alike
	Coverage  Share   // put through by the machine's own judgement, of all no rule decided
	Precision Share   // of these the right ones
	Error     float64 // by how much what is said is off, on average

	Bins        []Bin // ten
	Weeks       []Week
	Confusion   []Pair // what was thought of wrongly, the most frequent first
	Departments []Row
	Accounts    []OnAccount
	Home        Share // right, of what arrived on the account its department usually is reached on
	Elsewhere   Share // right, of what arrived on another one
}

// Bin is what was said with a confidence from From to below Until.
type Bin struct {
	From, Until float64
	Said        float64 // the mean of what was said
	Was         Share
	Calibrated  float64 // what would be believed of Said
}

// Week is seven days, the last one ending when the board does.
type Week struct {
	From, Until time.Time
	First       Share
	Unlike      Share   // of all, settled or not: said with less confidence than nine in ten of the four weeks before
	Level       float64 // that confidence; 0 when too little is known of the weeks before
}

// Pair is a department that was thought of and the one it was.
type Pair struct {
	Said, Was staff.DepartmentID
	N         int
}

// Row is one department.
type Row struct {
	Department staff.DepartmentID
	Said       Share // right, of what it was thought likeliest for
	Was        Share // found, of what it really dealt with
	Wanted     float64
	Least      Least
	Coverage   Share // put through by the machine, of Said
	Precision  Share
}

// OnAccount is one account.
type OnAccount struct {
	Account   account.ID
	First     Share
	Home      staff.DepartmentID // deals with most of what arrives here
	Elsewhere Share              // right, of what another department deals with
}

const (
	week   = 7 * 24 * time.Hour
	before = 4 * week
)

// Score reckons the board for verdicts from the span and the four weeks before it, in any order.
func Score(list []Verdict, from, until time.Time, departments []staff.Department, least map[staff.DepartmentID]Least) Board {
	b := Board{From: from, Until: until, ByHow: map[How]int{}}
	var span []*Verdict // of the board
	var settled []*Verdict
	for k := range list {
		v := &list[k]
		if v.At.Before(from) || !v.At.Before(until) {
			continue
		}
		span = append(span, v)
		if v.TrueIntent != "" {
			b.Corrected++
		}
		if v.Settled() {
			settled = append(settled, v)
		}
	}
	b.All, b.Settled = len(span), len(settled)
	for _, v := range settled {
		b.ByHow[v.How]++
		b.First.count(v.Right())
		b.Three.count(v.Among())
		if v.By != "rule" {
			b.Coverage.count(v.Unattended())
		}
		if v.Unattended() {
			b.Precision.count(v.Right())
		}
	}
	b.calibrate(settled)
	b.weeks(list, from, until)
	b.departments(settled, departments, least)
	b.accounts(settled)
	return b
}

// calibrate compares what was said with what was.
func (b *Board) calibrate(settled []*Verdict) {
	const bins = 10
	var outcomes []Outcome
	var sums [bins]float64
	b.Bins = make([]Bin, bins)
	for _, v := range settled {
		if v.Likely[0].IsZero() {
			continue
		}
		said := inside(v.Confidence)
		outcomes = append(outcomes, Outcome{said, v.Right()})
		k := min(bins-1, int(said*bins))
		sums[k] += said
		b.Bins[k].Was.count(v.Right())
	}
	curve := Calibrate(outcomes)
	for k := range b.Bins {
		n := &b.Bins[k]
		n.From, n.Until = float64(k)/bins, float64(k+1)/bins
		n.Said = (n.From + n.Until) / 2
		if n.Was.Of > 0 {
			n.Said = sums[k] / float64(n.Was.Of)
			b.Error += abs(n.Said-n.Was.Rate()) * float64(n.Was.Of) / float64(len(outcomes))
		}
		n.Calibrated = curve.Of(n.Said)
	}
}

func abs(x float64) float64 { return max(x, -x) }

// weeks says how it went week by week, and how much is unlike what came before.
func (b *Board) weeks(list []Verdict, from, until time.Time) {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, c Verdict) int { return a.At.Compare(c.At) })
	since := func(t time.Time) int {
		k, _ := slices.BinarySearchFunc(list, t, func(v Verdict, t time.Time) int { return v.At.Compare(t) })
		return k
	}
	for end := until; end.After(from); end = end.Add(-week) {
		w := Week{From: end.Add(-week), Until: end}
		if w.From.Before(from) {
			w.From = from
		}
		if earlier := list[since(w.From.Add(-before)):since(w.From)]; len(earlier) >= Fewest {
			w.Level = tenth(earlier)
		}
		for _, v := range list[since(w.From):since(w.Until)] {
			if v.Settled() {
				w.First.count(v.Right())
			}
			if w.Level > 0 {
				w.Unlike.count(v.Confidence < w.Level)
			}
		}
		b.Weeks = append(b.Weeks, w)
	}
	slices.Reverse(b.Weeks)
}

// tenth is the confidence that one verdict in ten is below.
func tenth(list []Verdict) float64 {
	all := make([]float64, len(list))
	for k, v := range list {
		all[k] = v.Confidence
	}
	slices.Sort(all)
	return all[len(all)/10]
}

// departments tells them apart: how often each was found, and what was taken for what.
func (b *Board) departments(settled []*Verdict, departments []staff.Department, least map[staff.DepartmentID]Least) {
	rows := map[staff.DepartmentID]*Row{}
	for _, d := range departments {
		rows[d.ID] = &Row{Department: d.ID, Wanted: Wanted(d), Least: least[d.ID]}
	}
	row := func(d staff.DepartmentID) *Row {
		if rows[d] == nil { // retired since
			rows[d] = &Row{Department: d, Wanted: UsualPrecision}
		}
		return rows[d]
	}
	pairs := map[[2]staff.DepartmentID]int{}
	for _, v := range settled {
		said, was := v.Likely[0], v.Was()
		if !was.IsZero() {
			row(was).Was.count(v.Right())
		}
		if said.IsZero() {
			continue
		}
		pairs[[2]staff.DepartmentID{said, was}]++
		r := row(said)
		r.Said.count(v.Right())
		if v.By != "rule" {
			r.Coverage.count(v.Unattended())
		}
		if v.Unattended() {
			r.Precision.count(v.Right())
		}
	}
	for p, n := range pairs {
		b.Confusion = append(b.Confusion, Pair{p[0], p[1], n})
	}
	slices.SortFunc(b.Confusion, func(a, c Pair) int {
		return cmp.Or(cmp.Compare(c.N, a.N), cmp.Compare(a.Said, c.Said), cmp.Compare(a.Was, c.Was))
	})
	found, n := 0.0, 0
	for _, r := range rows {
		if r.Was.Of > 0 {
			found, n = found+r.Was.Rate(), n+1
		}
		if r.Said.Of > 0 || r.Was.Of > 0 || least != nil && r.Least.Source != "" {
			b.Departments = append(b.Departments, *r)
		}
	}
	if n > 0 {
		b.Balanced = found / float64(n)
	}
	slices.SortFunc(b.Departments, func(a, c Row) int {
		return cmp.Or(cmp.Compare(c.Was.Of, a.Was.Of), cmp.Compare(a.Department, c.Department))
	})
}

// accounts tells apart what arrived where its department is usually reached, and what did not.
func (b *Board) accounts(settled []*Verdict) {
	count := map[account.ID]map[staff.DepartmentID]int{}
	for _, v := range settled {
		if count[v.Account] == nil {
			count[v.Account] = map[staff.DepartmentID]int{}
		}
		count[v.Account][v.Was()]++
	}
	rows := map[account.ID]*OnAccount{}
	for a, by := range count {
		home := slices.MaxFunc(slices.Sorted(maps.Keys(by)), func(x, y staff.DepartmentID) int { return cmp.Compare(by[x], by[y]) })
		rows[a] = &OnAccount{Account: a, Home: home}
	}
	for _, v := range settled {
		r := rows[v.Account]
		r.First.count(v.Right())
		if v.Was() == r.Home {
			b.Home.count(v.Right())
			continue
		}
		r.Elsewhere.count(v.Right())
		b.Elsewhere.count(v.Right())
	}
	for _, r := range rows {
		b.Accounts = append(b.Accounts, *r)
	}
	slices.SortFunc(b.Accounts, func(a, c OnAccount) int {
		return cmp.Or(cmp.Compare(c.First.Of, a.First.Of), cmp.Compare(a.Account, c.Account))
	})
}
