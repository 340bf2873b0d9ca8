package desk

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/store"
)

const callColumns = `id, conversation, person, at, seconds, reached, with_whom, said, agreed, noted_at`

func addCall(ctx context.Context, tx *store.Tx, c Call) error {
	return tx.Insert(ctx, "phone_call", callColumns, "", [][]any{{c.ID, c.Conversation, c.Person, store.Micros(c.At), int(c.Length.Seconds()),
		store.Bool(c.Reached), c.With, c.Said, c.Agreed, store.Micros(c.NotedAt)}})
}

// CallsOf returns the newest 500 telephone calls of a conversation, oldest first. Who may see it is the caller's to know.
func CallsOf(ctx context.Context, q store.Queryer, of ConversationID) ([]Call, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+callColumns+` FROM (SELECT `+callColumns+` FROM phone_call WHERE conversation = $1
		ORDER BY at DESC, id DESC LIMIT 500) newest ORDER BY at, id`, of)
	return store.List(rows, err, func(rows *sql.Rows) (c Call, err error) {
		var seconds int64
		err = rows.Scan(&c.ID, &c.Conversation, &c.Person, store.Time(&c.At), &seconds, store.Truth(&c.Reached), &c.With, &c.Said, &c.Agreed, store.Time(&c.NotedAt))
		c.Length = time.Duration(seconds) * time.Second
		return c, err
	})
}
