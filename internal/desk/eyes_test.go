package desk

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"switchboard/internal/staff"
)

// Who sees a conversation has one of its marks, and nobody else has.
func TestTheMarksOfAConversationAreThoseOfWhoSeesIt(t *testing.T) {
	person := rapid.Custom(func(t *rapid.T) staff.PersonID { return staff.PersonID(rapid.IntRange(0, 3).Draw(t, "person")) })
	department := rapid.Custom(func(t *rapid.T) staff.DepartmentID {
		return staff.DepartmentID(rapid.IntRange(1, 4).Draw(t, "department"))
	})
	rapid.Check(t, func(t *rapid.T) {
		c := Conversation{ID: 9, Department: department.Draw(t, "of"), Person: person.Draw(t, "owner")}
		for range rapid.IntRange(0, 2).Draw(t, "requests") {
			a := Asked{Department: department.Draw(t, "asked"), Person: person.Draw(t, "asked"), StandIn: person.Draw(t, "stands in"),
				Shows: rapid.SampledFrom([]Shows{ShowsAll, ShowsMessage, ShowsQuestion}).Draw(t, "shows")}
			if rapid.Bool().Draw(t, "late") {
				a.StandInOf = department.Draw(t, "stands in")
			}
			c.Asked = append(c.Asked, a)
		}
		for range rapid.IntRange(0, 2).Draw(t, "promises") {
			c.Promised = append(c.Promised, Promised{Department: department.Draw(t, "delivers"), Person: person.Draw(t, "delivers")})
		}
		who := staff.Actor{Role: staff.Member, Person: person.Draw(t, "who"), Departments: rapid.SliceOfNDistinct(department, 0, 2, rapid.ID).Draw(t, "theirs")}
		marked := slices.ContainsFunc(theirs(who), func(m string) bool { return slices.Contains(eyes(c), m) })
		if marked != Sees(who, c) {
			t.Fatalf("%+v sees %+v: %v, but is marked: %v", who, c, Sees(who, c), marked)
		}
	})
}
