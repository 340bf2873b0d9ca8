package routing

import (
	"cmp"
	"slices"
	"time"
)

// Assign says when a department's messages go to a person rather than into its queue.
type Assign string

const (
	AssignKnown  Assign = ""       // when somebody knows the matter or the contact
	AssignAlways Assign = "always" // to whoever is best and free
	AssignNever  Assign = "never"  // people take from the queue themselves
)

// Department is somewhere a message can be put through to.
type Department struct {
	Key       string  `json:"key"`
	Name      string  `json:"name"`
	Assign    Assign  `json:"assign,omitempty"`
	Threshold float64 `json:"threshold,omitempty"` // confidence from which a message is put through unasked; 0: the roster's
	StandIn   string  `json:"standIn,omitempty"`   // has what nobody here takes; "": the operator
}

// Person is a member of staff as routing sees them at this moment, in one department. Who works for several is listed once in
// each, and what they hold is the same in all.
type Person struct {
	Key         string    `json:"key"`
	Name        string    `json:"name"`
	Department  string    `json:"department"`
	Skills      []string  `json:"skills,omitempty"`
	Languages   []string  `json:"languages,omitempty"` // none: not known, and not held against them
	Speaks      bool      `json:"speaks,omitempty"`    // on every account, by role
	Working     bool      `json:"working"`             // within working hours now
	AbsentUntil time.Time `json:"absentUntil,omitzero"`
	Back        time.Time `json:"back,omitzero"`    // when they are next at work, of somebody who is not; zero: not known
	Load        int       `json:"load"`             // open conversations
	Urgent      int       `json:"urgent,omitempty"` // those of them that cannot wait
	Capacity    int       `json:"capacity"`         // at most so many; 0: no limit
	Learned     []Learned `json:"learned,omitempty"`
}

// defaultThreshold is the confidence from which a message is put through unasked, until a department's own stream says
// what its precision needs.
const defaultThreshold = 0.5

// Roster is who is there, indexed for many decisions. Decide only reads it; Took changes loads and must not run beside it.
type Roster struct {
	operator    string
	threshold   float64
	departments []Department
	people      []Person // by department, then key
	department  map[string]int
	person      map[string]int // where each is listed first
	again       []int          // by place in people: where the same person is listed next, 0 for nowhere
	staff       [][2]int       // by department: its people are people[from:to]
}

// NewRoster indexes who is there. operator is the key of the department that gets what nobody else should; threshold is
// the confidence below which it does, 0 for the usual. Of two entries with one key the first in order counts, of people in each
// department; how much somebody holds is what the first says.
func NewRoster(operator string, threshold float64, departments []Department, people []Person) *Roster {
	if threshold <= 0 {
		threshold = defaultThreshold
	}
	r := &Roster{operator: operator, threshold: threshold, department: map[string]int{}, person: make(map[string]int, len(people))}
	r.departments = slices.Clone(departments)
	slices.SortStableFunc(r.departments, func(a, b Department) int { return cmp.Compare(a.Key, b.Key) })
	r.departments = slices.CompactFunc(r.departments, func(a, b Department) bool { return a.Key == b.Key })
	for i, d := range r.departments {
		r.department[d.Key] = i
	}
	r.people = slices.Clone(people)
	slices.SortStableFunc(r.people, func(a, b Person) int {
		return cmp.Or(cmp.Compare(a.Department, b.Department), cmp.Compare(a.Key, b.Key))
	})
	r.people = slices.CompactFunc(r.people, func(a, b Person) bool { return a.Department == b.Department && a.Key == b.Key })
	r.staff = make([][2]int, len(r.departments))
	r.again = make([]int, len(r.people))
	last := make(map[string]int, len(r.people))
	for i := range r.people {
		p := &r.people[i]
		if first, listed := r.person[p.Key]; listed {
			r.again[last[p.Key]] = i
			p.Load, p.Urgent = r.people[first].Load, r.people[first].Urgent
		} else {
			r.person[p.Key] = i
		}
		last[p.Key] = i
		if d, ok := r.department[p.Department]; ok {
			if r.staff[d][1] == 0 {
				r.staff[d][0] = i
			}
			r.staff[d][1] = i + 1
		}
	}
	return r
}

// each calls f for a person in each of their departments.
func (r *Roster) each(person string, f func(*Person)) {
	i, ok := r.person[person]
	for ; ok; i, ok = r.again[i], r.again[i] > 0 {
		f(&r.people[i])
	}
}

// Took says that person now has n conversations more, or fewer, so that the next decision sees it.
func (r *Roster) Took(person string, n int) {
	r.each(person, func(p *Person) { p.Load = max(0, p.Load+n) })
}

// TookUrgent is Took for conversations that cannot wait: they count as all others do, and among each other.
func (r *Roster) TookUrgent(person string, n int) {
	r.Took(person, n)
	r.each(person, func(p *Person) { p.Urgent = max(0, p.Urgent+n) })
}

// Holds says how many conversations a person has, and how many of them cannot wait.
func (r *Roster) Holds(person string, load, urgent int) {
	r.each(person, func(p *Person) { p.Load, p.Urgent = load, urgent })
}

// Clone is a roster whose loads can change without changing r's.
func (r *Roster) Clone() *Roster {
	c := *r
	c.people = slices.Clone(r.people)
	return &c
}

// Operator is the key of the department that gets what nobody else should.
func (r *Roster) Operator() string { return r.operator }

func (r *Roster) has(department string) bool {
	_, ok := r.department[department]
	return ok
}

func (r *Roster) name(department string) string {
	if i, ok := r.department[department]; ok && r.departments[i].Name != "" {
		return r.departments[i].Name
	}
	return department
}

// called is a person's name.
func (r *Roster) called(person string) string {
	if i, ok := r.person[person]; ok {
		return named(r.people[i].Name, person)
	}
	return person
}

// members are the people of a department.
func (r *Roster) members(department string) (from, to int) {
	if i, ok := r.department[department]; ok {
		return r.staff[i][0], r.staff[i][1]
	}
	return 0, 0
}

// present reports whether p works at that moment.
func (p *Person) present(at time.Time) bool {
	return p.Working && !p.AbsentUntil.After(at)
}

// free reports whether p can take one more.
func (p *Person) free() bool { return p.Capacity <= 0 || p.Load < p.Capacity }

// open reports whether anybody of the department works at that moment, other than those left out.
func (r *Roster) open(department string, at time.Time, without ...string) bool {
	from, to := r.members(department)
	for i := from; i < to; i++ {
		if r.people[i].present(at) && !slices.Contains(without, r.people[i].Key) {
			return true
		}
	}
	return false
}
