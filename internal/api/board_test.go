package api_test

import (
	"context"
	"strings"
	"testing"

	"switchboard/internal/board"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// incident is an open one with one conversation of a department in it.
func (w *world) incident(t testing.TB, in staff.DepartmentID) board.IncidentID {
	t.Helper()
	of, c := board.IncidentID(w.Store.IDs.Next()), w.talk(t, in).conversation
	w.tx(t, func(tx *store.Tx) error {
		if err := tx.Insert(context.Background(), "incident", "id, kind, what, state, started_at, last_at, ended_at, ended_by, department, person, usual, seen", "",
			[][]any{{of, "word", w.unique(), "open", store.Micros(w.clock.Now()), store.Micros(w.clock.Now()), 0, 0, 0, 0, 1, 9}}); err != nil {
			return err
		}
		return tx.Insert(context.Background(), "incident_conversation", "incident, conversation, at", "", [][]any{{of, c, 0}})
	})
	return of
}

func TestTheBoardShowsEachTheirOwn(t *testing.T) {
	w := newWorld(t)
	sales, accounts := w.department(t, "Sales"), w.department(t, "Accounts")
	w.talk(t, sales)
	w.incident(t, accounts)
	boss, member := w.as(t, w.hire(t, staff.Manager)), w.as(t, w.hire(t, staff.Member, sales))
	if a := boss.do("GET", "/api/board", nil); a.status != 200 || !strings.Contains(string(a.body), `"Accounts"`) || strings.Contains(string(a.body), `"incidents":[]`) {
		t.Errorf("a manager: %d %s", a.status, a.body)
	}
	if a := member.do("GET", "/api/board", nil); a.status != 200 || strings.Contains(string(a.body), `"Accounts"`) || !strings.Contains(string(a.body), `"incidents":[]`) {
		t.Errorf("a member of another department: %d %s", a.status, a.body)
	}
}
