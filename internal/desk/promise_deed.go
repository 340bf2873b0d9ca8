package desk

import (
	"context"
	"strings"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// MakePromise notes a promise that was made otherwise than in an answer of ours: by telephone, across the counter.
func (d *Desk) MakePromise(ctx context.Context, who staff.Actor, in ConversationID, m Making) (p Promise, err error) {
	_, err = d.change(ctx, who, staff.Answer, in, func(ctx context.Context, tx *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		if len(c.Promised) >= mostPromises {
			return c, journal.Entry{}, fault.Newf(fault.Conflict, "%d promises are open here: keep or withdraw one first", mostPromises)
		}
		m, err := d.makeable(c, m, d.Now())
		if err != nil {
			return c, journal.Entry{}, err
		}
		p = d.newPromise(c, who.Person, m)
		p = d.opened(p, d.Now())
		return c.promises(p), madeEntry(p), addPromises(ctx, tx, []Promise{p})
	})
	return p, err
}

// newPromise is m made in c, and not said yet.
func (d *Desk) newPromise(c Conversation, by staff.PersonID, m Making) Promise {
	return Promise{ID: PromiseID(d.Store.IDs.Next()), Conversation: c.ID, MadeBy: by, Department: m.Department, Person: m.Person, Text: m.Text,
		Kind: m.Kind, Words: m.Words, Due: m.Due, Exact: m.Exact, Dated: m.Dated, At: d.Now(), State: PromiseUnsaid}
}

// opened is p open from a time on, its alarm set.
func (d *Desk) opened(p Promise, at time.Time) Promise {
	p.State, p.Step, p.Ring = PromiseOpen, PromiseQuiet, time.Time{}
	if at.After(p.At) {
		p.At = at
	}
	return d.wound(p)
}

// wound is p with its alarm set to the next step, by its department's hours.
func (d *Desk) wound(p Promise) Promise {
	p.Ring = p.promised().next(d.House.Terms(p.Department).Hours).Ring
	return p
}

func madeEntry(p Promise) journal.Entry {
	return journal.Entry{What: journal.PromiseMade, About: journal.About("promise", p.ID), Data: journal.Data("department", p.Department, "person", p.Person,
		"due", p.Due.UTC(), "exact", p.Exact, "dated", p.Dated, "kind", p.Kind)}
}

func endedPromise(what journal.What, p Promise) journal.Entry {
	return journal.Entry{What: what, About: journal.About("promise", p.ID), Data: journal.Data("department", p.Department, "person", p.Person,
		"due", p.Due.UTC(), "late", p.EndedAt.After(p.Due), "message", p.Proof)}
}

// promised does a deed on a promise. Its conversation is locked first, as everything that changes promises does.
func (d *Desk) promised(ctx context.Context, who staff.Actor, id PromiseID, do func(tx *store.Tx, c Conversation, p Promise) (Conversation, Promise, journal.Entry, error)) (p Promise, err error) {
	if err := who.Require(staff.Answer); err != nil {
		return p, err
	}
	known, err := promise(ctx, d.Store.Read(), id)
	if err != nil {
		return p, err
	}
	_, err = d.look(ctx, who, known.Conversation, func(ctx context.Context, tx *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		was, err := promise(ctx, tx, id)
		if err != nil {
			return c, journal.Entry{}, err
		}
		is, p2, e, err := do(tx, c, was)
		if p = p2; err != nil {
			return c, e, err
		}
		return is, e, savePromise(ctx, tx, p)
	})
	if fault.Is(err, fault.NotFound) {
		err = noPromise()
	}
	return p, err
}

// stillOpen is nil when p can be ended or changed.
func (p Promise) stillOpen() error {
	switch p.State {
	case PromiseOpen:
		return nil
	case PromiseUnsaid:
		return fault.New(fault.Conflict, "the message that makes this promise has not been sent yet: take that back instead")
	}
	return fault.New(fault.Conflict, "this promise was "+string(p.State)+" already: reload the conversation")
}

// Proof shows that a promise was kept: a message of ours in the conversation, or in words how else it was, and when. The zero
// time is now.
type Proof struct {
	Message MessageID
	Words   string
	At      time.Time
}

// KeepPromise says that a promise was kept, with proof. Without proof it is not.
func (d *Desk) KeepPromise(ctx context.Context, who staff.Actor, id PromiseID, proof Proof) (Promise, error) {
	proof.Words = strings.TrimSpace(proof.Words)
	if err := short("how", proof.Words, 1000); err != nil {
		return Promise{}, err
	}
	return d.promised(ctx, who, id, func(tx *store.Tx, c Conversation, p Promise) (Conversation, Promise, journal.Entry, error) {
		if err := p.stillOpen(); err != nil {
			return c, p, journal.Entry{}, err
		}
		if !mayKeep(who, c, p) {
			return c, p, journal.Entry{}, fault.New(fault.Forbidden, "this is for others to keep: write a note instead")
		}
		at, err := d.proven(ctx, tx, p, proof)
		if err != nil {
			return c, p, journal.Entry{}, err
		}
		p.State, p.Proof, p.ProofWords, p.EndedBy, p.EndedAt, p.Ring, p.Keeping = PromiseKept, proof.Message, proof.Words, who.Person, at, time.Time{}, 0
		return c.fulfilled(id), p, endedPromise(journal.PromiseKept, p), nil
	})
}

// proven is when p was kept by its proof, or what is wrong with that.
func (d *Desk) proven(ctx context.Context, tx *store.Tx, p Promise, proof Proof) (time.Time, error) {
	now := d.Now()
	if proof.Message.IsZero() {
		at := proof.At
		if at.IsZero() {
			at = now
		}
		switch {
		case proof.Words == "":
			return at, fault.In("message", "show how it was kept: choose the message that kept it, or say what was done")
		case at.After(now.Add(time.Minute)):
			return at, fault.In("at", "that time has not come yet")
		case at.Before(p.At.Add(-time.Minute)):
			return at, fault.In("at", "the promise was made after that: choose a later time")
		}
		return at, nil
	}
	list, err := Messages(ctx, tx, []MessageID{proof.Message})
	m, ok := list[proof.Message]
	switch {
	case err != nil:
		return now, err
	case !ok || m.Conversation != p.Conversation:
		return now, fault.In("message", "this message is not in the conversation: choose one that is")
	case m.Direction != Out:
		return now, fault.In("message", "this is what the contact said: choose what we said")
	case m.At.Before(p.At):
		return now, fault.In("message", "this was said before the promise was made: choose a later message")
	case !m.DeletedAt.IsZero():
		return now, fault.In("message", "this message was deleted: choose another")
	}
	return m.At, nil
}

// BreakPromise says that a promise was not kept and will not be, and why.
func (d *Desk) BreakPromise(ctx context.Context, who staff.Actor, id PromiseID, reason string) (Promise, error) {
	return d.endPromise(ctx, who, id, PromiseBroken, reason)
}

// WithdrawPromise says that a promise does not hold any more, and why: the contact no longer wants it, or was told so.
func (d *Desk) WithdrawPromise(ctx context.Context, who staff.Actor, id PromiseID, reason string) (Promise, error) {
	return d.endPromise(ctx, who, id, PromiseWithdrawn, reason)
}

func (d *Desk) endPromise(ctx context.Context, who staff.Actor, id PromiseID, to PromiseState, reason string) (Promise, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return Promise{}, fault.In("reason", "say why")
	}
	if err := short("reason", reason, 1000); err != nil {
		return Promise{}, err
	}
	may, what := mayArrange, journal.PromiseWithdrawn
	if to == PromiseBroken {
		may, what = mayKeep, journal.PromiseBroken
	}
	return d.promised(ctx, who, id, func(_ *store.Tx, c Conversation, p Promise) (Conversation, Promise, journal.Entry, error) {
		if err := p.stillOpen(); err != nil {
			return c, p, journal.Entry{}, err
		}
		if !may(who, c, p) {
			return c, p, journal.Entry{}, fault.New(fault.Forbidden, "this is for who made the promise or owns the conversation: write a note to them")
		}
		p.State, p.Reason, p.EndedBy, p.EndedAt, p.Ring, p.Keeping = to, reason, who.Person, d.Now(), time.Time{}, 0
		return c.fulfilled(id), p, endedPromise(what, p), nil
	})
}

// ReopenPromise takes an ended promise up again, as it was: somebody pressed the wrong button.
func (d *Desk) ReopenPromise(ctx context.Context, who staff.Actor, id PromiseID) (Promise, error) {
	return d.promised(ctx, who, id, func(_ *store.Tx, c Conversation, p Promise) (Conversation, Promise, journal.Entry, error) {
		switch {
		case p.State == PromiseOpen || p.State == PromiseUnsaid:
			return c, p, journal.Entry{}, fault.New(fault.Conflict, "this promise is open already: reload the conversation")
		case !mayKeep(who, c, p):
			return c, p, journal.Entry{}, fault.New(fault.Forbidden, "this is for who must deliver it or owns the conversation")
		}
		p.State, p.Proof, p.ProofWords, p.Reason, p.EndedBy, p.EndedAt = PromiseOpen, 0, "", "", 0, time.Time{}
		p = d.wound(p)
		return c.promises(p), p, journal.Entry{What: journal.PromiseReopened, About: journal.About("promise", p.ID),
			Data: journal.Data("department", p.Department, "person", p.Person, "due", p.Due.UTC())}, nil
	})
}

// PromiseChange is what becomes another of a promise that is open or not said yet; nil stays.
type PromiseChange struct {
	Text       *string
	Due        *time.Time
	Department *staff.DepartmentID
	Person     *staff.PersonID
}

// ChangePromise says a promise in other words, by another time, or has others deliver it. The contact was told what they were
// told: who moves the due time tells them. One that is not said yet changes, too: the message that says it may have waited.
func (d *Desk) ChangePromise(ctx context.Context, who staff.Actor, id PromiseID, ch PromiseChange) (Promise, error) {
	return d.promised(ctx, who, id, func(_ *store.Tx, c Conversation, p Promise) (Conversation, Promise, journal.Entry, error) {
		if err := p.stillOpen(); err != nil && p.State != PromiseUnsaid {
			return c, p, journal.Entry{}, err
		}
		if !mayArrange(who, c, p) {
			return c, p, journal.Entry{}, fault.New(fault.Forbidden, "this is for who made the promise or owns the conversation: write a note to them")
		}
		m := Making{Department: p.Department, Person: p.Person, Text: p.Text, Kind: p.Kind, Words: p.Words, Due: p.Due, Exact: p.Exact, Dated: p.Dated}
		if ch.Text != nil {
			m.Text = *ch.Text
		}
		if ch.Department != nil || ch.Person != nil {
			m.Department, m.Person = valueOf(ch.Department), valueOf(ch.Person)
		}
		moved := ch.Due != nil && !ch.Due.Equal(p.Due)
		now := d.Now()
		if moved {
			m.Due, m.Words, m.Exact, m.Dated = *ch.Due, "", true, p.Dated
		} else {
			now = earlier(now, p.Due) // a late one may be given to others
		}
		m, err := d.makeable(c, m, now)
		if err != nil {
			return c, p, journal.Entry{}, err
		}
		was := p
		p.Text, p.Department, p.Person, p.Words, p.Due, p.Exact = m.Text, m.Department, m.Person, m.Words, m.Due, m.Exact
		if p == was {
			return c, p, journal.Entry{}, nil
		}
		if moved {
			p.Step = PromiseQuiet
		}
		if p.State == PromiseOpen {
			p = d.wound(p)
			c = c.promises(p)
		}
		return c, p, journal.Entry{What: journal.PromiseChanged, About: journal.About("promise", p.ID), Data: journal.Data("from", was.Department,
			"fromPerson", was.Person, "department", p.Department, "person", p.Person, "wasDue", was.Due.UTC(), "due", p.Due.UTC(), "text", p.Text != was.Text)}, nil
	})
}

func valueOf[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// DeliveryOf is the id of a delivery as a promise keeps it.
func DeliveryOf[T any](d id.Of[T]) int64 { return int64(d) }

func noPromise() error {
	return fault.New(fault.NotFound, "there is no such promise, or it is not for your eyes")
}

// LookAgainAt is by when a promise made now without a day would be looked at again, by a department's hours: in five
// business days, and five days where the house never closes.
func (d *Desk) LookAgainAt(in staff.DepartmentID) time.Time {
	now := d.Now()
	return later(d.House.Terms(in).Hours.Add(now, undated), now.AddDate(0, 0, 5))
}
