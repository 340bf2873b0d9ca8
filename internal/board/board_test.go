package board_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/board"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// house is a Switchboard on a clock that stands still, on both databases.
func house(t *testing.T, f func(t *testing.T, w *world)) {
	apptest.EachAt(t, app.Options{}, func(t *testing.T, h *apptest.House, now *clock.Pretend) { f(t, &world{House: h, now: now}) })
}

type world struct {
	*apptest.House
	now *clock.Pretend
	n   int
}

// says has so many people write a text each, one a minute.
func (w *world) says(t *testing.T, people int, text string, every time.Duration) {
	t.Helper()
	for range people {
		w.n++
		who := fmt.Sprintf("person%d", w.n)
		m := channel.Message{RemoteID: "m" + who, Kind: channel.Direct, Private: true, Text: text, At: w.now.Now(),
			From: channel.Identity{RemoteID: who, Handle: "@" + who, Name: who}}
		e := channel.Event{Kind: channel.Said, RemoteID: m.RemoteID, At: m.At, Message: m}
		if err := w.Intake.Take(t.Context(), w.Shared(t), []channel.Event{e}, nil); err != nil {
			t.Fatal(err)
		}
		w.now.Add(every)
	}
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("still not: " + what)
}

// incidents are those that somebody sees.
func (w *world) incidents(t *testing.T, who staff.Actor) []board.Held {
	t.Helper()
	list, err := w.Board.Incidents(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAStormIsOneIncidentThatIsTakenAsAWhole(t *testing.T) {
	house(t, func(t *testing.T, w *world) {
		for k := range 30 { // two and a half ordinary hours
			w.says(t, 1, fmt.Sprintf("an ordinary matter number%d", k), 5*time.Minute)
		}
		if list := w.incidents(t, w.Boss); len(list) != 0 {
			t.Fatalf("ordinary hours: %+v", list)
		}
		w.says(t, 20, "my #kettleuno smells of burning", 20*time.Second)
		until(t, "the storm is an incident with all twenty", func() bool {
			list := w.incidents(t, w.Boss)
			return len(list) == 1 && list[0].Conversations == 20 && list[0].Waiting == 20
		})
		i := w.incidents(t, w.Boss)[0]
		if !i.Open || i.Seen < 8 || !i.Department.IsZero() {
			t.Errorf("%+v", i)
		}

		service := w.Department(t, "Customer service")
		h, left, err := w.Board.Take(t.Context(), w.Boss, i.ID, service, 0)
		if err != nil || left != 0 || h.Department != service {
			t.Fatalf("%+v, %d left, %v", h, left, err)
		}
		for _, r := range w.conversations(t, i.ID) {
			if r.Department != service {
				t.Errorf("%s was not put through: it is with %s", r.ID, r.Department)
			}
		}
		w.says(t, 1, "my #kettleuno smells of burning", 0)
		until(t, "what comes later goes there too", func() bool {
			rows := w.conversations(t, i.ID)
			for _, r := range rows {
				if r.Department != service {
					return false
				}
			}
			return len(rows) == 21
		})

		outsider := staff.Actor{Person: 99, Role: staff.Member, Departments: []staff.DepartmentID{w.Department(t, "Accounts")}}
		if list := w.incidents(t, outsider); len(list) != 0 {
			t.Errorf("a member of another department sees %+v", list)
		}
		if _, _, err := w.Board.Incident(t.Context(), outsider, i.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a member of another department opens it: %v", err)
		}
		if _, _, err := w.Board.Take(t.Context(), outsider, i.ID, service, 0); err == nil {
			t.Error("a member of another department takes it")
		}

		w.now.Add(44 * time.Minute)
		if err := w.Board.EndQuiet(t.Context()); err != nil || !w.incidents(t, w.Boss)[0].Open {
			t.Errorf("it ended too soon, %v", err)
		}
		w.now.Add(2 * time.Minute)
		if err := w.Board.EndQuiet(t.Context()); err != nil || w.incidents(t, w.Boss)[0].Open {
			t.Errorf("it does not end, %v", err)
		}
		if _, _, err := w.Board.Take(t.Context(), w.Boss, i.ID, service, 0); !fault.Is(err, fault.Conflict) {
			t.Errorf("what is over is taken: %v", err)
		}
		w.now.Add(24 * time.Hour)
		if list := w.incidents(t, w.Boss); len(list) != 0 {
			t.Errorf("a day later it still stands there: %+v", list)
		}
	})
}

// However many conversations an incident has, all of them are put through.
func TestALargeIncidentIsTakenAsAWhole(t *testing.T) {
	house(t, func(t *testing.T, w *world) {
		for k := range 30 {
			w.says(t, 1, fmt.Sprintf("an ordinary matter number%d", k), 5*time.Minute)
		}
		w.says(t, 20, "my #kettleuno smells of burning", 20*time.Second)
		until(t, "the storm is an incident", func() bool { return len(w.incidents(t, w.Boss)) == 1 })
		i, to := w.incidents(t, w.Boss)[0], w.Department(t, "Accounts")
		w.says(t, 500, "Where is my order?", time.Second)
		until(t, "all have come", func() bool {
			var n int
			err := w.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM conversation`).Scan(&n)
			return err == nil && n == 550
		})
		err := w.Store.Tx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `INSERT INTO incident_conversation (incident, conversation, at) SELECT $1, id, opened_at FROM conversation
				WHERE id NOT IN (SELECT conversation FROM incident_conversation WHERE incident = $1)`, i.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if h, left, err := w.Board.Take(t.Context(), w.Boss, i.ID, to, 0); err != nil || left != 0 {
			t.Fatalf("%+v, %d left, %v", h, left, err)
		}
		var other int
		if err := w.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM conversation WHERE department <> $1 AND state <> 'closed'`, to).Scan(&other); err != nil || other != 0 {
			t.Errorf("%d were left where they were, %v", other, err)
		}
	})
}

// Who takes an incident as a whole judges none of its messages, and what joins it follows by itself: neither teaches triage where such
// messages belong, nor says that it was wrong, nor unsays what was learned before; and taking it back does not either.
func TestAnIncidentTeachesNothing(t *testing.T) {
	house(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		lessons := func() (n int) {
			t.Helper()
			if err := w.Store.Read().QueryRowContext(ctx, `SELECT count(*) FROM lesson WHERE ended = 0`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		for k := range 30 {
			w.says(t, 1, fmt.Sprintf("an ordinary matter number%d", k), 5*time.Minute)
		}
		w.says(t, 20, "my #kettleuno smells of burning", 20*time.Second)
		until(t, "the storm is an incident", func() bool {
			list := w.incidents(t, w.Boss)
			return len(list) == 1 && list[0].Conversations == 20
		})
		i, press := w.incidents(t, w.Boss)[0], w.Department(t, "Press and PR")
		learned := w.conversations(t, i.ID)[0].ID
		w.Tx(t, func(tx *store.Tx) error { // it was dealt with where it was thought to belong
			_, err := tx.ExecContext(ctx, `INSERT INTO lesson (id, message, contact, kind, department, intent, at) SELECT 1, last_message, contact, 'confirmation', department, '', 0
				FROM conversation WHERE id = $1`, learned)
			return err
		})
		if _, _, err := w.Board.Take(ctx, w.Boss, i.ID, press, 0); err != nil {
			t.Fatal(err)
		}
		w.says(t, 3, "my #kettleuno smells of burning", time.Second)
		until(t, "what comes later goes there too", func() bool {
			rows := w.conversations(t, i.ID)
			return len(rows) == 23 && !slices.ContainsFunc(rows, func(r desk.Row) bool { return r.Department != press })
		})
		if n := lessons(); n != 1 {
			t.Errorf("%d lessons are kept after an incident was taken as a whole; one was", n)
		}
		if _, err := w.Desk.Undo(ctx, w.Boss, learned, "handover"); err != nil {
			t.Fatal(err)
		}
		if n := lessons(); n != 1 {
			t.Errorf("%d lessons are kept after one was taken back; one was", n)
		}
		if _, err := w.Insight.Settle(ctx); err != nil {
			t.Fatal(err)
		}
		var settled int
		if err := w.Store.Read().QueryRowContext(ctx, `SELECT count(*) FROM verdict v JOIN incident_conversation c ON c.conversation = v.conversation
			WHERE v.settled_at <> 0 AND v.conversation <> $1`, learned).Scan(&settled); err != nil || settled != 0 {
			t.Errorf("%d were judged by being part of an incident, %v", settled, err)
		}
		if _, err := w.Desk.HandOver(ctx, w.Boss, w.conversations(t, i.ID)[1].ID, w.Department(t, "Accounts"), 0, "it is about the bill"); err != nil {
			t.Fatal(err)
		}
		if n := lessons(); n != 2 {
			t.Errorf("%d lessons are kept after somebody put one of them elsewhere", n)
		}
	})
}

func (w *world) conversations(t *testing.T, of board.IncidentID) []desk.Row {
	t.Helper()
	_, rows, err := w.Board.Incident(t.Context(), w.Boss, of)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestTheBoardCountsWhatWaits(t *testing.T) {
	house(t, func(t *testing.T, w *world) {
		w.says(t, 3, "Where is my order? It should have come on Friday.", time.Minute)
		s, err := w.Board.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all := s.Total()
		if all.Open != 3 || all.Unowned != 3 || all.Late != 0 || all.Oldest.IsZero() {
			t.Fatalf("%+v", all)
		}
		w.now.Add(9 * 24 * time.Hour)
		if s, err = w.Board.Snapshot(t.Context()); err != nil {
			t.Fatal(err)
		}
		if all = s.Total(); all.Late != 3 || all.Soon != 0 {
			t.Errorf("nine days later: %+v", all)
		}
		since := all.Oldest
		w.says(t, 1, "I asked you about my order, where is it?", 0) // of another contact: who waits longest waits on
		if s, err = w.Board.Snapshot(t.Context()); err != nil || !s.Total().Oldest.Equal(since) {
			t.Errorf("waits longest since %v, %v; want %v", s.Total().Oldest, err, since)
		}
		outsider := staff.Actor{Person: 99, Role: staff.Member, Departments: []staff.DepartmentID{w.Department(t, "Accounts")}}
		if mine := s.For(outsider); len(mine.Departments) != 1 || mine.Today.N+mine.LastWeek.N != 0 {
			t.Errorf("a member sees %+v", mine)
		}
	})
}
