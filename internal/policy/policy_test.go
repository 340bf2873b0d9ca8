package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/routing"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/triage"
)

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

func words(list ...string) *Form { return &Form{"all", []Condition{{What: "words", Values: list}}} }

func (h *house) rule(t testing.TB, name, in string, f *Form) Rule {
	t.Helper()
	r, err := h.AddRule(t.Context(), h.ann, RuleChange{Name: &name, Form: f, Department: ptr(h.dep(t, in)), Why: "because"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestARuleIsMadeChangedMovedAndRemoved(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		a, b := h.rule(t, "Recalls", "Customer service", words("recall")), h.rule(t, "Interviews", "Press and PR", words("interview"))
		if a.Place != 1 || b.Place != 2 || a.Condition != `says("recall")` || !a.Enabled {
			t.Fatalf("%+v\n%+v", a, b)
		}
		c, err := h.ChangeRule(ctx, h.ann, a.ID, RuleChange{Condition: ptr(`says("recall") and language == "fr"`), Version: 1, Why: "only there"})
		if err != nil || c.Version != 2 || c.Form != nil || c.Name != "Recalls" {
			t.Fatalf("%+v, %v", c, err)
		}
		if _, err := h.ChangeRule(ctx, h.ann, a.ID, RuleChange{Enabled: ptr(false), Version: 1}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a change of an older version: %v", err)
		}
		if _, err := h.ChangeRule(ctx, h.ann, a.ID, RuleChange{Enabled: ptr(false)}); err != nil {
			t.Error(err)
		}
		if err := h.OrderRules(ctx, h.ann, []RuleID{b.ID, a.ID}, "press first"); err != nil {
			t.Fatal(err)
		}
		if err := h.OrderRules(ctx, h.ann, []RuleID{b.ID}, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("an order that forgets one: %v", err)
		}
		list, err := h.Rules(ctx, h.olga)
		if err != nil || len(list.Rules) != 2 || list.Rules[0].ID != b.ID || list.Rules[1].Place != 2 || list.Rules[1].Enabled {
			t.Fatalf("%+v, %v", list, err)
		}
		if err := h.RemoveRule(ctx, h.ann, b.ID, "old"); err != nil {
			t.Fatal(err)
		}
		list, err = h.Rules(ctx, h.olga)
		if err != nil || len(list.Rules) != 1 || list.Rules[0].Place != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		var deeds []string
		v, err := h.RuleHistory(ctx, h.olga, a.ID)
		for _, k := range v {
			deeds = append(deeds, k.Deed+" "+k.Why)
		}
		if got := strings.Join(deeds, ", "); err != nil || got != "moved press first, switched off , changed only there, made because" || v[0].By != h.ann.Person {
			t.Errorf("%q, %v", got, err)
		}
		var n int
		if err := h.Store.Read().QueryRowContext(ctx, `SELECT count(*) FROM journal WHERE what = 'rule changed'`).Scan(&n); err != nil || n != 7 {
			t.Errorf("%d entries of the journal, %v", n, err)
		}
	})
}

func TestWhoMayNotIsRefused(t *testing.T) {
	h := newHouse(t, one(t))
	ctx := t.Context()
	for name, who := range map[string]staff.Actor{"an operator": h.olga, "a member": h.mia, "nobody": {}} {
		_, err := h.AddRule(ctx, who, RuleChange{Name: ptr("x"), Form: words("x"), Department: ptr(h.dep(t, "Sales"))})
		_, err2 := h.SetMap(ctx, who, NewMap{})
		_, err3 := h.Rehearse(ctx, who, Rehearsal{Days: 1})
		_, err4 := h.Try(ctx, who, 0, RuleChange{Form: words("x")})
		for _, err := range []error{err, err2, err3, err4} {
			if !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unsigned) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if _, err := h.Rules(ctx, h.mia); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a member sees the rules: %v", err)
	}
	if _, err := h.Map(ctx, h.olga); err != nil {
		t.Errorf("an operator does not see the map: %v", err)
	}
}

func TestWhatIsWrongWithARuleIsSaid(t *testing.T) {
	h := newHouse(t, one(t))
	sales := h.dep(t, "Sales")
	for name, tt := range map[string]struct {
		c     RuleChange
		field string
	}{
		"no name":               {RuleChange{Form: words("x"), Department: &sales}, "name"},
		"no condition":          {RuleChange{Name: ptr("x"), Department: &sales}, "condition"},
		"a broken one":          {RuleChange{Name: ptr("x"), Condition: ptr("says("), Department: &sales}, "condition"},
		"nowhere":               {RuleChange{Name: ptr("x"), Form: words("x")}, "department"},
		"somebody from outside": {RuleChange{Name: ptr("x"), Form: words("x"), Department: &sales, Person: ptr(h.mia.Person)}, "person"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.AddRule(t.Context(), h.ann, tt.c)
			if e, ok := err.(*fault.Error); !ok || e.Field != tt.field {
				t.Errorf("%+v", err)
			}
		})
	}
}

// Rules may have patterns, but not so many that each message waits for them; what says words may be as much as before.
func TestPatternsAreLimitedInAll(t *testing.T) {
	h, ctx := newHouse(t, one(t)), t.Context()
	sales := h.dep(t, "Sales")
	add := func(name, when string) (Rule, error) {
		return h.AddRule(ctx, h.ann, RuleChange{Name: &name, Condition: &when, Department: &sales})
	}
	long := `text matches "(?s)(.{0,50}a){3}.{0,50}b"`
	if _, err := add("long", long); err == nil || err.(*fault.Error).Field != "condition" {
		t.Errorf("a long pattern: %v", err)
	}
	var last Rule
	taken := 0
	for ; taken <= mostRules; taken++ {
		r, err := add(fmt.Sprint("rule ", taken), fmt.Sprintf(`text matches "(?s)%da.{0,40}b"`, taken))
		if err != nil {
			if !strings.Contains(err.Error(), "together") {
				t.Fatal(err)
			}
			break
		}
		last = r
	}
	in, err := h.InForce(ctx)
	if err != nil {
		t.Fatal(err)
	}
	steps := 0
	for _, r := range in.rules {
		steps += r.steps()
	}
	if taken < 5 || steps > allSteps || steps < allSteps-ruleSteps {
		t.Errorf("%d rules with patterns were taken, of %d steps", taken, steps)
	}
	if _, err := add("words", `says("recall")`); err != nil {
		t.Errorf("one without a pattern: %v", err)
	}
	off, on := false, true
	if _, err := h.ChangeRule(ctx, h.ann, last.ID, RuleChange{Enabled: &off}); err != nil {
		t.Fatal(err)
	}
	other, err := add("instead", last.Condition)
	if err != nil {
		t.Fatalf("in the place of one that is off: %v", err)
	}
	if _, err := h.ChangeRule(ctx, h.ann, last.ID, RuleChange{Enabled: &on}); err == nil {
		t.Error("one too many was switched on again")
	}
	// A rule from before the limits goes on, is named, and can be changed but for its patterns.
	h.older(t, other.ID, long)
	list, err := h.Rules(ctx, h.ann)
	if err != nil || !slices.ContainsFunc(list.Doubts, func(d Doubt) bool { return d.Rule == other.ID && strings.Contains(d.Says, "goes on as it is") }) {
		t.Errorf("the doubts are %+v, %v", list.Doubts, err)
	}
	if in, err := h.InForce(ctx); err != nil || !slices.Contains(in.Rules.Matches(routing.Case{Text: "aaab", At: time.Now()}), other.ID.String()) {
		t.Errorf("it decides no more: %v", err)
	}
	if _, err := h.ChangeRule(ctx, h.ann, other.ID, RuleChange{Name: ptr("renamed"), Condition: &long}); err != nil {
		t.Errorf("its name can't be changed: %v", err)
	}
}

// older gives a rule a condition as an older program would have kept it.
func (h *house) older(t *testing.T, of RuleID, when string) {
	t.Helper()
	err := h.change(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE rule SET condition = $1 WHERE id = $2`, when, of)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestContradictionsAreSaidNotRefused(t *testing.T) {
	h := newHouse(t, one(t))
	first := h.rule(t, "Recalls", "Customer service", words("recall", "safety"))
	same := h.rule(t, "Recalls too", "Customer service", words("safety", "recall"))
	other := h.rule(t, "Safety", "Press and PR", words("safety"))
	h.rule(t, "Interviews", "Press and PR", words("interview"))
	list, err := h.Rules(t.Context(), h.ann)
	if err != nil || len(list.Doubts) != 2 {
		t.Fatalf("%+v, %v", list.Doubts, err)
	}
	if d := list.Doubts[0]; d.Rule != same.ID || d.Other != first.ID || !strings.Contains(d.Says, "never reached") {
		t.Errorf("%+v", d)
	}
	if d := list.Doubts[1]; d.Rule != other.ID || !strings.Contains(d.Says, "contradicts") {
		t.Errorf("%+v", d)
	}
}

func TestTheNextMessageIsJudgedByIt(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		other := &Policy{Store: h.Store, Staff: h.Staff, Now: h.Now, Log: h.Log} // as another node has it
		decide := func(p *Policy) routing.Decision {
			t.Helper()
			in, err := p.InForce(ctx)
			if err != nil {
				t.Fatal(err)
			}
			r := routing.NewRoster("op", 0, []routing.Department{{Key: "op"}, {Key: h.dep(t, "Sales").String(), Name: "Sales"}, {Key: h.dep(t, "Press and PR").String(), Name: "Press"}}, nil)
			return routing.Decide(routing.Case{Text: "a recall", Standings: []string{"vip"}, At: monday}, r, in.Map, in.Rules)
		}
		for _, p := range []*Policy{h.Policy, other} {
			if d := decide(p); d.By != routing.ByOperator {
				t.Errorf("before there was anything: %+v", d)
			}
		}
		if _, err := h.SetMap(ctx, h.ann, NewMap{Rows: []Row{{Standing: "vip", Department: h.dep(t, "Sales")}}, Why: "they buy"}); err != nil {
			t.Fatal(err)
		}
		soon(t, func() bool { return decide(h.Policy).By == routing.ByMap && decide(other).By == routing.ByMap })
		h.rule(t, "Recalls", "Press and PR", words("recall"))
		soon(t, func() bool { return decide(h.Policy).By == routing.ByRule && decide(other).By == routing.ByRule })
		if d := decide(other); !strings.Contains(strings.Join(d.Reasons, " "), "Recalls") {
			t.Errorf("the reasons do not name the rule: %q", d.Reasons)
		}
	})
}

// soon waits up to a second for what the other node hears by a wake-up.
func soon(t *testing.T, f func() bool) {
	t.Helper()
	for range 100 {
		if f() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("a second later it was not so")
}

func TestTheMapHasVersions(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		m, err := h.Map(ctx, h.olga)
		if err != nil || m.Number != 0 || len(m.Rows) < 10 {
			t.Fatalf("what the departments state: %+v, %v", m, err)
		}
		sales, press := h.dep(t, "Sales"), h.dep(t, "Press and PR")
		one, err := h.SetMap(ctx, h.ann, NewMap{Rows: []Row{{Intent: "sales", Department: sales, StandIn: press, Note: "as agreed"}}, Why: "first", Based: ptr(0)})
		if err != nil || one.Number != 1 {
			t.Fatalf("%+v, %v", one, err)
		}
		if _, err := h.SetMap(ctx, h.ann, NewMap{Based: ptr(0)}); !fault.Is(err, fault.Conflict) {
			t.Errorf("made from an older version: %v", err)
		}
		if _, err := h.SetMap(ctx, h.ann, NewMap{Rows: []Row{{Department: press}}, Template: "central", Why: "second"}); err != nil {
			t.Fatal(err)
		}
		three, err := h.RestoreMap(ctx, h.ann, 1, "")
		if err != nil || three.Number != 3 || len(three.Rows) != 1 || three.Rows[0].Note != "as agreed" || three.Why != "version 1 again" {
			t.Fatalf("%+v, %v", three, err)
		}
		list, err := h.MapVersions(ctx, h.olga)
		if err != nil || len(list) != 4 || list[0].Number != 3 || list[1].Why != "second" || list[1].Template != "central" || list[3].Number != 0 {
			t.Fatalf("%+v, %v", list, err)
		}
		if _, err := h.MapVersion(ctx, h.olga, 9); !fault.Is(err, fault.NotFound) {
			t.Errorf("version 9: %v", err)
		}
	})
}

func TestARetiredDepartmentDropsOutOfBoth(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		press, sales := h.dep(t, "Press and PR"), h.dep(t, "Sales")
		h.rule(t, "Interviews", "Press and PR", words("interview"))
		rows := []Row{{Standing: "journalist", Department: press}, {Intent: "press", Department: press, StandIn: sales}, {Intent: "sales", Department: sales, StandIn: press}}
		if _, err := h.SetMap(ctx, h.ann, NewMap{Rows: rows}); err != nil {
			t.Fatal(err)
		}
		if err := h.Staff.RetireDepartment(ctx, staff.Machine(), press, sales); err != nil {
			t.Fatal(err)
		}
		list, err := h.Rules(ctx, h.ann)
		if err != nil || len(list.Doubts) != 1 || !strings.Contains(list.Doubts[0].Says, "no more") {
			t.Errorf("%+v, %v", list.Doubts, err)
		}
		m, err := h.Map(ctx, h.ann)
		if err != nil || len(m.Doubts) != 3 {
			t.Errorf("%+v, %v", m.Doubts, err)
		}
		if _, err := h.SetMap(ctx, h.ann, NewMap{Rows: rows}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a map that names it anew: %v", err)
		}
		if _, err := h.ChangeRule(ctx, h.ann, list.Rules[0].ID, RuleChange{Enabled: ptr(false)}); err != nil {
			t.Errorf("its rule cannot be switched off: %v", err)
		}
		in, err := h.InForce(ctx)
		if err != nil {
			t.Fatal(err)
		}
		d := routing.Decide(routing.Case{Text: "interview", Standings: []string{"journalist"}, Intents: []routing.Score{{Key: "press", Confidence: 1}}, At: monday},
			routing.NewRoster("op", 0, []routing.Department{{Key: "op"}, {Key: sales.String(), Name: "Sales"}}, nil), in.Map, in.Rules)
		if d.By == routing.ByRule || d.Department == press.String() {
			t.Errorf("%+v", d)
		}
	})
}

func TestTemplatesFillInTheDepartmentsThereAre(t *testing.T) {
	h := newHouse(t, one(t))
	r, _ := h.Staff.Roster(t.Context())
	list, err := h.Templates(t.Context(), h.olga)
	if err != nil || len(list) != 4 {
		t.Fatalf("%+v, %v", list, err)
	}
	at := func(rows []Row, intent, standing string) string {
		for _, row := range rows {
			if row.Intent == intent && row.Standing == standing {
				d, _ := r.Department(row.Department)
				return d.Name
			}
		}
		return "none"
	}
	for _, k := range list {
		if _, err := checkRows(k.Rows, r); err != nil {
			t.Errorf("%s: %v", k.Key, err)
		}
		if doubts := rowDoubts(k.Rows, r); len(doubts) > 0 {
			t.Errorf("%s: %+v", k.Key, doubts)
		}
	}
	for _, tt := range []struct {
		n                      int
		intent, standing, want string
	}{
		{0, "support", "", "Customer service"}, {0, "press", "", "Press and PR"}, {0, "praise", "", "Marketing"}, {0, "billing", "", "Accounts"}, {0, "", "journalist", "Press and PR"},
		{1, "", "", "Customer service"}, {1, "careers", "", "People and careers"}, {2, "", "", "Customer service"}, {3, "support", "", "none"}, {3, "", "candidate", "People and careers"},
	} {
		if got := at(list[tt.n].Rows, tt.intent, tt.standing); got != tt.want {
			t.Errorf("%s: %q %q goes to %s; want %s", list[tt.n].Key, tt.intent, tt.standing, got, tt.want)
		}
	}
}

func TestARuleIsTriedOnThePast(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		service, press := h.dep(t, "Customer service"), h.dep(t, "Press and PR")
		en := triage.Assessment{Language: triage.Language{Code: "en"}, Intents: []triage.Score{{Key: "support", Confidence: 0.8}}}
		var list []said
		for k := range 60 {
			list = append(list, said{text: "is there a recall of my kettle?", ago: hours(k + 1), in: service, a: en})
		}
		list = append(list, said{text: "where is my parcel", ago: hours(3), in: service, a: en},
			said{text: "recall!", ago: 40 * 24 * time.Hour, in: service, a: en}, // too long ago
			said{text: "a recall story", ago: hours(5), in: press, a: en, standings: []string{"journalist"}})
		h.say(t, list...)
		got, err := h.Try(ctx, h.ann, 0, RuleChange{Form: words("recall"), Department: &press})
		if err != nil || got.Of != 62 || got.Matched != 61 || got.Elsewhere != 60 || len(got.Newest) != 50 || got.Condition != `says("recall")` {
			t.Fatalf("%d of %d, %d elsewhere, %d shown, %v", got.Matched, got.Of, got.Elsewhere, len(got.Newest), err)
		}
		if n := got.Newest[0]; n.Excerpt != "is there a recall of my kettle?" || n.At.Before(got.Newest[49].At) || n.Department != service || n.Conversation.IsZero() {
			t.Errorf("%+v", n)
		}
		got, err = h.Try(ctx, h.ann, 0, RuleChange{Form: &Form{"all", []Condition{{What: "standing", Values: []string{"journalist"}}, {What: "followers", From: 1000}, {What: "intent", Values: []string{"support"}, Sure: 0.5}}}})
		if err != nil || got.Matched != 1 {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := h.Try(ctx, h.ann, 0, RuleChange{Condition: ptr("says(")}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%v", err)
		}
		r := h.rule(t, "Recalls", "Customer service", words("recall"))
		got, err = h.Try(ctx, h.ann, 0, RuleChange{Form: words("recall"), Department: &press})
		if err != nil || len(got.Doubts) != 1 || got.Doubts[0].Other != r.ID {
			t.Errorf("%+v, %v", got.Doubts, err)
		}
	})
}

func TestATrialEndsWhenNobodyWaitsForIt(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.say(t, said{text: "one", ago: hours(2)}, said{text: "two", ago: hours(1)})
		ctx, leave := context.WithCancel(t.Context())
		looked := 0
		_, err := eachPast(ctx, h.Store.Read(), monday.Add(-hours(24)), trialMost, func(past) {
			looked++
			leave()
		})
		if looked != 1 || !errors.Is(err, context.Canceled) {
			t.Errorf("%d were looked at, %v", looked, err)
		}
	})
}

func TestTheLastDaysAreReplayed(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		service, sales := h.dep(t, "Customer service"), h.dep(t, "Sales")
		a := triage.Assessment{Language: triage.Language{Code: "en"}, Intents: []triage.Score{{Key: "support", Confidence: 0.9}}, Departments: []triage.Score{{Key: service.String(), Confidence: 0.9}}}
		none := a
		none.Needs = triage.None
		var list []said
		for k := range 20 {
			list = append(list, said{text: "it broke", ago: hours(k + 1), in: service, a: a, handled: 10 * time.Minute})
		}
		list = append(list, said{text: "lol", ago: hours(2), in: service, a: none, idle: true}, said{text: "long ago", ago: 20 * 24 * time.Hour, in: service, a: a})
		h.say(t, list...)
		same, err := h.Rehearse(ctx, h.ann, Rehearsal{Days: 7})
		if err != nil || same.Openings != 21 || same.Idle != 1 || same.Moves != 0 || same.Measured != 20 {
			t.Fatalf("%+v, %v", same, err)
		}
		rows := []Row{{Department: sales, Topic: "", Standing: "", Intent: "support"}, {Language: "en", Standing: "", Department: sales}}
		got, err := h.Rehearse(ctx, h.ann, Rehearsal{Days: 7, Rows: &rows})
		if err != nil {
			t.Fatal(err)
		}
		_ = got
		rows = []Row{{Standing: "customer", Department: sales}}
		h.say(t, said{text: "and I am a customer", ago: hours(1), in: service, a: a, standings: []string{"customer"}})
		got, err = h.Rehearse(ctx, h.ann, Rehearsal{Days: 7, Rows: &rows, People: []PersonChange{{Person: h.mia.Person, Absent: true}}})
		if err != nil || got.Moves != 1 || got.Moved[0].After != sales.String() || got.Moved[0].Before != service.String() || got.Moved[0].Excerpt != "and I am a customer" {
			t.Fatalf("%+v, %v", got, err)
		}
		for _, s := range got.Sides {
			if s.Department == service.String() && (s.Then != 21 || s.Before.Got != 21 || s.After.Got != 20 || s.After.Waiting != 20 || s.Before.Waiting != 0) {
				t.Errorf("%+v", s)
			}
		}
		got, err = h.Rehearse(ctx, h.ann, Rehearsal{Days: 7, People: []PersonChange{{Person: h.mia.Person, Departments: &[]staff.DepartmentID{sales}}, {Person: h.ann.Person, Departments: &[]staff.DepartmentID{service, sales}}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range got.People {
			if mine := p.Person == h.mia.Person.String(); mine && (p.Before.Answered == 0 || p.After.Answered != 0) || p.Person == h.ann.Person.String() && p.After.Answered == 0 {
				t.Errorf("who changed the department: %+v", p)
			}
		}
		for _, bad := range []Rehearsal{{Days: 1, People: []PersonChange{{Person: h.mia.Person, Departments: &[]staff.DepartmentID{}}}}, {Days: 1, People: []PersonChange{{Person: h.mia.Person, Departments: &[]staff.DepartmentID{7}}}},
			{Days: 0}, {Days: 31}, {Days: 1, Rows: &[]Row{{Intent: "weather", Department: sales}}}, {Days: 1, People: []PersonChange{{Person: 1}}}, {Days: 1, People: []PersonChange{{Person: h.mia.Person, Capacity: ptr(-1)}}}} {
			if _, err := h.Rehearse(ctx, h.ann, bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}
