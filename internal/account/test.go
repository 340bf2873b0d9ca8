package account

import (
	"context"
	"errors"
	"strings"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/egress"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// testLimit is how long a test may take, but for what it takes back at its end: proxies give up on an answer after a minute.
const testLimit = 45 * time.Second

// Test is what came of a test message.
type Test struct {
	channel.Tested
	Took time.Duration
}

// Test lets an account say something that nobody outside gets to see, and notes what came of it. It goes on to its end when who
// asked for it has gone: what was said is taken away again.
func (b *Book) Test(ctx context.Context, who staff.Actor, id ID) (out Test, err error) {
	if err := b.RequireManage(ctx, who, id); err != nil {
		return out, err
	}
	a, err := One(ctx, b.Store.Read(), id)
	if err != nil {
		return out, err
	}
	if !a.RemovedAt.IsZero() {
		return out, fault.New(fault.Conflict, "this account is disconnected: connect it again")
	}
	if err := b.runs(ctx, id); err != nil {
		return out, err
	}
	conn, err := b.Conn(ctx, id)
	if err != nil {
		return out, Fault(err)
	}
	t, ok := conn.(channel.Tester)
	if _, speaks := conn.(channel.Replier); !ok && speaks {
		return out, fault.New(fault.Invalid, "no test can be sent from this account: if its settings ask whether it takes tests, say so there")
	}
	if !ok {
		return out, fault.New(fault.Invalid, "nothing can be sent from this account, it is only read: check it instead")
	}
	ctx = context.WithoutCancel(ctx)
	call, cancel := context.WithTimeout(ctx, testLimit)
	defer cancel()
	began := b.Now()
	out.Tested, err = t.Test(egress.WithGate(call, func(ctx context.Context) error { return b.runs(ctx, id) }), channel.Key(uint64(b.Store.IDs.Next())))
	out.Took = b.Now().Sub(began)
	if err != nil && channel.TroubleOf(err).Deed == channel.Reconnect {
		b.Mute(ctx, id, err, began)
	}
	err = untested(err, out.Note)
	if saved := b.noteTest(ctx, who, id, out, err); err == nil {
		err = saved
	}
	return out, err
}

// runs is the error of an account that is stopped, nil while it may speak.
func (b *Book) runs(ctx context.Context, id ID) error {
	why, err := Stopped(ctx, b.Store.Read(), id)
	if err == nil && why != "" {
		err = channel.ErrStopped
	}
	return err
}

// Unclear is the name of the error of a test of which nobody knows whether it was said.
const Unclear = "unclear"

// untested is err for the person who asked for a test, with what may be left of it. Nobody tries a test again by itself.
func untested(err error, left string) error {
	var t *channel.Trouble
	switch {
	case errors.Is(err, channel.ErrStopped):
		return channel.ErrStopped
	case !errors.As(err, &t):
		return err
	}
	told := *t
	if t.Deed == channel.Again {
		told.Message, _, _ = strings.Cut(t.Message, "; ") // "it is tried again" holds for answers
		told.Message += ": send the test again in a moment"
	}
	if t.Unclear {
		told.Message += ". It may have arrived all the same, where only the account itself can see it"
	}
	if left != "" {
		told.Message += ". " + left
	}
	err = Fault(&told)
	var f *fault.Error
	if t.Unclear && errors.As(err, &f) {
		f.Name = Unclear
	}
	return err
}

// noteTest writes down what came of a test.
func (b *Book) noteTest(ctx context.Context, who staff.Actor, id ID, out Test, failed error) error {
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		data := journal.Data("seen", out.Seen != "", "gone", out.Gone, "milliseconds", out.Took.Milliseconds())
		if failed != nil {
			data = journal.Data("problem", problemOf(failed), "milliseconds", out.Took.Milliseconds())
		} else if err := b.mayTry(ctx, tx, id); err != nil {
			return err
		}
		tx.Wake(Topic)
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.AccountTested, About: journal.About("account", id), Data: data})
	})
}

// problemOf is what a person is told of err; causes are for the log.
func problemOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Message
	}
	return "something went wrong here"
}
