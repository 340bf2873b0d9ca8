package delivery_test

import (
	"testing"
	"time"

	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
)

func (w *world) promises(t testing.TB, c desk.ConversationID) []desk.Promise {
	t.Helper()
	_, list, err := w.Desk.PromisesOf(t.Context(), w.Boss, c)
	must(t, err)
	return list
}

// What an answer promises is open once it is sent, with it as what made it; and what it keeps is kept by it.
func TestAnAnswerMakesAndKeepsPromises(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "promising")
		c, _ := s.asks(t, "ann", "Where is it?", true)
		due := w.clock.Now().Add(48 * time.Hour)
		d, err := w.Delivery.Reply(t.Context(), w.Boss, c, delivery.Draft{Text: "We call you on Friday.", Promises: []desk.Making{{Text: "We call you on Friday.", Due: due, Dated: true}}})
		must(t, err)
		if d = w.ended(t, d.ID, time.Minute); d.State != delivery.Sent {
			t.Fatalf("it is %s", d.State)
		}
		list := w.promises(t, c)
		if len(list) != 1 || list[0].State != desk.PromiseOpen || list[0].Delivery != int64(d.ID) {
			t.Fatalf("it promised %+v", list)
		}
		if _, err = w.Delivery.Reply(t.Context(), w.Boss, c, delivery.Draft{Text: "Bye.", Then: desk.Closed, Force: true}); !fault.Is(err, fault.Conflict) {
			t.Errorf("closing over an open promise: %v", err)
		}
		k, err := w.Delivery.Reply(t.Context(), w.Boss, c, delivery.Draft{Text: "As said on the phone: it is here.", Keeps: []desk.PromiseID{list[0].ID}, Then: desk.Closed, Force: true})
		must(t, err)
		if p := w.promises(t, c)[0]; p.State == desk.PromiseKept && w.one(t, k.ID).State != delivery.Sent {
			t.Error("it is kept before the answer that keeps it was sent")
		}
		k = w.ended(t, k.ID, time.Minute)
		if p := w.promises(t, c)[0]; p.State != desk.PromiseKept || p.Proof != k.Message || p.Proof.IsZero() {
			t.Errorf("kept as %+v by %+v", p, k)
		}
	})
}

// What was taken back before it was sent promises nothing, and keeps nothing.
func TestWhatIsTakenBackPromisesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "unsaid")
		c, _ := s.asks(t, "ann", "Where is it?", true)
		p, err := w.Desk.MakePromise(t.Context(), w.Boss, c, desk.Making{Text: "We call."})
		must(t, err)
		d, err := w.Delivery.Reply(t.Context(), w.Boss, c, delivery.Draft{Text: "We write tomorrow.", Undo: time.Minute, Promises: []desk.Making{{Text: "We write tomorrow."}}, Keeps: []desk.PromiseID{p.ID}})
		must(t, err)
		if list := w.promises(t, c); len(list) != 2 || list[1].State != desk.PromiseUnsaid || list[0].State != desk.PromiseOpen {
			t.Errorf("before it is sent: %+v", list)
		}
		_, err = w.Delivery.Cancel(t.Context(), w.Boss, d.ID)
		must(t, err)
		if list := w.promises(t, c); len(list) != 1 || list[0].State != desk.PromiseOpen || list[0].Keeping != 0 {
			t.Errorf("after it was taken back: %+v", list)
		}
	})
}

// An answer and its promises are accepted together or not at all.
func TestAPromiseIsAcceptedWithItsAnswerOrNot(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "failing")
		c, _ := s.asks(t, "ann", "Where is it?", true)
		bad := desk.Making{Text: "We were there.", Due: w.clock.Now().Add(-time.Hour)}
		if _, err := w.Delivery.Reply(t.Context(), w.Boss, c, delivery.Draft{Text: "We were there.", Promises: []desk.Making{bad}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a promise for a time that has passed: %v", err)
		}
		list, err := delivery.Of(t.Context(), w.Store.Read(), c)
		must(t, err)
		if len(list) != 0 || len(w.promises(t, c)) != 0 {
			t.Errorf("half of it was stored: %v, %v", list, w.promises(t, c))
		}
	})
}
