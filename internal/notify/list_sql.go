package notify

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

const columns = `id, person, kind, what, conversation, department, about, who, count, at, read_at`

func scan(rows *sql.Rows) (n Notification, err error) {
	return n, rows.Scan(&n.ID, &n.Person, &n.Kind, &n.What, &n.Conversation, &n.Department, &n.About, &n.Who, &n.Count, store.Time(&n.At), store.Time(&n.ReadAt))
}

// place is where a page of a list ends.
type place struct {
	at int64
	id ID
}

func placeOf(n Notification) place { return place{store.Micros(n.At), n.ID} }

func (p place) String() string {
	return strconv.FormatInt(p.at, 36) + "." + strconv.FormatInt(int64(p.id), 36)
}

func parsePlace(s string) (p place, err error) {
	if s == "" {
		return p, nil
	}
	a, b, ok := strings.Cut(s, ".")
	at, err := strconv.ParseInt(a, 36, 64)
	id, err2 := strconv.ParseInt(b, 36, 64)
	if !ok || err != nil || err2 != nil {
		return p, fault.In("from", "this is no place in the list: leave it out to begin anew")
	}
	return place{at, ID(id)}, nil
}

// listOf returns somebody's notifications, the newest first, after a place; the zero place is the beginning.
func listOf(ctx context.Context, q store.Queryer, p staff.PersonID, from place, limit int, unread bool) ([]Notification, error) {
	where := `person = $1 AND (at, id) < ($2, $3)`
	if unread {
		where += ` AND read_at = 0`
	}
	if from.at == 0 {
		from = place{1<<62 - 1, 1<<62 - 1}
	}
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM notification WHERE `+where+` ORDER BY at DESC, id DESC LIMIT $4`, p, from.at, from.id, limit)
	return store.List(rows, err, scan)
}

func readThese(ctx context.Context, tx *store.Tx, p staff.PersonID, ids []ID, now time.Time) error {
	args := append([]any{p, store.Micros(now)}, store.Pad(ids)...)
	r, err := tx.ExecContext(ctx, `UPDATE notification SET read_at = CASE WHEN read_at = 0 THEN $2 ELSE read_at END
		WHERE person = $1 AND id IN (`+store.In(3, len(ids))+`)`, args...)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || int(n) < distinct(ids) {
		return errors.Join(err, fault.New(fault.NotFound, "there is no such notification of yours: load the list again"))
	}
	return nil
}

func distinct(ids []ID) int {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return len(slices.Compact(ids))
}

func readAll(ctx context.Context, tx *store.Tx, p staff.PersonID, until, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE notification SET read_at = $3 WHERE person = $1 AND read_at = 0 AND at <= $2`, p, store.Micros(until), store.Micros(now))
	return err
}

func unreadIn(ctx context.Context, q store.Queryer, p staff.PersonID, c desk.ConversationID) (bool, error) {
	rows, err := q.QueryContext(ctx, `SELECT id FROM notification WHERE person = $1 AND conversation = $2 AND read_at = 0 LIMIT 1`, p, c)
	list, err := store.List(rows, err, func(rows *sql.Rows) (id ID, err error) { return id, rows.Scan(&id) })
	return len(list) > 0, err
}

func readIn(ctx context.Context, tx *store.Tx, p staff.PersonID, c desk.ConversationID, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE notification SET read_at = $3 WHERE person = $1 AND conversation = $2 AND read_at = 0`, p, c, store.Micros(now))
	return err
}
