package api

import (
	"context"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/desk"
	"switchboard/internal/staff"
)

// SavedView is a list of the inbox that somebody keeps.
type SavedView struct {
	ID         string        `json:"id"`
	Name       string        `json:"name"`
	Audience   desk.Audience `json:"audience" enum:"me,department,all"`
	Department *Ref          `json:"department,omitempty" doc:"Of which department's members it is, when it is for a department."`
	By         Ref           `json:"by" doc:"Who made it."`
	Filter     ViewFilter    `json:"filter"`
	Can        []string      `json:"can" nullable:"false" doc:"What you may do with it: change, remove."`
}

// ViewFilter is what a saved view asks for, as the addresses of GET /api/conversations spell it.
type ViewFilter struct {
	View       desk.View          `json:"view" enum:"mine,department,unowned,all,asked,promised,aside"`
	State      desk.State         `json:"state,omitempty" enum:"open,waiting,snoozed,closed"`
	Sort       desk.Order         `json:"sort,omitempty" enum:"newest,oldest,clock,priority"`
	Department staff.DepartmentID `json:"department,omitzero"`
	Owner      staff.PersonID     `json:"owner,omitzero"`
	Account    account.ID         `json:"account,omitzero"`
	Channel    string             `json:"channel,omitempty" maxLength:"40"`
	Intent     string             `json:"intent,omitempty" maxLength:"40"`
	Topic      string             `json:"topic,omitempty" maxLength:"80"`
	Language   string             `json:"language,omitempty" maxLength:"10"`
	Standing   string             `json:"standing,omitempty" maxLength:"40"`
	Urgency    string             `json:"urgency,omitempty" enum:"now,today,normal"`
	Tag        string             `json:"tag,omitempty" maxLength:"60"`
	Days       int                `json:"days,omitempty" minimum:"0" maximum:"3650"`
	Unread     bool               `json:"unread,omitempty"`
	Asked      bool               `json:"asked,omitempty"`
}

func (f ViewFilter) saved() desk.SavedFilter {
	return desk.SavedFilter{View: f.View, State: f.State, Order: f.Sort, Days: f.Days, Filter: desk.Filter{Department: f.Department, Owner: f.Owner,
		Account: f.Account, Channel: f.Channel, Intent: f.Intent, Topic: f.Topic, Language: f.Language, Standing: f.Standing, Urgency: f.Urgency, Tag: f.Tag,
		Unread: f.Unread, Asked: f.Asked}}
}

func viewFilter(f desk.SavedFilter) ViewFilter {
	return ViewFilter{View: f.View, State: f.State, Sort: f.Order, Days: f.Days, Department: f.Department, Owner: f.Owner, Account: f.Account, Channel: f.Channel,
		Intent: f.Intent, Topic: f.Topic, Language: f.Language, Standing: f.Standing, Urgency: f.Urgency, Tag: f.Tag, Unread: f.Unread, Asked: f.Asked}
}

func (s *Server) view(r *staff.Roster, who staff.Actor, v desk.SavedView) SavedView {
	out := SavedView{ID: v.ID.String(), Name: v.Name, Audience: v.Audience, By: refPerson(r, v.Person), Filter: viewFilter(v.Filter), Can: []string{}}
	if !v.Department.IsZero() {
		out.Department = ptr(refDepartment(r, v.Department))
	}
	if v.ChangedBy(who) {
		out.Can = []string{"change", "remove"}
	}
	return out
}

func (s *Server) oneView(ctx context.Context, v desk.SavedView, err error) (*body[SavedView], error) {
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	return answer(s.view(r, who(ctx), v), nil)
}

// getViews are the saved views somebody sees, in their order.
func (s *Server) getViews(ctx context.Context, _ *struct{}) (*body[items[SavedView]], error) {
	list, err := s.Desk.SavedViews(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	out := make([]SavedView, 0, len(list))
	for _, v := range list {
		out = append(out, s.view(r, who(ctx), v))
	}
	return all(out, err)
}

// ViewCount is how much a saved view holds.
type ViewCount struct {
	N     int  `json:"n"`
	Exact bool `json:"exact" doc:"False: so many, and perhaps more."`
}

// ViewCounts are by the id of the view.
type ViewCounts struct {
	Counts map[string]ViewCount `json:"counts"`
	At     time.Time            `json:"at"`
}

func (s *Server) getViewCounts(ctx context.Context, _ *struct{}) (*body[ViewCounts], error) {
	n, err := s.Desk.CountViews(ctx, who(ctx))
	out := ViewCounts{map[string]ViewCount{}, s.Now()}
	for id, c := range n {
		out.Counts[id.String()] = ViewCount(c)
	}
	return answer(out, err)
}

type viewForm struct {
	Body struct {
		Name       string             `json:"name" minLength:"1" maxLength:"60"`
		Audience   desk.Audience      `json:"audience,omitempty" enum:"me,department,all" default:"me"`
		Department staff.DepartmentID `json:"department,omitempty" doc:"Whose members find it, when it is for a department."`
		Filter     ViewFilter         `json:"filter"`
	}
}

func (s *Server) postView(ctx context.Context, in *viewForm) (*body[SavedView], error) {
	b, f := in.Body, in.Body.Filter.saved()
	v, err := s.Desk.KeepView(ctx, who(ctx), desk.SavedViewChange{Name: &b.Name, Audience: &b.Audience, Department: &b.Department, Filter: &f})
	return s.oneView(ctx, v, err)
}

// ViewPath names a saved view.
type ViewPath struct {
	ID ref[desk.SavedView] `path:"id"`
}

type viewChangeForm struct {
	ViewPath
	Body struct {
		Name       *string             `json:"name,omitempty" minLength:"1" maxLength:"60"`
		Audience   *desk.Audience      `json:"audience,omitempty" enum:"me,department,all"`
		Department *staff.DepartmentID `json:"department,omitempty"`
		Filter     *ViewFilter         `json:"filter,omitempty"`
	}
}

func (s *Server) patchView(ctx context.Context, in *viewChangeForm) (*body[SavedView], error) {
	b := in.Body
	ch := desk.SavedViewChange{Name: b.Name, Audience: b.Audience, Department: b.Department}
	if b.Filter != nil {
		f := b.Filter.saved()
		ch.Filter = &f
	}
	v, err := s.Desk.ChangeView(ctx, who(ctx), in.ID.Of, ch)
	return s.oneView(ctx, v, err)
}

func (s *Server) deleteView(ctx context.Context, in *ViewPath) (*none, error) {
	return done(s.Desk.DropView(ctx, who(ctx), in.ID.Of))
}

type viewOrderForm struct {
	Body struct {
		Views []desk.SavedViewID `json:"views" nullable:"false" maxItems:"1000"`
	}
}

func (s *Server) putViewsOrder(ctx context.Context, in *viewOrderForm) (*none, error) {
	return done(s.Desk.OrderViews(ctx, who(ctx), in.Body.Views))
}
