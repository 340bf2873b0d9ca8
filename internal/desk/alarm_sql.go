package desk

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/store"
)

// alarmsDue returns up to limit conversations with something due by now, the longest due first; when there are none, when the
// next is due.
func alarmsDue(ctx context.Context, q store.Queryer, now time.Time, limit int) (due []ConversationID, next time.Time, err error) {
	rows, err := q.QueryContext(ctx, `SELECT id, alarm_at FROM conversation WHERE alarm_at <> 0 ORDER BY alarm_at LIMIT $1`, limit)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var id ConversationID
		var at time.Time
		err := rows.Scan(&id, store.Time(&at))
		if !at.After(now) {
			due = append(due, id)
		} else if next.IsZero() {
			next = at
		}
		return struct{}{}, err
	})
	return due, next, err
}
