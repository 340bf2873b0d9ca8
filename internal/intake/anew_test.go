package intake_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/intake"
	"switchboard/internal/journal"
	"switchboard/internal/policy"
	"switchboard/internal/staff"
)

// invoice and parcel are as surely of two departments as can be.
const (
	invoice = "My invoice is wrong: you charged me twice, please refund the second payment to my card."
	parcel  = "My parcel has not arrived. The tracking says delivered, but there is no parcel. Where is my order?"
)

// recall makes a rule that sends whoever says so to a department.
func (w *ward) recall(d staff.DepartmentID) {
	w.t.Helper()
	name, when := "Recall", `says("recall")`
	if _, err := w.Policy.AddRule(w.t.Context(), w.Boss, policy.RuleChange{Name: &name, Condition: &when, Department: &d, Why: "it is dangerous"}); err != nil {
		w.t.Fatal(err)
	}
}

// Whoever begins something new in a conversation that was closed gets whoever answers that, and the clock of those; about the
// same it stays with whom it was.
func TestWhatBeginsAnewIsDecidedAnew(t *testing.T) {
	wards(t, func(t *testing.T, w *ward) {
		for name, again := range map[string]string{"the same matter": "My parcel has still not arrived. Where is my order? The tracking says delivered.", "another": invoice} {
			t.Run(name, func(t *testing.T) {
				kim := "kim " + name
				c := w.take(w.at(kim+"1", kim, parcel))
				wanted := w.take(w.at(kim+"0", "lee "+name, again)).Department // as if it came by itself
				if name == "another" && wanted == c.Department {
					t.Fatal("both texts are of one department")
				}
				w.must(w.Desk.HandOver(t.Context(), w.Boss, c.ID, c.Department, w.hire(strings.Fields(name)[0], w.name(c.Department)).Person, ""))
				c = w.is(c.ID)
				w.must(w.Desk.Close(t.Context(), w.Boss, c.ID, ""))
				w.now.Add(40 * 24 * time.Hour)
				is := w.take(w.at(kim+"2", kim, again))
				if is.ID != c.ID || is.State != desk.Open || is.Department != wanted || !is.Clock.Running() {
					t.Fatalf("it is %s, with %s; want %s", is.State, w.name(is.Department), w.name(wanted))
				}
				told := w.journal(c.ID, journal.PutThrough)
				switch name {
				case "another":
					if len(told) != 2 || is.Person == c.Person || is.Decision.Department != wanted {
						t.Errorf("%s has it, told %d times", is.Person, len(told))
					}
				default:
					if len(told) != 1 || is.Person != c.Person {
						t.Errorf("%s has it, and no longer %s", is.Person, c.Person)
					}
				}
			})
		}
	})
}

// A rule that what is said later calls for has its say, once: what lies in a queue goes where it says; whoever is at work on it,
// and where a person has put it, keeps it, and the rule's department is asked beside.
func TestARuleHasItsSayLater(t *testing.T) {
	wards(t, func(t *testing.T, w *ward) {
		safety := w.Department(t, "Press and PR")
		sue := w.hire("sue", "Customer service")
		w.recall(safety)
		for name, x := range map[string]struct {
			before func(c desk.ConversationID)
			moves  bool
		}{
			"in the queue": {func(desk.ConversationID) {}, true},
			"with Sue": {func(c desk.ConversationID) {
				w.must(w.Desk.HandOver(t.Context(), w.Boss, c, sue.Departments[0], sue.Person, ""))
			}, false},
			"put by a person": {func(c desk.ConversationID) {
				w.must(w.Desk.HandOver(t.Context(), w.Boss, c, w.Department(t, "Sales"), 0, ""))
			}, false},
		} {
			t.Run(name, func(t *testing.T) {
				kim := "kim " + name
				c := w.take(w.at(kim+"1", kim, parcel))
				x.before(c.ID)
				c = w.is(c.ID)
				before := len(w.journal(c.ID, journal.Asked))
				for _, id := range []string{"2", "3"} {
					w.now.Add(time.Minute)
					is := w.take(w.at(kim+id, kim, "Is this kettle part of the recall? My parcel has still not arrived."))
					asked := w.journal(c.ID, journal.Asked)[before:]
					if x.moves && (is.Department != safety || is.Decision.By != "rule" || len(asked) != 0 || is.Clock != c.Clock) {
						t.Errorf("it is with %s by %s, %d are asked", w.name(is.Department), is.Decision.By, len(asked))
					}
					if !x.moves && (is.Department != c.Department || is.Person != c.Person || len(asked) != 1 || is.Asked[len(is.Asked)-1].Department != safety) {
						t.Errorf("it is with %s, %s; asked is %+v", w.name(is.Department), is.Person, is.Asked)
					}
				}
				told := w.journal(c.ID, journal.PutThrough)
				if x.moves && (len(told) != 2 || !strings.Contains(string(told[0].Data)+string(told[1].Data), "Recall")) {
					t.Errorf("the journal says %+v", told)
				}
			})
		}
	})
}

func (w *ward) name(d staff.DepartmentID) string {
	r, err := w.Staff.Roster(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	is, _ := r.Department(d)
	return is.Name
}

// What was judged when its department was there, and is stored when it is no more, goes to the operators by itself.
func TestWhatComesWhileItsDepartmentIsRetiredGoesToTheOperators(t *testing.T) {
	wards(t, func(t *testing.T, w *ward) {
		of := w.take(w.at("1", "kim", invoice)).Department
		operator := w.Boss.Departments[0]
		if of == operator {
			t.Fatal("nobody is sure whose it is")
		}
		asked := 0
		late := intake.New(w.Store, w.Desk, w.Brain, func() time.Time {
			if asked++; asked == 2 { // the first is when it came, the second when it was judged
				if err := w.Staff.RetireDepartment(t.Context(), w.Boss, of, w.Department(t, "Sales")); err != nil {
					t.Error(err)
				}
			}
			return w.now.Now()
		}, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		var runs sync.WaitGroup
		runs.Go(func() { late.Run(ctx) })
		defer runs.Wait()
		defer cancel()
		e := w.at("2", "lee", invoice)
		if err := late.Take(ctx, w.Shared(t), []channel.Event{e}, nil); err != nil {
			t.Fatal(err)
		}
		c := w.take(e) // again: it is there already
		if c.Department != of {
			t.Fatalf("it came to %s, which is not what is tested", w.name(c.Department))
		}
		w.now.Add(2 * time.Minute)
		if _, err := w.Desk.Ring(ctx); err != nil {
			t.Fatal(err)
		}
		if is := w.is(c.ID); is.Department != operator || !is.Clock.Running() {
			t.Errorf("it is with %q", w.name(is.Department))
		}
	})
}
