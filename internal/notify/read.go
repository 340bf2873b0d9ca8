package notify

import (
	"cmp"
	"context"
	"slices"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Topic wakes those who send when something new may go out.
const Topic = "notify"

const (
	bite    = 500            // entries of the journal read at a time
	history = 24 * time.Hour // how far back the list begins in a house that had none
	stale   = time.Hour      // what happened longer ago stands in the list alone: the program was not running
)

// Follow files what happens as it happens, until ctx ends. On several nodes each may do it: an entry is filed once.
func (b *Bell) Follow(ctx context.Context) {
	wake, done := b.Store.Hear(journal.Topic)
	defer done()
	tidied := time.Time{}
	for ctx.Err() == nil {
		n, err := b.Read(ctx)
		if err != nil && ctx.Err() == nil {
			b.Log.Warn("notifications could not be filed; it is tried again", "error", err)
		}
		if now := b.Now(); err == nil && now.Sub(tidied) > time.Hour {
			if err := b.tidy(ctx); err != nil && ctx.Err() == nil {
				b.Log.Warn("old notifications could not be removed; in an hour it is tried again", "error", err)
			}
			tidied = now
		}
		if err != nil || n < bite {
			journal.Wait(ctx, wake, 250*time.Millisecond)
		}
	}
}

// Read files some of the journal from where the last reader stopped, and returns how many entries it read. What it files, and
// the place after it, are one transaction.
func (b *Bell) Read(ctx context.Context) (int, error) {
	from, err := readerPlace(ctx, b.Store.Read())
	if err != nil {
		return 0, err
	}
	begin := from
	if from.Seq < 0 {
		if begin, err = since(ctx, b.Store.Read(), b.Now().Add(-history)); err != nil {
			return 0, err
		}
	}
	all, err := journal.Read(ctx, b.Store, begin, bite)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	list := relevant(all)
	f, err := b.know(ctx, list)
	if err != nil {
		return 0, err
	}
	left := signedOut(all)
	hooks, err := hooksOf(ctx, b.Store.Read())
	if err != nil {
		return 0, err
	}
	return len(all), b.Store.Tx(ctx, func(tx *store.Tx) error {
		mine, err := moveReader(ctx, tx, from, all[len(all)-1].Cursor)
		if err != nil || !mine {
			return err
		}
		if err := b.forgetDevices(ctx, tx, left); err != nil {
			return err
		}
		if list, err = still(ctx, tx, list); err != nil {
			return err
		}
		if err := b.keepForChat(ctx, tx, hooks, f, list); err != nil {
			return err
		}
		filed := b.file(f, list)
		set, err := settingsOf(ctx, tx, peopleOf(filed))
		if err != nil {
			return err
		}
		return b.keep(ctx, tx, f, filed, set)
	})
}

// still drops what concerns a conversation that was removed meanwhile. Who removes one holds the place of the reader, as we do.
func still(ctx context.Context, tx *store.Tx, list []entry) (out []entry, err error) {
	there, err := openOf(ctx, tx, conversationsIn(list))
	for _, e := range list {
		if _, ok := there[e.Conversation]; ok || e.Conversation == 0 {
			out = append(out, e)
		}
	}
	return out, err
}

// file makes notifications of entries: one for each person and fold, counted.
func (b *Bell) file(f *facts, list []entry) []filing {
	type seat struct {
		person staff.PersonID
		fold   string
	}
	at := map[seat]int{}
	var out []filing
	for _, e := range list {
		for _, k := range byWhat[e.What] {
			if k.open && !f.open[e.Conversation] {
				continue
			}
			fold := k.folded(e)
			for _, p := range k.whom(f, e) {
				if p == doer(e.Who) || !f.mayKnow(k, p, e.Conversation) {
					continue
				}
				s := seat{p, fold}
				n, ok := at[s]
				if !ok {
					n, at[s] = len(out), len(out)
					out = append(out, filing{kind: k, fold: fold, n: Notification{Person: p, Kind: k.Kind}})
				}
				out[n].add(e)
			}
		}
	}
	return out
}

// filing is a notification that is about to be kept.
type filing struct {
	kind kind
	fold string
	n    Notification
}

// add counts an entry in.
func (f *filing) add(e entry) {
	f.n.Count++
	f.n.What, f.n.Who, f.n.About, f.n.At = e.What, e.Who, e.About, e.At
	f.n.Department = 0
	f.n.Conversation = desk.ConversationID(e.Conversation)
	if f.isWide() || f.kind.Kind == "asked" && e.data.Person.IsZero() {
		f.n.Department = e.department()
	}
	if f.isWide() && f.n.Count > 1 {
		f.n.Conversation = 0
	}
}

func (f *filing) isWide() bool { return len(f.fold) > len(wide) && f.fold[:len(wide)] == wide }

// keep stores what was filed for who wants it, and when it goes out by which way.
func (b *Bell) keep(ctx context.Context, tx *store.Tx, f *facts, filed []filing, set map[staff.PersonID]Settings) error {
	now := b.Now()
	var told []staff.PersonID
	slices.SortStableFunc(filed, func(x, y filing) int { return cmp.Or(cmp.Compare(x.n.Person, y.n.Person), cmp.Compare(x.fold, y.fold)) })
	for _, k := range filed {
		s := settingsFor(set, k.n.Person)
		ways := s.ways(k.kind)
		if !ways.List {
			continue
		}
		k.n.ID = ID(b.Store.IDs.Next())
		id, err := fileOne(ctx, tx, k)
		if err != nil {
			return err
		}
		if !slices.Contains(told, k.n.Person) {
			told = append(told, k.n.Person)
		}
		if now.Sub(k.n.At) > stale {
			continue
		}
		p, ok := f.roster.Person(k.n.Person)
		if !ok {
			continue
		}
		ready := s.readyAt(k.kind.Urgent, p, f.roster, now)
		for _, w := range ways.out() {
			if err := wait(ctx, tx, id, w, k.n, ready); err != nil {
				return err
			}
		}
	}
	if len(told) == 0 {
		return nil
	}
	tx.Wake(Topic)
	return journal.Write(ctx, tx, journal.Entry{Who: journal.Machine, What: journal.Notified, Data: journal.Data("people", told)})
}

func peopleOf(list []filing) (out []staff.PersonID) {
	for _, k := range list {
		if !slices.Contains(out, k.n.Person) {
			out = append(out, k.n.Person)
		}
	}
	return out
}

// tidy removes what nobody looks for any more.
func (b *Bell) tidy(ctx context.Context) error {
	now := b.Now()
	return b.Store.Tx(ctx, func(tx *store.Tx) error { return forgetOld(ctx, tx, now.AddDate(0, 0, -30), now.AddDate(0, 0, -90)) })
}
