package contact

import (
	"context"
	"database/sql"

	"switchboard/internal/store"
)

const consentColumns = `id, contact, purpose, given, proof, at, person, noted_at`

func addConsents(ctx context.Context, tx *store.Tx, list ...Consent) error {
	rows := make([][]any, len(list))
	for k, c := range list {
		rows[k] = []any{c.ID, c.Contact, c.Purpose, store.Bool(c.Given), c.Proof, store.Micros(c.At), c.By, store.Micros(c.NotedAt)}
	}
	return tx.Insert(ctx, "consent", consentColumns, "", rows)
}

// Consents returns what a contact agreed to and took back, in the order it was noted.
func Consents(ctx context.Context, q store.Queryer, of ID) ([]Consent, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+consentColumns+` FROM consent WHERE contact = $1 ORDER BY id`, of)
	return store.List(rows, err, func(rows *sql.Rows) (c Consent, err error) {
		return c, rows.Scan(&c.ID, &c.Contact, &c.Purpose, store.Truth(&c.Given), &c.Proof, store.Time(&c.At), &c.By, store.Time(&c.NotedAt))
	})
}

// MoveConsents gives consents of one contact to another, and returns which: those named, or all when none is (nil).
func MoveConsents(ctx context.Context, tx *store.Tx, from, to ID, only []ConsentID) ([]ConsentID, error) {
	if only != nil && len(only) == 0 {
		return nil, nil
	}
	if only == nil {
		list, err := Consents(ctx, tx, from)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		for _, c := range list {
			only = append(only, c.ID)
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE consent SET contact = $2 WHERE contact = $1 AND id IN (`+store.In(3, len(only))+`)`, append([]any{from, to}, store.Pad(only)...)...)
	return only, err
}
