package desk_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"switchboard/internal/app/apptest"
	"switchboard/internal/clock"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// deeds are what can be taken back, each as somebody does it to a conversation.
func deeds(c *crew) map[string]func(ctx context.Context, who staff.Actor, n desk.ConversationID) (desk.Conversation, error) {
	return map[string]func(ctx context.Context, who staff.Actor, n desk.ConversationID) (desk.Conversation, error){
		"claim": c.Desk.Claim, "release": c.Desk.Release, "aside": c.Desk.SetAside, "reopen": c.Desk.Reopen,
		"close": func(ctx context.Context, who staff.Actor, n desk.ConversationID) (desk.Conversation, error) {
			return c.Desk.Close(ctx, who, n, "done")
		},
		"snooze": func(ctx context.Context, who staff.Actor, n desk.ConversationID) (desk.Conversation, error) {
			return c.Desk.Snooze(ctx, who, n, c.now.Now().Add(26*time.Hour))
		},
		"needs": func(ctx context.Context, who staff.Actor, n desk.ConversationID) (desk.Conversation, error) {
			was, err := c.Desk.Conversation(ctx, who, n)
			if err != nil {
				return was, err
			}
			return c.Desk.CorrectNeeds(ctx, who, n, map[string]string{"must": "none", "none": "courtesy", "courtesy": "must"}[was.Needs])
		},
		"handover": func(ctx context.Context, who staff.Actor, n desk.ConversationID) (desk.Conversation, error) {
			return c.Desk.HandOver(ctx, who, n, c.named["Billing"].ID, 0, "theirs")
		},
	}
}

// Whatever somebody does to a conversation in whatever state, taking it back leaves it as it stood, with its clocks and with what was
// asked in it; and it is refused once anything has happened in it since.
func TestUndoingRestoresWhatWas(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		r, ctx := rand.New(rand.NewPCG(4, 2)), t.Context()
		c.ask(sue, n, desk.Asking{Department: c.named["Print"].ID})
		all, names := deeds(c), []string{"claim", "release", "aside", "reopen", "close", "snooze", "handover", "needs"}
		undone := map[string]int{}
		for range 120 {
			c.now.Add(time.Duration(r.IntN(20)) * time.Second)
			name := names[r.IntN(len(names))]
			was, asked := get(t, c.House, n.ID), c.requests(n)
			if !desk.Works(sue, was) {
				_, err := c.Desk.HandOver(ctx, c.Boss, n.ID, sue.Departments[0], []staff.PersonID{0, sue.Person}[r.IntN(2)], "")
				ok(t, err)
				continue
			}
			is, err := all[name](ctx, sue, n.ID)
			if err != nil || !is.Unlike(was) && is.Needs == was.Needs {
				continue
			}
			c.now.Add(3 * time.Second)
			touched := r.IntN(4) == 0
			if touched {
				_, err := c.Desk.AnsweredByHand(ctx, c.Boss, n.ID, "by telephone", time.Time{})
				ok(t, err)
			}
			_, err = c.Desk.Undo(ctx, sue, n.ID, name)
			if touched {
				refused(t, "undoing "+name+" after somebody touched it", err, fault.Conflict)
				continue
			}
			if err != nil {
				t.Fatalf("undoing %s: %v", name, err)
			}
			if got := get(t, c.House, n.ID); !reflect.DeepEqual(got, was) {
				t.Fatalf("after %s and back it is\n%+v; it was\n%+v", name, got, was)
			}
			if got := c.requests(n); !reflect.DeepEqual(got, asked) {
				t.Fatalf("after %s and back is asked %+v; was %+v", name, got, asked)
			}
			undone[name]++
		}
		if len(undone) != len(names) {
			t.Errorf("undone only %v", undone)
		}
	})
}

// Who put a conversation through does not see it any more, and can take that back all the same: for two minutes, and nobody else can.
func TestWhoPutItThroughTakesItBack(t *testing.T) {
	asking(t, func(t *testing.T, c *crew, n desk.Conversation, bob, sue, pam staff.Actor) {
		ctx := t.Context()
		put := func() {
			t.Helper()
			_, err := c.Desk.HandOver(ctx, sue, n.ID, bob.Departments[0], 0, "theirs")
			ok(t, err)
			if _, err := c.Desk.Conversation(ctx, sue, n.ID); !fault.Is(err, fault.NotFound) {
				t.Fatalf("she still sees it: %v", err)
			}
		}
		put()
		_, err := c.Desk.Undo(ctx, pam, n.ID, "handover")
		refused(t, "somebody else's undo", err, fault.NotFound)
		_, err = c.Desk.Undo(ctx, bob, n.ID, "handover")
		refused(t, "the undo of who has it now", err, fault.Conflict)
		back, err := c.Desk.Undo(ctx, sue, n.ID, "handover")
		if err != nil || back.Person != sue.Person {
			t.Fatalf("%+v, %v", back, err)
		}
		if told(t, c.House, n.ID, journal.HandedOver) != 3 {
			t.Error("it is not told")
		}
		_, err = c.Desk.Undo(ctx, sue, n.ID, "handover")
		refused(t, "undoing it twice", err, fault.Conflict)
		put()
		c.now.Add(3 * time.Minute)
		_, err = c.Desk.Undo(ctx, sue, n.ID, "handover")
		refused(t, "undoing it later", err, fault.NotFound)
	})
}

// Whatever a contact was thought to want, a corrected intent that is taken back leaves it as it was, and teaches nothing; what else was
// done in the conversation meanwhile stays.
func TestACorrectedIntentIsTakenBack(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx := t.Context()
		lessons := func() int {
			t.Helper()
			list, err := desk.Lessons(ctx, h.Store.Read(), desk.Budget{Corrections: 100})
			ok(t, err)
			return len(list)
		}
		for k, wants := range [][]string{{"support", "complaint"}, {"sales"}, {"press", "sales", "support"}, {}} {
			who := fmt.Sprintf("ann%d", k)
			c := arrive(t, h, who, "My order has not arrived. Where is it?")
			ok(t, h.Store.Tx(ctx, func(tx *store.Tx) error {
				is := c
				is.Intents = wants
				return desk.Save(ctx, tx, desk.Change{Was: c, Is: is})
			}))
			was, taught := get(t, h, c.ID), lessons()
			for range 2 {
				now.Add(time.Second)
				ok(t, second(h.Desk.CorrectIntent(ctx, h.Boss, c.ID, "press")))
				if got := get(t, h, c.ID).Intents; !reflect.DeepEqual(got, []string{"press"}) || lessons() != taught+1 {
					t.Fatalf("corrected it wants %v, after %d lessons", got, lessons()-taught)
				}
				back, err := h.Desk.Undo(ctx, h.Boss, c.ID, "intent")
				if ok(t, err); !reflect.DeepEqual(back.Intents, was.Intents) || !reflect.DeepEqual(get(t, h, c.ID), was) {
					t.Errorf("taken back it is\n%+v; it was\n%+v", get(t, h, c.ID), was)
				}
				if lessons() != taught {
					t.Errorf("%d lessons are left of what was taken back", lessons()-taught)
				}
				refused(t, "taking it back twice", second(h.Desk.Undo(ctx, h.Boss, c.ID, "intent")), fault.Conflict)
			}

			ok(t, second(h.Desk.CorrectIntent(ctx, h.Boss, c.ID, "billing")))
			ok(t, second(h.Desk.CorrectIntent(ctx, h.Boss, c.ID, "careers")))
			ok(t, second(h.Desk.CorrectNeeds(ctx, h.Boss, c.ID, "none")))
			if c, err := h.Desk.Undo(ctx, h.Boss, c.ID, "intent"); err != nil || c.Needs != "none" || !reflect.DeepEqual(c.Intents, []string{"billing"}) || lessons() != taught+1 {
				t.Errorf("beside another correction it is taken back to %v, needs %s, %d lessons, %v", c.Intents, c.Needs, lessons()-taught, err)
			}
			if got, want := lastTold(t, h, c.ID, journal.IntentCorrected), `{"from":["careers"],"intent":"billing","intents":["billing"],"reason":"undone"}`; got != want {
				t.Errorf("the journal says %s, not %s", got, want)
			}

			ok(t, second(h.Desk.CorrectIntent(ctx, h.Boss, c.ID, "abuse")))
			now.Add(time.Second)
			if got := arrive(t, h, who, "And where is my money?"); got.ID != c.ID {
				t.Fatal("it went elsewhere")
			}
			refused(t, "taking it back when the contact has written", second(h.Desk.Undo(ctx, h.Boss, c.ID, "intent")), fault.Conflict)
			ok(t, second(h.Desk.CorrectIntent(ctx, h.Boss, c.ID, "abuse")))
			now.Add(3 * time.Minute)
			refused(t, "taking it back later", second(h.Desk.Undo(ctx, h.Boss, c.ID, "intent")), fault.Conflict)
			ok(t, second(h.Desk.CorrectIntent(ctx, h.Boss, c.ID, "spam")))
			other := h.Boss
			other.Person++
			refused(t, "taking back what somebody else corrected", second(h.Desk.Undo(ctx, other, c.ID, "intent")), fault.Conflict)
			now.Add(time.Hour)
		}
	})
}
