package delivery

import (
	"cmp"
	"context"
	"errors"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// find asks the far side what became of a try, until it can tell or the time is up; then a person must.
func (s *Service) find(ctx context.Context, d Delivery, why string) Delivery {
	ctx, stop := s.alive(ctx, d)
	defer stop()
	if conn, err := s.Book.Conn(ctx, d.Account); err == nil {
		if f, ok := conn.(channel.Finder); ok {
			if is, told := s.search(ctx, f, d, why); told {
				return is
			}
		}
	}
	return s.settle(ctx, d, func(d Delivery) (Delivery, journal.What) {
		d.Content.Doubt = false
		return d.ended(Unknown, "it can't be told whether it arrived: look at the account, and say so here ("+why+")", s.Now()), journal.DeliveryUnknown
	}, nil)
}

// search asks f again and again. told says that it is settled what becomes of d, or is somebody else's to settle.
func (s *Service) search(ctx context.Context, f channel.Finder, d Delivery, why string) (is Delivery, told bool) {
	last, end := d.last, d.StartedAt.Add(findLimit)
	if least := s.Now().Add(findLeast); least.After(end) {
		end = least
	}
	for pause, next := time.Duration(0), time.Second; ; {
		r, there, err := s.ask(ctx, f, d)
		switch {
		case err == nil && there:
			return s.settle(ctx, d, func(d Delivery) (Delivery, journal.What) { return d.sent(r, s.Now()), journal.DeliverySent }, &r), true
		case err == nil:
			return s.settle(ctx, d, func(d Delivery) (Delivery, journal.What) {
				d.last = last
				if d = d.missed(why, s.Now()); d.State == Failed {
					return d, journal.DeliveryFailed
				}
				return d, ""
			}, nil), true
		}
		if ctx.Err() != nil { // we are being stopped: whoever comes after us asks
			return d, true
		}
		t, now := channel.TroubleOf(err), s.Now()
		pause, next = again(t, now, next)
		switch wait := t.Until.Sub(now); {
		case t.Deed == channel.Wait && wait <= waitHere:
		case t.Deed == channel.Wait && wait <= doubtLife && !d.tooOld(now):
			return s.settle(ctx, d, func(d Delivery) (Delivery, journal.What) { return d.doubted(t.Until, s.Now(), why), "" }, nil), true
		case t.Deed != channel.Again:
			return d, false
		}
		if now.Add(pause).After(end) {
			return d, false
		}
		if ours, err := s.lengthen(ctx, d); err != nil || !ours {
			return d, true
		}
		select {
		case <-ctx.Done():
			return d, true
		case <-time.After(pause):
		}
	}
}

// again is how long to wait before the far side is asked once more, and the pause after that one. Who tells us to wait is asked
// as soon as that is over, before the next delivery leaves and we are told again; who names no time to come, like anybody else.
func again(t *channel.Trouble, now time.Time, pause time.Duration) (wait, next time.Duration) {
	if left := t.Until.Sub(now); t.Deed == channel.Wait && left > 0 {
		return max(left+10*time.Millisecond, 200*time.Millisecond), pause
	}
	return pause, min(2*pause, askPause)
}

func (s *Service) ask(ctx context.Context, f channel.Finder, d Delivery) (channel.Receipt, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	o, err := s.outgoing(ctx, d)
	if err != nil {
		return channel.Receipt{}, false, err
	}
	return f.Find(ctx, o)
}

// alive lengthens the lease of d while something is done with it, until stop is called. ctx ends when d is in other hands, and when
// nobody could be told for so long that it soon will be.
func (s *Service) alive(ctx context.Context, d Delivery) (_ context.Context, stop func()) {
	ctx, end := context.WithCancelCause(ctx)
	tick := time.NewTicker(cmp.Or(s.Beat, leaseLife/3))
	go func() {
		defer tick.Stop()
		for told := s.Now(); ; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			switch ours, err := s.lengthen(ctx, d); {
			case err == nil && ours:
				told = s.Now()
			case err == nil || s.Now().Sub(told) > leaseLife*2/3:
				end(errNotOurs)
				return
			}
		}
	}()
	return ctx, func() { end(nil) }
}

// errNotOurs ends what a worker does with a delivery that another has taken over, or soon will.
var errNotOurs = errors.New("somebody else has taken the delivery over")

// lengthen lengthens the lease of d, if d is still ours.
func (s *Service) lengthen(ctx context.Context, d Delivery) (ours bool, err error) {
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		now, err := lock(ctx, tx, d.ID)
		if ours = err == nil && now.State == Sending && now.Fence == d.Fence; !ours {
			return err
		}
		now.LeaseUntil = s.Now().Add(leaseLife)
		return save(ctx, tx, now)
	})
	return err == nil && ours, err
}
