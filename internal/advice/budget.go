package advice

import (
	"context"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// After so many failures in a row the model is left alone for a while.
const (
	failuresInARow = 5
	pause          = 10 * time.Minute
)

// Day is what was asked on one day of the house.
type Day struct {
	Calls, Tokens, Answers, Failures int64
}

// health is how it is with the model.
type health struct {
	Failing int64 // failures in a row
	Paused  time.Time
	Trouble string // the last failure, for people; "" when the last call went well
	At      time.Time
}

// failed is h after another failure at now; the second result says that the model is paused from now on.
func (h health) failed(trouble string, wait time.Duration, now time.Time) (health, bool) {
	was := h.Paused.After(now)
	h.Failing++
	h.Trouble = trouble
	if h.Failing >= failuresInARow {
		wait = max(wait, pause)
	}
	if wait = min(wait, time.Hour); wait > 0 && now.Add(wait).After(h.Paused) {
		h.Paused = now.Add(wait)
	}
	return h, !was && h.Paused.After(now)
}

// State is how it goes with the model today.
type State struct {
	Today     Day
	Spent     bool      // the budget of today is: nothing is asked until midnight in the house's zone
	Paused    time.Time // until then nothing is asked; zero: it is not paused
	Trouble   string    // what the last call failed of, "" when it went well
	TroubleAt time.Time
}

// State returns how it goes, for who may set what is set.
func (a *Advice) State(ctx context.Context, who staff.Actor) (s State, err error) {
	if err := who.Require(staff.SettingsManage); err != nil {
		return s, err
	}
	k, err := settings(ctx, a.Store.Read())
	if err != nil {
		return s, err
	}
	day, err := a.day(ctx)
	if err != nil {
		return s, err
	}
	if s.Today, err = dayOf(ctx, a.Store.Read(), day); err != nil {
		return s, err
	}
	h, err := healthNow(ctx, a.Store.Read())
	if err != nil {
		return s, err
	}
	s.Spent = k.spent(s.Today)
	if h.Paused.After(a.Now()) {
		s.Paused = h.Paused
	}
	if h.Trouble != "" {
		s.Trouble, s.TroubleAt = h.Trouble, h.At
	}
	return s, nil
}

// day is today in the house's zone.
func (a *Advice) day(ctx context.Context) (string, error) {
	r, err := a.Staff.Roster(ctx)
	if err != nil {
		return "", err
	}
	now := a.Now().UTC()
	if zone, err := time.LoadLocation(r.Organisation().Zone); err == nil {
		now = now.In(zone)
	}
	return now.Format(time.DateOnly), nil
}

// spent reports whether a day's budget is used up.
func (s Settings) spent(d Day) bool { return d.Calls >= int64(s.Calls) || d.Tokens >= int64(s.Tokens) }

// errSpent says that today's budget is used up.
var errSpent = fault.New(fault.TooMany, "today's budget for the language model is used up: raise it, or wait until midnight")

// reserve takes one call from today's budget, before it is made: so many nodes together never make more than are allowed.
func (a *Advice) reserve(ctx context.Context, s Settings) error {
	day, err := a.day(ctx)
	if err != nil {
		return err
	}
	return a.Store.Tx(ctx, func(tx *store.Tx) error {
		ok, err := takeCall(ctx, tx, day, s.Calls, s.Tokens)
		if err == nil && !ok {
			err = errSpent
		}
		return err
	})
}

// note keeps what came of a call. A model that goes on failing is paused, and the journal told.
func (a *Advice) note(ctx context.Context, tx *store.Tx, tokens int64, failure *failure) error {
	day, err := a.day(ctx)
	if err != nil {
		return err
	}
	d := Day{Tokens: tokens, Answers: 1}
	if failure != nil {
		d.Answers, d.Failures = 0, 1
	}
	if err := addToDay(ctx, tx, day, d); err != nil {
		return err
	}
	h, err := lockHealth(ctx, tx)
	if err != nil {
		return err
	}
	if failure == nil {
		if h == (health{At: h.At}) {
			return nil
		}
		return saveHealth(ctx, tx, health{}, a.Now())
	}
	h, paused := h.failed(failure.why, failure.wait, a.Now())
	if err := saveHealth(ctx, tx, h, a.Now()); err != nil || !paused {
		return err
	}
	return journal.Write(ctx, tx, journal.Entry{Who: journal.Machine, What: journal.AdvicePaused,
		Data: journal.Data("until", h.Paused, "failures", h.Failing, "why", failure.why)})
}
