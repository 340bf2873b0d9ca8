package api

import (
	"context"
	"slices"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

// BulkItem is one of the conversations that something is done to.
type BulkItem struct {
	ID         desk.ConversationID `json:"id"`
	Department staff.DepartmentID  `json:"department,omitempty" doc:"In place of the one given for all."`
	Person     staff.PersonID      `json:"person,omitempty" doc:"In place of the one given for all."`
	Tags       []string            `json:"tags,omitempty" doc:"All its tags from now on, to take a tagging back."`
}

type bulkForm struct {
	Body struct {
		Do         string             `json:"do" enum:"handover,claim,release,snooze,wake,close,reopen,aside,unaside,tag,untag,tags,read,unread,undo"`
		Items      []BulkItem         `json:"items" minItems:"1" maxItems:"100" nullable:"false"`
		Department staff.DepartmentID `json:"department,omitempty"`
		Person     staff.PersonID     `json:"person,omitempty"`
		Reason     string             `json:"reason,omitempty" maxLength:"2000"`
		Until      time.Time          `json:"until,omitempty" doc:"When to wake it, for snooze."`
		Tag        string             `json:"tag,omitempty" maxLength:"60" doc:"For tag and untag."`
		Of         string             `json:"of,omitempty" enum:"claim,release,handover,snooze,wake,close,reopen,aside,unaside" doc:"For undo: what you did just now and take back. What has been touched since is left, and says so."`
	}
}

// BulkResult is what became of one of them.
type BulkResult struct {
	ID     string      `json:"id"`
	Done   bool        `json:"done"`
	Why    string      `json:"why,omitempty" doc:"Why it was not done, in words."`
	Same   bool        `json:"same,omitempty" doc:"It stood like that already: nothing was changed, and nothing is to be taken back."`
	Before *BulkBefore `json:"before,omitempty" doc:"How it stood, to take it back. Absent when it was not done."`
}

// BulkBefore is what taking back needs.
type BulkBefore struct {
	State    desk.State `json:"state"`
	SetAside bool       `json:"setAside"`
	Owner    Owner      `json:"owner"`
	Tags     []string   `json:"tags" nullable:"false"`
	Unread   bool       `json:"unread"`
}

// postBulk does one thing to many conversations, one by one: each by itself, with its own rights, and each tells what became
// of it. What fails stops nothing.
func (s *Server) postBulk(ctx context.Context, in *bulkForm) (*body[items[BulkResult]], error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]desk.ConversationID, 0, len(in.Body.Items))
	if err := v.known(in.Body.Department, in.Body.Person); err != nil {
		return nil, err
	}
	for _, x := range in.Body.Items {
		if err := v.known(x.Department, x.Person); err != nil {
			return nil, err
		}
		if slices.Contains(ids, x.ID) {
			return nil, fault.In("items", "a conversation is named twice")
		}
		ids = append(ids, x.ID)
	}
	if err := v.who.Require(staff.Answer); err != nil && in.Body.Do != "read" && in.Body.Do != "unread" {
		return nil, err
	}
	list, err := s.Desk.Listed(ctx, v.who, ids)
	if err != nil {
		return nil, err
	}
	before := make(map[desk.ConversationID]desk.Row, len(list))
	for _, r := range list {
		before[r.ID] = r
	}
	if in.Body.Do == "undo" {
		return all(s.undoAll(ctx, v.who, in.Body.Of, ids), nil)
	}
	out := make([]BulkResult, 0, len(in.Body.Items))
	for _, x := range in.Body.Items {
		r := BulkResult{ID: x.ID.String()}
		was, ok := before[x.ID]
		err := fault.New(fault.NotFound, "there is no such conversation, or it is not for your eyes")
		if ok {
			r.Same, err = s.one(ctx, v.who, in, x, was)
		}
		if err != nil {
			p, _ := s.fault(ctx, err)
			r.Why = p.Detail
		} else {
			r.Done, r.Before = true, &BulkBefore{was.State, was.View() == "aside", v.owner(was.Department, was.Person), orNone(was.Tags), was.Unread}
		}
		out = append(out, r)
	}
	return all(out, nil)
}

// undoAll takes back what somebody did to several, also to those they no longer see since.
func (s *Server) undoAll(ctx context.Context, who staff.Actor, deed string, ids []desk.ConversationID) (out []BulkResult) {
	for _, id := range ids {
		r := BulkResult{ID: id.String(), Done: true}
		if _, err := s.Desk.Undo(ctx, who, id, deed); err != nil {
			p, _ := s.fault(ctx, err)
			r.Done, r.Why = false, p.Detail
		}
		out = append(out, r)
	}
	return out
}

// known is nil when a department and a person are of this house, or none is named.
func (v *show) known(d staff.DepartmentID, p staff.PersonID) error {
	if _, ok := v.roster.Department(d); d != 0 && !ok {
		return fault.New(fault.NotFound, "there is no such department here")
	}
	if _, ok := v.roster.Person(p); p != 0 && !ok {
		return fault.New(fault.NotFound, "there is no such person here")
	}
	return nil
}

// one does it to one of them; same says that it stood like that already.
func (s *Server) one(ctx context.Context, who staff.Actor, in *bulkForm, x BulkItem, was desk.Row) (same bool, err error) {
	b, is := in.Body, was.Conversation
	switch b.Do {
	case "handover":
		d, p := b.Department, b.Person
		if !x.Department.IsZero() {
			d, p = x.Department, x.Person
		}
		is, err = s.Desk.HandOver(ctx, who, x.ID, d, p, b.Reason)
	case "claim":
		is, err = s.Desk.Claim(ctx, who, x.ID)
	case "release":
		is, err = s.Desk.Release(ctx, who, x.ID)
	case "snooze":
		is, err = s.Desk.Snooze(ctx, who, x.ID, b.Until)
	case "wake", "reopen", "unaside":
		is, err = s.Desk.Reopen(ctx, who, x.ID)
	case "close":
		is, err = s.Desk.Close(ctx, who, x.ID, b.Reason)
	case "aside":
		is, err = s.Desk.SetAside(ctx, who, x.ID)
	case "tag":
		is, err = s.Desk.Tag(ctx, who, x.ID, append(slices.Clone(was.Tags), b.Tag))
	case "untag":
		is, err = s.Desk.Tag(ctx, who, x.ID, slices.DeleteFunc(slices.Clone(was.Tags), func(t string) bool { return t == b.Tag }))
	case "tags":
		is, err = s.Desk.Tag(ctx, who, x.ID, x.Tags)
	case "read":
		return !was.Unread, s.Desk.MarkRead(ctx, who, x.ID)
	case "unread":
		return was.Unread, s.Desk.MarkUnread(ctx, who, x.ID)
	}
	return !is.Unlike(was.Conversation), err
}
