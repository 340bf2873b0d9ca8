package notify

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchboard/internal/journal"
	"switchboard/internal/store"
)

func readerPlace(ctx context.Context, q store.Queryer) (c journal.Cursor, err error) {
	return c, q.QueryRowContext(ctx, `SELECT tx, seq FROM notification_reader WHERE one = 1`).Scan(&c.Tx, &c.Seq)
}

// moveReader moves the place, false when another reader was faster.
func moveReader(ctx context.Context, tx *store.Tx, from, to journal.Cursor) (bool, error) {
	r, err := tx.ExecContext(ctx, `UPDATE notification_reader SET tx = $3, seq = $4 WHERE one = 1 AND tx = $1 AND seq = $2`, from.Tx, from.Seq, to.Tx, to.Seq)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

// since returns the place before the first entry written at t or later. It looks through the journal: once in the life of a house.
func since(ctx context.Context, q store.Queryer, t time.Time) (c journal.Cursor, err error) {
	err = q.QueryRowContext(ctx, `SELECT tx, seq FROM journal WHERE at < $1 ORDER BY tx DESC, seq DESC LIMIT 1`, store.Micros(t)).Scan(&c.Tx, &c.Seq)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return c, err
}

// fileOne keeps a notification, or counts it into the unread one it is one with, and returns whose id it has.
func fileOne(ctx context.Context, tx *store.Tx, k filing) (id ID, err error) {
	n := k.n
	err = tx.QueryRowContext(ctx, `INSERT INTO notification (id, person, kind, what, fold, conversation, department, about, who, count, at, read_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)
		ON CONFLICT (person, fold) WHERE read_at = 0 DO UPDATE SET what = excluded.what, about = excluded.about, who = excluded.who,
			department = excluded.department, count = notification.count + excluded.count, at = excluded.at,
			conversation = CASE WHEN substr(excluded.fold, 1, 2) = 'd:' THEN 0 ELSE excluded.conversation END
		RETURNING id`, n.ID, n.Person, string(n.Kind), string(n.What), k.fold, n.Conversation, n.Department, n.About, n.Who, n.Count, store.Micros(n.At)).Scan(&id)
	return id, err
}

// wait puts a notification down to go out. What waits already keeps its time.
func wait(ctx context.Context, tx *store.Tx, id ID, w Way, n Notification, ready time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO notification_wait (notification, way, person, ready_at, at, tries) VALUES ($1, $2, $3, $4, $5, 0)
		ON CONFLICT (notification, way) DO UPDATE SET at = excluded.at`, id, string(w), n.Person, store.Micros(ready), store.Micros(n.At))
	return err
}

// forgetOld removes what was read before one time, and everything from before another.
func forgetOld(ctx context.Context, tx *store.Tx, read, all time.Time) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM notification WHERE at < $2 OR at < $1 AND read_at <> 0`, store.Micros(read), store.Micros(all)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM notification_wait WHERE ready_at < $1`, store.Micros(read))
	return err
}
