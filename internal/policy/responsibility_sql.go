package policy

import (
	"context"
	"database/sql"

	"switchboard/internal/store"
)

const mapColumns = `number, content, template, why, person, at`

func scanMap(rows *sql.Rows) (m Map, err error) {
	m.Rows = []Row{}
	return m, rows.Scan(&m.Number, store.Parse(&m.Rows), &m.Template, &m.Why, &m.By, store.Time(&m.At))
}

// newestMap is the version in force; the zero Map when none was ever set.
func newestMap(ctx context.Context, q store.Queryer) (Map, error) {
	list, err := maps(ctx, q, 1)
	if err != nil || len(list) == 0 {
		return Map{}, err
	}
	return list[0], nil
}

// maps returns the newest versions, the newest first.
func maps(ctx context.Context, q store.Queryer, limit int) ([]Map, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+mapColumns+` FROM responsibility ORDER BY number DESC LIMIT $1`, limit)
	return store.List(rows, err, scanMap)
}

func oneMap(ctx context.Context, q store.Queryer, number int) (Map, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+mapColumns+` FROM responsibility WHERE number = $1`, number)
	list, err := store.List(rows, err, scanMap)
	switch {
	case err != nil:
		return Map{}, err
	case len(list) == 0:
		return Map{}, noMap()
	}
	return list[0], nil
}

func addMap(ctx context.Context, tx *store.Tx, m Map) error {
	return tx.Insert(ctx, "responsibility", mapColumns, "", [][]any{{m.Number, store.JSON(m.Rows), m.Template, m.Why, m.By, store.Micros(m.At)}})
}
