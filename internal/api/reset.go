package api

import (
	"context"
	"time"
)

type askResetForm struct {
	Body struct {
		Email string `json:"email" maxLength:"254"`
	}
}

// askReset has a link written to an address. It tells nobody whether somebody works here under it.
func (s *Server) askReset(ctx context.Context, in *askResetForm) (*none, error) {
	return done(s.Staff.AskReset(ctx, in.Body.Email, callOf(ctx).from))
}

// ResetLink is a link by which a person sets a new password.
type ResetLink struct {
	Link      string    `json:"link" doc:"Shown this once."`
	ExpiresAt time.Time `json:"expiresAt"`
	Mailed    bool      `json:"mailed" doc:"It goes to the person by e-mail, too."`
}

// postReset makes a link for a person, for who manages staff.
func (s *Server) postReset(ctx context.Context, in *PersonPath) (*body[ResetLink], error) {
	secret, until, mailed, err := s.Staff.MakeReset(ctx, who(ctx), in.ID.Of)
	if err != nil {
		return nil, err
	}
	return answer(ResetLink{s.public(ctx) + "/reset#" + secret, until, mailed}, nil)
}

// ResetToken is the proof that a link was got.
type ResetToken struct {
	Token string `header:"Reset-Token" doc:"From the link, after the #." maxLength:"200"`
}

// Resetting is whose password a link sets anew.
type Resetting struct {
	Email        string `json:"email"`
	Name         string `json:"name"`
	Organisation string `json:"organisation"`
}

// getReset says whom a link is for.
func (s *Server) getReset(ctx context.Context, in *ResetToken) (*body[Resetting], error) {
	p, err := s.Staff.ResetOf(ctx, in.Token)
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	return answer(Resetting{p.Email, p.Name, r.Organisation().Name}, nil)
}

type resetForm struct {
	ResetToken
	Body struct {
		Password string `json:"password" maxLength:"1024" doc:"At least 10 characters."`
	}
}

// useReset sets the new password and signs in.
func (s *Server) useReset(ctx context.Context, in *resetForm) (*sessionAnswer, error) {
	p, err := s.Staff.Reset(ctx, in.Token, in.Body.Password, callOf(ctx).from)
	return s.begin(ctx, p, err)
}
