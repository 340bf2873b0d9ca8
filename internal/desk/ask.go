package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Asking is what is to be asked of one person or department. Without a department it is asked in the first of the person's;
// without a due time, within the time the department sets for a next answer.
type Asking struct {
	Department staff.DepartmentID
	Person     staff.PersonID
	Text       string
	Due        time.Time
	When       string    // in place of Due, in words: see DueChoices. It is counted in the hours of who is asked
	Shows      Shows     // how much of the conversation they may see
	Message    MessageID // what ShowsMessage shows; zero: the last thing the contact said
	Mail       bool      // by e-mail too, with a link to answer by
}

// mostAsked is how many are asked at once.
const mostAsked = 10

// Ask asks something of a person or department inside a conversation. Whoever sees it may ask.
func (d *Desk) Ask(ctx context.Context, who staff.Actor, in ConversationID, a Asking) (Request, error) {
	list, err := d.AskAll(ctx, who, in, []Asking{a})
	if err != nil {
		return Request{}, err
	}
	return list[0], nil
}

// AskAll asks several at once: all of them, or none when one cannot be asked. Each is a request of its own.
func (d *Desk) AskAll(ctx context.Context, who staff.Actor, in ConversationID, list []Asking) (out []Request, err error) {
	if len(list) == 0 || len(list) > mostAsked {
		return nil, fault.In("to", fmt.Sprintf("ask one to %d people or departments at once", mostAsked))
	}
	type whom struct {
		d staff.DepartmentID
		p staff.PersonID
	}
	seen := map[whom]bool{}
	for k := range list {
		if list[k], err = d.askable(who, list[k]); err != nil {
			return nil, err
		}
		w := whom{list[k].Department, list[k].Person}
		if seen[w] {
			return nil, fault.In("to", "somebody is named twice: name each once")
		}
		seen[w] = true
	}
	_, err = d.look(ctx, who, in, func(ctx context.Context, tx *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		out = nil
		var told []journal.Entry
		for _, a := range list {
			r, err := d.newRequestIn(ctx, tx, who, c, a)
			if err != nil {
				return c, journal.Entry{}, err
			}
			c = c.asks(r)
			e := askedEntry(r)
			e.Who, e.Conversation = who.Who(), int64(c.ID)
			out, told = append(out, r), append(told, e)
		}
		if err := AddRequests(ctx, tx, out); err != nil {
			return c, journal.Entry{}, err
		}
		for _, r := range out {
			if err := d.writeTo(ctx, tx, r, asksFirst); err != nil {
				return c, journal.Entry{}, err
			}
		}
		last := len(told) - 1 // the deed's own entry is the last; the others are written beside it
		return c, told[last], journal.Write(ctx, tx, told[:last]...)
	})
	return out, err
}

// newRequestIn is a request in a conversation, or why it cannot be asked there.
func (d *Desk) newRequestIn(ctx context.Context, tx *store.Tx, who staff.Actor, c Conversation, a Asking) (r Request, err error) {
	switch {
	case c.State == Closed:
		return r, fault.New(fault.Conflict, "it is closed: reopen it first")
	case c.Department == a.Department && c.Person == a.Person:
		return r, fault.New(fault.Conflict, "they have this conversation already: write a note")
	case len(c.Asked) >= mostRequests:
		return r, fault.Newf(fault.Conflict, "%d requests are open here: wait for an answer, or withdraw one", mostRequests)
	}
	if a.Shows == ShowsMessage {
		if a.Message, err = shownMessage(ctx, tx, c, a.Message); err != nil {
			return r, err
		}
	} else {
		a.Message = 0
	}
	return d.NewRequest(c.ID, who.Person, a), nil
}

// askable is a with what it leaves out filled in, or what is wrong with it.
func (d *Desk) askable(who staff.Actor, a Asking) (Asking, error) {
	if a.Text = strings.TrimSpace(a.Text); a.Text == "" {
		return a, fault.In("text", "say what you want to ask")
	}
	if err := short("text", a.Text, 2000); err != nil {
		return a, err
	}
	return d.askableOf(who, a)
}

// askableOf is askable but for the text.
func (d *Desk) askableOf(who staff.Actor, a Asking) (Asking, error) {
	if !a.Person.IsZero() {
		home, ok := d.House.Home(a.Person)
		switch {
		case !ok || !d.House.Answers(a.Person):
			return a, fault.In("person", "there is no such person, or they answer nothing here: ask somebody else")
		case a.Person == who.Person:
			return a, fault.In("person", "this is you: ask somebody else, or write a note")
		case a.Department.IsZero():
			a.Department = home
		}
	}
	if a.Department.IsZero() || !d.House.Exists(a.Department) {
		return a, fault.In("department", "say which department or person you ask")
	}
	if a.Shows != ShowsAll && a.Shows != ShowsMessage && a.Shows != ShowsQuestion {
		return a, fault.In("shows", "they see the question, a message, or the whole conversation")
	}
	now := d.Now()
	if a.When != "" {
		c, ok := dueChoice(a.When, now, d.House.Hours(a.Department, a.Person))
		if !ok {
			return a, fault.In("when", "that time is not to be had for them any more: choose another")
		}
		a.Due = c
	}
	switch {
	case a.Due.IsZero():
	case !a.Due.After(now):
		return a, fault.In("due", "that time has passed: choose a later one")
	case a.Due.After(now.AddDate(1, 0, 0)):
		return a, fault.In("due", "a request can wait for a year at most")
	}
	return a, nil
}

// NewRequest makes a request, not kept yet. from is zero when the machine asks.
func (d *Desk) NewRequest(in ConversationID, from staff.PersonID, a Asking) Request {
	r := Request{ID: RequestID(d.Store.IDs.Next()), Conversation: in, From: from, Department: a.Department, Person: a.Person, Text: a.Text,
		Due: a.Due, At: d.Now(), State: RequestOpen, Shows: a.Shows, Message: a.Message, Mail: a.Mail}
	if r.Due.IsZero() {
		t := d.House.Terms(r.Department)
		r.Due = t.Hours.Add(r.At, t.Next)
	}
	return r
}

// AskedEntry is what the journal says of a request the machine made.
func AskedEntry(r Request) journal.Entry {
	e := askedEntry(r)
	e.Who, e.Conversation = journal.Machine, int64(r.Conversation)
	return e
}

func askedEntry(r Request) journal.Entry {
	return journal.Entry{What: journal.Asked, About: journal.About("request", r.ID),
		Data: journal.Data("department", r.Department, "person", r.Person, "due", r.Due.UTC(), "shows", r.Shows, "mail", r.Mail)}
}
