package api

import (
	"context"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// insertKey takes key for person, or returns what stands there already.
func insertKey(ctx context.Context, s *store.Store, of staff.PersonID, key, print string, now time.Time) (took bool, first kept, err error) {
	err = s.Tx(ctx, func(tx *store.Tx) error {
		r, err := tx.ExecContext(ctx, `INSERT INTO idempotency (person, key, fingerprint, status, type, body, at)
			VALUES ($1, $2, $3, 0, '', $4, $5) ON CONFLICT (person, key) DO NOTHING`, of, key, print, []byte{}, store.Micros(now))
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if took = n == 1; err != nil || took {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT fingerprint, status, type, body FROM idempotency WHERE person = $1 AND key = $2`, of, key).
			Scan(&first.fingerprint, &first.status, &first.kind, &first.body)
	})
	return took, first, err
}

func keepAnswer(ctx context.Context, s *store.Store, of staff.PersonID, key string, status int, kind string, body []byte) error {
	if body == nil {
		body = []byte{}
	}
	return s.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE idempotency SET status = $3, type = $4, body = $5 WHERE person = $1 AND key = $2`, of, key, status, kind, body)
		return err
	})
}

func removeKey(ctx context.Context, s *store.Store, of staff.PersonID, key string) error {
	return s.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM idempotency WHERE person = $1 AND key = $2 AND status = 0`, of, key)
		return err
	})
}
