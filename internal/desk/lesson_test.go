package desk_test

import (
	"testing"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/clock"
	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/triage"
)

func TestWhatIsGivenBackToTheOperatorsTeachesNothing(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		r, err := h.Staff.Roster(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		accounts, press := h.Department(t, "Accounts"), h.Department(t, "Press and PR")
		for k, to := range []struct {
			department staff.DepartmentID
			lessons    int
		}{{accounts, 1}, {r.Operator().ID, 1}, {press, 2}} {
			c := arrive(t, h, "pupil", "where is my order")
			if k == 0 && c.Department == accounts {
				t.Fatal("it is with the accounts already")
			}
			if _, err := h.Desk.HandOver(t.Context(), h.Boss, c.ID, to.department, 0, "theirs"); err != nil {
				t.Fatal(err)
			}
			list, err := desk.Lessons(t.Context(), h.Store.Read(), desk.Budget{Corrections: 10})
			if err != nil || len(list) != to.lessons {
				t.Errorf("after it went to %v there are %d lessons, %v; want %d", to.department, len(list), err, to.lessons)
			}
		}
	})
}

// What a hand-over teaches are the words it is about: those it was decided by, not an impatient "hello??" after them, and after an answer
// the first that came since.
func TestWhatAHandOverIsLearnedOf(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		ctx, c := t.Context(), newCrew(t, h, now)
		accounts, press, service := h.Department(t, "Accounts"), h.Department(t, "Press and PR"), c.department("Print", 0, 2*time.Hour, "").ID
		const charged, impatient = "The zorgulon on my blarf twelve frobbles twice", "hello??"
		var n desk.Conversation
		says := func(text string) desk.MessageID {
			t.Helper()
			now.Add(time.Minute)
			n = arrive(t, h, "ann", text)
			return n.LastMessage
		}
		goes := func(what string, to staff.DepartmentID, want desk.MessageID) {
			t.Helper()
			now.Add(time.Minute)
			ok(t, second(h.Desk.HandOver(ctx, h.Boss, n.ID, to, 0, "theirs")))
			list := taught(t, h, plenty)
			if last := list[len(list)-1]; last.Department != to || last.Message != want {
				t.Errorf("%s: %v is learned of %q", what, last.Department, last.Text)
			}
		}
		first := says(charged)
		opened := n.ID
		says(impatient)
		if n.ID != opened || n.Decision.Message != first {
			t.Fatal("it is another conversation, or was decided anew")
		}
		goes("it was asked and asked again", accounts, first)
		says("Is anybody there?")
		for text, want := range map[string]bool{charged: true, impatient: false} {
			a, _ := h.Brain.Judge(triage.Input{Text: text})
			if got := a.Department() == accounts.String(); got != want {
				t.Errorf("somebody else's %q goes to them: %v", text, got)
			}
		}
		goes("they were wrong", press, first)
		now.Add(time.Minute)
		ok(t, second(h.Desk.AnsweredByHand(ctx, h.Boss, n.ID, "by telephone", time.Time{})))
		goes("it was answered, and nothing was said since", service, first)
		next := says("And the quonk of my glimmer?")
		says("Please?")
		goes("something else was asked after the answer", accounts, next)
		h.Tx(t, func(tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE message SET deleted_at = 1, body = '' WHERE id = $1`, next)
			return err
		})
		goes("that is gone", press, n.LastMessage)
	})
}
