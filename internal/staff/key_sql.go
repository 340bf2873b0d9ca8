package staff

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchboard/internal/store"
)

func insertKey(ctx context.Context, tx *store.Tx, k Key, hash [32]byte) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO api_key (id, person, name, hash, scopes, created_at, used_at, revoked_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0)`, k.ID, k.Person, k.Name, hash[:], store.JSON(k.Scopes), store.Micros(k.CreatedAt))
	return err
}

// liveKeys returns the keys that are not revoked by the hash of their secret.
func liveKeys(ctx context.Context, q store.Queryer) (map[[32]byte]Key, error) {
	rows, err := q.QueryContext(ctx, `SELECT hash, id, person, name, scopes, created_at, used_at FROM api_key WHERE revoked_at = 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[[32]byte]Key{}
	for rows.Next() {
		var k Key
		var hash []byte
		if err := rows.Scan(&hash, &k.ID, &k.Person, &k.Name, store.Parse(&k.Scopes), store.Time(&k.CreatedAt), store.Time(&k.UsedAt)); err != nil {
			return nil, err
		}
		if len(hash) == 32 {
			out[[32]byte(hash)] = k
		}
	}
	return out, rows.Err()
}

func keysOf(ctx context.Context, q store.Queryer, of PersonID) (out []KeyID, err error) {
	rows, err := q.QueryContext(ctx, `SELECT id FROM api_key WHERE person = $1 AND revoked_at = 0`, of)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k KeyID
		if err := rows.Scan(&k); err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, rows.Err()
}

func keyOwner(ctx context.Context, q store.Queryer, of KeyID) (p PersonID, err error) {
	err = q.QueryRowContext(ctx, `SELECT person FROM api_key WHERE id = $1 AND revoked_at = 0`, of).Scan(&p)
	if errors.Is(err, sql.ErrNoRows) {
		err = noKey()
	}
	return p, err
}

func revokeKey(ctx context.Context, tx *store.Tx, of KeyID, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE api_key SET revoked_at = $2 WHERE id = $1`, of, store.Micros(now))
	return err
}

func revokeKeysOf(ctx context.Context, tx *store.Tx, of PersonID, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE api_key SET revoked_at = $2 WHERE person = $1 AND revoked_at = 0`, of, store.Micros(now))
	return err
}

func saveUse(ctx context.Context, tx *store.Tx, of KeyID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE api_key SET used_at = $2 WHERE id = $1 AND used_at < $2`, of, store.Micros(at))
	return err
}
