package staff

import (
	"context"
	"time"

	"switchboard/internal/store"
)

// saveDevice keeps one more known browser of p, and of all of theirs the mostDevices that were used last.
func saveDevice(ctx context.Context, tx *store.Tx, hash []byte, p Person, until time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO device (token, person, epoch, expires_at) VALUES ($1, $2, $3, $4)`, hash, p.ID, p.epoch, store.Micros(until))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM device WHERE person = $1 AND token <> $2 AND token NOT IN
		(SELECT token FROM device WHERE person = $1 AND token <> $2 ORDER BY expires_at DESC LIMIT $3)`, p.ID, hash, mostDevices-1)
	return err
}

// knownDevice reports whether a browser is known of the person with that address.
func knownDevice(ctx context.Context, q store.Queryer, hash []byte, email string, now time.Time) (known bool, err error) {
	var n int
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM device d JOIN person p ON p.id = d.person AND p.epoch = d.epoch
		WHERE d.token = $1 AND d.expires_at > $2 AND p.email = $3`, hash, store.Micros(now), email).Scan(&n)
	return n > 0, err
}

func removeDevice(ctx context.Context, tx *store.Tx, hash []byte) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM device WHERE token = $1`, hash)
	return err
}
