package advice

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// stored is what is set, with the key as it is kept.
type stored struct {
	Settings
	sealed []byte
}

// settings returns what is set; the usual if nobody set anything.
func settings(ctx context.Context, q store.Queryer) (stored, error) {
	k := stored{Settings: usual()}
	err := q.QueryRowContext(ctx, `SELECT content, sealed FROM advice_setting WHERE one = 1`).Scan(store.Parse(&k.Settings), &k.sealed)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	k.HasKey = len(k.sealed) > 0
	return k, err
}

func saveSettings(ctx context.Context, tx *store.Tx, s Settings, sealed []byte, who staff.PersonID, at time.Time) error {
	if sealed == nil {
		sealed = []byte{}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO advice_setting (one, content, sealed, person, at) VALUES (1, $1, $2, $3, $4)
		ON CONFLICT (one) DO UPDATE SET content = excluded.content, sealed = excluded.sealed, person = excluded.person, at = excluded.at`,
		store.JSON(s), sealed, who, store.Micros(at))
	return err
}

func saveSealed(ctx context.Context, tx *store.Tx, sealed []byte) error {
	_, err := tx.ExecContext(ctx, `UPDATE advice_setting SET sealed = $1 WHERE one = 1`, sealed)
	return err
}
