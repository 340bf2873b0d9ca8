package library

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
	"switchboard/internal/topic"
)

// Book is the door to everything in this package. Its methods may be called by several goroutines.
type Book struct {
	Store  *store.Store
	Staff  *staff.Staff
	Desk   *desk.Desk
	Topics *topic.Book
	Now    func() time.Time

	counted counting
}

// reviewSpan is when a new entry is looked at again, unless somebody says otherwise.
const reviewSpan = 365 * 24 * time.Hour

// NextReview is the day that is proposed for looking at an entry again.
func (b *Book) NextReview() time.Time { return b.Now().UTC().Add(reviewSpan).Truncate(24 * time.Hour) }

func noAnswer() error {
	return fault.New(fault.NotFound, "there is no such answer, or it is not for your eyes")
}

// Answer returns an entry that somebody may see, archived or not.
func (b *Book) Answer(ctx context.Context, who staff.Actor, of ID) (Answer, error) {
	a, err := answer(ctx, b.Store.Read(), of)
	if err == nil && !Sees(who, a) {
		err = noAnswer()
	}
	return a, err
}

// Add makes an entry. Without an owner it is whose department wrote it. A contributor owns what they add.
func (b *Book) Add(ctx context.Context, who staff.Actor, c Content) (a Answer, err error) {
	if err := who.Require(staff.Answer); err != nil {
		return a, err
	}
	if err := who.Require(staff.SeePeople); err != nil {
		return a, err
	}
	if c, err = b.whole(ctx, who, c); err != nil {
		return a, err
	}
	now := b.Now().UTC()
	a = Answer{ID: ID(b.Store.IDs.Next()), Content: c, Version: 1, CreatedBy: who.Person, CreatedAt: now, ChangedBy: who.Person, ChangedAt: now}
	if !MayChange(who, a) {
		a.Person = who.Person
	}
	if !MayChange(who, a) {
		return a, fault.In("owner", "you would not see it yourself: choose one of your departments as its owner")
	}
	return a, b.Store.Tx(ctx, func(tx *store.Tx) error { return b.keep(ctx, tx, who, a, "added") })
}

// whole is a content checked, with its owner filled in, and nothing in it that is not there.
func (b *Book) whole(ctx context.Context, who staff.Actor, c Content) (Content, error) {
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return c, err
	}
	if !c.Person.IsZero() {
		p, ok := r.Person(c.Person)
		if !ok || p.State != staff.Active {
			return c, fault.In("owner", "there is no such person here: choose another owner")
		}
		if c.Department.IsZero() && len(p.Departments) > 0 {
			c.Department = p.Departments[0]
		}
	}
	if c.Department.IsZero() && len(who.Departments) > 0 {
		c.Department = who.Departments[0]
	}
	if c.Department.IsZero() {
		c.Department = r.Operator().ID
	}
	for k, d := range append([]staff.DepartmentID{c.Department}, c.For...) {
		if x, ok := r.Department(d); !ok || !x.RetiredAt.IsZero() {
			return c, fault.In([]string{"owner", "for"}[min(k, 1)], "there is no such department here: choose another one")
		}
	}
	topics, err := b.Topics.Topics(ctx)
	if err != nil {
		return c, err
	}
	for _, k := range c.Topics {
		if !slices.ContainsFunc(topics, func(t topic.Topic) bool { return t.Key == k }) {
			return c, fault.In("topics", fmt.Sprintf("there is no topic %.40q: choose one of the dictionary", k))
		}
	}
	for _, k := range c.Intents {
		if !slices.Contains(desk.Intents(), k) {
			return c, fault.In("intents", fmt.Sprintf("there is no intent %.40q", k))
		}
	}
	return c.checked()
}

// Change puts a content in place of an entry's. version is the one that was changed: if somebody else has made another
// since, nothing is written, and the Conflict says so; theirs can be read, one's own is still with the caller.
func (b *Book) Change(ctx context.Context, who staff.Actor, of ID, version int, c Content) (Answer, error) {
	c, err := b.whole(ctx, who, c)
	if err != nil {
		return Answer{}, err
	}
	return b.change(ctx, who, of, "changed", func(tx *store.Tx, a Answer) (Answer, error) {
		if version != a.Version {
			return a, fault.New(fault.Conflict, "somebody else has changed this answer meanwhile: compare the two, then save yours as you want it")
		}
		a.Content, a.Version = c, a.Version+1
		return a, nil
	})
}

// Restore puts an older version's content in place, as the next version.
func (b *Book) Restore(ctx context.Context, who staff.Actor, of ID, version int) (Answer, error) {
	list, err := b.Versions(ctx, who, of)
	if err != nil {
		return Answer{}, err
	}
	at := slices.IndexFunc(list, func(v Version) bool { return v.Number == version })
	if at < 0 {
		return Answer{}, fault.New(fault.NotFound, "there is no such version of this answer")
	}
	c, err := b.whole(ctx, who, list[at].Content)
	if err != nil {
		return Answer{}, err
	}
	return b.change(ctx, who, of, fmt.Sprintf("restored %d", version), func(_ *store.Tx, a Answer) (Answer, error) {
		a.Content, a.Version = c, a.Version+1
		return a, nil
	})
}

// Reviewed says that an entry is still right, until the next look at it at a time; the zero time: never. What people
// thought of it before counts no more.
func (b *Book) Reviewed(ctx context.Context, who staff.Actor, of ID, next time.Time) (Answer, error) {
	if !next.IsZero() && !next.After(b.Now()) {
		return Answer{}, fault.In("reviewAt", "choose a day that is still to come")
	}
	return b.change(ctx, who, of, "reviewed", func(tx *store.Tx, a Answer) (Answer, error) {
		a.ReviewAt, a.Version = next.UTC(), a.Version+1
		if a.Down <= a.Up {
			return a, nil
		}
		a.Up, a.Down = 0, 0
		return a, forgetThumbs(ctx, tx, of)
	})
}

// Archive takes an entry out of use, or back into it. It stays readable by who could read it.
func (b *Book) Archive(ctx context.Context, who staff.Actor, of ID, archived bool) (Answer, error) {
	deed := map[bool]string{true: "archived", false: "brought back"}[archived]
	return b.change(ctx, who, of, deed, func(_ *store.Tx, a Answer) (Answer, error) {
		if archived != a.ArchivedAt.IsZero() {
			return a, fault.New(fault.Conflict, "that is done already: reload the page")
		}
		a.ArchivedAt = time.Time{}
		if archived {
			a.ArchivedAt = b.Now().UTC()
		}
		a.Version++
		return a, nil
	})
}

// change does f to an entry that somebody may change, and keeps what comes of it.
func (b *Book) change(ctx context.Context, who staff.Actor, of ID, deed string, f func(*store.Tx, Answer) (Answer, error)) (a Answer, err error) {
	err = b.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := lock(ctx, tx, of); err != nil {
			return err
		}
		was, err := answer(ctx, tx, of)
		switch {
		case err != nil:
			return err
		case !Sees(who, was):
			return noAnswer()
		case !MayChange(who, was):
			return fault.New(fault.Forbidden, "you may read this answer, not change it: tell its owner what should be different")
		}
		if a, err = f(tx, was); err != nil {
			return err
		}
		if !MayChange(who, a) {
			return fault.In("owner", "you would not see it any more yourself: keep one of your departments among those it is for")
		}
		a.ChangedBy, a.ChangedAt = who.Person, b.Now().UTC()
		return b.keep(ctx, tx, who, a, deed)
	})
	return a, err
}

// keep writes an entry, its version, its words for the search, and the journal.
func (b *Book) keep(ctx context.Context, tx *store.Tx, who staff.Actor, a Answer, deed string) error {
	if err := save(ctx, tx, a); err != nil {
		return err
	}
	if err := saveVersion(ctx, tx, Version{a.Version, a.Content, deed, who.Person, a.ChangedAt}, a.ID); err != nil {
		return err
	}
	if err := b.saveTexts(ctx, tx, a); err != nil {
		return err
	}
	return journal.Write(ctx, tx, b.entry(who, a, deed))
}

// entry tells of an entry, without its words. Of one for some departments the live feed names no id.
func (b *Book) entry(who staff.Actor, a Answer, deed string) journal.Entry {
	e := journal.Entry{Who: who.Who(), What: journal.AnswerChanged, Data: journal.Data("deed", deed, "answer", a.ID, "version", a.Version, "department", a.Department,
		"person", a.Person, "audience", a.Audience, "for", a.For)}
	if len(a.For) == 0 {
		e.About = journal.About("answer", a.ID)
	}
	return e
}

// Version is what an entry was, and who made it so.
type Version struct {
	Number  int
	Content Content
	Deed    string // added, changed, restored N, reviewed, archived, brought back
	Person  staff.PersonID
	At      time.Time
}

// Versions returns all versions of an entry that somebody may see, the newest first. Those of a time when it was for others
// are left out.
func (b *Book) Versions(ctx context.Context, who staff.Actor, of ID) ([]Version, error) {
	if _, err := b.Answer(ctx, who, of); err != nil {
		return nil, err
	}
	list, err := versions(ctx, b.Store.Read(), of)
	return slices.DeleteFunc(list, func(v Version) bool { return !Sees(who, Answer{Content: v.Content}) }), err
}

// Thumb is what somebody thinks of an entry.
type Thumb string

const (
	Up      Thumb = "up"
	Down    Thumb = "down"
	NoThumb Thumb = "none"
)

// Rate keeps what somebody thinks of an entry: one thumb a person, the last one counts.
func (b *Book) Rate(ctx context.Context, who staff.Actor, of ID, t Thumb) (a Answer, err error) {
	if err := who.Require(staff.Answer); err != nil {
		return a, err
	}
	if err := who.RequireSelf(); err != nil {
		return a, err
	}
	err = b.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := lock(ctx, tx, of); err != nil {
			return err
		}
		if a, err = answer(ctx, tx, of); err != nil {
			return err
		}
		if !Sees(who, a) {
			return noAnswer()
		}
		if err := saveThumb(ctx, tx, of, who.Person, t, b.Now()); err != nil {
			return err
		}
		if a.Up, a.Down, err = thumbs(ctx, tx, of); err != nil {
			return err
		}
		return journal.Write(ctx, tx, b.entry(who, a, "rated"))
	})
	return a, err
}

// ThumbOf returns what somebody thinks of an entry.
func (b *Book) ThumbOf(ctx context.Context, who staff.PersonID, of ID) (Thumb, error) {
	return thumbOf(ctx, b.Store.Read(), of, who)
}

// MoveAll gives what a department owns to another, when it is retired.
func (b *Book) MoveAll(ctx context.Context, tx *store.Tx, from, to staff.DepartmentID) error {
	return moveAll(ctx, tx, from, to)
}

// Leave gives what a person owns to its department, when they are gone. Their own saved replies stay theirs.
func (b *Book) Leave(ctx context.Context, tx *store.Tx, p staff.PersonID) error {
	return leave(ctx, tx, p)
}
