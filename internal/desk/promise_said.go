package desk

import (
	"context"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// What delivery, which stands above, does with promises, in its own transactions.

// PromiseWith stores what a message on its way promises and what it keeps, in the transaction that accepts it: the promises are
// unsaid, and those it keeps open, until it is sent. Who may write the message has been asked.
func (d *Desk) PromiseWith(ctx context.Context, tx *store.Tx, c Conversation, by staff.PersonID, delivery int64, makes []Making, keeps []PromiseID) error {
	if len(c.Promised)+len(makes) > mostPromises {
		return fault.Newf(fault.Conflict, "%d promises can be open in a conversation: keep or withdraw one first", mostPromises)
	}
	list := make([]Promise, 0, len(makes))
	for _, m := range makes {
		m, err := d.makeable(c, m, d.Now())
		if err != nil {
			return err
		}
		p := d.newPromise(c, by, m)
		p.Delivery = delivery
		list = append(list, p)
	}
	if err := addPromises(ctx, tx, list); err != nil {
		return err
	}
	for _, id := range keeps {
		p, err := promise(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case p.Conversation != c.ID:
			return noPromise()
		case p.State != PromiseOpen:
			return p.stillOpen()
		}
		p.Keeping = delivery
		if err := savePromise(ctx, tx, p); err != nil {
			return err
		}
	}
	return nil
}

// Overtaken reports whether deliveries of a conversation, not sent yet, promise something by a day that has passed: said now, it
// would be late already.
func (d *Desk) Overtaken(ctx context.Context, q store.Queryer, deliveries []int64) (bool, error) {
	return overtaken(ctx, q, deliveries, d.Now())
}

// PromisesMadeBy returns what a delivery promises that is not sent yet.
func (d *Desk) PromisesMadeBy(ctx context.Context, delivery int64) ([]Promise, error) {
	return unsaid(ctx, d.Store.Read(), delivery)
}

// PromisesSaid is c after a delivery of it was sent at a time and became a message: what it promises is open, what it keeps is
// kept, with it as the proof. The caller saves c, which it has locked. by is who wrote the message.
func (d *Desk) PromisesSaid(ctx context.Context, tx *store.Tx, c Conversation, delivery int64, m MessageID, by staff.PersonID, at time.Time) (Conversation, error) {
	list, err := promisesWith(ctx, tx, delivery)
	if err != nil || len(list) == 0 {
		return c, err
	}
	var told []journal.Entry
	for _, p := range list {
		var e journal.Entry
		switch {
		case p.Delivery == delivery && p.State == PromiseUnsaid:
			if !p.Dated && !p.Due.After(at) { // the contact was told no day: ours counts from what was said
				p.Due = d.LookAgainAt(p.Department)
			}
			p = d.opened(p, at)
			c, e = c.promises(p), madeEntry(p)
		case p.Keeping == delivery && p.State == PromiseOpen:
			p.State, p.Proof, p.EndedBy, p.EndedAt, p.Ring, p.Keeping = PromiseKept, m, by, at, time.Time{}, 0
			if m.IsZero() { // a person saw at the far side that it is there
				p.ProofWords = "the message was seen at the other side"
			}
			c, e = c.fulfilled(p.ID), endedPromise(journal.PromiseKept, p)
		default:
			continue
		}
		if err := savePromise(ctx, tx, p); err != nil {
			return c, err
		}
		e.Who, e.Conversation = journal.Machine, int64(c.ID)
		if !by.IsZero() {
			e.Who = journal.Person(by)
		}
		told = append(told, e)
	}
	return c, journal.Write(ctx, tx, told...)
}

// PromisesUnsaid forgets what a delivery would have promised, as it was cancelled and nothing was said; what it would have kept
// stays open.
func (d *Desk) PromisesUnsaid(ctx context.Context, tx *store.Tx, delivery int64) error {
	list, err := promisesWith(ctx, tx, delivery)
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.Delivery == delivery && p.State == PromiseUnsaid {
			err = dropPromise(ctx, tx, p.ID)
		} else {
			p.Keeping = 0
			err = savePromise(ctx, tx, p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// LeavesPromised reports how many promises are open in c that a message does not keep, those it makes among them.
func LeavesPromised(c Conversation, makes []Making, keeps []PromiseID) int {
	for _, id := range keeps {
		c = c.fulfilled(id)
	}
	return len(c.Promised) + len(makes)
}
