package desk

import (
	"context"

	"switchboard/internal/store"
)

// writesIn remembers in which language c's contact writes, if c is where they said something last.
func writesIn(ctx context.Context, tx *store.Tx, c Conversation, code string) error {
	_, err := tx.ExecContext(ctx, `UPDATE contact SET language = $2
		WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM conversation WHERE contact = $1 AND last_in_at > $3)`, c.Contact, code, store.Micros(c.LastInAt))
	return err
}
