package intake_test

import (
	"slices"
	"testing"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/notify"
	"switchboard/internal/staff"
)

// ward is a house whose people are told of what happens, on a clock that stands still.
type ward struct {
	*apptest.House
	t   *testing.T
	now *clock.Pretend
}

func wards(t *testing.T, f func(t *testing.T, w *ward)) {
	apptest.EachAt(t, app.Options{}, func(t *testing.T, h *apptest.House, now *clock.Pretend) { f(t, &ward{h, t, now}) })
}

// hire adds a member of a department.
func (w *ward) hire(name, department string) staff.Actor {
	w.t.Helper()
	p, err := w.Staff.AddPerson(w.t.Context(), w.Boss, staff.Person{Name: name, Email: name + "@acme.example", Role: staff.Member,
		Departments: []staff.DepartmentID{w.Department(w.t, department)}}, "correct horse battery")
	if err != nil {
		w.t.Fatal(err)
	}
	return p.ActorOf()
}

// take takes in events of the shared account, and returns the conversation of the last.
func (w *ward) take(list ...channel.Event) desk.Conversation {
	w.t.Helper()
	a := w.Shared(w.t)
	if err := w.Intake.Take(w.t.Context(), a, list, nil); err != nil {
		w.t.Fatal(err)
	}
	last := list[len(list)-1].RemoteID
	found, err := desk.MessagesByRemote(w.t.Context(), w.Store.Read(), a.ID, []string{last})
	if err != nil {
		w.t.Fatal(err)
	}
	return w.is(found[last].Conversation)
}

func (w *ward) is(id desk.ConversationID) desk.Conversation {
	w.t.Helper()
	c, err := w.Desk.Conversation(w.t.Context(), w.Boss, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// must fails the test on the error of a deed.
func (w *ward) must(_ desk.Conversation, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// journal is what the journal holds of a kind on a conversation.
func (w *ward) journal(c desk.ConversationID, what journal.What) (out []journal.Entry) {
	w.t.Helper()
	list, err := journal.Of(w.t.Context(), w.Store.Read(), int64(c), 500)
	if err != nil {
		w.t.Fatal(err)
	}
	return slices.DeleteFunc(list, func(e journal.Entry) bool { return e.What != what })
}

// hears waits until somebody has a notification of a kind, the last for an entry of the journal.
func (w *ward) hears(who staff.Actor, k notify.Kind, what journal.What) {
	w.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		page, err := w.Bell.List(w.t.Context(), who, "", true)
		if err != nil {
			w.t.Fatal(err)
		}
		if slices.ContainsFunc(page.Items, func(n notify.Told) bool { return n.Kind == k && n.What == what }) {
			return
		}
	}
	w.t.Errorf("%s is not told of %q by %q", who.Name, what, k)
}

// at is what somebody says at the time it is now.
func (w *ward) at(id, from, text string) channel.Event {
	e := said(id, from, text)
	e.At, e.Message.At = w.now.Now(), w.now.Now()
	return e
}

// Who writes while their conversation sleeps wakes it, and whoever has it is told; without a person its department is.
func TestTheContactWritesWhileItSleeps(t *testing.T) {
	wards(t, func(t *testing.T, w *ward) {
		sue := w.hire("sue", "Customer service")
		for name, person := range map[string]staff.PersonID{"with Sue": sue.Person, "in the queue": 0} {
			t.Run(name, func(t *testing.T) {
				kim := "kim" + person.String()
				c := w.take(w.at(kim+"1", kim, "My order has not arrived. Where is it?"))
				w.must(w.Desk.HandOver(t.Context(), w.Boss, c.ID, sue.Departments[0], person, ""))
				if err := w.Bell.MarkAll(t.Context(), sue, w.now.Now().Add(time.Hour)); err != nil {
					t.Fatal(err)
				}
				w.must(w.Desk.Snooze(t.Context(), w.Boss, c.ID, w.now.Now().Add(48*time.Hour)))
				w.now.Add(time.Hour)
				is := w.take(w.at(kim+"2", kim, "Hello? I still wait for my order. Where is it?"))
				if is.ID != c.ID || is.State != desk.Open || !is.SnoozedUntil.IsZero() || !is.Clock.Running() {
					t.Errorf("it is %s until %s, clock %q", is.State, is.SnoozedUntil, is.Clock.Kind)
				}
				if told := w.journal(c.ID, journal.Woke); len(told) != 1 || told[0].Who != journal.Contact(c.Contact) {
					t.Errorf("the journal says %+v", told)
				}
				if person.IsZero() {
					w.hears(sue, "queue", journal.Woke)
				} else {
					w.hears(sue, "wrote", journal.MessageArrived)
				}
			})
		}
	})
}
