package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/store"
)

// Intake takes events in. One goroutine (Run) commits for all who call Take: what waits meanwhile goes into the next batch, so
// that a busy hour costs few commits and a quiet one no waiting.
type Intake struct {
	Store *store.Store
	Desk  *desk.Desk
	Brain *Brain
	Now   func() time.Time
	Log   *slog.Logger
	// Doubted hears, in the transaction that takes them in, of messages whose conversation the operator must decide about: it
	// may line something up and must not wait. Nil: nobody does.
	Doubted func(ctx context.Context, tx *store.Tx, list []desk.MessageID) error
	// Bounced hears, in the transaction that takes the news in, that an answer of ours came back, by its account and the far side's
	// id of it. Nil: nobody does.
	Bounced func(ctx context.Context, tx *store.Tx, a account.ID, remoteID, why string) error
	// Letters is asked of each new thing said before it is taken in: it may be an answer to a letter of our own. taken says that
	// it is dealt with and stored; why, that it says to be one and is not: then the operator gets it, with the reason. It must
	// bear being asked twice of the same. Nil: nothing is.
	Letters func(ctx context.Context, a account.Account, e channel.Event) (taken bool, why string, err error)
	// Failing, in tests, is asked before an item is applied; an error makes it a poison item.
	Failing func(channel.Event) error
	// Took hears of what was committed, for figures; it may be nil, and must return at once.
	Took func(Taken)

	requests chan *request
}

const (
	batchEvents = 128 // events in one transaction: few enough that a person's reply between two batches does not wait
	queueLength = 4096
)

// New makes an intake whose Take may be called before Run.
func New(s *store.Store, d *desk.Desk, b *Brain, now func() time.Time, log *slog.Logger) *Intake {
	return &Intake{Store: s, Desk: d, Brain: b, Now: now, Log: log, requests: make(chan *request, queueLength)}
}

type request struct {
	account account.Account
	events  []channel.Event
	cursor  *string
	at      time.Time
	done    chan error
	doubted map[string]string // of items that say to answer a letter of ours and do not, by remote id: why
}

// Take stores events of an account, and with them the cursor after them when it is not nil. It returns when they are
// committed: nil means that each is in the database, or set aside there. An Unavailable fault means that nothing is, and that
// the far side should be told so or asked again.
func (in *Intake) Take(ctx context.Context, a account.Account, events []channel.Event, cursor *string) error {
	if len(events) == 0 && cursor == nil {
		return nil
	}
	r := &request{account: a, events: events, cursor: cursor, at: in.Now(), done: make(chan error, 1)}
	if err := in.letters(ctx, r); err != nil {
		return unavailable(err)
	}
	if len(r.events) == 0 && cursor == nil {
		return nil
	}
	select {
	case in.requests <- r:
	case <-ctx.Done():
		return unavailable(ctx.Err())
	}
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done(): // it may still be stored: the far side repeats, and the store knows it
		return unavailable(ctx.Err())
	}
}

func unavailable(err error) error {
	return fault.Wrap(fault.Unavailable, "the message could not be stored now: send it again", err)
}

// Run commits what Take is given until ctx ends; what was waiting then is refused.
func (in *Intake) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			in.refuse(ctx.Err())
			return
		case r := <-in.requests:
			in.commit(context.WithoutCancel(ctx), in.gather(r))
		}
	}
}

func (in *Intake) refuse(err error) {
	for {
		select {
		case r := <-in.requests:
			r.done <- unavailable(err)
		default:
			return
		}
	}
}

// gather takes what waits behind the first request, as much as a batch holds.
func (in *Intake) gather(first *request) []*request {
	list, n := []*request{first}, len(first.events)
	for n < batchEvents {
		select {
		case r := <-in.requests:
			list, n = append(list, r), n+len(r.events)
		default:
			return list
		}
	}
	return list
}

// commit stores requests together; when that fails for another reason than the database's own trouble, each item alone.
func (in *Intake) commit(ctx context.Context, list []*request) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	err := in.store(ctx, list)
	if err == nil {
		for _, r := range list {
			r.done <- nil
		}
		return
	}
	if ownTrouble(err) {
		in.Log.Error("a batch could not be stored", "error", err)
		for _, r := range list {
			r.done <- unavailable(err)
		}
		return
	}
	for _, r := range list {
		r.done <- in.oneByOne(ctx, r)
	}
}

// poison is the error of one item, as against the database's.
type poison struct {
	event channel.Event
	cause error
}

func (p *poison) Error() string { return fmt.Sprintf("item %s: %v", p.event.RemoteID, p.cause) }
func (p *poison) Unwrap() error { return p.cause }

// ownTrouble reports whether err is the database's own trouble and says nothing of the items that were to be stored.
func ownTrouble(err error) bool {
	return (store.Down(err) || fault.Is(err, fault.Unavailable)) && !errors.As(err, new(*poison))
}

// oneByOne stores a request item by item, and sets aside those that can't be.
func (in *Intake) oneByOne(ctx context.Context, r *request) error {
	for _, e := range r.events {
		one := &request{account: r.account, events: []channel.Event{e}, at: r.at, doubted: r.doubted}
		err := in.store(ctx, []*request{one})
		if ownTrouble(err) {
			return unavailable(err)
		}
		if err != nil {
			if err := in.setAside(ctx, r.account, e, err); err != nil {
				return unavailable(err)
			}
		}
	}
	if r.cursor != nil {
		return in.Store.Tx(ctx, func(tx *store.Tx) error { return account.SaveCursor(ctx, tx, r.account, *r.cursor) })
	}
	return nil
}

// store reads what a batch needs, judges it, and commits it. A row that somebody else
// added meanwhile, and a contact that somebody erased, make it begin again.
func (in *Intake) store(ctx context.Context, list []*request) (err error) {
	for try := 0; ; try++ {
		if err = in.once(ctx, list); !store.Repeated(err) && !errors.Is(err, errErased) || try == 4 {
			return err
		}
	}
}

func (in *Intake) once(ctx context.Context, list []*request) error {
	b, err := in.newBatch(ctx, list)
	if err != nil {
		return err
	}
	if err := in.Store.Tx(ctx, func(tx *store.Tx) error { return b.run(ctx, tx) }); err != nil {
		return err
	}
	if in.Took != nil {
		in.Took(b.taken(in.Now()))
	}
	return nil
}

// guarded runs f and turns a panic into an error: one bad item stops nobody else.
func guarded(e channel.Event, log *slog.Logger, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			log.Error("an item made its handler panic", "item", e.RemoteID, "panic", v, "trace", string(debug.Stack()))
			err = &poison{e, fmt.Errorf("panic: %v", v)}
		}
	}()
	if err := f(); err != nil {
		return &poison{e, err}
	}
	return nil
}
