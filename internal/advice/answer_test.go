package advice

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"switchboard/internal/desk"
	"switchboard/internal/staff"
)

var three = Offer{Intents: desk.Intents(), Departments: []Offered{{ID: 11, Key: "d1", Name: "Sales"}, {ID: 12, Key: "d2", Name: "Accounts"}, {ID: 13, Key: "d3", Name: "PR"}}}

func TestOnlyWhatWasOfferedIsAnAnswer(t *testing.T) {
	for name, tt := range map[string]struct {
		said string
		want []staff.DepartmentID // nil: it is no answer
	}{
		"the four members":            {`{"intent":"billing","departments":["d2","d1"],"needs":"must","urgency":"today"}`, []staff.DepartmentID{12, 11}},
		"with blanks around":          {"\n {\"intent\":\"billing\",\"departments\":[\"d2\"],\"needs\":\"must\",\"urgency\":\"today\"} \n", []staff.DepartmentID{12}},
		"no department fits":          {`{"intent":"other","departments":[],"needs":"none","urgency":"normal"}`, []staff.DepartmentID{}},
		"a department named twice":    {`{"intent":"other","departments":["d1","d1"],"needs":"none","urgency":"normal"}`, []staff.DepartmentID{11}},
		"a department nobody offered": {`{"intent":"billing","departments":["d9"],"needs":"must","urgency":"today"}`, nil},
		"a department by its name":    {`{"intent":"billing","departments":["Sales"],"needs":"must","urgency":"today"}`, nil},
		"four departments":            {`{"intent":"billing","departments":["d1","d2","d3","d1"],"needs":"must","urgency":"today"}`, nil},
		"departments that are a word": {`{"intent":"billing","departments":"d1","needs":"must","urgency":"today"}`, nil},
		"departments that are null":   {`{"intent":"billing","departments":null,"needs":"must","urgency":"today"}`, nil},
		"an intent nobody offered":    {`{"intent":"refund everything","departments":[],"needs":"must","urgency":"today"}`, nil},
		"an intent that is null":      {`{"intent":null,"departments":[],"needs":"must","urgency":"today"}`, nil},
		"needs of another kind":       {`{"intent":"billing","departments":[],"needs":"maybe","urgency":"today"}`, nil},
		"an urgency of another kind":  {`{"intent":"billing","departments":[],"needs":"must","urgency":"immediately"}`, nil},
		"a member too many":           {`{"intent":"billing","departments":[],"needs":"must","urgency":"today","close":true}`, nil},
		"a member too few":            {`{"intent":"billing","departments":[],"needs":"must"}`, nil},
		"a member in other letters":   {`{"Intent":"billing","departments":[],"needs":"must","urgency":"today"}`, nil},
		"words before":                {`Sure: {"intent":"billing","departments":[],"needs":"must","urgency":"today"}`, nil},
		"words after":                 {`{"intent":"billing","departments":[],"needs":"must","urgency":"today"} done`, nil},
		"a fence":                     {"```json\n{\"intent\":\"billing\",\"departments\":[],\"needs\":\"must\",\"urgency\":\"today\"}\n```", nil},
		"a list around":               {`[{"intent":"billing","departments":[],"needs":"must","urgency":"today"}]`, nil},
		"null":                        {`null`, nil},
		"nothing":                     {``, nil},
		"a number":                    {`42`, nil},
		"ten thousand brackets":       {strings.Repeat(`{"intent":`, 10_000), nil},
		"half of it":                  {`{"intent":"billing","depart`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := Parse(tt.said, three)
			if (err == nil) != (tt.want != nil) || !slices.Equal(a.Departments, tt.want) {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}

func TestNothingButTheHousesOwnWordsEverComesOutOfAnAnswer(t *testing.T) {
	word := rapid.OneOf(rapid.String(), rapid.SampledFrom(append(desk.Intents(), "d1", "d2", "must", "none", "now", "today")))
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.MapOf(rapid.SampledFrom([]string{"intent", "departments", "needs", "urgency", "act"}),
			rapid.OneOf(rapid.Map(word, func(s string) any { return s }), rapid.Map(rapid.SliceOf(word), func(s []string) any { return s }))).Draw(t, "said")
		b, _ := json.Marshal(m)
		said := string(b)
		if rapid.Bool().Draw(t, "wild") {
			said = rapid.String().Draw(t, "any")
		}
		a, err := Parse(said, three)
		if err != nil {
			return
		}
		if !slices.Contains(desk.Intents(), a.Intent) || !slices.Contains(needs, a.Needs) || !slices.Contains(urgencies, a.Urgency) || len(a.Departments) > 3 {
			t.Fatalf("%q gave %+v", said, a)
		}
		for _, d := range a.Departments {
			if d < 11 || d > 13 {
				t.Fatalf("%q gave %+v", said, a)
			}
		}
	})
}

func TestASuggestionOfAModelComesBesideOurs(t *testing.T) {
	ours := []desk.Suggestion{{Department: 1, Confidence: 0.4, Reasons: []string{"40 % likely"}}, {Department: 2, Confidence: 0.3}, {Department: 3, Confidence: 0.1}}
	for name, tt := range map[string]struct {
		ours    []desk.Suggestion
		advised []staff.DepartmentID
		want    []staff.DepartmentID
	}{
		"it knows nothing":                       {ours, nil, []staff.DepartmentID{1, 2, 3}},
		"it agrees":                              {ours, []staff.DepartmentID{1}, []staff.DepartmentID{1, 2, 3}},
		"it puts the third first":                {ours, []staff.DepartmentID{3}, []staff.DepartmentID{3, 1, 2}},
		"it names another":                       {ours, []staff.DepartmentID{7}, []staff.DepartmentID{7, 1, 2}},
		"three others never drive our two out":   {ours, []staff.DepartmentID{7, 8, 9}, []staff.DepartmentID{7, 1, 2}},
		"it fills up what we had no answer to":   {nil, []staff.DepartmentID{7, 8}, []staff.DepartmentID{7, 8}},
		"it stands behind our only one as well":  {ours[:1], []staff.DepartmentID{7, 8}, []staff.DepartmentID{7, 1, 8}},
		"its second is one of ours further down": {ours, []staff.DepartmentID{7, 2}, []staff.DepartmentID{7, 1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []staff.DepartmentID
			for _, s := range merged(tt.ours, tt.advised, "m") {
				got = append(got, s.Department)
				if said := slices.Contains(s.Reasons, because("m")); said != slices.Contains(tt.advised, s.Department) {
					t.Errorf("%v: %q", s.Department, s.Reasons)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
	if len(ours[0].Reasons) != 1 {
		t.Error("what was there was written over")
	}
}
