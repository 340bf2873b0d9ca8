package desk

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/contact"
	"switchboard/internal/store"
)

// Lead makes a line: what the contact says as an account's contact in a private thread belongs to a conversation from now on.
func Lead(ctx context.Context, tx *store.Tx, w Whose, to ConversationID, at time.Time) error {
	return tx.Insert(ctx, "line", "contact, account, thread, conversation, at", "ON CONFLICT (contact, account, thread, conversation) DO UPDATE SET at = excluded.at",
		[][]any{{w.Contact, w.Account, w.Thread, to, store.Micros(at)}})
}

// Line is a private way that leads into a public conversation.
type Line struct {
	Account account.ID
	At      time.Time // when it was last taken private there
}

// LinesOf returns where a conversation was taken private, one line an account, the first first.
func LinesOf(ctx context.Context, q store.Queryer, c ConversationID) ([]Line, error) {
	rows, err := q.QueryContext(ctx, `SELECT account, MAX(at) FROM line WHERE conversation = $1 GROUP BY account ORDER BY 2, 1`, c)
	return store.List(rows, err, func(rows *sql.Rows) (l Line, err error) { return l, rows.Scan(&l.Account, store.Time(&l.At)) })
}

// turnLines gives the lines of conversations to the contact who has these now.
func turnLines(ctx context.Context, tx *store.Tx, ids []ConversationID, to contact.ID) error {
	_, err := tx.ExecContext(ctx, `UPDATE line SET contact = $1 WHERE conversation IN (`+store.In(2, len(ids))+`)`, append([]any{to}, store.Pad(ids)...)...)
	return err
}
