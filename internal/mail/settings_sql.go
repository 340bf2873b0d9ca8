package mail

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// stored is what is set, with the password as it is kept.
type stored struct {
	Settings
	sealed []byte
}

// settings returns what is set; nothing if nobody set anything.
func settings(ctx context.Context, q store.Queryer) (k stored, err error) {
	k.Security, k.Port = "tls", 465
	err = q.QueryRowContext(ctx, `SELECT content, sealed FROM mail_setting WHERE one = 1`).Scan(store.Parse(&k.Settings), &k.sealed)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	k.HasPassword = len(k.sealed) > 0
	return k, err
}

func saveSettings(ctx context.Context, tx *store.Tx, s Settings, sealed []byte, who staff.PersonID, at time.Time) error {
	if sealed == nil {
		sealed = []byte{}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO mail_setting (one, content, sealed, person, at) VALUES (1, $1, $2, $3, $4)
		ON CONFLICT (one) DO UPDATE SET content = excluded.content, sealed = excluded.sealed, person = excluded.person, at = excluded.at`,
		store.JSON(s), sealed, who, store.Micros(at))
	return err
}

func savePassword(ctx context.Context, tx *store.Tx, sealed []byte) error {
	_, err := tx.ExecContext(ctx, `UPDATE mail_setting SET sealed = $1 WHERE one = 1`, sealed)
	return err
}

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
