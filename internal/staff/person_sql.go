package staff

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchboard/internal/clock"
	"switchboard/internal/store"
)

// personColumns are in the order scanPerson wants.
const personColumns = `id, name, email, role, state, zone, hours, skills, languages, capacity, here, epoch, created_at`

func scanPerson(row interface{ Scan(...any) error }) (Person, error) {
	p := Person{Departments: []DepartmentID{}, Skills: []string{}, Languages: []string{}, Absences: []Absence{}}
	var h clock.Hours
	var hours string
	err := row.Scan(&p.ID, &p.Name, &p.Email, &p.Role, &p.State, &p.Zone, &hours, store.Parse(&p.Skills), store.Parse(&p.Languages),
		&p.Capacity, store.Truth(&p.Here), &p.epoch, store.Time(&p.CreatedAt))
	if err == nil && hours != "" {
		if err = store.Parse(&h).Scan(hours); err == nil {
			p.Hours = &h
		}
	}
	return p, err
}

// kept is hours as they are stored.
func kept(h *clock.Hours) string {
	if h == nil {
		return ""
	}
	return store.JSON(h)
}

// person returns one person with memberships and absences.
func person(ctx context.Context, q store.Queryer, of PersonID) (Person, error) {
	p, err := scanPerson(q.QueryRowContext(ctx, `SELECT `+personColumns+` FROM person WHERE id = $1`, of))
	if errors.Is(err, sql.ErrNoRows) {
		return p, noPerson()
	}
	if err != nil {
		return p, err
	}
	if p.Departments, err = departmentsOf(ctx, q, of); err != nil {
		return p, err
	}
	p.Absences, err = absencesOf(ctx, q, of)
	return p, err
}

func departmentsOf(ctx context.Context, q store.Queryer, of PersonID) ([]DepartmentID, error) {
	rows, err := q.QueryContext(ctx, `SELECT department FROM membership WHERE person = $1 ORDER BY department`, of)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []DepartmentID{}
	for rows.Next() {
		var d DepartmentID
		if err := rows.Scan(&d); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

func absencesOf(ctx context.Context, q store.Queryer, of PersonID) ([]Absence, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, person, from_at, until_at, note FROM absence WHERE person = $1 ORDER BY from_at`, of)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Absence{}
	for rows.Next() {
		a, err := scanAbsence(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

func scanAbsence(row interface{ Scan(...any) error }) (a Absence, err error) {
	err = row.Scan(&a.ID, &a.Person, store.Time(&a.From), store.Time(&a.Until), &a.Note)
	return a, err
}

// insertPerson adds p with the hash of their password. The caller has checked the address; Repeated tells of a race.
func insertPerson(ctx context.Context, tx *store.Tx, p Person, password string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO person (`+personColumns+`, password) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p.ID, p.Name, p.Email, p.Role, p.State, p.Zone, kept(p.Hours), store.JSON(p.Skills), store.JSON(p.Languages),
		p.Capacity, store.Bool(p.Here), p.epoch, store.Micros(p.CreatedAt), password)
	if err != nil {
		return err
	}
	return saveMemberships(ctx, tx, p)
}

// savePerson writes what can change of p, but not the password or the memberships.
func savePerson(ctx context.Context, tx *store.Tx, p Person) error {
	_, err := tx.ExecContext(ctx, `UPDATE person SET name = $2, role = $3, state = $4, zone = $5, hours = $6, skills = $7,
		languages = $8, capacity = $9, here = $10, epoch = $11 WHERE id = $1`,
		p.ID, p.Name, p.Role, p.State, p.Zone, kept(p.Hours), store.JSON(p.Skills), store.JSON(p.Languages),
		p.Capacity, store.Bool(p.Here), p.epoch)
	return err
}

func saveMemberships(ctx context.Context, tx *store.Tx, p Person) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM membership WHERE person = $1`, p.ID); err != nil {
		return err
	}
	rows := make([][]any, len(p.Departments))
	for k, d := range p.Departments {
		rows[k] = []any{p.ID, d}
	}
	return tx.Insert(ctx, "membership", "person, department", "", rows)
}

func administrators(ctx context.Context, q store.Queryer) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM person WHERE role = $1 AND state = $2`, Administrator, Active).Scan(&n)
	return n, err
}

func insertAbsence(ctx context.Context, tx *store.Tx, a Absence) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO absence (id, person, from_at, until_at, note) VALUES ($1, $2, $3, $4, $5)`,
		a.ID, a.Person, store.Micros(a.From), store.Micros(a.Until), a.Note)
	return err
}

func deleteAbsence(ctx context.Context, tx *store.Tx, p PersonID, a AbsenceID) error {
	r, err := tx.ExecContext(ctx, `DELETE FROM absence WHERE id = $1 AND person = $2`, a, p)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errAbsence())
	}
	return nil
}

// removeExpired removes sessions, known browsers, links to set a new password, invitations a month after their end, and absences that are over for a year.
func removeExpired(ctx context.Context, tx *store.Tx, now time.Time) error {
	for query, before := range map[string]time.Time{
		`DELETE FROM session WHERE expires_at < $1`:        now,
		`DELETE FROM device WHERE expires_at < $1`:         now,
		`DELETE FROM password_reset WHERE expires_at < $1`: now,
		`DELETE FROM invitation WHERE expires_at < $1`:     now.AddDate(0, -1, 0),
		`DELETE FROM absence WHERE until_at < $1`:          now.AddDate(-1, 0, 0),
	} {
		if _, err := tx.ExecContext(ctx, query, store.Micros(before)); err != nil {
			return err
		}
	}
	return nil
}
