package api

import (
	"context"
	"time"

	"switchboard/internal/staff"
)

// Invitation is a place offered to somebody.
type Invitation struct {
	ID          string     `json:"id"`
	Email       string     `json:"email"`
	Name        string     `json:"name"`
	Role        staff.Role `json:"role"`
	Departments []Ref      `json:"departments" nullable:"false"`
	InvitedBy   Ref        `json:"invitedBy"`
	CreatedAt   time.Time  `json:"createdAt"`
	ExpiresAt   time.Time  `json:"expiresAt"`
}

// Invited is a new invitation with its link, which is shown this once.
type Invited struct {
	ID        string    `json:"id"`
	Link      string    `json:"link" doc:"Give this to the person. It is shown this once, works once, and for 72 hours."`
	ExpiresAt time.Time `json:"expiresAt"`
	Mailed    bool      `json:"mailed" doc:"It goes to the person by e-mail, too."`
}

// Invitee is what an invitation says to the one invited.
type Invitee struct {
	Email        string `json:"email"`
	Name         string `json:"name"`
	Organisation string `json:"organisation"`
}

func (s *Server) getInvitations(ctx context.Context, _ *struct{}) (*body[items[Invitation]], error) {
	list, err := s.Staff.Invitations(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	out := []Invitation{}
	for _, i := range list {
		out = append(out, Invitation{i.ID.String(), i.Email, i.Name, i.Role, refDepartments(r, i.Departments), refPerson(r, i.InvitedBy), i.CreatedAt, i.ExpiresAt})
	}
	return all(out, nil)
}

type inviteForm struct {
	Body struct {
		Email       string               `json:"email" maxLength:"254"`
		Name        string               `json:"name" maxLength:"120"`
		Role        staff.Role           `json:"role" enum:"administrator,manager,operator,member,contributor,viewer,agency"`
		Departments []staff.DepartmentID `json:"departments,omitempty" maxItems:"100"`
	}
}

// postInvitation invites somebody; an older invitation to the same address dies.
func (s *Server) postInvitation(ctx context.Context, in *inviteForm) (*body[Invited], error) {
	i, secret, err := s.Staff.Invite(ctx, who(ctx), staff.Invitation{Email: in.Body.Email, Name: in.Body.Name, Role: in.Body.Role, Departments: in.Body.Departments})
	if err != nil {
		return nil, err
	}
	return answer(Invited{i.ID.String(), s.public(ctx) + "/join#" + secret, i.ExpiresAt, i.Mailed}, nil)
}

// public is the address for links that leave the house: the one that was set, else the one this call came by.
func (s *Server) public(ctx context.Context) string {
	if r, err := s.Staff.Roster(ctx); err == nil && r.Organisation().PublicURL != "" {
		return r.Organisation().PublicURL
	}
	return callOf(ctx).address()
}

type invitationPath struct {
	ID ref[staff.Invitation] `path:"id"`
}

func (s *Server) deleteInvitation(ctx context.Context, in *invitationPath) (*none, error) {
	return done(s.Staff.RevokeInvitation(ctx, who(ctx), in.ID.Of))
}

// InvitationToken is the proof that somebody was invited.
type InvitationToken struct {
	Token string `header:"Invitation-Token" doc:"From the link, after the #." maxLength:"200"`
}

// getInvited says what an invitation is for.
func (s *Server) getInvited(ctx context.Context, in *InvitationToken) (*body[Invitee], error) {
	i, err := s.Staff.Invited(ctx, in.Token)
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	return answer(Invitee{i.Email, i.Name, r.Organisation().Name}, nil)
}

type joinForm struct {
	InvitationToken
	Body struct {
		Name     string `json:"name" maxLength:"120"`
		Password string `json:"password" maxLength:"1024" doc:"At least 10 characters."`
		Zone     string `json:"zone,omitempty" maxLength:"64"`
	}
}

// postInvited takes an invitation up and signs in.
func (s *Server) postInvited(ctx context.Context, in *joinForm) (*sessionAnswer, error) {
	p, err := s.Staff.Join(ctx, in.Token, in.Body.Name, in.Body.Password, in.Body.Zone, callOf(ctx).from)
	return s.begin(ctx, p, err)
}
