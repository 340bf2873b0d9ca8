package desk

import (
	"slices"
	"time"

	"switchboard/internal/journal"
)

// PromiseStep is how far an open promise was reminded of, and escalated when it was late.
type PromiseStep int

// The steps, one after the other. Each is one entry of the journal that says whom it is for.
const (
	PromiseQuiet    PromiseStep = iota
	PromiseReminded             // who must deliver was reminded
	PromiseLate                 // it is late: who owns the conversation hears of it, and it is on their desk again
	PromiseManager              // half a business day later its department's managers do
	PromiseOperator             // a business day after it was due the operators do
)

// ring is when the step after p's comes: the reminder one business day before it is due or when a quarter of the time is left,
// whichever is later.
func (p Promised) ring(hours Calendar) time.Time {
	switch p.Step {
	case PromiseQuiet:
		return later(hours.Add(p.Due, -businessDay), p.Due.Add(-p.Due.Sub(p.At)/4))
	case PromiseReminded:
		return p.Due
	case PromiseLate:
		return hours.Add(p.Due, businessDay/2)
	case PromiseManager:
		return hours.Add(p.Due, businessDay)
	}
	return time.Time{}
}

// next is p with its alarm set. What was missed while nobody looked is one step, the last of them, and not a shower.
func (p Promised) next(hours Calendar) Promised {
	p.Ring = p.ring(hours)
	return p
}

// step is p after what is due by now.
func (p Promised) step(hours Calendar, now time.Time) Promised {
	for !p.Ring.IsZero() && !now.Before(p.Ring) {
		p.Step++
		p = p.next(hours)
	}
	return p
}

// ringPromises is c after what is due of its promises, and what that was. Each step of each promise is told once.
func (c Conversation) ringPromises(t Terms, now time.Time) (Conversation, []journal.Entry) {
	var told []journal.Entry
	late := false
	for k, was := range c.Promised {
		is := was.step(t.Hours, now)
		if is.Step == was.Step {
			continue
		}
		if len(told) == 0 {
			c.Promised = slices.Clone(c.Promised)
		}
		c.Promised[k] = is
		late = late || is.Step >= PromiseLate && was.Step < PromiseLate
		told = append(told, c.promiseRang(is))
	}
	if late && c.State != Open { // it is ours to do again
		if o, err := c.reopen(t, now); err == nil {
			c = o
			told = append(told, journal.Entry{What: journal.Reopened, Data: journal.Data("reason", "what was promised here is late")})
		}
	}
	return c, told
}

// promiseRang is what the journal says of a step: to whom, about whose promise, and why.
func (c Conversation) promiseRang(p Promised) journal.Entry {
	what, to, why := journal.PromiseDue, "deliverer", "it is due soon"
	switch p.Step {
	case PromiseLate:
		what, to, why = journal.PromiseLate, "owner", "it was due and is not kept"
	case PromiseManager:
		what, to, why = journal.PromiseEscalated, "manager", "it has been late for half a business day"
	case PromiseOperator:
		what, to, why = journal.PromiseEscalated, "operator", "it has been late for a business day"
	}
	return journal.Entry{What: what, About: journal.About("promise", p.Promise), Data: journal.Data("to", to, "department", p.Department,
		"person", p.Person, "owner", c.Department, "ownerPerson", c.Person, "due", p.Due.UTC(), "reason", why)}
}
