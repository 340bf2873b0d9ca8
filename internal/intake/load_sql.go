package intake

import (
	"context"

	"switchboard/internal/desk"
	"switchboard/internal/store"
)

// holding counts in tx who holds how much. Until tx ends nobody else who counts so gives anybody anything: two at once would
// each see the same free hand. On SQLite transactions follow one another anyway.
func holding(ctx context.Context, tx *store.Tx) (held, error) {
	if tx.Dialect() == store.Postgres {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('switchboard who holds how much'))`); err != nil {
			return held{}, err
		}
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
