package staff

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/store"
)

// saveReset keeps a link in place of an older one.
func saveReset(ctx context.Context, tx *store.Tx, of PersonID, hash []byte, until time.Time, made bool) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO password_reset (person, token, expires_at, made) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at, made = excluded.made`, of, hash, store.Micros(until), store.Bool(made))
	return err
}

// resetStays reports whether a link is not replaced by one that is asked for: somebody made it, or it ends after a moment.
func resetStays(ctx context.Context, q store.Queryer, of PersonID, now, after time.Time) (stays bool, err error) {
	var n int
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM password_reset WHERE person = $1 AND expires_at > $2 AND (made = 1 OR expires_at > $3)`,
		of, store.Micros(now), store.Micros(after)).Scan(&n)
	return n > 0, err
}

// resetOf returns who a link is for, if they may come in.
func resetOf(ctx context.Context, q store.Queryer, hash []byte, now time.Time) (of PersonID, err error) {
	err = q.QueryRowContext(ctx, `SELECT r.person FROM password_reset r JOIN person p ON p.id = r.person
		WHERE r.token = $1 AND r.expires_at > $2 AND p.state = $3`, hash, store.Micros(now), string(Active)).Scan(&of)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "this link was used already, is too old or has a newer one: if you have just set a password by it, sign in with that; else ask for another link")
	}
	return of, err
}

func removeReset(ctx context.Context, tx *store.Tx, of PersonID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM password_reset WHERE person = $1`, of)
	return err
}
