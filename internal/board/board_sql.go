package board

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// seat is whose something is.
type seat struct {
	department staff.DepartmentID
	person     staff.PersonID
}

type lateness struct {
	soon, late int
	first      time.Time
}

// dueSoon counts what is late or soon is, by whose it is: the index conversation_due holds all that is asked.
func dueSoon(ctx context.Context, q store.Queryer, now time.Time) (map[seat]lateness, error) {
	rows, err := q.QueryContext(ctx, `SELECT department, person, sum(CASE WHEN clock_due <= $1 THEN 0 ELSE 1 END), sum(CASE WHEN clock_due <= $1 THEN 1 ELSE 0 END), min(clock_due)
		FROM conversation WHERE clock_due <> 0 AND view = 'open' AND clock_due < $2 GROUP BY department, person`, store.Micros(now), store.Micros(now.Add(soon)))
	out := map[seat]lateness{}
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var k seat
		var n lateness
		err := rows.Scan(&k.department, &k.person, &n.soon, &n.late, store.Time(&n.first))
		out[k] = n
		return struct{}{}, err
	})
	return out, err
}

// soonest is among how many of those that are due first the one that waits longest is looked for: urgent ones are due before their time.
const soonest = 500

// oldest is since when the contact waits who waits longest for a department; zero where nobody does.
func oldest(ctx context.Context, q store.Queryer, d staff.DepartmentID) (t time.Time, err error) {
	rows, err := q.QueryContext(ctx, `SELECT clock_start FROM (SELECT clock_start FROM conversation WHERE department = $1 AND view = 'open' AND clock_due <> 0
		ORDER BY clock_due, id LIMIT $2) due ORDER BY clock_start LIMIT 1`, d, soonest)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) { return struct{}{}, rows.Scan(store.Time(&t)) })
	return t, err
}

// mostAnswers is of how many of the newest answers a median is made.
const mostAnswers = 5000

// firstAnswers is the median of the first answers from a time to another.
func firstAnswers(ctx context.Context, q store.Queryer, from, until time.Time) (a Answered, err error) {
	rows, err := q.QueryContext(ctx, `SELECT data FROM journal WHERE what IN ('waiting on the contact', 'closed') AND at >= $1 AND at < $2
		AND data LIKE '%"clock":"first"%' ORDER BY at DESC LIMIT $3`, store.Micros(from), store.Micros(until), mostAnswers)
	list, err := store.List(rows, err, func(rows *sql.Rows) (n int64, err error) {
		var text string
		if err := rows.Scan(&text); err != nil {
			return 0, err
		}
		var data struct{ Seconds int64 }
		err = json.Unmarshal([]byte(text), &data)
		return data.Seconds, err
	})
	if len(list) > 0 {
		slices.Sort(list)
		a = Answered{time.Duration(list[len(list)/2]) * time.Second, len(list)}
	}
	return a, err
}
