package insight

import (
	"testing"
	"time"

	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

var monday = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

const (
	operators staff.DepartmentID = 1
	sales     staff.DepartmentID = 2
	billing   staff.DepartmentID = 3
	press     staff.DepartmentID = 4
)

func TestWhatSettlesAVerdict(t *testing.T) {
	day := 24 * time.Hour
	seller, clerk, nobodys := []staff.DepartmentID{sales}, []staff.DepartmentID{billing}, []staff.DepartmentID(nil)
	claim := func(after time.Duration, of []staff.DepartmentID) deed {
		return deed{at: monday.Add(after), what: journal.Claimed, by: 9, of: of}
	}
	answer := func(after time.Duration, of []staff.DepartmentID) deed {
		return deed{at: monday.Add(after), what: journal.DeliverySent, by: 9, of: of}
	}
	over := func(after time.Duration, to staff.DepartmentID) deed {
		return deed{at: monday.Add(after), what: journal.HandedOver, by: 9, to: to}
	}
	on := func(after time.Duration, to staff.DepartmentID) deed {
		return deed{at: monday.Add(after), what: journal.MovedOn, to: to}
	}
	byRole := func(d deed) deed {
		d.all = true
		return d
	}
	boss := []staff.DepartmentID{operators}
	anew := func(after time.Duration, to staff.DepartmentID) deed {
		return deed{at: monday.Add(after), what: journal.PutThrough, to: to}
	}
	moved := over(day, billing)
	moved.moved = true
	along, ok := deedOf(journal.Entry{At: monday.Add(day), Who: "person:9", What: journal.HandedOver, Data: journal.Data("department", billing, "person", staff.PersonID(0), "incident", "7")}, &staff.Roster{})
	if !ok || along.to != billing {
		t.Fatalf("going along with an incident is read as %+v, %v", along, ok)
	}
	back := func(after time.Duration, from, to staff.DepartmentID) deed {
		d, ok := deedOf(journal.Entry{At: monday.Add(after), Who: "person:9", What: journal.HandedOver,
			Data: journal.Data("from", from, "fromPerson", staff.PersonID(0), "department", to, "person", staff.PersonID(0), "reason", "undone")}, &staff.Roster{})
		if !ok {
			t.Fatal("taking back is not read")
		}
		return d
	}
	for name, tt := range map[string]struct {
		by    string
		deeds []deed
		truth staff.DepartmentID
		how   How
		right bool
	}{
		"nothing happened":                                    {"model", nil, 0, "", false},
		"the department answered":                             {"model", []deed{answer(day, seller)}, sales, Answered, true},
		"somebody of another answered":                        {"model", []deed{answer(day, clerk)}, billing, Answered, false},
		"somebody of no department answered for the one":      {"model", []deed{answer(day, nobodys)}, sales, Answered, true},
		"the department took it":                              {"model", []deed{claim(day, seller)}, 0, "", false},
		"somebody of another took it":                         {"model", []deed{claim(day, clerk)}, billing, Claimed, false},
		"somebody of two others answered: the likelier":       {"model", []deed{answer(day, []staff.DepartmentID{billing, press})}, billing, Answered, false},
		"somebody of two that nobody thought of":              {"model", []deed{answer(day, []staff.DepartmentID{press, 5})}, 0, "", false},
		"an operator answered in its place":                   {"model", []deed{byRole(answer(day, boss))}, 0, "", false},
		"an operator took it and answered":                    {"model", []deed{byRole(claim(day, boss)), byRole(answer(2*day, boss))}, 0, "", false},
		"a manager of another department answered":            {"model", []deed{byRole(answer(day, clerk))}, 0, "", false},
		"a manager of the department answered":                {"model", []deed{byRole(answer(day, seller))}, sales, Answered, true},
		"an operator helped out after the department":         {"model", []deed{answer(day, seller), byRole(answer(2*day, boss))}, sales, Answered, true},
		"an operator handed it over and answered it":          {"model", []deed{over(day, billing), byRole(answer(2*day, boss))}, billing, HandedOver, false},
		"an operator answered from the operators' queue":      {"operator", []deed{byRole(answer(day, boss))}, 0, "", false},
		"it was handed over":                                  {"model", []deed{over(day, press)}, press, HandedOver, false},
		"and answered there":                                  {"model", []deed{over(day, billing), answer(2*day, clerk)}, billing, HandedOver, false},
		"and answered by a third":                             {"model", []deed{over(day, billing), answer(2*day, seller)}, sales, Answered, true},
		"and back again: the last counts":                     {"model", []deed{over(day, billing), over(2*day, sales)}, sales, HandedOver, true},
		"the operator took a suggestion":                      {"operator", []deed{over(day, sales)}, sales, Suggested, true},
		"the operator's second":                               {"operator", []deed{over(day, billing)}, billing, Suggested, false},
		"the operator knew better":                            {"operator", []deed{over(day, press)}, press, HandedOver, false},
		"given to the operator: wrong, but whose is not said": {"model", []deed{over(day, operators)}, 0, "", false},
		"the operator's after an answer":                      {"model", []deed{answer(day, seller), over(2*day, operators)}, 0, "", false},
		"too late":                                            {"model", []deed{over(15*day, press)}, 0, "", false},
		"what came later leaves what was known":               {"model", []deed{answer(day, seller), over(15*day, press)}, sales, Answered, true},
		"handed over by mistake, and taken back":              {"model", []deed{over(day, press), back(day, press, sales)}, 0, "", false},
		"and then answered":                                   {"model", []deed{over(day, press), back(day, press, sales), answer(2*day, seller)}, sales, Answered, true},
		"and then handed to another":                          {"model", []deed{over(day, press), back(day, press, sales), over(2*day, billing)}, billing, HandedOver, false},
		"a suggestion, by mistake, and taken back":            {"operator", []deed{over(day, billing), back(day, billing, operators)}, 0, "", false},
		"given to the operator by mistake, and answered":      {"model", []deed{over(day, operators), back(day, operators, sales), answer(2*day, seller)}, sales, Answered, true},
		"it went on, and came back there after a mistake":     {"model", []deed{on(day, billing), over(day, press), back(day, press, billing), answer(2*day, clerk)}, 0, "", false},
		"a mistake after an answer of another":                {"model", []deed{answer(day, clerk), over(day, press), back(day, press, sales)}, 0, "", false},
		"a mistake too late to count":                         {"model", []deed{over(day, press), over(15*day, billing), back(15*day, billing, press)}, press, HandedOver, false},
		"a department that was retired is no judgement":       {"model", []deed{moved}, 0, "", false},
		"it went on to a colleague who answered":              {"model", []deed{on(day, sales), answer(2*day, seller)}, sales, Answered, true},
		"it was decided anew, and another answered":           {"model", []deed{anew(day, billing), answer(2*day, clerk)}, 0, "", false},
		"it went on, and the stand-in answered":               {"model", []deed{on(day, billing), answer(2*day, clerk)}, 0, "", false},
		"it went on, and somebody else took it":               {"model", []deed{on(day, billing), claim(2*day, []staff.DepartmentID{press})}, 0, "", false},
		"it went on, and somebody decided":                    {"model", []deed{on(day, operators), over(2*day, press), answer(3*day, clerk)}, billing, Answered, false},
		"but whose it is now counts":                          {"model", []deed{moved, answer(2*day, clerk)}, billing, Answered, false},
		"it went along with an incident, and was answered":    {"model", []deed{along, answer(2*day, clerk)}, 0, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			v := Verdict{At: monday, By: tt.by, Likely: [3]staff.DepartmentID{sales, billing}, Decided: sales, Holder: sales}
			if tt.by == "operator" {
				v.Decided, v.Holder = operators, operators
			}
			for _, d := range tt.deeds {
				v = v.heard(d, operators)
			}
			if v.Truth != tt.truth || v.How != tt.how || v.Right() != tt.right || v.Settled() != (tt.truth != 0) {
				t.Errorf("truth %d %q, right %v, settled %v", v.Truth, v.How, v.Right(), v.Settled())
			}
		})
	}
}

// What a person says a contact wanted counts for as long as nobody takes it back: then counts what was said before, if anything was.
func TestWhatItWasAboutIsWhatAPersonSaidLast(t *testing.T) {
	v := Verdict{At: monday}
	for k, want := range []string{"press", "sales", "press", ""} {
		d, ok := deedOf(journal.Entry{At: monday.Add(time.Duration(k) * time.Minute), Who: "person:9", What: journal.IntentCorrected,
			Data: journal.Data("from", []string{"support", "praise"}, "intent", want, "intents", []string{"support", "praise"})}, &staff.Roster{})
		if v = v.heard(d, operators); !ok || v.TrueIntent != want {
			t.Errorf("after %d it was about %q, not %q", k, v.TrueIntent, want)
		}
	}
}

// An administrator who answers everything alone, as in a house that has just been set up, must not teach the machine that it is
// always wrong.
func TestAnOperatorWhoAnswersEverythingKeepsNothingFromThePeople(t *testing.T) {
	var settled []Verdict
	for k := range 3 * Fewest {
		v := Verdict{At: monday, By: "model", Likely: [3]staff.DepartmentID{sales}, Confidence: 0.9, Decided: sales, Holder: sales}
		d := deed{at: monday.Add(time.Hour), what: journal.DeliverySent, by: 9, of: []staff.DepartmentID{operators}, all: true}
		if k%3 == 0 {
			v.By, v.Decided, v.Holder = "operator", operators, operators
		}
		if v = v.heard(d, operators); v.Settled() {
			settled = append(settled, v)
		}
	}
	if got := leastOf(settled, []staff.Department{{ID: sales}})[sales]; got.At == Never {
		t.Errorf("nothing is put through to a department any more: %+v", got)
	}
}

func TestAStandInDealsWithItInAnothersPlace(t *testing.T) {
	v := Verdict{At: monday, By: "map", Likely: [3]staff.DepartmentID{sales}, Decided: press, Truth: press, SettledAt: monday}
	if !v.Right() || v.Was() != sales {
		t.Errorf("right %v, was %v", v.Right(), v.Was())
	}
}
