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

// readdress changes where the pictures, profiles and posts of a far side are: what began with from begins with to.
func readdress(ctx context.Context, tx *store.Tx, from, to string) error {
	for _, statement := range []string{
		`UPDATE media SET url = replace(url, $1, $2) WHERE url LIKE $3`,
		`UPDATE identity SET url = replace(url, $1, $2), avatar = replace(avatar, $1, $2) WHERE url LIKE $3 OR avatar LIKE $3`,
		`UPDATE delivery SET url = replace(url, $1, $2) WHERE url LIKE $3`,
		`UPDATE message SET rest = replace(rest, $1, $2) WHERE rest LIKE '%' || $3`,
	} {
		if _, err := tx.ExecContext(ctx, statement, from, to, from+"%"); err != nil {
			return err
		}
	}
	return nil
}
