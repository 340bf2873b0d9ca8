package desk_test

import (
	"context"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
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
