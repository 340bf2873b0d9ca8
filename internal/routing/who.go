package routing

import (
	"cmp"
	"fmt"
	"slices"
)

// What tells, beside what consider weighs, who could be asked. Nobody is left out for it: who knows may still say a word.
const (
	belongsPoints = 2.0 // works for the department it points to; a share of it by how surely it does
	awayPoints    = 1.5 // taken off who is not at work
	fullPoints    = 1.0 // taken off who has no room
)

// Who is everybody of the roster for whom something speaks, the best first: to be asked by somebody, or given it. Each is there
// once, in the department of theirs that it points to most; who is not at work or has no room is further down and it says so.
func Who(in Case, roster *Roster) []Candidate {
	c := &in
	var all []considered
	for key, first := range roster.person {
		p := &roster.people[first]
		belongs := share(c.Departments, p.Department)
		roster.each(key, func(o *Person) {
			if s := share(c.Departments, o.Department); s > belongs {
				p, belongs = o, s
			}
		})
		k := consider(c, p)
		if k.knowledge == 0 && k.bond <= recent && k.learned == nil && belongs == 0 {
			continue
		}
		k.Why = k.why(c, roster)
		if belongs > 0 {
			k.Score += belongsPoints * belongs
			k.Why += fmt.Sprintf("; works for %s, which it points to (%d %%)", roster.name(p.Department), percent(belongs))
		}
		if !p.present(c.At) {
			k.Score -= awayPoints
			k.Why += "; is not at work"
		}
		if !p.free() {
			k.Score -= fullPoints
			k.Why += "; has no room"
		}
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b considered) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.load, b.load), cmp.Compare(a.Person, b.Person))
	})
	out := make([]Candidate, len(all))
	for i, k := range all {
		out[i] = k.Candidate
	}
	return out
}
