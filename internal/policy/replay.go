package policy

import (
	"cmp"
	"slices"
	"time"

	"switchboard/internal/routing"
)

// Opening is a conversation of the past, to be put through once more.
type Opening struct {
	ID       string
	Case     routing.Case // At: when it was opened, in the organisation's zone
	Excerpt  string
	Then     string        // the department that had it in the end
	Handling time.Duration // how long its answer took; 0: not known
	Idle     bool          // no answer is needed: it is nobody's work
}

// Calendar says when somebody works; *clock.Calendar is one.
type Calendar interface {
	Open(t time.Time) bool
	Between(a, b time.Time) time.Duration
}

// Worker is a person with their hours. Department, Working and Load of the person are the replay's to set.
type Worker struct {
	routing.Person
	Departments []string // they work for
	Hours       Calendar
	Absent      bool // all the while
}

// Plan is one way to put messages through: a map, rules and who is there.
type Plan struct {
	Map         *routing.Map
	Rules       *routing.Rules
	Operator    string
	Departments []routing.Department
	Hours       map[string]Calendar // of the departments: first responses are measured by them
	Workers     []Worker
}

// Queue is what one department would have had under a plan.
type Queue struct {
	Got      int           // conversations
	Answered int           // of them, by the end
	Waiting  int           // of them, unanswered a week after the last
	Median   time.Duration // until the first response, in business time of the department
	Slow     time.Duration // the same of the slowest tenth's quickest
	Work     time.Duration // handling times together
	Staffed  time.Duration // working times of its people together
	Peak     int           // the most that waited at once
}

// Side is a department before and after the change.
type Side struct {
	Department    string
	Then          int // how many it had in the end, people's corrections included
	Before, After Queue
}

// Share is what one person would have done under a plan.
type Share struct {
	Answered int           // conversations, those of the week after the last included
	Work     time.Duration // for these
	Staffed  time.Duration // their working time
}

// PersonSide is a person before and after the change.
type PersonSide struct {
	Person        string
	Before, After Share
}

// Moved is a conversation that another department would get.
type Moved struct {
	ID, Excerpt         string
	At                  time.Time
	Then, Before, After string
	Why                 []string // routing's reasons under the change
}

// Outcome compares two plans on the same past.
type Outcome struct {
	Openings int
	Idle     int // of them, those that needed no answer and so are in no queue
	Moves    int
	Moved    []Moved // the newest of them, the newest first
	Sides    []Side  // by department
	People   []PersonSide
	Measured int // openings whose handling time is known
}

// movedShown is how many moved conversations an Outcome lists.
const movedShown = 200

// usualHandling is how long an answer takes where nothing is known.
const usualHandling = 6 * time.Minute

// Replay puts the past through under two plans at once. It is pure: the same openings give the same outcome. Add the
// openings in the order of their times, then ask for the Outcome, once.
type Replay struct {
	before, after *floor
	usual         map[string]time.Duration
	out           Outcome
	moved         []Moved
	then          map[string]int
}

// NewReplay begins a replay. usual is how long an answer of a department usually takes, where one's own time is not known.
func NewReplay(before, after Plan, usual map[string]time.Duration) *Replay {
	return &Replay{before: newFloor(before), after: newFloor(after), usual: usual, then: map[string]int{}}
}

// Add puts one conversation through.
func (r *Replay) Add(o Opening) {
	r.out.Openings++
	if o.Idle {
		r.out.Idle++
		return
	}
	if o.Handling > 0 {
		r.out.Measured++
	}
	r.then[o.Then]++
	took := func(department string) time.Duration {
		if o.Handling > 0 {
			return o.Handling
		}
		return cmp.Or(r.usual[department], usualHandling)
	}
	before := r.before.arrive(&o, took)
	after := r.after.arrive(&o, took)
	if before.Department == after.Department {
		return
	}
	r.out.Moves++
	if len(r.moved) >= 2*movedShown { // they come oldest first
		r.moved = append(r.moved[:0], r.moved[movedShown:]...)
	}
	r.moved = append(r.moved, Moved{o.ID, o.Excerpt, o.Case.At, o.Then, before.Department, after.Department, after.Reasons})
}

// Outcome ends the replay: what still waits is worked off for a week.
func (r *Replay) Outcome() Outcome {
	r.out.Moved = newestFirst(r.moved, movedShown)
	before, after := r.before.end(), r.after.end()
	r.out.People = peopleSides(r.before.shares(), r.after.shares())
	names := map[string]bool{}
	for _, m := range []map[string]Queue{before, after} {
		for d := range m {
			names[d] = true
		}
	}
	for d := range r.then {
		names[d] = true
	}
	for d := range names {
		s := Side{Department: d, Then: r.then[d], Before: before[d], After: after[d]}
		if s.Then+s.Before.Got+s.After.Got > 0 || s.Before.Staffed > 0 {
			r.out.Sides = append(r.out.Sides, s)
		}
	}
	slices.SortFunc(r.out.Sides, func(a, b Side) int {
		return cmp.Or(cmp.Compare(b.After.Got, a.After.Got), cmp.Compare(b.Before.Got, a.Before.Got), cmp.Compare(a.Department, b.Department))
	})
	return r.out
}

// peopleSides puts side by side who had work or could have had any, those with the most first.
func peopleSides(before, after map[string]Share) (out []PersonSide) {
	for key := range after { // the same people are in both
		if p := (PersonSide{key, before[key], after[key]}); p.Before != p.After || p.Before != (Share{}) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b PersonSide) int {
		return cmp.Or(cmp.Compare(b.After.Answered, a.After.Answered), cmp.Compare(b.Before.Answered, a.Before.Answered), cmp.Compare(a.Person, b.Person))
	})
	return out
}
