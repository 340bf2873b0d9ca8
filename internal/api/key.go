package api

import (
	"context"
	"time"

	"switchboard/internal/staff"
)

// Key is an API key, without its secret.
type Key struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	Scopes    []staff.Scope `json:"scopes" nullable:"false"`
	Person    Ref           `json:"person"`
	CreatedAt time.Time     `json:"createdAt"`
	LastUsed  *time.Time    `json:"lastUsed,omitempty" doc:"To about a minute; absent: never."`
}

// NewKey is a Key with its secret, shown this once.
type NewKey struct {
	Key
	Secret string `json:"secret" doc:"Send it as Authorization: Bearer. It is shown this once."`
}

func showKey(r *staff.Roster, k staff.Key) Key {
	v := Key{ID: k.ID.String(), Name: k.Name, Scopes: k.Scopes, Person: refPerson(r, k.Person), CreatedAt: k.CreatedAt}
	if !k.UsedAt.IsZero() {
		v.LastUsed = ptr(k.UsedAt)
	}
	return v
}

func (s *Server) getKeys(ctx context.Context, _ *struct{}) (*body[items[Key]], error) {
	list, err := s.Staff.Keys(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Key, 0, len(list))
	for _, k := range list {
		out = append(out, showKey(r, k))
	}
	return all(out, nil)
}

type keyForm struct {
	Body struct {
		Name   string        `json:"name" maxLength:"80"`
		Scopes []staff.Scope `json:"scopes" enum:"read,write,admin" minItems:"1" maxItems:"3" nullable:"false" doc:"Each includes the one before it: read, write, admin."`
	}
}

func (s *Server) postKey(ctx context.Context, in *keyForm) (*body[NewKey], error) {
	k, secret, err := s.Staff.MakeKey(ctx, who(ctx), in.Body.Name, in.Body.Scopes)
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	return answer(NewKey{showKey(r, k), secret}, err)
}

type keyPath struct {
	ID ref[staff.Key] `path:"id"`
}

func (s *Server) deleteKey(ctx context.Context, in *keyPath) (*none, error) {
	return done(s.Staff.RevokeKey(ctx, who(ctx), in.ID.Of))
}
