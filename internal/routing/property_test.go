package routing

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var departmentKeys = []string{"a", "b", "c", "d"}

func anyPeople(t *rapid.T) []Person {
	n := rapid.IntRange(0, 12).Draw(t, "people")
	people := make([]Person, n)
	for i := range people {
		people[i] = Person{
			Key: fmt.Sprintf("p%d", i), Department: rapid.SampledFrom(departmentKeys).Draw(t, "department"),
			Skills:    rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"vat", "parcels", "law"}), 0, 2, rapid.ID[string]).Draw(t, "skills"),
			Languages: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"en", "de"}), 0, 2, rapid.ID[string]).Draw(t, "languages"),
			Working:   rapid.Bool().Draw(t, "working"), Load: rapid.IntRange(0, 5).Draw(t, "load"), Capacity: rapid.IntRange(0, 4).Draw(t, "capacity"),
		}
		if rapid.Bool().Draw(t, "absent") {
			people[i].AbsentUntil = monday.Add(time.Duration(rapid.IntRange(-50, 50).Draw(t, "hours")) * time.Hour)
		}
	}
	for _, p := range people[:n] { // some work for two departments
		if other := rapid.SampledFrom(departmentKeys).Draw(t, "besides"); other != p.Department && rapid.Bool().Draw(t, "two") {
			p.Department = other
			people = append(people, p)
		}
	}
	return people
}

func anyScores(t *rapid.T, keys []string) []Score {
	picked := rapid.SliceOfNDistinct(rapid.SampledFrom(keys), 0, 3, rapid.ID[string]).Draw(t, "keys")
	var scores []Score
	for _, k := range picked {
		scores = append(scores, Score{k, rapid.Float64Range(0, 1).Draw(t, "confidence")})
	}
	return scores
}

func anyCase(t *rapid.T) Case {
	c := Case{
		Departments: anyScores(t, append([]string{"gone"}, departmentKeys...)), Intents: anyScores(t, []string{"billing", "press", "odd"}),
		Skills: anyScores(t, []string{"vat", "parcels", "law"}), Language: rapid.SampledFrom([]string{"", "en", "de", "fr", "und"}).Draw(t, "language"),
		Standings: rapid.SliceOfN(rapid.SampledFrom([]string{"vip", "journalist"}), 0, 2).Draw(t, "standings"),
		Learned:   rapid.IntRange(0, 1000).Draw(t, "learned"), At: monday, Account: rapid.String().Draw(t, "account"), Text: rapid.String().Draw(t, "text"),
	}
	for range rapid.IntRange(0, 4).Draw(t, "parts") {
		c.Parts = append(c.Parts, Part{Departments: anyScores(t, append([]string{"gone"}, departmentKeys...)), Intents: anyScores(t, []string{"billing", "press", "odd"})})
	}
	for range rapid.IntRange(0, 3).Draw(t, "before") {
		c.Before = append(c.Before, Contacted{fmt.Sprintf("p%d", rapid.IntRange(0, 12).Draw(t, "who")), monday.AddDate(0, 0, -rapid.IntRange(-2, 400).Draw(t, "days"))})
	}
	if rapid.Bool().Draw(t, "rights") {
		c.Speakers = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"p0", "p1", "p2", "p3"}), 0, 3, rapid.ID[string]).Draw(t, "speakers")
		slices.Sort(c.Speakers)
	}
	return c
}

var (
	anyDepartments = []Department{{Key: "a"}, {Key: "b", Assign: AssignAlways}, {Key: "c", Assign: AssignNever}, {Key: "d", Assign: AssignAlways, Threshold: 0.2}}
	anyMap         = NewMap("", []Row{{Intent: "billing", Department: "a", StandIn: "b"}, {Standing: "vip", Department: "d"}, {Intent: "press", Language: "de", Department: "c"}, {Intent: "press", Department: "gone", StandIn: "b"}})
)

func anyRules(t *testing.T) *Rules {
	rules, err := CompileRules([]Rule{{Key: "1", When: `says("x")`, Department: "b", Person: "p1"}, {Key: "2", When: `standing("journalist")`, Department: "d", Person: "p2"}})
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func TestDecisionsHold(t *testing.T) {
	rules := anyRules(t)
	rapid.Check(t, func(t *rapid.T) {
		people, c := anyPeople(t), anyCase(t)
		roster := NewRoster("a", 0, anyDepartments, people)
		d := Decide(c, roster, anyMap, rules)

		if again := Decide(c, roster, anyMap, rules); !reflect.DeepEqual(d, again) {
			t.Fatalf("same input, another decision:\n%+v\n%+v", d, again)
		}
		elsewhere := c
		elsewhere.Account += "_other"
		if other := Decide(elsewhere, roster, anyMap, rules); !reflect.DeepEqual(d, other) {
			t.Fatalf("the account made a difference:\n%+v\n%+v", d, other)
		}
		shuffled := rapid.Permutation(people).Draw(t, "shuffled")
		departments := slices.Clone(anyDepartments)
		slices.Reverse(departments)
		if other := Decide(c, NewRoster("a", 0, departments, shuffled), anyMap, rules); !reflect.DeepEqual(d, other) {
			t.Fatalf("the order of the roster made a difference:\n%+v\n%+v", d, other)
		}
		if !roster.has(d.Department) || len(d.Reasons) == 0 {
			t.Fatalf("no owner or no reason: %+v", d)
		}
		if len(d.Also) > 2 || len(d.Also) > 0 && (d.By == ByRule || d.By == ByOperator) {
			t.Fatalf("too many are asked: %+v", d)
		}
		for _, a := range d.Also {
			if a.Department == d.Department || a.Department == "a" || !roster.has(a.Department) || a.Confidence < roster.least(a.Department) || a.Why == "" {
				t.Fatalf("%s is asked too: %+v", a.Department, d)
			}
		}
		silent := c
		silent.Speakers = nil
		if other := Decide(silent, roster, anyMap, rules); other.Department != d.Department || other.By != d.By || other.Confidence != d.Confidence {
			t.Fatalf("who may speak decided the department:\n%+v\n%+v", d, other)
		}
		alone := c
		alone.Parts = nil
		if one := Decide(alone, roster, anyMap, rules); one.Department != d.Department || one.Person != d.Person || one.By != d.By {
			t.Fatalf("the parts changed the owner:\n%+v\n%+v", d, one)
		}
		if d.Person != "" && d.By != ByRule && !slices.ContainsFunc(people, func(p Person) bool { return p.Key == d.Person && p.Department == d.Department }) {
			t.Fatalf("%s was chosen, who is not of the department: %+v", d.Person, d)
		}
		for _, p := range people {
			fits := p.present(c.At) && p.free()
			if p.Key == d.Person && !fits {
				t.Fatalf("%+v was chosen: %+v", p, d)
			}
			if fits && d.Person == "" && p.Department == d.Department && d.By != ByOperator && (d.Department == "b" || d.Department == "d") {
				t.Fatalf("%s is there but nobody was chosen: %+v", p.Key, d)
			}
		}
	})
}

func TestABacklogIsHandedOutWithinCapacity(t *testing.T) {
	var people []Person
	for i := range 30 {
		people = append(people, Person{Key: fmt.Sprintf("p%02d", i), Department: "b", Working: true, Capacity: 3, Skills: []string{"vat"}})
	}
	roster := NewRoster("a", 0, anyDepartments, people)
	got := map[string]int{}
	for range 100 {
		d := Decide(Case{Departments: []Score{{"b", 1}}, Skills: []Score{{"vat", 1}}, At: monday}, roster, nil, nil)
		got[d.Person]++
		roster.Took(d.Person, 1)
	}
	if got[""] != 10 || len(got) != 31 {
		t.Errorf("100 messages for 30 people with room for 3 each: %v", got)
	}
}

func BenchmarkDecide(b *testing.B) {
	var people []Person
	var departments []Department
	var rows []Row
	for i := range 14 {
		key := fmt.Sprintf("d%02d", i)
		departments = append(departments, Department{Key: key, Name: key, Assign: AssignAlways})
		rows = append(rows, Row{Intent: "i" + key, Department: key})
		for j := range 20 {
			people = append(people, Person{Key: fmt.Sprintf("%s-%d", key, j), Department: key, Working: j%2 == 0, Load: j, Capacity: 30, Skills: []string{"vat", fmt.Sprint("skill", j)}, Languages: []string{"en", "de"}})
		}
	}
	roster, m := NewRoster("d00", 0, departments, people), NewMap("", rows)
	rules, _ := CompileRules([]Rule{{Key: "1", When: `says("recall") and language == "en"`, Department: "d01"}, {Key: "2", When: `standing("vip")`, Department: "d02"}})
	c := Case{Departments: []Score{{"d03", 0.7}, {"d04", 0.2}, {"d05", 0.1}}, Intents: []Score{{"id03", 0.8}}, Skills: []Score{{"vat", 1}}, Language: "en", At: monday, Text: "I was charged twice for my invoice, can I get the VAT back?"}
	for name, r := range map[string]*Rules{"without rules": nil, "with two rules": rules} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Decide(c, roster, m, r)
			}
		})
	}
}

func TestWhoWorksForTwoDepartmentsIsFoundInBothAndHasOneLoad(t *testing.T) {
	two := func(load int) *Roster {
		var people []Person
		for _, d := range []string{"a", "b"} {
			people = append(people, Person{Key: "zoe", Name: "Zoe", Department: d, Skills: []string{"vat"}, Working: true, Load: load, Capacity: 2})
		}
		return NewRoster("c", 0, anyDepartments, people)
	}
	for _, d := range []string{"a", "b"} {
		c := Case{Departments: []Score{{d, 0.9}}, Skills: []Score{{"vat", 1}}, At: monday}
		if got := Decide(c, two(1), nil, nil); got.Department != d || got.Person != "zoe" {
			t.Errorf("what is for %s goes to %s of %s", d, got.Person, got.Department)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		roster := two(0)
		load, urgent := 0, 0
		for range rapid.IntRange(0, 20).Draw(t, "things") {
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0:
				roster.TookUrgent("zoe", 1)
				load, urgent = load+1, urgent+1
			case 1:
				roster.Took("zoe", 1)
				load++
			case 2:
				roster.Took("zoe", -1)
				load = max(0, load-1)
			case 3:
				load, urgent = rapid.IntRange(0, 3).Draw(t, "load"), rapid.IntRange(0, 3).Draw(t, "urgent")
				roster.Holds("zoe", load, urgent)
			case 4:
				c := Case{Departments: []Score{{rapid.SampledFrom([]string{"a", "b"}).Draw(t, "for"), 1}}, Skills: []Score{{"vat", 1}}, At: monday}
				if got := Decide(c, roster, nil, nil).Person == "zoe"; got != (load < 2) {
					t.Fatalf("holds %d of 2, and is chosen: %t", load, got)
				}
			}
			for _, p := range roster.people {
				if p.Load != load || p.Urgent != urgent {
					t.Fatalf("holds %d, %d of them urgent; in %s it is %d and %d", load, urgent, p.Department, p.Load, p.Urgent)
				}
			}
		}
	})
}
