package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// RequestID is the id of a request.
type RequestID = id.Of[Request]

// RequestState is where a request stands.
type RequestState string

const (
	RequestOpen      RequestState = "open"
	RequestAnswered  RequestState = "answered"
	RequestWithdrawn RequestState = "withdrawn"
)

// Request is a question or a piece of work asked of another person or department inside a conversation. Its owner stays
// answerable, and the conversation's own clock runs on.
type Request struct {
	ID           RequestID
	Conversation ConversationID
	From         staff.PersonID // zero: the machine
	Department   staff.DepartmentID
	Person       staff.PersonID // zero: whoever of the department
	Text         string
	Due          time.Time
	At           time.Time
	State        RequestState
	Answer       string         // what was answered, or why it was withdrawn
	EndedBy      staff.PersonID // zero: the machine, or it is open
	EndedAt      time.Time
}

// Asked is of whom something is asked in a conversation: they see it until that has ended.
type Asked struct {
	Request    RequestID          `json:"request"`
	Department staff.DepartmentID `json:"department"`
	Person     staff.PersonID     `json:"person,omitzero"`
	Due        time.Time          `json:"due"`
}

// Of reports whether it is asked of somebody: of them, or of their department.
func (a Asked) Of(who staff.Actor) bool {
	return !who.Person.IsZero() && a.Person == who.Person || who.In(a.Department)
}

// AskedDue is when the first of what is asked of somebody in c is due; the zero time when nothing is.
func (c Conversation) AskedDue(who staff.Actor) (due time.Time) {
	for _, a := range c.Asked {
		if a.Of(who) && (due.IsZero() || a.Due.Before(due)) {
			due = a.Due
		}
	}
	return due
}

// mostRequests is how many requests of a conversation are open at once.
const mostRequests = 20

// Of reports whether r is asked of somebody: of them, or of their department.
func (r Request) Of(who staff.Actor) bool { return r.asked().Of(who) }

func (r Request) asked() Asked { return Asked{r.ID, r.Department, r.Person, r.Due} }

// asks is c with a request more.
func (c Conversation) asks(r Request) Conversation {
	c.Asked = append(slices.Clone(c.Asked), r.asked())
	return c
}

// Asks is asks, for intake.
func (c Conversation) Asks(r Request) Conversation { return c.asks(r) }

// settled is c without a request.
func (c Conversation) settled(r RequestID) Conversation {
	c.Asked = slices.DeleteFunc(slices.Clone(c.Asked), func(a Asked) bool { return a.Request == r })
	return c
}

// owns reports whether somebody is answerable for c, or an operator of it.
func owns(who staff.Actor, c Conversation) bool {
	switch {
	case who.Can(staff.SeeAll):
		return true
	case !c.Person.IsZero():
		return c.Person == who.Person
	}
	return who.In(c.Department)
}

// mayAnswer reports whether somebody may answer r in c: who is asked, and who works on the conversation anyway.
func mayAnswer(who staff.Actor, c Conversation, r Request) bool { return r.Of(who) || Works(who, c) }

// mayWithdraw reports whether somebody may withdraw r in c: who asked, and the owner.
func mayWithdraw(who staff.Actor, c Conversation, r Request) bool {
	return !r.From.IsZero() && r.From == who.Person || owns(who, c)
}

// Can lists what somebody may do with r in c now: answer, withdraw. The deeds ask again.
func (r Request) Can(who staff.Actor, c Conversation) []string {
	out := []string{}
	if r.State != RequestOpen || !who.Can(staff.Answer) || !Sees(who, c) {
		return out
	}
	if mayAnswer(who, c, r) {
		out = append(out, "answer")
	}
	if mayWithdraw(who, c, r) {
		out = append(out, "withdraw")
	}
	return out
}

// Asking is what is to be asked. Without a department it is asked in the first of the person's; without a due time, within
// the time the department sets for a next answer.
type Asking struct {
	Department staff.DepartmentID
	Person     staff.PersonID
	Text       string
	Due        time.Time
}

// Ask asks something of a person or department inside a conversation. Whoever sees it may ask.
func (d *Desk) Ask(ctx context.Context, who staff.Actor, in ConversationID, a Asking) (r Request, err error) {
	if a, err = d.askable(who, a); err != nil {
		return r, err
	}
	_, err = d.look(ctx, who, in, func(ctx context.Context, tx *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		switch {
		case c.State == Closed:
			return c, journal.Entry{}, fault.New(fault.Conflict, "it is closed: reopen it first")
		case c.Department == a.Department && c.Person == a.Person:
			return c, journal.Entry{}, fault.New(fault.Conflict, "they have this conversation already: write a note")
		case len(c.Asked) >= mostRequests:
			return c, journal.Entry{}, fault.Newf(fault.Conflict, "%d requests are open here: wait for an answer, or withdraw one", mostRequests)
		}
		r = d.NewRequest(c.ID, who.Person, a)
		return c.asks(r), askedEntry(r), AddRequests(ctx, tx, []Request{r})
	})
	return r, err
}

// askable is a with what it leaves out filled in, or what is wrong with it.
func (d *Desk) askable(who staff.Actor, a Asking) (Asking, error) {
	if a.Text = strings.TrimSpace(a.Text); a.Text == "" {
		return a, fault.In("text", "say what you want to ask")
	}
	if err := short("text", a.Text, 2000); err != nil {
		return a, err
	}
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
	now := d.Now()
	switch {
	case a.Department.IsZero() || !d.House.Exists(a.Department):
		return a, fault.In("department", "say which department or person you ask")
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
		Due: a.Due, At: d.Now(), State: RequestOpen}
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
	return journal.Entry{What: journal.Asked, About: journal.About("request", r.ID), Data: journal.Data("department", r.Department, "person", r.Person, "due", r.Due.UTC())}
}

// Answer answers a request. Who is asked may, whoever of the asked department, and who works on the conversation.
func (d *Desk) Answer(ctx context.Context, who staff.Actor, id RequestID, text string) (Request, error) {
	if text = strings.TrimSpace(text); text == "" {
		return Request{}, fault.In("text", "the answer is empty")
	}
	if err := short("text", text, 20000); err != nil {
		return Request{}, err
	}
	return d.end(ctx, who, id, RequestAnswered, text)
}

// Withdraw takes a request back, with or without a reason. Who asked may, and who owns the conversation.
func (d *Desk) Withdraw(ctx context.Context, who staff.Actor, id RequestID, reason string) (Request, error) {
	reason = strings.TrimSpace(reason)
	if err := short("reason", reason, 2000); err != nil {
		return Request{}, err
	}
	return d.end(ctx, who, id, RequestWithdrawn, reason)
}

// end ends an open request. Its conversation is locked first, as everything that ends requests does.
func (d *Desk) end(ctx context.Context, who staff.Actor, id RequestID, to RequestState, text string) (r Request, err error) {
	if err := who.Require(staff.Answer); err != nil {
		return r, err
	}
	known, err := request(ctx, d.Store.Read(), id)
	if err != nil {
		return r, err
	}
	_, err = d.look(ctx, who, known.Conversation, func(ctx context.Context, tx *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		if r, err = request(ctx, tx, id); err != nil {
			return c, journal.Entry{}, err
		}
		what := journal.RequestAnswered
		switch {
		case to == RequestAnswered && !mayAnswer(who, c, r):
			return c, journal.Entry{}, fault.New(fault.Forbidden, "this was asked of others: write a note instead")
		case to == RequestWithdrawn && !mayWithdraw(who, c, r):
			return c, journal.Entry{}, fault.New(fault.Forbidden, "only who asked, or the owner of the conversation, can withdraw this")
		case r.State != RequestOpen:
			return c, journal.Entry{}, fault.New(fault.Conflict, "this request was "+string(r.State)+" already: reload the conversation")
		case to == RequestWithdrawn:
			what = journal.RequestWithdrawn
		}
		r.State, r.Answer, r.EndedBy, r.EndedAt = to, text, who.Person, d.Now()
		return c.settled(id), endedEntry(what, r), endRequest(ctx, tx, r)
	})
	if fault.Is(err, fault.NotFound) {
		err = noRequest()
	}
	return r, err
}

func endedEntry(what journal.What, r Request) journal.Entry {
	return journal.Entry{What: what, About: journal.About("request", r.ID),
		Data: journal.Data("department", r.Department, "person", r.Person, "from", r.From, "late", r.EndedAt.After(r.Due))}
}

// Requests returns the requests of a conversation somebody may see, the first first.
func (d *Desk) Requests(ctx context.Context, who staff.Actor, in ConversationID) (Conversation, []Request, error) {
	c, err := d.Conversation(ctx, who, in)
	if err != nil {
		return c, nil, err
	}
	list, err := requestsOf(ctx, d.Store.Read(), in, timelineLimit)
	return c, list, err
}

func noRequest() error {
	return fault.New(fault.NotFound, "there is no such request, or it is not for your eyes")
}
