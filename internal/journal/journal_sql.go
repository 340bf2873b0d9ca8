package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"switchboard/internal/store"
)

// columns are in the order scan wants.
const columns = `tx, seq, at, who, what, conversation, about, data`

// Read returns up to limit entries after c, in order. It never passes over an entry that commits later.
func Read(ctx context.Context, s *store.Store, c Cursor, limit int) ([]Entry, error) {
	if s.Dialect == store.Postgres {
		return list(s.Read().QueryContext(ctx, `SELECT `+columns+` FROM journal
			WHERE (tx, seq) > ($1, $2) AND tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint + $4
			ORDER BY tx, seq LIMIT $3`, c.Tx, c.Seq, limit, s.Offset()))
	}
	return list(s.Read().QueryContext(ctx, `SELECT `+columns+` FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2`, c.Seq, limit))
}

// Last returns the place after the newest entry a reader may see.
func Last(ctx context.Context, s *store.Store) (Cursor, error) {
	var c Cursor
	query, args := `SELECT tx, seq FROM journal ORDER BY seq DESC LIMIT 1`, []any{}
	if s.Dialect == store.Postgres {
		query, args = `SELECT tx, seq FROM journal WHERE tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint + $1
			ORDER BY tx DESC, seq DESC LIMIT 1`, []any{s.Offset()}
	}
	err := s.Read().QueryRowContext(ctx, query, args...).Scan(&c.Tx, &c.Seq)
	if err == sql.ErrNoRows {
		err = nil
	}
	return c, err
}

// First returns the place before the oldest entry that is kept: a cursor that is Less has missed some.
func First(ctx context.Context, s *store.Store) (Cursor, error) {
	var c Cursor
	order := `seq`
	if s.Dialect == store.Postgres {
		order = `tx, seq`
	}
	err := s.Read().QueryRowContext(ctx, `SELECT tx, seq FROM journal ORDER BY `+order+` LIMIT 1`).Scan(&c.Tx, &c.Seq)
	if err == sql.ErrNoRows {
		return Cursor{}, nil
	}
	c.Seq--
	return c, err
}

// Of returns the newest limit entries about a conversation, oldest first.
func Of(ctx context.Context, q store.Queryer, conversation int64, limit int) ([]Entry, error) {
	return list(q.QueryContext(ctx, `SELECT `+columns+` FROM (SELECT `+columns+` FROM journal
		WHERE conversation = $1 AND conversation <> 0 ORDER BY seq DESC LIMIT $2) newest ORDER BY seq`, conversation, limit))
}

// Forget removes up to limit entries written before t, the oldest first, and returns how many. A reader whose place is gone
// is told to begin anew.
func Forget(ctx context.Context, s *store.Store, t time.Time, limit int) (n int64, err error) {
	err = s.Tx(ctx, func(tx *store.Tx) error {
		r, err := tx.ExecContext(ctx, `DELETE FROM journal WHERE seq IN
			(SELECT seq FROM (SELECT seq, at FROM journal ORDER BY seq LIMIT $2) oldest WHERE at < $1)`, store.Micros(t), limit)
		if err != nil {
			return err
		}
		n, err = r.RowsAffected()
		return err
	})
	return n, err
}

// Unsay takes the words of people out of what is written about conversations: reasons, tags and how something was answered. That
// it happened, when and by whom, stays.
func Unsay(ctx context.Context, tx *store.Tx, conversations []int64) error {
	if len(conversations) == 0 {
		return nil
	}
	entries, err := list(tx.QueryContext(ctx, `SELECT `+columns+` FROM journal WHERE conversation <> 0 AND conversation IN (`+store.In(1, len(conversations))+`)
		AND (data LIKE '%"reason%' OR data LIKE '%"tags"%' OR data LIKE '%"how"%' OR data LIKE '%"undo"%')`, store.Pad(conversations)...))
	if err != nil {
		return err
	}
	for _, e := range entries {
		var data map[string]json.RawMessage
		if json.Unmarshal(e.Data, &data) != nil {
			continue
		}
		for _, word := range []string{"reason", "reasons", "tags", "undo"} {
			delete(data, word)
		}
		if e.What == AnsweredByHand {
			delete(data, "how")
		}
		if _, err := tx.ExecContext(ctx, `UPDATE journal SET data = $1 WHERE seq = $2`, store.JSON(data), e.Cursor.Seq); err != nil {
			return err
		}
	}
	return nil
}

func list(rows *sql.Rows, err error) ([]Entry, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Entry
	for rows.Next() {
		var e Entry
		if err := rows.Scan(&e.Cursor.Tx, &e.Cursor.Seq, store.Time(&e.At), &e.Who, &e.What, &e.Conversation, &e.About, (*text)(&e.Data)); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// text scans a TEXT column into bytes of its own.
type text []byte

func (t *text) Scan(v any) error {
	switch v := v.(type) {
	case string:
		*t = text(v)
	case []byte:
		*t = append(text(nil), v...)
	}
	return nil
}

// Unwrite removes what is written about conversations that were never real. No reader notices: each goes on after its place.
func Unwrite(ctx context.Context, tx *store.Tx, conversations []int64) error {
	if len(conversations) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM journal WHERE conversation <> 0 AND conversation IN (`+store.In(1, len(conversations))+`)`, store.Pad(conversations)...)
	return err
}
