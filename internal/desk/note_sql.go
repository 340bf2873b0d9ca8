package desk

import (
	"context"
	"database/sql"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

func addNote(ctx context.Context, tx *store.Tx, n Note) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO note (id, conversation, person, body, at) VALUES ($1, $2, $3, $4, $5)`,
		n.ID, n.Conversation, n.Person, n.Text, store.Micros(n.At))
	return err
}

// notesOf returns the newest limit notes on a conversation, oldest first.
func notesOf(ctx context.Context, q store.Queryer, c ConversationID, limit int) ([]Note, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, conversation, person, body, at FROM (SELECT id, conversation, person, body, at FROM note
		WHERE conversation = $1 ORDER BY id DESC LIMIT $2) newest ORDER BY id`, c, limit)
	return store.List(rows, err, scanNote)
}

func scanNote(rows *sql.Rows) (n Note, err error) {
	return n, rows.Scan(&n.ID, &n.Conversation, &n.Person, &n.Text, store.Time(&n.At))
}

func saveReading(ctx context.Context, tx *store.Tx, p staff.PersonID, c ConversationID, m MessageID) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO reading (person, conversation, message) VALUES ($1, $2, $3)
		ON CONFLICT (person, conversation) DO UPDATE SET message = excluded.message`, p, c, m)
	return err
}

// readUpTo returns the last message a person has seen of each of the conversations.
func readUpTo(ctx context.Context, q store.Queryer, p staff.PersonID, ids []ConversationID) (map[ConversationID]MessageID, error) {
	out := map[ConversationID]MessageID{}
	if len(ids) == 0 || p.IsZero() {
		return out, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT conversation, message FROM reading WHERE person = $1 AND conversation IN (`+store.In(2, len(ids))+`)`,
		append([]any{p}, store.Pad(ids)...)...)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var c ConversationID
		var m MessageID
		err := rows.Scan(&c, &m)
		out[c] = m
		return struct{}{}, err
	})
	return out, err
}
