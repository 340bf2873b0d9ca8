package library

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

func saveUse(ctx context.Context, tx *store.Tx, u use, delivery int64, who staff.PersonID, edited bool, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO answer_use (piece, delivery, person, language, edited, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		u.piece, delivery, who, u.language, store.Bool(edited), store.Micros(at))
	return err
}

// countUses counts what was used since a time, by piece. What was taken back before it left does not count.
func countUses(ctx context.Context, q store.Queryer, since time.Time) (map[int64]Used, error) {
	rows, err := q.QueryContext(ctx, `SELECT u.piece, count(*), SUM(u.edited), MAX(u.at) FROM answer_use u
		WHERE u.at >= $1 AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.id = u.delivery AND d.state = 'cancelled') GROUP BY u.piece`, store.Micros(since))
	out := map[int64]Used{}
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var piece int64
		var u Used
		err := rows.Scan(&piece, &u.Times, &u.Edited, store.Time(&u.Last))
		out[piece] = u
		return struct{}{}, err
	})
	return out, err
}
