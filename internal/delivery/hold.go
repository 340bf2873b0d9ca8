package delivery

import (
	"context"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// restored is why a delivery is held after its house was made anew from a backup.
const restored = "this house was restored from a backup, and this may have gone out after the backup was made: look at the account; " +
	"take it back if it is there, send it if it is not"

// HoldAll holds everything that is on its way, until a person lets it go, and returns how many that are. It is for a house that
// was restored from a backup, before its first start: what was queued then may have gone out since. When a person lets one
// go, the far side is asked first whether it is there already, where it can be asked.
func (s *Service) HoldAll(ctx context.Context) (n int, err error) {
	for {
		some := 0
		err := s.Store.Tx(ctx, func(tx *store.Tx) error {
			some = 0
			list, err := onTheWay(ctx, tx, 200)
			if err != nil {
				return err
			}
			for _, d := range list {
				d = d.heldAfterRestore()
				if err := save(ctx, tx, d); err != nil {
					return err
				}
				if err := s.tell(ctx, tx, journal.Machine, journal.DeliveryHeld, d); err != nil {
					return err
				}
				some++
			}
			return nil
		})
		if n += some; err != nil || some == 0 {
			return n, err
		}
	}
}

// heldAfterRestore is d when nobody here knows what became of it.
func (d Delivery) heldAfterRestore() Delivery {
	d.State, d.Reason, d.LeaseUntil, d.Content.Doubt = Held, restored, time.Time{}, true
	d.Fence++ // whoever was sending it can't go on
	return d
}

// overtaken is why what promises something by a day that has passed does not go out.
const overtaken = "what it promises was due before it could be sent: change the promise to a later time "

// overtaken reports whether d, or a part after it, promises something by a day that has passed.
func (s *Service) overtaken(ctx context.Context, tx *store.Tx, d Delivery) (bool, error) {
	if d.Conversation.IsZero() {
		return false, nil
	}
	ids := []int64{desk.DeliveryOf(d.ID)}
	if d.Part > 0 {
		list, err := later(ctx, tx, d)
		if err != nil {
			return false, err
		}
		for _, p := range list {
			ids = append(ids, desk.DeliveryOf(p.ID))
		}
	}
	return s.Desk.Overtaken(ctx, tx, ids)
}

// hold holds d, which claim may not let go: what it promises was overtaken, or its author left, while it waited. It is d without a
// state then, as nobody has it in hand.
func (s *Service) hold(ctx context.Context, tx *store.Tx, who string, d *Delivery, why string) error {
	held := *d
	held.State, held.Reason, held.LeaseUntil = Held, why, time.Time{}
	if err := save(ctx, tx, held); err != nil {
		return err
	}
	if err := s.threaded(ctx, tx, held); err != nil {
		return err
	}
	d.State = ""
	return s.tell(ctx, tx, who, journal.DeliveryHeld, held)
}

// authorLeft is why what somebody wrote who is no longer here does not go out.
const authorLeft = "who wrote it is no longer here, or no longer answers: somebody who may speak for the account sends it, or takes it back"

// orphan reports whether nobody who is here stands behind d: its author left, and nobody else has let it out.
func (d Delivery) orphan(ctx context.Context, q store.Queryer) (bool, error) {
	if d.Author.IsZero() || d.adopted() {
		return false, nil
	}
	return staff.Left(ctx, q, d.Author)
}

// adopted reports whether somebody else than its author has let d out.
func (d Delivery) adopted() bool { return !d.ApprovedBy.IsZero() && d.ApprovedBy != d.Author }

// Leave holds, in the transaction in which a person leaves, what they wrote and what has not left. The gate and claim
// ask again of what is being sent then.
func (s *Service) Leave(ctx context.Context, tx *store.Tx, who staff.Actor, p staff.PersonID) error {
	list, err := queuedBy(ctx, tx, p)
	for _, d := range list {
		if err != nil {
			return err
		}
		if !d.adopted() {
			err = s.hold(ctx, tx, who.Who(), &d, authorLeft)
		}
	}
	return err
}
