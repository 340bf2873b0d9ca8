package staff

import (
	"context"
	"slices"
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

	askAgain  = 5 * time.Minute // after which asking once more sends another
	mostAsked = 60              // letters that strangers cause, an hour, on each node
)

// Post writes to people about their way in, by e-mail.
type Post interface {
	// Ready reports whether it can: the house sends mail, and knows the address that a link begins with.
	Ready(ctx context.Context) (bool, error)
	// Shared reports whether what is sent to an address is read by others: it is one of the house's own mailboxes.
	Shared(ctx context.Context, address string) (bool, error)
	// Write has n sent once tx commits.
	Write(ctx context.Context, tx *store.Tx, n Note) error
	// Recall gives up, in tx, what waits to be sent of a kind about something.
	Recall(ctx context.Context, tx *store.Tx, kind NoteKind, about string) error
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
	About    string // the id of the person, or of the invitation
	To, Name string
	By       string    // who invites, or made the link; "" when they asked for it themselves
	Secret   string    // of the link; "" when there is none
	Until    time.Time // it works
}

// write has n sent if the house can, which is asked before the transaction. That somebody's address is not one that mail is sent to
// is no reason to fail what they are to be told of.
func (s *Staff) write(ctx context.Context, tx *store.Tx, can bool, n Note) error {
	if !can {
		return nil
	}
	err := s.Post.Write(ctx, tx, n)
	if fault.Is(err, fault.Invalid) {
		s.Log.Warn("somebody could not be written to about their way in", "kind", n.Kind, "error", err)
		return nil
	}
	return err
}

// recall gives up what waits to be sent.
func (s *Staff) recall(ctx context.Context, tx *store.Tx, kind NoteKind, about string) error {
	if s.Post == nil {
		return nil
	}
	return s.Post.Recall(ctx, tx, kind, about)
}

// CanWrite reports whether the house can write to people about their way in. What keeps it from that keeps nobody from coming in.
func (s *Staff) CanWrite(ctx context.Context) bool {
	if s.Post == nil {
		return false
	}
	s.start()
	can, err := s.Post.Ready(ctx)
	if err != nil {
		s.Log.Warn("whether the house sends mail could not be found out", "error", err)
	}
	return can && err == nil
}

// canSend reports whether a link can be written to an address: others than the one it is for must not read it.
func (s *Staff) canSend(ctx context.Context, to string) bool {
	if !s.CanWrite(ctx) {
		return false
	}
	shared, err := s.Post.Shared(ctx, to)
	if err != nil {
		s.Log.Warn("whose mailbox an address is could not be found out", "error", err)
	}
	return !shared && err == nil
}

// AskReset has a link to set a new password written to an address, if somebody works here under it. Nobody hears whether anybody
// does: not by what comes back, and not by how long it takes. Too many of them make wait (TooMany), like refused sign-ins.
func (s *Staff) AskReset(ctx context.Context, email, from string) error {
	email, err := address("email", email)
	if err != nil {
		return err
	}
	if !s.CanWrite(ctx) {
		return fault.New(fault.Conflict, "no e-mail is sent from here: ask an administrator for a link to set a new password")
	}
	s.start()
	if _, wait := s.asks.begin(s.Now(), email, from); wait > 0 {
		return TooOften("too many links were asked for", wait)
	}
	even := time.NewTimer(askTime)
	defer even.Stop()
	s.errands.Go(func() {
		ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer stop()
		if err := s.answerAsk(ctx, email, from); err != nil {
			s.Log.Error("a link to set a new password could not be sent", "error", err)
		}
	})
	select {
	case <-even.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// answerAsk writes to whoever works here under an address. While there is a link that was made by somebody, or asked for just now,
// that one stays: a stranger who asks must not end it, nor fill a mailbox.
func (s *Staff) answerAsk(ctx context.Context, email, from string) error {
	of, state, _, err := credentials(ctx, s.Store.Read(), email)
	if err != nil || of == 0 || state != Active || !s.canSend(ctx, email) {
		return err
	}
	_, _, err = s.reset(ctx, Actor{From: from}, of, true)
	return err
}

// sparing counts a letter that a stranger causes, and reports whether it is not one too many: the mailbox it goes by answers
// customers, too.
func (s *Staff) sparing(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = slices.DeleteFunc(s.asked, func(at time.Time) bool { return now.Sub(at) > time.Hour })
	if len(s.asked) >= mostAsked {
		return false
	}
	s.asked = append(s.asked, now)
	return true
}

// MakeReset makes a link to set a new password for a person, for who manages staff. An older one dies. It is written to the
// person, too, if the house can. The token is returned this once.
func (s *Staff) MakeReset(ctx context.Context, who Actor, of PersonID) (secret string, until time.Time, mailed bool, err error) {
	if err := who.Require(StaffManage); err != nil {
		return "", until, false, err
	}
	p, err := person(ctx, s.Store.Read(), of)
	if err != nil {
		return "", until, false, err
	}
	mailed = s.canSend(ctx, p.Email)
	secret, until, err = s.reset(ctx, who, of, mailed)
	return secret, until, mailed && err == nil, err
}

// reset makes a link. One that was asked for leaves a younger one, and one that somebody made, as it is, and is spared where strangers
// ask for too many: secret is "" then.
func (s *Staff) reset(ctx context.Context, who Actor, of PersonID, write bool) (secret string, until time.Time, err error) {
	now := s.Now().UTC().Truncate(time.Microsecond)
	secret, until = token(), now.Add(ResetLife)
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		p, err := person(ctx, tx, of)
		if err != nil {
			return err
		}
		if p.State != Active {
			return fault.New(fault.Conflict, p.Name+" cannot sign in any more: let them in again first")
		}
		if who.Role == "" {
			stays, err := resetStays(ctx, tx, of, now, until.Add(-askAgain))
			if err != nil || stays || !s.sparing(now) {
				secret = ""
				return err
			}
		}
		if err := s.endResets(ctx, tx, of); err != nil {
			return err
		}
		if err := saveReset(ctx, tx, of, tokenHash(secret), until, who.Role != ""); err != nil {
			return err
		}
		n := Note{Kind: NoteReset, About: of.String(), To: p.Email, Name: p.Name, By: who.Name, Secret: secret, Until: until}
		if err := s.write(ctx, tx, write, n); err != nil {
			return err
		}
		return tell(ctx, tx, who, journal.ResetMade, journal.About("person", of))
	})
	return secret, until, err
}

// endResets ends the link of a person, also one that is still on its way to them.
func (s *Staff) endResets(ctx context.Context, tx *store.Tx, of PersonID) error {
	if err := removeReset(ctx, tx, of); err != nil {
		return err
	}
	return s.recall(ctx, tx, NoteReset, of.String())
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
	can := s.CanWrite(ctx)
	err = s.change(ctx, func(tx *store.Tx) error {
		of, err := resetOf(ctx, tx, tokenHash(secret), s.Now())
		if err != nil {
			return err
		}
		p, err = s.withPassword(ctx, tx, Actor{Person: of, From: from}, of, h, can)
		return err
	})
	if err == nil {
		s.asks.pardon(p.Email, from)
	}
	return p, err
}
