package routing

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWhoKnowsIsFoundWhereverTheyAre(t *testing.T) {
	roster := NewRoster("op", 0, []Department{{Key: "op"}, {Key: "a", Name: "Accounts"}, {Key: "b"}}, []Person{
		{Key: "away", Department: "b", Skills: []string{"vat"}},
		{Key: "full", Department: "b", Skills: []string{"vat"}, Working: true, Load: 2, Capacity: 2},
		{Key: "free", Department: "b", Skills: []string{"vat"}, Working: true},
		{Key: "lone", Skills: []string{"vat"}, Working: true, Load: 3}, // of no department
		{Key: "clerk", Department: "a", Working: true},
		{Key: "none", Department: "b", Working: true},
	})
	var got []string
	for _, k := range Who(Case{Departments: []Score{{"a", 0.8}}, Skills: []Score{{"vat", 1}}, At: monday}, roster) {
		got = append(got, k.Person+": "+k.Why)
	}
	want := []string{"free: knows vat; free", "lone: knows vat; has 3 open", "away: knows vat; free; is not at work", "full: knows vat; has 2 of 2; has no room",
		"clerk: free; works for Accounts, which it points to (80 %)"}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

// Whoever is there: each who knows it is found once, the best first, in one of their departments, and what keeps them is said.
func TestWhoIsCompleteAndInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, c := anyPeople(t), anyCase(t)
		list := Who(c, NewRoster("a", 0, anyDepartments, people))
		if again := Who(c, NewRoster("a", 0, anyDepartments, rapid.Permutation(people).Draw(t, "shuffled"))); !reflect.DeepEqual(list, again) {
			t.Fatalf("in another order it is\n%+v\n%+v", list, again)
		}
		seen := map[string]Candidate{}
		for i, k := range list {
			if _, twice := seen[k.Person]; twice || i > 0 && list[i-1].Score < k.Score {
				t.Fatalf("%+v", list)
			}
			seen[k.Person] = k
			if !slices.ContainsFunc(people, func(p Person) bool { return p.Key == k.Person && p.Department == k.Department }) {
				t.Fatalf("%s is not of %s", k.Person, k.Department)
			}
		}
		for _, p := range people {
			k, found := seen[p.Key]
			if slices.ContainsFunc(c.Skills, func(s Score) bool { return s.Confidence > 0 && p.has(s.Key) }) && !found {
				t.Fatalf("%+v is not found", p)
			}
			if found && (p.present(c.At) == strings.Contains(k.Why, "is not at work") || p.free() == strings.Contains(k.Why, "has no room")) {
				t.Fatalf("%+v: %s", p, k.Why)
			}
		}
	})
}
