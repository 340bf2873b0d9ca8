// Package apptest gives tests a whole Switchboard: a real database, a house with departments and people, and accounts that
// need no far side.
package apptest

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

// House is a Switchboard with somebody in it.
type House struct {
	*app.App
	Boss staff.Actor // an administrator

	shared account.Account
}

// DSN returns an empty database, "sqlite" or "postgres".
func DSN(t testing.TB, kind string) string {
	if kind == "postgres" {
		return storetest.Postgres(t)
	}
	return storetest.SQLite(t)
}

// Shared returns the account that tests use which do not care.
func (h *House) Shared(t testing.TB) account.Account {
	t.Helper()
	if h.shared.ID.IsZero() {
		h.shared = h.Account(t, "hook", "@acme")
	}
	return h.shared
}

// Each runs f on both databases.
func Each(t *testing.T, o app.Options, f func(t *testing.T, h *House)) {
	t.Run("sqlite", func(t *testing.T) { f(t, Open(t, storetest.SQLite(t), o)) })
	t.Run("postgres", func(t *testing.T) { f(t, Open(t, storetest.Postgres(t), o)) })
}

// EachAt runs f on both databases, on a clock that stands still on a Monday morning until the test sets it on. A Now in o is not used.
func EachAt(t *testing.T, o app.Options, f func(t *testing.T, h *House, now *clock.Pretend)) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			now := clock.At(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
			o := o
			o.Now = now.Now
			f(t, Open(t, DSN(t, kind), o), now)
		})
	}
}

// Open makes a Switchboard on a database and starts it. The zero Options will do; what they leave out is filled in.
func Open(t testing.TB, dsn string, o app.Options) *House {
	t.Helper()
	o.DSN = dsn
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Ring == nil {
		o.Ring = secret.Random()
	}
	if o.Languages == nil {
		o.Languages = []string{"en"} // training is the dearest part of a start
	}
	if o.Messages == 0 {
		o.Messages = 800
	}
	if o.JobPoll == 0 {
		o.JobPoll = 50 * time.Millisecond
	}
	h := house(t, o, begin(t, dsn, o))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := h.Stop(ctx); err != nil { // of the App it has now: a test of a restart puts another in its place
			t.Error(err)
		}
	})
	if err := h.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	return h
}

// house makes a Switchboard with somebody in it and a trained model, unless it begins as one.
func house(t testing.TB, o app.Options, begun bool) *House {
	t.Helper()
	ctx := context.Background()
	a, err := app.New(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	a.Staff.Hashing = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 8, KeyLength: 16}
	h := &House{App: a}
	h.furnish(ctx, t)
	if !begun {
		if err := a.Brain.Train(ctx); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// templates are furnished houses to begin with: the schema and the training are the dearest part of a test. They are made for
// the second house of a kind.
var templates = struct {
	sync.Mutex
	seen map[string]bool
	kept map[string]*storetest.Template
}{seen: map[string]bool{}, kept: map[string]*storetest.Template{}}

// begin puts a furnished house into an empty database when there was one like it before, and reports whether it did.
// Benchmarks begin with nothing.
func begin(t testing.TB, dsn string, o app.Options) bool {
	t.Helper()
	if _, figures := t.(*testing.B); figures || !storetest.Empty(t, dsn) {
		return false
	}
	kind := "sqlite"
	if strings.HasPrefix(dsn, "postgres://") {
		kind = "postgres"
	}
	at := o.Now()
	if time.Since(at).Abs() < time.Hour {
		at = time.Time{} // the machine's clock
	}
	key := fmt.Sprint(kind, o.Languages, o.Messages, at)
	templates.Lock()
	defer templates.Unlock()
	if !templates.seen[key] {
		templates.seen[key] = true
		return false
	}
	if templates.kept[key] == nil {
		before := func() time.Time { return o.Now().Add(-time.Minute) } // keys are made of the time, and a test's clock may stand still
		first := app.Options{DSN: DSN(t, kind), Now: before, Log: o.Log, Ring: secret.Random(), Languages: o.Languages, Messages: o.Messages, JobPoll: o.JobPoll}
		if err := house(t, first, false).Stop(context.Background()); err != nil {
			t.Fatal(err)
		}
		templates.kept[key] = storetest.Keep(t, first.DSN)
	}
	templates.kept[key].Fill(t, dsn)
	return true
}

func (h *House) furnish(ctx context.Context, t testing.TB) {
	t.Helper()
	need, err := h.Staff.NeedsSetup(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if need {
		_, err := h.Staff.Furnish(ctx, staff.House{Name: "Ada Boss", Email: "ada@acme.example", Password: "correct horse battery",
			Organisation: staff.Organisation{Name: "ACME", PublicURL: "http://localhost:8080", Zone: "Europe/Berlin", Locale: "en-GB", Hours: &clock.Hours{Zone: "Europe/Berlin", Always: true}}, Template: "split"})
		if err != nil {
			t.Fatal(err)
		}
	}
	r, err := h.Staff.Roster(ctx)
	if err != nil {
		t.Fatal(err)
	}
	p := r.People()[0]
	h.Boss = staff.Actor{Person: p.ID, Name: p.Name, Role: p.Role, Departments: p.Departments}
}

// Department returns one of the departments by its name.
func (h *House) Department(t testing.TB, name string) staff.DepartmentID {
	t.Helper()
	r, err := h.Staff.Roster(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, d := range r.Departments() {
		if d.Name == name {
			return d.ID
		}
		all = append(all, d.Name)
	}
	t.Fatalf("there is no department %q, only %q", name, all)
	return 0
}

// Account adds an account of a channel without asking its far side.
func (h *House) Account(t testing.TB, ch, handle string) account.Account {
	t.Helper()
	a, err := h.Book.Adopt(t.Context(), staff.Machine(), ch, handle, channel.Profile{RemoteID: handle, Handle: handle, Name: handle,
		Limits: channel.Limits{Text: 500, Unit: "graphemes", Media: 4}}, []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Tx is Store.Tx that fails the test.
func (h *House) Tx(t testing.TB, f func(tx *store.Tx) error) {
	t.Helper()
	if err := h.Store.Tx(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// Checks has rapid try so many histories until the test ends.
func Checks(t *testing.T, n int) {
	t.Helper()
	f := flag.Lookup("rapid.checks").Value
	before := f.String()
	t.Cleanup(func() { _ = f.Set(before) })
	if err := f.Set(fmt.Sprint(n)); err != nil {
		t.Fatal(err)
	}
}
