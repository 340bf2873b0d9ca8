package topic

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Changed wakes those who keep the dictionary in memory.
const Changed = "topic"

// lookAgain is how long a snapshot is trusted without asking whether there is a newer one: a wake-up may be lost.
const lookAgain = 2 * time.Second

// Book is the door to everything in this package. Set the exported fields before the first call; the methods may be called
// by several goroutines.
type Book struct {
	Store *store.Store
	Now   func() time.Time
	Log   *slog.Logger

	mu   sync.Mutex // held while the snapshot is read anew
	kept atomic.Pointer[snapshot]
	news atomic.Int64 // rises when something has changed, or may have
	once sync.Once
	ear  <-chan struct{}

	counted atomic.Pointer[counts]
}

// snapshot is the dictionary at one moment. It never changes: a newer one takes its place.
type snapshot struct {
	topics  []Topic
	matcher *Matcher
	version int64
	news    int64 // Book.news before it was read
	looked  time.Time
}

func (b *Book) start() { b.once.Do(func() { b.ear, _ = b.Store.Hear(Changed) }) }

// Matcher returns what finds the topics as they are now. It reads the database only when something has changed: call it
// before a transaction, not inside one.
func (b *Book) Matcher(ctx context.Context) (*Matcher, error) {
	s, err := b.now(ctx)
	if err != nil {
		return nil, err
	}
	return s.matcher, nil
}

func (b *Book) now(ctx context.Context) (*snapshot, error) {
	b.start()
	if v := b.kept.Load(); v != nil && !b.old(v) {
		return v, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	v := b.kept.Load()
	if v != nil && !b.old(v) { // somebody else has read it meanwhile
		return v, nil
	}
	if len(b.ear) > 0 {
		b.news.Add(1) // first: until the new snapshot is there, nobody takes the old one for good
		<-b.ear
	}
	next := snapshot{news: b.news.Load(), looked: b.Now()}
	var err error
	if next.version, err = version(ctx, b.Store.Read()); err != nil {
		return nil, err
	}
	if v != nil && v.version == next.version {
		next.topics, next.matcher = v.topics, v.matcher
	} else {
		if next.topics, err = all(ctx, b.Store.Read()); err != nil {
			return nil, err
		}
		next.matcher = Compile(next.topics)
	}
	b.kept.Store(&next)
	return &next, nil
}

func (b *Book) old(v *snapshot) bool {
	if v.news != b.news.Load() || len(b.ear) > 0 {
		return true
	}
	age := b.Now().Sub(v.looked)
	return age > lookAgain || age < -lookAgain // somebody set the clock
}

// Topics returns the dictionary, by name. It must not be changed.
func (b *Book) Topics(ctx context.Context) ([]Topic, error) {
	s, err := b.now(ctx)
	if err != nil {
		return nil, err
	}
	return s.topics, nil
}

// change runs f on the topics there are, in a transaction in which nobody else changes them, and makes every node look
// again after it.
func (b *Book) change(ctx context.Context, who staff.Actor, f func(tx *store.Tx, list []Topic) (journal.Entry, error)) error {
	if err := who.Require(staff.DepartmentsManage); err != nil {
		return err
	}
	b.start()
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := raiseVersion(ctx, tx); err != nil {
			return err
		}
		list, err := all(ctx, tx)
		if err != nil {
			return err
		}
		e, err := f(tx, list)
		if err != nil {
			return err
		}
		tx.Wake(Changed)
		tx.After(func() { b.news.Add(1) })
		e.Who, e.What = who.Who(), journal.TopicChanged
		return journal.Write(ctx, tx, e)
	})
}

// Add makes a topic. It counts from the next message on, on every node.
func (b *Book) Add(ctx context.Context, who staff.Actor, c Change) (t Topic, err error) {
	if c.Name == nil {
		return t, fault.In("name", "give the topic a name")
	}
	err = b.change(ctx, who, func(tx *store.Tx, list []Topic) (e journal.Entry, err error) {
		if len(list) >= mostTopics {
			return e, fault.Newf(fault.Conflict, "there are %d topics, the most there can be: remove some first", mostTopics)
		}
		t = Topic{Kind: Product, Phrases: []string{}, Enabled: true, Version: 1, ChangedBy: who.Person, ChangedAt: b.Now().UTC()}
		if t, err = t.changed(c); err != nil {
			return e, err
		}
		if err := named(list, t); err != nil {
			return e, err
		}
		t.Key = keyOf(t.Name, func(k string) bool { return at(list, k) >= 0 })
		return entry("added", t), save(ctx, tx, t)
	})
	return t, err
}

// Change changes a topic; its key stays.
func (b *Book) Change(ctx context.Context, who staff.Actor, key string, c Change) (t Topic, err error) {
	err = b.change(ctx, who, func(tx *store.Tx, list []Topic) (e journal.Entry, err error) {
		k := at(list, key)
		if k < 0 {
			return e, noTopic()
		}
		t = list[k]
		if c.Version != 0 && c.Version != t.Version {
			return e, fault.New(fault.Conflict, "somebody else has changed this topic meanwhile: look at it again, then make your change")
		}
		if t, err = t.changed(c); err != nil {
			return e, err
		}
		if err := named(list, t); err != nil {
			return e, err
		}
		t.Version, t.ChangedBy, t.ChangedAt = t.Version+1, who.Person, b.Now().UTC()
		return entry("changed", t), save(ctx, tx, t)
	})
	return t, err
}

// Remove takes a topic out of the dictionary. Conversations keep what was found in them; a row of the map that names it
// holds for nothing any more and says so.
func (b *Book) Remove(ctx context.Context, who staff.Actor, key string) error {
	return b.change(ctx, who, func(tx *store.Tx, list []Topic) (e journal.Entry, err error) {
		k := at(list, key)
		if k < 0 {
			return e, noTopic()
		}
		return entry("removed", list[k]), remove(ctx, tx, key)
	})
}

func at(list []Topic, key string) int {
	return slices.IndexFunc(list, func(t Topic) bool { return t.Key == key })
}

// named refuses a name that another topic has.
func named(list []Topic, t Topic) error {
	for _, o := range list {
		if o.Key != t.Key && fold(o.Name) == fold(t.Name) {
			return fault.In("name", "there is a topic of this name already: change that one, or choose another name")
		}
	}
	return nil
}

func noTopic() error { return fault.New(fault.NotFound, "there is no such topic any more") }

func entry(deed string, t Topic) journal.Entry {
	return journal.Entry{About: "topic:" + t.Key, Data: journal.Data("deed", deed, "name", t.Name, "kind", t.Kind, "phrases", t.Phrases, "enabled", t.Enabled, "version", t.Version)}
}
