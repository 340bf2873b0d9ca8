package intake_test

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
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
	"switchboard/internal/triage"
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
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
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

// sampledID is an id beginning so that is among the one in twenty shown to a person though they need no answer, or is not.
func sampledID(begin string, is bool) string {
	for n, id := 0, begin; ; n++ {
		h := fnv.New32a()
		_, _ = h.Write([]byte(id))
		if (h.Sum32()%20 == 0) == is {
			return id
		}
		id = fmt.Sprintf("%s-%d", begin, n)
	}
}

const (
	wants   = "My order 4711 has not arrived. Where is it? Please answer."
	chatter = "Buy 10000 followers now, cheap: http://cheap.example"
)

// What needs no answer is set aside, and not for good: it comes back when its author writes again, it is seen when it answers a
// question of ours, and one in twenty is shown to a person, whatever came before.
func TestWhatNeedsNoAnswerDoesNotVanish(t *testing.T) {
	wards(t, func(t *testing.T, w *ward) {
		answer := func(c desk.ConversationID, text string, then desk.State) {
			now := w.now.Now()
			id := sampledID(fmt.Sprintf("ours%d", c), false)
			e := w.at(id, "@acme", text)
			e.Message.Own, e.Message.To = true, []channel.Identity{{RemoteID: w.remoteOf(c)}}
			w.now.Add(time.Minute)
			e.Message.At = now.Add(time.Second)
			if is := w.take(e); is.State != desk.Waiting {
				t.Fatalf("after our answer it is %s", is.State)
			}
			if then == desk.Closed {
				w.must(w.Desk.Close(t.Context(), w.Boss, c, ""))
			}
		}
		for name, x := range map[string]struct {
			first, answer, then string
			left                desk.State // by us, after our answer
			sampled             bool
			want                desk.State
			told                journal.What
		}{
			"what was set aside comes back":            {chatter, "", chatter, "", false, desk.Open, journal.BroughtBack},
			"an answer to our question is seen":        {wants, "Which size do you have?", chatter, desk.Waiting, false, desk.Open, journal.Reopened},
			"thanks for an answer ask for nothing":     {wants, "It left this morning.", chatter, desk.Waiting, false, desk.Waiting, ""},
			"an address of ours asks nothing":          {wants, "It is here: https://x.example/?order=1", chatter, desk.Waiting, false, desk.Waiting, ""},
			"thanks for what is closed leave it":       {wants, "It left this morning.", chatter, desk.Closed, false, desk.Closed, ""},
			"one in twenty is shown where it waits":    {wants, "It left this morning.", chatter, desk.Waiting, true, desk.Open, journal.Reopened},
			"one in twenty is shown where it's closed": {wants, "It left this morning.", chatter, desk.Closed, true, desk.Open, journal.Reopened},
		} {
			t.Run(name, func(t *testing.T) {
				kim := "kim " + name
				c := w.take(w.at(sampledID(kim, false), kim, x.first))
				if x.answer != "" {
					answer(c.ID, x.answer, x.left)
				} else if c.View() != "aside" {
					t.Fatalf("%q is not set aside: %s, needs %s", x.first, c.View(), c.Needs)
				}
				w.now.Add(time.Hour)
				c = w.take(w.at(sampledID(kim+" again", x.sampled), kim, x.then))
				if c.State != x.want || x.want == desk.Open && (c.Needs != "courtesy" || !c.Clock.Running()) {
					t.Errorf("it is %s, needs %s", c.State, c.Needs)
				}
				if x.told != "" && len(w.journal(c.ID, x.told)) != 1 {
					t.Errorf("the journal has no %q", x.told)
				}
				if slices.Contains(c.Tags, "sample") != x.sampled {
					t.Errorf("its tags are %q", c.Tags)
				}
			})
		}
	})
}

// A direct message names nothing that it answers: it is read after what was said last in its conversation.
func TestADirectMessageIsReadAfterWhatWasSaidBefore(t *testing.T) {
	wards(t, func(t *testing.T, w *ward) {
		for k, before := range []string{"I was charged twice, I want my money back", "My washing machine does not start, the display shows an error"} {
			from := fmt.Sprintf("ann%d", k)
			w.take(w.at(from+"a", from, before))
			w.now.Add(time.Minute)
			c := w.take(w.at(from+"b", from, "yes please"))
			got := w.assessed(from + "b")
			if alone, _ := w.Brain.Judge(triage.Input{Text: "yes please", Kind: "direct", Private: true, Earlier: "en", At: w.now.Now()}); got.Departments[0] == alone.Departments[0] {
				t.Errorf("after %q it is read as if it stood alone: %+v", before, got.Departments[0])
			}
			if c.Messages != 2 {
				t.Errorf("%d messages", c.Messages)
			}
		}
	})
}

// assessed is what triage said of a message of the shared account.
func (w *ward) assessed(id string) (a triage.Assessment) {
	w.t.Helper()
	found, err := desk.MessagesByRemote(w.t.Context(), w.Store.Read(), w.Shared(w.t).ID, []string{id})
	if err == nil {
		err = json.Unmarshal([]byte(found[id].Assessment), &a)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// remoteOf is who has written in a conversation, by the channel's id.
func (w *ward) remoteOf(c desk.ConversationID) (id string) {
	w.t.Helper()
	err := w.Store.Read().QueryRowContext(w.t.Context(), `SELECT i.remote_id FROM identity i JOIN conversation c ON c.contact = i.contact WHERE c.id = $1`, c).Scan(&id)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// Who changes what needed no answer into something that does is heard, also where it was closed, and its owner is told. As long as
// nobody has taken it, what an edit is about decides whom it goes to; from then on it stays.
func TestAnEditIsHeard(t *testing.T) {
	wards(t, func(t *testing.T, w *ward) {
		sue := w.hire("sue", "Customer service")
		edit := func(e channel.Event, text string) channel.Event {
			w.now.Add(time.Minute)
			e.Kind, e.At, e.Message.Text, e.Message.EditedAt = channel.Edited, w.now.Now(), text, w.now.Now()
			return e
		}
		first := w.at(sampledID("kim1", false), "kim", idle)
		c := w.take(first)
		if c.View() != "aside" {
			t.Fatalf("it is %s", c.View())
		}
		first = edit(first, parcel)
		if is := w.take(first); is.State != desk.Open || is.Needs != "must" || !is.Clock.Started.Equal(w.now.Now()) || len(w.journal(c.ID, journal.BroughtBack)) != 1 {
			t.Errorf("edited it is %s, needs %s, since %v", is.State, is.Needs, is.Clock.Started)
		}
		first = edit(first, invoice)
		is := w.take(first)
		if w.name(is.Department) != "Accounts" {
			t.Errorf("about an invoice it is with %s", w.name(is.Department))
		}
		w.must(w.Desk.HandOver(t.Context(), w.Boss, c.ID, sue.Departments[0], sue.Person, ""))
		first = edit(first, parcel+" "+invoice)
		if is = w.take(edit(first, invoice+" Please!")); is.Person != sue.Person {
			t.Errorf("what Sue has went to %s", w.name(is.Department))
		}
		other := w.at(sampledID("lee1", false), "lee", idle)
		c = w.take(other)
		w.must(w.Desk.HandOver(t.Context(), w.Boss, c.ID, sue.Departments[0], sue.Person, ""))
		if is = w.take(edit(other, parcel)); is.State != desk.Open || is.Person != sue.Person {
			t.Errorf("edited when it was closed it is %s with %s of %s", is.State, is.Person, w.name(is.Department))
		}
		w.hears(sue, "wrote", journal.MessageEdited)
	})
}
