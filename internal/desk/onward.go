package desk

import (
	"context"
	"slices"
	"time"

	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Stuck is why a conversation cannot stay where it is; "" says that it can.
type Stuck string

const (
	Unanswered Stuck = "unanswered" // nobody took it, or whom it was put through to did not answer, in the department's time
	Leaving    Stuck = "leaving"    // its person is absent or goes home, and it is due before they are back
)

// Way is where a conversation has been by itself since a person last decided where it goes. It goes to none of them again,
// so every way ends; whoever only went home may have it again when they are back.
type Way struct {
	Departments []staff.DepartmentID `json:"departments,omitempty"`
	People      []staff.PersonID     `json:"people,omitempty"`
	Waits       bool                 `json:"waits,omitempty"` // for somebody to come to work
	Full        bool                 `json:"full,omitempty"`  // it waits in its queue, as all who are at work have their hands full
	Ended       bool                 `json:"ended,omitempty"` // it stays with the operators
}

// passed is w after it was with a person in vain.
func (w Way) passed(p staff.PersonID) Way {
	if !p.IsZero() && !slices.Contains(w.People, p) {
		w.People = append(slices.Clone(w.People), p)
	}
	return w
}

// Step is where a stuck conversation goes.
type Step struct {
	Department staff.DepartmentID
	Person     staff.PersonID // zero: the department's queue
	Wait       time.Time      // not zero: it waits in its department's queue until then, when somebody comes to work
	End        bool           // there is nowhere left to go: it stays with the operators until one takes it
	Reason     string         // in words: why it could not stay, and why it goes there
}

// Guide says where conversations go that are stuck. Package intake is it: it knows who is there and who would be best.
type Guide interface {
	// Onward looks who is there at a moment, which is now.
	Onward(ctx context.Context, now time.Time) (Onward, error)
}

// Onward is a Guide for what is stuck at one moment.
type Onward interface {
	// Begin counts in tx who holds how much, and reads what is known of those that Next may be asked about. Until tx ends nobody
	// else is given anything in this way.
	Begin(ctx context.Context, tx *store.Tx, those map[ConversationID]Conversation) error
	// Next says where c goes, and counts it there.
	Next(c Conversation, why Stuck) Step
}

// Shifts says when people are at work.
type Shifts interface {
	// Leaves returns the first moment from t on at which p is not at work and not back before due; zero: there is none. With
	// claimed somebody who is not at work at t counts as if they were until they next are: they took it themselves just now.
	Leaves(p staff.PersonID, t, due time.Time, claimed bool) time.Time
	// Away reports whether p has said not to be there at t, whatever their hours.
	Away(p staff.PersonID, t time.Time) bool
}

// watched is c with the moments at which it goes on by itself. Only what is open and waited for does.
func (c Conversation) watched(t Terms, now time.Time) Conversation {
	c.MoveAt = time.Time{}
	if c.State == Open && c.Clock.Running() && t.MoveOn > 0 {
		c.MoveAt = t.Hours.Add(now, t.MoveOn)
	}
	return c.leaving(t, now, false)
}

// leaving is c with the moment at which its person leaves it behind.
func (c Conversation) leaving(t Terms, now time.Time, claimed bool) Conversation {
	c.LeaveAt = time.Time{}
	if c.State == Open && c.Clock.Running() && !c.Person.IsZero() && t.Shifts != nil {
		c.LeaveAt = t.Shifts.Leaves(c.Person, now, c.Clock.Due, claimed)
	}
	return c
}

// resumed is c open again, or still, with whoever has it: a new way begins. A person who has it is not asked to take it again.
func (c Conversation) resumed(t Terms, now time.Time) Conversation {
	c.Way = Way{}
	c = c.watched(t, now)
	if !c.Person.IsZero() {
		c.MoveAt = time.Time{}
	}
	return c
}

// taken is c with a person as its owner by their own will.
func (c Conversation) taken(p staff.PersonID, t Terms, now time.Time) Conversation {
	c = c.own(c.Department, p, t, now)
	c.MoveAt = time.Time{}
	return c.leaving(t, now, true)
}

// Taken is taken, for delivery: who answers has taken it. Who has it already keeps it.
func (c Conversation) Taken(p staff.PersonID, t Terms, now time.Time) Conversation {
	if c.Person == p {
		c.MoveAt = time.Time{}
		return c
	}
	return c.taken(p, t, now)
}

// still is c with nothing that happens by itself but its clocks.
func (c Conversation) still() Conversation {
	c.TakeBackAt, c.MoveAt, c.LeaveAt, c.Way = time.Time{}, time.Time{}, time.Time{}, Way{}
	return c
}

// stuck is why c cannot stay where it is, and c with the moment at which to look again when it can. looked says that a
// clock has just warned or breached: then who is away is noticed, too.
func (c Conversation) stuck(t Terms, now time.Time, looked bool) (Conversation, Stuck) {
	if c.State != Open || !c.Clock.Running() {
		c.MoveAt, c.LeaveAt = time.Time{}, time.Time{}
		return c, ""
	}
	if !c.LeaveAt.IsZero() && !now.Before(c.LeaveAt) {
		c = c.leaving(t, now, false)
		looked = true
	}
	late := c.Clock.State != Running
	switch {
	case !c.LeaveAt.IsZero() && !now.Before(c.LeaveAt):
		return c, Leaving
	case looked && late && !c.Person.IsZero() && t.Shifts != nil && t.Shifts.Away(c.Person, now):
		return c, Leaving
	case !c.MoveAt.IsZero() && !now.Before(c.MoveAt):
		return c, Unanswered
	}
	return c, ""
}

// onward is c after a step, and what to tell of it: nothing when it waits on as before. t are the terms of where it goes.
func (c Conversation) onward(s Step, why Stuck, t Terms, now time.Time) (Conversation, []journal.Entry) {
	was, way := c, c.Way
	if why == Unanswered {
		way = way.passed(c.Person)
	}
	if s.Department != c.Department {
		way.Departments = append(slices.Clone(way.Departments), c.Department)
	}
	c = c.own(s.Department, s.Person, t, now)
	quiet := false
	switch {
	case s.End:
		quiet, c.MoveAt = way.Ended, time.Time{}
		way.Ended, way.Waits, way.Full = true, false, false
	case !s.Wait.IsZero():
		quiet, c.MoveAt = way.Waits && was.Person.IsZero(), later(s.Wait, now.Add(time.Second))
		way.Waits, way.Full = true, false
	default:
		stays := s.Department == was.Department && s.Person.IsZero()
		quiet = stays && way.Full && was.Person.IsZero()
		way.Waits, way.Full = false, stays
	}
	if c.Way = way; quiet {
		return c, nil
	}
	c.Decision = Decision{Department: c.Department, Person: c.Person, By: "path", Confidence: was.Decision.Confidence, Reasons: []string{s.Reason},
		Suggestions: was.Decision.Suggestions, Ruled: was.Decision.Ruled}
	return c, []journal.Entry{{What: journal.MovedOn, Data: journal.Data("from", was.Department, "fromPerson", was.Person, "department", c.Department,
		"person", c.Person, "stuck", why, "reason", s.Reason)}}
}

// Housed is c, and what to tell of it: what is open in a department that is no more is the operators', who decide where it goes now.
func (d *Desk) Housed(c Conversation, now time.Time) (Conversation, []journal.Entry) {
	operator := d.House.Roster().Operator().ID
	if c.State != Open || operator.IsZero() || d.House.Exists(c.Department) {
		return c, nil
	}
	was := c
	c.Way = Way{}
	c = c.own(operator, 0, d.House.Terms(operator), now)
	return c, []journal.Entry{{Who: journal.Machine, What: journal.MovedOn, Conversation: int64(c.ID), Data: journal.Data("from", was.Department,
		"fromPerson", was.Person, "department", c.Department, "person", c.Person, "stuck", Unanswered, "reason", "its department is no more")}}
}

// housed is Housed, told in tx.
func (d *Desk) housed(ctx context.Context, tx *store.Tx, c Conversation) (Conversation, error) {
	c, told := d.Housed(c, d.Now())
	return c, journal.Write(ctx, tx, told...)
}

// LookAgain looks anew at when a person leaves what they hold behind, as their hours or absences change in tx; 0: at
// everybody's. What has to go on does so at once.
func (d *Desk) LookAgain(ctx context.Context, tx *store.Tx, p staff.PersonID) error {
	where := `person = $1 AND person <> 0 AND view = 'open'`
	if p.IsZero() {
		where = `person <> $1 AND view = 'open'`
	}
	return d.many(ctx, tx, where, int64(p), func(c Conversation) (Conversation, journal.Entry) {
		if c.Clock.Running() {
			c.LeaveAt = d.Now()
		}
		return c, journal.Entry{}
	})
}
