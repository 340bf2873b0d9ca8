package intake_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/intake"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

// full makes the tests of bad days run at full size.
func full(small, big int) int {
	if os.Getenv("SWITCHBOARD_FULL") != "" {
		return big
	}
	return small
}

var day = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// idle needs no answer.
const idle = "Buy 10000 followers now, cheap: http://cheap.example"

// story is what happened to a few messages on one account, in order: said, edited, deleted, answered among themselves. Each author
// is about one department's matter. What they edit may have been about another's, or needed no answer, before: in the end it is
// about theirs, and so are the words that were taken back. One message of a conversation may be idle: a second brings
// it back. It answers nothing: what does is read after that, if that is known by then.
func story(r *rand.Rand, seed int, prefix string) []channel.Event {
	var out []channel.Event
	var known []channel.Message
	idled := map[string]bool{}
	at := day
	for n := range 6 + r.IntN(6) {
		at = at.Add(time.Duration(1+r.IntN(300)) * time.Second)
		id, u := fmt.Sprintf("%d-m%d", seed, n), r.IntN(3)
		theirs, others := []string{parcel, invoice, parcel}[u], []string{invoice, parcel, invoice}[u]
		m := channel.Message{RemoteID: id, URI: "https://x.example/" + prefix + id, Kind: channel.Post, Text: fmt.Sprintf("%s (%d)", theirs, r.IntN(100)), At: at, Version: id + "v1",
			From: channel.Identity{RemoteID: fmt.Sprintf("%s-u%d", prefix, u), Handle: "@u", Name: "U"}, Private: r.IntN(4) == 0}
		if len(known) > 0 && r.IntN(2) == 0 {
			p := known[r.IntN(len(known))]
			m.ParentID, m.ThreadID, m.Private = p.RemoteID, p.ThreadID, p.Private
		} else {
			m.ThreadID = m.URI
		}
		edits, gone := r.IntN(3), r.IntN(4) == 0
		of := fmt.Sprint(u, m.ThreadID, m.Private)
		mayIdle := !idled[of] && !gone && m.ParentID == "" && sampledID(id, false) == id
		before := func() string { // what is edited
			switch {
			case gone:
				return m.Text
			case r.IntN(3) == 0 && mayIdle:
				idled[of] = true
				return idle
			case r.IntN(2) == 0:
				return others
			}
			return m.Text
		}
		final := m.Text
		switch {
		case edits > 0:
			m.Text = before()
		case r.IntN(4) == 0 && mayIdle:
			m.Text, idled[of] = idle, true
		}
		known = append(known, m)
		out = append(out, channel.Event{Kind: channel.Said, RemoteID: id, At: at, Message: m})
		for k := range edits {
			at = at.Add(time.Duration(1+r.IntN(60)) * time.Second)
			e := m
			e.EditedAt, e.Version, e.Text = at, fmt.Sprintf("%sv%d", id, k+2), before()
			if k == edits-1 {
				e.Text = final + " Please."
			}
			out = append(out, channel.Event{Kind: channel.Edited, RemoteID: id, At: at, Message: e})
		}
		if gone {
			at = at.Add(time.Minute)
			out = append(out, channel.Event{Kind: channel.Deleted, RemoteID: id, At: at})
		}
	}
	return out
}

// end is what the database holds of an account, with the ids that differ from run to run left out.
func end(t *testing.T, h *apptest.House, a account.ID, prefix string) string {
	t.Helper()
	query := func(text string) []string {
		rows, err := h.Store.Read().QueryContext(t.Context(), text, a)
		list, err := store.List(rows, err, func(rows *sql.Rows) (string, error) {
			var s string
			return s, rows.Scan(&s)
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(list)
		return list
	}
	var out []string
	out = append(out, query(`SELECT m.remote_id || ' ' || m.version || ' "' || m.body || '" deleted ' || CAST(m.deleted_at AS TEXT) || ' edited ' || CAST(m.edited_at AS TEXT)
		|| ' thread ' || c.thread || ' by ' || i.remote_id FROM message m JOIN conversation c ON c.id = m.conversation JOIN identity i ON i.id = m.identity WHERE m.account = $1`)...)
	out = append(out, query(`SELECT 'version ' || v.version || ' "' || v.body || '"' FROM message_version v JOIN message m ON m.id = v.message WHERE m.account = $1`)...)
	out = append(out, query(`SELECT 'conversation ' || c.thread || ' of ' || i.remote_id || ' ' || c.state || ' messages ' || CAST(c.messages AS TEXT) || ' last ' || m.remote_id || ' "' || c.excerpt || '" at ' || CAST(c.last_at AS TEXT)
		FROM conversation c JOIN identity i ON i.contact = c.contact JOIN message m ON m.id = c.last_message WHERE c.account = $1`)...)
	out = append(out, query(`SELECT 'work ' || c.thread || ' of ' || i.remote_id || ' ' || c.view || ' needs ' || c.needs || ' with ' || CAST(c.department AS TEXT) || ' ' || CAST(c.person AS TEXT)
		|| ' since ' || CAST(c.clock_start AS TEXT) || ' due ' || CAST(c.clock_due AS TEXT) FROM conversation c JOIN identity i ON i.contact = c.contact WHERE c.account = $1`)...)
	return strings.ReplaceAll(strings.Join(out, "\n"), prefix, "P")
}

// Each event comes one to five times, in any order, in batches of any size: the end is that of once and in order (A4).
func TestWhicheverOrderTheEndIsTheSame(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		n := full(30, 5000) // on each of two databases
		for seed := range n {
			r := rand.New(rand.NewPCG(uint64(seed), 7))
			run := func(kind string, change func([]channel.Event) []channel.Event) string {
				prefix := fmt.Sprintf("s%d%s", seed, kind)
				a := h.Account(t, "hook", prefix)
				list := change(story(rand.New(rand.NewPCG(uint64(seed), 1)), seed, prefix))
				for len(list) > 0 {
					k := min(1+r.IntN(8), len(list))
					if err := h.Intake.Take(t.Context(), a, list[:k:k], nil); err != nil {
						t.Fatal(err)
					}
					list = list[k:]
				}
				is := end(t, h, a.ID, prefix)
				if err := h.Book.Remove(t.Context(), h.Boss, a.ID, nil); err != nil { // its line ends: there are thousands
					t.Fatal(err)
				}
				return is
			}
			want := run("a", func(l []channel.Event) []channel.Event { return l })
			got := run("b", func(l []channel.Event) []channel.Event {
				var out []channel.Event
				for _, e := range l {
					for range 1 + r.IntN(5) {
						out = append(out, e)
					}
				}
				r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
				return out
			})
			if got != want {
				t.Fatalf("story %d: shuffled and repeated it ends\n%s\n\nin order\n%s", seed, got, want)
			}
		}
		var poison int
		if err := h.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM arrival`).Scan(&poison); err != nil || poison > 0 {
			t.Errorf("%d items were set aside, %v", poison, err)
		}
	})
}

func said(id, from, text string) channel.Event {
	return channel.Event{Kind: channel.Said, RemoteID: id, At: day, Message: channel.Message{RemoteID: id, Kind: channel.Direct, Private: true, Text: text, At: day,
		From: channel.Identity{RemoteID: from, Handle: "@" + from, Name: from}}}
}

func count(t *testing.T, h *apptest.House, query string, args ...any) (n int) {
	t.Helper()
	if err := h.Store.Read().QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Five pictures of an album that come in parallel open one conversation (A5).
func TestAnAlbumOpensOneConversation(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		a := h.Account(t, "hook", "@acme")
		for album := range full(5, 100) {
			var wg sync.WaitGroup
			for k := range 5 {
				wg.Go(func() {
					e := said(fmt.Sprintf("a%d-%d", album, k), fmt.Sprintf("ann%d", album), "")
					e.Message.Media = []channel.Media{{Type: "image/png", URL: "https://x.example/p.png", Alt: "my broken kettle"}}
					if err := h.Intake.Take(t.Context(), a, []channel.Event{e}, nil); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if n := count(t, h, `SELECT count(*) FROM conversation`); n != album+1 {
				t.Fatalf("%d conversations after %d albums", n, album+1)
			}
		}
		if n := count(t, h, `SELECT count(*) FROM media`); n != full(5, 100)*5 {
			t.Errorf("%d pictures", n)
		}
	})
}

// A message with the same remote id on two accounts is two messages; with the same global id it is one (A7, and the same post
// seen by two accounts).
func TestSameIDOnTwoAccounts(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		a, b := h.Account(t, "hook", "@acme"), h.Account(t, "hook", "@acme_help")
		take := func(a account.Account, e channel.Event) {
			if err := h.Intake.Take(t.Context(), a, []channel.Event{e}, nil); err != nil {
				t.Fatal(err)
			}
		}
		take(a, said("1", "ann", "Where is my parcel?"))
		take(b, said("1", "ben", "Where is my bill?"))
		if n := count(t, h, `SELECT count(*) FROM message`); n != 2 {
			t.Errorf("two messages with one remote id on two accounts are %d", n)
		}
		same := said("x1", "cleo", "Anybody there at @acme and @acme_help?")
		same.Message.URI, same.Message.Private, same.Message.Kind = "https://x.example/cleo/1", false, channel.Post
		take(a, same)
		same.RemoteID, same.Message.RemoteID = "y7", "y7"
		take(b, same)
		take(b, same)
		if n := count(t, h, `SELECT count(*) FROM message`); n != 3 {
			t.Errorf("one post seen by two accounts makes %d messages in all", n)
		}
		gone := channel.Event{Kind: channel.Deleted, RemoteID: "y7", At: day}
		take(b, gone)
		if n := count(t, h, `SELECT count(*) FROM message WHERE deleted_at <> 0 AND body = ''`); n != 1 {
			t.Error("its deletion, told to the second account, was not heard")
		}
	})
}

// A poison item is set aside after three tries, is visible, and delays nobody (A10).
func TestPoisonIsSetAsideAlone(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		tries := 0
		h.Intake.Failing = func(e channel.Event) error {
			if e.RemoteID == "poison" {
				tries++
				panic("a text nobody thought of")
			}
			return nil
		}
		a := h.Account(t, "hook", "@acme")
		batch := []channel.Event{said("1", "ann", "one"), said("poison", "bad", "two"), said("3", "cleo", "three")}
		if err := h.Intake.Take(t.Context(), a, batch, nil); err != nil {
			t.Fatalf("a batch with a poison item was refused whole: %v", err)
		}
		if n := count(t, h, `SELECT count(*) FROM message`); n != 2 {
			t.Errorf("%d of the two good neighbours are there", n)
		}
		deadline := time.Now().Add(40 * time.Second)
		for count(t, h, `SELECT count(*) FROM arrival WHERE state = 'aside'`) == 0 && time.Now().Before(deadline) {
			time.Sleep(50 * time.Millisecond)
		}
		list, err := h.Intake.Arrivals(t.Context(), a.ID)
		if err != nil || len(list) != 1 || list[0].Tries != 3 || !strings.Contains(list[0].Problem, "nobody thought of") || !strings.Contains(string(list[0].Event), "two") {
			t.Fatalf("set aside: %+v, %v", list, err)
		}
		h.Intake.Failing = nil // mended
		r, err := h.Intake.RetryNow(t.Context(), h.Book, h.Boss, list[0].ID)
		if err != nil || r.State != "done" || count(t, h, `SELECT count(*) FROM message`) != 3 {
			t.Errorf("after the mend a retry brought %+v, %v", r, err)
		}
	})
}

// What else happened to a message that could not be taken in is kept as well, and the same told twice is kept once.
func TestAllThatHappenedToAnItemIsSetAside(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		var whole atomic.Bool
		h.Intake.Failing = func(channel.Event) error {
			if whole.Load() {
				return nil
			}
			return errors.New("not now")
		}
		a := h.Account(t, "hook", "@acme")
		first := said("1", "ann", "one")
		edited, gone := first, channel.Event{Kind: channel.Deleted, RemoteID: "1", At: first.At.Add(time.Hour)}
		edited.Kind, edited.Message.Text, edited.Message.Version, edited.Message.EditedAt = channel.Edited, "two", "v2", first.At.Add(time.Minute)
		repeated := first
		repeated.Raw = []byte(`{"told":2}`)
		for _, e := range []channel.Event{first, edited, gone, repeated} {
			if err := h.Intake.Take(t.Context(), a, []channel.Event{e}, nil); err != nil {
				t.Fatal(err)
			}
		}
		if list, err := h.Intake.Arrivals(t.Context(), a.ID); err != nil || len(list) != 3 {
			t.Errorf("%d are kept of what was said, edited and deleted, %v", len(list), err)
		}
		whole.Store(true)
		deadline := time.Now().Add(40 * time.Second)
		for count(t, h, `SELECT count(*) FROM arrival WHERE state = 'done'`) < 3 && time.Now().Before(deadline) {
			time.Sleep(50 * time.Millisecond)
		}
		if n := count(t, h, `SELECT count(*) FROM message WHERE deleted_at <> 0`); n != 1 {
			t.Errorf("what was deleted at the far side is there: %d deleted", n)
		}
	})
}

// The database's own trouble is no failed try of an item: it is tried until it could be judged.
func TestTheDatabasesTroubleIsNoFailedTry(t *testing.T) {
	h := apptest.Open(t, storetest.Postgres(t), app.Options{})
	var whole atomic.Bool
	h.Intake.Failing = func(channel.Event) error {
		if whole.Load() {
			return nil
		}
		return errors.New("not now")
	}
	a := h.Account(t, "hook", "@acme")
	do := func(statement string) {
		t.Helper()
		err := h.Store.Tx(t.Context(), func(tx *store.Tx) error { _, err := tx.ExecContext(t.Context(), statement); return err })
		if err != nil {
			t.Fatal(err)
		}
	}
	do(`CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$`)
	if err := h.Intake.Take(t.Context(), a, []channel.Event{said("1", "ann", "one")}, nil); err != nil {
		t.Fatal(err)
	}
	do(`CREATE TRIGGER no_room BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION no_room()`)
	whole.Store(true)
	time.Sleep(4 * time.Second) // it is tried again after two
	if list, err := h.Intake.Arrivals(t.Context(), a.ID); err != nil || len(list) != 1 || list[0].Tries != 1 || list[0].State != intake.Trying {
		t.Errorf("with a full disk it is %+v, %v", list, err)
	}
	do(`DROP TRIGGER no_room ON message`)
	deadline := time.Now().Add(20 * time.Second)
	for count(t, h, `SELECT count(*) FROM message`) == 0 {
		if time.Now().After(deadline) {
			t.Fatal("the disk has room again, and it is not taken in")
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// A mail that says to answer a letter of ours and does not keeps its mark when it is tried again.
func TestADoubtIsKeptWhenAnItemIsTriedAgain(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		var tries atomic.Int64
		h.Intake.Failing = func(channel.Event) error {
			if tries.Add(1) < 3 { // in the batch, and alone
				return errors.New("not now")
			}
			return nil
		}
		h.Intake.Letters = func(context.Context, account.Account, channel.Event) (bool, string, error) {
			return false, "it says to be from Sue, and nobody vouches for that", nil
		}
		a := h.Account(t, "hook", "@acme")
		e := said("1", "ann", "I did that, Sue")
		e.Message.Kind = channel.Email
		if err := h.Intake.Take(t.Context(), a, []channel.Event{e}, nil); err != nil {
			t.Fatal(err)
		}
		deadline := time.Now().Add(20 * time.Second)
		for count(t, h, `SELECT count(*) FROM conversation`) == 0 && time.Now().Before(deadline) {
			time.Sleep(50 * time.Millisecond)
		}
		var decision string
		if err := h.Store.Read().QueryRowContext(t.Context(), `SELECT decision FROM conversation`).Scan(&decision); err != nil || !strings.Contains(decision, "nobody vouches") {
			t.Errorf("tried again, it was put through because of %s, %v", decision, err)
		}
	})
}

// A commit that fails is never acknowledged, and a database that hangs is no reason to wait for ever (A1, A9).
func TestNoAcknowledgementWithoutCommit(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		a := h.Account(t, "hook", "@acme")
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		release, held := make(chan struct{}), make(chan struct{})
		go func() {
			_ = h.Store.Tx(context.Background(), func(tx *store.Tx) error {
				if tx.Dialect() == store.Postgres {
					if _, err := tx.ExecContext(context.Background(), `LOCK TABLE message IN ACCESS EXCLUSIVE MODE`); err != nil {
						t.Error(err)
					}
				}
				close(held)
				<-release
				return nil
			})
		}()
		<-held
		began := time.Now()
		err := h.Intake.Take(ctx, a, []channel.Event{said("1", "ann", "hello?")}, nil)
		if err == nil || time.Since(began) > 5*time.Second {
			t.Errorf("with the database held, Take answered %v after %v", err, time.Since(began))
		}
		close(release)
		if err := h.Intake.Take(t.Context(), a, []channel.Event{said("1", "ann", "hello?")}, nil); err != nil {
			t.Error(err)
		}
		if n := count(t, h, `SELECT count(*) FROM message`); n != 1 {
			t.Errorf("sent twice, it is there %d times", n)
		}
	})
}

// However the pieces of a conversation come in, its timeline is told in the order in which they were said at the far side (A11).
func TestATimelineIsInTheOrderOfTheFarSide(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		a := h.Account(t, "hook", "@acme")
		r := rand.New(rand.NewPCG(11, 11))
		for k := range full(10, 500) {
			var list []channel.Event
			var want []string
			for n := range 8 + r.IntN(8) {
				at := day.Add(time.Duration(n) * time.Second)
				e := said(fmt.Sprintf("t%d-%d", k, n), fmt.Sprintf("ann%d", k), fmt.Sprintf("Line %d of %d", n, k))
				e.At, e.Message.At = at, at
				list, want = append(list, e), append(want, e.Message.Text)
			}
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			for len(list) > 0 {
				n := min(1+r.IntN(4), len(list))
				if err := h.Intake.Take(t.Context(), a, list[:n:n], nil); err != nil {
					t.Fatal(err)
				}
				list = list[n:]
			}
			rows, err := h.Store.Read().QueryContext(t.Context(), `SELECT DISTINCT conversation FROM message WHERE account = $1 AND remote_id LIKE $2`, a.ID, fmt.Sprintf("t%d-%%", k))
			talks, err := store.List(rows, err, func(rows *sql.Rows) (c desk.ConversationID, err error) { return c, rows.Scan(&c) })
			if err != nil || len(talks) != 1 {
				t.Fatalf("%d conversations, %v", len(talks), err)
			}
			told, err := desk.MessagesOf(t.Context(), h.Store.Read(), talks[0], 100)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range told {
				got = append(got, m.Text)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("the timeline is\n%s\nand was said\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	})
}
