package staff

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"switchboard/internal/clock"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

var monday = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// cheap hashes passwords at no cost, so that tests are quick.
var cheap = &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

const password = "correct horse battery"

// house is a staff on s, with its first administrator ann and a clock that stands still.
type house struct {
	*Staff
	ann   Actor
	clock *clock.Pretend
}

func emptyHouse(s *store.Store) *house {
	c := clock.At(monday)
	return &house{Staff: &Staff{Store: s, Now: c.Now, Log: slog.New(slog.DiscardHandler), Hashing: cheap}, clock: c}
}

func furnished(t testing.TB, s *store.Store) *house {
	t.Helper()
	h := emptyHouse(s)
	p, err := h.Furnish(context.Background(), House{Name: "Ann", Email: "Ann@acme.example", Password: password, Template: "split",
		Organisation: Organisation{Name: "ACME", PublicURL: "https://desk.acme.example", Zone: "Europe/Berlin", Locale: "en-GB"}})
	if err != nil {
		t.Fatal(err)
	}
	h.ann = p.ActorOf()
	return h
}

// each runs f on both databases in a furnished house.
func each(t *testing.T, f func(t *testing.T, h *house)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) { f(t, furnished(t, s)) })
}

// once runs f on SQLite in a furnished house.
func once(t *testing.T) *house { return furnished(t, storetest.Open(t, storetest.SQLite(t))) }

// hire adds somebody with a role and the departments of those names.
func (h *house) hire(t testing.TB, name string, role Role, in ...string) Actor {
	t.Helper()
	p := Person{Name: name, Email: name + "@acme.example", Role: role}
	for _, d := range in {
		p.Departments = append(p.Departments, h.department(t, d).ID)
	}
	p, err := h.AddPerson(context.Background(), Machine(), p, password)
	if err != nil {
		t.Fatal(err)
	}
	return p.ActorOf()
}

func (h *house) department(t testing.TB, name string) Department {
	t.Helper()
	r, err := h.Roster(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.Departments() {
		if d.Name == name {
			return d
		}
	}
	t.Fatalf("no department %q", name)
	return Department{}
}

func ptr[T any](v T) *T { return &v }
