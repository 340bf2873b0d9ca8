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
	Q          string                `query:"q" maxLength:"500" doc:"Words that a message must hold. Where they were said last comes first, whatever the sort."`
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
	p, err := s.listed(ctx, v.who, in)
	if err != nil {
		return nil, err
	}
	list, err := s.rowsWithThreads(ctx, v, p.Rows)
	return answer(rowsPage{list, p.Next, unlessZero(p.Until)}, err)
}

// listed is a page of the list, or of what was said in it.
func (s *Server) listed(ctx context.Context, who staff.Actor, in *conversationsQuery) (desk.Page, error) {
	switch q := in.query(s.Now()); {
	case strings.TrimSpace(in.Q) != "":
		return s.Desk.Searched(ctx, who, in.Q, q)
	case q.State == desk.AnyState:
		return desk.Page{}, fault.In("state", "a list is of one state: any is for a search, with words in q")
	default:
		return s.Desk.List(ctx, who, q)
	}
}
