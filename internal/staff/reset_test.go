package staff

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/store"
)

const anew = "another horse battery"

// tray is a post office that keeps what is written; a Note counts only once its transaction has committed.
type tray struct {
	mu     sync.Mutex
	notes  []Note
	closed bool
	broken error
	shared string // an address that others read
}

func (p *tray) Ready(context.Context) (bool, error) { return !p.closed, p.broken }

func (p *tray) Shared(_ context.Context, address string) (bool, error) {
	return address == p.shared, nil
}

func (p *tray) Recall(_ context.Context, tx *store.Tx, kind NoteKind, about string) error {
	tx.After(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.notes = slices.DeleteFunc(p.notes, func(n Note) bool { return n.Kind == kind && n.About == about })
	})
	return nil
}

func (p *tray) Write(_ context.Context, tx *store.Tx, n Note) error {
	tx.After(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.notes = append(p.notes, n)
	})
	return nil
}

// take returns what was written since and empties the tray.
func (p *tray) take() []Note {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.notes
	p.notes = nil
	return out
}

func TestAForgottenPasswordIsSetAnewByALinkInAMail(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, h *house) {
		post := &tray{}
		h.Post = post
		bob := h.hire(t, "bob", Member)
		if err := h.AskReset(ctx, " BOB@acme.example ", "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
		h.errands.Wait()
		notes := post.take()
		if len(notes) != 1 || notes[0].Kind != NoteReset || notes[0].To != "bob@acme.example" || len(notes[0].Secret) < 26 || !notes[0].Until.Equal(monday.Add(ResetLife)) {
			t.Fatalf("written: %+v", notes)
		}
		secret := notes[0].Secret
		if _, err := h.SignIn(ctx, "bob@acme.example", password, "", ""); err != nil {
			t.Errorf("the old password does not work any more before there is another: %v", err)
		}
		if p, err := h.ResetOf(ctx, secret); err != nil || p.ID != bob.Person {
			t.Errorf("the link is for %+v, %v", p, err)
		}
		if _, err := h.Reset(ctx, secret, "short", ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("a bad password: %v", err)
		}
		before, err := h.Roster(ctx)
		if err != nil {
			t.Fatal(err)
		}
		had, _ := before.Person(bob.Person)
		if _, err := h.Reset(ctx, secret, anew, "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
		if who, err := h.Signed(ctx, bob.Person, had.Epoch()); err != nil || who.Signed() {
			t.Errorf("an old session goes on: %+v, %v", who, err)
		}
		if _, err := h.SignIn(ctx, "bob@acme.example", password, "", ""); !fault.Is(err, fault.Unsigned) {
			t.Errorf("the old password: %v", err)
		}
		if _, err := h.SignIn(ctx, "bob@acme.example", anew, "", ""); err != nil {
			t.Errorf("the new password: %v", err)
		}
		if notes := post.take(); len(notes) != 1 || notes[0].Kind != NoteChanged || notes[0].Secret != "" {
			t.Errorf("nobody told bob: %+v", notes)
		}
		var n int
		if err := h.Store.Read().QueryRowContext(ctx, `SELECT count(*) FROM password_reset`).Scan(&n); err != nil || n != 0 {
			t.Errorf("%d links are kept after all were used: %v", n, err)
		}
	})
}

func TestALinkToSetAPasswordWorksOnceUnderFiftyTriesAtOnce(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, h *house) {
		bob := h.hire(t, "bob", Member)
		secret, _, mailed, err := h.MakeReset(ctx, h.ann, bob.Person)
		if err != nil || mailed {
			t.Fatal(mailed, err)
		}
		var won atomic.Int32
		var all sync.WaitGroup
		for k := range 50 {
			all.Go(func() {
				if _, err := h.Reset(ctx, secret, fmt.Sprint(anew, k), ""); err == nil {
					won.Add(1)
				} else if !fault.Is(err, fault.NotFound) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Errorf("%d of 50 tries succeeded; want 1", won.Load())
		}
	})
}

func TestLinksToSetAPasswordDie(t *testing.T) {
	ctx := context.Background()
	for name, deed := range map[string]func(h *house, of PersonID) error{
		"with a newer one": func(h *house, of PersonID) error {
			_, _, _, err := h.MakeReset(ctx, h.ann, of)
			return err
		},
		"after half an hour": func(h *house, _ PersonID) error { h.clock.Add(ResetLife); return nil },
		"with the password": func(h *house, of PersonID) error {
			_, err := h.SetPassword(ctx, h.ann, of, anew)
			return err
		},
		"with all sessions": func(h *house, of PersonID) error { return h.SignOutEverywhere(ctx, h.ann, of) },
		"with the person's place, also when that is given back": func(h *house, of PersonID) error {
			if _, err := h.ChangePerson(ctx, h.ann, of, PersonChange{State: ptr(Disabled)}); err != nil {
				return err
			}
			_, err := h.ChangePerson(ctx, h.ann, of, PersonChange{State: ptr(Active)})
			return err
		},
		"with the person's place": func(h *house, of PersonID) error {
			_, err := h.ChangePerson(ctx, h.ann, of, PersonChange{State: ptr(Disabled)})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := once(t)
			bob := h.hire(t, "bob", Member)
			secret, _, _, err := h.MakeReset(ctx, h.ann, bob.Person)
			if err != nil {
				t.Fatal(err)
			}
			if err := deed(h, bob.Person); err != nil {
				t.Fatal(err)
			}
			if _, err := h.ResetOf(ctx, secret); !fault.Is(err, fault.NotFound) {
				t.Errorf("ResetOf = %v", err)
			}
			if _, err := h.Reset(ctx, secret, anew, ""); !fault.Is(err, fault.NotFound) {
				t.Errorf("Reset = %v", err)
			}
		})
	}
}

func TestWhoAsksForALinkHearsNothingOfWhoWorksHere(t *testing.T) {
	ctx := context.Background()
	h := once(t)
	post := &tray{}
	h.Post = post
	gone := h.hire(t, "gone", Member)
	if _, err := h.ChangePerson(ctx, h.ann, gone.Person, PersonChange{State: ptr(Disabled)}); err != nil {
		t.Fatal(err)
	}
	n := 5
	if os.Getenv("SWITCHBOARD_FULL") != "" {
		n = 200
	}
	took := map[string][]time.Duration{}
	for k := range n {
		for _, at := range rand.Perm(3) {
			email := []string{"ann@acme.example", "gone@acme.example", fmt.Sprintf("nobody%d@acme.example", k)}[at]
			h.errands.Wait()
			h.asks, h.asked = guard{apart: true}, nil
			h.clock.Add(askAgain)
			start := time.Now()
			if err := h.AskReset(ctx, email, "192.0.2.1"); err != nil {
				t.Fatalf("AskReset(%s) = %v", email, err)
			}
			side := []string{"known", "gone", "unknown"}[at]
			took[side] = append(took[side], time.Since(start))
		}
	}
	h.errands.Wait()
	for _, note := range post.take() {
		if note.To != "ann@acme.example" {
			t.Errorf("a link was written to %s", note.To)
		}
	}
	for _, list := range took {
		slices.Sort(list)
	}
	known, unknown := took["known"][n/2], took["unknown"][n/2]
	t.Logf("medians of %d: known %v, gone %v, unknown %v", n, known, took["gone"][n/2], unknown)
	if known < askTime || unknown < askTime || os.Getenv("SWITCHBOARD_FULL") != "" && (known-unknown).Abs() >= 2*time.Millisecond {
		t.Errorf("median %v for a known address, %v for an unknown one", known, unknown)
	}
}

func TestNobodyIsFloodedWithLinks(t *testing.T) {
	ctx := context.Background()
	h := once(t)
	post := &tray{}
	h.Post = post
	var all sync.WaitGroup
	var refused atomic.Int32
	for k := range 40 {
		all.Go(func() {
			err := h.AskReset(ctx, "ann@acme.example", fmt.Sprintf("192.0.2.%d", k))
			var wait *Wait
			if errors.As(err, &wait) {
				refused.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	h.errands.Wait()
	if n := len(post.take()); n != 1 || refused.Load() < 40-freeAddress-1 {
		t.Errorf("%d links were written, %d refused", n, refused.Load())
	}
	if err := h.AskReset(ctx, "nobody@acme.example", "198.51.100.7"); err != nil {
		t.Errorf("somebody else who asks meanwhile: %v", err)
	}
}

// What a stranger asks for ends no link that somebody made, fills no mailbox, and does not reach one that others read.
func TestAStrangerWhoAsksForALinkDisturbsNobody(t *testing.T) {
	ctx := context.Background()
	h := once(t)
	post := &tray{shared: "ann@acme.example"}
	h.Post = post
	bob := h.hire(t, "bob", Member)
	secret, _, mailed, err := h.MakeReset(ctx, h.ann, bob.Person)
	if err != nil || !mailed {
		t.Fatal(mailed, err)
	}
	post.take()
	ask := func(email string) []Note {
		h.asks = guard{apart: true}
		if err := h.AskReset(ctx, email, "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
		h.errands.Wait()
		return post.take()
	}
	if notes := ask("bob@acme.example"); len(notes) != 0 {
		t.Errorf("written although there is a link: %+v", notes)
	}
	if _, err := h.ResetOf(ctx, secret); err != nil {
		t.Errorf("the link that ann made is gone: %v", err)
	}
	if notes := ask("ann@acme.example"); len(notes) != 0 {
		t.Errorf("a link went to a mailbox that others read: %+v", notes)
	}
	if _, _, mailed, err := h.MakeReset(ctx, h.ann, h.ann.Person); err != nil || mailed {
		t.Errorf("mailed %v, %v", mailed, err)
	}
	h.clock.Add(ResetLife)
	for range 3 * mostAsked {
		h.clock.Add(askAgain)
		if !h.sparing(h.Now()) {
			t.Fatal("twelve an hour are too many")
		}
	}
	for range mostAsked {
		h.sparing(h.Now())
	}
	if notes := ask("bob@acme.example"); len(notes) != 0 {
		t.Errorf("strangers cause letters without end: %+v", notes)
	}
}

func TestTroubleWithTheMailKeepsNobodyOut(t *testing.T) {
	ctx := context.Background()
	h := once(t)
	h.Post = &tray{broken: errors.New("the key file does not belong to this database")}
	if h.CanWrite(ctx) {
		t.Error("it can write")
	}
	if _, err := h.SetPassword(ctx, h.ann, h.ann.Person, anew); err != nil {
		t.Errorf("a new password: %v", err)
	}
	if i, _, err := h.Invite(ctx, h.ann, Invitation{Email: "bob@acme.example", Name: "Bob", Role: Member}); err != nil || i.Mailed {
		t.Errorf("an invitation: %v, mailed %v", err, i.Mailed)
	}
}

func TestWithoutMailNobodyAsksForALinkInVain(t *testing.T) {
	ctx := context.Background()
	h := once(t)
	for _, p := range []Post{nil, &tray{closed: true}} {
		h.Post = p
		if err := h.AskReset(ctx, "ann@acme.example", ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("%T: %v", p, err)
		}
	}
	if _, _, _, err := h.MakeReset(ctx, h.hire(t, "bob", Member), h.ann.Person); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a member makes a link for an administrator: %v", err)
	}
}

func TestAnInvitationIsWrittenIfTheHouseCan(t *testing.T) {
	ctx := context.Background()
	h := once(t)
	post := &tray{}
	h.Post = post
	i, secret, err := h.Invite(ctx, h.ann, Invitation{Email: "bob@acme.example", Name: "Bob", Role: Member})
	if err != nil || !i.Mailed {
		t.Fatal(i, err)
	}
	if notes := post.take(); len(notes) != 1 || notes[0].Kind != NoteInvited || notes[0].Secret != secret || notes[0].By != "Ann" || notes[0].To != "bob@acme.example" {
		t.Errorf("written: %+v", notes)
	}
}
