package mail

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/store"
)

const letterColumns = `id, recipient, kind, letter_key, state, tries, trouble, message_id, at, settled_at`

func scanLetter(rows *sql.Rows) (l Log, err error) {
	return l, rows.Scan(&l.ID, &l.To, &l.Kind, &l.Key, &l.State, &l.Tries, &l.Trouble, &l.MessageID, store.Time(&l.At), store.Time(&l.SettledAt))
}

// addLetter keeps a new letter; false says that its key was used before.
func addLetter(ctx context.Context, tx *store.Tx, l Log, sealed []byte) (bool, error) {
	r, err := tx.ExecContext(ctx, `INSERT INTO letter (`+letterColumns+`, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (letter_key) DO NOTHING`, l.ID, l.To, l.Kind, l.Key, string(l.State), l.Tries, l.Trouble, l.MessageID,
		store.Micros(l.At), store.Micros(l.SettledAt), sealed)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n > 0, err
}

func letter(ctx context.Context, q store.Queryer, id LetterID) (Log, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+letterColumns+` FROM letter WHERE id = $1`, id)
	return store.One(rows, err, scanLetter, "there is no such letter")
}

func letterBy(ctx context.Context, q store.Queryer, messageID string) (Log, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+letterColumns+` FROM letter WHERE message_id = $1`, messageID)
	return store.One(rows, err, scanLetter, "there is no such letter")
}

func lettersOf(ctx context.Context, q store.Queryer, limit int) ([]Log, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+letterColumns+` FROM letter ORDER BY id DESC LIMIT $1`, limit)
	return store.List(rows, err, scanLetter)
}

func sealedWords(ctx context.Context, q store.Queryer, id LetterID) (b []byte, err error) {
	return b, q.QueryRowContext(ctx, `SELECT sealed FROM letter WHERE id = $1`, id).Scan(&b)
}

// saveLetter notes what became of a letter that waited. Once it is settled its words go. false says that it waits no more: it was
// recalled meanwhile.
func saveLetter(ctx context.Context, tx *store.Tx, l Log) (bool, error) {
	query := `UPDATE letter SET state = $1, tries = $2, trouble = $3, settled_at = $4 WHERE id = $5 AND state = $6`
	args := []any{string(l.State), l.Tries, l.Trouble, store.Micros(l.SettledAt), l.ID, string(Queued)}
	if l.State != Queued {
		query = `UPDATE letter SET state = $1, tries = $2, trouble = $3, settled_at = $4, sealed = $7 WHERE id = $5 AND state = $6`
		args = append(args, []byte{})
	}
	r, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n > 0, err
}

// forgetLetters removes what was settled before t.
func forgetLetters(ctx context.Context, tx *store.Tx, t time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM letter WHERE settled_at <> 0 AND settled_at < $1`, store.Micros(t))
	return err
}

// recallLetters gives up what waits under keys that begin so.
func recallLetters(ctx context.Context, tx *store.Tx, prefix, why string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE letter SET state = $1, trouble = $2, settled_at = $3, sealed = $4 WHERE state = $5 AND letter_key LIKE $6`,
		string(Failed), why, store.Micros(at), []byte{}, string(Queued), prefix+"%")
	return err
}

// returned notes that a letter that was sent came back, the first time.
func returned(ctx context.Context, tx *store.Tx, id LetterID, why string) error {
	_, err := tx.ExecContext(ctx, `UPDATE letter SET state = $1, trouble = $2 WHERE id = $3 AND state = $4`, string(Failed), why, id, string(Sent))
	return err
}
