package staff

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchboard/internal/store"
)

func findSession(ctx context.Context, q store.Queryer, hash []byte, now time.Time) (data []byte, ok bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT data FROM session WHERE token = $1 AND expires_at > $2`, hash, store.Micros(now)).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

func saveSession(ctx context.Context, tx *store.Tx, hash []byte, p PersonID, data []byte, expires time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO session (token, person, data, expires_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (token) DO UPDATE SET person = excluded.person, data = excluded.data`, hash, p, data, store.Micros(expires))
	return err
}

func removeSession(ctx context.Context, tx *store.Tx, hash []byte) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE token = $1`, hash)
	return err
}

// removeSessions ends all sessions of a person, and forgets the browsers that are known of them.
func removeSessions(ctx context.Context, tx *store.Tx, of PersonID) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM session WHERE person = $1`, of); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM device WHERE person = $1`, of)
	return err
}

// credentials returns whose address it is, whether they may come in, and the hash of their password: zero and "" when it is
// nobody's. It is one query either way, so that the time it takes tells nothing.
func credentials(ctx context.Context, q store.Queryer, email string) (of PersonID, state State, hash string, err error) {
	err = q.QueryRowContext(ctx, `SELECT id, state, password FROM person WHERE email = $1`, email).Scan(&of, &state, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return of, state, hash, err
}

func savePassword(ctx context.Context, tx *store.Tx, of PersonID, hash string) error {
	_, err := tx.ExecContext(ctx, `UPDATE person SET password = $2 WHERE id = $1`, of, hash)
	return err
}

// sessionsOf returns which of some people have a session that is not over.
func sessionsOf(ctx context.Context, q store.Queryer, people []PersonID, now time.Time) (map[PersonID]bool, error) {
	out := map[PersonID]bool{}
	if len(people) == 0 {
		return out, nil
	}
	args := append([]any{store.Micros(now)}, store.Pad(people)...)
	rows, err := q.QueryContext(ctx, `SELECT DISTINCT person FROM session WHERE expires_at > $1 AND person IN (`+store.In(2, len(people))+`)`, args...)
	list, err := store.List(rows, err, func(rows *sql.Rows) (p PersonID, err error) { return p, rows.Scan(&p) })
	for _, p := range list {
		out[p] = true
	}
	return out, err
}
