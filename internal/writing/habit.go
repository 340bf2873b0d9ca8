package writing

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Habit is how somebody likes their answers to leave.
type Habit struct {
	Undo time.Duration // how long one can be taken back
	Then desk.State    // what becomes of the conversation: waiting, closed or open
}

// Undos are the choices of how long an answer can be taken back.
var Undos = []time.Duration{0, 5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second}

// usual is the habit of who has not chosen one: as long as it takes to read again what one has just sent.
var usual = Habit{Undo: 10 * time.Second, Then: desk.Waiting}

// HabitOf returns somebody's habit.
func (b *Book) HabitOf(ctx context.Context, p staff.PersonID) (Habit, error) {
	rows, err := b.Store.Read().QueryContext(ctx, `SELECT undo, then_state FROM habit WHERE person = $1`, p)
	list, err := store.List(rows, err, func(rows *sql.Rows) (h Habit, err error) {
		var seconds int
		err = rows.Scan(&seconds, &h.Then)
		h.Undo = time.Duration(seconds) * time.Second
		return h, err
	})
	if err != nil || len(list) == 0 {
		return usual, err
	}
	return list[0], nil
}

// SetHabit keeps the habit of who asks, on every device they use.
func (b *Book) SetHabit(ctx context.Context, who staff.Actor, h Habit) error {
	if err := who.RequireSelf(); err != nil {
		return err
	}
	if !slices.Contains(Undos, h.Undo) {
		return fault.In("undo", "what is sent can be taken back for 0, 5, 10, 20 or 30 seconds")
	}
	if h.Then != desk.Waiting && h.Then != desk.Closed && h.Then != desk.Open {
		return fault.In("then", "afterwards a conversation is waiting, closed or open")
	}
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO habit (person, undo, then_state) VALUES ($1, $2, $3)
			ON CONFLICT (person) DO UPDATE SET undo = excluded.undo, then_state = excluded.then_state`, who.Person, int(h.Undo/time.Second), string(h.Then))
		return err
	})
}
