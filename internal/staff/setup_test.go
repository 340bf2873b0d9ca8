package staff

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"switchboard/internal/fault"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

func TestAFreshHouseHasNobodyInItAndNoWayInButTheLink(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := emptyHouse(s)
		if need, err := h.NeedsSetup(ctx); err != nil || !need {
			t.Fatalf("NeedsSetup = %v, %v", need, err)
		}
		for _, name := range []string{"admin@example.com", "admin", "root", ""} {
			if _, err := h.SignIn(ctx, name, "admin", "", ""); !fault.Is(err, fault.Unsigned) {
				t.Errorf("SignIn(%q) = %v; want refused", name, err)
			}
		}
		form := House{Name: "Ann", Email: "ann@acme.example", Password: password, Template: "split", Organisation: Organisation{Name: "ACME", PublicURL: "http://localhost:8080", Zone: "UTC"}}
		if _, err := h.SetUp(ctx, "", form, ""); !fault.Is(err, fault.Forbidden) {
			t.Errorf("SetUp without a token = %v", err)
		}
		old, err := h.PrepareSetup(ctx)
		if err != nil || len(old) < 26 {
			t.Fatalf("PrepareSetup = %q, %v", old, err)
		}
		now, err := h.PrepareSetup(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.MaySetUp(ctx, old); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the older link still works: %v", err)
		}
		var won atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := h.SetUp(ctx, now, form, "192.0.2.1"); err == nil {
					won.Add(1)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Errorf("%d of 8 set-ups at once succeeded; want 1", won.Load())
		}
		if need, err := h.NeedsSetup(ctx); err != nil || need {
			t.Errorf("after it NeedsSetup = %v, %v", need, err)
		}
		if err := h.MaySetUp(ctx, now); !fault.Is(err, fault.Conflict) {
			t.Errorf("the used link says %v", err)
		}
		if again, err := h.PrepareSetup(ctx); again != "" || err != nil {
			t.Errorf("a house that is set up prints a link: %q, %v", again, err)
		}
		if _, err := h.SignIn(ctx, "ANN@acme.example ", password, "", ""); err != nil {
			t.Errorf("the administrator can't sign in: %v", err)
		}
	})
}

func TestSetUpRefusesWhatIsWrongAndChangesNothing(t *testing.T) {
	ctx := context.Background()
	h := emptyHouse(storetest.Open(t, storetest.SQLite(t)))
	secret, err := h.PrepareSetup(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		field string
		with  func(*House)
	}{
		"a short password":         {"administrator.password", func(h *House) { h.Password = "short" }},
		"the address as password":  {"administrator.password", func(h *House) { h.Password = h.Email }},
		"one letter many times":    {"administrator.password", func(h *House) { h.Password = "aaaaaaaaaaaaaa" }},
		"no mail address":          {"administrator.email", func(h *House) { h.Email = "ann" }},
		"a line break in the name": {"administrator.name", func(h *House) { h.Name = "Ann\nBcc: x" }},
		"no such zone":             {"organisation.zone", func(h *House) { h.Organisation.Zone = "Mars/Olympus" }},
		"an address with a path":   {"organisation.publicUrl", func(h *House) { h.Organisation.PublicURL = "https://a.example/x" }},
		"no such template":         {"template", func(h *House) { h.Template = "x" }},
		"no such department":       {"departments", func(h *House) { h.Keep = []string{"Astrology"} }},
	} {
		t.Run(name, func(t *testing.T) {
			form := House{Name: "Ann", Email: "ann@acme.example", Password: password, Template: "split", Organisation: Organisation{Name: "ACME", PublicURL: "http://localhost:8080"}}
			tt.with(&form)
			_, err := h.SetUp(ctx, secret, form, "")
			if e, ok := err.(*fault.Error); !ok || e.Kind != fault.Invalid || e.Field != tt.field {
				t.Errorf("SetUp = %#v; want Invalid in %s", err, tt.field)
			}
		})
	}
	if need, err := h.NeedsSetup(ctx); err != nil || !need {
		t.Errorf("after refusals NeedsSetup = %v, %v", need, err)
	}
}

func TestEveryTemplateHasOneOperatorAndFitsTheRules(t *testing.T) {
	for _, tt := range Templates() {
		n, names := 0, map[string]bool{}
		for _, d := range tt.Departments {
			if d.Operator {
				n++
			}
			if names[d.Name] {
				t.Errorf("%s has two departments %q", tt.Key, d.Name)
			}
			names[d.Name] = true
			if _, err := (Department{}).with(DepartmentChange{Name: &d.Name, Summary: &d.Summary, Phrases: &d.Phrases, Intents: &d.Intents, Targets: &d.Targets, TakeBack: &d.TakeBack}); err != nil {
				t.Errorf("%s, %s: %v", tt.Key, d.Name, err)
			}
		}
		if n != 1 {
			t.Errorf("%s has %d operators' queues; want 1", tt.Key, n)
		}
	}
}

func TestOnlyTheWantedDepartmentsAndTheOperatorsAreMade(t *testing.T) {
	ctx := context.Background()
	h := emptyHouse(storetest.Open(t, storetest.SQLite(t)))
	_, err := h.Furnish(ctx, House{Name: "Ann", Email: "ann@acme.example", Password: password, Template: "split", Keep: []string{"Sales", "Accounts"},
		Organisation: Organisation{Name: "ACME", PublicURL: "http://localhost:8080"}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := h.Roster(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range r.Departments() {
		names = append(names, d.Name)
	}
	if got := len(names); got != 3 || names[0] != "Switchboard" || names[1] != "Accounts" || names[2] != "Sales" {
		t.Errorf("departments %q", names)
	}
	if r.Operator().Name != "Switchboard" {
		t.Errorf("the operator's queue is %q", r.Operator().Name)
	}
}
