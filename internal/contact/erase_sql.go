package contact

import (
	"context"
	"time"

	"switchboard/internal/store"
)

// Erase takes away what is kept of a contact itself, and of those that were merged into it. A row without a word stays, so that an
// old link finds nobody.
func Erase(ctx context.Context, tx *store.Tx, of ID, at time.Time) error {
	if err := eraseWords(ctx, tx, of); err != nil {
		return err
	}
	for _, statement := range []string{
		`DELETE FROM consent WHERE contact = $1`,
		`DELETE FROM contact_merge WHERE kept = $1 OR gone = $1 OR gone IN (SELECT id FROM contact WHERE merged_into = $1)`,
		`DELETE FROM contact_apart WHERE one = $1 OR other = $1`,
		`DELETE FROM identity WHERE contact = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, of); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE contact SET name = '', standings = '[]', note = '', language = '', stood_by = '{}', fields = '{}',
		answered_by = 0, merged_into = 0, erased_at = $2 WHERE id = $1 OR merged_into = $1`, of, store.Micros(at))
	return err
}
