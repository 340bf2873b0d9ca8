// Package search measures finding things again in a house with very many messages: by words, by who said them, where and
// when, in notes, among contacts and in the library of answers. See bench/README.md.
package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"switchboard/bench/figure"
	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/library"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

const (
	perConversation = 5
	vocabulary      = 30_000
	notesEvery      = 20 // one conversation in so many has a note
	answers         = 500
	times           = 60 // each question is asked
	target          = "p95 < 50 ms"
)

// most is how many there are in the end of what the setting names: a million if it is not set.
func most(b *testing.B, setting string) int {
	text := os.Getenv(setting)
	if text == "" {
		return 1_000_000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func BenchmarkSQLite(b *testing.B)   { figures(b, "sqlite", storetest.SQLite(b)) }
func BenchmarkPostgres(b *testing.B) { figures(b, "postgres", storetest.Durable(b)) }

func figures(b *testing.B, name, dsn string) {
	began := time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)
	now := clock.At(began)
	h := apptest.Open(b, dsn, app.Options{Now: now.Now})
	m := &maker{h: h, rand: rand.New(rand.NewPCG(7, 7)), zipf: rand.NewZipf(rand.New(rand.NewPCG(1, 2)), 1.15, 4, vocabulary-1)}
	m.accounts = []account.Account{h.Account(b, "hook", "@acme"), h.Account(b, "hook", "@acme_help"), h.Account(b, "hook", "@acme_jobs")}
	r, err := h.Staff.Roster(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for _, d := range r.Departments() {
		m.departments = append(m.departments, d.ID)
	}
	m.library(b)
	n := most(b, "SWITCHBOARD_MESSAGES")
	for m.made < n {
		if err := h.Store.Tx(b.Context(), func(tx *store.Tx) error { return m.some(b.Context(), tx, now.Now(), 200) }); err != nil {
			b.Fatal(err)
		}
		m.made += 200 * perConversation
		now.Add(90 * 24 * time.Hour / time.Duration(max(n/(200*perConversation), 1)))
	}
	m.others(b, max(0, most(b, "SWITCHBOARD_CONTACTS")-m.made/perConversation), began)
	m.settle(b)
	b.ResetTimer()
	sheet := &figure.Sheet{Name: "search-" + name, Command: "go test ./bench/search -run '^$' -bench " + b.Name()[len("Benchmark"):] + " -benchtime 1x -timeout 3h"}
	sheet.Note("%d messages of %d contacts, %d further contacts, %d notes, %d answers; the newest 30 of each question, 50 of the list of contacts",
		m.made, m.made/perConversation, m.silent, m.made/perConversation/notesEvery, answers)
	m.measure(b, sheet, began.Add(30*24*time.Hour), began.Add(33*24*time.Hour))
	sheet.Write(b)
}

type maker struct {
	h           *apptest.House
	rand        *rand.Rand
	zipf        *rand.Zipf
	accounts    []account.Account
	departments []staff.DepartmentID
	made        int
	silent      int // contacts of whom there are no messages
}

// word is the k-th most frequent word of the house's language.
func word(k int) string {
	const consonants, vowels = "bdfgklmnprstvz", "aeiou"
	var s strings.Builder
	for k += 20; k > 0; k /= len(consonants) * len(vowels) {
		r := k % (len(consonants) * len(vowels))
		s.WriteByte(consonants[r/len(vowels)])
		s.WriteByte(vowels[r%len(vowels)])
	}
	return s.String() + "n"
}

// text is about twenty words, as often as words are said; half of all say "parcel", few much else.
func (m *maker) text(k int) string {
	var s []string
	for range 14 + m.rand.IntN(12) {
		s = append(s, word(int(m.zipf.Uint64())))
	}
	if k%2 == 0 {
		s[3] = "parcel"
	}
	if k%40 == 0 {
		s[5], s[6] = "washing", "machine"
	}
	if k%50_000 == 7 { // not where the machines are
		s[7] = "xylophone"
	}
	return strings.Join(s, " ")
}

func (m *maker) some(ctx context.Context, tx *store.Tx, at time.Time, n int) error {
	var contacts []contact.Contact
	var identities []contact.Identity
	var changes []desk.Change
	var messages []desk.Message
	var notes [][]any
	ids := m.h.Store.IDs
	for k := range n {
		number := m.made/perConversation + k
		a := m.accounts[number%len(m.accounts)]
		c := contact.Contact{ID: contact.ID(ids.Next()), Name: fmt.Sprintf("%s %s", title(word(40+number%4000)), title(word(5000+number/7%9000))), Standings: []string{"customer"}, Language: "en", CreatedAt: at, SeenAt: at}
		i := contact.Identity{ID: contact.IdentityID(ids.Next()), Contact: c.ID, Channel: "hook", RemoteID: fmt.Sprintf("u%d", number), Handle: fmt.Sprintf("@%s%d", word(40+number%4000), number), Name: c.Name}
		v := desk.Conversation{ID: desk.ConversationID(ids.Next()), Account: a.ID, Contact: c.ID, Thread: "t" + i.RemoteID, State: desk.Closed, Intents: []string{"support"},
			Department: m.departments[number%len(m.departments)], Needs: "must", Language: "en", Tags: []string{}, OpenedAt: at, Decision: desk.Decision{By: "model"}}
		for p := range perConversation {
			w := desk.Message{ID: desk.MessageID(ids.Next()), Conversation: v.ID, Account: a.ID, RemoteID: fmt.Sprintf("m%d-%d", number, p), Version: "1", Direction: desk.In,
				Kind: channel.Comment, Identity: i.ID, Text: m.text(number*perConversation + p), At: at, ReceivedAt: at}
			if p%2 == 1 {
				w.Direction, w.Identity = desk.Out, 0
			}
			messages = append(messages, w)
			v = v.Said(w, at)
		}
		if number%notesEvery == 0 {
			notes = append(notes, []any{ids.Next(), v.ID, m.h.Boss.Person, "called them about the warranty, " + m.text(number), at.UnixMicro()})
		}
		contacts, identities, changes = append(contacts, c), append(identities, i), append(changes, desk.Change{Is: v})
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
	if err := tx.Insert(ctx, "note", "id, conversation, person, body, at", "", notes); err != nil {
		return err
	}
	var todo [][]any
	for _, n := range notes {
		todo = append(todo, n[:1])
	}
	if err := tx.Insert(ctx, "search_todo", "message", "ON CONFLICT DO NOTHING", todo); err != nil {
		return err
	}
	return desk.AddMessages(ctx, tx, messages)
}

// others adds contacts of whom there are no messages, as after an import: they are called as people are, a few names often and most
// hardly ever, and were seen at some time in the years before.
func (m *maker) others(b *testing.B, n int, before time.Time) {
	last := rand.NewZipf(rand.New(rand.NewPCG(3, 4)), 1.1, 20, 60_000)
	first := rand.NewZipf(rand.New(rand.NewPCG(5, 6)), 1.1, 20, 4_000)
	for m.silent < n {
		some := min(1000, n-m.silent)
		if err := m.h.Store.Tx(b.Context(), func(tx *store.Tx) error {
			var contacts []contact.Contact
			var identities []contact.Identity
			for k := range some {
				at := before.Add(-time.Duration(m.rand.IntN(3*365*24)) * time.Hour)
				c := contact.Contact{ID: contact.ID(m.h.Store.IDs.Next()), Name: title(word(int(first.Uint64()))) + " " + title(word(5000+int(last.Uint64()))), Standings: []string{}, CreatedAt: at, SeenAt: at}
				address := fmt.Sprintf("%s%d@%s.example", strings.ToLower(strings.ReplaceAll(c.Name, " ", ".")), m.silent+k, word(int(first.Uint64())%50))
				contacts = append(contacts, c)
				identities = append(identities, contact.Identity{ID: contact.IdentityID(m.h.Store.IDs.Next()), Contact: c.ID, Channel: "email", RemoteID: address, Handle: address, Name: c.Name})
			}
			if err := contact.Add(b.Context(), tx, contacts); err != nil {
				return err
			}
			return contact.AddIdentities(b.Context(), tx, identities)
		}); err != nil {
			b.Fatal(err)
		}
		m.silent += some
	}
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// library fills the library with entries of a few hundred words.
func (m *maker) library(b *testing.B) {
	for k := range answers {
		body := m.text(k) + "\n\n" + m.text(k+1) + "\n\n" + m.text(k+3)
		c := library.Content{Department: m.departments[k%len(m.departments)], Audience: library.Inside, Texts: []library.Text{{Language: "en", Title: title(m.text(k + 1))[:60], Body: body}}}
		if _, err := m.h.Library.Add(b.Context(), m.h.Boss, c); err != nil {
			b.Fatal(err)
		}
	}
}

// settle has everything written into the full text, and lets the database look at what it has.
func (m *maker) settle(b *testing.B) {
	ctx := b.Context()
	for {
		n, err := desk.IndexSome(ctx, m.h.Store, 2000)
		if err != nil {
			b.Fatal(err)
		}
		var left int
		if err := m.h.Store.Read().QueryRowContext(ctx, `SELECT count(*) FROM search_todo`).Scan(&left); err != nil {
			b.Fatal(err)
		}
		if n == 0 && left == 0 {
			break
		}
	}
	write, _ := m.h.Store.Pools()
	if _, err := write.ExecContext(ctx, `ANALYZE`); err != nil {
		b.Fatal(err)
	}
}

// question is one kind of search; ask is the k-th of its kind and returns how many it found.
type question struct {
	name string
	ask  func(ctx context.Context, k int) (int, error)
	none bool // nothing is to be found
}

func (m *maker) measure(b *testing.B, sheet *figure.Sheet, since, until time.Time) {
	member := staff.Actor{Person: 77, Role: staff.Member, Departments: m.departments[1:2]}
	said := func(who staff.Actor, s func(k int) desk.Search) func(context.Context, int) (int, error) {
		return func(ctx context.Context, k int) (int, error) {
			hits, err := m.h.Desk.Search(ctx, who, s(k))
			return len(hits.Found), err
		}
	}
	boss := func(s func(k int) desk.Search) func(context.Context, int) (int, error) { return said(m.h.Boss, s) }
	words := func(text string) func(int) desk.Search {
		return func(int) desk.Search { return desk.Search{Words: text} }
	}
	list := []question{
		{name: "one word, in half of all", ask: boss(words("parcel"))},
		{name: "one word, in one of a thousand or so", ask: boss(func(k int) desk.Search { return desk.Search{Words: word(300 + k)} })},
		{name: "one word, hardly ever said", ask: boss(words("xylophone"))},
		{name: "two words that are often said", ask: boss(func(k int) desk.Search { return desk.Search{Words: "parcel " + word(k%20)} })},
		{name: "two words that are never said together", ask: boss(words("xylophone machine")), none: true},
		{name: "words that stand together", ask: boss(words(`"washing machine"`))},
		{name: "words in one account", ask: boss(func(k int) desk.Search {
			return desk.Search{Words: "parcel " + word(k%20), Account: m.accounts[k%3].ID}
		})},
		{name: "words in three days two months ago", ask: boss(func(k int) desk.Search { return desk.Search{Words: word(20 + k%40), Since: since, Until: until} })},
		{name: "how a word begins", ask: boss(func(k int) desk.Search { return desk.Search{Words: word(300 + k)[:3] + "*"} })},
		{name: "words in notes", ask: boss(func(k int) desk.Search { return desk.Search{Words: "warranty " + word(k%20), Only: desk.OnlyNotes} })},
		{name: "who said it and a word", ask: boss(func(k int) desk.Search { return desk.Search{Words: "from:" + word(40+k) + " parcel"} })},
		{name: "one word, who sees one department", ask: said(member, words("parcel"))},
		{name: "a rarer word, who sees one department", ask: said(member, func(k int) desk.Search { return desk.Search{Words: word(300 + k)} })},
		{name: "nothing like it", ask: boss(words("qqzzy")), none: true},
		{name: "a contact by name, beside the messages", ask: func(ctx context.Context, k int) (int, error) {
			rows, silent, err := m.h.Desk.People(ctx, m.h.Boss, word(40+k), 5)
			return len(rows) + len(silent), err
		}},
		{name: "the list of contacts by name", ask: m.contacts(func(k int) string { return word(40 + k) })},
		{name: "the list of contacts by first and last name", ask: m.contacts(func(k int) string { return word(40+k) + " " + word(5000+k/7) })},
		{name: "the list of contacts, nobody is called that", ask: m.contacts(func(int) string { return "qqzzy" }), none: true},
		{name: "the list of contacts by the names that are most frequent", ask: m.contacts(func(k int) string { return word(k) })},
		{name: "the list of contacts by two that are", ask: m.contacts(func(k int) string { return word(k) + " " + word(5000+k/3) })},
		{name: "the list of contacts by how a name begins", ask: m.contacts(func(k int) string { return word(k)[:1+k%3] })},
		{name: "the list of contacts by how two names begin", ask: m.contacts(func(k int) string { return word(k)[:1+k%3] + " " + word(5000 + k)[:2+k%2] })},
		{name: "the list of contacts by an address", ask: m.contacts(func(k int) string { return "@" + word(k%50) + ".example" })},
		{name: "answers", ask: func(ctx context.Context, k int) (int, error) {
			p, err := m.h.Library.List(ctx, m.h.Boss, library.Query{Words: "parcel " + word(20+k), Limit: 30})
			return len(p.Hits), err
		}},
	}
	for _, q := range list {
		found := 0
		t := figure.Of(times, func(k int) { // the first is among them: nothing is warmed up
			n, err := q.ask(b.Context(), k)
			if err != nil {
				b.Fatal(q.name, err)
			}
			found += n
		})
		if (found == 0) != q.none {
			b.Errorf("%s: found %d", q.name, found)
		}
		sheet.Add(q.name, t.String(), target)
	}
}

func (m *maker) contacts(words func(k int) string) func(context.Context, int) (int, error) {
	return func(ctx context.Context, k int) (int, error) {
		list, err := contact.List(ctx, m.h.Store, contact.Query{Words: words(k), All: true, Limit: 50})
		return len(list), err
	}
}
