package topic

import (
	"context"
	"database/sql"
	"errors"

	"switchboard/internal/store"
)

// raiseVersion marks that the dictionary changes. It comes first in the transaction, so that of two changes one waits for
// the other.
func raiseVersion(ctx context.Context, tx *store.Tx) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ('topic version', '1')
		ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)`)
	return err
}

func version(ctx context.Context, q store.Queryer) (v int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT CAST(value AS BIGINT) FROM meta WHERE name = 'topic version'`).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return v, err
}

const columns = `key, name, kind, phrases, enabled, version, changed_by, changed_at`

// all returns every topic, by its name.
func all(ctx context.Context, q store.Queryer) ([]Topic, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM topic ORDER BY name, key`)
	return store.List(rows, err, func(rows *sql.Rows) (t Topic, err error) {
		t.Phrases = []string{}
		return t, rows.Scan(&t.Key, &t.Name, &t.Kind, store.Parse(&t.Phrases), store.Truth(&t.Enabled), &t.Version, &t.ChangedBy, store.Time(&t.ChangedAt))
	})
}

func save(ctx context.Context, tx *store.Tx, t Topic) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO topic (key, name, kind, phrases, enabled, version, changed_by, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (key) DO UPDATE SET name = excluded.name, kind = excluded.kind, phrases = excluded.phrases, enabled = excluded.enabled,
			version = excluded.version, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
		t.Key, t.Name, t.Kind, store.JSON(t.Phrases), store.Bool(t.Enabled), t.Version, t.ChangedBy, store.Micros(t.ChangedAt))
	return err
}

func remove(ctx context.Context, tx *store.Tx, key string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM topic WHERE key = $1`, key)
	return err
}
