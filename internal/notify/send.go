package notify

import (
	"context"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

const (
	lease     = 5 * time.Minute // what is going out is left alone for so long, in case whoever sends it dies
	mostTries = 5               // after which it stands in the list alone
	mostLines = 30              // of a mail; the rest are counted
	atATime   = 64              // people who are told in one round
)

// Mailer is the house's own mail.
type Mailer interface {
	// Ready reports whether the house can send mail.
	Ready(ctx context.Context) (bool, error)
	// Post puts a mail down in tx, to be sent once for each key.
	Post(ctx context.Context, tx *store.Tx, m Letter) error
}

// Letter is a mail to a member of staff.
type Letter struct {
	Key     string // the same key is sent once
	To      string
	Subject string
	Text    string
	HTML    string
}

// Send lets go out what is due, until ctx ends. On several nodes each may do it: nobody is told twice.
func (b *Bell) Send(ctx context.Context) {
	wake, done := b.Store.Hear(Topic)
	defer done()
	for ctx.Err() == nil {
		pause := 30 * time.Second // never longer: a wake-up may be lost
		next, err := b.SendDue(ctx)
		if at, e := b.ChatDue(ctx); e != nil {
			err = e
		} else if next.IsZero() || !at.IsZero() && at.Before(next) {
			next = at
		}
		switch {
		case err != nil && ctx.Err() == nil:
			b.Log.Warn("notifications could not go out; it is tried again", "error", err)
			pause = 5 * time.Second
		case !next.IsZero():
			pause = max(min(pause, next.Sub(b.Now())), 100*time.Millisecond)
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-time.After(pause):
		}
	}
}

// SendDue lets go out what is due to people now, and returns when something is due next; the zero time: nothing is.
func (b *Bell) SendDue(ctx context.Context) (next time.Time, err error) {
	for ctx.Err() == nil {
		now := b.Now()
		due, err := dueNow(ctx, b.Store.Read(), now, now.Add(-pace), atATime)
		if err != nil {
			return next, err
		}
		for _, d := range due {
			if err := b.sendTo(ctx, d.person, d.way); err != nil {
				return next, err
			}
		}
		if len(due) < atATime {
			break
		}
	}
	return nextDue(ctx, b.Store.Read(), pace)
}

// due is somebody to be told by a way.
type due struct {
	person staff.PersonID
	way    Way
}

// parcel is what goes to one person at once.
type parcel struct {
	to    staff.Person
	set   Settings
	items []Told // the newest first
	more  int    // how many are only counted
	until time.Time
}

// sendTo tells somebody by one way, once: what waits is claimed first, and the minute begins with that.
func (b *Bell) sendTo(ctx context.Context, p staff.PersonID, w Way) error {
	now := b.Now()
	until := now.Add(lease)
	mine := false
	if err := b.Store.Tx(ctx, func(tx *store.Tx) (err error) {
		if mine, err = takePace(ctx, tx, p, w, now, now.Add(-pace)); err != nil || !mine {
			return err
		}
		return claim(ctx, tx, p, w, now, until)
	}); err != nil || !mine {
		return err
	}
	k, err := b.parcel(ctx, p, w, until)
	if err == nil && len(k.items) > 0 {
		switch w {
		case Push:
			err = b.push(ctx, k)
		case Mail:
			err = b.mail(ctx, k)
		}
	}
	if ctx.Err() != nil {
		return ctx.Err() // what is claimed goes out when its lease has run out
	}
	end := func(tx *store.Tx) error { return sent(ctx, tx, p, w, until, b.Now()) }
	if err != nil {
		b.Log.Warn("somebody could not be told; it is tried again", "way", w, "person", p, "error", err)
		end = func(tx *store.Tx) error { return putBack(ctx, tx, p, w, until, b.Now().Add(2*pace), mostTries) }
	}
	return b.Store.Tx(ctx, end)
}

// parcel is what may go to somebody now: they are asked for their rights again.
func (b *Bell) parcel(ctx context.Context, p staff.PersonID, w Way, until time.Time) (k parcel, err error) {
	k.until = until
	r, err := b.Staff.Look(ctx)
	if err != nil {
		return k, err
	}
	to, ok := r.Person(p)
	if !ok || to.State != staff.Active {
		return k, nil
	}
	list, err := claimed(ctx, b.Store.Read(), p, w, until)
	if err != nil {
		return k, err
	}
	if list, err = b.seen(ctx, to.ActorOf(), list); err != nil || len(list) == 0 {
		return k, err
	}
	set, err := settingsOf(ctx, b.Store.Read(), []staff.PersonID{p})
	if err != nil {
		return k, err
	}
	k.to, k.set = to, settingsFor(set, p)
	if len(list) > mostLines {
		k.more = len(list) - mostLines
		list = list[:mostLines]
	}
	k.items, err = b.dress(ctx, list)
	return k, err
}
