package store_test

import (
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

// watch is a machine's clock that a test sets on.
type watch struct{ ahead atomic.Int64 }

func (w *watch) Now() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }

func (w *watch) open(t *testing.T, dsn string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Now: w.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// nodeOf is the number an id bears.
func nodeOf(id int64) int { return int(id >> 12 & 1023) }

// A node that stood still while its number was given to another stores nothing under that number any more: what it was doing is
// refused, and can be done again under a number of its own.
func TestANodeThatStoodStillTakesAnotherNumber(t *testing.T) {
	dsn, w := storetest.Postgres(t), &watch{}
	frozen := w.open(t, dsn)
	number := frozen.Node()
	begun, other := make(chan struct{}), make(chan struct{})
	midway := make(chan error)
	go func() {
		midway <- frozen.Tx(t.Context(), func(tx *store.Tx) error {
			frozen.IDs.Next()
			if err := set(t.Context(), tx, "midway", "1"); err != nil {
				return err
			}
			close(begun)
			<-other
			return nil
		})
	}()
	<-begun
	w.ahead.Add(int64(10 * time.Minute))
	taker := w.open(t, dsn)
	if taker.Node() != number {
		t.Fatalf("the number of who is silent for ten minutes was not given on: %d, %d", taker.Node(), number)
	}
	if err := frozen.Tx(t.Context(), func(tx *store.Tx) error { return set(t.Context(), tx, "woken", "1") }); !fault.Is(err, fault.Unavailable) {
		t.Errorf("woken, it stored under a number that is another's: %v", err)
	}
	close(other)
	if err := <-midway; !fault.Is(err, fault.Unavailable) {
		t.Errorf("what it was in the midst of was stored under a number that is another's: %v", err)
	}
	for _, name := range []string{"midway", "woken"} {
		if get(t.Context(), t, frozen, name) != "" {
			t.Errorf("%s is stored", name)
		}
	}
	if err := frozen.Tx(t.Context(), func(tx *store.Tx) error { return set(t.Context(), tx, "again", "1") }); err != nil {
		t.Errorf("done again: %v", err)
	}
	if mine, theirs := nodeOf(frozen.IDs.Next()), nodeOf(taker.IDs.Next()); mine == theirs || mine != frozen.Node() || theirs != taker.Node() {
		t.Errorf("ids bear %d and %d", mine, theirs)
	}
	if err := taker.Tx(t.Context(), func(tx *store.Tx) error { return set(t.Context(), tx, "taker", "1") }); err != nil {
		t.Errorf("who took the number lost it: %v", err)
	}
}

// Who stood still and whose number nobody took goes on with it.
func TestANodeThatStoodStillAloneGoesOn(t *testing.T) {
	for name, dsn := range map[string]string{"sqlite": storetest.SQLite(t), "postgres": storetest.Postgres(t)} {
		t.Run(name, func(t *testing.T) {
			w := &watch{}
			s := w.open(t, dsn)
			number := s.Node()
			w.ahead.Add(int64(10 * time.Minute))
			if err := s.Tx(t.Context(), func(tx *store.Tx) error { return set(t.Context(), tx, "a", "1") }); err != nil || s.Node() != number {
				t.Errorf("it has number %d instead of %d, %v", s.Node(), number, err)
			}
			if other := w.open(t, dsn); name == "postgres" && other.Node() == number {
				t.Error("its number was given away though it was renewed")
			}
		})
	}
}
