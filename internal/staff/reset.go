package staff

import (
	"context"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

const (
	// ResetLife is how long a link to set a new password can be used.
	ResetLife = 30 * time.Minute

	// askTime is how long asking for one takes, whether there is anybody under that address or not.
	askTime = 300 * time.Millisecond
)

// Post writes to people about their way in, by e-mail.
type Post interface {
	// Ready reports whether it can: the house sends mail, and knows the address that a link begins with.
	Ready(ctx context.Context) (bool, error)
	// Write has n sent once tx commits.
	Write(ctx context.Context, tx *store.Tx, n Note) error
}

// NoteKind is what a Note is about.
type NoteKind string

const (
	NoteInvited NoteKind = "invited"
	NoteReset   NoteKind = "reset"   // a link to set a new password
	NoteChanged NoteKind = "changed" // their password was changed
)

// Note is what is written to somebody about their way in.
type Note struct {
	Kind     NoteKind
	To, Name string
	By       string    // who invites, or made the link; "" when they asked for it themselves
	Secret   string    // of the link; "" when there is none
	Until    time.Time // it works
}

// write has n sent if the house can, which is asked before the transaction.
func (s *Staff) write(ctx context.Context, tx *store.Tx, can bool, n Note) error {
	if !can {
		return nil
	}
	return s.Post.Write(ctx, tx, n)
}

// CanWrite reports whether the house can write to people about their way in.
func (s *Staff) CanWrite(ctx context.Context) (bool, error) {
	if s.Post == nil {
		return false, nil
	}
	return s.Post.Ready(ctx)
}

// AskReset has a link to set a new password written to an address, if somebody works here under it. Nobody hears whether anybody
// does: not by what comes back, and not by how long it takes. Too many of them make wait (TooMany), like refused sign-ins.
func (s *Staff) AskReset(ctx context.Context, email, from string) error {
	email, err := address("email", email)
	if err != nil {
		return err
	}
	can, err := s.CanWrite(ctx)
	if err != nil {
		return err
	}
	if !can {
		return fault.New(fault.Conflict, "no e-mail is sent from here: ask an administrator for a link to set a new password")
	}
	s.start()
	if _, wait := s.asks.begin(s.Now(), email, from); wait > 0 {
		return TooOften("too many links were asked for", wait)
	}
	even := time.NewTimer(askTime)
	defer even.Stop()
	of, state, _, err := credentials(ctx, s.Store.Read(), email)
	if err == nil && of != 0 && state == Active {
		_, _, err = s.reset(ctx, Actor{From: from}, of, true)
	}
	if err != nil {
		return err
	}
	select {
	case <-even.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// MakeReset makes a link to set a new password for a person, for who manages staff. An older one dies. It is written to the
// person, too, if the house can. The token is returned this once.
func (s *Staff) MakeReset(ctx context.Context, who Actor, of PersonID) (secret string, until time.Time, mailed bool, err error) {
	if err := who.Require(StaffManage); err != nil {
		return "", until, false, err
	}
	if mailed, err = s.CanWrite(ctx); err != nil {
		return "", until, false, err
	}
	secret, until, err = s.reset(ctx, who, of, mailed)
	return secret, until, mailed && err == nil, err
}

func (s *Staff) reset(ctx context.Context, who Actor, of PersonID, write bool) (secret string, until time.Time, err error) {
	secret, until = token(), s.Now().UTC().Truncate(time.Microsecond).Add(ResetLife)
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		p, err := person(ctx, tx, of)
		if err != nil {
			return err
		}
		if p.State != Active {
			return fault.New(fault.Conflict, p.Name+" cannot sign in any more: let them in again first")
		}
		if err := saveReset(ctx, tx, of, tokenHash(secret), until); err != nil {
			return err
		}
		if err := s.write(ctx, tx, write, Note{Kind: NoteReset, To: p.Email, Name: p.Name, By: who.Name, Secret: secret, Until: until}); err != nil {
			return err
		}
		return tell(ctx, tx, who, journal.ResetMade, journal.About("person", of))
	})
	return secret, until, err
}

// ResetOf returns whose password secret sets anew; NotFound when the link was used, is too old or has a newer one.
func (s *Staff) ResetOf(ctx context.Context, secret string) (Person, error) {
	of, err := resetOf(ctx, s.Store.Read(), tokenHash(secret), s.Now())
	if err != nil {
		return Person{}, err
	}
	return person(ctx, s.Store.Read(), of)
}

// Reset sets the password of whoever a link is for; all their sessions and API keys end. Of many tries with one secret at most one
// succeeds.
func (s *Staff) Reset(ctx context.Context, secret, next, from string) (p Person, err error) {
	if p, err = s.ResetOf(ctx, secret); err != nil {
		return p, err
	}
	if err := usable("password", next, p.Email, p.Name); err != nil {
		return p, err
	}
	h, err := s.hash(ctx, next)
	if err != nil {
		return p, err
	}
	can, err := s.CanWrite(ctx)
	if err != nil {
		return p, err
	}
	err = s.change(ctx, func(tx *store.Tx) error {
		of, err := resetOf(ctx, tx, tokenHash(secret), s.Now())
		if err != nil {
			return err
		}
		p, err = s.withPassword(ctx, tx, Actor{Person: of, From: from}, of, h, can)
		return err
	})
	return p, err
}
