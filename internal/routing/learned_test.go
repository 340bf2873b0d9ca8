package routing

import (
	"strings"
	"testing"
	"time"
)

func TestWhatSomebodyAnsweredSpeaksForThem(t *testing.T) {
	people := []Person{
		{Key: "ann", Name: "Ann", Department: "d", Working: true, Capacity: 10},
		{Key: "bob", Name: "Bob", Department: "d", Working: true, Capacity: 10, Load: 2},
		{Key: "cem", Name: "Cem", Department: "d", Working: true, Capacity: 10, Load: 5, Skills: []string{"kettles"}},
	}
	kettle := func(n int) Learned {
		return Learned{Topic: true, Key: "kettle", Name: "Kettle", Count: n, Median: 2 * time.Minute}
	}
	billing := func(n int) Learned { return Learned{Key: "billing", Name: "billing", Count: n, Median: 3 * time.Hour} }
	for name, tt := range map[string]struct {
		learned map[string][]Learned
		c       Case
		first   string
		given   string // whom it goes to unasked
		says    string
	}{
		"a topic answered often": {map[string][]Learned{"bob": {kettle(14)}}, Case{Topics: []string{"kettle"}}, "bob", "bob", "knows Kettle: 14 answered, 2 min median"},
		"a topic answered twice": {map[string][]Learned{"bob": {kettle(2)}}, Case{Topics: []string{"kettle"}}, "ann", "", ""},
		"another topic":          {map[string][]Learned{"bob": {kettle(14)}}, Case{Topics: []string{"pan"}}, "ann", "", ""},
		"an intent, which decides between equals and gives nothing unasked": {map[string][]Learned{"bob": {billing(200)}}, Case{Intents: []Score{{"billing", 0.9}}}, "bob", "", "knows billing: 200 answered, 3 h median"},
		"a skill that was given counts more":                                {map[string][]Learned{"bob": {kettle(500)}}, Case{Topics: []string{"kettle"}, Skills: []Score{{"kettles", 1}}}, "cem", "cem", ""},
		"the topic before the intent":                                       {map[string][]Learned{"bob": {billing(200), kettle(9)}}, Case{Topics: []string{"kettle"}, Intents: []Score{{"billing", 0.5}}}, "bob", "bob", "knows Kettle: 9"},
		"nobody learned anything":                                           {nil, Case{Topics: []string{"kettle"}}, "ann", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := NewRoster("o", 0, []Department{{Key: "o"}, {Key: "d"}}, people).Knowing(tt.learned)
			tt.c.Departments = []Score{{"d", 1}}
			tt.c.At = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
			d := Decide(tt.c, r, nil, nil)
			if d.Candidates[0].Person != tt.first || d.Person != tt.given || !strings.Contains(d.Candidates[0].Why, tt.says) {
				t.Errorf("first is %+v, given to %q", d.Candidates[0], d.Person)
			}
		})
	}
}

func TestALengthOfTimeIsSaidInWords(t *testing.T) {
	for want, d := range map[string]time.Duration{"1 min": 0, "2 min": 110 * time.Second, "89 min": 89 * time.Minute, "2 h": 91 * time.Minute, "3 d": 70 * time.Hour} {
		if got := span(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
}
