package intake

import (
	"context"
	"fmt"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/routing"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// onward says where what is stuck goes, by who is there at one moment.
type onward struct {
	brain  *Brain
	staff  *staff.Roster
	now    time.Time
	roster *routing.Roster
	known  recalled
}

// Onward is the desk's Guide. It asks the database who is there: a stale answer would let something lie with who has left.
func (b *Brain) Onward(ctx context.Context, now time.Time) (desk.Onward, error) {
	r, err := b.Staff.Look(ctx)
	if err != nil {
		return nil, err
	}
	return &onward{brain: b, staff: r, now: now}, nil
}

// Begin is desk.Onward's.
func (o *onward) Begin(ctx context.Context, tx *store.Tx, those map[desk.ConversationID]desk.Conversation) error {
	held, err := holding(ctx, tx)
	if err != nil {
		return err
	}
	if o.known, err = recall(ctx, tx, o.brain.speakers(), those); err != nil {
		return err
	}
	o.roster = roster(o.staff, held, nil, o.now).Knowing(o.brain.experience())
	tx.After(o.brain.recount)
	return nil
}

// Next is desk.Onward's.
func (o *onward) Next(c desk.Conversation, why desk.Stuck) desk.Step {
	k := o.known.of(c)
	k.At = o.now
	s := routing.Stuck{Department: c.Department.String(), Leaving: why == desk.Leaving, Due: c.Clock.Due}
	if !c.Person.IsZero() {
		s.Person = c.Person.String()
	}
	for _, d := range c.Way.Departments {
		s.Departments = append(s.Departments, d.String())
	}
	for _, p := range c.Way.People {
		s.People = append(s.People, p.String())
	}
	n := routing.Onward(k, o.roster, s)
	took(o.roster, s.Person, k.Urgency, -1)
	took(o.roster, n.Person, k.Urgency, 1)
	step := desk.Step{Department: department(n.Department), Person: person(n.Person), Wait: n.Wait, End: n.End}
	if step.Department.IsZero() {
		step.Department = o.staff.Operator().ID
	}
	step.Reason = o.because(c, why) + "; " + o.where(c, why, step, n)
	return step
}

// took counts that a person has one more, or one less.
func took(r *routing.Roster, person, urgency string, n int) {
	switch {
	case person == "":
	case desk.UrgencyOf(urgency) == desk.Now:
		r.TookUrgent(person, n)
	default:
		r.Took(person, n)
	}
}

// because is why a conversation cannot stay, in words.
func (o *onward) because(c desk.Conversation, why desk.Stuck) string {
	p, _ := o.staff.Person(c.Person)
	d, there := o.staff.Department(c.Department)
	switch {
	case !there:
		return "its department is no more"
	case why == desk.Leaving && p.Absent(o.now):
		return p.Name + " is absent, and it is due before they are back"
	case why == desk.Leaving && !p.Here:
		return p.Name + " is not there, and little time is left"
	case why == desk.Leaving:
		return p.Name + "’s hours are over, and it is due before they are back"
	case c.Way.Waits:
		return "it waited for somebody to come to work"
	case c.Person.IsZero():
		return fmt.Sprintf("nobody took it in %s of %s’s hours", spell(d.MoveOn), d.Name)
	}
	return fmt.Sprintf("%s did not answer it in %s of %s’s hours", p.Name, spell(d.MoveOn), d.Name)
}

// where is what becomes of it, in words.
func (o *onward) where(c desk.Conversation, why desk.Stuck, s desk.Step, n routing.Step) string {
	p, _ := o.staff.Person(s.Person)
	d, _ := o.staff.Department(s.Department)
	operator := o.staff.Operator()
	switch {
	case s.End:
		return "there is nobody else it could go to: it stays with " + d.Name + " until somebody takes it"
	case !s.Wait.IsZero():
		first, _ := o.staff.Person(person(n.For))
		return fmt.Sprintf("nobody else is at work: it waits in the queue of %s for %s, who comes on %s", d.Name, first.Name, o.clock(s.Wait))
	case s.Department == c.Department && s.Person.IsZero() && c.Person.IsZero():
		return "everybody of " + d.Name + " who is at work has their hands full: it waits in the queue"
	case s.Department == c.Department && s.Person.IsZero():
		return "everybody else of " + d.Name + " who is at work has their hands full: it waits in the queue"
	case s.Department == c.Department:
		return fmt.Sprintf("put through to %s (%s)", p.Name, n.Why)
	case s.Department == operator.ID:
		return "put through to " + d.Name + ", whose people decide"
	case s.Person.IsZero():
		return "put through to " + d.Name + ", its stand-in"
	}
	return fmt.Sprintf("put through to %s of %s, its stand-in (%s)", p.Name, d.Name, n.Why)
}

// clock is a moment in the organisation's zone, as people say it.
func (o *onward) clock(t time.Time) string {
	if zone, err := time.LoadLocation(o.staff.Organisation().Zone); err == nil {
		t = t.In(zone)
	}
	return t.Format("Mon 2 Jan at 15:04 MST")
}

// spell is a length of time as people say it.
func spell(d time.Duration) string {
	n, unit := int(d.Minutes()), "minute"
	if n >= 60 && n%60 == 0 {
		n, unit = n/60, "hour"
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}

// Leaves is when a person leaves what is due at due behind: see desk.Shifts.
func (h House) Leaves(of staff.PersonID, t, due time.Time, claimed bool) time.Time {
	r := h.roster()
	p, ok := r.Person(of)
	if !ok || p.State != staff.Active {
		return time.Time{} // who is disabled holds nothing
	}
	for range mostShifts {
		leave, back := r.Leaves(p, t)
		switch {
		case leave.IsZero():
			return leave
		case back.After(due) && !(claimed && leave.Equal(t)):
			return leave
		}
		t, claimed = back, false
	}
	return time.Time{}
}

// mostShifts is how far ahead we look for the one in which something is due: who works twice a day for a year.
const mostShifts = 800

// Away reports whether a person has said not to be there: an absence, or not here.
func (h House) Away(of staff.PersonID, t time.Time) bool {
	p, ok := h.roster().Person(of)
	return ok && (!p.Here || p.Absent(t))
}
