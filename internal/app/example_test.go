package app_test

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/store"
)

// tables counts the rows of everything that is kept of conversations and contacts, by table.
func tables(t *testing.T, h *apptest.House) map[string]int {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%search\_%' ESCAPE '\'`
	if h.Store.Dialect == store.Postgres {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	rows, err := h.Store.Read().QueryContext(t.Context(), query)
	names, err := store.List(rows, err, func(rows *sql.Rows) (s string, err error) { return s, rows.Scan(&s) })
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, name := range names {
		count := `SELECT count(*) FROM ` + name
		switch {
		case strings.HasPrefix(name, "river") || strings.HasPrefix(name, "goose"):
			continue
		case name == "tally":
			count = `SELECT COALESCE(CAST(sum(abs(n)) AS BIGINT), 0) FROM (SELECT sum(n) AS n FROM tally GROUP BY department, person, view) whole`
		case name == "account", name == "search_todo", name == "notification_pace", name == "notification_wait": // removed accounts stay as a fact; the others are of no conversation
			continue
		case name == "journal", name == "notification": // a line that tells of a whole queue is of none
			count += ` WHERE conversation <> 0`
		}
		var n int
		if err := h.Store.Read().QueryRowContext(t.Context(), count).Scan(&n); err != nil {
			t.Fatal(name, err)
		}
		out[name] = n
	}
	return out
}

// What people who do not exist said, and all that was done about it, leaves no row behind; what is real stays.
func TestMadeUpCustomersLeaveNothingBehind(t *testing.T) {
	apptest.Each(t, app.Options{Poll: 20 * time.Millisecond}, func(t *testing.T, h *apptest.House) {
		ctx := t.Context()
		real := channel.Message{RemoteID: "real-1", Kind: channel.Direct, Private: true, Text: "Where is my parcel?", At: time.Now(), From: channel.Identity{RemoteID: "kim", Handle: "@kim", Name: "Kim"}}
		if err := h.Intake.Take(ctx, h.Shared(t), []channel.Event{{Kind: channel.Said, RemoteID: real.RemoteID, At: real.At, Message: real}}, nil); err != nil {
			t.Fatal(err)
		}
		// What is found by words follows what is kept by a moment.
		found := func() bool { is := tables(t, h); return is["search"] == 1 && is["contact_word"] == 1 }
		waitFor(t, "it can be found", found)
		before := tables(t, h)
		a, err := h.Book.Connect(ctx, h.Boss, "example", "", []byte(`{"language":"English"}`))
		if err != nil {
			t.Fatal(err)
		}
		talks := made(t, h, a.ID, 9)
		slices.Reverse(talks) // the newest wait for an answer; not all of the others do
		c := talks[0]
		for _, err := range []error{
			second(h.Desk.Claim(ctx, h.Boss, c)),
			second(h.Desk.WriteNote(ctx, h.Boss, c, "A note of ours.")),
			second(h.Desk.Tag(ctx, h.Boss, c, []string{"late"})),
			second(h.Desk.CorrectIntent(ctx, h.Boss, c, "complaint")),
			second(h.Desk.Ask(ctx, h.Boss, c, desk.Asking{Department: h.Department(t, "Sales"), Text: "Do you know?"})),
			second(h.Desk.MakePromise(ctx, h.Boss, c, desk.Making{Text: "We look into it.", Due: time.Now().Add(48 * time.Hour)})),
			second(h.Desk.NoteCall(ctx, h.Boss, talks[1], desk.Call{At: time.Now(), Reached: true, With: "Tom", Said: "He will wait."}, desk.Open)),
			second(h.Desk.Close(ctx, h.Boss, talks[2], "done")),
			h.Desk.MarkRead(ctx, h.Boss, c),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		d, err := h.Delivery.Reply(ctx, h.Boss, c, delivery.Draft{Text: "It is on its way.", Force: true})
		if err != nil {
			t.Fatal(err)
		}
		waitFor(t, "the answer is sent", func() bool {
			d, err = h.Delivery.One(ctx, h.Boss, d.ID)
			return err == nil && d.State == delivery.Sent
		})
		merged(t, h, a.ID)
		remove := func() error {
			return h.Book.Remove(ctx, h.Boss, a.ID, func(ctx context.Context, tx *store.Tx) error { return h.Desk.Discard(ctx, tx, h.Boss, a.ID, a.Channel) })
		}
		if err := remove(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, "their words have left the full text", found)
		for name, n := range tables(t, h) {
			if n != before[name] {
				t.Errorf("%s has %d rows, and had %d", name, n, before[name])
			}
		}
		if _, err := h.Desk.Conversation(ctx, h.Boss, c); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the conversation: %v", err)
		}
		if again, err := h.Book.Connect(ctx, h.Boss, "example", "", []byte(`{"language":"Deutsch"}`)); err != nil {
			t.Errorf("they don't come again: %v", err)
		} else {
			made(t, h, again.ID, 9)
		}
	})
}

// made waits until an account has n conversations, and returns them.
func made(t *testing.T, h *apptest.House, of account.ID, n int) (ids []desk.ConversationID) {
	t.Helper()
	waitFor(t, "they have written", func() bool {
		rows, err := h.Store.Read().QueryContext(t.Context(), `SELECT id FROM conversation WHERE account = $1 ORDER BY id`, of)
		ids, err = store.List(rows, err, func(rows *sql.Rows) (id desk.ConversationID, err error) { return id, rows.Scan(&id) })
		if err != nil {
			t.Fatal(err)
		}
		return len(ids) == n
	})
	return ids
}

// merged makes one contact of two of an account.
func merged(t *testing.T, h *apptest.House, of account.ID) {
	t.Helper()
	rows, err := h.Store.Read().QueryContext(t.Context(), `SELECT DISTINCT contact FROM conversation WHERE account = $1 ORDER BY contact LIMIT 2`, of)
	list, err := store.List(rows, err, func(rows *sql.Rows) (id contact.ID, err error) { return id, rows.Scan(&id) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Desk.Merge(t.Context(), h.Boss, list[0], list[1]); err != nil {
		t.Fatal(err)
	}
}

func second[V any](_ V, err error) error { return err }

func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("after a minute still not: " + what)
		}
	}
}
