package intake

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/id"
	"switchboard/internal/store"
)

// snapshot is a model as the database keeps it.
type snapshot struct {
	ID      id.Of[snapshot]
	Seed    string // a hash of what it was made from: other phrases, another model
	Lesson  int64  // the newest correction in it
	Learned int64  // how many are in it
	Score   int64  // of the newest corrections, kept back from it, how many in a thousand it foresaw
	Tested  int64  // how many were kept back; none: too few were there
	At      time.Time
	Body    []byte
}

const keptColumns = `id, seed, lesson, learned, score, tested, at, body`

func scanKept(rows *sql.Rows) (k snapshot, err error) {
	return k, rows.Scan(&k.ID, &k.Seed, &k.Lesson, &k.Learned, &k.Score, &k.Tested, store.Time(&k.At), &k.Body)
}

// keptModels returns the newest models for a seed that are whole, the newest first.
func keptModels(ctx context.Context, q store.Queryer, seed string, before int64, limit int) ([]snapshot, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+keptColumns+` FROM model WHERE seed = $1 AND lesson < $2 AND tested >= 0 ORDER BY id DESC LIMIT $3`, seed, before, limit)
	return store.List(rows, err, scanKept)
}

// keep writes a model and drops all but the newest few of its seed, and those of seeds that nobody has used for a week.
func keep(ctx context.Context, tx *store.Tx, k snapshot) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM model WHERE seed = $1 AND lesson = $2 AND learned = $3`, k.Seed, k.Lesson, k.Learned); err != nil {
		return err
	}
	if err := tx.Insert(ctx, "model", keptColumns, "", [][]any{{k.ID, k.Seed, k.Lesson, k.Learned, k.Score, k.Tested, store.Micros(k.At), k.Body}}); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM model WHERE seed = $1 AND id NOT IN (SELECT id FROM model WHERE seed = $1 ORDER BY id DESC LIMIT 3)`, k.Seed); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM model WHERE seed <> $1 AND at < $2`, k.Seed, store.Micros(k.At.Add(-7*24*time.Hour))); err != nil {
		return err
	}
	tx.Wake(modelTopic)
	return nil
}

// turn reports whether it falls to this node to make a model: the first to ask has a while for it.
func turn(ctx context.Context, tx *store.Tx, k snapshot, while time.Duration) (bool, error) {
	if _, err := tx.ExecContext(ctx, `DELETE FROM model WHERE seed = $1 AND tested < 0 AND at < $2`, k.Seed, store.Micros(k.At.Add(-while))); err != nil {
		return false, err
	}
	r, err := tx.ExecContext(ctx, `INSERT INTO model (`+keptColumns+`) VALUES ($1, $2, $3, $4, 0, -1, $5, $6) ON CONFLICT DO NOTHING`,
		k.ID, k.Seed, k.Lesson, k.Learned, store.Micros(k.At), []byte{})
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}
