package skill

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// seat is whose count it is, and of what.
type seat struct {
	person staff.PersonID
	kind   Kind
	key    string
}

// tally is a row.
type tally struct {
	seat
	n     int
	times times
	last  time.Time
}

// counts returns all rows, each person's in one order.
func counts(ctx context.Context, q store.Queryer) ([]tally, error) {
	rows, err := q.QueryContext(ctx, `SELECT person, kind, key, count, times, last_at FROM skill_learned ORDER BY person, kind, key`)
	return store.List(rows, err, func(rows *sql.Rows) (c tally, err error) {
		return c, rows.Scan(&c.person, &c.kind, &c.key, &c.n, store.Parse(&c.times), store.Time(&c.last))
	})
}

func save(ctx context.Context, tx *store.Tx, list []tally) error {
	slices.SortFunc(list, func(a, b tally) int {
		return cmp.Or(cmp.Compare(a.person, b.person), cmp.Compare(a.kind, b.kind), cmp.Compare(a.key, b.key))
	})
	rows := make([][]any, 0, len(list))
	for _, c := range list {
		rows = append(rows, []any{c.person, string(c.kind), c.key, c.n, store.JSON(c.times), store.Micros(c.last)})
	}
	return tx.Insert(ctx, "skill_learned", "person, kind, key, count, times, last_at",
		"ON CONFLICT (person, kind, key) DO UPDATE SET count = excluded.count, times = excluded.times, last_at = excluded.last_at", rows)
}

// subject is what a conversation is about.
type subject struct {
	kind Kind
	key  string
}

// subjects are the first intent and the topics of the conversations that were answered. Customers who are made up teach nothing.
func subjects(ctx context.Context, q store.Queryer, list []answered) (map[desk.ConversationID][]subject, error) {
	var ids []desk.ConversationID
	for _, a := range list {
		if !slices.Contains(ids, a.conversation) {
			ids = append(ids, a.conversation)
		}
	}
	out := map[desk.ConversationID][]subject{}
	rows, err := q.QueryContext(ctx, `SELECT id, intents FROM conversation WHERE id IN (`+store.In(1, len(ids))+`)
		AND account NOT IN (SELECT id FROM account WHERE channel = 'example')`, store.Pad(ids)...)
	real := map[desk.ConversationID]bool{}
	if _, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var id desk.ConversationID
		var intents []string
		err := rows.Scan(&id, store.Parse(&intents))
		if real[id] = true; len(intents) > 0 {
			out[id] = append(out[id], subject{Intent, intents[0]})
		}
		return struct{}{}, err
	}); err != nil {
		return nil, err
	}
	rows, err = q.QueryContext(ctx, `SELECT conversation, topic FROM conversation_topic WHERE removed = 0 AND conversation IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var id desk.ConversationID
		var key string
		if err := rows.Scan(&id, &key); err != nil || !real[id] {
			return struct{}{}, err
		}
		out[id] = append(out[id], subject{Topic, key})
		return struct{}{}, nil
	})
	return out, err
}

func place(ctx context.Context, q store.Queryer) (c journal.Cursor, err error) {
	return c, q.QueryRowContext(ctx, `SELECT tx, seq FROM skill_reader WHERE one = 1`).Scan(&c.Tx, &c.Seq)
}

// move moves the place, false when another reader was faster.
func move(ctx context.Context, tx *store.Tx, from, to journal.Cursor) (bool, error) {
	r, err := tx.ExecContext(ctx, `UPDATE skill_reader SET tx = $3, seq = $4 WHERE one = 1 AND tx = $1 AND seq = $2`, from.Tx, from.Seq, to.Tx, to.Seq)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

func forget(ctx context.Context, tx *store.Tx) error {
	if _, err := tx.ExecContext(ctx, `UPDATE skill_reader SET tx = 0, seq = 0 WHERE one = 1`); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM skill_learned`)
	return err
}
