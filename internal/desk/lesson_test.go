package desk_test

import (
	"testing"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/desk"
	"switchboard/internal/staff"
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
