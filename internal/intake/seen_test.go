package intake_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
)

// anything is text of all kinds: what asks, what thanks, what sells, what nobody can read.
var anything = rapid.OneOf(rapid.SampledFrom([]string{wants, chatter, idle, parcel, invoice, "Thanks!", "ok", "👍", "lol", "First!", "Follow me back", "You are all idiots",
	"We are away until Monday. This is an automatic reply.", "unsubscribe", "https://cheap.example", "Die Rechnung stimmt nicht.", ""}), rapid.StringN(0, 60, 200))

// listed are the conversations of a built-in view of the inbox in all its states, page by page, as somebody who sees all finds them.
func (w *ward) listed(v desk.View, state desk.State) (out []desk.ConversationID) {
	w.t.Helper()
	for q := (desk.Query{View: v, State: state, Limit: 50}); ; {
		page, err := w.Desk.List(w.t.Context(), w.Boss, q)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, r := range page.Rows {
			out = append(out, r.ID)
		}
		if q.After = page.Next; q.After == "" {
			return out
		}
	}
}

// Whatever anybody writes, in whatever order people answer, close and set aside: every message is in a conversation, and that is in a list of the
// inbox. What triage sets aside is in a view of its own, with the reason, and not if it is one of the sample; whoever writes again after
// that is before a person again; and nothing is ever answered without one.
func TestTriageHidesNothing(t *testing.T) {
	apptest.Checks(t, map[bool]int{true: 15, false: full(60, 2000)}[testing.Short()])
	wards(t, func(t *testing.T, w *ward) {
		ctx, n, aside, back := t.Context(), 0, 0, 0
		var all []string
		write := func(t rapid.TB, id, from, text string, automatic bool) {
			n++
			was, known := w.of(from)
			e := w.at(id, from, text)
			e.Message.Automatic = automatic
			is := w.take(e)
			all = append(all, e.RemoteID)
			sample := sampledID(e.RemoteID, true) == e.RemoteID
			switch {
			case !known && is.View() == "aside" && sample:
				t.Fatalf("%q is of the sample, and no person is shown it", e.Message.Text)
			case !known && is.View() == "aside":
				if told := w.journal(is.ID, journal.SetAside); len(told) != 1 || told[0].Who != journal.Machine || is.Clock.Running() {
					t.Fatalf("%q is set aside, told as %+v, with the clock %+v", e.Message.Text, told, is.Clock)
				}
				aside++
			case !known && is.State != desk.Open:
				t.Fatalf("%q opened as %s", e.Message.Text, is.View())
			case known && was.View() == "aside" && is.State != desk.Open && !e.Message.Automatic:
				t.Fatalf("who was set aside wrote again (%q) and is %s", e.Message.Text, is.View())
			case known && sample && is.State != desk.Open:
				t.Fatalf("%q is of the sample, and stays %s", e.Message.Text, is.View())
			case known && was.View() == "aside" && is.State == desk.Open:
				back++
			}
			if is.State == desk.Open && (is.Department.IsZero() || !is.Clock.Running()) {
				t.Fatalf("%q is open without an owner or a clock: %+v", e.Message.Text, is)
			}
		}
		// Whatever is drawn after it: somebody is set aside, and brought back.
		write(t, sampledID("first", false), "mia", idle, false)
		write(t, sampledID("second", false), "mia", parcel, false)
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 8).Draw(rt, "deeds") {
				w.now.Add(time.Duration(rapid.IntRange(1, 7200).Draw(rt, "seconds")) * time.Second)
				from := fmt.Sprintf("kim%d", rapid.IntRange(0, 30).Draw(rt, "from"))
				if rapid.Bool().Draw(rt, "new") {
					from = fmt.Sprintf("lee%d", n)
				}
				was, known := w.of(from)
				switch deed := rapid.SampledFrom([]string{"write", "write", "write", "close", "aside", "by hand", "snooze"}).Draw(rt, "deed"); {
				case deed == "write":
					write(rt, fmt.Sprintf("seen%d", n+1), from, anything.Draw(rt, "text"), rapid.IntRange(0, 9).Draw(rt, "automatic") == 0)
				case !known:
				case deed == "close":
					w.must(w.Desk.Close(ctx, w.Boss, was.ID, "done"))
				case deed == "aside":
					w.must(w.Desk.SetAside(ctx, w.Boss, was.ID))
				case deed == "by hand" && was.State == desk.Open:
					w.must(w.Desk.AnsweredByHand(ctx, w.Boss, was.ID, "by telephone", time.Time{}))
				case deed == "snooze" && was.State == desk.Open:
					w.must(w.Desk.Snooze(ctx, w.Boss, was.ID, w.now.Now().Add(time.Hour)))
				}
			}
		})
		var lists []desk.ConversationID
		for _, s := range []desk.State{desk.Snoozed, desk.Waiting, desk.Closed, desk.Open} { // what wakes meanwhile is open then
			lists = append(lists, w.listed(desk.All, s)...)
		}
		asides := w.listed(desk.SetAsideView, "")
		lists = append(lists, asides...)
		found, err := desk.MessagesByRemote(ctx, w.Store.Read(), w.Shared(t).ID, all)
		if err != nil || len(found) != len(all) {
			t.Fatalf("of %d messages %d are there, %v", len(all), len(found), err)
		}
		for id, m := range found {
			if !slices.Contains(lists, m.Conversation) {
				t.Errorf("%s is in no list: %q", id, m.Text)
			}
		}
		if k := count(t, w.House, `SELECT count(*) FROM delivery`) + count(t, w.House, `SELECT count(*) FROM message WHERE direction = 'out'`); k != 0 {
			t.Errorf("%d answers were written by nobody", k)
		}
		if aside == 0 || back == 0 {
			t.Errorf("of %d messages %d were set aside and %d brought back", n, aside, back)
		}
		t.Logf("%d messages, %d set aside, %d brought back, %d in the view", n, aside, back, len(asides))
	})
}

// of is the conversation of who writes from there, as it is now; false when there is none yet.
func (w *ward) of(from string) (desk.Conversation, bool) {
	w.t.Helper()
	rows, err := w.Store.Read().QueryContext(w.t.Context(), `SELECT c.id FROM conversation c JOIN identity i ON i.contact = c.contact WHERE i.remote_id = $1 ORDER BY c.id DESC`, from)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	var id desk.ConversationID
	if !rows.Next() {
		return desk.Conversation{}, false
	}
	if err := rows.Scan(&id); err != nil {
		w.t.Fatal(err)
	}
	_ = rows.Close()
	return w.is(id), true
}

// Of batches that many bring at once to several accounts, with items among them that crash or fail what handles them, whatever was
// acknowledged is there: the good ones as messages, each bad one set aside by itself, on its account, with what is wrong.
func TestWhatIsBadStopsNobodyElse(t *testing.T) {
	apptest.Checks(t, map[bool]int{true: 10, false: full(40, 2000)}[testing.Short()])
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		var mu sync.Mutex
		bad := map[string]string{}
		h.Intake.Failing = func(e channel.Event) error {
			mu.Lock()
			how := bad[e.RemoteID]
			mu.Unlock()
			switch how {
			case "crashes":
				panic("a text nobody thought of")
			case "fails":
				return fault.New(fault.Invalid, "a text nobody can read")
			}
			return nil
		}
		var accounts []account.Account
		for _, name := range []string{"@acme", "@acme_help", "@acme_press"} {
			accounts = append(accounts, h.Account(t, "hook", name))
		}
		n, aside := 0, 0
		rapid.Check(t, func(rt *rapid.T) {
			type batch struct {
				a    account.Account
				list []channel.Event
				err  error
			}
			var batches []*batch
			for range rapid.IntRange(1, 6).Draw(rt, "batches") {
				b := &batch{a: rapid.SampledFrom(accounts).Draw(rt, "account")}
				for range rapid.IntRange(1, 12).Draw(rt, "items") {
					n++
					e := said(fmt.Sprintf("item%d", n), fmt.Sprintf("u%d", rapid.IntRange(0, 9).Draw(rt, "from")), anything.Draw(rt, "text"))
					mu.Lock()
					if bad[e.RemoteID] = rapid.SampledFrom([]string{"", "", "", "crashes", "fails"}).Draw(rt, "is"); bad[e.RemoteID] != "" {
						aside++
					}
					mu.Unlock()
					b.list = append(b.list, e)
				}
				batches = append(batches, b)
			}
			var all sync.WaitGroup
			for _, b := range batches {
				all.Go(func() { b.err = h.Intake.Take(t.Context(), b.a, b.list, nil) })
			}
			all.Wait()
			for _, b := range batches {
				if b.err != nil {
					rt.Fatalf("a batch was refused for its bad ones: %v", b.err)
				}
				for _, e := range b.list {
					there := count(t, h, `SELECT count(*) FROM message WHERE account = $1 AND remote_id = $2`, b.a.ID, e.RemoteID)
					apart := count(t, h, `SELECT count(*) FROM arrival WHERE account = $1 AND remote_id = $2 AND problem <> ''`, b.a.ID, e.RemoteID)
					if want := bad[e.RemoteID] != ""; there+apart != 1 || want != (apart == 1) {
						rt.Fatalf("%q, which %s, is there %d times and set aside %d times", e.Message.Text, bad[e.RemoteID], there, apart)
					}
				}
			}
		})
		if k := count(t, h, `SELECT count(*) FROM message`) + count(t, h, `SELECT count(*) FROM arrival`); k != n {
			t.Errorf("of %d items %d are there", n, k)
		}
		t.Logf("%d items, %d of them bad", n, aside)
	})
}
