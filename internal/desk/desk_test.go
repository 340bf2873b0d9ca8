package desk_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// house is a Switchboard on a clock that stands still, on a Monday morning.
func house(t *testing.T, f func(t *testing.T, h *apptest.House, now *clock.Pretend)) {
	apptest.EachAt(t, app.Options{}, f)
}

// arrive lets somebody write, and returns the conversation.
func arrive(t *testing.T, h *apptest.House, from, text string) desk.Conversation {
	t.Helper()
	a, err := h.Book.Connector("hook")
	if err != nil || a == nil {
		t.Fatal(err)
	}
	acc := h.Shared(t)
	now := h.Desk.Now()
	id := fmt.Sprintf("%s-%d", from, h.Store.IDs.Next())
	e := channel.Event{Kind: channel.Said, RemoteID: id, At: now, Message: channel.Message{RemoteID: id, Kind: channel.Direct, Private: true, Text: text, At: now,
		From: channel.Identity{RemoteID: from, Handle: "@" + from, Name: from}}}
	if err := h.Intake.Take(t.Context(), acc, []channel.Event{e}, nil); err != nil {
		t.Fatal(err)
	}
	m, err := desk.MessagesByRemote(t.Context(), h.Store.Read(), acc.ID, []string{id})
	if err != nil {
		t.Fatal(err)
	}
	return get(t, h, m[id].Conversation)
}

func get(t *testing.T, h *apptest.House, id desk.ConversationID) desk.Conversation {
	t.Helper()
	c, err := h.Desk.Conversation(t.Context(), h.Boss, id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func told(t *testing.T, h *apptest.House, id desk.ConversationID, what journal.What) int {
	t.Helper()
	list, err := journal.Of(t.Context(), h.Store.Read(), int64(id), 500)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range list {
		if e.What == what {
			n++
		}
	}
	return n
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("still not: " + what)
}

// A claim is atomic: of many at once one has it, and the others are told who.
func TestOneOfManyClaimsIt(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, _ *clock.Pretend) {
		c := arrive(t, h, "ann", "My order has not arrived. Where is it?")
		if !c.Person.IsZero() {
			if _, err := h.Desk.Release(t.Context(), h.Boss, c.ID); err != nil {
				t.Fatal(err)
			}
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for n := range 20 {
			wg.Go(func() {
				who := h.Boss
				who.Person = staff.PersonID(1000 + n)
				_, err := h.Desk.Claim(t.Context(), who, c.ID)
				mu.Lock()
				defer mu.Unlock()
				var held *desk.Held
				switch {
				case err == nil:
					won++
				case !errors.As(err, &held) || held.By.IsZero() || !fault.Is(err, fault.Conflict):
					t.Errorf("who came second is told %v", err)
				}
			})
		}
		wg.Wait()
		if won != 1 {
			t.Errorf("%d of twenty have it", won)
		}
	})
}

// A clock warns, then breaches, each once, at its moment and not by a scan; a claim that nobody answers is taken back.
func TestClocksRingAtTheirMoment(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		c := arrive(t, h, "ann", "My order has not arrived. Where is it?")
		if c.Clock.Kind != desk.FirstResponse || c.Clock.Due.IsZero() || c.State != desk.Open {
			t.Fatalf("a question opened as %+v", c.Clock)
		}
		if _, err := h.Desk.HandOver(t.Context(), h.Boss, c.ID, c.Department, 0, "for the queue"); err != nil {
			t.Fatal(err)
		}
		c, err := h.Desk.Claim(t.Context(), h.Boss, c.ID)
		if err != nil || c.TakeBackAt.IsZero() {
			t.Fatalf("claimed: %v, taken back at %v", err, c.TakeBackAt)
		}
		now.Set(c.TakeBackAt)
		ring(t, h)
		if c = get(t, h, c.ID); !c.Person.IsZero() || told(t, h, c.ID, journal.TakenBack) != 1 {
			t.Errorf("an unanswered claim is still held by %v", c.Person)
		}
		now.Set(c.Clock.Warn)
		ring(t, h)
		now.Set(c.Clock.Due.Add(-time.Second))
		ring(t, h)
		if c = get(t, h, c.ID); c.Clock.State != desk.Warned || told(t, h, c.ID, journal.ClockWarned) != 1 || told(t, h, c.ID, journal.ClockBreached) != 0 {
			t.Errorf("a second before it is due the clock is %s", c.Clock.State)
		}
		now.Set(c.Clock.Due)
		ring(t, h)
		ring(t, h)
		if c = get(t, h, c.ID); c.Clock.State != desk.Breached || told(t, h, c.ID, journal.ClockBreached) != 1 {
			t.Errorf("when it is due the clock is %s, told %d times", c.Clock.State, told(t, h, c.ID, journal.ClockBreached))
		}
	})
}

func ring(t *testing.T, h *apptest.House) {
	t.Helper()
	if _, err := h.Desk.Ring(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Whatever is done, an open conversation has an owner and a clock; what waits or is closed has none; the counters are right.
func TestAnOwnerAndAClockAlways(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		r, err := h.Staff.Roster(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		c := arrive(t, h, "ann", "My order has not arrived. Where is it?")
		ctx := t.Context()
		to := r.Departments()[2].ID
		deeds := map[string]func() (desk.Conversation, error){
			"snoozed":     func() (desk.Conversation, error) { return h.Desk.Snooze(ctx, h.Boss, c.ID, now.Now().Add(time.Hour)) },
			"woken":       func() (desk.Conversation, error) { return h.Desk.Reopen(ctx, h.Boss, c.ID) },
			"handed over": func() (desk.Conversation, error) { return h.Desk.HandOver(ctx, h.Boss, c.ID, to, 0, "theirs") },
			"closed":      func() (desk.Conversation, error) { return h.Desk.Close(ctx, h.Boss, c.ID, "") },
			"by hand": func() (desk.Conversation, error) {
				return h.Desk.AnsweredByHand(ctx, h.Boss, c.ID, "telephone", time.Time{})
			},
			"aside":     func() (desk.Conversation, error) { return h.Desk.SetAside(ctx, h.Boss, c.ID) },
			"no answer": func() (desk.Conversation, error) { return h.Desk.CorrectNeeds(ctx, h.Boss, c.ID, "none") },
			"an answer": func() (desk.Conversation, error) { return h.Desk.CorrectNeeds(ctx, h.Boss, c.ID, "must") },
		}
		for _, name := range []string{"snoozed", "woken", "handed over", "closed", "woken", "aside", "woken", "by hand", "write again", "snoozed", "write again", "by hand", "woken",
			"no answer", "an answer", "snoozed", "an answer", "no answer", "write again", "by hand", "no answer", "an answer"} {
			before := c
			if name == "write again" {
				c = arrive(t, h, "ann", "Hello? Is anybody there? Where is my order?")
				what := before.Opening()
				if c.ID != before.ID || c.State != desk.Open || told(t, h, c.ID, what) == 0 {
					t.Errorf("what the contact wrote again went to %v, which is %s; %q stands in its journal %d times", c.ID, c.State, what, told(t, h, c.ID, what))
				}
			} else if _, err := deeds[name](); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			c = get(t, h, c.ID)
			runs := c.State == desk.Open || c.State == desk.Snoozed
			if c.Department.IsZero() || c.Clock.Running() != runs {
				t.Errorf("%s: %s, owner %v, clock %q", name, c.State, c.Department, c.Clock.Kind)
			}
			counts, err := h.Desk.Count(ctx, h.Boss)
			open, aside := 0, 0
			if c.State == desk.Open {
				open = 1
			}
			if c.View() == "aside" {
				aside = 1
			}
			if err != nil || counts.All != open || counts.Aside != aside {
				t.Errorf("%s: counted %+v, %v", name, counts, err)
			}
			p, err := h.Desk.List(ctx, h.Boss, desk.Query{View: desk.All, State: c.State})
			if c.View() == "aside" {
				p, err = h.Desk.List(ctx, h.Boss, desk.Query{View: desk.SetAsideView})
			}
			if err != nil || len(p.Rows) != 1 || p.Rows[0].ID != c.ID {
				t.Errorf("%s: its view lists %d, %v", name, len(p.Rows), err)
			}
		}
		now.Add(2 * time.Hour)
		ring(t, h)
	})
}

// A member sees what their departments own and what they own, and nothing else, by any way in.
func TestWhoSeesWhat(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, _ *clock.Pretend) {
		c := arrive(t, h, "ann", "My order has not arrived. Where is it? Quokka")
		ctx := t.Context()
		until(t, "it can be searched for", func() bool {
			found, err := look(h, ctx, h.Boss, `quokka`, 10)
			return err == nil && len(found) == 1
		})
		for name, who := range map[string]struct {
			staff.Actor
			sees bool
		}{
			"a member of its department":   {staff.Actor{Person: 1, Role: staff.Member, Departments: []staff.DepartmentID{c.Department}}, true},
			"a member of another":          {staff.Actor{Person: 2, Role: staff.Member, Departments: []staff.DepartmentID{c.Department + 1}}, false},
			"a viewer":                     {staff.Actor{Person: 3, Role: staff.Viewer}, true},
			"an agency of that department": {staff.Actor{Person: 4, Role: staff.Agency, Departments: []staff.DepartmentID{c.Department}}, false},
			"nobody":                       {staff.Actor{}, false},
		} {
			_, err := h.Desk.Conversation(ctx, who.Actor, c.ID)
			if (err == nil) != who.sees || err != nil && !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: opening it gives %v", name, err)
			}
			p, _ := h.Desk.List(ctx, who.Actor, desk.Query{View: desk.All})
			found, _ := look(h, ctx, who.Actor, "quokka", 10)
			n, _ := h.Desk.Count(ctx, who.Actor)
			if (len(p.Rows) == 1) != who.sees || (len(found) == 1) != who.sees || (n.All == 1) != who.sees {
				t.Errorf("%s: lists %d, finds %d, counts %d", name, len(p.Rows), len(found), n.All)
			}
			if _, err := h.Desk.Close(ctx, who.Actor, c.ID, ""); who.Role != staff.Member && err == nil || !who.sees && err == nil {
				t.Errorf("%s could close it", name)
			}
			_, _ = h.Desk.Reopen(ctx, h.Boss, c.ID)
		}
	})
}

// Searching takes what people type as words, whatever it is, and finds the newest first.
func TestSearch(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		for k := range 3 {
			now.Add(time.Minute)
			arrive(t, h, fmt.Sprintf("u%d", k), fmt.Sprintf("Die Tür der Waschmaschine %d klemmt, order-%d", k, 4000+k))
		}
		find := func(q string) int {
			list, err := look(h, t.Context(), h.Boss, q, 10)
			if err != nil {
				t.Errorf("%q: %v", q, err)
			}
			return len(list)
		}
		until(t, "they can be searched for", func() bool { return find("waschmaschine") == 3 })
		for q, want := range map[string]int{`"tür der waschmaschine"`: 3, `"der tür"`: 0, "wasch*": 3, "klemmt 4001": 1, "nothing": 0, `") OR 1=1 --`: 0,
			`tür' & !x | (`: 0, "AND": 0, "klemmt NEAR": 0} {
			if got := find(q); got != want {
				t.Errorf("%q finds %d, not %d", q, got, want)
			}
		}
		list, _ := look(h, t.Context(), h.Boss, "klemmt", 10)
		if len(list) == 3 && !strings.Contains(list[0].Message.Text, "4002") {
			t.Error("the newest is not the first")
		}
		if _, err := look(h, t.Context(), h.Boss, " ,.- ", 10); !fault.Is(err, fault.Invalid) {
			t.Errorf("a search for nothing gives %v", err)
		}
	})
}

// Pages follow each other without a gap or a repeat, in both orders.
func TestPages(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		for k := range 23 {
			if k%3 == 0 {
				now.Add(time.Minute) // some share their time
			}
			arrive(t, h, fmt.Sprintf("u%d", k), "My order has not arrived. Where is it?")
		}
		for _, q := range []desk.Query{{View: desk.All}, {View: desk.All, Order: desk.ByClock}, {View: desk.Unowned}} {
			seen, next := map[desk.ConversationID]bool{}, ""
			for range 10 {
				q.After, q.Limit = next, 5
				p, err := h.Desk.List(t.Context(), h.Boss, q)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range p.Rows {
					if seen[r.ID] {
						t.Errorf("%+v: a row came twice", q)
					}
					seen[r.ID] = true
				}
				if next = p.Next; next == "" {
					break
				}
			}
			want := 23
			if q.View == desk.Unowned {
				n, _ := h.Desk.Count(t.Context(), h.Boss)
				want = n.Unowned
			}
			if len(seen) != want {
				t.Errorf("%+v: %d rows in all, not %d", q, len(seen), want)
			}
		}
		if _, err := h.Desk.List(t.Context(), h.Boss, desk.Query{View: desk.All, After: "x'; DROP"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a made-up place gives %v", err)
		}
	})
}

func look(h *apptest.House, ctx context.Context, who staff.Actor, q string, limit int) ([]desk.Found, error) {
	hits, err := h.Desk.Search(ctx, who, desk.Search{Words: q, Limit: limit})
	return hits.Found, err
}
