package triage

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// labelledMessage is a message of testdata with what a person says of it. Where several answers are right, any counts.
type labelledMessage struct {
	lang                                string
	intents, departments, needs, urgent []string
	text                                string
}

func labelledMessages(t testing.TB, name string) (all []labelledMessage) {
	b, err := os.ReadFile("testdata/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		f := strings.SplitN(strings.TrimSpace(line), "|", 6)
		if len(f) < 6 || line[0] == '#' {
			continue
		}
		list := func(s string) []string { return strings.Split(s, ",") }
		all = append(all, labelledMessage{f[0], list(f[1]), list(f[2]), list(f[3]), list(f[4]), f[5]})
	}
	return all
}

// tally counts what was right.
type tally struct{ right, all int }

func (c *tally) add(right bool) {
	c.all++
	if right {
		c.right++
	}
}

// The first day on messages nobody trained on: a drop below these shares is a step back. They are floors, not targets.
func TestTheFirstDayIsGoodEnough(t *testing.T) {
	t.Run("on messages we had in mind", func(t *testing.T) { scoreFirstDay(t, "messages", [...]int{98, 90, 87, 96, 99, 95, 98}) })
	t.Run("on messages written afterwards", func(t *testing.T) { scoreFirstDay(t, "unseen", [...]int{98, 75, 72, 88, 98, 84, 97}) })
}

// scoreFirstDay fails below floors: language, intent, department first, among three, must found, now found, calm left alone.
func scoreFirstDay(t *testing.T, name string, floors [7]int) {
	m := dayOne()
	var language, intent, department, three, must, now, calm tally
	for _, l := range labelledMessages(t, name) {
		a := m.Assess(Input{Text: l.text})
		wrong := func(right bool, what string, got any) bool {
			if !right {
				t.Logf("%s: %q is %v; want %s", what, l.text, got, strings.Join(append(append(append(slices.Clone(l.intents), l.departments...), l.needs...), l.urgent...), " "))
			}
			return right
		}
		language.add(wrong(a.Language.Code == l.lang, "language", a.Language))
		intent.add(wrong(slices.Contains(l.intents, a.Intent()), "intent", a.Intents))
		if l.departments[0] != "" {
			department.add(wrong(slices.Contains(l.departments, a.Department()), "department", a.Departments))
			three.add(slices.ContainsFunc(a.Departments[:min(3, len(a.Departments))], func(s Score) bool { return slices.Contains(l.departments, s.Key) }))
		}
		if len(l.needs) == 1 && l.needs[0] == "must" {
			must.add(wrong(a.Needs == Must, "needs", a.Must))
		}
		if len(l.urgent) == 1 && l.urgent[0] == "now" {
			now.add(wrong(a.Urgency == Now, "urgency", a.Urgency))
		} else if !slices.Contains(l.urgent, "now") {
			calm.add(wrong(a.Urgency != Now, "urgency", a.Urgency))
		}
	}
	for i, c := range []struct {
		what string
		is   tally
	}{{"language", language}, {"intent", intent}, {"department first", department}, {"department among three", three},
		{"must answer, found", must}, {"urgent, found", now}, {"not urgent, left alone", calm}} {
		share := 100 * float64(c.is.right) / float64(c.is.all)
		t.Logf("%-24s %5.1f %% of %d", c.what, share, c.is.all)
		if share < float64(floors[i]) {
			t.Errorf("%s: %.1f %%; the floor is %d %%", c.what, share, floors[i])
		}
	}
}
