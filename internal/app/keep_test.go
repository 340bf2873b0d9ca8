package app_test

import (
	"context"
	"testing"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/journal"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

func TestTheJournalForgetsWhatIsOlderThanItIsKept(t *testing.T) {
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			at := dsn(t)
			h := apptest.Open(t, at, app.Options{})
			old := journal.Entry{Who: journal.Machine, What: journal.PersonChanged, About: "person:old", At: time.Now().Add(-31 * 24 * time.Hour)}
			young := old
			young.About, young.At = "person:young", time.Now().Add(-29*24*time.Hour)
			err := h.Store.Tx(t.Context(), func(tx *store.Tx) error { return journal.Write(t.Context(), tx, old, young) })
			if err != nil {
				t.Fatal(err)
			}
			count := func(about string) (n int) {
				err := h.Store.Read().QueryRowContext(context.Background(), `SELECT count(*) FROM journal WHERE about = $1`, about).Scan(&n)
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
			if count("person:old") != 1 {
				t.Fatal("the old entry is not there to begin with")
			}
			apptest.Open(t, at, app.Options{JournalLife: 30 * 24 * time.Hour})
			for end := time.Now().Add(2 * time.Minute); count("person:old") > 0 && time.Now().Before(end); {
				time.Sleep(20 * time.Millisecond)
			}
			if count("person:old") != 0 || count("person:young") != 1 {
				t.Errorf("%d old and %d young entries are left", count("person:old"), count("person:young"))
			}
		})
	}
}
