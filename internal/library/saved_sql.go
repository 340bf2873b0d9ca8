package library

import (
	"context"
	"database/sql"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

const savedColumns = `id, person, department, shortcut, name, language, body, deeds, moment, version, changed_by, changed_at`

func scanSaved(rows *sql.Rows) (s SavedReply, err error) {
	s.Deeds = []Deed{}
	return s, rows.Scan(&s.ID, &s.Person, &s.Department, &s.Shortcut, &s.Name, &s.Language, &s.Body, store.Parse(&s.Deeds), &s.Moment, &s.Version, &s.ChangedBy, store.Time(&s.ChangedAt))
}

// savedFor are all that are shared, and a person's own.
func savedFor(ctx context.Context, q store.Queryer, who staff.PersonID) ([]SavedReply, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+savedColumns+` FROM saved_reply WHERE person = 0 OR person = $1 ORDER BY shortcut`, who)
	return store.List(rows, err, scanSaved)
}

func saved(ctx context.Context, q store.Queryer, of SavedID) (SavedReply, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+savedColumns+` FROM saved_reply WHERE id = $1`, of)
	list, err := store.List(rows, err, scanSaved)
	if err != nil {
		return SavedReply{}, err
	}
	if len(list) == 0 {
		return SavedReply{}, noSaved()
	}
	return list[0], nil
}

// oneByOne makes those who save replies wait for one another, so that no two take one shortcut.
func oneByOne(ctx context.Context, tx *store.Tx) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ('saved replies', '1') ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
	return err
}

// taken returns another saved reply with s's shortcut, among the shared ones or the person's own, a zero one if there is none,
// and how many of them there are.
func taken(ctx context.Context, tx *store.Tx, s SavedReply) (other SavedReply, n int, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+savedColumns+` FROM saved_reply WHERE person = $1 AND shortcut = $2 AND id <> $3`, s.Person, s.Shortcut, s.ID)
	list, err := store.List(rows, err, scanSaved)
	if err != nil {
		return other, 0, err
	}
	if len(list) > 0 {
		other = list[0]
	}
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM saved_reply WHERE person = $1 AND id <> $2`, s.Person, s.ID).Scan(&n)
	return other, n, err
}

func saveSaved(ctx context.Context, tx *store.Tx, s SavedReply) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO saved_reply (id, person, department, shortcut, name, language, body, deeds, moment, version, changed_by, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (id) DO UPDATE SET person = excluded.person, department = excluded.department, shortcut = excluded.shortcut, name = excluded.name,
			language = excluded.language, body = excluded.body, deeds = excluded.deeds, moment = excluded.moment, version = excluded.version,
			changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
		s.ID, s.Person, s.Department, s.Shortcut, s.Name, s.Language, s.Body, store.JSON(s.Deeds), s.Moment, s.Version, s.ChangedBy, store.Micros(s.ChangedAt))
	return err
}

func removeSaved(ctx context.Context, tx *store.Tx, of SavedID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM saved_reply WHERE id = $1`, of)
	return err
}
