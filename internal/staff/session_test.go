package staff

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"switchboard/internal/fault"
	"switchboard/internal/store/storetest"
)

// session keeps a session of p and returns its token.
func (h *house) session(t testing.TB, p Person) string {
	t.Helper()
	b, err := scs.GobCodec{}.Encode(time.Time{}, map[string]any{SessionPerson: int64(p.ID), SessionEpoch: p.Epoch()})
	if err != nil {
		t.Fatal(err)
	}
	secret := token()
	if err := (Sessions{h.Staff}).Commit(secret, b, time.Time{}); err != nil {
		t.Fatal(err)
	}
	return secret
}

func TestASessionIsKeptUnderItsHashAndEnds(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx, k := context.Background(), Sessions{h.Staff}
		p, err := h.Person(ctx, h.ann, h.ann.Person)
		if err != nil {
			t.Fatal(err)
		}
		secret := h.session(t, p)
		if _, ok, err := k.Find(secret); err != nil || !ok {
			t.Fatalf("Find = %v, %v", ok, err)
		}
		if _, ok, err := k.Find(secret + "x"); err != nil || ok {
			t.Errorf("another token finds one: %v, %v", ok, err)
		}
		var n int
		if err := h.Store.Read().QueryRowContext(ctx, `SELECT count(*) FROM session WHERE token = $1`, []byte(secret)).Scan(&n); err != nil || n != 0 {
			t.Errorf("the token itself is in the database: %d, %v", n, err)
		}
		h.clock.Add(SessionLife)
		if _, ok, err := k.Find(secret); err != nil || ok {
			t.Errorf("after its life Find = %v, %v", ok, err)
		}
		if err := h.Tidy(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhatEndsSessionsAndKeysOnEveryNode(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, h *house) {
		for name, tt := range map[string]struct {
			deed func(of PersonID) error
			keys bool // keys end too
		}{
			"disabling": {func(of PersonID) error {
				_, err := h.ChangePerson(ctx, h.ann, of, PersonChange{State: ptr(Disabled)})
				return err
			}, true},
			"another role": {func(of PersonID) error {
				_, err := h.ChangePerson(ctx, h.ann, of, PersonChange{Role: ptr(Viewer)})
				return err
			}, false},
			"a new password": {func(of PersonID) error {
				_, err := h.SetPassword(ctx, h.ann, of, "another good password")
				return err
			}, true},
			"signing out everywhere": {func(of PersonID) error { return h.SignOutEverywhere(ctx, h.ann, of) }, true},
		} {
			t.Run(name, func(t *testing.T) {
				bob := h.hire(t, "bob"+token()[:8], Member, "Sales")
				p, err := h.Person(ctx, h.ann, bob.Person)
				if err != nil {
					t.Fatal(err)
				}
				_, key, err := h.MakeKey(ctx, bob, "script", []Scope{Read})
				if err != nil {
					t.Fatal(err)
				}
				other := *h
				if h.Store.Dialect == "postgres" { // another node
					other.Staff = &Staff{Store: storetest.Open(t, h.Store.DSN()), Now: h.Now, Hashing: cheap}
				}
				if a, err := other.Signed(ctx, p.ID, p.Epoch()); err != nil || a.Person != p.ID {
					t.Fatalf("before it Signed = %v, %v", a, err)
				}
				device, err := h.KnowDevice(ctx, p, "")
				if err != nil {
					t.Fatal(err)
				}
				if known, err := other.knows(ctx, device, p.Email); err != nil || !known {
					t.Fatalf("before it the browser is known: %v, %v", known, err)
				}
				if err := tt.deed(p.ID); err != nil {
					t.Fatal(err)
				}
				if !soon(func() bool {
					a, err := other.Signed(ctx, p.ID, p.Epoch())
					_, kerr := other.SignedByKey(ctx, key)
					return err == nil && !a.Signed() && fault.Is(kerr, fault.Unsigned) == tt.keys
				}) {
					t.Errorf("the session or key did not end within five seconds")
				}
				if known, err := other.knows(ctx, device, p.Email); err != nil || known {
					t.Errorf("after it the browser is known: %v, %v", known, err)
				}
				late, err := h.KnowDevice(ctx, p, "") // a sign-in that was under way meanwhile
				if err != nil {
					t.Fatal(err)
				}
				if known, err := other.knows(ctx, late, p.Email); err != nil || known {
					t.Errorf("a browser of before is known after it: %v, %v", known, err)
				}
			})
		}
	})
}

// soon waits at most five seconds for f.
func soon(f func() bool) bool {
	for range 500 {
		if f() {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

func TestALostWakeUpIsMadeUpForByLooking(t *testing.T) {
	ctx := context.Background()
	h := once(t)
	if _, err := h.Roster(ctx); err != nil {
		t.Fatal(err)
	}
	other := &Staff{Store: h.Store, Now: h.Now, Hashing: cheap}
	if _, err := other.Roster(ctx); err != nil {
		t.Fatal(err)
	}
	bob := h.hire(t, "bob", Member)
	for len(other.ear) > 0 { // the wake-up is lost
		<-other.ear
	}
	h.clock.Add(lookAgain + time.Second)
	r, err := other.Roster(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := r.Person(bob.Person); !ok {
		t.Error("the other node still does not know bob")
	}
}

func TestANewPasswordNeedsTheOldOne(t *testing.T) {
	ctx := context.Background()
	h := once(t)
	if _, err := h.ChangePassword(ctx, h.ann, "not it at all", "a whole new sentence"); !fault.Is(err, fault.Invalid) {
		t.Errorf("with a wrong password: %v", err)
	}
	if _, err := h.ChangePassword(ctx, h.ann, password, "short"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a short one: %v", err)
	}
	key := h.ann
	key.Key, key.Scopes = 1, []Scope{Admin}
	if _, err := h.ChangePassword(ctx, key, password, "a whole new sentence"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("by an API key: %v", err)
	}
	p, err := h.ChangePassword(ctx, h.ann, password, "a whole new sentence")
	if err != nil {
		t.Fatal(err)
	}
	if a, err := h.Signed(ctx, p.ID, p.Epoch()); err != nil || !a.Signed() {
		t.Errorf("the new epoch is not signed in: %v, %v", a, err)
	}
	if _, err := h.SignIn(ctx, "ann@acme.example", password, "", ""); err == nil {
		t.Error("the old password still works")
	}
	if _, err := h.SignIn(ctx, "ann@acme.example", "a whole new sentence", "", ""); err != nil {
		t.Error(err)
	}
}

func TestWhoChangesSomethingSeesItInTheRosterAtOnce(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	h := once(t)
	var readers sync.WaitGroup
	for range 4 { // others who look the moment they are woken
		wake, done := h.Store.Hear(Topic)
		readers.Go(func() {
			defer done()
			for {
				select {
				case <-ctx.Done():
					return
				case <-wake:
					_, _ = h.Roster(context.Background())
				}
			}
		})
	}
	for k := range 200 {
		here := k%2 == 0
		if err := h.SetPresence(context.Background(), h.ann, !here); err != nil {
			t.Fatal(err)
		}
		r, err := h.Roster(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if p, _ := r.Person(h.ann.Person); p.Here == here {
			t.Fatalf("after change %d the roster is still the old one", k)
		}
	}
	stop()
	readers.Wait()
}
