package topic

import (
	"context"
	"fmt"
	"slices"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// On says that a conversation is on a topic, or by hand that it is not.
type On struct {
	Conversation desk.ConversationID
	Topic        string
	At           time.Time      // when it was first found or said
	Person       staff.PersonID // who said so by hand; zero: it was found in the words
	Removed      bool           // somebody took it off; it stays off
}

// Note keeps what was found in new messages. What is known of a conversation already stays as it is.
func Note(ctx context.Context, tx *store.Tx, list []On) error {
	rows := make([][]any, 0, len(list))
	for _, o := range list {
		rows = append(rows, []any{o.Conversation, o.Topic, store.Micros(o.At), o.Person, store.Bool(o.Removed)})
	}
	return tx.Insert(ctx, "conversation_topic", onColumns, "ON CONFLICT DO NOTHING", rows)
}

// Of returns which topics a conversation is on, by key; those taken off by hand are not among them.
func Of(ctx context.Context, q store.Queryer, c desk.ConversationID) ([]On, error) {
	list, err := on(ctx, q, c)
	return slices.DeleteFunc(list, func(o On) bool { return o.Removed }), err
}

// mostOn is how many topics a conversation can be on.
const mostOn = 2 * mostFound

// Correct says which topics a conversation is on: what is missing in keys is taken off, what is new is put on, in who's name.
// It teaches nothing by itself; phrases that go with what was added are suggested.
func (b *Book) Correct(ctx context.Context, who staff.Actor, of desk.ConversationID, keys []string) error {
	if err := who.Require(staff.Answer); err != nil {
		return err
	}
	topics, err := b.Topics(ctx)
	if err != nil {
		return err
	}
	keys = slices.Compact(slices.Sorted(slices.Values(keys)))
	if len(keys) > mostOn {
		return fault.In("topics", fmt.Sprintf("a conversation is on up to %d topics", mostOn))
	}
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		c, err := desk.LoadOne(ctx, tx, of)
		if err != nil {
			return err
		}
		if !desk.Sees(who, c) {
			return fault.New(fault.NotFound, "there is no such conversation, or it is not yours to see")
		}
		was, err := on(ctx, tx, of)
		if err != nil {
			return err
		}
		changed, added, removed, err := corrected(was, topics, keys, On{Conversation: of, At: b.Now(), Person: who.Person})
		if err != nil || len(changed) == 0 {
			return err
		}
		if err := saveOn(ctx, tx, changed); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.TopicsCorrected, Conversation: int64(of),
			Data: journal.Data("added", added, "removed", removed)})
	})
}

// corrected is what changes when a conversation that was on some topics is to be on those of keys; by is who says so and when.
func corrected(was []On, topics []Topic, keys []string, by On) (changed []On, added, removed []string, err error) {
	added, removed = []string{}, []string{}
	known := map[string]On{}
	for _, o := range was {
		known[o.Topic] = o
		if !o.Removed && !slices.Contains(keys, o.Topic) {
			o.Removed, o.Person = true, by.Person
			changed, removed = append(changed, o), append(removed, o.Topic)
		}
	}
	for _, k := range keys {
		o, there := known[k]
		switch {
		case there && !o.Removed:
			continue
		case at(topics, k) < 0:
			return nil, nil, nil, fault.In("topics", fmt.Sprintf("there is no topic %q: choose one of the dictionary", k))
		case there:
			o.Removed, o.Person = false, by.Person
		default:
			o = On{by.Conversation, k, by.At, by.Person, false}
		}
		changed, added = append(changed, o), append(added, k)
	}
	return changed, added, removed, nil
}

// countFor is how long counts are kept: they stand on a screen that people look at now and then.
const countFor = 20 * time.Second

type counts struct {
	by    map[string]int
	since time.Duration
	at    time.Time
}

// Counts returns how many conversations came to be on each topic in the span before now, by key.
func (b *Book) Counts(ctx context.Context, span time.Duration) (map[string]int, error) {
	now := b.Now()
	if c := b.counted.Load(); c != nil && c.since == span && now.Sub(c.at) < countFor && !now.Before(c.at) {
		return c.by, nil
	}
	by, err := countOn(ctx, b.Store.Read(), now.Add(-span))
	if err == nil {
		b.counted.Store(&counts{by, span, now})
	}
	return by, err
}

// Newest returns the conversations that came to be on a topic since a time, the newest first. Who may see them is for the
// caller to ask.
func (b *Book) Newest(ctx context.Context, key string, since time.Time, limit int) ([]desk.ConversationID, error) {
	return newestOn(ctx, b.Store.Read(), key, since, limit)
}
