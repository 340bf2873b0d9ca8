package staff

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/alexedwards/scs/v2"

	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// SessionLife is how long a session lasts from signing in, whatever is done in it.
const SessionLife = 7 * 24 * time.Hour

// The names under which a session keeps whose it is.
const (
	SessionPerson = "person" // int64
	SessionEpoch  = "epoch"  // int64
)

// Sessions keeps browser sessions for scs, under the SHA-256 of their token. It reckons by the staff's clock: scs only says
// how long a session shall live.
type Sessions struct{ Staff *Staff }

var _ scs.CtxStore = Sessions{}

// FindCtx returns the data of a session that is not over.
func (k Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	return findSession(ctx, k.Staff.Store.Read(), tokenHash(token), k.Staff.Now())
}

// CommitCtx keeps a session. A new one ends SessionLife from now, an old one keeps its end.
func (k Sessions) CommitCtx(ctx context.Context, token string, b []byte, _ time.Time) error {
	_, values, err := scs.GobCodec{}.Decode(b)
	if err != nil {
		return err
	}
	p, _ := values[SessionPerson].(int64)
	return k.Staff.Store.Tx(ctx, func(tx *store.Tx) error {
		return saveSession(ctx, tx, tokenHash(token), PersonID(p), b, k.Staff.Now().Add(SessionLife))
	})
}

// DeleteCtx ends a session.
func (k Sessions) DeleteCtx(ctx context.Context, token string) error {
	return k.Staff.Store.Tx(ctx, func(tx *store.Tx) error { return removeSession(ctx, tx, tokenHash(token)) })
}

// Find is FindCtx.
func (k Sessions) Find(token string) ([]byte, bool, error) {
	return k.FindCtx(context.Background(), token)
}

// Commit is CommitCtx.
func (k Sessions) Commit(token string, b []byte, expiry time.Time) error {
	return k.CommitCtx(context.Background(), token, b, expiry)
}

// Delete is DeleteCtx.
func (k Sessions) Delete(token string) error { return k.DeleteCtx(context.Background(), token) }

func tokenHash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// SessionName names a session without being of use to anybody: a part of the hash of its token's hash. It is in the journal's
// row of a sign-out, so that streams of that session end on every node.
func SessionName(token string) string {
	h := sha256.Sum256(tokenHash(token))
	return hex.EncodeToString(h[:8])
}

// Epoch is what a new session of p keeps.
func (p Person) Epoch() int64 { return p.epoch }

// Signed returns who a session belongs to, the zero Actor if it is over: the person is disabled, has another role or password
// since, or has signed out everywhere.
func (s *Staff) Signed(ctx context.Context, of PersonID, epoch int64) (Actor, error) {
	if of == 0 {
		return Actor{}, nil
	}
	r, err := s.Roster(ctx)
	if err != nil {
		return Actor{}, err
	}
	p, ok := r.Person(of)
	if !ok || p.State != Active || p.epoch != epoch {
		return Actor{}, nil
	}
	return p.actor(), nil
}

func (p Person) actor() Actor {
	return Actor{Person: p.ID, Name: p.Name, Role: p.Role, Departments: p.Departments}
}

// ActorOf is p acting for themselves: for the machine's own errands in somebody's name, and for tests.
func (p Person) ActorOf() Actor { return p.actor() }

// SignOut tells that who has left the session with that name.
func (s *Staff) SignOut(ctx context.Context, who Actor, session string) error {
	return s.Store.Tx(ctx, func(tx *store.Tx) error {
		return tell(ctx, tx, who, journal.PersonSignedOut, journal.About("person", who.Person), "session", session)
	})
}

// SignOutEverywhere ends all sessions and API keys of a person: by themselves, or by who manages staff.
func (s *Staff) SignOutEverywhere(ctx context.Context, who Actor, of PersonID) error {
	if who.Person != of || who.Key != 0 {
		if err := who.Require(StaffManage); err != nil {
			return err
		}
	}
	return s.change(ctx, func(tx *store.Tx) error {
		p, err := person(ctx, tx, of)
		if err != nil {
			return err
		}
		p.epoch++
		if err := savePerson(ctx, tx, p); err != nil {
			return err
		}
		if err := removeSessions(ctx, tx, of); err != nil {
			return err
		}
		if err := revokeKeysOf(ctx, tx, of, s.Now()); err != nil {
			return err
		}
		if err := s.endResets(ctx, tx, of); err != nil {
			return err
		}
		return tell(ctx, tx, who, journal.PersonSignedOut, journal.About("person", of), "everywhere", true)
	})
}

// SignedIn returns which of some people are signed in somewhere.
func (s *Staff) SignedIn(ctx context.Context, people []PersonID) (map[PersonID]bool, error) {
	return sessionsOf(ctx, s.Store.Read(), people, s.Now())
}
