package api

import (
	"context"
	"time"

	"switchboard/internal/notify"
	"switchboard/internal/staff"
)

// Chat is a room of a chat tool that is told. Its address is a secret and never comes back.
type Chat struct {
	ID         string        `json:"id"`
	Name       string        `json:"name"`
	Form       notify.Form   `json:"form" enum:"slack,mattermost,teams"`
	Department *Ref          `json:"department,omitempty" doc:"Absent: of the whole company."`
	Host       string        `json:"host" doc:"Of its address."`
	Kinds      []notify.Kind `json:"kinds" nullable:"false"`
	Words      bool          `json:"words" doc:"With the beginning of what was said."`
	Paused     bool          `json:"paused" doc:"It failed too often, or somebody paused it."`
	Trouble    string        `json:"trouble,omitempty" doc:"What is wrong."`
	TroubleAt  *time.Time    `json:"troubleAt,omitempty"`
	SentAt     *time.Time    `json:"sentAt,omitempty" doc:"The last that arrived."`
}

// Chats are the rooms, and what rooms can be told of.
type Chats struct {
	Items []Chat     `json:"items" nullable:"false"`
	Kinds []ChatKind `json:"kinds" nullable:"false"`
}

// ChatKind is something rooms can be told of.
type ChatKind struct {
	Kind  notify.Kind `json:"kind"`
	Title string      `json:"title"`
}

func showChat(r *staff.Roster, h notify.Hook) Chat {
	v := Chat{ID: h.ID.String(), Name: h.Name, Form: h.Form, Host: h.Host, Kinds: h.Kinds, Words: h.Words, Paused: !h.PausedAt.IsZero(), Trouble: h.Trouble}
	if !h.Department.IsZero() {
		v.Department = ptr(refDepartment(r, h.Department))
	}
	if !h.TroubleAt.IsZero() {
		v.TroubleAt = ptr(h.TroubleAt)
	}
	if !h.SentAt.IsZero() {
		v.SentAt = ptr(h.SentAt)
	}
	return v
}

func (s *Server) getChats(ctx context.Context, _ *struct{}) (*body[Chats], error) {
	list, err := s.Bell.Hooks(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	out := Chats{Items: []Chat{}, Kinds: []ChatKind{}}
	for _, h := range list {
		out.Items = append(out.Items, showChat(r, h))
	}
	for _, k := range notify.ChatKinds() {
		out.Kinds = append(out.Kinds, ChatKind{k.Kind, k.Title})
	}
	return answer(out, err)
}

// ChatForm is what is set of a room.
type ChatForm struct {
	Name       *string             `json:"name,omitempty" maxLength:"80"`
	Form       *notify.Form        `json:"form,omitempty" enum:"slack,mattermost,teams"`
	Department *staff.DepartmentID `json:"department,omitempty" doc:"Empty: of the whole company."`
	Address    *string             `json:"address,omitempty" maxLength:"2000" doc:"As the chat tool gave it. It never comes back."`
	Kinds      *[]notify.Kind      `json:"kinds,omitempty" maxItems:"50"`
	Words      *bool               `json:"words,omitempty"`
	Paused     *bool               `json:"paused,omitempty"`
}

func (f ChatForm) change() notify.HookChange {
	return notify.HookChange{Name: f.Name, Form: f.Form, Department: f.Department, Address: f.Address, Kinds: f.Kinds, Words: f.Words, Paused: f.Paused}
}

func (s *Server) shownChat(ctx context.Context, h notify.Hook, err error) (*body[Chat], error) {
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	return answer(showChat(r, h), err)
}

type chatForm struct{ Body ChatForm }

func (s *Server) postChat(ctx context.Context, in *chatForm) (*body[Chat], error) {
	h, err := s.Bell.AddHook(ctx, who(ctx), in.Body.change())
	return s.shownChat(ctx, h, err)
}

type chatPath struct {
	ID ref[notify.Hook] `path:"id"`
}

type chatChange struct {
	ID   ref[notify.Hook] `path:"id"`
	Body ChatForm
}

func (s *Server) patchChat(ctx context.Context, in *chatChange) (*body[Chat], error) {
	h, err := s.Bell.ChangeHook(ctx, who(ctx), in.ID.Of, in.Body.change())
	return s.shownChat(ctx, h, err)
}

func (s *Server) tryChat(ctx context.Context, in *chatPath) (*none, error) {
	return done(s.Bell.TryHook(ctx, who(ctx), in.ID.Of))
}

func (s *Server) deleteChat(ctx context.Context, in *chatPath) (*none, error) {
	return done(s.Bell.RemoveHook(ctx, who(ctx), in.ID.Of))
}
