package notify

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// dueNow returns who is to be told by which way now, and was not within the minute.
func dueNow(ctx context.Context, q store.Queryer, now, told time.Time, limit int) ([]due, error) {
	rows, err := q.QueryContext(ctx, `SELECT w.person, w.way FROM notification_wait w
		LEFT JOIN notification_pace p ON p.person = w.person AND p.way = w.way
		WHERE w.ready_at <= $1 AND coalesce(p.sent_at, 0) <= $2 GROUP BY w.person, w.way ORDER BY min(w.ready_at) LIMIT $3`,
		store.Micros(now), store.Micros(told), limit)
	return store.List(rows, err, func(rows *sql.Rows) (d due, err error) { return d, rows.Scan(&d.person, &d.way) })
}

// nextDue is when somebody is to be told next; zero when nothing waits.
func nextDue(ctx context.Context, q store.Queryer, pace time.Duration) (at time.Time, err error) {
	err = q.QueryRowContext(ctx, `SELECT coalesce(min(CASE WHEN w.ready_at < coalesce(p.sent_at, 0) + $1 THEN coalesce(p.sent_at, 0) + $1 ELSE w.ready_at END), 0)
		FROM notification_wait w LEFT JOIN notification_pace p ON p.person = w.person AND p.way = w.way`, pace.Microseconds()).Scan(store.Time(&at))
	return at, err
}

// takePace begins somebody's minute, false when it has begun already.
func takePace(ctx context.Context, tx *store.Tx, p staff.PersonID, w Way, now, told time.Time) (bool, error) {
	r, err := tx.ExecContext(ctx, `INSERT INTO notification_pace (person, way, sent_at) VALUES ($1, $2, $3)
		ON CONFLICT (person, way) DO UPDATE SET sent_at = excluded.sent_at WHERE notification_pace.sent_at <= $4`, p, string(w), store.Micros(now), store.Micros(told))
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

// claim marks what is going out to somebody with the end of its lease.
func claim(ctx context.Context, tx *store.Tx, p staff.PersonID, w Way, now, until time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE notification_wait SET ready_at = $4, tries = tries + 1 WHERE person = $1 AND way = $2 AND ready_at <= $3`,
		p, string(w), store.Micros(now), store.Micros(until))
	return err
}

// claimed returns what is going out under a lease and was not read meanwhile, the newest first.
func claimed(ctx context.Context, q store.Queryer, p staff.PersonID, w Way, until time.Time) ([]Notification, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM notification WHERE read_at = 0 AND id IN
		(SELECT notification FROM notification_wait WHERE person = $1 AND way = $2 AND ready_at = $3) ORDER BY at DESC, id DESC`, p, string(w), store.Micros(until))
	return store.List(rows, err, scan)
}

// sent forgets what went out under a lease. What has happened to it since goes out next time.
func sent(ctx context.Context, tx *store.Tx, p staff.PersonID, w Way, until, now time.Time) error {
	claimedAt := until.Add(-lease)
	if _, err := tx.ExecContext(ctx, `DELETE FROM notification_wait WHERE person = $1 AND way = $2 AND ready_at = $3 AND at <= $4`,
		p, string(w), store.Micros(until), store.Micros(claimedAt)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE notification_wait SET ready_at = $4 WHERE person = $1 AND way = $2 AND ready_at = $3`,
		p, string(w), store.Micros(until), store.Micros(now))
	return err
}

// putBack has what could not go out tried again at a time, and gives up what was tried often enough.
func putBack(ctx context.Context, tx *store.Tx, p staff.PersonID, w Way, until, at time.Time, tries int) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM notification_wait WHERE person = $1 AND way = $2 AND ready_at = $3 AND tries >= $4`,
		p, string(w), store.Micros(until), tries); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE notification_wait SET ready_at = $4 WHERE person = $1 AND way = $2 AND ready_at = $3`,
		p, string(w), store.Micros(until), store.Micros(at))
	return err
}
