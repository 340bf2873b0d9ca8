package desk

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// leavingFrom reports whether something is on its way out of any of the conversations.
func leavingFrom(ctx context.Context, tx *store.Tx, ids []ConversationID) (bool, error) {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM delivery WHERE state IN ('queued', 'sending') AND conversation IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...).Scan(&n)
	return n > 0, err
}

// eraseBeside takes away what was written beside the messages of conversations. What we sent stays as a fact without its words.
func eraseBeside(ctx context.Context, tx *store.Tx, ids []ConversationID, of contact.ID, now time.Time) error {
	in, args := store.In(1, len(ids)), store.Pad(ids)
	if err := eraseUploads(ctx, tx, in, args); err != nil {
		return err
	}
	if err := Reindex(ctx, tx, ids); err != nil { // the notes' words leave the full text too
		return err
	}
	if err := eraseDrafts(ctx, tx, ids, now); err != nil {
		return err
	}
	for _, statement := range []string{
		`DELETE FROM note WHERE conversation IN (` + in + `)`,
		`DELETE FROM phone_call WHERE conversation IN (` + in + `)`,
		`DELETE FROM line WHERE conversation IN (` + in + `)`,
		`DELETE FROM request_link WHERE request IN (SELECT id FROM request WHERE conversation IN (` + in + `))`,
		`UPDATE request SET body = '', answer = '' WHERE conversation IN (` + in + `)`,
		`UPDATE promise SET body = '', words = '', proof_words = '', reason = '', ring_at = 0,
			state = CASE WHEN state IN ('open', 'unsaid') THEN 'withdrawn' ELSE state END WHERE conversation IN (` + in + `)`,
		`UPDATE delivery SET subject = '', body = '', content = '{}', reason = '', url = '',
			state = CASE WHEN state = 'sent' THEN state ELSE 'cancelled' END WHERE conversation IN (` + in + `)`,
		`UPDATE conversation SET thread = 'erased ' || id WHERE id IN (` + in + `)`,
		`DELETE FROM lesson WHERE message IN (SELECT id FROM message WHERE conversation IN (` + in + `))`,
	} {
		if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
			return err
		}
	}
	for _, statement := range []string{`DELETE FROM lesson WHERE contact = $1`, `DELETE FROM line WHERE contact = $1`} {
		if _, err := tx.ExecContext(ctx, statement, of); err != nil {
			return err
		}
	}
	return nil
}

// eraseDrafts empties drafts. That they are no more is kept for as long as a browser may come back with one.
func eraseDrafts(ctx context.Context, tx *store.Tx, ids []ConversationID, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE draft SET body = '', content = '{}', at = $1, changed_at = $1 WHERE conversation IN (`+store.In(2, len(ids))+`)`,
		append([]any{store.Micros(now)}, store.Pad(ids)...)...)
	return err
}

// eraseRepeats takes away the words of what was answered to writes, whomever they were about: nothing says which those are. Who
// repeats one is told that it was done.
func eraseRepeats(ctx context.Context, tx *store.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE idempotency SET type = '', body = $1 WHERE length(body) > 0`, []byte{})
	return err
}

// ErasedAt is when the contact of a conversation was erased, the zero time when they were not.
func ErasedAt(ctx context.Context, q store.Queryer, of ConversationID) (at time.Time, err error) {
	rows, err := q.QueryContext(ctx, `SELECT p.erased_at FROM conversation c JOIN contact p ON p.id = c.contact WHERE c.id = $1`, of)
	return store.One(rows, err, func(rows *sql.Rows) (at time.Time, err error) { return at, rows.Scan(store.Time(&at)) }, "there is no such conversation")
}

// eraseUploads takes away the files that went out of conversations, and those that lie with what somebody began to write there.
func eraseUploads(ctx context.Context, tx *store.Tx, in string, args []any) error {
	rows, err := tx.QueryContext(ctx, `SELECT content FROM delivery WHERE conversation IN (`+in+`)
		UNION ALL SELECT content FROM draft WHERE conversation IN (`+in+`)`, args...)
	list, err := store.List(rows, err, func(rows *sql.Rows) (s string, err error) { return s, rows.Scan(&s) })
	if err != nil {
		return err
	}
	for _, content := range list {
		for _, id := range uploadsIn(content) {
			if _, err := tx.ExecContext(ctx, `DELETE FROM upload WHERE id = $1`, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// uploadsIn are the ids of the files that a delivery's or a draft's content names.
func uploadsIn(content string) (out []MediaID) { // any id: they read alike
	var c struct {
		Uploads []json.RawMessage              `json:"uploads"`
		Files   []struct{ ID json.RawMessage } `json:"files"`
	}
	if json.Unmarshal([]byte(content), &c) != nil {
		return nil
	}
	for _, f := range c.Files {
		c.Uploads = append(c.Uploads, f.ID)
	}
	for _, raw := range c.Uploads {
		var id MediaID
		if json.Unmarshal(raw, &id) == nil {
			out = append(out, id)
		}
	}
	return out
}

// toldOf returns who was told of conversations.
func toldOf(ctx context.Context, tx *store.Tx, ids []ConversationID) ([]staff.PersonID, error) {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT person FROM notification WHERE conversation <> 0 AND conversation IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	return store.List(rows, err, func(rows *sql.Rows) (p staff.PersonID, err error) { return p, rows.Scan(&p) })
}

// saidBy returns what some identities said in a conversation.
func saidBy(ctx context.Context, q store.Queryer, in ConversationID, by []contact.IdentityID) ([]Message, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+messageColumns+` FROM message WHERE conversation = $1 AND identity IN (`+store.In(2, len(by))+`)`,
		append([]any{in}, store.Pad(by)...)...)
	return store.List(rows, err, scanMessage)
}

// eraseCopies takes identities out of those to whom an answer to somebody else goes too, as long as it has not left, and out of drafts
// of one. Of what was sent it stays known who had it, as who is in a mail of somebody else does.
func eraseCopies(ctx context.Context, tx *store.Tx, identities []contact.Identity, now time.Time) error {
	theirs := map[string]bool{}
	for _, i := range identities {
		theirs[channel.AddressKey(i.RemoteID)] = true
	}
	rows, err := tx.QueryContext(ctx, `SELECT id, content FROM delivery WHERE state IN ('held', 'queued', 'failed') AND sent_at = 0 AND content LIKE '%"cc"%'`)
	type row struct {
		key     []any
		content string
	}
	waiting, err := store.List(rows, err, func(rows *sql.Rows) (r row, err error) {
		var id int64
		err = rows.Scan(&id, &r.content)
		r.key = []any{id}
		return r, err
	})
	if err != nil {
		return err
	}
	for _, r := range waiting {
		if content, some := withoutCopies(r.content, theirs); some {
			if _, err := tx.ExecContext(ctx, `UPDATE delivery SET content = $1 WHERE id = $2`, append([]any{content}, r.key...)...); err != nil {
				return err
			}
		}
	}
	rows, err = tx.QueryContext(ctx, `SELECT person, conversation, kind, content FROM draft WHERE content LIKE '%"cc"%'`)
	begun, err := store.List(rows, err, func(rows *sql.Rows) (r row, err error) {
		var person, conversation int64
		var kind string
		err = rows.Scan(&person, &conversation, &kind, &r.content)
		r.key = []any{person, conversation, kind}
		return r, err
	})
	if err != nil {
		return err
	}
	for _, r := range begun {
		if content, some := withoutCopies(r.content, theirs); some {
			if _, err := tx.ExecContext(ctx, `UPDATE draft SET content = $1, at = $2, changed_at = $2 WHERE person = $3 AND conversation = $4 AND kind = $5`,
				append([]any{content, store.Micros(now)}, r.key...)...); err != nil {
				return err
			}
		}
	}
	return nil
}

// withoutCopies is the content of a delivery, where "cc" holds identities, or of a draft, where it holds addresses, without some of
// them; some is false when none of them is in it.
func withoutCopies(content string, of map[string]bool) (out string, some bool) {
	var all map[string]json.RawMessage
	var list, left []json.RawMessage
	if json.Unmarshal([]byte(content), &all) != nil || json.Unmarshal(all["cc"], &list) != nil {
		return content, false
	}
	for _, one := range list {
		var i channel.Identity
		if json.Unmarshal(one, &i) != nil {
			_ = json.Unmarshal(one, &i.RemoteID)
		}
		if !of[channel.AddressKey(i.RemoteID)] {
			left = append(left, one)
		}
	}
	if len(left) == len(list) {
		return content, false
	}
	delete(all, "cc")
	if len(left) > 0 {
		all["cc"], _ = json.Marshal(left)
	}
	raw, err := json.Marshal(all)
	return string(raw), err == nil
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
