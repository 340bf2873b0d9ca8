package intake

import (
	"context"
	"database/sql"

	"switchboard/internal/desk"
	"switchboard/internal/store"
)

// sending returns those of list out of which an answer of ours is on its way.
func sending(ctx context.Context, q store.Queryer, list []desk.ConversationID) (map[desk.ConversationID]bool, error) {
	out := map[desk.ConversationID]bool{}
	if len(list) == 0 {
		return out, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT conversation FROM delivery WHERE state = 'sending' AND conversation IN (`+store.In(1, len(list))+`)`, store.Pad(list)...)
	found, err := store.List(rows, err, func(rows *sql.Rows) (c desk.ConversationID, err error) { return c, rows.Scan(&c) })
	for _, c := range found {
		out[c] = true
	}
	return out, err
}
