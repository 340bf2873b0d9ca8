package delivery

import (
	"context"
	"errors"
	"time"

	"switchboard/internal/job"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

const (
	watchEvery = 2 * time.Second
	lostAfter  = 15 * time.Second // a queued delivery this long after its time has lost its job
)

// Watch is the watchdog: it takes over deliveries whose worker died, and those that are due and not on their way. It runs on
// every node until ctx ends.
func (s *Service) Watch(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		if err := s.Sweep(ctx); err != nil && !errors.Is(err, context.Canceled) {
			s.Log.Error("the watchdog of deliveries failed; it tries again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Sweep does what Watch does, once.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Now()
	list, err := lapsed(ctx, s.Store.Read(), now, 50)
	if err != nil {
		return err
	}
	for _, d := range list {
		mine, err := s.takeOver(ctx, d)
		if err != nil {
			return err
		}
		if mine.State == Sending {
			go s.inherit(ctx, mine)
		}
	}
	late, err := overdue(ctx, s.Store.Read(), now.Add(-lostAfter), 200)
	if err != nil || len(late) == 0 {
		return err
	}
	return s.Store.Tx(ctx, func(tx *store.Tx) error {
		for _, d := range late {
			if err := s.Jobs.Enqueue(ctx, tx, deliver{d.ID, d.Fence}, job.When{Unique: true}); err != nil {
				return err
			}
		}
		return nil
	})
}

// inherit finds out what became of a delivery whose worker died, and sees to it that it is tried again if it did not arrive.
func (s *Service) inherit(ctx context.Context, mine Delivery) {
	is := s.find(ctx, mine, "whoever was sending it died")
	if is.State != Queued {
		return
	}
	err := s.Store.Tx(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		return s.Jobs.Enqueue(ctx, tx, deliver{is.ID, is.Fence}, job.When{Unique: true}) // it waits itself until it is due
	})
	if err != nil { // it is due, and Sweep will see that
		s.Log.Warn("a delivery could not be put in the queue again", "delivery", is.ID.String(), "error", err)
	}
}

// takeOver moves the fence of a delivery whose lease has run out, so that its former worker can't go on.
func (s *Service) takeOver(ctx context.Context, d Delivery) (mine Delivery, err error) {
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		mine = Delivery{}
		now, err := lock(ctx, tx, d.ID)
		if err != nil || now.State != Sending || now.Fence != d.Fence || now.LeaseUntil.After(s.Now()) {
			return err
		}
		now.Fence++
		now.LeaseUntil = s.Now().Add(leaseLife)
		if err := save(ctx, tx, now); err != nil {
			return err
		}
		mine = now
		return s.tell(ctx, tx, journal.Machine, journal.DeliverySending, now, "why", "whoever was sending it died; the other side is asked what became of it")
	})
	return mine, err
}
