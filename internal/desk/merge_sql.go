package desk

import (
	"context"
	"database/sql"

	"switchboard/internal/contact"
	"switchboard/internal/store"
)

// conversationIDs returns a contact's conversations, in the order of their ids.
func conversationIDs(ctx context.Context, q store.Queryer, of contact.ID) ([]ConversationID, error) {
	rows, err := q.QueryContext(ctx, `SELECT id FROM conversation WHERE contact = $1 ORDER BY id`, of)
	return store.List(rows, err, scanConversationID)
}

// besideOf returns those of a contact's conversations that stand beside another of their thread.
func besideOf(ctx context.Context, q store.Queryer, of contact.ID) ([]ConversationID, error) {
	rows, err := q.QueryContext(ctx, `SELECT id FROM conversation WHERE contact = $1 AND beside <> 0 ORDER BY id`, of)
	return store.List(rows, err, scanConversationID)
}

func scanConversationID(rows *sql.Rows) (id ConversationID, err error) { return id, rows.Scan(&id) }

// stillOf returns those of the conversations that are a contact's, in the order of their ids.
func stillOf(ctx context.Context, q store.Queryer, ids []ConversationID, of contact.ID) ([]ConversationID, error) {
	rows, err := q.QueryContext(ctx, `SELECT id FROM conversation WHERE contact = $1 AND id IN (`+store.In(2, len(ids))+`) ORDER BY id`,
		append([]any{of}, store.Pad(ids)...)...)
	return store.List(rows, err, scanConversationID)
}

// conversationsWith returns the conversations of a contact in which any of the identities said something.
func conversationsWith(ctx context.Context, q store.Queryer, of contact.ID, by []contact.IdentityID) ([]ConversationID, error) {
	if len(by) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT c.id FROM conversation c WHERE c.contact = $1 AND EXISTS (SELECT 1 FROM message m
		WHERE m.conversation = c.id AND m.identity IN (`+store.In(2, len(by))+`)) ORDER BY c.id`, append([]any{of}, store.Pad(by)...)...)
	return store.List(rows, err, scanConversationID)
}

// onlySaidBy returns the conversations of a contact in which one identity spoke and no other.
func onlySaidBy(ctx context.Context, q store.Queryer, of contact.ID, by contact.IdentityID) ([]ConversationID, error) {
	rows, err := q.QueryContext(ctx, `SELECT c.id FROM conversation c WHERE c.contact = $1
		AND EXISTS (SELECT 1 FROM message m WHERE m.conversation = c.id AND m.identity = $2)
		AND NOT EXISTS (SELECT 1 FROM message m WHERE m.conversation = c.id AND m.identity <> 0 AND m.identity <> $2) ORDER BY c.id`, of, by)
	return store.List(rows, err, scanConversationID)
}

// moveConversations gives conversations to a contact, and their lines and lessons with them. Where the contact has one of the same
// account and thread, that one goes on with what is said anew, and the other stands beside it.
func moveConversations(ctx context.Context, tx *store.Tx, ids []ConversationID, to contact.ID) error {
	if len(ids) == 0 {
		return nil
	}
	found, err := Load(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		c, ok := found[id]
		if !ok {
			continue
		}
		if err := leave(ctx, tx, c); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE conversation SET contact = $2, beside = CASE WHEN EXISTS (SELECT 1 FROM conversation o
			WHERE o.contact = $2 AND o.account = $3 AND o.thread = $4 AND o.beside = 0 AND o.id <> $1) THEN $1 ELSE 0 END WHERE id = $1`, c.ID, to, c.Account, c.Thread); err != nil {
			return err
		}
	}
	if err := turnLines(ctx, tx, ids, to); err != nil {
		return err
	}
	if err := Reindex(ctx, tx, ids); err != nil { // the full text knows whose they are
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE lesson SET contact = $1 WHERE contact <> 0 AND message IN (SELECT id FROM message WHERE conversation IN (`+
		store.In(2, len(ids))+`))`, append([]any{to}, store.Pad(ids)...)...)
	return err
}

// leave lets one of those that stand beside c take its place: c is about to go to another contact.
func leave(ctx context.Context, tx *store.Tx, c Conversation) error {
	var next ConversationID
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) FROM conversation WHERE contact = $1 AND account = $2 AND thread = $3
		AND beside <> 0 AND id <> $4 AND EXISTS (SELECT 1 FROM conversation WHERE id = $4 AND beside = 0)`, c.Contact, c.Account, c.Thread, c.ID).Scan(&next); err != nil || next.IsZero() {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE conversation SET beside = id WHERE id = $1`, c.ID); err != nil { // two can't be without a mark
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE conversation SET beside = 0 WHERE id = $1`, next)
	return err
}

const mergeColumns = `id, kept, gone, moved, person, at, undone_by, undone_at`

func scanMerge(rows *sql.Rows) (m Merge, err error) {
	return m, rows.Scan(&m.ID, &m.Kept, &m.Gone, store.Parse(&m.Moved), &m.By, store.Time(&m.At), &m.UndoneBy, store.Time(&m.UndoneAt))
}

func addMerge(ctx context.Context, tx *store.Tx, m Merge) error {
	return tx.Insert(ctx, "contact_merge", mergeColumns, "", [][]any{{m.ID, m.Kept, m.Gone, store.JSON(m.Moved), m.By, store.Micros(m.At), m.UndoneBy, store.Micros(m.UndoneAt)}})
}

func saveMerge(ctx context.Context, tx *store.Tx, m Merge) error {
	_, err := tx.ExecContext(ctx, `UPDATE contact_merge SET undone_by = $2, undone_at = $3, moved = $4 WHERE id = $1`, m.ID, m.UndoneBy, store.Micros(m.UndoneAt), store.JSON(m.Moved))
	return err
}

// OneMerge returns a merge; none is a NotFound fault.
func OneMerge(ctx context.Context, q store.Queryer, of MergeID) (Merge, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+mergeColumns+` FROM contact_merge WHERE id = $1`, of)
	return store.One(rows, err, scanMerge, "there is no such merge, or it is not for your eyes")
}

func lockMerge(ctx context.Context, tx *store.Tx, of MergeID) (Merge, error) {
	query := `SELECT ` + mergeColumns + ` FROM contact_merge WHERE id = $1`
	if tx.Dialect() == store.Postgres {
		query += ` FOR UPDATE`
	}
	rows, err := tx.QueryContext(ctx, query, of)
	return store.One(rows, err, scanMerge, "there is no such merge, or it is not for your eyes")
}

// MergesOf returns what was merged into a contact and stands, the newest first.
func MergesOf(ctx context.Context, q store.Queryer, kept contact.ID) ([]Merge, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+mergeColumns+` FROM contact_merge WHERE kept = $1 AND undone_at = 0 ORDER BY id DESC LIMIT 50`, kept)
	return store.List(rows, err, scanMerge)
}
