package delivery_test

import (
	"strings"
	"testing"

	"time"

	"switchboard/internal/delivery"
)

// What is answered is read again right before the answer leaves: deleted, or edited, it waits for a person, who may send it
// all the same (B11).
func TestWhatIsAnsweredIsReadAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var h hooked
		w.Delivery.Before = h.before
		for _, kind := range []string{"mastodon", "bluesky", "hook"} {
			s := w.side(t, kind, "again"+letters(kind))
			for what, change := range map[string]func(id, text string){"deleted": func(id, _ string) { s.remove(id) }, "edited": s.edit} {
				if change == nil { // posts on Bluesky are not edited
					continue
				}
				c, m := s.asks(t, "ann", "Do you sell blue kettles, not "+what+"?", false)
				remote := w.remoteOf(t, m)
				d := w.reply(t, c, delivery.Draft{Text: "Yes, ask not " + what + ".", Undo: time.Minute})
				change(remote, "Do you sell red kettles?")
				w.clock.advance(time.Minute)
				_ = w.Delivery.Deliver(t.Context(), d.ID)
				is := w.one(t, d.ID)
				if is.State != delivery.Held || !strings.Contains(is.Reason, what) || what == "edited" && !strings.Contains(is.Content.Difference, "red kettles") {
					t.Errorf("%s, %s: it is %s (%s), difference %q", kind, what, is.State, is.Reason, is.Content.Difference)
				}
				if n := s.entries(d.Text); n != 0 {
					t.Errorf("%s, %s: %d entries before a person looked", kind, what, n)
				}
				if what == "edited" { // and once more between the approval and the sending
					if _, err := w.Delivery.Approve(t.Context(), w.Boss, d.ID); err != nil {
						t.Fatal(err)
					}
					is = w.becomes(t, d.ID, delivery.Sent, 20*time.Second)
					if is.ApprovedBy != w.Boss.Person || s.entries(d.Text) != 1 {
						t.Errorf("%s: approved by %v, %d entries", kind, is.ApprovedBy, s.entries(d.Text))
					}
					continue
				}
				if _, err := w.Delivery.Approve(t.Context(), w.Boss, d.ID); err != nil {
					t.Fatal(err)
				}
				is = w.ended(t, d.ID, 20*time.Second) // who answers a post that is gone is told so by the far side, and not asked for ever
				if is.State == delivery.Held || is.Reason == "" && is.State != delivery.Sent {
					t.Errorf("%s: sent all the same, it is %s (%s)", kind, is.State, is.Reason)
				}
				if n := s.entries(d.Text); n > 1 {
					t.Errorf("%s: %d entries", kind, n)
				}
			}
		}
	})
}
