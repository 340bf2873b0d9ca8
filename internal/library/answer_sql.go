package library

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

const columns = `id, department, person, audience, review_at, topics, intents, tags, departments, version, created_by, created_at, changed_by, changed_at, archived_at, up, down`

func scanAnswer(rows *sql.Rows) (a Answer, err error) {
	return a, rows.Scan(&a.ID, &a.Department, &a.Person, &a.Audience, store.Time(&a.ReviewAt), store.Parse(&a.Topics), store.Parse(&a.Intents), store.Parse(&a.Tags),
		store.Parse(&a.For), &a.Version, &a.CreatedBy, store.Time(&a.CreatedAt), &a.ChangedBy, store.Time(&a.ChangedAt), store.Time(&a.ArchivedAt), &a.Up, &a.Down)
}

// answer is one entry with its texts.
func answer(ctx context.Context, q store.Queryer, of ID) (Answer, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM answer WHERE id = $1`, of)
	list, err := store.List(rows, err, scanAnswer)
	if err != nil {
		return Answer{}, err
	}
	if len(list) == 0 {
		return Answer{}, noAnswer()
	}
	err = withTexts(ctx, q, list)
	return list[0], err
}

// answers are entries by their ids, with their texts, in no order.
func answers(ctx context.Context, q store.Queryer, ids []ID) ([]Answer, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM answer WHERE id IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	list, err := store.List(rows, err, scanAnswer)
	if err != nil {
		return nil, err
	}
	return list, withTexts(ctx, q, list)
}

// allAnswers are all entries without their texts, the newest change first.
func allAnswers(ctx context.Context, q store.Queryer) ([]Answer, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM answer ORDER BY changed_at DESC, id DESC`)
	return store.List(rows, err, scanAnswer)
}

type textRow struct {
	id     int64
	answer ID
	Text
}

func scanText(rows *sql.Rows) (t textRow, err error) {
	return t, rows.Scan(&t.id, &t.answer, &t.Language, &t.Title, &t.Body)
}

// withTexts fills in the texts of list, in the order in which they were written.
func withTexts(ctx context.Context, q store.Queryer, list []Answer) error {
	if len(list) == 0 {
		return nil
	}
	at := map[ID]int{}
	ids := make([]ID, len(list))
	for k, a := range list {
		at[a.ID], ids[k] = k, a.ID
	}
	rows, err := q.QueryContext(ctx, `SELECT id, answer, language, title, body FROM answer_text WHERE answer IN (`+store.In(1, len(ids))+`) ORDER BY answer, id`, store.Pad(ids)...)
	texts, err := store.List(rows, err, scanText)
	for _, t := range texts {
		k := at[t.answer]
		list[k].Texts = append(list[k].Texts, t.Text)
	}
	return err
}

// lock makes two who change an entry at once wait for one another.
func lock(ctx context.Context, tx *store.Tx, of ID) error {
	_, err := tx.ExecContext(ctx, `UPDATE answer SET version = version WHERE id = $1`, of)
	return err
}

func save(ctx context.Context, tx *store.Tx, a Answer) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO answer (id, department, person, audience, review_at, topics, intents, tags, departments, version,
			created_by, created_at, changed_by, changed_at, archived_at, up, down)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
		ON CONFLICT (id) DO UPDATE SET department = excluded.department, person = excluded.person, audience = excluded.audience, review_at = excluded.review_at,
			topics = excluded.topics, intents = excluded.intents, tags = excluded.tags, departments = excluded.departments, version = excluded.version,
			changed_by = excluded.changed_by, changed_at = excluded.changed_at, archived_at = excluded.archived_at, up = excluded.up, down = excluded.down`,
		a.ID, a.Department, a.Person, a.Audience, store.Micros(a.ReviewAt), store.JSON(a.Topics), store.JSON(a.Intents), store.JSON(a.Tags), store.JSON(a.For),
		a.Version, a.CreatedBy, store.Micros(a.CreatedAt), a.ChangedBy, store.Micros(a.ChangedAt), store.Micros(a.ArchivedAt), a.Up, a.Down)
	return err
}

// saveTexts writes an entry's texts anew, and their words for the search; of an archived one no words.
func (b *Book) saveTexts(ctx context.Context, tx *store.Tx, a Answer) error {
	rows, err := tx.QueryContext(ctx, `SELECT id, answer, language, title, body FROM answer_text WHERE answer = $1`, a.ID)
	was, err := store.List(rows, err, scanText)
	if err != nil {
		return err
	}
	for _, t := range was {
		if err := forgetWords(ctx, tx, t.id); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM answer_text WHERE answer = $1`, a.ID); err != nil {
		return err
	}
	for _, t := range a.Texts {
		of := b.Store.IDs.Next()
		if _, err := tx.ExecContext(ctx, `INSERT INTO answer_text (id, answer, language, title, body) VALUES ($1, $2, $3, $4, $5)`, of, a.ID, t.Language, t.Title, t.Body); err != nil {
			return err
		}
		if !a.ArchivedAt.IsZero() {
			continue
		}
		if err := saveWords(ctx, tx, of, searchable(a, t)); err != nil {
			return err
		}
	}
	return nil
}

func saveVersion(ctx context.Context, tx *store.Tx, v Version, of ID) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO answer_version (answer, version, content, deed, person, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		of, v.Number, store.JSON(v.Content), v.Deed, v.Person, store.Micros(v.At))
	return err
}

func versions(ctx context.Context, q store.Queryer, of ID) ([]Version, error) {
	rows, err := q.QueryContext(ctx, `SELECT version, content, deed, person, at FROM answer_version WHERE answer = $1 ORDER BY version DESC LIMIT 200`, of)
	return store.List(rows, err, func(rows *sql.Rows) (v Version, err error) {
		return v, rows.Scan(&v.Number, store.Parse(&v.Content), &v.Deed, &v.Person, store.Time(&v.At))
	})
}

func saveThumb(ctx context.Context, tx *store.Tx, of ID, who staff.PersonID, t Thumb, now time.Time) error {
	if t == NoThumb {
		_, err := tx.ExecContext(ctx, `DELETE FROM answer_thumb WHERE answer = $1 AND person = $2`, of, who)
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO answer_thumb (answer, person, up, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (answer, person) DO UPDATE SET up = excluded.up, at = excluded.at`, of, who, store.Bool(t == Up), store.Micros(now))
	return err
}

// thumbs counts what people think of an entry, and keeps the counts with it.
func thumbs(ctx context.Context, tx *store.Tx, of ID) (up, down int, err error) {
	err = tx.QueryRowContext(ctx, `SELECT COALESCE(SUM(up), 0), COALESCE(SUM(1 - up), 0) FROM answer_thumb WHERE answer = $1`, of).Scan(&up, &down)
	if err != nil {
		return up, down, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE answer SET up = $2, down = $3 WHERE id = $1`, of, up, down)
	return up, down, err
}

func forgetThumbs(ctx context.Context, tx *store.Tx, of ID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM answer_thumb WHERE answer = $1`, of)
	return err
}

func thumbOf(ctx context.Context, q store.Queryer, of ID, who staff.PersonID) (Thumb, error) {
	var up bool
	err := q.QueryRowContext(ctx, `SELECT up FROM answer_thumb WHERE answer = $1 AND person = $2`, of, who).Scan(store.Truth(&up))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return NoThumb, nil
	case up:
		return Up, err
	}
	return Down, err
}

func moveAll(ctx context.Context, tx *store.Tx, from, to staff.DepartmentID) error {
	if _, err := tx.ExecContext(ctx, `UPDATE answer SET department = $2 WHERE department = $1`, from, to); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE saved_reply SET department = $2 WHERE department = $1`, from, to)
	return err
}

func leave(ctx context.Context, tx *store.Tx, p staff.PersonID) error {
	_, err := tx.ExecContext(ctx, `UPDATE answer SET person = 0 WHERE person = $1`, p)
	return err
}
