package staff

import (
	"context"
	"strings"
	"testing"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/store/storetest"
)

func TestAKeyIsShownOnceAndKeptAsAHash(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, h *house) {
		bob := h.hire(t, "bob", Member)
		k, secret, err := h.MakeKey(ctx, bob, "script", []Scope{Write, Read})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(secret, KeyPrefix) || len(secret) < 50 {
			t.Errorf("the secret is %q", secret)
		}
		a, err := h.SignedByKey(ctx, secret)
		if err != nil || a.Person != bob.Person || a.Key != k.ID {
			t.Fatalf("SignedByKey = %+v, %v", a, err)
		}
		if _, err := h.SignedByKey(ctx, secret[:len(secret)-1]+"x"); !fault.Is(err, fault.Unsigned) {
			t.Errorf("another secret: %v", err)
		}
		if _, _, err := h.MakeKey(ctx, a, "child", []Scope{Read}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a key makes a key: %v", err)
		}
		h.clock.Add(time.Hour)
		if _, err := h.SignedByKey(ctx, secret); err != nil {
			t.Fatal(err)
		}
		if err := h.NoteUses(ctx); err != nil {
			t.Fatal(err)
		}
		list, err := h.Keys(ctx, bob)
		if err != nil || len(list) != 1 || !list[0].UsedAt.Equal(h.Now()) {
			t.Errorf("Keys = %+v, %v", list, err)
		}
		eve := h.hire(t, "eve", Member)
		if err := h.RevokeKey(ctx, eve, k.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("eve revokes bob's key: %v", err)
		}
		if list, err := h.Keys(ctx, eve); err != nil || len(list) != 0 {
			t.Errorf("eve sees %v, %v", list, err)
		}
		if err := h.RevokeKey(ctx, bob, k.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.SignedByKey(ctx, secret); !fault.Is(err, fault.Unsigned) {
			t.Errorf("after revoking: %v", err)
		}
	})
}

func BenchmarkSignedByKey(b *testing.B) {
	ctx := context.Background()
	h := furnished(b, storetest.Open(b, storetest.SQLite(b)))
	_, secret, err := h.MakeKey(ctx, h.ann, "bench", []Scope{Read})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := h.SignedByKey(ctx, secret); err != nil {
			b.Fatal(err)
		}
	}
}
