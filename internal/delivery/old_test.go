package delivery_test

import (
	"testing"
	"time"

	"switchboard/internal/delivery"
	"switchboard/internal/sim/far"
)

// What waited for longer than a day for people or for its account, and then meets one bad moment, is tried again as any other.
func TestWhatWaitedLongHasAllItsTries(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "mastodon", "long")
		c, _ := s.asks(t, "ann", "Which?", false)
		bad := far.Fault{On: far.Send, Do: far.Answer, Status: 503, Times: 1}
		mo := w.colleague(t, "Mo")
		for name, waits := range map[string]func() delivery.Delivery{
			"held": func() delivery.Delivery {
				d, err := w.Delivery.Reply(t.Context(), mo, c, delivery.Draft{Text: "Held.", Force: true})
				must(t, err)
				w.clock.advance(25 * time.Hour)
				s.faults.Set(bad)
				d, err = w.Delivery.Approve(t.Context(), w.Boss, d.ID)
				must(t, err)
				return d
			},
			"stopped": func() delivery.Delivery {
				must(t, w.Book.Stop(t.Context(), w.Boss, s.ID))
				d := w.reply(t, c, delivery.Draft{Text: "Stopped.", Force: true})
				w.clock.advance(25 * time.Hour)
				s.faults.Set(bad)
				must(t, w.Book.Resume(t.Context(), w.Boss, s.ID))
				return d
			},
			"failed": func() delivery.Delivery {
				s.faults.Set(far.Fault{On: far.Send, Do: far.Answer, Status: 422, Body: []byte(`{"error":"no"}`), Times: 1})
				d := w.reply(t, c, delivery.Draft{Text: "Failed.", Force: true})
				w.becomes(t, d.ID, delivery.Failed, time.Minute)
				w.clock.advance(25 * time.Hour)
				s.faults.Set(bad)
				d, err := w.Delivery.Retry(t.Context(), w.Boss, d.ID)
				must(t, err)
				return d
			},
		} {
			d := waits()
			is := w.ended(t, d.ID, time.Minute)
			if is.State != delivery.Sent || is.Tries < 2 || s.entries(d.Text) != 1 {
				t.Errorf("%s: it is %s (%s) after %d tries, with %d entries", name, is.State, is.Reason, is.Tries, s.entries(d.Text))
			}
		}
	})
}

// What keeps failing is left to a person after a day, wherever it began.
func TestWhatFailsForADayIsLeftToAPerson(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "bluesky", "day")
		c, _ := s.asks(t, "ann", "Which?", false)
		d, err := w.Delivery.Reply(t.Context(), w.colleague(t, "Mo"), c, delivery.Draft{Text: "Never."})
		must(t, err)
		w.clock.advance(25 * time.Hour)
		s.faults.Set(far.Fault{On: far.Send, Do: far.Answer, Status: 502})
		_, err = w.Delivery.Approve(t.Context(), w.Boss, d.ID)
		must(t, err)
		quarters := 0
		for ; w.one(t, d.ID).State != delivery.Failed && quarters < 400; quarters++ {
			w.clock.advance(15 * time.Minute)
			_ = w.Delivery.Deliver(t.Context(), d.ID) // says when to come again, or that its worker has it
		}
		if quarters < 4*23 || quarters == 400 || s.entries(d.Text) != 0 { // a quarter in which a worker is at it has no try of ours
			t.Errorf("it failed after %d quarters of an hour, with %d entries", quarters, s.entries(d.Text))
		}
	})
}
