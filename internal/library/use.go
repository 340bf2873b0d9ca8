package library

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Used is how often an entry or a saved reply went into replies in the last year.
type Used struct {
	Times  int
	Edited int       // of these, so often with other words
	Last   time.Time // zero: never
}

// Piece is an entry or a saved reply that somebody put into a reply. One of the two ids is set.
type Piece struct {
	Answer   ID
	Saved    SavedID
	Language string // in which the entry was put in
}

// use is a piece whose words are known.
type use struct {
	piece    int64
	language string
	text     string // as it was put in
	noun     string
}

const (
	countFor  = 20 * time.Second // counts stand on a screen that people look at now and then
	countSpan = 365 * 24 * time.Hour
	mostUsed  = 20
)

type counting struct {
	kept atomic.Pointer[counted]
	news atomic.Int64
}

type counted struct {
	by   map[int64]Used
	at   time.Time
	news int64
}

// uses are the counts of the last year, by piece. They may be some seconds old.
func (b *Book) uses(ctx context.Context) (map[int64]Used, error) {
	now, news := b.Now(), b.counted.news.Load()
	if c := b.counted.kept.Load(); c != nil && c.news == news && now.Sub(c.at) < countFor && !now.Before(c.at) {
		return c.by, nil
	}
	by, err := countUses(ctx, b.Store.Read(), now.Add(-countSpan))
	if err == nil {
		b.counted.kept.Store(&counted{by, now, news})
	}
	return by, err
}

// UsedOf is how often an entry was used.
func (b *Book) UsedOf(ctx context.Context, of ID) (Used, error) {
	by, err := b.uses(ctx)
	return by[int64(of)], err
}

// Using looks up what somebody put into a reply, before it is stored, and refuses what must not be said outside. What it
// returns keeps the uses in the reply's transaction; text is what is sent.
func (b *Book) Using(ctx context.Context, who staff.Actor, in desk.ConversationID, pieces []Piece, text string) (func(context.Context, *store.Tx, int64) error, error) {
	if len(pieces) == 0 {
		return func(context.Context, *store.Tx, int64) error { return nil }, nil
	}
	if len(pieces) > mostUsed {
		return nil, fault.In("used", "these are more answers than fit into one reply")
	}
	v, err := b.Values(ctx, who, in)
	if err != nil {
		return nil, err
	}
	var list []use
	for _, p := range pieces {
		u, err := b.used(ctx, who, p, v)
		if err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return func(ctx context.Context, tx *store.Tx, delivery int64) error {
		tx.After(func() { b.counted.news.Add(1) })
		for _, u := range list {
			edited := !strings.Contains(level(text), level(u.text))
			if err := saveUse(ctx, tx, u, delivery, who.Person, edited, b.Now()); err != nil {
				return err
			}
			if err := journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.AnswerUsed, Conversation: int64(in),
				About: journal.About(u.noun, ID(u.piece)), Data: journal.Data("edited", edited, "language", u.language)}); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func (b *Book) used(ctx context.Context, who staff.Actor, p Piece, v Values) (u use, err error) {
	if p.Answer.IsZero() {
		s, err := b.SavedReply(ctx, who, p.Saved)
		text, _ := v.Fill(s.Body)
		return use{int64(s.ID), s.Language, text, "saved"}, err
	}
	a, err := b.Answer(ctx, who, p.Answer)
	if err != nil {
		return u, err
	}
	if a.Audience == Inside {
		return u, fault.In("used", "“"+a.In(p.Language).Title+"” is for inside only: say it in words of your own, or ask its owner whether it may be said")
	}
	t := a.In(p.Language)
	text, _ := v.Fill(Plain(t.Body))
	return use{int64(a.ID), t.Language, text, "answer"}, nil
}

// level is text without what nobody would call a change: blanks and case.
func level(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }
