package notify

import (
	"context"
	"database/sql"

	"switchboard/internal/secret"
	"switchboard/internal/store"
)

// Rewrap seals the push key, the browsers' addresses and those of chat rooms with the newest master key, and returns how many
// were sealed with an older one.
func Rewrap(ctx context.Context, s *store.Store, ring *secret.Ring) (n int, err error) {
	err = s.Tx(ctx, func(tx *store.Tx) error {
		n = 0
		keys, err := sealedOf(tx.QueryContext(ctx, `SELECT one, sealed FROM push_key`))
		if err != nil {
			return err
		}
		devices, err := sealedOf(tx.QueryContext(ctx, `SELECT id, sealed FROM push_device`))
		if err != nil {
			return err
		}
		hooks, err := sealedOf(tx.QueryContext(ctx, `SELECT id, sealed FROM chat_hook`))
		if err != nil {
			return err
		}
		for _, k := range []struct {
			list []sealedRow
			save func(r sealedRow) (sql.Result, error)
		}{
			{keys, func(r sealedRow) (sql.Result, error) {
				return tx.ExecContext(ctx, `UPDATE push_key SET sealed = $2 WHERE one = $1`, r.id, r.sealed)
			}},
			{devices, func(r sealedRow) (sql.Result, error) {
				return tx.ExecContext(ctx, `UPDATE push_device SET sealed = $2 WHERE id = $1`, r.id, r.sealed)
			}},
			{hooks, func(r sealedRow) (sql.Result, error) {
				return tx.ExecContext(ctx, `UPDATE chat_hook SET sealed = $2 WHERE id = $1`, r.id, r.sealed)
			}},
		} {
			for _, r := range k.list {
				again, changed, err := ring.Rewrap(r.sealed)
				if err != nil {
					return err
				}
				if !changed {
					continue
				}
				if _, err := k.save(sealedRow{r.id, again}); err != nil {
					return err
				}
				n++
			}
		}
		return nil
	})
	return n, err
}

// sealedRow is a row with something sealed.
type sealedRow struct {
	id     int64
	sealed []byte
}

func sealedOf(rows *sql.Rows, err error) ([]sealedRow, error) {
	return store.List(rows, err, func(rows *sql.Rows) (r sealedRow, err error) { return r, rows.Scan(&r.id, &r.sealed) })
}
