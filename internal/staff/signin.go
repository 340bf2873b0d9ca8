package staff

import (
	"context"
	"strings"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// SignIn checks an address and a password, from a network address. Refusals all read and cost the same, whether the address
// is unknown, the person disabled or the password wrong; too many of them make everybody wait (TooMany), but for whoever sits at a
// browser that is known of them: device is what it keeps.
func (s *Staff) SignIn(ctx context.Context, email, password, from, device string) (Person, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	if len(email) > 254 {
		email = email[:254]
	}
	known, err := s.knows(ctx, device, email)
	if err != nil {
		return Person{}, err
	}
	try, wait := s.begin(email, from, device, known)
	if wait > 0 {
		return Person{}, TooOften("too many sign-ins were refused", wait)
	}
	p, err := s.check(ctx, try, email, password, from)
	if err != nil {
		return p, err
	}
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		return tell(ctx, tx, Actor{Person: p.ID, Role: p.Role, From: from}, journal.PersonSignedIn, journal.About("person", p.ID))
	})
	return p, err
}

// begin counts a sign-in as refused until it succeeds, or says how long to wait.
func (s *Staff) begin(email, from, device string, known bool) (try, time.Duration) {
	s.start()
	if known {
		return s.guard.beginAlone(s.Now(), deviceKey(device), from)
	}
	return s.guard.begin(s.Now(), email, from)
}

// check looks at the password, and settles what try was. A success is no news yet.
func (s *Staff) check(ctx context.Context, try try, email, password, from string) (Person, error) {
	of, state, hash, err := credentials(ctx, s.Store.Read(), email)
	if err != nil {
		s.guard.forget(try)
		return Person{}, err
	}
	ok, err := s.matches(ctx, password, hash)
	if err != nil {
		s.guard.forget(try)
		return Person{}, err
	}
	if ok && state == Active {
		s.guard.succeed(try, s.Now())
		return person(ctx, s.Store.Read(), of)
	}
	about := ""
	if of != 0 {
		about = journal.About("person", of)
	}
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		return tell(ctx, tx, Actor{From: from}, journal.SignInRefused, about)
	})
	if err != nil {
		return Person{}, err
	}
	return Person{}, fault.New(fault.Unsigned, "the address or the password is wrong")
}

// Enter lets the demo go in as anybody; the app offers it only there.
func (s *Staff) Enter(ctx context.Context, of PersonID, from string) (Person, error) {
	r, err := s.Roster(ctx)
	if err != nil {
		return Person{}, err
	}
	p, ok := r.Person(of)
	if !ok || p.State != Active {
		return Person{}, noPerson()
	}
	return p, s.Store.Tx(ctx, func(tx *store.Tx) error {
		return tell(ctx, tx, Actor{Person: p.ID, Role: p.Role, From: from}, journal.PersonSignedIn, journal.About("person", p.ID))
	})
}
