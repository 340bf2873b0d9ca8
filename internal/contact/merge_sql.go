package contact

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// MoveIdentities gives identities to a contact, once nobody takes in what they say. The words go with them.
func MoveIdentities(ctx context.Context, tx *store.Tx, ids []IdentityID, to ID) error {
	if len(ids) == 0 {
		return nil
	}
	from, err := Take(ctx, tx, ids)
	if err != nil {
		return err
	}
	if err := LineUp(ctx, tx, append(slices.Collect(maps.Values(from)), to)...); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE identity SET contact = $1 WHERE id IN (`+store.In(2, len(ids))+`)`, append([]any{to}, store.Pad(ids)...)...)
	return err
}

// MoveBack gives those of the identities that are still from's to another contact, and returns them.
func MoveBack(ctx context.Context, tx *store.Tx, ids []IdentityID, from, to ID) ([]IdentityID, error) {
	now, err := Take(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var still []IdentityID
	for _, i := range ids {
		if now[i] == from {
			still = append(still, i)
		}
	}
	return still, MoveIdentities(ctx, tx, still, to)
}

// Follow leads those that were merged into gone on to kept, so that every old link needs one step.
func Follow(ctx context.Context, tx *store.Tx, gone, kept ID) error {
	_, err := tx.ExecContext(ctx, `UPDATE contact SET merged_into = $2 WHERE merged_into = $1 AND merged_into <> 0`, gone, kept)
	return err
}

// FollowBack leads those that were merged into gone, before it went into kept, to gone again: that merge is undone.
func FollowBack(ctx context.Context, tx *store.Tx, gone, kept ID) error {
	_, err := tx.ExecContext(ctx, `WITH RECURSIVE under (id) AS (SELECT gone FROM contact_merge WHERE kept = $1 AND undone_at = 0
		UNION SELECT m.gone FROM contact_merge m JOIN under u ON m.kept = u.id WHERE m.undone_at = 0)
		UPDATE contact SET merged_into = $1 WHERE merged_into = $2 AND id IN (SELECT id FROM under)`, gone, kept)
	return err
}

// SayApart remembers that two contacts are not the same person.
func SayApart(ctx context.Context, tx *store.Tx, a, b ID, by staff.PersonID, at time.Time) error {
	return tx.Insert(ctx, "contact_apart", "one, other, person, at", "ON CONFLICT DO NOTHING", [][]any{{min(a, b), max(a, b), by, store.Micros(at)}})
}

// SaidApart returns the contacts of whom somebody said that they are not the same person as of.
func SaidApart(ctx context.Context, q store.Queryer, of ID) (map[ID]bool, error) {
	rows, err := q.QueryContext(ctx, `SELECT other FROM contact_apart WHERE one = $1 UNION SELECT one FROM contact_apart WHERE other = $1`, of)
	list, err := store.List(rows, err, func(rows *sql.Rows) (c ID, err error) { return c, rows.Scan(&c) })
	out := make(map[ID]bool, len(list))
	for _, c := range list {
		out[c] = true
	}
	return out, err
}

// OnceTogether returns the contacts that may hold words of one, or of those merged into it: of which somebody said that they are not
// the same person, as undoing a merge and splitting say too, and where these went since. In the order of their ids, without itself.
func OnceTogether(ctx context.Context, q store.Queryer, of ID) ([]ID, error) {
	rows, err := q.QueryContext(ctx, `WITH ours AS (SELECT id FROM contact WHERE id = $1 OR merged_into = $1 AND merged_into <> 0),
		other AS (SELECT other AS id FROM contact_apart WHERE one IN (SELECT id FROM ours) UNION SELECT one FROM contact_apart WHERE other IN (SELECT id FROM ours))
		SELECT id FROM (SELECT id FROM other UNION SELECT merged_into FROM contact WHERE id IN (SELECT id FROM other) AND merged_into <> 0) found
		WHERE id NOT IN (SELECT id FROM ours) ORDER BY id`, of)
	return store.List(rows, err, func(rows *sql.Rows) (c ID, err error) { return c, rows.Scan(&c) })
}
