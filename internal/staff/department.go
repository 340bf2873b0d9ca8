package staff

import (
	"context"
	"fmt"
	"slices"
	"time"

	"switchboard/internal/clock"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// DepartmentID is the id of a Department.
type DepartmentID = id.Of[Department]

// Department is a queue that somebody answers. What it deals with is said in its phrases, in words as the public uses them,
// and in the intents it answers: together the first version of the responsibility map.
type Department struct {
	ID        DepartmentID
	Name      string
	Summary   string
	Phrases   []string
	Intents   []string
	StandIn   DepartmentID // has its queue when nobody here works; zero: nobody
	Operator  bool         // the switchboard's own queue: what fits nobody. Exactly one is
	Hours     *clock.Hours // nil: the organisation's
	Targets   Targets
	MoveOn    time.Duration // what nobody takes goes on after so much business time; 0: never
	TakeBack  time.Duration // a claim without an answer ends after so much business time; 0: never
	Precision int           // in per cent: so often it must be right that a message is put through here unasked; 0: the usual
	RetiredAt time.Time     // not zero: nothing goes there any more
	CreatedAt time.Time
}

// Targets are how fast a department means to be, in business time by its hours. Zero is no target of its own: an answer
// is then due by the organisation's usual terms (intake.House), settling has no term.
type Targets struct {
	FirstResponse time.Duration
	NextResponse  time.Duration
	Resolution    time.Duration
}

// DepartmentChange is what is to become of a department; nil leaves as it is.
type DepartmentChange struct {
	Name     *string
	Summary  *string
	Phrases  *[]string
	Intents  *[]string
	StandIn  *DepartmentID // zero: nobody
	Operator *bool         // true moves the operator's queue here; there is no taking it away
	Hours    *clock.Hours  // without a week: back to the organisation's
	Targets  *Targets
	TakeBack *time.Duration
	MoveOn   *time.Duration
	// Precision is from 50 to 99 per cent, or 0 for the usual.
	Precision *int
}

// usualMoveOn is how long nobody may take something in a new department before it goes on.
const usualMoveOn = 30 * time.Minute

// mostTarget is the longest target: beyond it somebody has mistaken the unit.
const mostTarget = 365 * 24 * time.Hour

// with is d after c.
func (d Department) with(c DepartmentChange) (_ Department, err error) {
	set := func(f func() error) {
		if err == nil {
			err = f()
		}
	}
	if c.Name != nil {
		set(func() (err error) { d.Name, err = named("name", *c.Name, 80); return })
	}
	if c.Summary != nil {
		set(func() (err error) { d.Summary, err = line("summary", *c.Summary, 500); return })
	}
	if c.Phrases != nil {
		set(func() (err error) { d.Phrases, err = lines("phrases", *c.Phrases, 300, 200); return })
	}
	if c.Intents != nil {
		set(func() (err error) { d.Intents, err = lines("intents", *c.Intents, 50, 40); return })
	}
	if c.Hours != nil {
		set(func() (err error) { d.Hours, err = hours("hours", c.Hours); return })
	}
	if c.Targets != nil {
		d.Targets = *c.Targets
		set(func() error { return within("targets", d.Targets.check()) })
	}
	if c.TakeBack != nil {
		d.TakeBack = *c.TakeBack
		set(func() error { return span("takeBack", d.TakeBack) })
	}
	if c.MoveOn != nil {
		d.MoveOn = *c.MoveOn
		set(func() error { return span("moveOn", d.MoveOn) })
	}
	if c.Precision != nil {
		d.Precision = *c.Precision
		if p := d.Precision; p != 0 && (p < 50 || p > 99) {
			set(func() error { return fault.In("precision", "per cent from 50 to 99, or 0 for the usual") })
		}
	}
	if c.StandIn != nil {
		d.StandIn = *c.StandIn
	}
	if c.Operator != nil {
		if d.Operator && !*c.Operator {
			set(func() error {
				return fault.In("operator", "there is always one operator's queue: make another department that, and this one stops being it")
			})
		}
		d.Operator = *c.Operator
	}
	return d, err
}

func (t Targets) check() error {
	for field, d := range map[string]time.Duration{"firstResponse": t.FirstResponse, "nextResponse": t.NextResponse, "resolution": t.Resolution} {
		if err := span(field, d); err != nil {
			return err
		}
	}
	return nil
}

func span(field string, d time.Duration) error {
	if d < 0 || d > mostTarget {
		return fault.In(field, fmt.Sprintf("minutes from 0 (none) to %d", int(mostTarget.Minutes())))
	}
	return nil
}

// AddDepartment makes a department. Only its name must be there.
func (s *Staff) AddDepartment(ctx context.Context, who Actor, c DepartmentChange) (d Department, err error) {
	if err := who.Require(DepartmentsManage); err != nil {
		return d, err
	}
	if c.Name == nil {
		return d, fault.In("name", "this must not be empty")
	}
	err = s.change(ctx, func(tx *store.Tx) error {
		d = Department{ID: id.Next[Department](s.Store.IDs), Phrases: []string{}, Intents: []string{}, MoveOn: usualMoveOn, CreatedAt: s.Now().UTC()}
		if d, err = d.with(c); err != nil {
			return err
		}
		all, err := departments(ctx, tx)
		if err != nil {
			return err
		}
		if len(all) >= 1000 {
			return fault.New(fault.Conflict, "there are 1000 departments already: retire some first")
		}
		if err := fits(all, d); err != nil {
			return err
		}
		if err := insertDepartment(ctx, tx, d); err != nil {
			return err
		}
		return s.toldDepartment(ctx, tx, who, d, "made", true)
	})
	return d, err
}

// ChangeDepartment changes a department.
func (s *Staff) ChangeDepartment(ctx context.Context, who Actor, of DepartmentID, c DepartmentChange) (d Department, err error) {
	if err := who.Require(DepartmentsManage); err != nil {
		return d, err
	}
	err = s.change(ctx, func(tx *store.Tx) error {
		all, err := departments(ctx, tx)
		if err != nil {
			return err
		}
		k := slices.IndexFunc(all, func(d Department) bool { return d.ID == of })
		if k < 0 {
			return noDepartment()
		}
		if d, err = all[k].with(c); err != nil {
			return err
		}
		all[k] = d
		if err := fits(all, d); err != nil {
			return err
		}
		if err := saveDepartment(ctx, tx, d); err != nil {
			return err
		}
		return s.toldDepartment(ctx, tx, who, d)
	})
	return d, err
}

// toldDepartment writes the journal, and moves the operator's flag if d has it now.
func (s *Staff) toldDepartment(ctx context.Context, tx *store.Tx, who Actor, d Department, more ...any) error {
	if d.Operator {
		if err := onlyOperator(ctx, tx, d.ID); err != nil {
			return err
		}
	}
	return tell(ctx, tx, who, journal.DepartmentChanged, journal.About("department", d.ID), append([]any{"name", d.Name}, more...)...)
}

// fits checks d among all: a name of its own, and a stand-in that is there and does not lead back.
func fits(all []Department, d Department) error {
	next := map[DepartmentID]DepartmentID{d.ID: d.StandIn}
	for _, o := range all {
		if o.ID == d.ID {
			continue
		}
		if o.Name == d.Name {
			return fault.In("name", "another department has this name")
		}
		next[o.ID] = o.StandIn
	}
	if _, ok := next[d.StandIn]; d.StandIn != 0 && !ok {
		return fault.New(fault.NotFound, "the department that is to stand in is not there")
	}
	for at, n := d.StandIn, 0; at != 0 && n <= len(next); at, n = next[at], n+1 {
		if at == d.ID {
			return fault.In("standIn", "these departments would stand in for each other in a circle: choose another")
		}
	}
	return nil
}

// RetireDepartment ends a department; what it has goes to another one. The operator's queue can't be retired.
func (s *Staff) RetireDepartment(ctx context.Context, who Actor, from, to DepartmentID) error {
	if err := who.Require(DepartmentsManage); err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		all, err := departments(ctx, tx)
		if err != nil {
			return err
		}
		find := func(of DepartmentID) int {
			return slices.IndexFunc(all, func(d Department) bool { return d.ID == of })
		}
		k := find(from)
		switch {
		case k < 0:
			return noDepartment()
		case all[k].Operator:
			return fault.New(fault.Conflict, "this is the operator's queue: make another department that first")
		case from == to:
			return fault.In("to", "its conversations must go to another department")
		case find(to) < 0:
			return fault.New(fault.NotFound, "the department its conversations are to go to is not there")
		}
		if err := retire(ctx, tx, from, to, s.Now()); err != nil {
			return err
		}
		if s.Retired != nil {
			if err := s.Retired(ctx, tx, who, from, to); err != nil {
				return err
			}
		}
		return tell(ctx, tx, who, journal.DepartmentRetired, journal.About("department", from), "name", all[k].Name, "to", to)
	})
}

// Departments returns those that are not retired, the operator's first, then by name.
func (s *Staff) Departments(ctx context.Context, who Actor) ([]Department, error) {
	if !who.Signed() {
		return nil, Unsigned()
	}
	r, err := s.Roster(ctx)
	if err != nil {
		return nil, err
	}
	out := []Department{}
	for _, d := range r.Departments() {
		if who.Can(SeePeople) || who.In(d.ID) {
			out = append(out, d)
		}
	}
	return out, nil
}

func noDepartment() error { return fault.New(fault.NotFound, "there is no such department here") }

func errAbsence() error { return fault.New(fault.NotFound, "there is no such absence") }
