package chaos

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"switchboard/internal/sim/mastodon"
)

// The program is killed at random moments under 200 messages a second, with answers on their way: what was acknowledged is
// there once, and what was answered is at the far side once at most (A2, B3).
func TestKilledUnderLoad(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, database(t))
			port := free(t)
			p := h.start(t, port)
			c, i := newCrowd(h, "kill", port), &intents{h: h}
			ctx, stop := context.WithCancel(t.Context())
			var all sync.WaitGroup
			all.Go(func() { c.flow(ctx, 200) })
			for range 8 { // one whose answer breaks off waits with it
				all.Go(func() { i.answer(ctx, port, 50*time.Millisecond) })
			}
			kills := full(4, 200)
			for range kills {
				time.Sleep(time.Duration(200+rand.IntN(1500)) * time.Millisecond)
				p.kill()
				p = h.start(t, port)
			}
			time.Sleep(300 * time.Millisecond)
			stop()
			all.Wait()
			c.settle(t)
			v := h.judge(t, c, i)
			t.Logf("%s, %d kills: %v", name, kills, v)
			if v.acked < 50*kills || v.intents == 0 {
				t.Errorf("too little happened to prove anything: %v", v)
			}
		})
	}
}

// Two nodes on one database, and one is killed: the other answers for it, and asks its accounts within 20 seconds and a
// moment (C9).
func TestTheSecondNodeTakesOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t, databases["postgres"](t))
	first := h.start(t, free(t))
	db := h.look(t)
	until(t, "the first node listens", 30*time.Second, func() bool { return h.count(t, db, `SELECT count(*) FROM account WHERE lease_until > 0`) == 2 })
	second := h.start(t, free(t))
	c, i := newCrowd(h, "two", first.port, second.port), &intents{h: h}
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { c.flow(ctx, 50) })
	all.Go(func() { i.answer(ctx, second.port, 100*time.Millisecond) })
	h.town.Say("ann@chat.example", "@acme_help anybody there before?", mastodon.SayOptions{})
	until(t, "the town is heard", 30*time.Second, func() bool {
		return h.count(t, db, `SELECT count(*) FROM message WHERE body LIKE '%there before%'`) == 1
	})
	time.Sleep(time.Second)
	first.kill()
	died := time.Now()
	c.ports = []int{second.port}
	h.town.Say("ann@chat.example", "@acme_help anybody there after?", mastodon.SayOptions{})
	until(t, "the second node asks for the first", 40*time.Second, func() bool {
		return h.count(t, db, `SELECT count(*) FROM message WHERE body LIKE '%there after%'`) == 1
	})
	took := time.Since(died)
	stop()
	all.Wait()
	c.settle(t)
	v := h.judge(t, c, i)
	t.Logf("taken over after %v; %v", took.Round(100*time.Millisecond), v)
	if took > 30*time.Second {
		t.Errorf("the second node took over after %v", took)
	}
}

func until(t testing.TB, what string, limit time.Duration, ok func() bool) {
	t.Helper()
	if !soon(limit, ok) {
		t.Fatalf("after %v still not: %s", limit, what)
	}
}

// soon waits until ok, or for limit.
func soon(limit time.Duration, ok func() bool) bool {
	for end := time.Now().Add(limit); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}
