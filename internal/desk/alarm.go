package desk

import (
	"context"
	"time"

	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// AlarmTopic wakes Alarms when something is due earlier than what they wait for.
const AlarmTopic = "alarm"

// alarmBatch is how many conversations are looked at in one transaction.
const alarmBatch = 200

// Alarms lets clocks warn and breach, claims lapse and sleepers wake, each at its moment: it sleeps until the earliest one in
// the database, which an index finds, and is woken when an earlier one is set. It runs on every node until ctx ends; what one
// node has rung does not ring again.
func (d *Desk) Alarms(ctx context.Context) {
	wake, done := d.Store.Hear(AlarmTopic)
	defer done()
	for ctx.Err() == nil {
		pause := time.Minute // never longer: a wake-up may be lost
		switch next, err := d.Ring(ctx); {
		case err != nil && ctx.Err() == nil:
			d.Store.Log.Error("alarms could not be rung; trying again", "error", err)
			pause = time.Second
		case !next.IsZero():
			pause = min(pause, max(next.Sub(d.Now()), 0))
		}
		if pause == 0 {
			continue
		}
		t := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-wake:
		case <-t.C:
		}
		t.Stop()
	}
}

// Ring does what is due now, and returns when something is due next; the zero time says that nothing is.
func (d *Desk) Ring(ctx context.Context) (next time.Time, err error) {
	for ctx.Err() == nil {
		now := d.Now() // one moment for all: who is at work is asked of the same
		due, next, err := alarmsDue(ctx, d.Store.Read(), now, alarmBatch)
		if err != nil || len(due) == 0 {
			return next, err
		}
		var on Onward
		if d.Guide != nil {
			if on, err = d.Guide.Onward(ctx, now); err != nil {
				return time.Time{}, err
			}
		}
		if err := d.Store.Tx(ctx, func(tx *store.Tx) error { return d.ring(ctx, tx, due, on, now) }); err != nil {
			return time.Time{}, err
		}
	}
	return time.Time{}, ctx.Err()
}

// ring lets happen what is due of some conversations. Where two nodes ring at once the second finds it done.
func (d *Desk) ring(ctx context.Context, tx *store.Tx, due []ConversationID, on Onward, now time.Time) error {
	list, err := Load(ctx, tx, due)
	if err != nil {
		return err
	}
	var changes []Change
	var entries []journal.Entry
	begun := false
	for _, id := range due {
		was, ok := list[id]
		if !ok {
			continue
		}
		rings, rung, asked := was.ringAsked(now, func(a Asked) StandIn { return d.House.StandIn(a.Department, a.Person) },
			func(of staff.DepartmentID) Calendar { return d.House.Terms(of).Hours })
		if err := d.rang(ctx, tx, rings, rung); err != nil {
			return err
		}
		is, told, why := rings.ring(d.House.Terms(was.Department), now)
		told = append(asked, told...)
		if why == "" && is.State == Open && is.Person.IsZero() && is.Clock.Running() && !d.House.Exists(is.Department) { // it came while it was retired
			why = Unanswered
		}
		switch {
		case why == "":
		case on == nil:
			is.MoveAt, is.LeaveAt = time.Time{}, time.Time{}
		default:
			if !begun {
				if err := on.Begin(ctx, tx, list); err != nil {
					return err
				}
				begun = true
			}
			step := on.Next(is, why)
			var more []journal.Entry
			is, more = is.onward(step, why, d.House.Terms(step.Department), now)
			told = append(told, more...)
		}
		changes = append(changes, Change{was, is}) // also when nothing is told: the next alarm is written anew
		for _, e := range told {
			e.Who, e.Conversation = journal.Machine, int64(id)
			entries = append(entries, e)
		}
	}
	if err := Save(ctx, tx, changes...); err != nil {
		return err
	}
	if err := steppedPromises(ctx, tx, changes); err != nil {
		return err
	}
	return journal.Write(ctx, tx, entries...)
}

// ring is c after what is due by now has happened to it, and what that was. Whether it is stuck where it is now is for the
// caller to mend.
func (c Conversation) ring(t Terms, now time.Time) (_ Conversation, told []journal.Entry, why Stuck) {
	tick := func(k Clock) Clock {
		k, changed := k.tick(now)
		if changed {
			what := journal.ClockWarned
			if k.State == Breached {
				what = journal.ClockBreached
			}
			told = append(told, journal.Entry{What: what, Data: journal.Data("clock", k.Kind, "due", k.Due, "department", c.Department, "person", c.Person)})
		}
		return k
	}
	c.Clock, c.Resolution = tick(c.Clock), tick(c.Resolution)
	ticked := len(told) > 0
	if !c.SnoozedUntil.IsZero() && !now.Before(c.SnoozedUntil) {
		c.SnoozedUntil = time.Time{}
		if c.State == Snoozed {
			c, _ = c.reopen(t, now)
			told = append(told, journal.Entry{What: journal.Woke, Data: journal.Data("reason", "the time it was snoozed to has come")})
		}
	}
	var promises []journal.Entry
	c, promises = c.ringPromises(t, now)
	told = append(told, promises...)
	if c, why = c.stuck(t, now, ticked); why != "" {
		return c, told, why
	}
	if !c.TakeBackAt.IsZero() && !now.Before(c.TakeBackAt) {
		told = append(told, journal.Entry{What: journal.TakenBack, Data: journal.Data("person", c.Person, "department", c.Department,
			"reason", "it was not answered in the time the department sets")})
		pending := c.MoveAt
		c.Way = c.Way.passed(c.Person)
		if c = c.own(c.Department, 0, t, now); !pending.IsZero() {
			c.MoveAt = pending // nobody has taken it since it was put through: that it lies in the queue now changes nothing
		}
	}
	return c, told, ""
}
