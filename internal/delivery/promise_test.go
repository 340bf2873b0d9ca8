package delivery_test

import (
	"testing"
	"time"

	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/store"
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

// What promises something by a day that passes before it is sent is held, whatever kept it; it goes out once the promise has
// another time, and the promise is not late then.
func TestWhatIsSentAfterItsPromiseWasDueIsHeld(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "overtaken")
		c, _ := s.asks(t, "ann", "Where is it?", true)
		must(t, w.Book.Stop(t.Context(), w.Boss, s.ID))
		dated := desk.Making{Text: "We call you tomorrow.", Due: w.clock.Now().Add(24 * time.Hour), Dated: true}
		d, err := w.Delivery.Reply(t.Context(), w.Boss, c, delivery.Draft{Text: "We call you tomorrow.", Promises: []desk.Making{dated, {Text: "We look into it."}}})
		must(t, err)
		w.clock.advance(30 * 24 * time.Hour)
		must(t, w.Book.Resume(t.Context(), w.Boss, s.ID))
		must(t, w.Delivery.Deliver(t.Context(), d.ID))
		w.becomes(t, d.ID, delivery.Held, time.Minute)
		if _, err := w.Delivery.Approve(t.Context(), w.Boss, d.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("it is let out: %v", err)
		}
		p := w.promises(t, c)[0]
		if can := p.Can(w.Boss, desk.Conversation{}); len(can) != 1 || can[0] != "change" {
			t.Errorf("what is not said yet can be %v", can)
		}
		due := w.clock.Now().Add(24 * time.Hour).Truncate(time.Microsecond)
		_, err = w.Desk.ChangePromise(t.Context(), w.Boss, p.ID, desk.PromiseChange{Due: &due})
		must(t, err)
		if p := w.promises(t, c)[0]; p.State != desk.PromiseUnsaid || !p.Due.Equal(due) || !p.Ring.IsZero() {
			t.Errorf("changed it is %+v", p)
		}
		_, err = w.Delivery.Approve(t.Context(), w.Boss, d.ID)
		must(t, err)
		w.becomes(t, d.ID, delivery.Sent, time.Minute)
		for _, p := range w.promises(t, c) {
			if p.State != desk.PromiseOpen || p.Late(w.clock.Now()) || p.Step != desk.PromiseQuiet {
				t.Errorf("once it is said it is %+v", p)
			}
		}
	})
}

// A try that failed is not repeated with a promise that was due meanwhile.
func TestARetryAfterThePromiseWasDueIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "retried")
		c, _ := s.asks(t, "ann", "Where is it?", true)
		d, err := w.Delivery.Reply(t.Context(), w.Boss, c, delivery.Draft{Text: "We call you tomorrow.", Undo: time.Minute,
			Promises: []desk.Making{{Text: "We call you tomorrow.", Due: w.clock.Now().Add(24 * time.Hour), Dated: true}}})
		must(t, err)
		must(t, w.Store.Tx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `UPDATE delivery SET state = 'failed' WHERE id = $1`, d.ID)
			return err
		}))
		w.clock.advance(25 * time.Hour)
		if _, err := w.Delivery.Retry(t.Context(), w.Boss, d.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("it is sent again: %v", err)
		}
	})
}
