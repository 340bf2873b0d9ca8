package advice_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"switchboard/internal/advice"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/sim/advisor"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

const apiKey = "sk-seeded-marker-0123456789"

// world is a Switchboard and a language model beside it, on a clock that stands still.
type world struct {
	*apptest.House
	model *advisor.Model
	url   string
	now   *clock.Pretend
	n     int
	calls int // the model had when it began to hang
}

func onBoth(t *testing.T, f func(t *testing.T, w *world)) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) { f(t, open(t, apptest.DSN(t, kind))) })
	}
}

// onOne is onBoth for what no database makes a difference to.
func onOne(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	f(t, open(t, apptest.DSN(t, "sqlite")))
}

func open(t *testing.T, dsn string) *world {
	t.Helper()
	m := &advisor.Model{Key: apiKey, Knows: []advisor.Lesson{{Word: "frobnicate", Department: "Accounts", Intent: "billing"}, {Word: "qualm", Department: "Sales", Intent: "sales"}}}
	s := httptest.NewServer(m.Handler())
	t.Cleanup(s.Close)
	t.Cleanup(m.Faults.Clear) // who hangs is let go before the server waits for them
	now := clock.At(monday)
	h := apptest.Open(t, dsn, app.Options{Now: now.Now, Allow: []string{s.Listener.Addr().String()}})
	return &world{House: h, model: m, url: s.URL + "/v1", now: now}
}

func (w *world) set(t testing.TB, change func(s *advice.Settings)) {
	t.Helper()
	s := advice.Settings{On: true, Address: w.url, Model: "tiny", Timeout: 5 * time.Second, Calls: 1000, Tokens: 10_000_000}
	if change != nil {
		change(&s)
	}
	key := apiKey
	if _, err := w.Advice.Change(t.Context(), w.Boss, s, &key); err != nil {
		t.Fatal(err)
	}
}

func off(s *advice.Settings) { s.On = false }

// vague is a message nobody can be sure of.
const vague = "Hello, about the thing, you know. Could you frobnicate it? zumzum, Ann"

// says takes a message of somebody new in and returns it.
func (w *world) says(t testing.TB, text string) desk.Message {
	t.Helper()
	w.n++
	id := fmt.Sprintf("m%d", w.n)
	m := channel.Message{RemoteID: id, Kind: channel.Direct, Private: true, Text: text, At: w.now.Now(),
		From: channel.Identity{RemoteID: "c" + id, Handle: "@ann_ferret" + id, Name: "Ann Ferretti"}}
	a := w.Shared(t)
	if err := w.Intake.Take(t.Context(), a, []channel.Event{{Kind: channel.Said, RemoteID: id, At: w.now.Now(), Message: m}}, nil); err != nil {
		t.Fatal(err)
	}
	found, err := desk.MessagesByRemote(t.Context(), w.Store.Read(), a.ID, []string{id})
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	return found[id]
}

// doubted is says, of a message the operator must decide about.
func (w *world) doubted(t testing.TB, text string) desk.Message {
	t.Helper()
	m := w.says(t, text)
	if c := w.of(t, m); c.Decision.By != "operator" || c.State != desk.Open {
		t.Fatalf("%q was decided: %+v", text, c.Decision)
	}
	return m
}

func (w *world) of(t testing.TB, m desk.Message) desk.Conversation {
	t.Helper()
	c, err := desk.One(t.Context(), w.Store.Read(), m.Conversation)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (w *world) ask(t testing.TB, m desk.Message) error {
	t.Helper()
	return w.Advice.AskAbout(t.Context(), m.ID, w.now.Now())
}

func (w *world) state(t testing.TB) advice.State {
	t.Helper()
	s, err := w.Advice.State(t.Context(), w.Boss)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// told returns the journal's entries of a kind.
func (w *world) told(t testing.TB, what journal.What) (list []journal.Entry) {
	t.Helper()
	rows, err := w.Store.Read().QueryContext(t.Context(), `SELECT who, conversation, data FROM journal WHERE what = $1 ORDER BY seq`, string(what))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		e := journal.Entry{What: what}
		var data string
		if err := rows.Scan(&e.Who, &e.Conversation, &data); err != nil {
			t.Fatal(err)
		}
		e.Data = json.RawMessage(data)
		list = append(list, e)
	}
	return list
}

// count counts rows.
func (w *world) count(t testing.TB, query string, args ...any) (n int) {
	t.Helper()
	if err := w.Store.Read().QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("still not: " + what)
}

func suggested(c desk.Conversation) (out []staff.DepartmentID) {
	for _, s := range c.Decision.Suggestions {
		out = append(out, s.Department)
	}
	return out
}

// same compares two conversations but for their suggestions.
func same(a, b desk.Conversation) bool {
	a.Decision.Suggestions, b.Decision.Suggestions = nil, nil
	return store.JSON(a) == store.JSON(b) && slices.Equal(a.Tags, b.Tags)
}
