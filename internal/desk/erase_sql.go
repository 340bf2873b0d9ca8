package desk

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"

	"switchboard/internal/contact"
	"switchboard/internal/store"
)

// leavingFrom reports whether something is on its way out of any of the conversations.
func leavingFrom(ctx context.Context, tx *store.Tx, ids []ConversationID) (bool, error) {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM delivery WHERE state IN ('queued', 'sending') AND conversation IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...).Scan(&n)
	return n > 0, err
}

// eraseBeside takes away what was written beside the messages of conversations. What we sent stays as a fact without its words.
func eraseBeside(ctx context.Context, tx *store.Tx, ids []ConversationID, of contact.ID) error {
	in, args := store.In(1, len(ids)), store.Pad(ids)
	if err := eraseUploads(ctx, tx, in, args); err != nil {
		return err
	}
	if err := Reindex(ctx, tx, ids); err != nil { // the notes' words leave the full text too
		return err
	}
	for _, statement := range []string{
		`DELETE FROM note WHERE conversation IN (` + in + `)`,
		`DELETE FROM phone_call WHERE conversation IN (` + in + `)`,
		`DELETE FROM line WHERE conversation IN (` + in + `)`,
		`UPDATE request SET body = '', answer = '' WHERE conversation IN (` + in + `)`,
		`UPDATE promise SET body = '', words = '', proof_words = '', reason = '', ring_at = 0,
			state = CASE WHEN state IN ('open', 'unsaid') THEN 'withdrawn' ELSE state END WHERE conversation IN (` + in + `)`,
		`UPDATE delivery SET subject = '', body = '', content = '{}', reason = '', url = '',
			state = CASE WHEN state = 'sent' THEN state ELSE 'cancelled' END WHERE conversation IN (` + in + `)`,
		`DELETE FROM lesson WHERE message IN (SELECT id FROM message WHERE conversation IN (` + in + `))`,
	} {
		if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM lesson WHERE contact = $1`, of)
	return err
}

// eraseUploads takes away the files that went out of conversations.
func eraseUploads(ctx context.Context, tx *store.Tx, in string, args []any) error {
	rows, err := tx.QueryContext(ctx, `SELECT content FROM delivery WHERE conversation IN (`+in+`)`, args...)
	list, err := store.List(rows, err, func(rows *sql.Rows) (s string, err error) { return s, rows.Scan(&s) })
	if err != nil {
		return err
	}
	for _, content := range list {
		var c struct {
			Uploads []json.RawMessage `json:"uploads"`
		}
		if json.Unmarshal([]byte(content), &c) != nil {
			continue
		}
		for _, raw := range c.Uploads {
			var id MediaID // any id: they read alike
			if json.Unmarshal(raw, &id) != nil {
				continue
			}
			if _, err := tx.ExecContext(ctx, `DELETE FROM upload WHERE id = $1`, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// eraseArrivals takes away items of the identities that could not be taken in: they are kept whole.
func eraseArrivals(ctx context.Context, tx *store.Tx, identities []contact.Identity) error {
	for last := int64(0); ; {
		rows, err := tx.QueryContext(ctx, `SELECT id, event FROM arrival WHERE id > $1 ORDER BY id LIMIT 100`, last)
		type item struct {
			id    int64
			event []byte
		}
		list, err := store.List(rows, err, func(rows *sql.Rows) (i item, err error) { return i, rows.Scan(&i.id, &i.event) })
		if err != nil || len(list) == 0 {
			return err
		}
		for _, a := range list {
			last = a.id
			for _, i := range identities {
				written, _ := json.Marshal(i.RemoteID) // text is always written
				if !bytes.Contains(a.event, written) {
					continue
				}
				if _, err := tx.ExecContext(ctx, `DELETE FROM arrival WHERE id = $1`, a.id); err != nil {
					return err
				}
			}
		}
	}
}
