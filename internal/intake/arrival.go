package intake

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/letters"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Tries is how often an item that can't be taken in is tried before it is left to a person.
const Tries = 3

// ArrivalID is the id of an Arrival.
type ArrivalID = id.Of[Arrival]

// Arrival is an item that could not be taken in. It is kept whole, delays nobody, and waits for a person after Tries.
type Arrival struct {
	ID       ArrivalID
	Account  account.ID
	RemoteID string
	Event    json.RawMessage // as the connector read it
	Tries    int
	Problem  string
	At       time.Time
	NextTry  time.Time
	State    ArrivalState
}

// ArrivalState is what is done about an Arrival.
type ArrivalState string

const (
	Trying ArrivalState = "trying"
	Aside  ArrivalState = "aside" // a person must look at it
	Done   ArrivalState = "done"  // taken in after all, or discarded
)

// setAside keeps an item that failed.
func (in *Intake) setAside(ctx context.Context, a account.Account, e channel.Event, why error) error {
	in.Log.Warn("an item could not be taken in", "account", a.ID.String(), "item", e.RemoteID, "error", why)
	body, err := json.Marshal(e)
	said := e
	said.Raw = nil // it may differ each time the same is told
	same, _ := json.Marshal(said)
	if err != nil {
		body, _ = json.Marshal(map[string]string{"remoteId": text(e.RemoteID), "problem": err.Error()})
	}
	now := in.Now()
	return in.Store.Tx(ctx, func(tx *store.Tx) error {
		return addArrival(ctx, tx, Arrival{ID: ArrivalID(in.Store.IDs.Next()), Account: a.ID, RemoteID: text(e.RemoteID), Event: body, Tries: 1,
			Problem: letters.Head(text(why.Error()), 2000), At: now, NextTry: now.Add(pause(1)), State: Trying}, sha256.Sum256(same))
	})
}

// pause is how long after the n-th try comes the next.
func pause(n int) time.Duration { return time.Duration(n*n) * 2 * time.Second }

// Retry tries items again that failed, until ctx ends.
func (in *Intake) Retry(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		list, err := arrivalsDue(ctx, in.Store.Read(), in.Now(), 50)
		if err != nil && ctx.Err() == nil {
			in.Log.Warn("items set aside could not be read", "error", err)
		}
		for _, r := range list {
			if err := in.again(ctx, r, journal.Machine); err != nil && ctx.Err() == nil {
				in.Log.Warn("an item could not be tried again", "item", r.RemoteID, "error", err)
			}
		}
	}
}

// again tries one item, and writes down how that went.
func (in *Intake) again(ctx context.Context, r Arrival, who string) error {
	a, err := account.One(ctx, in.Store.Read(), r.Account)
	if err != nil {
		return err
	}
	var e channel.Event
	if err = json.Unmarshal(r.Event, &e); err == nil {
		if err = in.alone(ctx, &request{account: a, events: []channel.Event{e}, at: r.At}); ownTrouble(err) {
			return err
		}
	}
	e2 := journal.Entry{Who: who, About: journal.About("arrival", r.ID), Data: journal.Data("account", r.Account, "tries", r.Tries+1)}
	if err == nil {
		r.State, e2.What = Done, journal.ItemRetried
	} else {
		r.Tries++
		r.Problem, r.NextTry = letters.Head(text(err.Error()), 2000), in.Now().Add(pause(r.Tries))
		if r.Tries >= Tries {
			r.State, e2.What = Aside, journal.ItemSetAside
		}
	}
	return in.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := saveArrival(ctx, tx, r); err != nil || e2.What == "" {
			return err
		}
		tx.Wake(account.Topic)
		return journal.Write(ctx, tx, e2)
	})
}

// alone takes in a request that waits for nobody, after it was asked again whether it answers a letter of ours.
func (in *Intake) alone(ctx context.Context, r *request) error {
	if err := in.letters(ctx, r); err != nil || len(r.events) == 0 {
		return err
	}
	return in.store(ctx, []*request{r})
}

// Arrivals returns the items of an account that wait for a person or are being tried, the newest first.
func (in *Intake) Arrivals(ctx context.Context, a account.ID) ([]Arrival, error) {
	return arrivalsOf(ctx, in.Store.Read(), a)
}

// RetryNow tries an item again for a person. The NotFound, Forbidden or other fault says what went wrong.
func (in *Intake) RetryNow(ctx context.Context, b *account.Book, who staff.Actor, id ArrivalID) (Arrival, error) {
	r, err := in.arrival(ctx, b, who, id)
	if err != nil {
		return r, err
	}
	if err := in.again(ctx, r, who.Who()); err != nil {
		return r, err
	}
	return arrival(ctx, in.Store.Read(), id)
}

// Discard gives an item up. Its content is removed, that it was there stays in the journal.
func (in *Intake) Discard(ctx context.Context, b *account.Book, who staff.Actor, id ArrivalID) error {
	r, err := in.arrival(ctx, b, who, id)
	if err != nil {
		return err
	}
	r.State, r.Event = Done, json.RawMessage("{}")
	return in.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := saveArrival(ctx, tx, r); err != nil {
			return err
		}
		tx.Wake(account.Topic)
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.ItemDiscarded, About: journal.About("arrival", id), Data: journal.Data("account", r.Account, "item", r.RemoteID)})
	})
}

func (in *Intake) arrival(ctx context.Context, b *account.Book, who staff.Actor, id ArrivalID) (Arrival, error) {
	r, err := arrival(ctx, in.Store.Read(), id)
	if err != nil {
		return r, err
	}
	if err := b.RequireManage(ctx, who, r.Account); err != nil {
		return r, err
	}
	if r.State == Done {
		return r, fault.New(fault.Conflict, "this item is dealt with already")
	}
	return r, nil
}
