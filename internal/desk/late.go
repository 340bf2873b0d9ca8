package desk

import (
	"context"
	"time"

	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// The clock of a request: who is asked is reminded before it is due; when it is due who asked and the owner hear of it; some
// time later somebody else is asked besides. It rings by the conversation's one alarm column.

const (
	// worthReminding is the shortest time for which there is a reminder before the end.
	worthReminding = 30 * time.Minute
	// grace is the business time after which what is late is asked of somebody else besides.
	grace = 2 * time.Hour
)

// reminder is when who is asked at one time until another is reminded: when a quarter of the time is left, but not more than a
// day before. Zero: there is too little time for it.
func reminder(at, due time.Time) time.Time {
	span := due.Sub(at)
	if span < worthReminding {
		return time.Time{}
	}
	return due.Add(-min(span/4, 24*time.Hour))
}

// next is when something next happens to a by itself; zero: nothing does.
func (a Asked) next() (at time.Time) {
	for _, t := range []time.Time{a.Remind, a.dueNext(), a.Escalate} {
		if !t.IsZero() && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	return at
}

func (a Asked) dueNext() time.Time {
	if a.Late {
		return time.Time{}
	}
	return a.Due
}

// rung is something that a request's clock just did.
type rung struct {
	request RequestID
	what    journal.What
}

// ringAsked is c after what is due of its requests has happened, and what that was. standIn says who is asked besides.
func (c Conversation) ringAsked(now time.Time, standIn func(Asked) StandIn, hours func(staff.DepartmentID) Calendar) (_ Conversation, list []rung, told []journal.Entry) {
	for _, old := range c.Asked {
		a := old
		data := func(more ...any) []any {
			return append([]any{"department", a.Department, "person", a.Person, "due", a.Due.UTC()}, more...)
		}
		say := func(what journal.What, pairs []any) {
			list = append(list, rung{a.Request, what})
			told = append(told, journal.Entry{What: what, About: journal.About("request", a.Request), Data: journal.Data(pairs...)})
		}
		if !a.Late && !now.Before(a.Due) {
			a.Late, a.Remind, a.Escalate = true, time.Time{}, hours(a.Department).Add(a.Due, grace)
			say(journal.RequestLate, data("ownerDepartment", c.Department, "ownerPerson", c.Person, "reason", "it is not answered, and was due"))
		}
		if !a.Remind.IsZero() && !now.Before(a.Remind) {
			a.Remind = time.Time{}
			say(journal.RequestReminded, data())
		}
		if !a.Escalate.IsZero() && !now.Before(a.Escalate) {
			a.Escalate = time.Time{}
			if s := standIn(a); !s.Department.IsZero() {
				a.StandIn, a.StandInOf = s.Person, s.Department
				if !s.Person.IsZero() {
					a.StandInOf = 0
				}
				say(journal.RequestEscalated, data("toDepartment", s.Department, "toPerson", s.Person, "reason", s.Reason))
			}
		}
		if a != old {
			c = c.asked(a.Request, func(Asked) Asked { return a })
		}
	}
	return c, list, told
}

// StandIn is who is asked besides when a request is late, and why them.
type StandIn struct {
	Department staff.DepartmentID // zero: there is nobody else
	Person     staff.PersonID     // zero: the department
	Reason     string
}

// rang keeps what the clock of requests did, and writes to who is asked.
func (d *Desk) rang(ctx context.Context, tx *store.Tx, c Conversation, list []rung) error {
	for _, e := range list {
		r, err := request(ctx, tx, e.request)
		if err != nil {
			return err
		}
		if r.State != RequestOpen {
			continue
		}
		kind := asksAgain
		switch e.what {
		case journal.RequestLate: // who asked and the owner hear of it
			continue
		case journal.RequestEscalated:
			for _, a := range c.Asked {
				if a.Request == r.ID {
					r.StandIn, r.StandInOf = a.StandIn, a.StandInOf
				}
			}
			if err := saveStandIn(ctx, tx, r); err != nil {
				return err
			}
			kind = asksBesides
		}
		if err := d.writeTo(ctx, tx, r, kind); err != nil {
			return err
		}
	}
	return nil
}
