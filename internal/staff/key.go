package staff

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
	"sync"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// KeyPrefix begins every API key, so that people and scanners know one when they see it.
const KeyPrefix = "sbk_"

// KeyID is the id of a Key.
type KeyID = id.Of[Key]

// Key is an API key: somebody's way in for their programs. It can do no more than its person, and no more than its scopes.
type Key struct {
	ID        KeyID
	Person    PersonID
	Name      string
	Scopes    []Scope
	CreatedAt time.Time
	UsedAt    time.Time // to the minute, or a little later; zero: never
}

// MakeKey makes a key for who. The secret is returned this once.
func (s *Staff) MakeKey(ctx context.Context, who Actor, name string, want []Scope) (Key, string, error) {
	k := Key{Person: who.Person, Scopes: []Scope{}}
	if err := who.Require(KeysManage); err != nil {
		return k, "", err
	}
	if who.Person == 0 {
		return k, "", Unsigned()
	}
	var err error
	if k.Name, err = named("name", name, 80); err != nil {
		return k, "", err
	}
	for _, scope := range scopes {
		if slices.Contains(want, scope) {
			k.Scopes = append(k.Scopes, scope)
		}
	}
	for _, scope := range want {
		if !slices.Contains(scopes, scope) {
			return k, "", fault.In("scopes", "a scope is read, write or admin")
		}
	}
	if len(k.Scopes) == 0 {
		return k, "", fault.In("scopes", "choose what the key may do: read, write or admin")
	}
	secret := KeyPrefix + token()
	k.ID, k.CreatedAt = id.Next[Key](s.Store.IDs), s.Now().UTC().Truncate(time.Microsecond)
	err = s.change(ctx, func(tx *store.Tx) error {
		have, err := keysOf(ctx, tx, who.Person)
		if err != nil {
			return err
		}
		if len(have) >= 50 {
			return fault.New(fault.Conflict, "you have 50 keys already: revoke some first")
		}
		if err := insertKey(ctx, tx, k, sha256.Sum256([]byte(secret))); err != nil {
			return err
		}
		return tell(ctx, tx, who, journal.KeyMade, journal.About("key", k.ID), "name", k.Name, "scopes", k.Scopes)
	})
	if err != nil {
		return k, "", err
	}
	return k, secret, nil
}

// token is 256 random bits as 52 letters and digits.
func token() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // it never fails: the program would crash first
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
}

// Keys returns the keys of who, for who manages staff everybody's, newest first.
func (s *Staff) Keys(ctx context.Context, who Actor) ([]Key, error) {
	if !who.Signed() || who.Person == 0 {
		return nil, Unsigned()
	}
	if who.Key != 0 { // a key has no business with keys
		return nil, fault.New(fault.Forbidden, "an API key can't look at keys: sign in for that")
	}
	keys, err := liveKeys(ctx, s.Store.Read()) // the snapshot does not follow when they were used
	if err != nil {
		return nil, err
	}
	out := []Key{}
	for _, k := range keys {
		if k.Person == who.Person || who.Can(StaffManage) {
			if used := s.uses.last(k.ID); used.After(k.UsedAt) {
				k.UsedAt = used
			}
			out = append(out, k)
		}
	}
	slices.SortFunc(out, func(a, b Key) int { return cmp.Compare(b.ID, a.ID) })
	return out, nil
}

// RevokeKey ends a key at once: one's own, or anybody's for who manages staff.
func (s *Staff) RevokeKey(ctx context.Context, who Actor, of KeyID) error {
	if !who.Signed() || who.Person == 0 {
		return Unsigned()
	}
	if who.Key != 0 {
		return fault.New(fault.Forbidden, "an API key can't revoke keys: sign in for that")
	}
	return s.change(ctx, func(tx *store.Tx) error {
		owner, err := keyOwner(ctx, tx, of)
		if err != nil {
			return err
		}
		if owner != who.Person && !who.Can(StaffManage) {
			return noKey()
		}
		if err := revokeKey(ctx, tx, of, s.Now()); err != nil {
			return err
		}
		return tell(ctx, tx, who, journal.KeyRevoked, journal.About("key", of))
	})
}

func noKey() error { return fault.New(fault.NotFound, "there is no such key") }

// SignedByKey returns who an API key acts as. It asks no database. An unknown, revoked or disabled person's key is Unsigned.
func (s *Staff) SignedByKey(ctx context.Context, secret string) (Actor, error) {
	if !strings.HasPrefix(secret, KeyPrefix) || len(secret) > 100 {
		return Actor{}, wrongKey()
	}
	v, err := s.snapshot(ctx)
	if err != nil {
		return Actor{}, err
	}
	k, ok := v.keys[sha256.Sum256([]byte(secret))]
	if !ok {
		return Actor{}, wrongKey()
	}
	p, ok := v.roster.Person(k.Person)
	if !ok || p.State != Active {
		return Actor{}, wrongKey()
	}
	s.uses.note(k.ID, s.Now())
	a := p.actor()
	a.Key, a.Scopes = k.ID, k.Scopes
	return a, nil
}

func wrongKey() error {
	return fault.New(fault.Unsigned, "this API key is not valid: it may have been revoked. Make another one under Settings")
}

// uses remembers when keys were used, to be written down now and then: a call must not wait for that.
type uses struct {
	mu sync.Mutex
	at map[KeyID]time.Time
}

func (u *uses) note(k KeyID, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.at == nil {
		u.at = map[KeyID]time.Time{}
	}
	u.at[k] = now
}

func (u *uses) last(k KeyID) time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.at[k]
}

func (u *uses) take() map[KeyID]time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	at := u.at
	u.at = nil
	return at
}

// NoteUses writes down when keys were last used.
func (s *Staff) NoteUses(ctx context.Context) error {
	at := s.uses.take()
	if len(at) == 0 {
		return nil
	}
	return s.Store.Tx(ctx, func(tx *store.Tx) error { // nobody else need look again for this
		for k, t := range at {
			if err := saveUse(ctx, tx, k, t); err != nil {
				return err
			}
		}
		return nil
	})
}
