package delivery

import (
	"context"
	"database/sql"

	"switchboard/internal/desk"
	"switchboard/internal/store"
)

// part is the n-th part of an answer; the zero Delivery when there is none.
func part(ctx context.Context, q store.Queryer, thread ID, n int) (d Delivery, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM delivery WHERE thread = $1 AND thread <> 0 AND part = $2`, thread, n)
	list, err := store.List(rows, err, scan)
	if len(list) > 0 {
		d = list[0]
	}
	return d, err
}

// later returns the parts of an answer after d, in their order, to be changed in tx.
func later(ctx context.Context, tx *store.Tx, d Delivery) ([]Delivery, error) {
	if d.Part == 0 {
		return nil, nil
	}
	query := `SELECT ` + columns + ` FROM delivery WHERE thread = $1 AND thread <> 0 AND part > $2 ORDER BY part`
	if tx.Dialect() == store.Postgres {
		query += ` FOR UPDATE`
	}
	rows, err := tx.QueryContext(ctx, query, d.Thread, d.Part)
	return store.List(rows, err, scan)
}

// saidByHand reports whether one of us answered in the network's own app after a message.
func saidByHand(ctx context.Context, q store.Queryer, c desk.ConversationID, after desk.MessageID) (bool, error) {
	rows, err := q.QueryContext(ctx, `SELECT id FROM message WHERE conversation = $1 AND id > $2 AND direction = 'out' AND person = 0 LIMIT 1`, c, after)
	list, err := store.List(rows, err, func(rows *sql.Rows) (id desk.MessageID, err error) { return id, rows.Scan(&id) })
	return len(list) > 0, err
}
