// Package job does later what need not, or must not, be done inside a transaction: deliveries, downloads, webhooks, clean-up.
//
// A job is enqueued in the transaction that causes it, by River, on both databases. It runs at least once: what it does must
// bear being done again. A job that fails or panics is tried three times with growing pauses and then put in quarantine
// (Options.Lost hears of it); it never takes its neighbours or the process with it.
package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"switchboard/internal/store"
)

// Tries is how often a job that fails is tried before it is put in quarantine.
const Tries = 3

// Beat is how often River looks for jobs whose time has come. One that is scheduled for sooner may be late by as much; who can't
// bear that enqueues it for now, and has its handler answer Later until it is time: a wait of up to a Beat is kept to
// about Poll.
const Beat = 5 * time.Second

// Args is what a job is about: a small structure that marshals to JSON, with the name of its kind.
type Args = river.JobArgs

// Options are how a kind of job is run.
type Options struct {
	// Timeout ends the context of one run. 0: a minute.
	Timeout time.Duration
	// Workers gives the kind a queue of its own with so many workers on each node: what may hang for long holds nobody else
	// up then, and is begun within a second or two rather than at once. 0: it is run with all others.
	Workers int
	// Lost hears of a job that goes into quarantine, and why. It may be nil.
	Lost func(ctx context.Context, args []byte, why string)
}

// Jobs is the queue and its workers. Register every kind with Handle, then Open, then Start.
type Jobs struct {
	Store   *store.Store
	Log     *slog.Logger
	Workers int           // how many jobs run at a time on this node; 0: 100, for most of a job is waiting for a far side
	Poll    time.Duration // how often a database that can't call is asked for new jobs; 0: 100 ms

	workers *river.Workers
	kinds   map[string]Options
	insert  inserter
	run     runner
	pool    *pgxpool.Pool
	once    sync.Once
}

type inserter interface {
	InsertManyTx(ctx context.Context, tx *sql.Tx, params []river.InsertManyParams) ([]*rivertype.JobInsertResult, error)
	InsertTx(ctx context.Context, tx *sql.Tx, args river.JobArgs, opts *river.InsertOpts) (*rivertype.JobInsertResult, error)
}

type runner interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
}

func (j *Jobs) init() {
	j.once.Do(func() {
		j.workers, j.kinds = river.NewWorkers(), map[string]Options{}
		if j.Log == nil {
			j.Log = slog.Default()
		}
	})
}

// Handle says what is done with jobs of A's kind. f returns nil when the job is done, Later to be called again without that
// counting as a try, any other error to be tried again.
func Handle[A Args](j *Jobs, o Options, f func(ctx context.Context, args A) error) {
	j.init()
	var zero A
	j.kinds[zero.Kind()] = o
	river.AddWorker(j.workers, &worker[A]{timeout: o.Timeout, do: f})
}

type worker[A Args] struct {
	river.WorkerDefaults[A]
	timeout time.Duration
	do      func(ctx context.Context, args A) error
}

func (w *worker[A]) Work(ctx context.Context, j *river.Job[A]) error { return w.do(ctx, j.Args) }

func (w *worker[A]) Timeout(*river.Job[A]) time.Duration {
	if w.timeout == 0 {
		return time.Minute
	}
	return w.timeout
}

// Later asks for the job to be called again after d.
func Later(d time.Duration) error { return river.JobSnooze(d) }

// Open brings the job tables up to date and makes Enqueue possible. No job runs yet.
func (j *Jobs) Open(ctx context.Context) error {
	j.init()
	write, _ := j.Store.Pools()
	c := j.config()
	if j.Store.Dialect == store.SQLite {
		d := riversqlite.New(write)
		if err := migrate(ctx, d); err != nil {
			return err
		}
		client, err := river.NewClient(d, c)
		if err != nil {
			return fmt.Errorf("jobs: %w", err)
		}
		j.insert, j.run = client, client
		return nil
	}
	return j.openPostgres(ctx, write, c)
}

func (j *Jobs) openPostgres(ctx context.Context, write *sql.DB, c *river.Config) error {
	pc, err := pgxpool.ParseConfig(j.Store.DSN())
	if err != nil {
		return err
	}
	pc.MaxConns = 8
	if j.pool, err = pgxpool.NewWithConfig(ctx, pc); err != nil {
		return err
	}
	d := riverpgxv5.New(j.pool)
	err = pgx.BeginFunc(ctx, j.pool, func(lock pgx.Tx) error { // one node at a time
		if _, err := lock.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('switchboard job tables'))`); err != nil {
			return err
		}
		return migrate(ctx, d)
	})
	if err != nil {
		return err
	}
	client, err := river.NewClient(d, c)
	if err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	j.run = client
	// Of the jobs added within FetchCooldown only the first calls the workers, so that here it is as short as can be.
	j.insert, err = river.NewClient(riverdatabasesql.New(write), &river.Config{MaxAttempts: Tries, Logger: c.Logger, FetchCooldown: time.Millisecond})
	return err
}

func migrate[T any](ctx context.Context, d riverdriver.Driver[T]) error {
	m, err := rivermigrate.New(d, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err == nil {
		_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}
	if err != nil {
		return fmt.Errorf("job tables: %w", err)
	}
	return nil
}

func (j *Jobs) config() *river.Config {
	n, poll := j.Workers, j.Poll
	queues := map[string]river.QueueConfig{}
	if n == 0 {
		n = 100
	}
	if poll == 0 {
		poll = 100 * time.Millisecond
	}
	if j.Store.Dialect == store.Postgres {
		poll = 250 * time.Millisecond // it is called; this is for a call that got lost
	}
	queues[river.QueueDefault] = river.QueueConfig{MaxWorkers: n}
	for kind, o := range j.kinds {
		if o.Workers > 0 {
			queues[kind] = river.QueueConfig{MaxWorkers: o.Workers, FetchPollInterval: max(time.Second, poll)}
		}
	}
	return &river.Config{
		Workers:                     j.workers,
		Queues:                      queues,
		MaxAttempts:                 Tries,
		FetchCooldown:               min(poll, 20*time.Millisecond),
		FetchPollInterval:           poll,
		CompletedJobRetentionPeriod: time.Hour,
		ErrorHandler:                watcher{j},
		RetryPolicy:                 retry{},
		Logger:                      slog.New(quiet{j.Log.Handler()}),
	}
}

// Start lets jobs run until Stop.
func (j *Jobs) Start(ctx context.Context) error { return j.run.Start(context.WithoutCancel(ctx)) }

// Stop waits for the jobs that run until ctx ends, then cancels them. Those not finished run again at the next start.
func (j *Jobs) Stop(ctx context.Context) error {
	err := j.run.Stop(ctx)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err = j.run.StopAndCancel(hard)
	}
	return err
}

// Close lets go of the connections Open made.
func (j *Jobs) Close() {
	if j.pool != nil {
		j.pool.Close()
	}
}

// Waiting returns how many jobs are in each state that is not an end: available, running, scheduled, retryable; and, discarded, how many
// are in quarantine.
func (j *Jobs) Waiting(ctx context.Context) (map[string]int, error) {
	out := map[string]int{"available": 0, "running": 0, "scheduled": 0, "retryable": 0, "discarded": 0}
	rows, err := j.Store.Read().QueryContext(ctx, `SELECT state, count(*) FROM river_job WHERE state IN ('available', 'running', 'scheduled', 'retryable', 'discarded') GROUP BY state`)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var state string
		var n int
		err := rows.Scan(&state, &n)
		out[state] = n
		return struct{}{}, err
	})
	return out, err
}

// When says when and how often a job is enqueued.
type When struct {
	At time.Time // zero: at once
	// Unique drops the job when one of its kind with the same arguments waits or runs already.
	Unique bool
}

// Enqueue adds a job in tx: it exists when tx commits and not otherwise.
func (j *Jobs) Enqueue(ctx context.Context, tx *store.Tx, args Args, w When) error {
	_, err := j.insert.InsertTx(ctx, tx.SQL(), args, j.options(args, w))
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", args.Kind(), err)
	}
	return nil
}

// EnqueueAll adds jobs in tx by one statement, to be done at once.
func (j *Jobs) EnqueueAll(ctx context.Context, tx *store.Tx, list []Args) error {
	params := make([]river.InsertManyParams, len(list))
	for k, args := range list {
		params[k] = river.InsertManyParams{Args: args, InsertOpts: j.options(args, When{})}
	}
	if len(params) == 0 {
		return nil
	}
	if _, err := j.insert.InsertManyTx(ctx, tx.SQL(), params); err != nil {
		return fmt.Errorf("enqueue %d of %s: %w", len(list), list[0].Kind(), err)
	}
	return nil
}

func (j *Jobs) options(args Args, w When) *river.InsertOpts {
	o := &river.InsertOpts{ScheduledAt: w.At, MaxAttempts: Tries}
	if j.kinds[args.Kind()].Workers > 0 {
		o.Queue = args.Kind()
	}
	if w.Unique {
		o.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{rivertype.JobStateAvailable,
			rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled}}
	}
	return o
}

// retry is the pause before the next try: 1 s, 4 s, 9 s … an hour at most.
type retry struct{}

func (retry) NextRetry(j *rivertype.JobRow) time.Time {
	s := math.Min(math.Pow(float64(max(len(j.Errors), 1)), 2), 3600)
	return j.AttemptedAt.Add(time.Duration(s * float64(time.Second)))
}

type watcher struct{ j *Jobs }

func (w watcher) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	w.note(ctx, job, err.Error())
	return nil
}

func (w watcher) HandlePanic(ctx context.Context, job *rivertype.JobRow, v any, trace string) *river.ErrorHandlerResult {
	w.j.Log.Error("a job panicked", "kind", job.Kind, "job", job.ID, "panic", v, "trace", trace)
	w.note(ctx, job, fmt.Sprintf("panic: %v", v))
	return nil
}

func (w watcher) note(ctx context.Context, job *rivertype.JobRow, why string) {
	if job.Attempt < job.MaxAttempts {
		w.j.Log.Warn("a job failed and will be tried again", "kind", job.Kind, "job", job.ID, "try", job.Attempt, "why", why)
		return
	}
	w.j.Log.Error("a job is put in quarantine", "kind", job.Kind, "job", job.ID, "why", why)
	if lost := w.j.kinds[job.Kind].Lost; lost != nil {
		lost(ctx, job.EncodedArgs, why)
	}
}

// quiet lets River's warnings and errors through; its information is noise to an operator of Switchboard.
type quiet struct{ slog.Handler }

func (q quiet) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }
