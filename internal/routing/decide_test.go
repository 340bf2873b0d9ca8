package routing

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var monday = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)

func house() *Roster {
	return NewRoster("service", 0, []Department{{Key: "service", Name: "Customer service"}, {Key: "accounts", Name: "Accounts"},
		{Key: "press", Name: "Press"}, {Key: "sales", Name: "Sales", Assign: AssignAlways}, {Key: "night", Name: "Night desk"}}, []Person{
		{Key: "bob", Name: "Bob", Department: "accounts", Skills: []string{"Invoices", "VAT"}, Working: true, Load: 4, Capacity: 5},
		{Key: "sue", Name: "Sue", Department: "accounts", Skills: []string{"refunds"}, Working: true, Capacity: 5},
		{Key: "eve", Name: "Eve", Department: "accounts", Skills: []string{"invoices"}, Working: true, AbsentUntil: monday.Add(time.Hour)},
		{Key: "pam", Name: "Pam", Department: "press", Working: false},
		{Key: "nat", Name: "Nat", Department: "night", Working: true},
		{Key: "sam", Name: "Sam", Department: "sales", Working: true, Load: 3, Languages: []string{"en"}},
		{Key: "kim", Name: "Kim", Department: "sales", Working: true, Load: 2, Languages: []string{"en"}},
	})
}

var plainMap = NewMap("1", []Row{
	{Intent: "billing", Department: "accounts"},
	{Intent: "press", Department: "press", StandIn: "night"},
	{Standing: "journalist", Department: "press", StandIn: "night"},
	{Intent: "sales", Department: "sales"},
})

func TestDecide(t *testing.T) {
	rules, err := CompileRules([]Rule{
		{Key: "r1", Name: "recalls", When: `says("recall") and not private`, Department: "press"},
		{Key: "r2", Name: "gone", When: `says("recall")`, Department: "closed-down"},
		{Key: "r3", Name: "vip", When: `standing("vip")`, Department: "accounts", Person: "eve"},
	})
	if err != nil {
		t.Fatal(err)
	}
	billing := Case{Departments: []Score{{"accounts", 0.9}}, Intents: []Score{{"billing", 0.9}}, At: monday, Language: "en"}
	with := func(change func(*Case)) Case { c := billing; change(&c); return c }
	for name, tt := range map[string]struct {
		in         Case
		department string
		person     string
		by         By
		because    string
	}{
		"the expert, even when busy": {with(func(c *Case) { c.Skills = []Score{{"invoices", 1}} }), "accounts", "bob", ByMap, "knows invoices"},
		"whoever spoke to the contact before, among equals": {with(func(c *Case) { c.Before = []Contacted{{"sue", monday.AddDate(0, -1, 0)}} }),
			"accounts", "sue", ByMap, "answered this contact in April"},
		"whoever may speak on the account, among equals": {with(func(c *Case) {
			c.Departments, c.Intents, c.Speakers = []Score{{"sales", 0.9}}, []Score{{"sales", 1}}, []string{"sam"}
		}), "sales", "sam", ByMap, "may speak on this account"},
		"the expert, whoever may speak": {with(func(c *Case) { c.Skills, c.Speakers = []Score{{"invoices", 1}}, []string{"sue"} }),
			"accounts", "bob", ByMap, "may not speak on this account: the answer will wait for an approval"},
		"the queue, when nobody knows more than another": {billing, "accounts", "", ByMap, "the map gives the intent billing to Accounts"},
		"the lightest load, where a department wants a person always": {Case{Departments: []Score{{"sales", 0.9}}, Intents: []Score{{"sales", 1}}, At: monday},
			"sales", "kim", ByMap, "has 2 open"},
		"the stand-in at night":                              {Case{Intents: []Score{{"press", 0.95}}, Departments: []Score{{"press", 0.9}}, At: monday}, "night", "", ByMap, "nobody of Press is at work"},
		"a journalist goes to press whatever the words were": {with(func(c *Case) { c.Standings = []string{"journalist"} }), "night", "", ByMap, "the standing journalist"},
		"a rule wins over model and map":                     {with(func(c *Case) { c.Text = "What about the RECALL?" }), "press", "", ByRule, `the rule "recalls"`},
		"a rule's person who is away leaves it to the queue": {with(func(c *Case) { c.Standings = []string{"vip"} }), "accounts", "", ByRule, "absent"},
		"the operator, when triage is not sure":              {Case{Departments: []Score{{"sales", 0.3}, {"press", 0.2}}, At: monday}, "service", "", ByOperator, "not sure enough"},
		"the operator, when nobody is known to deal with it": {Case{At: monday}, "service", "", ByOperator, "no department is known"},
		"a department that is no more gets nothing":          {Case{Departments: []Score{{"closed-down", 0.99}}, At: monday}, "service", "", ByOperator, "no department"},
	} {
		t.Run(name, func(t *testing.T) {
			d := Decide(tt.in, house(), plainMap, rules)
			if d.Department != tt.department || d.Person != tt.person || d.By != tt.by {
				t.Errorf("decided %s/%s by %s; want %s/%s by %s\n%+v", d.Department, d.Person, d.By, tt.department, tt.person, tt.by, d)
			}
			if !strings.Contains(strings.Join(d.Reasons, "\n"), tt.because) {
				t.Errorf("reasons %q; want one with %q", d.Reasons, tt.because)
			}
		})
	}
}

func TestCorrectionsOutweighTheMap(t *testing.T) {
	c := Case{Departments: []Score{{"sales", 0.7}, {"accounts", 0.3}}, Intents: []Score{{"billing", 1}}, At: monday}
	if d := Decide(c, house(), plainMap, nil); d.Department != "accounts" {
		t.Errorf("on the first day the map counts: got %s", d.Department)
	}
	c.Learned = 2000
	if d := Decide(c, house(), plainMap, nil); d.Department != "sales" || d.By != ByModel {
		t.Errorf("after 2,000 corrections the model counts: got %s by %s", d.Department, d.By)
	}
}

// A row for a standing and an intent speaks for its intent alone, whatever other rows there are: the model has its say of the rest.
func TestANarrowRowOfAMinorIntentLeavesTheRestToTheModel(t *testing.T) {
	roster := NewRoster("operator", 0, []Department{{Key: "operator"}, {Key: "service"}, {Key: "product"}, {Key: "pr"}}, nil)
	narrow := Row{Intent: "press", Standing: "journalist", Department: "pr"}
	c := Case{Intents: []Score{{"support", 0.80}, {"press", 0.15}}, Standings: []string{"journalist"}, At: monday}
	for name, tt := range map[string]struct {
		rows    []Row
		likely  string
		learned int
	}{
		"alone":                               {[]Row{narrow}, "service", 0},
		"beside a row that taught much since": {[]Row{narrow, {Intent: "support", Department: "service"}}, "product", 2000},
	} {
		t.Run(name, func(t *testing.T) {
			c := c
			c.Learned, c.Departments = tt.learned, []Score{{tt.likely, 0.97}, {"pr", 0.03}}
			d := Decide(c, roster, NewMap("1", tt.rows), nil)
			if d.Department != tt.likely || d.By != ByModel || d.Confidence < 0.75 {
				t.Errorf("decided %s by %s with %v: %v", d.Department, d.By, d.Confidence, d.Reasons)
			}
			sum := 0.0
			for _, s := range d.Suggestions {
				sum += s.Confidence
			}
			if math.Abs(sum-1) > 1e-9 {
				t.Errorf("the suggestions %+v sum to %v", d.Suggestions, sum)
			}
		})
	}
}

// Whatever rows and intents there are, the map takes no more than narrow rows may have, or without one its usual say; and where a
// narrow row is heard, what the map does not take is the model's.
func TestMapAndModelShareTheSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCase(t)
		c.Learned = rapid.IntRange(0, 3000).Draw(t, "learned")
		total := 0.0
		roster := NewRoster("a", 0, anyDepartments, nil)
		m := NewMap("", append(slices.Clone(anyMap.rows), Row{Intent: "press", Standing: "journalist", Department: "c"}))
		for _, s := range c.Departments {
			if roster.has(s.Key) {
				total += s.Confidence
			}
		}
		narrow := false
		intents := c.Intents
		if len(intents) == 0 {
			intents = []Score{{"", 1}}
		}
		for _, s := range intents {
			r := m.row(s.Key, &c)
			narrow = narrow || r != nil && r.narrow() && s.Confidence > 0
		}
		var sum, mapped float64
		for _, ch := range weighed(&c, roster, m) {
			sum, mapped = sum+ch.sum(), mapped+ch.mapped
		}
		if mapped > narrowSay+1e-9 || !narrow && mapped > mapSay+1e-9 {
			t.Fatalf("the map takes %v of %+v", mapped, c)
		}
		if narrow && math.Abs(sum-((1-mapped)*total+mapped)) > 1e-9 {
			t.Fatalf("%v is said in all, %v by the map, %v by the model", sum, mapped, total)
		}
	})
}

func TestRulesAreRefusedThatCouldBeSlow(t *testing.T) {
	for name, when := range map[string]string{
		"nothing at all":                 "  ",
		"a loop":                         `all(standings, # == "x")`,
		"a range":                        `1 in 1..1000000`,
		"a name for a value":             `let a = text; a == "x"`,
		"a pattern made on the go":       `text matches handle`,
		"a pattern of very many steps":   `text matches "(?s)` + strings.Repeat(".{0,1000}", 200) + `x"`,
		"a pattern with a great number":  `text matches "a{1,51}"`,
		"a great number deep within":     `text matches "x|(?:y(?:z{60})*)"`,
		"numbers that multiply":          `text matches "(?:(?:a|b){30}c){30}"`,
		"many patterns together":         strings.Repeat(`text matches "(?:abc){40}" or `, 10) + "private",
		"a word we do not know":          `colour == "red"`,
		"something that is no yes or no": `followers + 1`,
		"too many parts":                 strings.Repeat("private or ", 200) + "private",
		"too long":                       `text == "` + strings.Repeat("x", 3000) + `"`,
		"repeated text":                  `repeat("x", 100000000) == text`,
		"deep nesting":                   strings.Repeat("(", 900) + "private" + strings.Repeat(")", 900) + " and ((",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := CompileRules([]Rule{{Key: "r", When: when}}); err == nil {
				t.Error("was taken")
			}
		})
	}
}

func TestRulesCanAsk(t *testing.T) {
	c := Case{Text: "Where is my Rechnung, please? L’avocat l'a déposée", Subject: "Invoice 12", Language: "de", Standings: []string{"customer"}, Topics: []string{"kettle"},
		Intents: []Score{{"billing", 0.8}}, Departments: []Score{{"accounts", 0.7}}, Followers: 1200, Rating: 2, Private: true, Account: "acme_help", Channel: "mastodon", At: monday}
	for _, when := range []string{`says("rechnung")`, `says("invoic*")`, `says("nothing", "my rechnung")`, `says("avocat")`, `says("l’avocat")`, `says("depose*")`, `not says("rech")`, `language == "de"`, `standing("customer")`, `"kettle" in topics`,
		`intent("billing") > 0.5`, `department("accounts") > 0.5`, `followers > 1000 and rating <= 2`, `private`, `hour >= 9 and hour < 17 and weekday == "monday"`,
		`account == "acme_help" and channel == "mastodon"`, `text matches "(?i)invoice [0-9]+"`, `text matches "(?i)\\binvoice\\s+[0-9]{1,10}\\b" and not (text matches "[A-Z]{2}[0-9]{8,30}")`, `lower(text) contains "invoice"`} {
		rules, err := CompileRules([]Rule{{Key: "r", When: when}})
		if err != nil {
			t.Errorf("%s: %v", when, err)
			continue
		}
		if got := rules.Matches(c); len(got) != 1 {
			t.Errorf("%s does not hold", when)
		}
	}
}

// Rules further down than the one that wins say what they would have done, unless they would read patterns for it.
func TestRulesBelowTheOneThatWinsReadNoPatterns(t *testing.T) {
	rules, err := CompileRules([]Rule{
		{Key: "r1", Name: "letters", When: `text matches "(?i)RECALL"`, Department: "press"},
		{Key: "r2", Name: "words", When: `says("recall")`, Department: "accounts"},
		{Key: "r3", Name: "more letters", When: `text matches "(?i)re.?call"`, Department: "sales"},
		{Key: "r4", Name: "the same", When: `says("recall")`, Department: "press"},
	})
	if err != nil {
		t.Fatal(err)
	}
	c := Case{Text: "What about the recall?", At: monday}
	rule, remarks := rules.matched(&c, house())
	if rule == nil || rule.Key != "r1" || len(remarks) != 1 || !strings.Contains(remarks[0], `"words"`) {
		t.Errorf("%+v with %q", rule, remarks)
	}
	if !rules.Match(c) || rules.Match(Case{Text: "Hello", At: monday}) || len(rules.Matches(c)) != 4 {
		t.Error("whether any holds is not what all say")
	}
}
