package writing

import (
	"context"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/staff"
)

// Change is that somebody's draft in a conversation is another one, or that they do something else in it.
type Change struct {
	Person       staff.PersonID
	Conversation desk.ConversationID
	Draft        bool // the draft changed, which is theirs alone to know; else, what they do
	At           time.Time
}

const (
	overlap     = 10 * time.Second // looked back: what was written on another node may be committed late
	mostChanges = 1000
)

// Follower tells what changes, each change once. It belongs to one goroutine.
type Follower struct {
	book *Book
	from time.Time
	told map[Change]bool
}

// Follow begins to follow what changes from now on.
func (b *Book) Follow() *Follower { return &Follower{book: b, from: b.Now(), told: map[Change]bool{}} }

// News returns what has changed since it was asked last.
func (f *Follower) News(ctx context.Context) ([]Change, error) {
	now := f.book.Now()
	list, err := changes(ctx, f.book.Store.Read(), f.from, mostChanges)
	if err != nil {
		return nil, err
	}
	var out []Change
	for _, c := range list {
		if !f.told[c] {
			f.told[c] = true
			out = append(out, c)
		}
	}
	if from := now.Add(-overlap); from.After(f.from) {
		f.from = from
	}
	for c := range f.told {
		if c.At.Before(f.from) {
			delete(f.told, c)
		}
	}
	return out, nil
}
