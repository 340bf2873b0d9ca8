package writing

import (
	"context"
	"slices"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Doing is what somebody does in a conversation.
type Doing string

const (
	Looking Doing = "looking"
	Writing Doing = "writing" // an answer to the contact
	Gone    Doing = "gone"
)

// Presence is somebody in a conversation.
type Presence struct {
	Conversation desk.ConversationID
	Person       staff.PersonID
	Doing        Doing
	Until        time.Time // it is to be believed until then; who is still there says so again before
}

// Lives are how long what somebody says they do is believed: a browser says it again in half of that.
const (
	LookingLife = 90 * time.Second
	WritingLife = 20 * time.Second
)

// Be notes what somebody does in a conversation they see.
func (b *Book) Be(ctx context.Context, who staff.Actor, c desk.ConversationID, do Doing) error {
	if do != Looking && do != Writing && do != Gone {
		return fault.In("doing", "one looks, writes or is gone")
	}
	if who.Person.IsZero() {
		return staff.Unsigned()
	}
	if _, err := b.Desk.Conversation(ctx, who, c); err != nil {
		return err
	}
	if do == Writing && !who.Can(staff.Answer) {
		do = Looking
	}
	now := b.Now()
	life := map[Doing]time.Duration{Looking: LookingLife, Writing: WritingLife, Gone: 0}[do]
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		had, err := presenceOf(ctx, tx, c, now)
		if err != nil {
			return err
		}
		k := slices.IndexFunc(had, func(p Presence) bool { return p.Person == who.Person })
		if k < 0 && do == Gone {
			return nil
		}
		changed := now
		if k >= 0 && had[k].Doing == do {
			changed = time.Time{} // nobody need be told
		}
		if err := savePresence(ctx, tx, Presence{c, who.Person, do, now.Add(life)}, changed); err != nil {
			return err
		}
		if !changed.IsZero() {
			tx.Wake(Topic)
		}
		return nil
	})
}

// Here returns who else is in a conversation just now, those who write first. Whether who asks sees it must have been asked.
func (b *Book) Here(ctx context.Context, but staff.PersonID, c desk.ConversationID) ([]Presence, error) {
	list, err := presenceOf(ctx, b.Store.Read(), c, b.Now())
	list = slices.DeleteFunc(list, func(p Presence) bool { return p.Person == but })
	slices.SortStableFunc(list, func(a, b Presence) int {
		switch {
		case a.Doing == b.Doing:
			return 0
		case a.Doing == Writing:
			return -1
		}
		return 1
	})
	return list, err
}

// Tidy forgets who was where, and drafts that are long no more.
func (b *Book) Tidy(ctx context.Context) error {
	now := b.Now()
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := forgetPresence(ctx, tx, now.Add(-time.Minute)); err != nil {
			return err
		}
		return forgetDrafts(ctx, tx, now.Add(-keepBlank))
	})
}
