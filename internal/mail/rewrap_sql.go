package mail

import (
	"context"
	"database/sql"

	"switchboard/internal/secret"
	"switchboard/internal/store"
)

// rewrapLetters seals the words of what waits anew.
func rewrapLetters(ctx context.Context, tx *store.Tx, ring *secret.Ring) (n int, err error) {
	type waiting struct {
		id     LetterID
		sealed []byte
	}
	rows, err := tx.QueryContext(ctx, `SELECT id, sealed FROM letter WHERE state = 'queued' ORDER BY id`)
	list, err := store.List(rows, err, func(rows *sql.Rows) (w waiting, err error) { return w, rows.Scan(&w.id, &w.sealed) })
	if err != nil {
		return 0, err
	}
	for _, w := range list {
		again, changed, err := ring.Rewrap(w.sealed)
		if err != nil {
			return n, err
		}
		if !changed {
			continue
		}
		n++
		if _, err := tx.ExecContext(ctx, `UPDATE letter SET sealed = $1 WHERE id = $2`, again, w.id); err != nil {
			return n, err
		}
	}
	return n, nil
}
