package intake

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/id"
	"switchboard/internal/store"
	"switchboard/internal/triage"
)

// snapshot is a model as the database keeps it.
type snapshot struct {
	ID      id.Of[snapshot]
	Seed    string // a hash of what it was made from: other phrases, another model
	Lesson  int64  // the newest lesson in it
	Learned int64  // how many are in it, confirmations too
	Sum     int64  // of their ids: see desk.Taught
	Score   int64  // of the newest corrections, kept back from it, how many in a thousand it foresaw
	Tested  int64  // how many were kept back; none: too few were there
	At      time.Time
	Body    []byte
}

// of is k made from lessons.
func (k snapshot) of(t desk.Taught) snapshot {
	k.Lesson, k.Learned, k.Sum = int64(t.Newest), t.N, t.Sum
	return k
}

// knows reports whether k was made from as many lessons, and these.
func (k snapshot) knows(t desk.Taught) bool { return k.Learned == t.N && k.Sum == t.Sum }

const keptColumns = `id, seed, lesson, learned, lesson_sum, score, tested, at, body`

// keptModels returns the models for a seed, the newest first, without their bodies. A node's word that it is at one is none.
func keptModels(ctx context.Context, q store.Queryer, seed string) ([]snapshot, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, seed, lesson, learned, lesson_sum, score, tested, at FROM model WHERE seed = $1 AND tested >= 0 ORDER BY id DESC`, seed)
	return store.List(rows, err, func(rows *sql.Rows) (k snapshot, err error) {
		return k, rows.Scan(&k.ID, &k.Seed, &k.Lesson, &k.Learned, &k.Sum, &k.Score, &k.Tested, store.Time(&k.At))
	})
}

// read returns a kept model; false if it is damaged, or gone meanwhile.
func (k snapshot) read(ctx context.Context, q store.Queryer) (*triage.Model, bool, error) {
	var body []byte
	err := q.QueryRowContext(ctx, `SELECT body FROM model WHERE id = $1`, k.ID).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	m := new(triage.Model)
	return m, err == nil && m.UnmarshalBinary(body) == nil, err
}

// remove removes a kept model; false when it is gone already.
func remove(ctx context.Context, tx *store.Tx, k snapshot) (bool, error) {
	r, err := tx.ExecContext(ctx, `DELETE FROM model WHERE id = $1`, k.ID)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

// noteDamage keeps when a model was last found damaged, for the scoreboard: longer than the journal may be kept.
func noteDamage(ctx context.Context, tx *store.Tx, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ('model damaged', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, strconv.FormatInt(store.Micros(now), 10))
	return err
}

// keep writes a model, drops those of its seed that no later one will be held against, and those of seeds that nobody has
// used for a week. newer says of a model how many corrections were made since; the next may be tested on held of them.
func keep(ctx context.Context, tx *store.Tx, k snapshot, held int, newer func(snapshot) int) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM model WHERE seed = $1 AND lesson = $2 AND learned = $3 AND lesson_sum = $4`, k.Seed, k.Lesson, k.Learned, k.Sum); err != nil {
		return err
	}
	if err := tx.Insert(ctx, "model", keptColumns, "", [][]any{{k.ID, k.Seed, k.Lesson, k.Learned, k.Sum, k.Score, k.Tested, store.Micros(k.At), k.Body}}); err != nil {
		return err
	}
	list, err := keptModels(ctx, tx, k.Seed)
	if err != nil {
		return err
	}
	for _, old := range spare(list, held, newer) {
		if _, err := tx.ExecContext(ctx, `DELETE FROM model WHERE id = $1`, old.ID); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM model WHERE seed <> $1 AND at < $2`, k.Seed, store.Micros(k.At.Add(-7*24*time.Hour))); err != nil {
		return err
	}
	tx.Wake(modelTopic)
	return nil
}

// spare are those of list, the newest first, that need not be kept. Kept are the newest, one that knows nothing of the newest
// held corrections, so that the next can be held against it, and between the two some that will be that one later: as far apart
// as half of held.
func spare(list []snapshot, held int, newer func(snapshot) int) (gone []snapshot) {
	oldest := slices.IndexFunc(list, func(k snapshot) bool { return newer(k) >= held })
	if oldest < 0 {
		oldest = len(list) - 1
	}
	for _, k := range list[oldest+1:] {
		gone = append(gone, k)
	}
	last := list[oldest]
	for i := oldest - 1; i > 0; i-- {
		if newer(last)-newer(list[i]) < held/2 {
			gone = append(gone, list[i])
		} else {
			last = list[i]
		}
	}
	return gone
}

// turn reports whether it falls to this node to make a model: the first to ask has a while for it.
func turn(ctx context.Context, tx *store.Tx, k snapshot, while time.Duration) (bool, error) {
	if _, err := tx.ExecContext(ctx, `DELETE FROM model WHERE seed = $1 AND tested < 0 AND at < $2`, k.Seed, store.Micros(k.At.Add(-while))); err != nil {
		return false, err
	}
	r, err := tx.ExecContext(ctx, `INSERT INTO model (`+keptColumns+`) VALUES ($1, $2, $3, $4, $5, 0, -1, $6, $7) ON CONFLICT DO NOTHING`,
		k.ID, k.Seed, k.Lesson, k.Learned, k.Sum, store.Micros(k.At), []byte{})
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}
