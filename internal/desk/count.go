package desk

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// place is where a conversation is counted.
type place struct {
	department staff.DepartmentID
	person     staff.PersonID
	view       string
}

func (c Conversation) place() place { return place{c.Department, c.Person, c.View()} }

// tally is how counters move. It is kept as rows that are summed and now and then folded together, so that nobody waits for
// another's row.
type tally map[place]int

func (t tally) move(ch Change) {
	if !ch.Was.ID.IsZero() {
		t[ch.Was.place()]--
	}
	t[ch.Is.place()]++
}

func (t tally) write(ctx context.Context, tx *store.Tx) error {
	var rows [][]any
	for p, n := range t {
		if n != 0 {
			rows = append(rows, []any{p.department, p.person, p.view, n})
		}
	}
	slices.SortFunc(rows, func(a, b []any) int {
		return cmp.Or(cmp.Compare(a[0].(staff.DepartmentID), b[0].(staff.DepartmentID)), cmp.Compare(a[1].(staff.PersonID), b[1].(staff.PersonID)),
			cmp.Compare(a[2].(string), b[2].(string)))
	})
	return tx.Insert(ctx, "tally", "department, person, view, n", "", rows)
}

// Counts is how many conversations stand where.
type Counts map[place]int

// CountsOf reads the counters.
func CountsOf(ctx context.Context, q store.Queryer) (Counts, error) {
	rows, err := q.QueryContext(ctx, `SELECT department, person, view, CAST(sum(n) AS BIGINT) FROM tally GROUP BY department, person, view`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	c := Counts{}
	for rows.Next() {
		var p place
		var n int
		if err := rows.Scan(&p.department, &p.person, &p.view, &n); err != nil {
			return nil, err
		}
		c[p] = n
	}
	return c, rows.Err()
}

// Loads returns how many open conversations each person has.
func (c Counts) Loads() map[staff.PersonID]int {
	out := map[staff.PersonID]int{}
	for p, n := range c {
		if !p.person.IsZero() && p.view == string(Open) {
			out[p.person] += n
		}
	}
	return out
}

// UrgentOf returns how many open conversations that cannot wait each person has.
func UrgentOf(ctx context.Context, q store.Queryer) (map[staff.PersonID]int, error) {
	rows, err := q.QueryContext(ctx, `SELECT person, count(*) FROM conversation WHERE person <> 0 AND view = 'open' AND urgency = 2 GROUP BY person`)
	out := map[staff.PersonID]int{}
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var p staff.PersonID
		var n int
		err := rows.Scan(&p, &n)
		out[p] = n
		return struct{}{}, err
	})
	return out, err
}

// HeldBy returns how many open conversations a person has, and how many of them cannot wait.
func HeldBy(ctx context.Context, q store.Queryer, p staff.PersonID) (load, urgent int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*), COALESCE(sum(CASE WHEN urgency = 2 THEN 1 ELSE 0 END), 0) FROM conversation
		WHERE person = $1 AND person <> 0 AND view = 'open'`, p).Scan(&load, &urgent)
	return load, urgent, err
}

// Waiting returns how many open conversations stand in each department's queue or with its people.
func (c Counts) Waiting() map[staff.DepartmentID]int {
	out := map[staff.DepartmentID]int{}
	for p, n := range c {
		if p.view == string(Open) {
			out[p.department] += n
		}
	}
	return out
}

// Unowned returns how many open conversations of each department nobody has taken.
func (c Counts) Unowned() map[staff.DepartmentID]int {
	out := map[staff.DepartmentID]int{}
	for p, n := range c {
		if p.view == string(Open) && p.person.IsZero() {
			out[p.department] += n
		}
	}
	return out
}

// foldAt is how many rows of counting are let be before they are folded.
const foldAt = 2000

// Fold adds the counters' rows together when there are many. It is called now and then, by one node at a time or several.
func Fold(ctx context.Context, s *store.Store) error {
	var first, last int64
	err := s.Read().QueryRowContext(ctx, `SELECT COALESCE(min(seq), 0), COALESCE(max(seq), 0) FROM tally`).Scan(&first, &last)
	if err != nil || last-first < foldAt {
		return err
	}
	return s.Tx(ctx, func(tx *store.Tx) error {
		if tx.Dialect() == store.Postgres { // rows that commit meanwhile stay; rows another node folds are not folded twice
			if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('switchboard fold'))`); err != nil {
				return err
			}
		}
		rows, err := tx.QueryContext(ctx, `DELETE FROM tally WHERE seq <= $1 RETURNING department, person, view, n`, last)
		if err != nil {
			return err
		}
		t := tally{}
		for rows.Next() {
			var p place
			var n int
			if err := rows.Scan(&p.department, &p.person, &p.view, &n); err != nil {
				rows.Close()
				return err
			}
			t[p] += n
		}
		if err := rows.Close(); err != nil {
			return err
		}
		if err := rows.Err(); err != nil {
			return err
		}
		return t.write(ctx, tx)
	})
}

// KeepFolded folds every few seconds until ctx ends.
func KeepFolded(ctx context.Context, s *store.Store) {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := Fold(ctx, s); err != nil && ctx.Err() == nil {
				s.Log.Warn("the counters could not be folded", "error", err)
			}
		}
	}
}
