package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/mail"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// link lets one person answer one request without signing in. Of its token only a hash is kept. It can do nothing else, makes no
// session, and ends with the request, with the person, and with time.
type link struct {
	Request RequestID
	Person  staff.PersonID
	Letter  mail.LetterID
	At      time.Time
	Expires time.Time
}

// LinkState is what a link is good for.
type LinkState string

const (
	LinkOpen      LinkState = "open"
	LinkAnswered  LinkState = "answered"  // by whom it was asked of, or somebody else who might
	LinkWithdrawn LinkState = "withdrawn" // nobody wants to know any more
	LinkPassed    LinkState = "passed"    // somebody else is asked in its place
	LinkClosed    LinkState = "closed"    // the conversation was closed meanwhile
	LinkExpired   LinkState = "expired"
	LinkGone      LinkState = "gone" // it is not asked of this person any more: they left, or another department has it
)

// Question is what a link opens. Of one that is over it holds only how it ended.
type Question struct {
	State        LinkState
	Organisation string
	Person       string    // whom it is asked of
	From         string    // who asks
	By           string    // who ended it, or whom it was passed on to
	At           time.Time // when it ended
	Request      Request
	Messages     []Shown
	Departments  []staff.Department // to whom it can be passed on
	Later        []DueChoice        // when they can be reminded
	Expires      time.Time
}

// OpenLink returns what a link opens. A token that never was, or whose request is forgotten, is a NotFound fault.
func (d *Desk) OpenLink(ctx context.Context, token string) (Question, error) {
	q, _, err := d.openLink(ctx, token)
	return q, err
}

func (d *Desk) openLink(ctx context.Context, token string) (q Question, who staff.Actor, err error) {
	read := d.Store.Read()
	l, err := linkBy(ctx, read, token)
	if err != nil {
		return q, who, err
	}
	r, err := request(ctx, read, l.Request)
	if err != nil {
		return q, who, noLink()
	}
	roster := d.House.Roster()
	who, active := d.House.Actor(l.Person)
	q = Question{State: d.linkState(l, r, who, active), Organisation: roster.Organisation().Name, From: d.asker(roster, r), Expires: l.Expires}
	if p, ok := roster.Person(l.Person); ok {
		q.Person = p.Name
	}
	if q.State != LinkOpen {
		q.At = r.EndedAt
		if p, ok := roster.Person(r.EndedBy); ok {
			q.By = p.Name
		}
		if next, err := request(ctx, read, r.Next); err == nil && q.State == LinkPassed {
			q.By = d.toWhom(roster, next)
		}
		return q, who, nil
	}
	q.Request = r
	if q.Messages, err = d.shown(ctx, read, r); err != nil {
		return q, who, err
	}
	q.Departments = roster.Departments()
	for _, c := range DueChoices(d.Now(), d.House.Hours(r.Department, l.Person)) {
		if c.Key == "hour" || c.Key == "tomorrow" {
			q.Later = append(q.Later, c)
		}
	}
	return q, who, nil
}

// linkState is what a link is good for now.
func (d *Desk) linkState(l link, r Request, who staff.Actor, active bool) LinkState {
	switch {
	case r.State == RequestAnswered:
		return LinkAnswered
	case r.State == RequestPassed:
		return LinkPassed
	case r.State == RequestWithdrawn && r.EndedBy.IsZero():
		return LinkClosed
	case r.State == RequestWithdrawn:
		return LinkWithdrawn
	case !active || !who.Can(staff.Answer) || who.Role == staff.Agency || !r.Of(who): // see Sees
		return LinkGone
	case !d.Now().Before(l.Expires):
		return LinkExpired
	}
	return LinkOpen
}

// byLink is openLink for who wants to do something: a link that is over is a Conflict.
func (d *Desk) byLink(ctx context.Context, token, from string) (Question, staff.Actor, error) {
	q, who, err := d.openLink(ctx, token)
	if err == nil && q.State != LinkOpen {
		err = fault.New(fault.Conflict, "this question is not open any more: load the page again to see why")
	}
	who.From = from
	return q, who, err
}

// AnswerByLink answers the one request a link is for. from is the network address it came from.
func (d *Desk) AnswerByLink(ctx context.Context, token, text, from string) (Request, error) {
	q, who, err := d.byLink(ctx, token, from)
	if err != nil {
		return Request{}, err
	}
	return d.answer(ctx, who, q.Request.ID, text, "link")
}

// PassByLink passes the request on to a department, or to somebody of the house by their name: who has a link is told of nobody,
// so they type whom they know.
func (d *Desk) PassByLink(ctx context.Context, token string, of staff.DepartmentID, name, reason, from string) error {
	q, who, err := d.byLink(ctx, token, from)
	if err != nil {
		return err
	}
	to := Asking{Department: of, Mail: true}
	if name = strings.Join(strings.Fields(name), " "); name != "" {
		if to, err = d.called(name, of); err != nil {
			return err
		}
		to.Mail = true
	}
	if to.Department.IsZero() && to.Person.IsZero() {
		return fault.In("department", "say who could answer: a name, or a department")
	}
	_, err = d.Pass(ctx, who, q.Request.ID, to, reason)
	return err
}

// called is the one person of the house with a name, of a department if one is given.
func (d *Desk) called(name string, of staff.DepartmentID) (a Asking, err error) {
	var found []staff.Person
	for _, p := range d.House.Roster().People() {
		if mayBeAsked(p) && strings.EqualFold(p.Name, name) && (of.IsZero() || slices.Contains(p.Departments, of)) {
			found = append(found, p)
		}
	}
	switch len(found) {
	case 0:
		return a, fault.In("name", "nobody here has this name: write first and last name, or choose the department alone")
	case 1:
		return Asking{Department: of, Person: found[0].ID}, nil
	}
	return a, fault.In("name", "more than one person here has this name: choose the department too")
}

// LaterByLink has them reminded: when is one of the keys of Question.Later.
func (d *Desk) LaterByLink(ctx context.Context, token, when, from string) (time.Time, error) {
	q, who, err := d.byLink(ctx, token, from)
	if err != nil {
		return time.Time{}, err
	}
	for _, c := range q.Later {
		if c.Key == when {
			_, err := d.Later(ctx, who, q.Request.ID, c.At)
			return c.At, err
		}
	}
	return time.Time{}, fault.In("when", "choose one of the times that are offered")
}

func noLink() error {
	return fault.New(fault.NotFound, "this link opens nothing: take the one in the last mail you got, or ask whoever sent it")
}

// forgetLinks removes the links that ended long ago.
func (d *Desk) forgetLinks(ctx context.Context, tx *store.Tx) error {
	return removeLinks(ctx, tx, d.Now().Add(-90*24*time.Hour))
}
