package writing

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/store"
)

// presenceOf returns who is in a conversation.
func presenceOf(ctx context.Context, q store.Queryer, c desk.ConversationID, now time.Time) ([]Presence, error) {
	rows, err := q.QueryContext(ctx, `SELECT conversation, person, doing, until_at FROM presence WHERE conversation = $1 AND until_at > $2 ORDER BY person`,
		c, store.Micros(now))
	return store.List(rows, err, func(rows *sql.Rows) (p Presence, err error) {
		return p, rows.Scan(&p.Conversation, &p.Person, &p.Doing, store.Time(&p.Until))
	})
}

// savePresence keeps p; changed is zero when only its time is new.
func savePresence(ctx context.Context, tx *store.Tx, p Presence, changed time.Time) error {
	if changed.IsZero() {
		_, err := tx.ExecContext(ctx, `UPDATE presence SET until_at = $3 WHERE conversation = $1 AND person = $2`, p.Conversation, p.Person, store.Micros(p.Until))
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO presence (conversation, person, doing, until_at, changed_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (conversation, person) DO UPDATE SET doing = excluded.doing, until_at = excluded.until_at, changed_at = excluded.changed_at`,
		p.Conversation, p.Person, string(p.Doing), store.Micros(p.Until), store.Micros(changed))
	return err
}

func forgetPresence(ctx context.Context, tx *store.Tx, t time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM presence WHERE until_at < $1`, store.Micros(t))
	return err
}

// changes returns what changed after t: of whom which draft, and who does something else where.
func changes(ctx context.Context, q store.Queryer, t time.Time, limit int) ([]Change, error) {
	rows, err := q.QueryContext(ctx, `SELECT person, conversation, changed_at FROM draft WHERE changed_at > $1 ORDER BY changed_at LIMIT $2`, store.Micros(t), limit)
	drafts, err := store.List(rows, err, func(rows *sql.Rows) (c Change, err error) {
		c.Draft = true
		return c, rows.Scan(&c.Person, &c.Conversation, store.Time(&c.At))
	})
	if err != nil {
		return nil, err
	}
	rows, err = q.QueryContext(ctx, `SELECT person, conversation, changed_at FROM presence WHERE changed_at > $1 ORDER BY changed_at LIMIT $2`, store.Micros(t), limit)
	present, err := store.List(rows, err, func(rows *sql.Rows) (c Change, err error) {
		return c, rows.Scan(&c.Person, &c.Conversation, store.Time(&c.At))
	})
	return append(drafts, present...), err
}
