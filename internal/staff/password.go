package staff

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// A password is between these many characters. The most keeps a request from making us hash a book.
const (
	leastPassword = 10
	mostPassword  = 256
)

// ours is what a password costs: see Staff.Hashing.
var ours = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func (s *Staff) startHashing() {
	if s.Hashing == nil {
		p := ours
		s.Hashing = &p
	}
	s.hashes = make(chan struct{}, max(2, runtime.NumCPU()))
	s.dummy = sync.OnceValue(func() string {
		h, err := argon2id.CreateHash(rand.Text(), s.Hashing)
		if err != nil {
			panic("staff: no randomness: " + err.Error())
		}
		return h
	})
}

// hashing waits for a place among the few that hash at a time: each takes memory, and many at once must not take all of it.
func (s *Staff) hashing(ctx context.Context) (done func(), err error) {
	s.start()
	select {
	case s.hashes <- struct{}{}:
		return func() { <-s.hashes }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hash is password as it is kept.
func (s *Staff) hash(ctx context.Context, password string) (string, error) {
	done, err := s.hashing(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return argon2id.CreateHash(password, s.Hashing)
}

// matches reports whether password is the one that kept was made of. It takes the same time when kept is "", nobody's.
func (s *Staff) matches(ctx context.Context, password, kept string) (bool, error) {
	done, err := s.hashing(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	nobody := kept == ""
	if nobody {
		kept = s.dummy()
	}
	if utf8.RuneCountInString(password) > mostPassword {
		password = ""
	}
	ok, err := argon2id.ComparePasswordAndHash(password, kept)
	return ok && !nobody, err
}

// usable says what is wrong with a new password, if something is.
func usable(field, password string, not ...string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < leastPassword:
		return fault.In(field, fmt.Sprintf("too short: at least %d characters. A few words that you remember are best", leastPassword))
	case n > mostPassword || !utf8.ValidString(password):
		return fault.In(field, fmt.Sprintf("too long: %d characters are the most", mostPassword))
	}
	first, _ := utf8.DecodeRuneInString(password)
	same := true
	for _, r := range password {
		same = same && r == first
	}
	for _, n := range not {
		same = same || password == n
	}
	if same {
		return fault.In(field, "too easy to guess: take a few words that you remember")
	}
	return nil
}

// ChangePassword sets a new password for who, who knows the present one. All their sessions and API keys end; the caller
// signs the browser in anew. Wrong ones make wait like refused sign-ins, but are counted by person: a stranger who guesses does not
// keep somebody who is inside from changing it.
func (s *Staff) ChangePassword(ctx context.Context, who Actor, current, next string) (Person, error) {
	if !who.Signed() || who.Person == 0 {
		return Person{}, Unsigned()
	}
	if who.Key != 0 {
		return Person{}, fault.New(fault.Forbidden, "an API key can't change a password: sign in for that")
	}
	r, err := s.Roster(ctx)
	if err != nil {
		return Person{}, err
	}
	p, ok := r.Person(who.Person)
	if !ok {
		return p, noPerson()
	}
	if err := usable("next", next, p.Email, p.Name, current); err != nil {
		return p, err
	}
	s.start()
	try, wait := s.guard.beginAlone(s.Now(), "person "+p.ID.String(), who.From)
	if wait > 0 {
		return p, TooOften("the present password was wrong too often", wait)
	}
	if _, err := s.check(ctx, try, p.Email, current, who.From); err != nil {
		if fault.Is(err, fault.Unsigned) {
			err = fault.In("current", "this is not your present password")
		}
		return p, err
	}
	return s.setPassword(ctx, who, p.ID, next)
}

// SetPassword sets anybody's password, for who manages staff. All sessions and API keys of that person end.
func (s *Staff) SetPassword(ctx context.Context, who Actor, of PersonID, next string) (Person, error) {
	if err := who.Require(StaffManage); err != nil {
		return Person{}, err
	}
	if err := usable("password", next); err != nil {
		return Person{}, err
	}
	return s.setPassword(ctx, who, of, next)
}

func (s *Staff) setPassword(ctx context.Context, who Actor, of PersonID, next string) (p Person, err error) {
	h, err := s.hash(ctx, next)
	if err != nil {
		return p, err
	}
	can := s.CanWrite(ctx)
	err = s.change(ctx, func(tx *store.Tx) error {
		p, err = s.withPassword(ctx, tx, who, of, h, can)
		return err
	})
	return p, err
}

// withPassword gives a person another password, of which hash is kept, and ends what the old one opened. They are told by e-mail
// if the house can write.
func (s *Staff) withPassword(ctx context.Context, tx *store.Tx, who Actor, of PersonID, hash string, write bool) (Person, error) {
	p, err := person(ctx, tx, of)
	if err != nil {
		return p, err
	}
	p.epoch++
	if err := savePerson(ctx, tx, p); err != nil {
		return p, err
	}
	if err := savePassword(ctx, tx, of, hash); err != nil {
		return p, err
	}
	if err := removeSessions(ctx, tx, of); err != nil {
		return p, err
	}
	if err := revokeKeysOf(ctx, tx, of, s.Now()); err != nil {
		return p, err
	}
	if err := s.endResets(ctx, tx, of); err != nil {
		return p, err
	}
	if err := s.write(ctx, tx, write, Note{Kind: NoteChanged, About: of.String(), To: p.Email, Name: p.Name}); err != nil {
		return p, err
	}
	return p, tell(ctx, tx, who, journal.PasswordChanged, journal.About("person", of))
}
