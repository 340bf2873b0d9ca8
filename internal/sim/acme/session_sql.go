package acme

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// signedIn returns who has a session: the people that somebody real looks through the eyes of.
func signedIn(ctx context.Context, q store.Queryer, now time.Time) (map[staff.PersonID]bool, error) {
	out := map[staff.PersonID]bool{}
	rows, err := q.QueryContext(ctx, `SELECT DISTINCT person FROM session WHERE expires_at > $1`, store.Micros(now))
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var p staff.PersonID
		err := rows.Scan(&p)
		out[p] = true
		return struct{}{}, err
	})
	return out, err
}
