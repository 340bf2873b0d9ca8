package skill

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Kind is what a count is about.
type Kind string

const (
	Intent Kind = "intent"
	Topic  Kind = "topic"
)

// Learned is how much somebody answered of one thing.
type Learned struct {
	Kind   Kind
	Key    string
	Count  int
	Median time.Duration // from being asked to the answer, by the wall; exact to a factor of two
	Last   time.Time
}

// Book is the door to everything in this package. Set the exported fields before the first call; the methods may be called
// by several goroutines.
type Book struct {
	Store *store.Store
	Now   func() time.Time
	Log   *slog.Logger

	mu   sync.Mutex
	kept map[staff.PersonID][]Learned
	at   time.Time
}

// keptFor is how long what was read is trusted: one answer more changes little.
const keptFor = 10 * time.Second

// Of returns what everybody has learned. It must not be changed.
func (b *Book) Of(ctx context.Context) (map[staff.PersonID][]Learned, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.Now()
	if age := now.Sub(b.at); b.kept != nil && age >= 0 && age < keptFor {
		return b.kept, nil
	}
	list, err := counts(ctx, b.Store.Read())
	if err != nil {
		return nil, err
	}
	b.kept, b.at = map[staff.PersonID][]Learned{}, now
	for _, c := range list {
		b.kept[c.person] = append(b.kept[c.person], Learned{c.kind, c.key, c.n, c.times.median(), c.last})
	}
	return b.kept, nil
}

// answered is an answer as the journal tells it.
type answered struct {
	conversation desk.ConversationID
	by           staff.PersonID
	took         time.Duration
	at           time.Time
}

// answerOf reads an entry; false when it tells of no answer by a person to somebody who waited.
func answerOf(e journal.Entry) (a answered, ok bool) {
	var data struct {
		By      staff.PersonID
		Seconds int64
	}
	switch e.What {
	case journal.Waiting, journal.Closed, journal.AnsweredByHand:
	default:
		return a, false
	}
	if e.Conversation == 0 || json.Unmarshal(e.Data, &data) != nil || data.Seconds <= 0 {
		return a, false
	}
	if e.What == journal.AnsweredByHand {
		if key, isPerson := strings.CutPrefix(e.Who, "person:"); isPerson {
			data.By, _ = id.Parse[staff.Person](key)
		}
	}
	a = answered{desk.ConversationID(e.Conversation), data.By, time.Duration(data.Seconds) * time.Second, e.At}
	return a, !data.By.IsZero()
}

// bite is how many entries of the journal are read at a time.
const bite = 1000

// Follow counts answers as they are sent, until ctx ends. On several nodes each may do it: an entry counts once.
func (b *Book) Follow(ctx context.Context) {
	wake, done := b.Store.Hear(journal.Topic)
	defer done()
	for ctx.Err() == nil {
		n, err := b.Read(ctx)
		if err != nil && ctx.Err() == nil {
			b.Log.Warn("what people answered could not be counted; it is tried again", "error", err)
		}
		if err != nil || n < bite {
			journal.Wait(ctx, wake, time.Second)
		}
	}
}

// Read counts some of the journal from where the last reader stopped, and returns how many entries it read. Counts and the
// place after them are one transaction.
func (b *Book) Read(ctx context.Context) (int, error) {
	from, err := place(ctx, b.Store.Read())
	if err != nil {
		return 0, err
	}
	entries, err := journal.Read(ctx, b.Store, from, bite)
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	var list []answered
	for _, e := range entries {
		if a, ok := answerOf(e); ok {
			list = append(list, a)
		}
	}
	return len(entries), b.Store.Tx(ctx, func(tx *store.Tx) error {
		mine, err := move(ctx, tx, from, entries[len(entries)-1].Cursor)
		if err != nil || !mine || len(list) == 0 {
			return err
		}
		return b.count(ctx, tx, list)
	})
}

// Rebuild forgets what was counted; Follow, or Read, then counts the journal from its beginning.
func (b *Book) Rebuild(ctx context.Context) error {
	return b.Store.Tx(ctx, func(tx *store.Tx) error { return forget(ctx, tx) })
}

// count adds answers to what their people have learned.
func (b *Book) count(ctx context.Context, tx *store.Tx, list []answered) error {
	about, err := subjects(ctx, tx, list)
	if err != nil {
		return err
	}
	known, err := counts(ctx, tx)
	if err != nil {
		return err
	}
	by := map[seat]tally{}
	for _, c := range known {
		by[c.seat] = c
	}
	changed := map[seat]bool{}
	for _, a := range list {
		for _, s := range about[a.conversation] {
			k := seat{a.by, s.kind, s.key}
			c := by[k]
			c.seat, c.n, c.times = k, c.n+1, c.times.add(a.took)
			if a.at.After(c.last) {
				c.last = a.at
			}
			by[k], changed[k] = c, true
		}
	}
	var rows []tally
	for k := range changed {
		rows = append(rows, by[k])
	}
	return save(ctx, tx, rows)
}
