package desk

import (
	"context"
	"database/sql"
	"math"
	"strconv"
	"time"

	"switchboard/internal/store"
)

const (
	// taught are the lessons after $1 and up to $2 that are within a budget ($3 corrections, $4 confirmations, $5 of them a department),
	// had not ended by $7 and have words left. Confirmations are looked for among the newest $6, so that it takes no longer in a house
	// that has many.
	taught = ` FROM (
		SELECT * FROM (SELECT id, message, contact, kind, department, intent, at FROM lesson
			WHERE kind = 'correction' AND id > $1 AND id <= $2 AND (ended = 0 OR ended > $7) ORDER BY id DESC LIMIT $3) corrected
		UNION ALL
		SELECT * FROM (SELECT id, message, contact, kind, department, intent, at FROM (
			SELECT id, message, contact, kind, department, intent, at, ROW_NUMBER() OVER (PARTITION BY department ORDER BY id DESC) AS nth FROM (
				SELECT * FROM lesson WHERE kind = 'confirmation' AND id > $1 AND id <= $2 AND (ended = 0 OR ended > $7) ORDER BY id DESC LIMIT $6) newest) counted
			WHERE nth <= $5 ORDER BY id DESC LIMIT $4) confirmed
		) l JOIN message m ON m.id = l.message WHERE m.deleted_at = 0`
	lookedAt = 4 // times the confirmations of a budget
)

// args are what taught is asked with.
func (b Budget) args(after, upTo, asOf int64) []any {
	return []any{after, upTo, b.Corrections, b.Confirmations, b.Each, lookedAt * b.Confirmations, asOf}
}

func scanLesson(rows *sql.Rows) (l Lesson, err error) {
	var subject string
	err = rows.Scan(&l.ID, &l.Message, &l.Contact, &l.Kind, &l.Department, &l.Intent, &subject, &l.Text, store.Time(&l.At))
	l.Text = subject + "\n" + l.Text
	return l, err
}

// Lessons returns the newest lessons whose words are still there, oldest first.
func Lessons(ctx context.Context, q store.Queryer, b Budget) ([]Lesson, error) {
	return LessonsSince(ctx, q, 0, b)
}

// LessonsSince returns the newest lessons after an id, oldest first.
func LessonsSince(ctx context.Context, q store.Queryer, after int64, b Budget) ([]Lesson, error) {
	rows, err := q.QueryContext(ctx, `SELECT l.id, l.message, l.contact, l.kind, l.department, l.intent, m.subject, m.body, l.at`+taught+` ORDER BY l.id`,
		b.args(after, math.MaxInt64, math.MaxInt64)...)
	return store.List(rows, err, scanLesson)
}

// TaughtNow says which lessons there are to learn from.
func TaughtNow(ctx context.Context, q store.Queryer, b Budget) (Taught, error) {
	return TaughtAsOf(ctx, q, math.MaxInt64, math.MaxInt64, b)
}

// TaughtAsOf says which lessons up to one there were to learn from when an id was made, of those that have words left now.
func TaughtAsOf(ctx context.Context, q store.Queryer, upTo LessonID, asOf int64, b Budget) (t Taught, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*), coalesce(max(l.id), 0), CAST(coalesce(sum(l.id % `+strconv.Itoa(addend)+`), 0) AS BIGINT)`+taught,
		b.args(0, int64(upTo), asOf)...).Scan(&t.N, &t.Newest, &t.Sum)
	return t, err
}

func addCorrection(ctx context.Context, tx *store.Tx, l Lesson) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO lesson (id, message, contact, kind, department, intent, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		l.ID, l.Message, l.Contact, string(l.Kind), l.Department, l.Intent, store.Micros(l.At))
	return err
}

// addConfirmation keeps l about the message it names, or what the contact said first; false where something was learned already of
// whose the conversation is, where no words are left, and where the contact is made up.
func addConfirmation(ctx context.Context, tx *store.Tx, of ConversationID, l Lesson, madeUp string) (bool, error) {
	r, err := tx.ExecContext(ctx, `INSERT INTO lesson (id, message, contact, kind, department, intent, at)
		SELECT CAST($1 AS BIGINT), m.id, c.contact, 'confirmation', CAST($2 AS BIGINT), '', CAST($3 AS BIGINT)
		FROM conversation c JOIN account a ON a.id = c.account JOIN message m ON m.conversation = c.id
		WHERE c.id = $4 AND a.channel <> $5 AND m.direction = 'in' AND m.deleted_at = 0 AND (CAST($6 AS BIGINT) = 0 OR m.id = CAST($6 AS BIGINT))
			AND NOT EXISTS (SELECT 1 FROM message o JOIN lesson l ON l.message = o.id WHERE o.conversation = c.id AND l.department <> 0)
		ORDER BY m.at, m.id LIMIT 1`, l.ID, l.Department, store.Micros(l.At), of, madeUp, l.Message)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

// endDepartments has what a conversation taught of whose it is teach no more, from another lesson's id on: that it was right where it
// was, and what people said of its words since a time. What was asked before and answered stays learned.
func endDepartments(ctx context.Context, tx *store.Tx, of ConversationID, since time.Time, by LessonID) error {
	_, err := tx.ExecContext(ctx, `UPDATE lesson SET ended = $2 WHERE ended = 0 AND department <> 0
		AND message IN (SELECT id FROM message WHERE conversation = $1 AND (at >= $3 OR lesson.kind = 'confirmation'))`, of, by, store.Micros(since))
	return err
}

// endIntents has what people said that a message means teach no more, from another lesson's id on.
func endIntents(ctx context.Context, tx *store.Tx, of MessageID, by LessonID) error {
	_, err := tx.ExecContext(ctx, `UPDATE lesson SET ended = $2 WHERE ended = 0 AND department = 0 AND message = $1`, of, by)
	return err
}

// takeBack takes away what a conversation taught by one lesson as if it never had, and has what that ended teach again.
func takeBack(ctx context.Context, tx *store.Tx, of ConversationID, l LessonID) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM lesson WHERE id = $1`, l); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE lesson SET ended = 0 WHERE ended = $2 AND message IN (SELECT id FROM message WHERE conversation = $1)`, of, l)
	return err
}

// dropConfirmation takes away what a conversation bore out, as if it never had.
func dropConfirmation(ctx context.Context, tx *store.Tx, of ConversationID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM lesson WHERE kind = 'confirmation' AND message IN (SELECT id FROM message WHERE conversation = $1)`, of)
	return err
}

// dropCorrection takes away what a conversation taught last of what an intent sounds like, as if it never had.
func dropCorrection(ctx context.Context, tx *store.Tx, of ConversationID, intent string) error {
	var last LessonID
	err := tx.QueryRowContext(ctx, `SELECT coalesce(max(l.id), 0) FROM lesson l JOIN message m ON m.id = l.message
		WHERE m.conversation = $1 AND l.kind = 'correction' AND l.department = 0 AND l.intent = $2`, of, intent).Scan(&last)
	if err != nil || last.IsZero() {
		return err
	}
	return takeBack(ctx, tx, of, last)
}
