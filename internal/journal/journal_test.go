package journal_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"switchboard/internal/journal"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

// Writers commit in another order than they were numbered in; a reader that follows meanwhile must see each entry once.
func TestAReaderNeverSkipsWhatCommitsLate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const writers, each = 8, 25
		ctx := t.Context()
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(uint64(w), 1))
				for k := range each {
					err := s.Tx(ctx, func(tx *store.Tx) error {
						err := journal.Write(ctx, tx, journal.Entry{Who: journal.Machine, What: journal.Claimed, About: fmt.Sprintf("%d/%d", w, k)})
						time.Sleep(time.Duration(r.IntN(4000)) * time.Microsecond)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		finished := make(chan struct{})
		go func() { wg.Wait(); close(finished) }()
		seen, last, ended := map[string]int{}, journal.Cursor{}, false
		// On PostgreSQL an entry waits for every older transaction of the cluster, also those of other tests.
		for patience := time.Now().Add(2 * time.Minute); ; {
			list, err := journal.Read(ctx, s, last, 7)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range list {
				if !last.Less(e.Cursor) {
					t.Fatalf("%v after %v: the order went back", e.Cursor, last)
				}
				seen[e.About]++
				last = e.Cursor
			}
			if len(list) == 0 && ended {
				if len(seen) == writers*each || time.Now().After(patience) {
					break
				}
				time.Sleep(20 * time.Millisecond)
			}
			select {
			case <-finished:
				ended = true
			default:
			}
		}
		if len(seen) != writers*each {
			t.Errorf("saw %d of %d entries", len(seen), writers*each)
		}
		for about, n := range seen {
			if n != 1 {
				t.Errorf("%s seen %d times", about, n)
			}
		}
		end, err := journal.Last(ctx, s)
		for patience := time.Now().Add(time.Minute); err == nil && end != last && time.Now().Before(patience); time.Sleep(20 * time.Millisecond) {
			end, err = journal.Last(ctx, s) // another test's transaction began meanwhile
		}
		if err != nil || end != last {
			t.Errorf("Last = %v, %v; the reader ended at %v", end, err, last)
		}
	})
}

func TestNoEntryWithoutItsChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		_ = s.Tx(ctx, func(tx *store.Tx) error {
			if err := journal.Write(ctx, tx, journal.Entry{Who: "x", What: journal.Closed}); err != nil {
				t.Error(err)
			}
			return context.Canceled
		})
		if list, err := journal.Read(ctx, s, journal.Cursor{}, 10); err != nil || len(list) != 0 {
			t.Errorf("%v, %v: an entry of a change that never was", list, err)
		}
	})
}

func TestCursorText(t *testing.T) {
	c := journal.Cursor{Tx: 1 << 40, Seq: 77}
	if got, err := journal.ParseCursor(c.String()); err != nil || got != c {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"", "1", "1.", ".1", "-1.2", "1.2.3", "zz!.1"} {
		if _, err := journal.ParseCursor(bad); err == nil {
			t.Errorf("%q was taken for a cursor", bad)
		}
	}
}

// A database moved into another cluster must not make the journal go back.
func TestTheOrderSurvivesANewCluster(t *testing.T) {
	dsn := storetest.Postgres(t)
	ctx := t.Context()
	write := func(s *store.Store, about string) {
		if err := s.Tx(ctx, func(tx *store.Tx) error {
			return journal.Write(ctx, tx, journal.Entry{Who: "x", What: journal.Closed, About: about})
		}); err != nil {
			t.Fatal(err)
		}
	}
	s := storetest.Open(t, dsn)
	write(s, "old")
	if err := s.Tx(ctx, func(tx *store.Tx) error { // as if the old cluster had been far ahead
		_, err := tx.ExecContext(ctx, `UPDATE journal SET tx = tx + 1000000000`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	moved := storetest.Open(t, dsn)
	before, err := journal.Last(ctx, moved)
	if err != nil {
		t.Fatal(err)
	}
	write(moved, "new")
	var list []journal.Entry
	for range 600 { // an entry waits for every older transaction of the cluster, also those of other tests
		if list, err = journal.Read(ctx, moved, before, 10); err != nil || len(list) > 0 && list[len(list)-1].About == "new" {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err != nil || len(list) == 0 || list[len(list)-1].About != "new" {
		t.Errorf("after the move the reader saw %v, %v", list, err)
	}
}
