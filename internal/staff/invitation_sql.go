package staff

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/store"
)

const invitationColumns = `id, email, name, role, departments, invited_by, created_at, expires_at`

func scanInvitation(row interface{ Scan(...any) error }) (Invitation, error) {
	i := Invitation{Departments: []DepartmentID{}}
	err := row.Scan(&i.ID, &i.Email, &i.Name, &i.Role, store.Parse(&i.Departments), &i.InvitedBy, store.Time(&i.CreatedAt), store.Time(&i.ExpiresAt))
	return i, err
}

func insertInvitation(ctx context.Context, tx *store.Tx, i Invitation, hash []byte) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO invitation (`+invitationColumns+`, token, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)`,
		i.ID, i.Email, i.Name, i.Role, store.JSON(i.Departments), i.InvitedBy, store.Micros(i.CreatedAt), store.Micros(i.ExpiresAt), hash)
	return err
}

func openInvitations(ctx context.Context, q store.Queryer, now time.Time) ([]Invitation, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+invitationColumns+` FROM invitation WHERE used_at = 0 AND expires_at > $1 ORDER BY id DESC`, store.Micros(now))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Invitation{}
	for rows.Next() {
		i, err := scanInvitation(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, rows.Err()
}

func invitation(ctx context.Context, q store.Queryer, hash []byte, now time.Time) (Invitation, error) {
	i, err := scanInvitation(q.QueryRowContext(ctx, `SELECT `+invitationColumns+` FROM invitation
		WHERE token = $1 AND used_at = 0 AND expires_at > $2`, hash, store.Micros(now)))
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "this invitation was used already, taken back or is too old: ask for a new one")
	}
	return i, err
}

// useInvitation marks it as used; NotFound when somebody was quicker.
func useInvitation(ctx context.Context, tx *store.Tx, of InvitationID, now time.Time) error {
	r, err := tx.ExecContext(ctx, `UPDATE invitation SET used_at = $2 WHERE id = $1 AND used_at = 0`, of, store.Micros(now))
	if err != nil {
		return err
	}
	n, err := r.RowsAffected()
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "this invitation was used already: ask for a new one")
	}
	return err
}

func removeInvitationsTo(ctx context.Context, tx *store.Tx, email string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM invitation WHERE email = $1 AND used_at = 0`, email)
	return err
}

func removeInvitation(ctx context.Context, tx *store.Tx, of InvitationID) error {
	r, err := tx.ExecContext(ctx, `DELETE FROM invitation WHERE id = $1 AND used_at = 0`, of)
	if err != nil {
		return err
	}
	n, err := r.RowsAffected()
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "there is no such invitation, or it was used already")
	}
	return err
}
