package delivery_test

import (
	"cmp"
	"testing"
	"time"

	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/store"
)

// A house restored from a backup does not say again what went out after the backup was made: it is held, and when a person lets
// it go, the far side is asked first.
func TestWhatWasOnItsWayAtABackupIsNotSaidTwice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, kind := range []string{"mastodon", "bluesky", "hook"} {
			s := w.side(t, kind, "restored"+kind)
			c, _ := s.asks(t, "bea", "Is it there?", false)
			gone := w.reply(t, c, delivery.Draft{Text: "gone out after the backup"})
			w.becomes(t, gone.ID, delivery.Sent, 20*time.Second)
			w.forget(t, gone.ID)
			left := s.later(t, "not gone out yet")
			n, err := w.Delivery.HoldAll(t.Context())
			must(t, err)
			if n != 2 {
				t.Errorf("%s: %d held", kind, n)
			}
			w.clock.advance(2 * time.Minute)
			must(t, w.Delivery.Sweep(t.Context()))
			for _, d := range []delivery.Delivery{gone, left} {
				must(t, w.Delivery.Deliver(t.Context(), d.ID))
				if is := w.one(t, d.ID); is.State != delivery.Held || is.Reason == "" {
					t.Errorf("%s: it is %s (%s)", kind, is.State, is.Reason)
				}
				_, err := w.Delivery.Approve(t.Context(), w.Boss, d.ID)
				must(t, err)
				w.becomes(t, d.ID, delivery.Sent, 30*time.Second)
				if n := s.entries(d.Text); n != 1 {
					t.Errorf("%s: %q is there %d times", kind, d.Text, n)
				}
			}
		}
	})
}

// forget makes a delivery as it was before it was sent.
func (w *world) forget(t testing.TB, id delivery.ID) {
	t.Helper()
	must(t, w.Store.Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE delivery SET state = 'queued', remote_id = '', url = '', message = 0, sent_at = 0, ended_at = 0, tries = 0 WHERE id = $1`, id)
		return err
	}))
}

// What somebody wrote they can take back although the conversation is not theirs to see any more; of a colleague's they learn nothing.
func TestOnesOwnAnswerIsTakenBackWhereverTheConversationWent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "hook", "gone")
		c, _ := s.asks(t, "ann", "Which?", false)
		ann, bob := w.colleague(t, "Ann"), w.colleague(t, "Bob")
		own, err := w.Delivery.Reply(t.Context(), ann, c, delivery.Draft{Text: "This one.", Undo: time.Minute})
		must(t, err)
		other, err := w.Delivery.Reply(t.Context(), bob, c, delivery.Draft{Text: "That one.", Undo: time.Minute})
		must(t, err)
		ann.Departments = nil
		must(t, w.Store.Tx(t.Context(), func(tx *store.Tx) error {
			was, err := desk.LoadOne(t.Context(), tx, c)
			is := was
			is.Person = bob.Person
			return cmp.Or(err, desk.Save(t.Context(), tx, desk.Change{Was: was, Is: is}))
		}))
		if _, err := w.Delivery.One(t.Context(), ann, own.ID); !fault.Is(err, fault.NotFound) {
			t.Fatalf("she still sees it: %v", err)
		}
		d, err := w.Delivery.Cancel(t.Context(), ann, own.ID)
		if err != nil || d.State != delivery.Cancelled {
			t.Errorf("her own: %s, %v", d.State, err)
		}
		if _, err := w.Delivery.Cancel(t.Context(), ann, other.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a colleague's: %v", err)
		}
	})
}
