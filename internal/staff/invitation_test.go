package staff

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"switchboard/internal/fault"
)

func TestAnInvitationIsUsedOnceUnderFiftyTriesAtOnce(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, h *house) {
		i, secret, err := h.Invite(ctx, h.ann, Invitation{Email: "Bob@ACME.example", Name: "Bob", Role: Member, Departments: []DepartmentID{h.department(t, "Accounts").ID}})
		if err != nil {
			t.Fatal(err)
		}
		if len(secret) < 26 {
			t.Errorf("the token has only %d characters", len(secret))
		}
		var won atomic.Int32
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if _, err := h.Join(ctx, secret, "Bob", password, "UTC", "192.0.2.1"); err == nil {
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
		p, err := h.SignIn(ctx, "bob@acme.example", password, "", "")
		if err != nil {
			t.Fatal(err)
		}
		if p.Role != Member || len(p.Departments) != 1 || p.Email != i.Email {
			t.Errorf("bob is %+v", p)
		}
		var n int
		if err := h.Store.Read().QueryRowContext(ctx, `SELECT count(*) FROM invitation WHERE token = $1`, []byte(secret)).Scan(&n); err != nil || n != 0 {
			t.Errorf("the token itself is in the database: %d, %v", n, err)
		}
	})
}

func TestInvitationsDie(t *testing.T) {
	ctx := context.Background()
	for name, deed := range map[string]func(h *house, i Invitation) error{
		"with a newer one to the same address": func(h *house, i Invitation) error {
			_, _, err := h.Invite(ctx, h.ann, Invitation{Email: i.Email, Name: "Bob", Role: Viewer})
			return err
		},
		"after 72 hours":    func(h *house, _ Invitation) error { h.clock.Add(InvitationLife); return nil },
		"when taken back":   func(h *house, i Invitation) error { return h.RevokeInvitation(ctx, h.ann, i.ID) },
		"when never issued": func(h *house, i Invitation) error { return h.RevokeInvitation(ctx, h.ann, i.ID) },
	} {
		t.Run(name, func(t *testing.T) {
			h := once(t)
			i, secret, err := h.Invite(ctx, h.ann, Invitation{Email: "bob@acme.example", Name: "Bob", Role: Member})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := h.Invited(ctx, secret); err != nil {
				t.Fatal(err)
			}
			if err := deed(h, i); err != nil {
				t.Fatal(err)
			}
			if _, err := h.Invited(ctx, secret); !fault.Is(err, fault.NotFound) {
				t.Errorf("Invited = %v", err)
			}
			if _, err := h.Join(ctx, secret, "Bob", password, "UTC", ""); !fault.Is(err, fault.NotFound) {
				t.Errorf("Join = %v", err)
			}
		})
	}
}

func TestWhoMayInviteAndWhom(t *testing.T) {
	ctx := context.Background()
	h := once(t)
	for _, role := range Roles()[1:] {
		if _, _, err := h.Invite(ctx, h.hire(t, string(role), role), Invitation{Email: "x@acme.example", Name: "X", Role: Administrator}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a %s invites an administrator: %v", role, err)
		}
	}
	if _, _, err := h.Invite(ctx, h.ann, Invitation{Email: "ann@acme.example", Name: "Ann", Role: Member}); !fault.Is(err, fault.Conflict) {
		t.Errorf("inviting somebody who is here: %v", err)
	}
	if _, _, err := h.Invite(ctx, h.ann, Invitation{Email: "x@acme.example", Name: "X", Role: "king"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an unknown role: %v", err)
	}
	if _, _, err := h.Invite(ctx, h.ann, Invitation{Email: "x@acme.example", Name: "X", Role: Member, Departments: []DepartmentID{42}}); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown department: %v", err)
	}
}
