package notify

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// keptKey returns the key as it is kept; nil when none is.
func keptKey(ctx context.Context, q store.Queryer) (public string, sealed []byte, err error) {
	err = q.QueryRowContext(ctx, `SELECT public, sealed FROM push_key WHERE one = 1`).Scan(&public, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return public, sealed, err
}

func keepKey(ctx context.Context, tx *store.Tx, public string, sealed []byte, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO push_key (one, public, sealed, at) VALUES (1, $1, $2, $3) ON CONFLICT (one) DO NOTHING`, public, sealed, store.Micros(at))
	return err
}

// sealedDevice is a row.
type sealedDevice struct {
	Device
	sealed []byte
}

func devicesOf(ctx context.Context, q store.Queryer, p staff.PersonID) ([]sealedDevice, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, person, name, hash, sealed, created_at, sent_at FROM push_device WHERE person = $1 ORDER BY id`, p)
	return store.List(rows, err, func(rows *sql.Rows) (d sealedDevice, err error) {
		var hash []byte
		err = rows.Scan(&d.ID, &d.Person, &d.Name, &hash, &d.sealed, store.Time(&d.CreatedAt), store.Time(&d.SentAt))
		copy(d.Hash[:], hash)
		return d, err
	})
}

func addDevice(ctx context.Context, tx *store.Tx, d Device, session string, sealed []byte) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO push_device (id, person, session, name, hash, sealed, created_at, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
		d.ID, d.Person, session, d.Name, d.Hash[:], sealed, store.Micros(d.CreatedAt))
	return err
}

func removeHash(ctx context.Context, tx *store.Tx, hash [32]byte) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM push_device WHERE hash = $1`, hash[:])
	return err
}

func removeDevice(ctx context.Context, tx *store.Tx, d DeviceID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM push_device WHERE id = $1`, d)
	return err
}

func removeOf(ctx context.Context, tx *store.Tx, g gone) error {
	if g.session == "" {
		_, err := tx.ExecContext(ctx, `DELETE FROM push_device WHERE person = $1`, g.person)
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM push_device WHERE person = $1 AND session = $2`, g.person, g.session)
	return err
}

func noteSent(ctx context.Context, tx *store.Tx, d DeviceID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE push_device SET sent_at = $2 WHERE id = $1`, d, store.Micros(at))
	return err
}
