package routing

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Service has Ann and Bob, and Billing stands in for it, Sales for Billing; Olga is the operator.
func stuckRoster(change func(people map[string]*Person)) *Roster {
	people := map[string]*Person{}
	for key, department := range map[string]string{"ann": "service", "bob": "service", "bill": "billing", "sue": "sales", "olga": "operator"} {
		people[key] = &Person{Key: key, Department: department, Working: true, Capacity: 3}
	}
	if change != nil {
		change(people)
	}
	var list []Person
	for _, p := range people {
		list = append(list, *p)
	}
	return NewRoster("operator", 0, []Department{{Key: "operator", StandIn: "sales"}, {Key: "service", StandIn: "billing"}, {Key: "billing", StandIn: "sales"}, {Key: "sales"}}, list)
}

func TestWhatIsStuckGoesOn(t *testing.T) {
	later, later2 := monday.Add(8*time.Hour), monday.Add(9*time.Hour)
	home := func(keys ...string) func(map[string]*Person) {
		return func(people map[string]*Person) {
			for _, k := range keys {
				people[k].Working = false
			}
		}
	}
	for name, tt := range map[string]struct {
		people func(map[string]*Person)
		s      Stuck
		want   Step
	}{
		"to somebody of the department who is free": {nil, Stuck{Department: "service"}, Step{Department: "service", Person: "ann", Why: "free"}},
		"not to whom it was with":                   {nil, Stuck{Department: "service", Person: "ann"}, Step{Department: "service", Person: "bob", Why: "free"}},
		"not to whom it was with earlier": {nil, Stuck{Department: "service", Person: "bob", People: []string{"ann"}},
			Step{Department: "billing", Person: "bill", Why: "free"}},
		"to the stand-in's queue when those there have no room": {func(p map[string]*Person) { p["bill"].Load = 3 },
			Stuck{Department: "service", People: []string{"ann", "bob"}}, Step{Department: "billing"}},
		"to the stand-in of the stand-in when nobody there is at work": {home("bill"), Stuck{Department: "service", People: []string{"ann", "bob"}},
			Step{Department: "sales", Person: "sue", Why: "free"}},
		"to the operators' queue at the end": {home("bill", "sue"), Stuck{Department: "service", People: []string{"ann", "bob"}}, Step{Department: "operator"}},
		"not to a department it came from": {nil, Stuck{Department: "billing", Person: "bill", Departments: []string{"service", "sales"}},
			Step{Department: "operator"}},
		"from one operator to the next": {nil, Stuck{Department: "operator"}, Step{Department: "operator", Person: "olga", Why: "free"}},
		"nowhere from the operators' queue while one who is at work has no room, whoever comes later": {func(p map[string]*Person) {
			p["olga"].Load = 3
			p["sue"].Department, p["sue"].Working, p["sue"].Back = "operator", false, later
		}, Stuck{Department: "operator"}, Step{Department: "operator"}},
		"to the operator who comes later when the one at work has had it": {func(p map[string]*Person) {
			p["sue"].Department, p["sue"].Working, p["sue"].Back = "operator", false, later
		}, Stuck{Department: "operator", Person: "olga"}, Step{Department: "operator", Wait: later, For: "sue"}},
		"nowhere else from the operators, whoever stands in for them": {nil, Stuck{Department: "operator", Person: "olga"},
			Step{Department: "operator", End: true}},
		"to the first who comes when nobody is at work": {func(p map[string]*Person) {
			home("ann", "bob", "bill", "sue", "olga")(p)
			p["ann"].Back, p["sue"].Back = later2, later
		}, Stuck{Department: "service"}, Step{Department: "service", Wait: later, For: "sue"}},
		"to the operators' queue when nobody will ever come": {home("ann", "bob", "bill", "sue", "olga"), Stuck{Department: "service"}, Step{Department: "operator"}},
		"to a colleague, when its owner leaves":              {home("ann"), Stuck{Department: "service", Person: "ann", Leaving: true}, Step{Department: "service", Person: "bob", Why: "free"}},
		"to nobody else while a colleague comes in time": {func(p map[string]*Person) {
			home("ann", "bob")(p)
			p["ann"].Back, p["bob"].Back = later2, later
		}, Stuck{Department: "service", Person: "ann", Leaving: true, Due: later.Add(time.Minute)}, Step{Department: "service", Wait: later, For: "bob"}},
		"to the stand-in when the colleague comes too late": {func(p map[string]*Person) {
			home("ann", "bob")(p)
			p["ann"].Back, p["bob"].Back = later2, later
		}, Stuck{Department: "service", Person: "ann", Leaving: true, Due: later}, Step{Department: "billing", Person: "bill", Why: "free"}},
		"to the queue when the colleagues at work have no room": {func(p map[string]*Person) { home("ann")(p); p["bob"].Load = 3 },
			Stuck{Department: "service", Person: "ann", Leaving: true}, Step{Department: "service"}},
		"back to who left when nobody comes before": {func(p map[string]*Person) {
			home("ann", "bob", "bill", "sue", "olga")(p)
			p["ann"].Back = later2
		}, Stuck{Department: "service", Person: "ann", Leaving: true, Due: later}, Step{Department: "service", Wait: later2, For: "ann"}},
		"to the operators from a department that is no more": {nil, Stuck{Department: "gone"}, Step{Department: "operator", Person: "olga", Why: "free"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Onward(Case{At: monday}, stuckRoster(tt.people), tt.s); got != tt.want {
				t.Errorf("it goes to %+v, not %+v", got, tt.want)
			}
		})
	}
}

func TestWhatIsStuckGoesToWhoHasAnsweredSuch(t *testing.T) {
	r := stuckRoster(nil).Knowing(map[string][]Learned{"bob": {{Key: "billing", Name: "billing", Count: 200, Median: time.Hour}}})
	got := Onward(Case{At: monday, Intents: []Score{{Key: "billing", Confidence: 0.9}}}, r, Stuck{Department: "service"})
	if got.Person != "bob" || got.Why != "knows billing: 200 answered, 60 min median; free" {
		t.Errorf("it goes to %+v", got)
	}
}

// listed is a person as a department lists them.
func listed(r *Roster, person, department string) Person {
	from, to := r.members(department)
	for _, p := range r.people[from:to] {
		if p.Key == person {
			return p
		}
	}
	return Person{}
}

// Whoever is there, the way of what nobody takes is never longer than there are people and departments, comes to nobody
// twice, gives it to nobody who is away or full, and ends with the operator or waits for somebody who comes.
func TestTheWayOfWhatNobodyTakesEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, c := anyPeople(t), anyCase(t)
		for i := range people {
			if !people[i].Working && rapid.Bool().Draw(t, "back") {
				people[i].Back = monday.Add(time.Duration(rapid.IntRange(1, 60).Draw(t, "in")) * time.Hour)
			}
		}
		departments := slices.Clone(anyDepartments)
		for i := range departments {
			departments[i].StandIn = rapid.SampledFrom([]string{"", "a", "b", "c", "d", "gone"}).Draw(t, "stands in")
		}
		roster := NewRoster("a", 0, departments, people)
		s := Stuck{Department: rapid.SampledFrom(departmentKeys).Draw(t, "at"), Due: monday.Add(time.Hour)}
		for steps := 0; ; steps++ {
			if steps > len(people)+2*len(departments) {
				t.Fatalf("it still goes on after %d steps: %+v", steps, s)
			}
			n := Onward(c, roster, s)
			if !roster.has(n.Department) || n.End && n.Department != "a" || !n.Wait.IsZero() && !n.Wait.After(monday) {
				t.Fatalf("a step to %+v", n)
			}
			if n.Person != "" {
				p := listed(roster, n.Person, n.Department)
				if slices.Contains(s.People, n.Person) || n.Person == s.Person || !p.present(c.At) || !p.free() || p.Department != n.Department {
					t.Fatalf("it went to %+v from %+v", p, s)
				}
			}
			if n.End || !n.Wait.IsZero() {
				return
			}
			if n.Department == "a" && s.Department == "a" && n.Person == "" { // one of the operators has their hands full
				if !slices.ContainsFunc(people, func(p Person) bool {
					return p.Department == "a" && p.present(c.At) && !p.free() && !slices.Contains(s.People, p.Key) && p.Key != s.Person
				}) {
					t.Fatalf("it stays with the operators, none of whom is at work and full: %+v", s)
				}
				return
			}
			if slices.Contains(s.Departments, n.Department) || n.Department == s.Department && n.Person == "" {
				t.Fatalf("it went to %+v from %+v", n, s)
			}
			if s.Person != "" {
				s.People = append(s.People, s.Person)
			}
			if n.Department != s.Department {
				s.Departments = append(s.Departments, s.Department)
			}
			s.Department, s.Person = n.Department, n.Person
		}
	})
}

// However urgent and other messages come and go, nobody is given a second urgent one while somebody else who is at work, has
// room and speaks its language has none, and nobody is given more than they can hold.
func TestNobodyGetsTwoUrgentOnesWhileAnotherIsFree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := anyPeople(t)
		for i := range people {
			people[i].Urgent = rapid.IntRange(0, people[i].Load).Draw(t, "urgent")
		}
		roster := NewRoster("a", 0, anyDepartments, people)
		for range rapid.IntRange(1, 25).Draw(t, "messages") {
			c := anyCase(t)
			c.Urgency = rapid.SampledFrom([]string{"now", "now", "today", "normal"}).Draw(t, "urgency")
			before := roster.Clone()
			var to, of string
			if rapid.Bool().Draw(t, "stuck") {
				n := Onward(c, roster, Stuck{Department: rapid.SampledFrom(departmentKeys).Draw(t, "at")})
				to, of = n.Person, n.Department
			} else {
				d := Decide(c, roster, anyMap, nil)
				to, of = d.Person, d.Department
			}
			if to == "" {
				continue
			}
			got := listed(before, to, of)
			if !got.free() {
				t.Fatalf("%+v has no room", got)
			}
			if c.urgent() {
				for _, o := range before.people {
					if got.Urgent > 0 && o.Urgent == 0 && o.Department == got.Department && o.present(c.At) && o.free() && !o.foreign(&c) {
						t.Fatalf("%+v got a second urgent one while %+v has none", got, o)
					}
				}
				roster.TookUrgent(to, 1)
				continue
			}
			roster.Took(to, 1)
		}
	})
}

func TestAnUrgentMessageGoesToAFreeHandRatherThanToTheExpertWithAnotherOne(t *testing.T) {
	expert := Person{Key: "1", Name: "Eve", Department: "s", Working: true, Load: 1, Urgent: 1, Skills: []string{"vat"}}
	for name, tt := range map[string]struct {
		urgency string
		others  []Person
		want    string
	}{
		"a colleague is free":                     {"now", []Person{{Key: "2", Department: "s", Working: true}}, "2"},
		"it is not urgent":                        {"today", []Person{{Key: "2", Department: "s", Working: true}}, "1"},
		"the colleague has an urgent one too":     {"now", []Person{{Key: "2", Department: "s", Working: true, Load: 1, Urgent: 1}}, "1"},
		"the colleague does not speak the tongue": {"now", []Person{{Key: "2", Department: "s", Working: true, Languages: []string{"en"}}}, "1"},
		"the colleague is not at work":            {"now", []Person{{Key: "2", Department: "s"}}, "1"},
		"the colleague is full":                   {"now", []Person{{Key: "2", Department: "s", Working: true, Load: 1, Capacity: 1}}, "1"},
	} {
		t.Run(name, func(t *testing.T) {
			roster := NewRoster("s", 0, []Department{{Key: "s"}}, append(tt.others, expert))
			d := Decide(Case{Departments: []Score{{"s", 1}}, Skills: []Score{{"vat", 1}}, Language: "fr", Urgency: tt.urgency, At: monday}, roster, nil, nil)
			if d.Person != tt.want {
				t.Errorf("it went to %q: %v", d.Person, d.Reasons)
			}
			if said := fmt.Sprint(d.Reasons); (tt.want == "2") != (said == "[what it says points to s (100 %) 2: free Eve, who knows it, has an urgent one already]") {
				t.Errorf("the reasons are %s", said)
			}
		})
	}
}
