package staff

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchboard/internal/store"
)

// raiseVersion marks that the staff changes. It comes first in the transaction, so that of two changes one waits for the other.
func raiseVersion(ctx context.Context, tx *store.Tx) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ('staff version', '1')
		ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)`)
	return err
}

func staffVersion(ctx context.Context, q store.Queryer) (v int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT CAST(value AS BIGINT) FROM meta WHERE name = 'staff version'`).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return v, err
}

// load reads everything. The version is read first: what changes while we read makes the next look read again.
func load(ctx context.Context, q store.Queryer, now time.Time) (*snapshot, error) {
	version, err := staffVersion(ctx, q)
	if err != nil {
		return nil, err
	}
	o, err := organisation(ctx, q)
	if err != nil {
		return nil, err
	}
	people, err := allPeople(ctx, q, now)
	if err != nil {
		return nil, err
	}
	departments, err := departments(ctx, q)
	if err != nil {
		return nil, err
	}
	keys, err := liveKeys(ctx, q)
	if err != nil {
		return nil, err
	}
	return &snapshot{roster: newRoster(version, o, people, departments), keys: keys, looked: now}, nil
}

// allPeople returns everybody with memberships and the absences that are not over.
func allPeople(ctx context.Context, q store.Queryer, now time.Time) ([]Person, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+personColumns+` FROM person ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Person
	at := map[PersonID]int{}
	for rows.Next() {
		p, err := scanPerson(rows)
		if err != nil {
			return nil, err
		}
		at[p.ID] = len(out)
		out = append(out, p)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if err := addMemberships(ctx, q, out, at); err != nil {
		return nil, err
	}
	return out, addAbsences(ctx, q, out, at, now)
}

func addMemberships(ctx context.Context, q store.Queryer, people []Person, at map[PersonID]int) error {
	rows, err := q.QueryContext(ctx, `SELECT person, department FROM membership ORDER BY person, department`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var p PersonID
		var d DepartmentID
		if err := rows.Scan(&p, &d); err != nil {
			return err
		}
		if k, ok := at[p]; ok {
			people[k].Departments = append(people[k].Departments, d)
		}
	}
	return rows.Err()
}

func addAbsences(ctx context.Context, q store.Queryer, people []Person, at map[PersonID]int, now time.Time) error {
	rows, err := q.QueryContext(ctx, `SELECT id, person, from_at, until_at, note FROM absence WHERE until_at > $1 ORDER BY from_at`, store.Micros(now))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		a, err := scanAbsence(rows)
		if err != nil {
			return err
		}
		if k, ok := at[a.Person]; ok {
			people[k].Absences = append(people[k].Absences, a)
		}
	}
	return rows.Err()
}
