package intake

import (
	"context"

	"switchboard/internal/desk"
	"switchboard/internal/store"
)

// alone waits until nobody else gives anything to anybody, and lets nobody until tx ends: two at once would each see the same
// free hand. It is asked for when the conversations are locked already, so that two never wait for each other crosswise. On
// SQLite transactions follow one another anyway.
func alone(ctx context.Context, tx *store.Tx) error {
	if tx.Dialect() != store.Postgres {
		return nil
	}
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('switchboard who holds how much'))`)
	return err
}

// holding counts in tx, alone, who holds how much.
func holding(ctx context.Context, tx *store.Tx) (held, error) {
	if err := alone(ctx, tx); err != nil {
		return held{}, err
	}
	return heldNow(ctx, tx)
}

// heldNow counts who holds how much.
func heldNow(ctx context.Context, q store.Queryer) (held, error) {
	c, err := desk.CountsOf(ctx, q)
	if err != nil {
		return held{}, err
	}
	urgent, err := desk.UrgentOf(ctx, q)
	return held{c.Loads(), urgent}, err
}
