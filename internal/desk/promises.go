package desk

import (
	"context"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// PromiseScope says whose promises are asked for.
type PromiseScope string

const (
	PromisesMine       PromiseScope = "mine"       // those that are theirs by name
	PromisesDepartment PromiseScope = "department" // those of their departments
	PromisesCompany    PromiseScope = "company"    // all, for who sees all
)

// PromiseFilter is one figure of the page of promises, and the list behind it.
type PromiseFilter string

const (
	PromisesOpen      PromiseFilter = "open" // not due yet
	PromisesLate      PromiseFilter = "late" // open after they were due
	PromisesKept      PromiseFilter = "kept" // in time
	PromisesKeptLate  PromiseFilter = "keptLate"
	PromisesBroken    PromiseFilter = "broken"
	PromisesWithdrawn PromiseFilter = "withdrawn"
)

// state is the state of what has ended.
func (f PromiseFilter) state() string {
	if f == PromisesKeptLate {
		return string(PromiseKept)
	}
	return string(f)
}

// PromiseFigures are how many promises stand where. What has ended is counted since a time.
type PromiseFigures struct {
	Open, Late, Kept, KeptLate, Broken, Withdrawn int
}

// Due is how many had to be kept: all but those that are not due yet and those that were withdrawn.
func (f PromiseFigures) Due() int { return f.Kept + f.KeptLate + f.Broken + f.Late }

// scope is a condition on promises, with its values from $1.
type scope struct {
	where string
	args  []any
}

// scopeOf is the condition for the promises that q asks for.
func scopeOf(who staff.Actor, q PromiseQuery) (s scope, err error) {
	all, w, of := who.Can(staff.SeeAll), q.Whose, q.Department
	if !q.Person.IsZero() {
		if !all && q.Person != who.Person {
			return s, fault.New(fault.Forbidden, "a colleague's promises are for managers and operators: look at yours, or your department's")
		}
		who.Person, w = q.Person, PromisesMine
	}
	if !of.IsZero() && q.Person.IsZero() && !all && !who.In(of) {
		return s, fault.New(fault.Forbidden, "this department's promises are not for your eyes: look at your own")
	}
	switch {
	case w == PromisesMine:
		s = scope{`person = $1 AND person <> 0`, []any{who.Person}}
	case w == PromisesDepartment && of.IsZero():
		s = scope{`department IN (` + store.In(1, len(who.Departments)) + `)`, store.Pad(who.Departments)}
	case w == PromisesDepartment || w == PromisesCompany && !of.IsZero():
		return scope{`department = $1`, []any{of}}, nil
	case w == PromisesCompany && all:
		s = scope{`department <> $1`, []any{0}}
	case w == PromisesCompany:
		return s, fault.New(fault.Forbidden, "the company's promises are for managers and operators: look at yours, or your department's")
	default:
		return s, fault.In("whose", "promises are mine, department or company")
	}
	if w == PromisesMine && !of.IsZero() {
		s.where, s.args = s.where+` AND department = $2`, append(s.args, of)
	}
	return s, nil
}

// PromiseQuery asks for a page of promises.
type PromiseQuery struct {
	Whose      PromiseScope
	Department staff.DepartmentID // zero: any
	Person     staff.PersonID     // zero: as Whose says; otherwise those that are theirs by name
	Filter     PromiseFilter
	Since      time.Time // what ended before is left out
	After      string    // Next of the page before
	Limit      int
}

// PromisePage is a stretch of a list of promises. In are the conversations they were made in, as far as they may be seen: who
// delivered does not see the conversation any more, but still what they delivered.
type PromisePage struct {
	Promises []Promise
	In       map[ConversationID]Row
	Next     string
}

// Promises returns a page of somebody's promises: what is open by when it is due, what has ended the newest first.
func (d *Desk) Promises(ctx context.Context, who staff.Actor, q PromiseQuery) (p PromisePage, err error) {
	if err := mayList(who); err != nil {
		return p, err
	}
	s, err := scopeOf(who, q)
	if err != nil {
		return p, err
	}
	after, err := parseCursor(q.After)
	if err != nil {
		return p, err
	}
	if q.Limit <= 0 || q.Limit > 200 {
		q.Limit = 50
	}
	list, err := promisePage(ctx, d.Store.Read(), s, q.Filter, after, d.Now(), q.Since, q.Limit+1)
	if err != nil {
		return p, err
	}
	if len(list) > q.Limit {
		list = list[:q.Limit]
		last := list[q.Limit-1]
		at := last.EndedAt
		if last.State == PromiseOpen {
			at = last.Due
		}
		p.Next = cursor{store.Micros(at), ConversationID(last.ID)}.String()
	}
	ids := make([]ConversationID, 0, len(list))
	for _, one := range list {
		ids = append(ids, one.Conversation)
	}
	rows, err := d.Listed(ctx, who, ids)
	p.Promises, p.In = list, make(map[ConversationID]Row, len(rows))
	for _, r := range rows {
		p.In[r.ID] = r
	}
	return p, err
}

// PromiseFigures counts the promises that q asks for, by all its filters.
func (d *Desk) PromiseFigures(ctx context.Context, who staff.Actor, q PromiseQuery) (f PromiseFigures, err error) {
	if err := mayList(who); err != nil {
		return f, err
	}
	s, err := scopeOf(who, q)
	if err != nil {
		return f, err
	}
	return promiseFigures(ctx, d.Store.Read(), s, d.Now(), q.Since)
}

func mayList(who staff.Actor) error {
	if who.Role == staff.Agency {
		return fault.New(fault.Forbidden, "promises are for those who work here")
	}
	return who.Require(staff.SeeDesk)
}

// PromisesOf returns the promises of a conversation somebody may see, the first first.
func (d *Desk) PromisesOf(ctx context.Context, who staff.Actor, in ConversationID) (Conversation, []Promise, error) {
	c, err := d.Conversation(ctx, who, in)
	if err != nil {
		return c, nil, err
	}
	list, err := promisesOf(ctx, d.Store.Read(), in, timelineLimit)
	return c, list, err
}

// promisedBranches are the conversations in which something is promised that is somebody's to keep. of may be zero; otherwise
// only what that department owns.
func promisedBranches(who staff.Actor, of staff.DepartmentID) []branch {
	const person = `id IN (SELECT conversation FROM promise WHERE person = $1 AND person <> 0 AND state = 'open')`
	const department = `id IN (SELECT conversation FROM promise WHERE department = $1 AND state = 'open')`
	return branchesOf(who, of, person, department)
}
