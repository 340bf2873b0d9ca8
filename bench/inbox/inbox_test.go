// Package inbox measures what people wait for all day, on a house with very many conversations: a page of each view, one
// conversation, an answer accepted. It shows 10 thousand, 100 thousand and a million conversations (five messages each) one
// after the other, so that it is seen whether the cost grows. See bench/README.md.
package inbox

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"switchboard/bench/figure"
	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

// most is how many conversations there are in the end: SWITCHBOARD_CONVERSATIONS, a million if it is not set.
func most(b *testing.B) int {
	n, err := strconv.Atoi(os.Getenv("SWITCHBOARD_CONVERSATIONS"))
	if os.Getenv("SWITCHBOARD_CONVERSATIONS") == "" {
		return 1_000_000
	}
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func BenchmarkSQLite(b *testing.B)   { figures(b, "sqlite", storetest.SQLite(b)) }
func BenchmarkPostgres(b *testing.B) { figures(b, "postgres", storetest.Durable(b)) }

func figures(b *testing.B, name, dsn string) {
	h := apptest.Open(b, dsn, app.Options{})
	m := &maker{h: h, account: h.Account(b, "hook", "@acme"), start: time.Now().Add(-60 * 24 * time.Hour)}
	r, err := h.Staff.Roster(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for _, d := range r.Departments() {
		m.departments = append(m.departments, d.ID)
	}
	member := staff.Actor{Person: 77, Role: staff.Member, Departments: m.departments[1:3]}
	sheet := &figure.Sheet{Name: "inbox-" + name, Command: "go test ./bench/inbox -run '^$' -bench " + b.Name()[len("Benchmark"):] + " -benchtime 1x -timeout 3h"}
	b.ResetTimer()
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		if n > most(b) {
			break
		}
		m.grow(b, n)
		sheet.Note("-- %d conversations, %d messages", n, n*perConversation)
		m.measure(b, sheet, member)
	}
	runtime.GC()
	sheet.Add("resident memory of the process, idle, with all that open", rss(), "< 100 MB")
	sheet.Write(b)
}

const perConversation = 5

type maker struct {
	h           *apptest.House
	account     account.Account
	departments []staff.DepartmentID
	start       time.Time
	made        int
	last        desk.ConversationID
}

// grow makes conversations until there are n: one in ten open, half of these claimed by one of a hundred people; of the rest
// some wait, sleep or are set aside, most are closed.
func (m *maker) grow(b *testing.B, n int) {
	ctx := b.Context()
	for m.made < n {
		err := m.h.Store.Tx(ctx, func(tx *store.Tx) error { return m.some(ctx, tx, min(500, n-m.made)) })
		if err != nil {
			b.Fatal(err)
		}
		m.made += min(500, n-m.made)
	}
	if m.h.Store.Dialect == store.Postgres {
		write, _ := m.h.Store.Pools()
		if _, err := write.ExecContext(ctx, `ANALYZE`); err != nil {
			b.Fatal(err)
		}
	}
	for { // the full text has a bench of its own
		done := false
		err := m.h.Store.Tx(ctx, func(tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `DELETE FROM search_todo`)
			done = true
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		if done {
			break
		}
	}
	if err := desk.Fold(ctx, m.h.Store); err != nil {
		b.Fatal(err)
	}
}

func (m *maker) some(ctx context.Context, tx *store.Tx, n int) error {
	var contacts []contact.Contact
	var identities []contact.Identity
	var changes []desk.Change
	var messages []desk.Message
	ids := m.h.Store.IDs
	for k := range n {
		at := m.start.Add(time.Duration(m.made+k) * 5 * time.Second)
		c := contact.Contact{ID: contact.ID(ids.Next()), Name: fmt.Sprintf("Customer %d", m.made+k), Standings: []string{"customer"}, Language: "en", CreatedAt: at}
		i := contact.Identity{ID: contact.IdentityID(ids.Next()), Contact: c.ID, Channel: "hook", RemoteID: fmt.Sprintf("u%d", m.made+k), Handle: fmt.Sprintf("@customer%d", m.made+k), Name: c.Name}
		v := desk.Conversation{ID: desk.ConversationID(ids.Next()), Account: m.account.ID, Contact: c.ID, Thread: "t" + i.RemoteID, State: desk.Closed, Intents: []string{"support"},
			Department: m.departments[(m.made+k)%len(m.departments)], Needs: "must", Language: "en", Tags: []string{}, OpenedAt: at, Decision: desk.Decision{By: "model", Reasons: []string{"the word 'parcel' points to Service"}}}
		for p := range perConversation {
			text := fmt.Sprintf("Where is my parcel %d? It should have come on day %d of the month.", m.made+k, p)
			w := desk.Message{ID: desk.MessageID(ids.Next()), Conversation: v.ID, Account: m.account.ID, RemoteID: fmt.Sprintf("m%d-%d", m.made+k, p), Version: "1", Direction: desk.In,
				Kind: channel.Post, Identity: i.ID, Text: text, At: at.Add(time.Duration(p) * time.Minute), ReceivedAt: at}
			if p%2 == 1 {
				w.Direction, w.Identity = desk.Out, 0
			}
			messages = append(messages, w)
			v = v.Said(w, at.Add(time.Hour))
		}
		m.place(&v, m.made+k, at)
		contacts, identities, changes = append(contacts, c), append(identities, i), append(changes, desk.Change{Is: v})
		m.last = v.ID
	}
	if err := contact.Add(ctx, tx, contacts); err != nil {
		return err
	}
	if err := contact.AddIdentities(ctx, tx, identities); err != nil {
		return err
	}
	if err := desk.Save(ctx, tx, changes...); err != nil {
		return err
	}
	return desk.AddMessages(ctx, tx, messages)
}

func (m *maker) place(v *desk.Conversation, k int, at time.Time) {
	switch {
	case k%10 == 0:
		v.State = desk.Open
		if k%20 == 0 {
			v.Person = staff.PersonID(1 + k/20%100)
		}
		v.Clock = desk.Clock{Kind: desk.FirstResponse, Started: at, Due: time.Now().Add(time.Duration(k%100000) * time.Second), Warn: time.Now().Add(24 * time.Hour), State: desk.Running}
	case k%10 == 1:
		v.State = desk.Waiting
	case k%50 == 2:
		v.State, v.SnoozedUntil = desk.Snoozed, time.Now().Add(240*time.Hour)
	case k%10 == 3:
		v.Aside = true
	}
}

func (m *maker) measure(b *testing.B, sheet *figure.Sheet, member staff.Actor) {
	ctx, d := b.Context(), m.h.Desk
	person := staff.Actor{Person: 7, Role: staff.Member, Departments: m.departments[1:3]}
	views := []struct {
		name string
		who  staff.Actor
		q    desk.Query
	}{
		{"all, who sees everything", m.h.Boss, desk.Query{View: desk.All}},
		{"all by clock, who sees everything", m.h.Boss, desk.Query{View: desk.All, Order: desk.ByClock}},
		{"unowned, who sees everything", m.h.Boss, desk.Query{View: desk.Unowned}},
		{"set aside", m.h.Boss, desk.Query{View: desk.SetAsideView}},
		{"closed", m.h.Boss, desk.Query{View: desk.All, State: desk.Closed}},
		{"my departments", member, desk.Query{View: desk.MyDepartment}},
		{"my departments by clock", member, desk.Query{View: desk.MyDepartment, Order: desk.ByClock}},
		{"unowned, of my departments", member, desk.Query{View: desk.Unowned}},
		{"all that a member may see", member, desk.Query{View: desk.All}},
		{"mine", person, desk.Query{View: desk.Mine}},
		{"mine, waiting", person, desk.Query{View: desk.Mine, State: desk.Waiting}},
	}
	page := func(who staff.Actor, q desk.Query) desk.Page {
		p, err := d.List(ctx, who, q)
		if err != nil {
			b.Fatal(err)
		}
		return p
	}
	for _, v := range views {
		page(v.who, v.q)
		next := ""
		t := figure.Of(100, func(int) { // the first page, the second …: a cursor costs no more than the beginning
			q := v.q
			q.After = next
			if next = page(v.who, q).Next; next == "" {
				next = ""
			}
		})
		sheet.Add("page of 50: "+v.name, t.String(), "p95 < 10 ms")
	}
	if err := m.h.Store.Tx(ctx, func(tx *store.Tx) error { return m.some(ctx, tx, 500) }); err != nil { // a burst
		b.Fatal(err)
	}
	m.made += 500
	six := figure.Of(6, func(int) { page(m.h.Boss, desk.Query{View: desk.All}) })
	sheet.Add("page of 50: all, six times right after a burst: the sixth", six[5].Round(10*time.Microsecond).String(), "p95 < 10 ms")
	sheet.Add("the counters of the views", figure.Of(100, func(int) {
		if _, err := d.Count(ctx, m.h.Boss); err != nil {
			b.Fatal(err)
		}
	}).String(), "")
	sheet.Add("open a conversation", figure.Of(200, func(k int) {
		if _, _, err := d.Open(ctx, m.h.Boss, m.last); err != nil {
			b.Fatal(err)
		}
	}).String(), "p95 < 5 ms")
	if err := m.h.Book.StopAll(ctx, m.h.Boss); err != nil { // nothing is to leave
		b.Fatal(err)
	}
	list := page(m.h.Boss, desk.Query{View: desk.All, Limit: 200}).Rows
	sheet.Add("accept a reply", figure.Of(min(200, len(list)), func(k int) {
		if _, err := m.h.Delivery.Reply(ctx, m.h.Boss, list[k].ID, delivery.Draft{Text: "It is on its way."}); err != nil {
			b.Fatal(err)
		}
	}).String(), "p95 < 15 ms")
	if err := m.h.Store.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE delivery SET state = 'cancelled'`)
		return err
	}); err != nil {
		b.Fatal(err)
	}
}

// rss is what the process holds in memory.
func rss() string {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "not known here"
	}
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return strings.TrimSpace(v)
		}
	}
	return "not known here"
}
