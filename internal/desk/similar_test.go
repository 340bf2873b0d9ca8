package desk_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

func TestWhatIsSimilarIsFoundWithWhoAnsweredIt(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx := t.Context()
		old := arrive(t, h, "ann", "The drum of my Brisk 60 washing machine rattles when spinning")
		now.Add(4 * time.Minute)
		answer(t, h, old, 77, now.Now())
		for k := range 30 { // words that all use are worth little
			now.Add(time.Minute)
			arrive(t, h, fmt.Sprintf("u%d", k), fmt.Sprintf("Hello, when will my order number %d arrive? The parcel is late", k))
		}
		theirs := arrive(t, h, "dan", "Hello, when spinning the drum of the washing machine rattles")
		own := arrive(t, h, "eve", "the drum rattles when spinning")
		now.Add(time.Minute)
		c := arrive(t, h, "eve", "Hello, my washing machine rattles, the drum makes noise when spinning. When will somebody look at it?")
		until(t, "all can be searched for", func() bool {
			list, err := look(h, ctx, h.Boss, "noise", 5)
			return err == nil && len(list) == 1
		})
		list, err := h.Desk.Similar(ctx, h.Boss, c.ID, 3)
		if err != nil || len(list) < 2 {
			t.Fatalf("%d are similar, %v", len(list), err)
		}
		if list[0].Row.ID != old.ID || list[0].AnsweredBy != 77 || list[0].AnsweredAt.Sub(list[0].Message.At) != 4*time.Minute || !slices.Contains(list[0].Words, "drum") {
			t.Errorf("the first is %+v", list[0])
		}
		if list[1].Row.ID != theirs.ID || !list[1].AnsweredAt.IsZero() {
			t.Errorf("the second is %+v", list[1])
		}
		for _, s := range list {
			if s.Row.Contact == own.Contact {
				t.Error("what the contact said before is similar to what they say")
			}
		}
		bob := staff.Actor{Person: 5, Role: staff.Member, Departments: []staff.DepartmentID{999}}
		give(t, h, c.ID, 999)
		give(t, h, theirs.ID, 999)
		list, err = h.Desk.Similar(ctx, bob, c.ID, 3)
		if err != nil || len(list) != 1 || list[0].Row.ID != theirs.ID {
			t.Errorf("who may see one sees %+v, %v", list, err)
		}
		if _, err := h.Desk.Similar(ctx, bob, old.ID, 3); err == nil {
			t.Error("who may not see a conversation hears what it is like")
		}
	})
}

func TestWhatIsLikeNothingHasNothingSimilar(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, _ *clock.Pretend) {
		arrive(t, h, "ann", "Where is my order?")
		for _, text := range []string{"", "👍", "xylophone zugzwang"} {
			c := arrive(t, h, "bob", text)
			if list, err := h.Desk.Similar(t.Context(), h.Boss, c.ID, 3); err != nil || len(list) != 0 {
				t.Errorf("%q is like %+v, %v", text, list, err)
			}
		}
	})
}

// answer lets somebody of ours say something in a conversation.
func answer(t *testing.T, h *apptest.House, c desk.Conversation, by staff.PersonID, at time.Time) {
	t.Helper()
	h.Tx(t, func(tx *store.Tx) error {
		m := desk.NewMessage(desk.MessageID(h.Store.IDs.Next()), c.Account, channel.Message{RemoteID: fmt.Sprint("answer", c.ID), Own: true, Kind: channel.Direct, Private: true, Text: "It is the bearing", At: at}, at)
		m.Conversation, m.Person = c.ID, by
		return desk.AddMessages(t.Context(), tx, []desk.Message{m})
	})
}

// give gives a conversation to a department, whether there is one or not.
func give(t *testing.T, h *apptest.House, id desk.ConversationID, to staff.DepartmentID) {
	t.Helper()
	h.Tx(t, func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE conversation SET department = $2, person = 0 WHERE id = $1`, id, to)
		return err
	})
}
