// Package store opens the database: SQLite in a file beside the program, or PostgreSQL by its address.
//
// One set of queries, written out with $n parameters, serves both. Where the two truly differ (full text, the journal's order,
// how a schema is spelt) there is one named place that asks Dialect. Times are kept as BIGINT microseconds (see Time).
//
// What never bends here: a change and its journal row are one transaction (Tx); a wake-up for other goroutines and nodes is
// only given when that transaction has committed (Tx.Wake); on SQLite a commit is on the disk before Tx returns.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"switchboard/internal/fault"
	"switchboard/internal/id"
)

// Dialect is which database it is.
type Dialect string

const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Store is an open database. Its methods may be called by several goroutines.
type Store struct {
	Dialect Dialect
	IDs     *id.Maker
	Now     func() time.Time
	Log     *slog.Logger

	write, read *sql.DB
	writeCache  statements
	readCache   statements
	bus         bus
	offset      int64 // what is added to PostgreSQL's transaction ids so that they never go back (see journal)
	lease       lease
	dsn         string
	observer    atomic.Pointer[Observer]
	stop        context.CancelFunc
	done        sync.WaitGroup
}

// Observer hears of each transaction that writes: how long it took, waiting for its turn included, how often it was begun again
// because two stood in each other's way, and how it ended. It must return at once.
type Observer func(took time.Duration, standoffs int, err error)

// Observe has f hear of what is written from now on.
func (s *Store) Observe(f Observer) { s.observer.Store(&f) }

// Options say which database to open.
type Options struct {
	// DSN is a postgres:// address, or the path of an SQLite file.
	DSN string
	Now func() time.Time
	Log *slog.Logger
}

// Open opens the database, brings its schema up to date under a lock and takes a node number. An Invalid fault says that the
// schema is newer than this program, an Unavailable one that the database can't be reached.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	s := &Store{Now: o.Now, Log: o.Log, dsn: o.DSN, IDs: &id.Maker{Now: o.Now}}
	open := s.openSQLite
	if strings.HasPrefix(o.DSN, "postgres://") || strings.HasPrefix(o.DSN, "postgresql://") {
		open = s.openPostgres
	}
	if err := open(ctx); err != nil {
		return nil, err
	}
	s.writeCache.db, s.readCache.db = s.write, s.read
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, s.closePools())
	}
	if err := s.takeNode(ctx); err != nil {
		return nil, errors.Join(err, s.closePools())
	}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.done.Go(func() { s.keepNode(run) })
	if s.Dialect == Postgres {
		s.done.Go(func() { s.listen(run) })
	}
	return s, nil
}

// Close lets go of the database. Transactions under way end first.
func (s *Store) Close() error {
	s.stop()
	s.done.Wait()
	return s.closePools()
}

func (s *Store) closePools() error {
	return errors.Join(s.write.Close(), s.read.Close())
}

// Pools returns the database/sql pools, for the job library, which keeps its own tables. On SQLite the first has one
// connection: whoever writes waits for it.
func (s *Store) Pools() (write, read *sql.DB) { return s.write, s.read }

// DSN is what the store was opened with; it may hold a password.
func (s *Store) DSN() string { return s.dsn }

func (s *Store) openSQLite(ctx context.Context) (err error) {
	s.Dialect = SQLite
	at := "file:" + strings.NewReplacer("?", "%3f", "#", "%23", "%", "%25").Replace(s.dsn) +
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=temp_store(MEMORY)&_pragma=wal_autocheckpoint(4000)"
	if s.write, err = sql.Open("sqlite", at+"&_pragma=synchronous(FULL)&_pragma=cache_size(-24576)&_txlock=immediate"); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	s.write.SetConnMaxIdleTime(0)
	if s.read, err = sql.Open("sqlite", at+"&_pragma=query_only(1)&_pragma=cache_size(-4096)&_pragma=mmap_size(33554432)"); err != nil {
		return err
	}
	n := max(4, runtime.NumCPU()*2)
	s.read.SetMaxOpenConns(n)
	s.read.SetMaxIdleConns(n)
	if err := s.write.PingContext(ctx); err != nil {
		return fault.Wrap(fault.Unavailable, "the database file "+s.dsn+" can't be opened: see that its folder exists and is yours to write", err)
	}
	return nil
}

func (s *Store) openPostgres(ctx context.Context) error {
	s.Dialect = Postgres
	c, err := pgx.ParseConfig(s.dsn)
	if err != nil {
		return fault.New(fault.Invalid, "the database address is not one: postgres://name:password@host:5432/database is the form")
	}
	c.RuntimeParams["application_name"] = "switchboard"
	c.RuntimeParams["jit"] = "off"
	s.write = pool(c)
	// A generic plan made for a quiet table turns a page of the inbox into a scan after a burst of writes: what is read is
	// planned each time. What is written goes by keys, and planning a thousand values anew would cost more than writing them.
	c = c.Copy()
	c.RuntimeParams["plan_cache_mode"] = "force_custom_plan"
	s.read = pool(c)
	if err := s.write.PingContext(ctx); err != nil {
		return fault.Wrap(fault.Unavailable, "PostgreSQL does not answer at the address given as the database", err)
	}
	return nil
}

func pool(c *pgx.ConnConfig) *sql.DB {
	db := stdlib.OpenDB(*c)
	n := max(8, runtime.NumCPU()*4)
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return db
}

// Queryer asks the database something.
type Queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Tx is a transaction that writes.
type Tx struct {
	s      *Store
	tx     *sql.Tx
	topics []string
	after  []func()
	node   int  // whose number the ids made in it bear
	free   bool // it makes none
}

// SQL returns the database/sql transaction, for the job library.
func (t *Tx) SQL() *sql.Tx { return t.tx }

// Dialect says which database t is on.
func (t *Tx) Dialect() Dialect { return t.s.Dialect }

// After calls f once t has committed, never if it has not.
func (t *Tx) After(f func()) { t.after = append(t.after, f) }

// ExecContext runs a statement.
func (t *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if st := t.statement(ctx, query); st != nil {
		return st.ExecContext(ctx, args...)
	}
	return t.tx.ExecContext(ctx, query, args...)
}

// QueryContext runs a query.
func (t *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if st := t.statement(ctx, query); st != nil {
		return st.QueryContext(ctx, args...)
	}
	return t.tx.QueryContext(ctx, query, args...)
}

// QueryRowContext runs a query for one row.
func (t *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if st := t.statement(ctx, query); st != nil {
		return st.QueryRowContext(ctx, args...)
	}
	return t.tx.QueryRowContext(ctx, query, args...)
}

func (t *Tx) statement(ctx context.Context, query string) *sql.Stmt {
	if t.s.Dialect != SQLite { // pgx keeps prepared statements by itself
		return nil
	}
	return t.s.writeCache.in(ctx, t.tx, query)
}

// Hurry runs f while an SQLite file is written without waiting for the disk at each commit, and waits for it at the end. When the
// machine loses its power within f the file may be beyond repair: it is for what can be made anew (a demo's history). Others that
// write meanwhile are hurried too. On PostgreSQL it only runs f.
func (s *Store) Hurry(ctx context.Context, f func() error) error {
	if s.Dialect != SQLite {
		return f()
	}
	if _, err := s.write.ExecContext(ctx, `PRAGMA synchronous = OFF`); err != nil {
		return err
	}
	err := f()
	ctx = context.WithoutCancel(ctx)
	_, safe := s.write.ExecContext(ctx, `PRAGMA synchronous = FULL`)
	var busy, pages, written int
	kept := s.write.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &written)
	if kept == nil && busy != 0 {
		kept = fault.New(fault.Unavailable, "what was written in a hurry did not all reach the disk, as somebody still reads: try again")
	}
	return errors.Join(err, safe, kept)
}

// Tx runs f in a transaction that commits when f returns nil. It runs f again, up to five times, when the database says that
// two transactions stood in each other's way; f must not change anything outside but through the Tx. An Unavailable fault says that
// this node has lost its number, and with it the ids f made: what was asked can be asked again at once.
func (s *Store) Tx(ctx context.Context, f func(tx *Tx) error) error {
	start := s.Now()
	for try := 1; ; try++ {
		err := s.once(ctx, f)
		if lost := (*nodeLost)(nil); errors.As(err, &lost) {
			err = s.takeNodeAgain(ctx, lost)
		}
		if try >= 5 || !standoff(err) {
			if f := s.observer.Load(); f != nil {
				(*f)(s.Now().Sub(start), try-1, err)
			}
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try*try) * 5 * time.Millisecond):
		}
	}
}

func (s *Store) once(ctx context.Context, f func(tx *Tx) error) error {
	if s.Dialect == SQLite {
		if err := s.writeCache.ready(ctx); err != nil {
			return fmt.Errorf("prepare: %w", err)
		}
	}
	q, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	t := &Tx{s: s, tx: q, node: s.Node()}
	defer func() { _ = q.Rollback() }() // after a commit this does nothing; in a panic it is what saves the connection
	if err := f(t); err != nil {
		return err
	}
	if err := t.holdNode(ctx); err != nil {
		return err
	}
	if err := t.notify(ctx); err != nil {
		return err
	}
	if err := q.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	for _, f := range t.after {
		f()
	}
	return nil
}

// Read returns what answers queries outside a transaction.
func (s *Store) Read() Queryer { return reader{s} }

type reader struct{ s *Store }

func (r reader) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if r.s.Dialect == SQLite {
		st, err := r.s.readCache.get(ctx, query)
		if err != nil {
			return nil, err
		}
		return st.QueryContext(ctx, args...)
	}
	return r.s.read.QueryContext(ctx, query, args...)
}

func (r reader) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if r.s.Dialect == SQLite {
		if st, err := r.s.readCache.get(ctx, query); err == nil {
			return st.QueryRowContext(ctx, args...)
		}
	}
	return r.s.read.QueryRowContext(ctx, query, args...)
}

// standoff reports whether the database refused a transaction only because of another one.
func standoff(err error) bool {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return p.Code == "40001" || p.Code == "40P01"
	}
	var l *sqlite.Error
	return errors.As(err, &l) && l.Code()&0xff == sqlite3.SQLITE_BUSY
}

// Repeated reports whether err says that a row with the same unique value is there already.
func Repeated(err error) bool {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return p.Code == "23505"
	}
	var l *sqlite.Error
	return errors.As(err, &l) && (l.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || l.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// Down reports whether err says that the database itself is the trouble (unreachable, full, broken), not the statement.
func Down(err error) bool {
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return false
	}
	var p *pgconn.PgError
	if errors.As(err, &p) {
		switch p.Code[:2] {
		case "08", "53", "57", "58", "25", "40": // connection, resources, operator, system, read-only, rollback
			return true
		}
		return false
	}
	var l *sqlite.Error
	if errors.As(err, &l) {
		switch l.Code() & 0xff {
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY,
			sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_INTERRUPT:
			return true
		}
		return false
	}
	return fault.KindOf(err) == fault.Internal
}

// Now is the store's clock.
func (t *Tx) Now() time.Time { return t.s.Now() }

// Offset is added to PostgreSQL's transaction ids so that the journal never goes back.
func (s *Store) Offset() int64 { return s.offset }
