package notify

import (
	"context"
	"database/sql"

	"switchboard/internal/store"
)

// openOf says which conversations are open.
func openOf(ctx context.Context, q store.Queryer, ids []int64) (map[int64]bool, error) {
	out := map[int64]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT id, view FROM conversation WHERE id IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var id int64
		var view string
		err := rows.Scan(&id, &view)
		out[id] = view == "open"
		return struct{}{}, err
	})
	return out, err
}

// noteTexts returns what notes say, by how entries name them.
func noteTexts(ctx context.Context, q store.Queryer, ids []int64) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT id, body FROM note WHERE id IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var id int64
		var text string
		err := rows.Scan(&id, &text)
		out[aboutNote(id)] = text
		return struct{}{}, err
	})
	return out, err
}

// scene is what is shown of a conversation.
type scene struct {
	contact, subject, excerpt string
}

// scenes returns what is shown of conversations.
func scenes(ctx context.Context, q store.Queryer, ids []int64) (map[int64]scene, error) {
	out := map[int64]scene{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT c.id, coalesce(k.name, ''), c.subject, c.excerpt FROM conversation c LEFT JOIN contact k ON k.id = c.contact
		WHERE c.id IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var id int64
		var s scene
		err := rows.Scan(&id, &s.contact, &s.subject, &s.excerpt)
		out[id] = s
		return struct{}{}, err
	})
	return out, err
}

// handles returns how accounts are called.
func handles(ctx context.Context, q store.Queryer, ids []int64) (map[int64]string, error) {
	out := map[int64]string{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT id, handle FROM account WHERE id IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var id int64
		var name string
		err := rows.Scan(&id, &name)
		out[id] = name
		return struct{}{}, err
	})
	return out, err
}
