package staff

import (
	"context"
	"database/sql"
	"errors"

	"switchboard/internal/store"
)

// Left reports whether somebody was here and is no longer: they were disabled.
func Left(ctx context.Context, q store.Queryer, of PersonID) (bool, error) {
	var state State
	err := q.QueryRowContext(ctx, `SELECT state FROM person WHERE id = $1`, of).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return state == Disabled, err
}
