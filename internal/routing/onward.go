package routing

import (
	"slices"
	"time"
)

// Stuck is a case that cannot stay where it is: nobody took it in time, or whoever has it leaves before it is due.
type Stuck struct {
	Department string
	Person     string // who has it; "": it stands in the department's queue
	// Leaving says that Person goes and is not back before Due; otherwise it was not taken, or not answered, in time.
	Leaving bool
	Due     time.Time
	// Departments and People are where it has been since somebody last decided where it goes: it goes to none of them again.
	Departments []string
	People      []string
}

// Step is where a stuck case goes. Department is never empty as long as the roster has an operator.
type Step struct {
	Department string
	Person     string    // "": the department's queue
	Wait       time.Time // not zero: it waits in that queue until then, when somebody comes to work
	For        string    // who that is
	End        bool      // there is nowhere left to go: it stays with the operator until a person decides
	Why        string    // of the person: "knows invoices; free"
}

// Onward says where a stuck case goes: to the best free person of its department; else to the stand-in, and the stand-in's;
// else to the operator, where it goes from one to the next and then stays. Who or what it has been with is left out, so each
// way ends. As long as operators are at work who have their hands full, it stays in their queue and is looked at again. When nobody
// on the way is at work it waits in the department's queue for the first who will be; it also waits,
// when somebody leaves, for a colleague who comes before it is due.
func Onward(in Case, roster *Roster, s Stuck) Step {
	c := &in
	if !roster.has(s.Department) { // it was retired
		s.Department = roster.operator
	}
	without := slices.Clone(s.People)
	if !s.Leaving { // who leaves is not at work now, but may be the first who is again
		without = append(without, s.Person)
	}
	if best := candidates(c, roster, s.Department, 1, without...); len(best) > 0 {
		return Step{Department: s.Department, Person: best[0].Person, Why: best[0].Why}
	}
	comes, who := roster.next(s.Department, without...)
	if s.Leaving {
		switch {
		case roster.open(s.Department, c.At, without...): // all have their hands full, but can see it
			return Step{Department: s.Department}
		case !comes.IsZero() && comes.Before(s.Due):
			return Step{Department: s.Department, Wait: comes, For: who}
		}
	}
	if s.Department == roster.operator && roster.open(s.Department, c.At, without...) { // one of the operators is at work and will have a hand free sooner than another comes
		return Step{Department: s.Department}
	}
	way := roster.way(s)
	for _, d := range way {
		if roster.open(d, c.At, without...) {
			return roster.enter(c, d, without)
		}
	}
	for _, d := range way { // nobody is at work: the first who will be
		if at, p := roster.next(d, without...); !at.IsZero() && (comes.IsZero() || at.Before(comes)) {
			comes, who = at, p
		}
	}
	switch {
	case !comes.IsZero():
		return Step{Department: s.Department, Wait: comes, For: who}
	case s.Department != roster.operator:
		return Step{Department: roster.operator}
	}
	return Step{Department: s.Department, End: true}
}

// way are the departments after the one that has it: who stands in, one after the other, then the operator, who is the end.
func (r *Roster) way(s Stuck) (way []string) {
	if s.Department == r.operator {
		return nil
	}
	seen := append(slices.Clone(s.Departments), s.Department, r.operator)
	for d := r.standIn(s.Department); r.has(d) && !slices.Contains(way, d) && d != s.Department; d = r.standIn(d) {
		if !slices.Contains(seen, d) {
			way = append(way, d)
		}
		if d == r.operator || len(way) > len(r.departments) {
			break
		}
	}
	return append(way, r.operator)
}

func (r *Roster) standIn(department string) string {
	if i, ok := r.department[department]; ok {
		return r.departments[i].StandIn
	}
	return ""
}

// enter is the step into another department: to its best free person, or its queue. The operators decide among themselves.
func (r *Roster) enter(c *Case, department string, without []string) Step {
	if department != r.operator {
		if best := candidates(c, r, department, 1, without...); len(best) > 0 {
			return Step{Department: department, Person: best[0].Person, Why: best[0].Why}
		}
	}
	return Step{Department: department}
}

// next is when the first of a department who is not at work comes to work, and who that is.
func (r *Roster) next(department string, without ...string) (at time.Time, who string) {
	from, to := r.members(department)
	for _, p := range r.people[from:to] {
		if p.Working || p.Back.IsZero() || slices.Contains(without, p.Key) {
			continue
		}
		if at.IsZero() || p.Back.Before(at) {
			at, who = p.Back, p.Key
		}
	}
	return at, who
}
