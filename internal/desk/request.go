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
	RequestPassed    RequestState = "passed" // on to somebody else, who is asked in its place
)

// Shows is how much of the conversation who is asked may see.
type Shows string

const (
	ShowsAll      Shows = ""         // the whole of it, for as long as the request is open
	ShowsMessage  Shows = "message"  // one message, beside the question
	ShowsQuestion Shows = "question" // the question alone
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
	Answer       string         // what was answered, or why it was withdrawn or passed on
	EndedBy      staff.PersonID // zero: the machine, or it is open
	EndedAt      time.Time
	Shows        Shows
	Message      MessageID          // what is shown with ShowsMessage
	Mail         bool               // it is asked by e-mail too
	Way          string             // how it was answered: "" in the product, "link", "mail"
	Next         RequestID          // the one that took its place, when it was passed on
	StandIn      staff.PersonID     // who is asked besides, as it was late: this person …
	StandInOf    staff.DepartmentID // … or this department
}

// Asked is of whom something is asked in a conversation: they see it until that has ended.
type Asked struct {
	Request    RequestID          `json:"request"`
	Department staff.DepartmentID `json:"department"`
	Person     staff.PersonID     `json:"person,omitzero"`
	Due        time.Time          `json:"due"`
	Shows      Shows              `json:"shows,omitempty"`
	StandIn    staff.PersonID     `json:"standIn,omitzero"` // see Request
	StandInOf  staff.DepartmentID `json:"standInOf,omitzero"`
	Remind     time.Time          `json:"remind,omitzero"`   // when who is asked is reminded next; zero: not any more
	Escalate   time.Time          `json:"escalate,omitzero"` // when somebody else is asked besides; zero: somebody is, or it is not late yet
	Late       bool               `json:"late,omitempty"`    // that it is has been told
}

// Of reports whether it is asked of somebody: of them, of their department, or of them as who stands in.
func (a Asked) Of(who staff.Actor) bool {
	if !who.Person.IsZero() && (a.Person == who.Person || a.StandIn == who.Person) {
		return true
	}
	return who.In(a.Department) || !a.StandInOf.IsZero() && who.In(a.StandInOf)
}

// Shown reports whether somebody sees the whole conversation because of it.
func (a Asked) Shown(who staff.Actor) bool { return a.Shows == ShowsAll && a.Of(who) }

// AskedIn reports whether something is asked of somebody in c. They may hear of that much, and be it that they do not see c.
func AskedIn(who staff.Actor, c Conversation) bool {
	if who.Role == staff.Agency || !who.Reaches(staff.Read) {
		return false
	}
	return slices.ContainsFunc(c.Asked, func(a Asked) bool { return a.Of(who) })
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

func (r Request) asked() Asked {
	return Asked{Request: r.ID, Department: r.Department, Person: r.Person, Due: r.Due, Shows: r.Shows, StandIn: r.StandIn, StandInOf: r.StandInOf, Remind: reminder(r.At, r.Due)}
}

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

// Can lists what somebody may do with r in c now: answer, pass, withdraw. The deeds ask again.
func (r Request) Can(who staff.Actor, c Conversation) []string {
	out := []string{}
	if r.State != RequestOpen || !who.Can(staff.Answer) || !Sees(who, c) && !r.Of(who) {
		return out
	}
	if mayAnswer(who, c, r) {
		out = append(out, "answer")
	}
	if r.Of(who) {
		out = append(out, "pass")
	}
	if mayWithdraw(who, c, r) {
		out = append(out, "withdraw")
	}
	return out
}

// Answer answers a request. Who is asked may, whoever of the asked department, and who works on the conversation.
func (d *Desk) Answer(ctx context.Context, who staff.Actor, id RequestID, text string) (Request, error) {
	return d.answer(ctx, who, id, text, "")
}

// answer is Answer, by a way: "" in the product, "link", "mail".
func (d *Desk) answer(ctx context.Context, who staff.Actor, id RequestID, text, way string) (Request, error) {
	if text = strings.TrimSpace(text); text == "" {
		return Request{}, fault.In("text", "the answer is empty")
	}
	if err := short("text", text, 20000); err != nil {
		return Request{}, err
	}
	return d.end(ctx, who, id, func(ctx context.Context, tx *store.Tx, c Conversation, r Request) (Request, journal.What, error) {
		if !mayAnswer(who, c, r) {
			return r, "", fault.New(fault.Forbidden, "this was asked of others: write a note instead")
		}
		r.State, r.Answer, r.Way = RequestAnswered, text, way
		return r, journal.RequestAnswered, nil
	})
}

// Withdraw takes a request back, with or without a reason. Who asked may, and who owns the conversation.
func (d *Desk) Withdraw(ctx context.Context, who staff.Actor, id RequestID, reason string) (Request, error) {
	reason = strings.TrimSpace(reason)
	if err := short("reason", reason, 2000); err != nil {
		return Request{}, err
	}
	return d.end(ctx, who, id, func(ctx context.Context, tx *store.Tx, c Conversation, r Request) (Request, journal.What, error) {
		if !mayWithdraw(who, c, r) {
			return r, "", fault.New(fault.Forbidden, "only who asked, or the owner of the conversation, can withdraw this")
		}
		r.State, r.Answer = RequestWithdrawn, reason
		return r, journal.RequestWithdrawn, nil
	})
}

// ending is how an open request ends: it returns it ended, and what to tell.
type ending func(ctx context.Context, tx *store.Tx, c Conversation, r Request) (Request, journal.What, error)

// end ends an open request. Its conversation is locked first, as everything that ends requests does.
func (d *Desk) end(ctx context.Context, who staff.Actor, id RequestID, how ending) (r Request, err error) {
	err = d.onRequest(ctx, who, id, func(ctx context.Context, tx *store.Tx, c Conversation, open Request) (Conversation, journal.Entry, error) {
		e, what, err := how(ctx, tx, c, open)
		if err != nil {
			return c, journal.Entry{}, err
		}
		e.EndedBy, e.EndedAt = who.Person, d.Now()
		r = e
		return c.settled(id), endedEntry(what, r), endRequest(ctx, tx, r)
	})
	return r, err
}

// onRequest does a deed on an open request for somebody who may see its conversation, or is asked it.
func (d *Desk) onRequest(ctx context.Context, who staff.Actor, id RequestID, do func(context.Context, *store.Tx, Conversation, Request) (Conversation, journal.Entry, error)) error {
	if err := who.Require(staff.Answer); err != nil {
		return err
	}
	known, err := request(ctx, d.Store.Read(), id)
	if err != nil {
		return err
	}
	asked := func(c Conversation) bool {
		return Sees(who, c) || who.Role != staff.Agency && slices.ContainsFunc(c.Asked, func(a Asked) bool { return a.Request == id && a.Of(who) })
	}
	_, err = d.doesIf(ctx, who, staff.Answer, known.Conversation, asked, func(ctx context.Context, tx *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		r, err := request(ctx, tx, id)
		if err != nil {
			return c, journal.Entry{}, err
		}
		if r.State != RequestOpen {
			return c, journal.Entry{}, fault.New(fault.Conflict, "this request was "+r.State.said()+" already: reload the conversation")
		}
		return do(ctx, tx, c, r)
	})
	if fault.Is(err, fault.NotFound) {
		err = noRequest()
	}
	return err
}

// said is a state in a sentence.
func (s RequestState) said() string {
	if s == RequestPassed {
		return "passed on"
	}
	return string(s)
}

func endedEntry(what journal.What, r Request) journal.Entry {
	return journal.Entry{What: what, About: journal.About("request", r.ID),
		Data: journal.Data("department", r.Department, "person", r.Person, "from", r.From, "late", r.EndedAt.After(r.Due), "way", r.Way,
			"standIn", r.StandIn, "standInOf", r.StandInOf)}
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
