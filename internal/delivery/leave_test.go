package delivery_test

import (
	"slices"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/delivery"
	"switchboard/internal/sim/far"
	"switchboard/internal/staff"
)

// hired is somebody who works here and may speak for an account; leaves disables them.
func (w *world) hired(t testing.TB, name string, of account.ID) (who staff.Actor, leaves func()) {
	t.Helper()
	d := w.colleague(t, name).Departments
	p, err := w.Staff.AddPerson(t.Context(), staff.Machine(), staff.Person{Name: name, Email: name + "@acme.example", Role: staff.Member, Zone: "UTC", Departments: d}, "")
	must(t, err)
	must(t, w.Book.SetRights(t.Context(), w.Boss, of, []account.Right{{Person: p.ID, Duty: account.Speak}}))
	return staff.Actor{Person: p.ID, Name: name, Role: p.Role, Departments: d}, func() {
		t.Helper()
		disabled := staff.Disabled
		_, err := w.Staff.ChangePerson(t.Context(), w.Boss, p.ID, staff.PersonChange{State: &disabled})
		must(t, err)
	}
}

// What somebody wrote who is disabled before it left does not go out by itself, whole, in parts, as a post or as a closing line; what
// somebody else lets out does, and what had been let out by somebody else goes its way.
func TestWhatSomebodyWroteWhoLeftDoesNotGoOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "mastodon", "leaving")
		mallory, leaves := w.hired(t, "mallory", s.ID)
		whole, _ := s.asks(t, "ann", "Which?", false)
		parted, _ := s.asks(t, "bob", "How?", false)
		adopted, _ := s.asks(t, "cid", "When?", false)
		must(t, w.Book.Stop(t.Context(), w.Boss, s.ID))
		one, err := w.Delivery.Reply(t.Context(), mallory, whole, delivery.Draft{Text: "Mallory whole."})
		must(t, err)
		first, err := w.Delivery.Reply(t.Context(), mallory, parted, delivery.Draft{Text: "Both.", Parts: []string{"Mallory one.", "Mallory two."}})
		must(t, err)
		posts, err := w.Delivery.Publish(t.Context(), mallory, delivery.Post{Accounts: []account.ID{s.ID}, Text: "Mallory to all."})
		must(t, err)
		must(t, w.Book.SetRights(t.Context(), w.Boss, s.ID, nil))
		let, err := w.Delivery.Reply(t.Context(), mallory, adopted, delivery.Draft{Text: "Mallory, let out."})
		must(t, err)
		_, err = w.Delivery.Approve(t.Context(), w.Boss, let.ID)
		must(t, err)
		leaves()
		list := append(w.parts(t, first), one, posts[0])
		for _, d := range list {
			if is := w.one(t, d.ID); is.State != delivery.Held || is.Reason == "" {
				t.Errorf("%q is %s (%s)", d.Text, is.State, is.Reason)
			}
		}
		must(t, w.Book.Resume(t.Context(), w.Boss, s.ID))
		w.becomes(t, let.ID, delivery.Sent, time.Minute)
		if n := s.entries("Mallory"); n != 1 {
			t.Errorf("%d were said; want what was let out alone", n)
		}
		_, err = w.Delivery.Approve(t.Context(), w.Boss, first.ID)
		must(t, err)
		w.becomes(t, list[1].ID, delivery.Sent, time.Minute)
		if n := s.entries("Mallory"); n != 3 {
			t.Errorf("%d were said; want both parts with it", n)
		}
	})
}

// The same for what nobody could hold when they left: a part of what was being sent, a further try, a closing line that waited.
func TestWhatWasOnItsWayWhenItsAuthorLeft(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.side(t, "mastodon", "leaving")
		mallory, leaves := w.hired(t, "mallory", s.ID)
		c, _ := s.asks(t, "ann", "Which?", false)
		aside, _ := s.asks(t, "bob", "How?", false)
		again, _ := s.asks(t, "cid", "When?", false)
		var once bool
		gone := make(chan bool, 1)
		w.Delivery.Before = func(step string, d delivery.Delivery) {
			switch {
			case step == "calling" && d.Text == "Mallory again.":
				s.faults.Set(far.Fault{On: far.Send, Do: far.Answer, Status: 503, Times: 1})
			case step == "called" && d.Text == "Mallory one." && !once:
				once = true
				gone <- true
				time.Sleep(500 * time.Millisecond)
			}
		}
		tried, err := w.Delivery.Reply(t.Context(), mallory, again, delivery.Draft{Text: "Mallory again."})
		must(t, err)
		until(t, "it was tried", time.Minute, func() bool { return w.one(t, tried.ID).Tries > 0 && w.one(t, tried.ID).State == delivery.Queued })
		quiet, err := w.Delivery.TakePrivate(t.Context(), mallory, aside, delivery.Private{How: delivery.ByDirect, Text: "Mallory quietly.", Closing: "Mallory closes.", Undo: time.Minute})
		must(t, err)
		first, err := w.Delivery.Reply(t.Context(), mallory, c, delivery.Draft{Text: "Both.", Parts: []string{"Mallory one.", "Mallory two."}})
		must(t, err)
		<-gone
		leaves()
		w.becomes(t, first.ID, delivery.Sent, time.Minute)
		_, err = w.Delivery.Approve(t.Context(), w.Boss, quiet[0].ID)
		must(t, err)
		w.becomes(t, quiet[0].ID, delivery.Sent, time.Minute)
		for _, d := range []delivery.Delivery{w.parts(t, first)[1], tried, quiet[1]} {
			w.becomes(t, d.ID, delivery.Held, time.Minute)
			if n := s.entries(d.Text); n != 0 {
				t.Errorf("%q was said", d.Text)
			}
		}
		until(t, "each says why", time.Minute, func() bool { return w.one(t, quiet[1].ID).Reason == w.one(t, tried.ID).Reason })
		if can := w.Delivery.Can(t.Context(), w.Boss, w.one(t, quiet[1].ID)); !slices.Contains(can, "approve") {
			t.Errorf("nobody can let the closing line out: %v", can)
		}
		_, err = w.Delivery.Approve(t.Context(), w.Boss, quiet[1].ID)
		must(t, err)
		w.becomes(t, quiet[1].ID, delivery.Sent, time.Minute)
	})
}
