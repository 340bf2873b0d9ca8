package delivery_test

import (
	"testing"
	"time"

	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// An answer bears out where a conversation was put through to once it is sent, and once for all.
func TestAnAnswerThatIsSentBearsOutTheDecision(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		s := w.side(t, "hook", "borne")
		id, m := s.asks(t, "ann", "Where is my order?", true)
		accounts := w.Department(t, "Accounts")
		_, err := w.Staff.ChangePerson(ctx, w.Boss, w.Boss.Person, staff.PersonChange{Departments: &[]staff.DepartmentID{accounts}})
		must(t, err)
		w.Tx(t, func(tx *store.Tx) error {
			was, err := desk.LoadOne(ctx, tx, id)
			if err != nil {
				return err
			}
			is := was
			is.Department, is.Person = accounts, 0
			is.Decision = desk.Decision{Department: accounts, By: "model", Message: m, Suggestions: []desk.Suggestion{{Department: accounts, Confidence: 0.9}}}
			return desk.Save(ctx, tx, desk.Change{Was: was, Is: is})
		})
		lessons := func() []desk.Lesson {
			list, err := desk.Lessons(ctx, w.Store.Read(), desk.Budget{Corrections: 10, Confirmations: 10, Each: 10})
			must(t, err)
			return list
		}
		d := w.reply(t, id, delivery.Draft{Text: "Taken back.", Undo: time.Minute})
		_, err = w.Delivery.Cancel(ctx, w.Boss, d.ID)
		must(t, err)
		if list := lessons(); len(list) != 0 {
			t.Errorf("an answer that was never sent taught %+v", list)
		}
		for _, text := range []string{"On its way.", "Did it come?"} {
			d := w.reply(t, id, delivery.Draft{Text: text, Force: true})
			w.becomes(t, d.ID, delivery.Sent, time.Minute)
			if list := lessons(); len(list) != 1 || list[0].Kind != desk.Confirmation || list[0].Department != accounts || list[0].Message != m {
				t.Errorf("after %q there are %+v", text, list)
			}
		}
	})
}
