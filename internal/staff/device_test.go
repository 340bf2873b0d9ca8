package staff

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/fault"
)

// besiege lets strangers guess ann's password, spaced so that each is tried, until everybody whom the guard does not know waits.
func (h *house) besiege(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	for k := range freeAddress + 19 {
		if _, err := h.SignIn(ctx, "ann@acme.example", "wrong password", fmt.Sprintf("203.0.113.%d", k), "made up"); !fault.Is(err, fault.Unsigned) {
			t.Fatal(err)
		}
		h.clock.Add(longestWait + time.Second)
	}
	h.clock.Add(-2 * time.Second)
}

func TestStrangersWhoGuessKeepNobodyOutOfTheirOwnBrowser(t *testing.T) {
	ctx := context.Background()
	const office, train = "198.51.100.7", "192.0.2.80"
	each(t, func(t *testing.T, h *house) {
		device := func(email string) string {
			p, err := h.SignIn(ctx, email, password, office, "")
			if err != nil {
				t.Fatal(err)
			}
			d, err := h.KnowDevice(ctx, p, "")
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		h.hire(t, "bob", Member)
		anns, bobs := device("ann@acme.example"), device("bob@acme.example")
		h.besiege(t)
		for _, from := range []string{office, train} {
			for _, unknown := range []string{"", "made up", bobs} {
				if _, err := h.SignIn(ctx, "ann@acme.example", password, from, unknown); !fault.Is(err, fault.TooMany) {
					t.Errorf("with %q from %s, as a stranger: %v", unknown, from, err)
				}
			}
			if _, err := h.SignIn(ctx, " Ann@acme.example", password, from, anns); err != nil {
				t.Errorf("in her own browser from %s: %v", from, err)
			}
		}
		if _, err := h.SignIn(ctx, "bob@acme.example", password, "192.0.2.81", bobs); err != nil {
			t.Errorf("bob, in his own browser and on a network that nobody knows: %v", err)
		}
		for range 3 {
			if _, err := h.ChangePassword(ctx, h.ann, "not it at all", "a whole new sentence"); !fault.Is(err, fault.Invalid) {
				t.Errorf("with a wrong password: %v", err)
			}
		}
		if _, err := h.ChangePassword(ctx, h.ann, password, "a whole new sentence"); err != nil {
			t.Errorf("whoever is inside can't change the password: %v", err)
		}
	})
}

// What is counted apart is counted: a stolen browser or session is no better a place to guess at.
func TestWhoIsCountedApartIsCounted(t *testing.T) {
	ctx := context.Background()
	h := once(t)
	p, err := h.Person(ctx, h.ann, h.ann.Person)
	if err != nil {
		t.Fatal(err)
	}
	device, err := h.KnowDevice(ctx, p, "")
	if err != nil {
		t.Fatal(err)
	}
	for name, guess := range map[string]func(k int) error{
		"in a known browser": func(k int) error {
			_, err := h.SignIn(ctx, "ann@acme.example", "wrong password", fmt.Sprintf("192.0.2.%d", k), device)
			return err
		},
		"in a session": func(k int) error {
			who := h.ann
			who.From = fmt.Sprintf("192.0.2.%d", k)
			_, err := h.ChangePassword(ctx, who, "wrong password", "a whole new sentence")
			return err
		},
	} {
		var tried atomic.Int32
		var all sync.WaitGroup
		for k := range 60 {
			all.Go(func() {
				if !fault.Is(guess(k), fault.TooMany) {
					tried.Add(1)
				}
			})
		}
		all.Wait()
		if n := tried.Load(); n != freeAddress {
			t.Errorf("%s %d of 60 guesses at once were tried; want %d", name, n, freeAddress)
		}
	}
	if _, err := h.SignIn(ctx, "ann@acme.example", password, "192.0.2.1", ""); err != nil {
		t.Errorf("guesses there keep ann out elsewhere: %v", err)
	}
}

func TestWhenABrowserIsKnown(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, h *house) {
		bob := h.hire(t, "bob", Member)
		know := func(of PersonID, before string) string {
			p, err := h.Person(ctx, h.ann, of)
			if err != nil {
				t.Fatal(err)
			}
			d, err := h.KnowDevice(ctx, p, before)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		is := func(device, name string, want bool) {
			t.Helper()
			if known, err := h.knows(ctx, device, name+"@acme.example"); err != nil || known != want {
				t.Errorf("known of %s: %v, %v; want %v", name, known, err, want)
			}
		}
		first := know(h.ann.Person, "")
		is(first, "ann", true)
		is(first, "bob", false)
		var plain int
		if err := h.Store.Read().QueryRowContext(ctx, `SELECT count(*) FROM device WHERE token = $1`, []byte(first)).Scan(&plain); err != nil || plain != 0 {
			t.Errorf("the token itself is kept: %d, %v", plain, err)
		}
		second := know(h.ann.Person, first) // she signs in there again
		is(first, "ann", false)
		is(second, "ann", true)
		third := know(bob.Person, second) // bob does
		is(second, "ann", false)
		is(third, "ann", false)
		is(third, "bob", true)

		var many []string
		for range mostDevices + 1 {
			h.clock.Add(time.Minute)
			many = append(many, know(h.ann.Person, ""))
		}
		is(many[0], "ann", false)
		is(many[1], "ann", true)
		is(many[mostDevices], "ann", true)
		is(third, "bob", true)
		h.clock.Add(DeviceLife)
		is(many[mostDevices], "ann", false)
		if err := h.Tidy(ctx); err != nil {
			t.Fatal(err)
		}
		var left int
		if err := h.Store.Read().QueryRowContext(ctx, `SELECT count(*) FROM device`).Scan(&left); err != nil || left > 1 {
			t.Errorf("%d stay for good, %v", left, err)
		}
	})
}
