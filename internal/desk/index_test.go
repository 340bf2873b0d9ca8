package desk_test

import (
	"testing"
	"time"

	"switchboard/internal/app/apptest"
	"switchboard/internal/clock"
	"switchboard/internal/desk"
	"switchboard/internal/store"
)

// The writer of the full text may be at a message while it is changed: it has the old words then, and must come back for the new.
func TestWhatIsChangedWhileItIsMadeSearchableIsFoundAsItIs(t *testing.T) {
	house(t, func(t *testing.T, h *apptest.House, _ *clock.Pretend) {
		ctx := t.Context()
		c := arrive(t, h, "zelda", "The quokka ate my parcel")
		find := func(words string) int {
			hits, err := h.Desk.Search(ctx, h.Boss, desk.Search{Words: words})
			if err != nil {
				t.Fatal(err)
			}
			return len(hits.Found)
		}
		until(t, "it is searchable", func() bool { return find("quokka") == 1 })
		all, err := desk.MessagesOf(ctx, h.Store.Read(), c.ID, 1)
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		m := all[0]
		h.Tx(t, func(tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO search_todo (message) VALUES ($1) ON CONFLICT DO NOTHING`, m.ID)
			return err
		})
		wrote := make(chan error, 1)
		h.Tx(t, func(tx *store.Tx) error {
			m.Text = "The wombat ate my parcel"
			if err := desk.SaveMessage(ctx, tx, m); err != nil {
				return err
			}
			go func() {
				_, err := desk.IndexSome(ctx, h.Store, 500)
				wrote <- err
			}()
			time.Sleep(300 * time.Millisecond) // the writer goes by, or waits for us
			return nil
		})
		if err := <-wrote; err != nil {
			t.Fatal(err)
		}
		until(t, "it is found as it is", func() bool { return find("wombat") == 1 && find("quokka") == 0 })
	})
}
