package account

import (
	"context"

	"switchboard/internal/secret"
	"switchboard/internal/store"
)

// Rewrap seals the settings of every account with the newest key, and returns how many were sealed with an older one. An
// account whose settings change meanwhile is sealed by that change.
func Rewrap(ctx context.Context, s *store.Store, ring *secret.Ring) (n int, err error) {
	list, err := All(ctx, s.Read())
	if err != nil {
		return 0, err
	}
	for _, a := range list {
		err := s.Tx(ctx, func(tx *store.Tx) error {
			sealed, err := sealedOf(ctx, tx, a.ID)
			if err != nil {
				return err
			}
			again, changed, err := ring.Rewrap(sealed)
			if err != nil || !changed {
				return err
			}
			n++
			return saveSealed(ctx, tx, a.ID, again)
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
