package store

import (
	"context"
	"errors"
	"os"
	"time"

	"switchboard/internal/fault"
)

// A node's number is leased for a minute at a time; a number not renewed for five may be taken by another.
const (
	nodeRenew = time.Minute
	nodeStale = 5 * time.Minute
)

// takeNode takes the lowest number nobody uses, and on PostgreSQL reads how far transaction ids must be moved up: a database
// restored into another cluster starts with lower ones, and the journal must not go back.
func (s *Store) takeNode(ctx context.Context) error {
	host, _ := os.Hostname() // only for people to read
	err := s.Tx(ctx, func(tx *Tx) error {
		now := s.Now()
		if tx.Dialect() == Postgres {
			if _, err := tx.ExecContext(ctx, `LOCK TABLE node IN EXCLUSIVE MODE`); err != nil {
				return err
			}
			if err := tx.raiseOffset(ctx); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM node WHERE seen_at < $1`, Micros(now.Add(-nodeStale))); err != nil {
			return err
		}
		for n := range 1024 {
			if tx.Dialect() == SQLite { // one process a file: the row that is there is our own former self
				if _, err := tx.ExecContext(ctx, `DELETE FROM node`); err != nil {
					return err
				}
			}
			r, err := tx.ExecContext(ctx, `INSERT INTO node (number, name, seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, n, host, Micros(now))
			if err != nil {
				return err
			}
			if took, err := r.RowsAffected(); err != nil || took == 1 {
				s.node = n
				return err
			}
		}
		return fault.New(fault.Unavailable, "1024 nodes use this database already: stop one, or wait five minutes for the numbers of dead ones")
	})
	s.IDs.Node = s.node
	return err
}

func (t *Tx) raiseOffset(ctx context.Context) error {
	var last, now, offset int64
	err := t.QueryRowContext(ctx, `SELECT COALESCE((SELECT max(tx) FROM journal), 0), pg_current_xact_id()::text::bigint,
		COALESCE((SELECT value::bigint FROM meta WHERE name = 'journal offset'), 0)`).Scan(&last, &now, &offset)
	if err != nil {
		return err
	}
	if last > now+offset {
		offset = last - now + 1
		_, err = t.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ('journal offset', $1::bigint::text)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, offset)
	}
	t.s.offset = offset
	return err
}

func (s *Store) keepNode(ctx context.Context) {
	tick := time.NewTicker(nodeRenew)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := s.Tx(ctx, func(tx *Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE node SET seen_at = $2 WHERE number = $1`, s.node, Micros(s.Now()))
			return err
		})
		if err != nil && !errors.Is(err, context.Canceled) {
			s.Log.Warn("this node's number could not be renewed", "error", err)
		}
	}
}
