package notify

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/store"
)

const hookColumns = `id, name, form, department, host, sealed, kinds, words, paused_at, failing, trouble, trouble_at, tried_at, sent_at, created_at`

func scanHook(rows *sql.Rows) (h Hook, err error) {
	return h, rows.Scan(&h.ID, &h.Name, &h.Form, &h.Department, &h.Host, &h.sealed, store.Parse(&h.Kinds), store.Truth(&h.Words), store.Time(&h.PausedAt),
		&h.Failing, &h.Trouble, store.Time(&h.TroubleAt), store.Time(&h.triedAt), store.Time(&h.SentAt), store.Time(&h.CreatedAt))
}

func hooksOf(ctx context.Context, q store.Queryer) ([]Hook, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+hookColumns+` FROM chat_hook ORDER BY id`)
	return store.List(rows, err, scanHook)
}

func hook(ctx context.Context, q store.Queryer, of HookID) (Hook, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+hookColumns+` FROM chat_hook WHERE id = $1`, of)
	return store.One(rows, err, scanHook, "there is no such room: reload the page")
}

func saveHook(ctx context.Context, tx *store.Tx, h Hook) error {
	return tx.Insert(ctx, "chat_hook", hookColumns, `ON CONFLICT (id) DO UPDATE SET name = excluded.name, form = excluded.form, department = excluded.department,
		host = excluded.host, sealed = excluded.sealed, kinds = excluded.kinds, words = excluded.words, paused_at = excluded.paused_at, failing = excluded.failing,
		trouble = excluded.trouble, trouble_at = excluded.trouble_at`, [][]any{{h.ID, h.Name, string(h.Form), h.Department, h.Host, h.sealed, store.JSON(h.Kinds),
		store.Bool(h.Words), store.Micros(h.PausedAt), h.Failing, h.Trouble, store.Micros(h.TroubleAt), store.Micros(h.triedAt), store.Micros(h.SentAt), store.Micros(h.CreatedAt)}})
}

func removeHook(ctx context.Context, tx *store.Tx, of HookID) error {
	if err := forgetChat(ctx, tx, of); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM chat_hook WHERE id = $1`, of)
	return err
}

// forgetChat removes what a room was still to be told.
func forgetChat(ctx context.Context, tx *store.Tx, of HookID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM chat_wait WHERE hook = $1`, of)
	return err
}

// takeChat begins a room's minute, false when it has begun already or the room is paused.
func takeChat(ctx context.Context, tx *store.Tx, of HookID, now, told time.Time) (bool, error) {
	r, err := tx.ExecContext(ctx, `UPDATE chat_hook SET tried_at = $2 WHERE id = $1 AND tried_at <= $3 AND paused_at = 0`, of, store.Micros(now), store.Micros(told))
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

// chatWaiting returns the rooms that are to be told something.
func chatWaiting(ctx context.Context, q store.Queryer) (map[HookID]bool, error) {
	out := map[HookID]bool{}
	rows, err := q.QueryContext(ctx, `SELECT DISTINCT hook FROM chat_wait`)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var h HookID
		err := rows.Scan(&h)
		out[h] = true
		return struct{}{}, err
	})
	return out, err
}

// chatItems returns what a room is to be told, the newest first, and how many in all.
func chatItems(ctx context.Context, q store.Queryer, of HookID, limit int) (list []Notification, last ID, n int, err error) {
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM chat_wait WHERE hook = $1`, of).Scan(&n); err != nil {
		return nil, 0, 0, err
	}
	rows, err := q.QueryContext(ctx, `SELECT id, kind, what, conversation, department, about, who, at FROM chat_wait WHERE hook = $1 ORDER BY id DESC LIMIT $2`, of, limit)
	list, err = store.List(rows, err, func(rows *sql.Rows) (n Notification, err error) {
		n.Count = 1
		return n, rows.Scan(&n.ID, &n.Kind, &n.What, &n.Conversation, &n.Department, &n.About, &n.Who, store.Time(&n.At))
	})
	if len(list) > 0 {
		last = list[0].ID
	}
	return list, last, n, err
}

// chatForget removes some of what a room was still to be told.
func chatForget(ctx context.Context, tx *store.Tx, of HookID, ids []ID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM chat_wait WHERE hook = $1 AND id IN (`+store.In(2, len(ids))+`)`, append([]any{of}, store.Pad(ids)...)...)
	return err
}

// chatTold forgets what a room was told, up to an id.
func chatTold(ctx context.Context, tx *store.Tx, of HookID, last ID, at time.Time) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM chat_wait WHERE hook = $1 AND id <= $2`, of, last); err != nil {
		return err
	}
	return chatWell(ctx, tx, of, at)
}

func chatWell(ctx context.Context, tx *store.Tx, of HookID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE chat_hook SET failing = 0, trouble = '', trouble_at = 0, sent_at = $2 WHERE id = $1`, of, store.Micros(at))
	return err
}

// chatFailed notes a failure, and returns how many there were in a row.
func chatFailed(ctx context.Context, tx *store.Tx, of HookID, why string, at time.Time) (n int, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE chat_hook SET failing = failing + 1, trouble = $2, trouble_at = $3 WHERE id = $1 RETURNING failing`, of, why, store.Micros(at)).Scan(&n)
	return n, err
}

func pauseHook(ctx context.Context, tx *store.Tx, of HookID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE chat_hook SET paused_at = $2 WHERE id = $1`, of, store.Micros(at))
	return err
}
