package desk

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchboard/internal/contact"
	"switchboard/internal/id"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Lesson is what a person's correction teaches triage: this text belongs to that department, or means that intent. The text
// itself stays with its message, so that what is erased is forgotten at the next replay.
type Lesson struct {
	ID         id.Of[Lesson]
	Message    MessageID
	Contact    contact.ID
	Department staff.DepartmentID // zero: it is about the intent
	Intent     string
	Text       string
	At         time.Time
}

// LessonTopic wakes every node when something was corrected.
const LessonTopic = "lesson"

// learn keeps a lesson about the last thing the contact said, and tells Learn once it is stored.
func (d *Desk) learn(ctx context.Context, tx *store.Tx, c Conversation, l Lesson) error {
	m, err := LastInbound(ctx, tx, c.ID)
	if err != nil {
		return nil //nolint:nilerr // nothing was said that could teach anything
	}
	l.ID, l.Message, l.Contact, l.Text, l.At = id.Of[Lesson](d.Store.IDs.Next()), m.ID, c.Contact, m.Subject+"\n"+m.Text, d.Now()
	_, err = tx.ExecContext(ctx, `INSERT INTO lesson (id, message, contact, department, intent, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		l.ID, l.Message, l.Contact, l.Department, l.Intent, store.Micros(l.At))
	tx.Wake(LessonTopic)
	if err == nil && d.Learn != nil {
		tx.After(func() { d.Learn(l) })
	}
	return err
}

const (
	lessonHead = `SELECT l.id, l.message, l.contact, l.department, l.intent, m.subject, m.body, l.at FROM (`
	lessonTail = `) l JOIN message m ON m.id = l.message WHERE m.deleted_at = 0 ORDER BY l.id`
)

func scanLesson(rows *sql.Rows) (l Lesson, err error) {
	var subject string
	err = rows.Scan(&l.ID, &l.Message, &l.Contact, &l.Department, &l.Intent, &subject, &l.Text, store.Time(&l.At))
	l.Text = subject + "\n" + l.Text
	return l, err
}

// Lessons returns the newest limit lessons whose words are still there, oldest first.
func Lessons(ctx context.Context, q store.Queryer, limit int) ([]Lesson, error) {
	rows, err := q.QueryContext(ctx, lessonHead+`SELECT * FROM lesson ORDER BY id DESC LIMIT $1`+lessonTail, limit)
	return store.List(rows, err, scanLesson)
}

// LessonsSince returns the lessons after an id, oldest first, limit of them at most.
func LessonsSince(ctx context.Context, q store.Queryer, after int64, limit int) ([]Lesson, error) {
	rows, err := q.QueryContext(ctx, lessonHead+`SELECT * FROM lesson WHERE id > $1 ORDER BY id LIMIT $2`+lessonTail, after, limit)
	return store.List(rows, err, scanLesson)
}

// NewestLesson returns the newest lesson that is not after upTo, 0 if there is none, and how many of the newest limit up to there
// have words left.
func NewestLesson(ctx context.Context, q store.Queryer, upTo int64, limit int) (newest id.Of[Lesson], n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*), coalesce(max(l.id), 0) FROM (SELECT * FROM lesson WHERE id <= $1 ORDER BY id DESC LIMIT $2) l
		JOIN message m ON m.id = l.message WHERE m.deleted_at = 0`, upTo, limit).Scan(&n, &newest)
	return newest, n, err
}

// NthNewestLesson returns the id before the n newest lessons; 0 if there are no more.
func NthNewestLesson(ctx context.Context, q store.Queryer, n int) (before int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT id FROM lesson ORDER BY id DESC LIMIT 1 OFFSET $1`, n).Scan(&before)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return before, err
}

// Intents are what a message can want, in the order they are shown (DESIGN.md, the words).
func Intents() []string {
	return []string{"support", "complaint", "sales", "feedback", "praise", "press", "partnership", "careers", "billing", "procedure", "community", "abuse", "spam", "other"}
}
