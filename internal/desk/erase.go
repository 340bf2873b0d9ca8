package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
// drafts, what was asked of colleagues about them, letters that are not sent yet, reasons that were given, what was agreed to, and
// what triage learned from them, which it forgets when it is next made anew. What they said in conversations that are another
// contact's by now, since two were merged or split, goes too. Conversations stay, closed and empty, so that figures stay right, and
// so do the far side's numbers of messages, so that nothing is taken in again. Answers of the library stay: they are the company's
// own words, and name no conversation. It can't be undone. Who writes afterwards is somebody new.
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
		n, err := d.eraseElsewhere(ctx, tx, of, identities)
		if err != nil {
			return err
		}
		e.Messages += n
		if err := eraseCopies(ctx, tx, identities, d.Now()); err != nil {
			return err
		}
		if err := eraseArrivals(ctx, tx, identities); err != nil {
			return err
		}
		if err := eraseRepeats(ctx, tx); err != nil {
			return err
		}
		if err := contact.Erase(ctx, tx, of, d.Now()); err != nil {
			return err
		}
		if err := sweepSearch(ctx, tx); err != nil {
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
		if err := d.forgetPost(ctx, tx, some); err != nil {
			return e, err
		}
		if err := eraseBeside(ctx, tx, some, of, d.Now()); err != nil {
			return e, err
		}
		if err := journal.Unsay(ctx, tx, numbers(some)); err != nil {
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
		m.Rest.Thread = erasedThread(m.Rest.Thread)
		if err := eraseMessage(ctx, tx, m, now); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// erasedThread stands for a thread: its address may hold the name of who began it.
func erasedThread(thread string) string {
	if thread == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(thread))
	return "erased " + hex.EncodeToString(sum[:8])
}

func eraseMessage(ctx context.Context, tx *store.Tx, m Message, now time.Time) error {
	m = m.Delete(now)
	m.Identity, m.Rest.URL, m.Rest.Memo = 0, "", nil
	if m.Direction == In {
		m.URI = "" // it may hold their name
	}
	if err := SaveMessage(ctx, tx, m); err != nil {
		return err
	}
	return EraseWords(ctx, tx, m.ID)
}

// eraseElsewhere takes away what identities said in conversations of others. They have such words only where contacts were merged
// and put asunder, or split: then somebody said that they are different people.
func (d *Desk) eraseElsewhere(ctx context.Context, tx *store.Tx, of contact.ID, identities []contact.Identity) (n int, err error) {
	by := make([]contact.IdentityID, len(identities))
	for k, i := range identities {
		by[k] = i.ID
	}
	others, err := contact.OnceTogether(ctx, tx, of)
	if err != nil {
		return 0, err
	}
	for _, other := range others {
		ids, err := conversationsWith(ctx, tx, other, by)
		if err != nil {
			return n, err
		}
		list, err := Load(ctx, tx, ids)
		if err != nil {
			return n, err
		}
		for _, id := range ids {
			k, err := d.eraseIn(ctx, tx, list[id], by)
			if err != nil {
				return n, err
			}
			n += k
		}
	}
	return n, nil
}

// eraseIn takes away what some identities said in one conversation.
func (d *Desk) eraseIn(ctx context.Context, tx *store.Tx, c Conversation, by []contact.IdentityID) (n int, err error) {
	list, err := saidBy(ctx, tx, c.ID, by)
	if err != nil {
		return 0, err
	}
	is := c
	for _, m := range list {
		if m.ID == c.LastMessage {
			is.Excerpt = ""
		}
		if m.Subject == c.Subject {
			is.Subject = ""
		}
		if err := eraseMessage(ctx, tx, m, d.Now()); err != nil {
			return n, err
		}
		n++
	}
	return n, Save(ctx, tx, Change{c, is})
}

// forgetPost takes letters back that are not sent yet: about requests, and those that tell people of a conversation. What else such
// a letter tells stands in their list all the same.
func (d *Desk) forgetPost(ctx context.Context, tx *store.Tx, ids []ConversationID) error {
	if d.Mail == nil {
		return nil
	}
	people, err := toldOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, p := range people {
		if err := d.Mail.Recall(ctx, tx, "notify:"+p.String()+":"); err != nil {
			return err
		}
	}
	for _, of := range ids {
		list, err := requestsOf(ctx, tx, of, 1_000_000)
		if err != nil {
			return err
		}
		for _, r := range list {
			if !r.Mail {
				continue
			}
			if err := d.Mail.Recall(ctx, tx, letterKind+":"+r.ID.String()+":"); err != nil {
				return err
			}
		}
	}
	return nil
}

func numbers(ids []ConversationID) []int64 {
	out := make([]int64, len(ids))
	for k, id := range ids {
		out[k] = int64(id)
	}
	return out
}
