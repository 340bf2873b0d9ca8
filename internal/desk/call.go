package desk

import (
	"context"
	"strings"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// CallID is the id of a telephone call.
type CallID = id.Of[Call]

// Call is a telephone call that somebody noted.
type Call struct {
	ID           CallID
	Conversation ConversationID
	Person       staff.PersonID // who of us spoke
	At           time.Time      // when it began
	Length       time.Duration
	Reached      bool   // false: nobody answered
	With         string // with whom, when it was not the contact
	Said         string
	Agreed       string // what was agreed on
	NotedAt      time.Time
}

func (c Call) check(now time.Time) error {
	for field, most := range map[string]int{"with": 300, "said": 20000, "agreed": 5000} {
		text := map[string]string{"with": c.With, "said": c.Said, "agreed": c.Agreed}[field]
		if err := short(field, text, most); err != nil {
			return err
		}
	}
	switch {
	case c.Reached && c.Said == "" && c.Agreed == "":
		return fault.In("said", "say in a line what was said: colleagues read it here")
	case c.At.After(now.Add(time.Minute)):
		return fault.In("at", "that time has not come yet")
	case c.At.Before(now.AddDate(0, 0, -60)):
		return fault.In("at", "that is more than 60 days ago: write a note instead")
	case c.Length < 0 || c.Length > 24*time.Hour:
		return fault.In("minutes", "a call takes up to a day")
	}
	return nil
}

// NoteCall notes a telephone call with a conversation's contact. One in which they were reached answers them, as a reply does:
// then is the state the conversation is left in, waiting when empty. The zero At is now.
func (d *Desk) NoteCall(ctx context.Context, who staff.Actor, id ConversationID, c Call, then State) (k Call, err error) {
	err = d.Store.Tx(ctx, func(tx *store.Tx) error {
		k, err = d.NoteCallIn(ctx, tx, who, id, c, then)
		return err
	})
	return k, err
}

// NoteCallIn is NoteCall in the transaction of something else that is true of both or of neither.
func (d *Desk) NoteCallIn(ctx context.Context, tx *store.Tx, who staff.Actor, id ConversationID, c Call, then State) (Call, error) {
	if err := who.Require(staff.Answer); err != nil {
		return c, err
	}
	now := d.Now()
	if c.At.IsZero() {
		c.At = now
	}
	c.With, c.Said, c.Agreed = strings.TrimSpace(c.With), strings.TrimSpace(c.Said), strings.TrimSpace(c.Agreed)
	if err := c.check(now); err != nil {
		return c, err
	}
	if then == "" {
		then = Waiting
	}
	if then != Waiting && then != Closed && then != Open {
		return c, fault.In("then", "afterwards a conversation is waiting, closed or open")
	}
	c.ID, c.Conversation, c.Person, c.NotedAt = CallID(d.Store.IDs.Next()), id, who.Person, now
	sees := func(n Conversation) bool { return Sees(who, n) }
	_, err := d.doneIn(ctx, tx, who, id, sees, func(ctx context.Context, tx *store.Tx, n Conversation, t Terms) (Conversation, journal.Entry, error) {
		if !Works(who, n) {
			return n, journal.Entry{}, OnlyAsked()
		}
		if err := addCall(ctx, tx, c); err != nil {
			return n, journal.Entry{}, err
		}
		e := journal.Entry{What: journal.CallTried, About: journal.About("call", c.ID)}
		if !c.Reached {
			return n, e, nil
		}
		if err := d.Confirm(ctx, tx, n, who.Person); err != nil {
			return n, e, err
		}
		e.What, e.Data = journal.AnsweredByHand, journal.Data("how", "by telephone", "at", c.At.UTC(), "seconds", n.Waited(c.At))
		if n.LastInAt.After(c.At) { // they wrote again after the call: that is not answered by it
			n.AnsweredAt, n.AnsweredBy = later(n.AnsweredAt, c.At), who.Person
			return n, e, nil
		}
		return n.answered(who.Person, c.At, then, t), e, nil
	})
	return c, err
}
