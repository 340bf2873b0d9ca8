package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"switchboard/internal/fault"
)

// A node's number is leased for a minute at a time; a number not renewed for five may be taken by another. Who has not renewed for
// four asks before it commits whether the number is still its own: it may have stood still meanwhile.
const (
	nodeRenew = time.Minute
	nodeSure  = 4 * time.Minute
	nodeStale = 5 * time.Minute
)

// lease is the number this process holds among those that share the database.
type lease struct {
	taking sync.Mutex // held by who takes another number

	mu     sync.Mutex
	number int
	name   string // the host, for people to read, and a word that no other lease has
	seen   int64  // when it was renewed, in microseconds
}

func (l *lease) held() (number int, name string, seen int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.number, l.name, l.seen
}

func (l *lease) renewed(name string, at int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.name == name {
		l.seen = max(l.seen, at)
	}
}

// nodeLost is the error of a transaction whose ids bear a number that is somebody else's by now.
type nodeLost struct{ name string }

func (*nodeLost) Error() string { return "this node's number was taken by another" }

// Node is this process's number among those that share the database, 0 to 1023. It changes when it stood still for so long that
// another took it.
func (s *Store) Node() int {
	number, _, _ := s.lease.held()
	return number
}

// takeNode takes a number, and on PostgreSQL reads how far transaction ids must be moved up: a database restored into another cluster
// starts with lower ones, and the journal must not go back.
func (s *Store) takeNode(ctx context.Context) error {
	return s.take(ctx, (*Tx).raiseOffset)
}

// takeNodeAgain takes another number in place of one that is lost, unless that is done already. Its error says that what was being
// done is not.
func (s *Store) takeNodeAgain(ctx context.Context, lost *nodeLost) error {
	s.lease.taking.Lock()
	defer s.lease.taking.Unlock()
	if _, name, _ := s.lease.held(); name == lost.name {
		s.Log.Warn("this node stood still for so long that its number was given to another: it takes a new one")
		if err := s.take(context.WithoutCancel(ctx), nil); err != nil {
			return err
		}
	}
	return fault.Wrap(fault.Unavailable, "the machine stood still for some minutes: try again", lost)
}

// take takes the lowest number nobody uses. first, if there is one, is done before on PostgreSQL, by one node at a time.
func (s *Store) take(ctx context.Context, first func(*Tx, context.Context) error) error {
	host, _ := os.Hostname()
	l := &s.lease
	var number int
	name, now := host+" "+rand.Text(), Micros(s.Now())
	err := s.Tx(ctx, func(tx *Tx) error {
		tx.free = true
		if tx.Dialect() == Postgres {
			if _, err := tx.ExecContext(ctx, `LOCK TABLE node IN EXCLUSIVE MODE`); err != nil {
				return err
			}
			if first != nil {
				if err := first(tx, ctx); err != nil {
					return err
				}
			}
		} else if _, err := tx.ExecContext(ctx, `DELETE FROM node`); err != nil { // one process a file: the row that is there is our own former self
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM node WHERE seen_at < $1`, now-nodeStale.Microseconds()); err != nil {
			return err
		}
		for number = range 1024 {
			r, err := tx.ExecContext(ctx, `INSERT INTO node (number, name, seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, number, name, now)
			if err != nil {
				return err
			}
			if took, err := r.RowsAffected(); err != nil || took == 1 {
				return err
			}
		}
		return fault.New(fault.Unavailable, "1024 nodes use this database already: stop one, or wait five minutes for the numbers of dead ones")
	})
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.number, l.name, l.seen = number, name, now
	s.IDs.As(number)
	return nil
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

// holdNode makes sure, before t commits, that the ids made in it bear a number that is ours.
func (t *Tx) holdNode(ctx context.Context) error {
	number, name, seen := t.s.lease.held()
	switch {
	case t.free || name == "": // while it is being opened there is none yet
		return nil
	case number != t.node:
		return &nodeLost{}
	case Micros(t.s.Now())-seen < nodeSure.Microseconds():
		return nil
	}
	return t.renewNode(ctx, number, name)
}

func (t *Tx) renewNode(ctx context.Context, number int, name string) error {
	now := Micros(t.s.Now())
	r, err := t.ExecContext(ctx, `UPDATE node SET seen_at = $3 WHERE number = $1 AND name = $2`, number, name, now)
	if err != nil {
		return fmt.Errorf("renew the node's number: %w", err)
	}
	n, err := r.RowsAffected()
	if err == nil && n == 0 {
		err = &nodeLost{name}
	}
	t.After(func() { t.s.lease.renewed(name, now) })
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
			tx.free = true
			number, name, _ := s.lease.held()
			return tx.renewNode(ctx, number, name)
		})
		if err != nil && !errors.As(err, new(*nodeLost)) && !errors.Is(err, context.Canceled) {
			s.Log.Warn("this node's number could not be renewed", "error", err)
		}
	}
}
