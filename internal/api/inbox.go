package api

import (
	"context"
	"strings"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

type conversationsQuery struct {
	View       string                `query:"view" enum:"mine,department,unowned,all,asked,promised,aside" default:"all"`
	State      string                `query:"state" enum:"open,waiting,snoozed,closed,any" default:"open" doc:"Any only with q: a search finds what rests or is set aside, too."`
	Sort       string                `query:"sort" enum:"newest,oldest,clock,priority" default:"newest" doc:"Clock: what is due first. Priority: what cannot wait first, then what is due first; of open ones only."`
	Department ref[staff.Department] `query:"department"`
	Owner      ref[staff.Person]     `query:"owner" doc:"Who has it."`
	Account    ref[account.Account]  `query:"account"`
	Channel    string                `query:"channel" maxLength:"40"`
	Intent     string                `query:"intent" maxLength:"40"`
	Topic      string                `query:"topic" maxLength:"80" doc:"A topic's key."`
	Language   string                `query:"language" maxLength:"10"`
	Standing   string                `query:"standing" maxLength:"40" doc:"Of the contact."`
	Urgency    string                `query:"urgency" enum:"now,today,normal,"`
	Tag        string                `query:"tag" maxLength:"60"`
	Days       int                   `query:"days" minimum:"0" maximum:"3650" doc:"Something was said in it in so many days."`
	Unread     bool                  `query:"unread" doc:"You have not seen the last thing said."`
	Asked      bool                  `query:"asked" doc:"Something is asked of anybody in it."`
	Q          string                `query:"q" maxLength:"500" doc:"Words that a message must hold. The newest are returned, as far as they fit the other conditions."`
	After      string                `query:"after" maxLength:"60"`
	Limit      int                   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (q *conversationsQuery) query(now time.Time) desk.Query {
	out := desk.Query{View: desk.View(q.View), State: desk.State(q.State), Order: desk.Order(q.Sort), After: q.After, Limit: q.Limit,
		Filter: desk.Filter{Department: q.Department.Of, Owner: q.Owner.Of, Account: q.Account.Of, Channel: q.Channel, Intent: q.Intent, Topic: q.Topic,
			Language: q.Language, Standing: q.Standing, Urgency: q.Urgency, Tag: q.Tag, Unread: q.Unread, Asked: q.Asked}}
	if q.Days > 0 {
		out.Since = now.AddDate(0, 0, -q.Days)
	}
	return out
}

// rowsPage is a stretch of the inbox.
type rowsPage struct {
	Items []Row      `json:"items" nullable:"false"`
	Next  string     `json:"next" doc:"Give this as ?after= to read on. Empty at the end."`
	Until *time.Time `json:"until,omitempty" doc:"A filter that fits little is looked for so far at a time. The list goes on at next, also when this page is short or empty."`
}

// getConversations is a page of the inbox.
func (s *Server) getConversations(ctx context.Context, in *conversationsQuery) (*body[rowsPage], error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Q) != "" {
		return s.searchedRows(ctx, v, in)
	}
	if in.State == "any" {
		return nil, fault.In("state", "a list is of one state: any is for a search, with words in q")
	}
	p, err := s.Desk.List(ctx, v.who, in.query(s.Now()))
	if err != nil {
		return nil, err
	}
	list, err := s.rowsWithThreads(ctx, v, p.Rows)
	return answer(rowsPage{list, p.Next, unlessZero(p.Until)}, err)
}

// searchedRows are the conversations in which the words were said last, each once.
func (s *Server) searchedRows(ctx context.Context, v *show, in *conversationsQuery) (*body[rowsPage], error) {
	found, err := s.Desk.Search(ctx, v.who, desk.Search{Words: in.Q, Account: in.Account.Of, Mine: in.View == "mine", Limit: 100})
	if err != nil {
		return nil, err
	}
	out := []Row{}
	seen := map[desk.ConversationID]bool{}
	for _, f := range found.Found {
		if seen[f.ID] || !in.fits(v.who, f.Row, s.Now()) {
			continue
		}
		seen[f.ID] = true
		r, err := s.row(ctx, v, f.Row)
		if err != nil {
			return nil, err
		}
		if out = append(out, r); len(out) == in.Limit {
			break
		}
	}
	return answer(rowsPage{Items: out}, nil)
}

// fits is what the database is asked for otherwise.
func (q *conversationsQuery) fits(who staff.Actor, c desk.Row, now time.Time) bool {
	view := q.State
	if q.View == "aside" {
		view = "aside"
	}
	if q.View == "asked" || q.View == "promised" {
		view = "any"
	}
	switch {
	case view != "any" && c.View() != view,
		!q.Department.IsZero() && c.Department != q.Department.Of,
		!q.Owner.IsZero() && c.Person != q.Owner.Of,
		!q.Account.IsZero() && c.Account != q.Account.Of,
		q.Intent != "" && !has(c.Intents, q.Intent),
		q.Language != "" && c.Language != q.Language,
		q.Standing != "" && !has(c.Standings, q.Standing),
		q.Urgency != "" && c.Urgency.String() != q.Urgency,
		q.Tag != "" && !has(c.Tags, q.Tag),
		q.Days > 0 && c.LastAt.Before(now.AddDate(0, 0, -q.Days)),
		q.Unread && !c.Unread,
		q.Asked && len(c.Asked) == 0,
		q.View == "mine" && c.Person != who.Person,
		q.View == "department" && !who.In(c.Department),
		q.View == "asked" && c.AskedDue(who).IsZero(),
		q.View == "promised" && !c.PromisedTo(who),
		q.View == "unowned" && c.Person != 0:
		return false
	}
	return true
}
