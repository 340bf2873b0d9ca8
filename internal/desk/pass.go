package desk

import (
	"context"
	"strings"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// soonest is how much time who is asked in another's place has at least.
const soonest = time.Hour

// Pass passes a request on: who is asked cannot answer it and knows who can. The other is asked the same, by whoever asked
// first, until the same time, if that leaves them an hour; else within the time their department sets.
func (d *Desk) Pass(ctx context.Context, who staff.Actor, id RequestID, to Asking, reason string) (next Request, err error) {
	reason = strings.TrimSpace(reason)
	if err := short("reason", reason, 2000); err != nil {
		return next, err
	}
	to.Shows, to.When, to.Due = ShowsAll, "", time.Time{}
	if to, err = d.askableOf(who, to); err != nil {
		return next, err
	}
	err = d.onRequest(ctx, who, id, func(ctx context.Context, tx *store.Tx, c Conversation, r Request) (Conversation, journal.Entry, error) {
		switch {
		case !r.Of(who):
			return c, journal.Entry{}, fault.New(fault.Forbidden, "this was asked of others: only they can pass it on")
		case r.Department == to.Department && r.Person == to.Person:
			return c, journal.Entry{}, fault.New(fault.Conflict, "it is asked of them already: choose somebody else")
		}
		a := Asking{Department: to.Department, Person: to.Person, Text: r.Text, Shows: r.Shows, Message: r.Message, Mail: r.Mail || to.Mail}
		if r.Due.Sub(d.Now()) >= soonest {
			a.Due = r.Due
		}
		next = d.NewRequest(c.ID, r.From, a)
		r.State, r.Answer, r.EndedBy, r.EndedAt, r.Next = RequestPassed, reason, who.Person, d.Now(), next.ID
		if err := endRequest(ctx, tx, r); err != nil {
			return c, journal.Entry{}, err
		}
		if err := AddRequests(ctx, tx, []Request{next}); err != nil {
			return c, journal.Entry{}, err
		}
		if err := d.writeTo(ctx, tx, next, asksFirst); err != nil {
			return c, journal.Entry{}, err
		}
		e := journal.Entry{What: journal.RequestPassed, About: journal.About("request", r.ID),
			Data: journal.Data("department", next.Department, "person", next.Person, "fromDepartment", r.Department, "fromPerson", r.Person, "next", next.ID, "due", next.Due.UTC())}
		return c.settled(r.ID).asks(next), e, nil
	})
	return next, err
}

// Later says that who is asked will answer, but not now: they are reminded at a time, which does not move when it is due.
func (d *Desk) Later(ctx context.Context, who staff.Actor, id RequestID, until time.Time) (r Request, err error) {
	now := d.Now()
	switch {
	case !until.After(now):
		return r, fault.In("until", "that time has passed: choose a later one")
	case until.After(now.AddDate(0, 1, 0)):
		return r, fault.In("until", "that is more than a month away: pass it on, or say so in an answer")
	}
	err = d.onRequest(ctx, who, id, func(ctx context.Context, tx *store.Tx, c Conversation, is Request) (Conversation, journal.Entry, error) {
		if r = is; !r.Of(who) {
			return c, journal.Entry{}, fault.New(fault.Forbidden, "this was asked of others")
		}
		c = c.asked(id, func(a Asked) Asked { a.Remind = until; return a })
		return c, journal.Entry{What: journal.RequestPutOff, About: journal.About("request", r.ID),
			Data: journal.Data("department", r.Department, "person", r.Person, "until", until.UTC())}, nil
	})
	return r, err
}

// asked is c with one thing that is asked in it changed.
func (c Conversation) asked(id RequestID, change func(Asked) Asked) Conversation {
	list := make([]Asked, len(c.Asked))
	for k, a := range c.Asked {
		if list[k] = a; a.Request == id {
			list[k] = change(a)
		}
	}
	c.Asked = list
	return c
}

// Mine returns what is asked of somebody and not answered yet, what is due first, first: at most limit. Nothing is asked of an
// agency, nor of who only looks.
func (d *Desk) Mine(ctx context.Context, who staff.Actor, limit int) ([]Request, error) {
	if err := who.Require(staff.SeeDesk); err != nil {
		return nil, err
	}
	if who.Role == staff.Agency || who.Role == staff.Viewer {
		return nil, nil
	}
	return requestsTo(ctx, d.Store.Read(), who, limit)
}

// ShownTo is what somebody who is asked r may see beside it, the first first.
func (d *Desk) ShownTo(ctx context.Context, who staff.Actor, r Request) ([]Shown, error) {
	if r.State != RequestOpen || !r.Of(who) {
		return nil, noRequest()
	}
	return d.shown(ctx, d.Store.Read(), r)
}
