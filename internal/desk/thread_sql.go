package desk

import (
	"context"
	"database/sql"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// threads counts the conversations of some public threads that somebody may see, and which of them are open.
func threads(ctx context.Context, q store.Queryer, who staff.Actor, keys []ThreadKey) (map[ThreadKey]Thread, error) {
	out := make(map[ThreadKey]Thread, len(keys))
	if len(keys) == 0 {
		return out, nil
	}
	for len(keys)&(len(keys)-1) != 0 { // few lengths, so that few statements are prepared
		keys = append(keys, keys[0])
	}
	args := make([]any, 0, 2*len(keys)+len(who.Departments)+1)
	for _, k := range keys {
		args = append(args, k.Account, k.Key)
	}
	text := `WITH wanted (account, thread) AS (VALUES ` + store.Values(len(keys), "BIGINT", "TEXT") + `)
		SELECT c.account, c.thread, count(*), sum(CASE WHEN c.view = 'open' THEN 1 ELSE 0 END)
		FROM (SELECT DISTINCT account, thread FROM wanted) w JOIN conversation c ON c.account = w.account AND c.thread = w.thread AND c.private = 0`
	const by = ` GROUP BY c.account, c.thread`
	if who.Can(staff.SeeAll) {
		rows, err := q.QueryContext(ctx, text+by, args...)
		return counts(out, rows, err)
	}
	n := len(args)
	args = append(append(args, store.Pad(who.Departments)...), who.Person)
	rows, err := q.QueryContext(ctx, text+` WHERE (c.department IN (`+store.In(n+1, len(who.Departments))+`) OR c.person <> 0 AND c.person = `+store.In(len(args), 1)+`)`+by, args...)
	return counts(out, rows, err)
}

func counts(out map[ThreadKey]Thread, rows *sql.Rows, err error) (map[ThreadKey]Thread, error) {
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var t Thread
		err := rows.Scan(&t.Account, &t.Key, &t.People, &t.Open)
		out[ThreadKey{t.Account, t.Key}] = t
		return struct{}{}, err
	})
	return out, err
}

// threadPage returns some conversations of a thread, those that are open first, then the newest.
func threadPage(ctx context.Context, q store.Queryer, who staff.Actor, k ThreadKey, after, limit int) ([]ConversationID, error) {
	const text = `SELECT id FROM conversation WHERE account = $1 AND thread = $2 AND private = 0`
	const order = ` ORDER BY CASE WHEN view = 'open' THEN 0 ELSE 1 END, id DESC LIMIT $3 OFFSET $4`
	args := []any{k.Account, k.Key, limit, after}
	if who.Can(staff.SeeAll) {
		rows, err := q.QueryContext(ctx, text+order, args...)
		return store.List(rows, err, scanConversationID)
	}
	args = append(append(args, store.Pad(who.Departments)...), who.Person)
	rows, err := q.QueryContext(ctx, text+` AND (department IN (`+store.In(5, len(who.Departments))+`) OR person <> 0 AND person = `+store.In(len(args), 1)+`)`+order, args...)
	return store.List(rows, err, scanConversationID)
}

// postOf returns what a thread is under: by its address, or by the far side's id for it on that account.
func postOf(ctx context.Context, q store.Queryer, k ThreadKey) (Message, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+messageColumns+` FROM message WHERE uri = $1 AND uri <> '' AND private = 0 AND deleted_at = 0
		UNION ALL SELECT `+messageColumns+` FROM message WHERE account = $2 AND remote_id = $1 AND private = 0 AND deleted_at = 0 LIMIT 1`, k.Key, k.Account)
	return store.One(rows, err, scanMessage, "that post is not known here")
}
