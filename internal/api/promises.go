package api

import (
	"context"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// ListedPromise is a promise with where it was made.
type ListedPromise struct {
	Promise
	Conversation *Row `json:"conversation,omitempty" doc:"Absent: you do not see it any more, as what you had to deliver has ended."`
}

// PromiseFigures are how many promises stand where.
type PromiseFigures struct {
	Open      int `json:"open" doc:"Not due yet."`
	Late      int `json:"late" doc:"Open after they were due."`
	Kept      int `json:"kept" doc:"In time."`
	KeptLate  int `json:"keptLate"`
	Broken    int `json:"broken"`
	Withdrawn int `json:"withdrawn"`
	Due       int `json:"due" doc:"All that had to be kept: kept, kept late, broken and late."`
}

// PromiseScope says whose promises are meant, and since when.
type PromiseScope struct {
	Whose      string                `query:"whose" enum:"mine,department,company" default:"mine"`
	Department ref[staff.Department] `query:"department" doc:"Only this department's."`
	Person     ref[staff.Person]     `query:"person" doc:"Those that are this person's by name, whatever whose says: yourself, or anybody for who sees all."`
	Days       int                   `query:"days" minimum:"1" maximum:"366" default:"90" doc:"What has ended is counted for so many days."`
}

func (q PromiseScope) query(now time.Time) desk.PromiseQuery {
	return desk.PromiseQuery{Whose: desk.PromiseScope(q.Whose), Department: q.Department.Of, Person: q.Person.Of, Since: now.AddDate(0, 0, -q.Days)}
}

type promisesQuery struct {
	PromiseScope
	State string `query:"state" enum:"open,late,kept,keptLate,broken,withdrawn" default:"open" doc:"One of the figures."`
	After string `query:"after" maxLength:"60"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// getPromises are those behind a figure: what is open by when it is due, what has ended the newest first.
func (s *Server) getPromises(ctx context.Context, in *promisesQuery) (*body[items[ListedPromise]], error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	q := in.query(s.Now())
	q.Filter, q.After, q.Limit = desk.PromiseFilter(in.State), in.After, in.Limit
	p, err := s.Desk.Promises(ctx, v.who, q)
	if err != nil {
		return nil, err
	}
	out := make([]ListedPromise, 0, len(p.Promises))
	for _, one := range p.Promises {
		row, seen := p.In[one.Conversation]
		l := ListedPromise{Promise: v.promise(row.Conversation, one, s.Now())}
		if seen {
			shown, err := s.row(ctx, v, row)
			if err != nil {
				return nil, err
			}
			l.Conversation = &shown
		}
		out = append(out, l)
	}
	return answer(items[ListedPromise]{out, p.Next}, nil)
}

type promiseFiguresQuery struct{ PromiseScope }

// getPromiseFigures counts promises, for the kept rate with its numbers.
func (s *Server) getPromiseFigures(ctx context.Context, in *promiseFiguresQuery) (*body[PromiseFigures], error) {
	f, err := s.Desk.PromiseFigures(ctx, who(ctx), in.query(s.Now()))
	if err != nil {
		return nil, err
	}
	return answer(PromiseFigures{f.Open, f.Late, f.Kept, f.KeptLate, f.Broken, f.Withdrawn, f.Due()}, nil)
}

// tellPromise says what became of a promise, with the beginning of it.
func (v *show) tellPromise(e journal.Entry, f facts) string {
	var p desk.Promise
	for _, q := range v.promised {
		if journal.About("promise", q.ID) == e.About {
			p = q
		}
	}
	what := desk.Excerpt(p.Text)
	switch e.What {
	case journal.PromiseMade:
		return because("Promised by "+v.when(f.Due)+", "+v.to(f)+" delivers", what)
	case journal.PromiseChanged:
		return because("The promise is for "+v.to(f)+" to keep by "+v.when(f.Due), what)
	case journal.PromiseKept:
		if f.Late {
			return because("A promise was kept, late", what)
		}
		return because("A promise was kept in time", what)
	case journal.PromiseBroken:
		return because("A promise was broken", p.Reason)
	case journal.PromiseWithdrawn:
		return because("A promise was withdrawn", p.Reason)
	case journal.PromiseReopened:
		return because("A promise was taken up again", what)
	case journal.PromiseMoved:
		return because("What was promised goes to "+v.to(facts{Department: f.Department}), f.Reason)
	case journal.PromiseDue:
		return because(v.to(f)+" was reminded of a promise", what)
	case journal.PromiseLate:
		return because("A promise is late", what)
	case journal.PromiseEscalated:
		to := map[string]string{"manager": "managers", "operator": "operators"}[f.To]
		return because("A late promise was brought before the "+to, f.Reason)
	}
	return ""
}
