package delivery

import (
	"cmp"
	"context"
	"errors"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

const (
	stopPause      = 2 * time.Second        // how soon a delivery of a stopped account is looked at again
	reconnectPause = 5 * time.Second        // and one of an account that must be connected again
	busyPause      = 100 * time.Millisecond // and one of an account that has as many on the way as it may; longer when many wait
	mostPause      = 5 * time.Second
	atOnce         = 4 // deliveries of one account on their way from this node: a slow far side keeps no other waiting
)

// lane is what of one account is on its way from this node.
type lane struct {
	busy int // deliveries that have a worker
	away int // how many were turned away since one ended: the more, the later they come back, so that waiting costs others nothing
}

// enter makes room for one more delivery of an account; when it has its share already, it says when to come again.
func (s *Service) enter(a account.ID) (leave func(), wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lanes == nil {
		s.lanes = map[account.ID]*lane{}
	}
	l := s.lanes[a]
	if l == nil {
		l = &lane{}
		s.lanes[a] = l
	}
	if l.busy >= atOnce {
		l.away++
		return nil, min(busyPause*time.Duration(1+l.away/atOnce), mostPause)
	}
	l.busy++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		l.away = 0
		if l.busy--; l.busy == 0 {
			delete(s.lanes, a)
		}
	}, 0
}

// claim takes a queued delivery in hand. wait says to come back later: it is not its time, or the account is stopped.
func (s *Service) claim(ctx context.Context, id ID) (d Delivery, wait time.Duration, err error) {
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		wait = 0
		if d, err = lock(ctx, tx, id); err != nil {
			return err
		}
		if d.State != Queued {
			d.State = "" // somebody else has it, or it has ended
			return nil
		}
		now := s.Now()
		if wait = d.DueAt.Sub(now); wait > 0 {
			return nil
		}
		if d.Part > 1 {
			before, err := part(ctx, tx, d.Thread, d.Part-1)
			if err != nil || before.State != Sent {
				d.State = "" // it is let out when that one is sent
				return err
			}
			d = d.following(before)
		}
		a, err := account.One(ctx, tx, d.Account)
		if err != nil {
			return err
		}
		if !a.RemovedAt.IsZero() {
			d = d.ended(Failed, "the account "+a.Handle+" was disconnected before this could be sent", now)
			if err := save(ctx, tx, d); err != nil {
				return err
			}
			if err := s.threaded(ctx, tx, d); err != nil {
				return err
			}
			return s.tell(ctx, tx, journal.Machine, journal.DeliveryFailed, d)
		}
		if gone, err := d.orphan(ctx, tx); err != nil {
			return err
		} else if gone {
			return s.hold(ctx, tx, journal.Machine, &d, authorLeft)
		}
		var why string
		if wait, why, err = s.hindrance(ctx, tx, a, now); err != nil || wait > 0 {
			if err != nil || why == "" || d.Reason == why {
				return err
			}
			d.Reason = why
			return save(ctx, tx, d)
		}
		if late, err := s.overtaken(ctx, tx, d); err != nil {
			return err
		} else if late {
			return s.hold(ctx, tx, journal.Machine, &d, overtaken+"and approve it, or take it back")
		}
		d = d.claimed(now)
		if err := save(ctx, tx, d); err != nil {
			return err
		}
		return s.tell(ctx, tx, journal.Machine, journal.DeliverySending, d, "try", d.Tries)
	})
	if fault.Is(err, fault.NotFound) {
		return Delivery{}, 0, nil
	}
	return d, wait, err
}

// hindrance says why nothing may leave an account now, and when to look again; no time when it may.
func (s *Service) hindrance(ctx context.Context, q store.Queryer, a account.Account, now time.Time) (wait time.Duration, why string, err error) {
	if why, err = account.Stopped(ctx, q, a.ID); err != nil || why != "" {
		return stopPause, why, err
	}
	wait, why = hinders(a.Trouble, a.NextTry, now)
	if a.Mute != nil {
		if w, y := hinders(a.Mute, a.Mute.NextTry, now); w > wait {
			wait, why = w, y
		}
	}
	return wait, why, nil
}

// hinders is how one ailment hinders speaking before it is tried again.
func hinders(ill *account.Ailment, until, now time.Time) (wait time.Duration, why string) {
	switch {
	case ill == nil || !until.After(now):
	case ill.Deed == channel.Wait: // not one call before
		return until.Sub(now), ill.Message
	case ill.Deed == channel.Reconnect:
		return reconnectPause, "the account must be connected again: " + ill.Message
	}
	return 0, ""
}

// errStopped is why a gate stays shut.
var errStopped = errors.New("stopped, or no longer ours to send")

// gate is asked right before each call leaves: is this try still the one, may the account speak, and is who wrote it still here?
func (s *Service) gate(d Delivery) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		now, err := one(ctx, s.Store.Read(), d.ID)
		if err != nil {
			return err
		}
		if now.State != Sending || now.Fence != d.Fence || !s.Now().Before(now.LeaseUntil) {
			return errStopped
		}
		why, err := account.Stopped(ctx, s.Store.Read(), d.Account)
		if err != nil || why != "" {
			return cmp.Or(err, errStopped)
		}
		gone, err := d.orphan(ctx, s.Store.Read())
		if err == nil && gone {
			err = errStopped
		}
		return err
	}
}
