package store_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

func set(ctx context.Context, tx *store.Tx, name, value string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

func get(ctx context.Context, t *testing.T, s *store.Store, name string) string {
	t.Helper()
	var v string
	if err := s.Read().QueryRowContext(ctx, `SELECT COALESCE(max(value), '') FROM setting WHERE name = $1`, name).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		woken, done := s.Hear("things")
		defer done()
		for range 3 { // the third time the statements come prepared
			if err := s.Tx(ctx, func(tx *store.Tx) error { tx.Wake("things"); return set(ctx, tx, "a", "1") }); err != nil {
				t.Fatal(err)
			}
		}
		select {
		case <-woken:
		case <-time.After(10 * time.Second):
			t.Error("nobody was woken by a commit")
		}
		told := false
		err := s.Tx(ctx, func(tx *store.Tx) error {
			tx.After(func() { told = true })
			if err := set(ctx, tx, "a", "2"); err != nil {
				return err
			}
			return errors.New("no")
		})
		if err == nil || told || get(ctx, t, s, "a") != "1" {
			t.Errorf("a transaction that failed left something behind: told %v, a = %s", told, get(ctx, t, s, "a"))
		}
	})
}

// What was hurried stays, in the file itself, and afterwards the disk is waited for again, also when what was hurried failed.
func TestHurryEndsWithWaitingForTheDisk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		waits := func() (how int) {
			if s.Dialect != store.SQLite {
				return 2
			}
			write, _ := s.Pools()
			if err := write.QueryRowContext(ctx, `PRAGMA synchronous`).Scan(&how); err != nil {
				t.Fatal(err)
			}
			return how
		}
		for value, end := range map[string]error{"1": nil, "2": errors.New("no")} {
			err := s.Hurry(ctx, func() error {
				return errors.Join(s.Tx(ctx, func(tx *store.Tx) error { return set(ctx, tx, "a", value) }), end)
			})
			if got, how := get(ctx, t, s, "a"), waits(); (err != nil) != (end != nil) || got != value || how != 2 {
				t.Errorf("ended with %v, a = %s, synchronous = %d", err, got, how)
			}
		}
		if s.Dialect == store.SQLite {
			if i, err := os.Stat(s.DSN() + "-wal"); err == nil && i.Size() != 0 {
				t.Errorf("%d bytes are in the log only", i.Size())
			}
		}
	})
}

func TestPanicRollsBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		func() {
			defer func() { _ = recover() }()
			_ = s.Tx(ctx, func(tx *store.Tx) error { _ = set(ctx, tx, "p", "1"); panic("poison") })
		}()
		if err := s.Tx(ctx, func(tx *store.Tx) error { return set(ctx, tx, "q", "1") }); err != nil {
			t.Fatal(err)
		}
		if get(ctx, t, s, "p") != "" || get(ctx, t, s, "q") != "1" {
			t.Error("a panic in a transaction did not undo it, or blocked the next")
		}
	})
}

func TestInsertManyAndIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		for _, n := range []int{0, 1, 3, 4, 5, 63, 64, 213} {
			var rows [][]any
			for k := range n {
				rows = append(rows, []any{strings.Repeat("x", n) + string(rune('a'+k%26)) + time.Duration(k).String(), "v"})
			}
			if err := s.Tx(ctx, func(tx *store.Tx) error { return tx.Insert(ctx, "setting", "name, value", "", rows) }); err != nil {
				t.Fatalf("%d rows: %v", n, err)
			}
		}
		var n int
		names := []string{"x" + "a0s", "nobody", "xxxa0s"}
		if err := s.Read().QueryRowContext(ctx, `SELECT count(*) FROM setting WHERE name IN (`+store.In(1, len(names))+`)`, store.Pad(names)...).Scan(&n); err != nil || n != 2 {
			t.Errorf("found %d, %v; want 2", n, err)
		}
	})
}

func TestRepeatedIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		insert := func(tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO setting (name, value) VALUES ('once', '1')`)
			return err
		}
		if err := s.Tx(ctx, insert); err != nil {
			t.Fatal(err)
		}
		if err := s.Tx(ctx, insert); !store.Repeated(err) || store.Down(err) {
			t.Errorf("%v is not told as a repeat", err)
		}
	})
}

func TestNewerSchemaIsRefused(t *testing.T) {
	for name, dsn := range map[string]string{"sqlite": storetest.SQLite(t), "postgres": storetest.Postgres(t)} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			s := storetest.Open(t, dsn)
			if err := s.Tx(ctx, func(tx *store.Tx) error {
				_, err := tx.ExecContext(ctx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, $1)`, true)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			_, err := store.Open(ctx, store.Options{DSN: dsn, Now: time.Now})
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "newer switchboard") {
				t.Errorf("a newer schema was answered by %v", err)
			}
		})
	}
}
