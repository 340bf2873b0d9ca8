package staff

import (
	"context"
	"slices"
	"testing"
	"time"

	"switchboard/internal/clock"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

func TestWhoMayChangeWhatOfAPerson(t *testing.T) {
	ctx := context.Background()
	h := once(t)
	bob := h.hire(t, "bob", Member, "Accounts")
	max := h.hire(t, "max", Manager)
	eve := h.hire(t, "eve", Operator)
	reads := bob
	reads.Key, reads.Scopes = 1, []Scope{Read}
	for name, tt := range map[string]struct {
		who  Actor
		c    PersonChange
		want fault.Kind
		ok   bool
	}{
		"bob says what he is called":           {bob, PersonChange{Name: ptr("Robert")}, 0, true},
		"bob says what he can":                 {bob, PersonChange{Skills: &[]string{"VAT"}}, 0, true},
		"bob can't give himself a role":        {bob, PersonChange{Role: ptr(Administrator)}, fault.Forbidden, false},
		"bob can't join a department":          {bob, PersonChange{Departments: &[]DepartmentID{}}, fault.Forbidden, false},
		"bob can't lift his own limit":         {bob, PersonChange{Capacity: ptr(0)}, fault.Forbidden, false},
		"bob can't enable himself":             {bob, PersonChange{State: ptr(Active)}, fault.Forbidden, false},
		"bob's reading key changes nothing":    {reads, PersonChange{Name: ptr("Robert")}, fault.Forbidden, false},
		"a manager arranges skills":            {max, PersonChange{Skills: &[]string{"VAT", "refunds"}}, 0, true},
		"a manager does not rename bob":        {max, PersonChange{Name: ptr("Bobby")}, fault.Forbidden, false},
		"a manager does not promote bob":       {max, PersonChange{Role: ptr(Manager)}, fault.Forbidden, false},
		"another can't change bob":             {eve, PersonChange{Name: ptr("Bobby")}, fault.Forbidden, false},
		"nobody can't change bob":              {Actor{}, PersonChange{Name: ptr("Bobby")}, fault.Unsigned, false},
		"the administrator does anything":      {h.ann, PersonChange{Role: ptr(Contributor)}, 0, true},
		"an unknown role is refused":           {h.ann, PersonChange{Role: ptr(Role("boss"))}, fault.Invalid, false},
		"an unknown department is refused":     {h.ann, PersonChange{Departments: &[]DepartmentID{77}}, fault.NotFound, false},
		"a name may not turn the line around":  {bob, PersonChange{Name: ptr("Bob\u202Eeve")}, fault.Invalid, false},
		"hours that are never open are no use": {bob, PersonChange{Hours: &clock.Hours{Zone: "Nowhere/Land", Always: true}}, fault.Invalid, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.ChangePerson(ctx, tt.who, bob.Person, tt.c)
			if tt.ok != (err == nil) || err != nil && !fault.Is(err, tt.want) {
				t.Errorf("ChangePerson = %v", err)
			}
		})
	}
}

func TestThereIsAlwaysAnAdministrator(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, h *house) {
		for _, c := range []PersonChange{{Role: ptr(Manager)}, {State: ptr(Disabled)}} {
			if _, err := h.ChangePerson(ctx, h.ann, h.ann.Person, c); !fault.Is(err, fault.Conflict) {
				t.Errorf("the only administrator goes: %v", err)
			}
		}
		sue := h.hire(t, "sue", Administrator)
		done := make(chan error, 2)
		go func() {
			_, err := h.ChangePerson(ctx, h.ann, sue.Person, PersonChange{State: ptr(Disabled)})
			done <- err
		}()
		go func() {
			_, err := h.ChangePerson(ctx, sue, h.ann.Person, PersonChange{Role: ptr(Viewer)})
			done <- err
		}()
		if a, b := <-done, <-done; (a == nil) == (b == nil) {
			t.Errorf("two administrators remove each other: %v, %v; want one to stay", a, b)
		}
	})
}

func TestDisablingTellsTheDeskAndTheJournalInOneTransaction(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, h *house) {
		bob := h.hire(t, "bob", Member, "Accounts")
		var gone PersonID
		fail := true
		h.Gone = func(_ context.Context, tx *store.Tx, _ Actor, p PersonID) error {
			if fail {
				return fault.New(fault.Unavailable, "the desk is on fire")
			}
			gone = p
			return nil
		}
		if _, err := h.ChangePerson(ctx, h.ann, bob.Person, PersonChange{State: ptr(Disabled)}); !fault.Is(err, fault.Unavailable) {
			t.Fatal(err)
		}
		if p, err := h.Person(ctx, h.ann, bob.Person); err != nil || p.State != Active {
			t.Errorf("after a failure bob is %v, %v", p.State, err)
		}
		before, err := journal.Last(ctx, h.Store)
		if err != nil {
			t.Fatal(err)
		}
		fail = false
		if _, err := h.ChangePerson(ctx, h.ann, bob.Person, PersonChange{State: ptr(Disabled)}); err != nil {
			t.Fatal(err)
		}
		// On PostgreSQL an entry waits for every older transaction of the cluster, also those of other tests, and so does the end
		// of the journal: what came before may still be to come.
		var rows []journal.Entry
		for range 600 {
			rows, err = journal.Read(ctx, h.Store, before, 10)
			rows = slices.DeleteFunc(rows, func(e journal.Entry) bool { return e.What != journal.PersonChanged })
			if err != nil || len(rows) > 0 {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		if err != nil || len(rows) != 1 || rows[0].Who != h.ann.Who() {
			t.Errorf("the journal says %+v, %v", rows, err)
		}
		if gone != bob.Person {
			t.Errorf("the desk heard of %v", gone)
		}
	})
}

func TestWhoIsWorkingNow(t *testing.T) {
	ctx := context.Background()
	each(t, func(t *testing.T, h *house) {
		bob := h.hire(t, "bob", Member, "Accounts")
		working := func(at time.Time) bool {
			r, err := h.Roster(ctx)
			if err != nil {
				t.Fatal(err)
			}
			p, _ := r.Person(bob.Person)
			return r.Working(p, at)
		}
		night := time.Date(2026, 3, 2, 23, 0, 0, 0, time.UTC)
		if !working(monday) || working(night) {
			t.Errorf("by the organisation's hours: Monday morning %v, night %v", working(monday), working(night))
		}
		nights := clock.Hours{Zone: "UTC", Week: clock.Week{Mon: []clock.Slot{{From: "22:00", To: "06:00"}}}}
		if _, err := h.ChangePerson(ctx, bob, bob.Person, PersonChange{Hours: &nights}); err != nil {
			t.Fatal(err)
		}
		if working(monday) || !working(night) {
			t.Errorf("by his own: Monday morning %v, night %v", working(monday), working(night))
		}
		if _, err := h.ChangePerson(ctx, bob, bob.Person, PersonChange{Hours: &clock.Hours{}}); err != nil {
			t.Fatal(err)
		}
		a, err := h.AddAbsence(ctx, bob, Absence{Person: bob.Person, From: monday.Add(-time.Hour), Until: monday.Add(time.Hour), Note: "dentist"})
		if err != nil {
			t.Fatal(err)
		}
		if working(monday) || !working(monday.Add(time.Hour)) {
			t.Errorf("absent until eleven: at ten %v, at eleven %v", working(monday), working(monday.Add(time.Hour)))
		}
		if err := h.RemoveAbsence(ctx, h.hire(t, "eve", Operator), bob.Person, a.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("eve removes it: %v", err)
		}
		if err := h.RemoveAbsence(ctx, bob, bob.Person, a.ID); err != nil {
			t.Fatal(err)
		}
		if err := h.SetPresence(ctx, bob, false); err != nil {
			t.Fatal(err)
		}
		if working(monday) {
			t.Error("away, but working")
		}
	})
}

func TestAnAgencySeesItselfOnly(t *testing.T) {
	ctx := context.Background()
	h := once(t)
	ad := h.hire(t, "agency", Agency)
	list, err := h.People(ctx, ad, "")
	if err != nil || len(list) != 1 || list[0].ID != ad.Person {
		t.Errorf("People = %v, %v", list, err)
	}
	if _, err := h.Person(ctx, ad, h.ann.Person); !fault.Is(err, fault.NotFound) {
		t.Errorf("Person = %v", err)
	}
}

func TestPeopleAreFoundByAllWordsAskedFor(t *testing.T) {
	ctx := context.Background()
	h := once(t)
	bob := h.hire(t, "bob", Member)
	if _, err := h.ChangePerson(ctx, bob, bob.Person, PersonChange{Skills: &[]string{"VAT returns"}, Languages: &[]string{"de"}}); err != nil {
		t.Fatal(err)
	}
	for q, want := range map[string]int{"": 2, "vat": 1, "BOB acme": 1, "vat ann": 0} {
		if list, err := h.People(ctx, h.ann, q); err != nil || len(list) != want {
			t.Errorf("People(%q) = %d, %v; want %d", q, len(list), err, want)
		}
	}
}

func TestWhatARoleCanIsInTheTable(t *testing.T) {
	for role, actions := range rights {
		for _, a := range rights[Administrator] {
			p := Person{ID: 1, Role: role, State: Active}
			if Can(p, a) != slices.Contains(actions, a) {
				t.Errorf("%s, %s: %v", role, a, Can(p, a))
			}
			p.State = Disabled
			if Can(p, a) {
				t.Errorf("a disabled %s can %s", role, a)
			}
			for k, s := range scopes { // a key never reaches further than its person, nor than its scope
				key := Actor{Person: 1, Role: role, Key: 1, Scopes: []Scope{s}}
				if key.Can(a) && (!slices.Contains(actions, a) || slices.Index(scopes, a.scope()) > k || a == KeysManage) {
					t.Errorf("a %s key of a %s can %s", s, role, a)
				}
			}
		}
	}
	if len(rights) != len(Roles()) || (Actor{}).Can(SeeAll) {
		t.Error("nobody can something, or a role has no row")
	}
}
