package desk

import (
	"context"
	"database/sql"
	"errors"

	"switchboard/internal/store"
)

// SQLite's full text keeps the words of what was taken out of it until the part they stand in is written anew, which may be
// never. After somebody was erased it is all written anew, in small steps that others write between. PostgreSQL does so by itself.

const (
	sweepMark  = "search to be swept" // in meta; its value is sweepBegin, then sweepGoOn
	sweepBegin = "begin"
	sweepGoOn  = "go on"
	sweepStep  = 64 // pages of 4 kB a step
)

// sweepSearch has the full text written anew, once what waits for it was indexed.
func sweepSearch(ctx context.Context, tx *store.Tx) error {
	if tx.Dialect() != store.SQLite {
		return nil
	}
	tx.Wake(SearchTopic)
	_, err := tx.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, sweepMark, sweepBegin)
	return err
}

// SweepSome takes one step of writing the full text anew, if somebody was erased since it was last done, and reports whether there
// are more.
func SweepSome(ctx context.Context, s *store.Store) (more bool, err error) {
	if s.Dialect != store.SQLite {
		return false, nil
	}
	if at, err := sweeping(ctx, s.Read()); err != nil || at == "" {
		return false, err
	}
	err = s.Tx(ctx, func(tx *store.Tx) error {
		more = false
		at, err := sweeping(ctx, tx)
		if err != nil || at == "" {
			return err
		}
		pages := sweepStep
		if at == sweepBegin {
			var waits bool
			if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM search_todo)`).Scan(&waits); err != nil || waits {
				return err
			}
			pages = -sweepStep // FTS5's word for: all parts into one
		}
		var before, after int64
		if err := tx.QueryRowContext(ctx, `SELECT total_changes()`).Scan(&before); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO search (search, rank) VALUES ('merge', $1)`, pages); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `SELECT total_changes()`).Scan(&after); err != nil {
			return err
		}
		if more = at == sweepBegin || after-before >= 2; more { // fewer say that nothing was left to do
			_, err = tx.ExecContext(ctx, `UPDATE meta SET value = $2 WHERE name = $1`, sweepMark, sweepGoOn)
		} else {
			_, err = tx.ExecContext(ctx, `DELETE FROM meta WHERE name = $1`, sweepMark)
		}
		return err
	})
	return more, err
}

// sweeping is how far the sweep is, "" when there is none.
func sweeping(ctx context.Context, q store.Queryer) (at string, err error) {
	err = q.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = $1`, sweepMark).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return at, err
}
