package topic

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/store"
)

const onColumns = `conversation, topic, at, person, removed`

func scanOn(rows *sql.Rows) (o On, err error) {
	return o, rows.Scan(&o.Conversation, &o.Topic, store.Time(&o.At), &o.Person, store.Truth(&o.Removed))
}

// on returns all that is known of a conversation's topics, also those taken off.
func on(ctx context.Context, q store.Queryer, c desk.ConversationID) ([]On, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+onColumns+` FROM conversation_topic WHERE conversation = $1 ORDER BY topic`, c)
	return store.List(rows, err, scanOn)
}

// Keys returns which topics conversations are on, by conversation; those taken off by hand are not among them.
func Keys(ctx context.Context, q store.Queryer, ids []desk.ConversationID) (map[desk.ConversationID][]string, error) {
	out := map[desk.ConversationID][]string{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT `+onColumns+` FROM conversation_topic WHERE conversation IN (`+store.In(1, len(ids))+`) AND removed = 0 ORDER BY topic`, store.Pad(ids)...)
	list, err := store.List(rows, err, scanOn)
	for _, o := range list {
		out[o.Conversation] = append(out[o.Conversation], o.Topic)
	}
	return out, err
}

func saveOn(ctx context.Context, tx *store.Tx, list []On) error {
	rows := make([][]any, 0, len(list))
	for _, o := range list {
		rows = append(rows, []any{o.Conversation, o.Topic, store.Micros(o.At), o.Person, store.Bool(o.Removed)})
	}
	return tx.Insert(ctx, "conversation_topic", onColumns,
		"ON CONFLICT (conversation, topic) DO UPDATE SET person = excluded.person, removed = excluded.removed", rows)
}

func countOn(ctx context.Context, q store.Queryer, since time.Time) (map[string]int, error) {
	rows, err := q.QueryContext(ctx, `SELECT topic, count(*) FROM conversation_topic WHERE at >= $1 AND removed = 0 GROUP BY topic`, store.Micros(since))
	out := map[string]int{}
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var key string
		var n int
		err := rows.Scan(&key, &n)
		out[key] = n
		return struct{}{}, err
	})
	return out, err
}

func newestOn(ctx context.Context, q store.Queryer, key string, since time.Time, limit int) ([]desk.ConversationID, error) {
	rows, err := q.QueryContext(ctx, `SELECT conversation FROM conversation_topic WHERE topic = $1 AND at >= $2 AND removed = 0
		ORDER BY at DESC, conversation DESC LIMIT $3`, key, store.Micros(since), limit)
	return store.List(rows, err, func(rows *sql.Rows) (id desk.ConversationID, err error) { return id, rows.Scan(&id) })
}

// byHand returns what contacts said in conversations whose topics people corrected since a time, the newest corrections first.
func byHand(ctx context.Context, q store.Queryer, since time.Time, limit int) ([]spoken, error) {
	rows, err := q.QueryContext(ctx, `SELECT o.conversation, o.topic, o.removed, m.subject, m.body FROM
		(SELECT * FROM conversation_topic WHERE person <> 0 AND at >= $1 ORDER BY at DESC LIMIT $2) o
		JOIN message m ON m.conversation = o.conversation WHERE m.direction = 'in' AND m.deleted_at = 0
		ORDER BY o.at DESC, m.id LIMIT $2`, store.Micros(since), limit)
	return store.List(rows, err, func(rows *sql.Rows) (s spoken, err error) {
		var subject string
		err = rows.Scan(&s.conversation, &s.topic, store.Truth(&s.removed), &subject, &s.text)
		s.text = subject + "\n" + s.text
		return s, err
	})
}

// newestSaid returns the newest things that contacts said.
func newestSaid(ctx context.Context, q store.Queryer, limit int) ([]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT subject, body FROM message WHERE direction = 'in' AND deleted_at = 0 ORDER BY id DESC LIMIT $1`, limit)
	return store.List(rows, err, func(rows *sql.Rows) (string, error) {
		var subject, body string
		err := rows.Scan(&subject, &body)
		return subject + "\n" + body, err
	})
}
