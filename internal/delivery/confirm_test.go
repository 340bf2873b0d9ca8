package delivery_test

import (
	"slices"
	"testing"
	"time"

	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/sim/far"
)

// unknown is an answer of which nobody can tell whether it arrived.
func (s *side) unknown(t testing.TB, d delivery.Draft) delivery.Delivery {
	t.Helper()
	c, _ := s.asks(t, "ann", "Did you get it, "+d.Text, false)
	s.faults.Set(far.Fault{On: far.Send, Do: far.LostAnswer, Times: 1})
	return s.w.becomes(t, s.w.reply(t, c, d).ID, delivery.Unknown, time.Minute)
}

// journalled is what the journal says of a conversation, the oldest first.
func (w *world) journalled(t testing.TB, c desk.ConversationID) (out []journal.What) {
	t.Helper()
	list, err := journal.Of(t.Context(), w.Store.Read(), int64(c), 100)
	must(t, err)
	for _, e := range list {
		out = append(out, e.What)
	}
	return out
}

// What a person saw not to have arrived answered nobody: nothing says that it was sent, and the contact waits on.
func TestWhatAPersonSawMissingAnsweredNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook that can't be asked", "missing")
		d := s.unknown(t, delivery.Draft{Text: "It is on its way.", Then: desk.Closed})
		got, err := w.Delivery.Confirm(t.Context(), w.Boss, d.ID, false)
		must(t, err)
		if got.State != delivery.Failed || !got.SentAt.IsZero() {
			t.Errorf("it is %s, sent at %v", got.State, got.SentAt)
		}
		told := w.journalled(t, d.Conversation)
		if slices.Contains(told, journal.DeliverySent) || !slices.Contains(told, journal.DeliveryFailed) || slices.Contains(told, journal.Closed) {
			t.Errorf("the journal says %v", told)
		}
		c, err := w.Desk.Conversation(t.Context(), w.Boss, d.Conversation)
		must(t, err)
		if c.State != desk.Open || !c.AnsweredAt.IsZero() || !c.Clock.Running() {
			t.Errorf("the contact has no answer, and the conversation is %s, answered at %v", c.State, c.AnsweredAt)
		}
	})
}

// What a person saw to have arrived is told as any other answer is.
func TestWhatAPersonSawArriveIsToldAsAnAnswer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook that can't be asked", "arrived")
		for then, what := range map[desk.State]journal.What{desk.Closed: journal.Closed, desk.Waiting: journal.Waiting} {
			d := s.unknown(t, delivery.Draft{Text: "It is there, " + string(then) + ".", Then: then})
			_, err := w.Delivery.Confirm(t.Context(), w.Boss, d.ID, true)
			must(t, err)
			if told := w.journalled(t, d.Conversation); !slices.Contains(told, journal.DeliverySent) || !slices.Contains(told, what) {
				t.Errorf("left %s, the journal says %v", then, told)
			}
			c, err := w.Desk.Conversation(t.Context(), w.Boss, d.Conversation)
			must(t, err)
			if c.State != then {
				t.Errorf("it is %s, not %s", c.State, then)
			}
		}
	})
}
