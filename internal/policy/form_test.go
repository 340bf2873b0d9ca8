package policy

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"switchboard/internal/fault"
	"switchboard/internal/routing"
)

// kept are forms with the expressions they stand for: the screen is tested against the same list.
func kept(t testing.TB) (list []struct {
	Form       Form
	Expression string
}) {
	t.Helper()
	b, err := os.ReadFile("testdata/forms.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAFormStandsForItsExpression(t *testing.T) {
	for _, tt := range kept(t) {
		if err := tt.Form.Check(); err != nil {
			t.Errorf("%s: %v", tt.Expression, err)
		}
		if got := tt.Form.Expression(); got != tt.Expression {
			t.Errorf("got  %s\nwant %s", got, tt.Expression)
		}
		if err := compiled("x", tt.Expression); err != nil {
			t.Errorf("%s: %v", tt.Expression, err)
		}
	}
}

func TestAWrongFormSaysWhatToDo(t *testing.T) {
	one := func(c Condition) Form { return Form{"all", []Condition{c}} }
	for name, tt := range map[string]struct {
		form  Form
		field string
	}{
		"no conditions":        {Form{"all", nil}, "form.conditions"},
		"joined by nothing":    {Form{"", []Condition{{What: "private"}}}, "form.join"},
		"an unknown question":  {one(Condition{What: "weather"}), "form.conditions[0].what"},
		"no words":             {one(Condition{What: "words"}), "form.conditions[0].values"},
		"an empty word":        {one(Condition{What: "words", Values: []string{" "}}), "form.conditions[0].values"},
		"a line break":         {one(Condition{What: "words", Values: []string{"a\nb"}}), "form.conditions[0].values"},
		"a day that is none":   {one(Condition{What: "weekday", Values: []string{"freeday"}}), "form.conditions[0].values"},
		"an hour that is none": {one(Condition{What: "hours", From: 9, To: 25}), "form.conditions[0]"},
		"no time at all":       {one(Condition{What: "hours", From: 9, To: 9}), "form.conditions[0]"},
		"stars the wrong way":  {one(Condition{What: "rating", From: 4, To: 2}), "form.conditions[0]"},
		"no followers":         {one(Condition{What: "followers"}), "form.conditions[0]"},
		"surely more than one": {one(Condition{What: "intent", Values: []string{"press"}, Sure: 2}), "form.conditions[0].sure"},
	} {
		t.Run(name, func(t *testing.T) {
			err := tt.form.Check()
			var e *fault.Error
			if e, _ = err.(*fault.Error); e == nil || e.Kind != fault.Invalid || e.Field != tt.field || e.Message == "" {
				t.Errorf("%+v", err)
			}
		})
	}
}

func TestAnErrorNamesTheRule(t *testing.T) {
	for _, when := range []string{"", "says(", "nonsense", "says(1)", `matches("a", "b")`, `filter(standings, true)`, strings.Repeat("private and ", 300) + "private"} {
		err := compiled("Recalls", when)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), `rule "Recalls"`) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.40q: %v", when, err)
		}
	}
}

// forms makes forms of which all are well made.
func forms() *rapid.Generator[Form] {
	return rapid.Custom(func(t *rapid.T) Form {
		f := Form{Join: rapid.SampledFrom([]string{"all", "any"}).Draw(t, "join")}
		for range rapid.IntRange(1, 3).Draw(t, "conditions") {
			c := Condition{What: rapid.SampledFrom([]string{"words", "standing", "private", "language", "hours", "followers", "rating", "intent"}).Draw(t, "what"), Not: rapid.Bool().Draw(t, "not")}
			switch c.What {
			case "hours":
				c.From = rapid.IntRange(0, 23).Draw(t, "from")
				c.To = rapid.IntRange(1, 24).Filter(func(n int) bool { return n != c.From }).Draw(t, "to")
			case "followers":
				c.From = rapid.IntRange(1, 3).Draw(t, "from")
			case "rating":
				c.From = rapid.IntRange(1, 5).Draw(t, "from")
				c.To = rapid.IntRange(c.From, 5).Draw(t, "to")
			case "private":
			default:
				c.Values = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b*", "bc", `q"\`}), 1, 3, rapid.ID[string]).Draw(t, "values")
				if c.What == "intent" {
					c.Sure = rapid.SampledFrom([]float64{0.3, 0.6}).Draw(t, "sure")
				}
			}
			f.Conditions = append(f.Conditions, c)
		}
		return f
	})
}

func cases() *rapid.Generator[routing.Case] {
	return rapid.Custom(func(t *rapid.T) routing.Case {
		some := func(name string) []string {
			return rapid.SliceOfN(rapid.SampledFrom([]string{"a", "bc", "bd", `q"\`, "b*"}), 0, 3).Draw(t, name)
		}
		c := routing.Case{Text: strings.Join(some("text"), " "), Standings: some("standings"), Language: rapid.SampledFrom([]string{"a", "bc", "z"}).Draw(t, "language"),
			Private: rapid.Bool().Draw(t, "private"), Followers: rapid.IntRange(0, 4).Draw(t, "followers"), Rating: rapid.IntRange(0, 5).Draw(t, "rating")}
		for _, i := range some("intents") {
			c.Intents = append(c.Intents, routing.Score{Key: i, Confidence: rapid.Float64Range(0, 1).Draw(t, "confidence")})
		}
		c.At = monday.Add(hours(rapid.IntRange(0, 23).Draw(t, "hour")))
		return c
	})
}

func matches(t *rapid.T, f Form, c routing.Case) bool {
	r, err := routing.CompileRules([]routing.Rule{{Key: "k", When: f.Expression()}})
	if err != nil {
		t.Fatalf("%s: %v", f.Expression(), err)
	}
	return len(r.Matches(c)) == 1
}

// What is said to be covered is: no message ever passes the wider form and is caught by the narrower one.
func TestACoveredFormNeverMatchesAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wide, narrow := forms().Draw(t, "wide"), forms().Draw(t, "narrow")
		if !wide.covers(narrow) {
			return
		}
		for range 5 {
			if c := cases().Draw(t, "case"); matches(t, narrow, c) && !matches(t, wide, c) {
				t.Fatalf("%s is said to cover %s", wide.Expression(), narrow.Expression())
			}
		}
	})
}

func TestEveryFormCoversItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if f := forms().Draw(t, "form"); !f.covers(f) {
			t.Fatalf("%s", f.Expression())
		}
	})
}
