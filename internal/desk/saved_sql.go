package desk

import (
	"context"
	"database/sql"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

const viewColumns = `v.id, v.name, v.audience, v.person, v.department, v.filter, v.at`

func scanView(rows *sql.Rows) (v SavedView, err error) {
	return v, rows.Scan(&v.ID, &v.Name, &v.Audience, &v.Person, &v.Department, store.Parse(&v.Filter), store.Time(&v.At))
}

// savedViews returns all that are shared and a person's own, in the order that person put them, then by age.
func savedViews(ctx context.Context, q store.Queryer, p staff.PersonID) ([]SavedView, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+viewColumns+` FROM saved_view v LEFT JOIN saved_view_place o ON o.view = v.id AND o.person = $1
		WHERE v.audience <> 'me' OR v.person = $1 ORDER BY COALESCE(o.place, 1000000), v.id LIMIT 1000`, p)
	return store.List(rows, err, scanView)
}

func savedView(ctx context.Context, q store.Queryer, id SavedViewID) (SavedView, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+viewColumns+` FROM saved_view v WHERE v.id = $1`, id)
	return store.One(rows, err, scanView, noView)
}

func saveView(ctx context.Context, tx *store.Tx, v SavedView) error {
	return tx.Insert(ctx, "saved_view", "id, name, audience, person, department, filter, at",
		"ON CONFLICT (id) DO UPDATE SET name = excluded.name, audience = excluded.audience, department = excluded.department, filter = excluded.filter",
		[][]any{{v.ID, v.Name, string(v.Audience), v.Person, v.Department, store.JSON(v.Filter), store.Micros(v.At)}})
}

func dropView(ctx context.Context, tx *store.Tx, id SavedViewID) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM saved_view_place WHERE view = $1`, id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM saved_view WHERE id = $1`, id)
	return err
}

func placeViews(ctx context.Context, tx *store.Tx, p staff.PersonID, ids []SavedViewID) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM saved_view_place WHERE person = $1`, p); err != nil {
		return err
	}
	rows := make([][]any, len(ids))
	for k, id := range ids {
		rows[k] = []any{p, id, k}
	}
	return tx.Insert(ctx, "saved_view_place", "person, view, place", "", rows)
}
