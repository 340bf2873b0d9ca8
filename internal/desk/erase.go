package desk

import (
	"context"
	"slices"
	"time"

	"switchboard/internal/contact"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Erased is how much an erasure took away.
type Erased struct {
	Conversations int
	Messages      int
}

// Erase takes away for good what is kept of a contact: their words and ours to them, pictures and files, identities, notes, calls,
// what was asked of colleagues about them, what was agreed to, and what triage learned from them, which it forgets when it is next
// made anew. Conversations stay, closed and empty, so that figures stay right, and so do the far side's numbers of messages, so
// that nothing is taken in again. It can't be undone. Who writes afterwards is somebody new.
//
// name must be the name that is shown, typed by who asks: nobody erases somebody by a slip.
func (d *Desk) Erase(ctx context.Context, who staff.Actor, of contact.ID, name string) (e Erased, err error) {
	if err := who.Require(staff.ContactsKeep); err != nil {
		return e, err
	}
	err = d.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := hold(ctx, tx, of); err != nil {
			return err
		}
		c, err := contact.Lock(ctx, tx, of)
		if err != nil {
			return err
		}
		identities, err := contact.IdentitiesOf(ctx, tx, []contact.ID{of})
		if err != nil {
			return err
		}
		handle := ""
		if len(identities) > 0 {
			handle = identities[0].Handle
		}
		if shown := contact.Shown(c.Name, handle); name != shown {
			return fault.In("name", `type the name as it stands here, to be sure: "`+shown+`"`)
		}
		if e, err = d.eraseTalks(ctx, tx, of); err != nil {
			return err
		}
		if err := eraseArrivals(ctx, tx, identities); err != nil {
			return err
		}
		if err := contact.Erase(ctx, tx, of, d.Now()); err != nil {
			return err
		}
		tx.Wake(LessonTopic)
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.ContactErased, About: journal.About("contact", of),
			Data: journal.Data("conversations", e.Conversations, "messages", e.Messages)})
	})
	return e, err
}

// eraseTalks empties and closes a contact's conversations.
func (d *Desk) eraseTalks(ctx context.Context, tx *store.Tx, of contact.ID) (e Erased, err error) {
	ids, err := conversationIDs(ctx, tx, of)
	if err != nil {
		return e, err
	}
	for some := range slices.Chunk(ids, 200) {
		if leaving, err := leavingFrom(ctx, tx, some); err != nil || leaving {
			return e, cmpErr(err, fault.New(fault.Conflict, "something is on its way to this contact: take it back, or wait until it is sent"))
		}
		list, err := Load(ctx, tx, some)
		if err != nil {
			return e, err
		}
		changes := make([]Change, 0, len(list))
		for _, id := range some {
			c, now := list[id], d.Now()
			is := c
			if c.State != Closed {
				is = c.close(now)
			}
			is.Subject, is.Excerpt, is.Tags = "", "", []string{}
			is.Promised = nil // eraseBeside ends them
			is.Decision.Reasons, is.Decision.Suggestions, is.Decision.Also = nil, nil, nil
			changes = append(changes, Change{c, is})
			n, err := eraseMessages(ctx, tx, id, now)
			if err != nil {
				return e, err
			}
			e.Conversations, e.Messages = e.Conversations+1, e.Messages+n
		}
		if err := Save(ctx, tx, changes...); err != nil {
			return e, err
		}
		if err := eraseBeside(ctx, tx, some, of); err != nil {
			return e, err
		}
	}
	return e, nil
}

// eraseMessages takes the words of a conversation away, theirs and ours.
func eraseMessages(ctx context.Context, tx *store.Tx, of ConversationID, now time.Time) (n int, err error) {
	list, err := MessagesOf(ctx, tx, of, 1_000_000)
	if err != nil {
		return 0, err
	}
	for _, m := range list {
		m = m.Delete(now)
		m.Identity, m.Rest.URL, m.Rest.Memo = 0, "", nil
		if err := SaveMessage(ctx, tx, m); err != nil {
			return n, err
		}
		if err := EraseWords(ctx, tx, m.ID); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
