package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"switchboard/internal/fault"
	"switchboard/internal/routing"
)

// Form is what a rule was built from on the screen. Its Expression is the rule's condition, so both always say the same.
type Form struct {
	Join       string      `json:"join" enum:"all,any"` // all or any of the conditions
	Conditions []Condition `json:"conditions" nullable:"false"`
}

// Condition is one line of a Form. Which of its fields count depends on What.
type Condition struct {
	What   string   `json:"what"`
	Not    bool     `json:"not,omitempty"`
	Values []string `json:"values,omitempty"` // any of them holds
	From   int      `json:"from,omitempty"`   // the lowest hour, rating or number of followers that holds
	To     int      `json:"to,omitempty"`     // the hour it ends before, the highest rating; not for followers
	Sure   float64  `json:"sure,omitempty"`   // how sure triage must be of an intent, 0 to 1
}

// Wholes of a form: more would be slow, and nobody would understand it.
const (
	mostConditions = 12
	mostValues     = 40 // in all
	mostValue      = 100
)

// inList are conditions that hold when a value of the message is in a list; calls those that ask for each value.
var (
	inList = map[string]string{"account": "account", "channel": "channel", "language": "language", "kind": "kind", "urgency": "urgency", "weekday": "weekday"}
	calls  = map[string]string{"standing": "standing", "topic": "topic"}
)

// fixed are values a condition can have, where there are few.
var fixed = map[string][]string{
	"urgency": {"now", "today", "normal"},
	"weekday": {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"},
}

// Check says what is wrong with a form.
func (f Form) Check() error {
	switch {
	case f.Join != "all" && f.Join != "any":
		return fault.In("form.join", `say whether all or any of the conditions must hold: "all" or "any"`)
	case len(f.Conditions) == 0:
		return fault.In("form.conditions", "add at least one condition: a rule without one would catch everything")
	case len(f.Conditions) > mostConditions:
		return fault.In("form.conditions", fmt.Sprintf("these are more than %d conditions: make several rules of them", mostConditions))
	}
	values := 0
	for i, c := range f.Conditions {
		if err := c.check(fmt.Sprintf("form.conditions[%d]", i)); err != nil {
			return err
		}
		values += len(c.Values)
	}
	if values > mostValues {
		return fault.In("form.conditions", fmt.Sprintf("these are more than %d words and values: make several rules of them", mostValues))
	}
	return nil
}

func (c Condition) check(field string) error {
	switch c.What {
	case "private":
	case "hours":
		if c.From < 0 || c.From > 23 || c.To < 1 || c.To > 24 || c.From == c.To {
			return fault.In(field, "give two different hours, from 0 to 23 and until 1 to 24")
		}
	case "followers":
		if c.From < 1 || c.From > 1_000_000_000 {
			return fault.In(field, "give the number of followers from which it holds, at least 1")
		}
	case "rating":
		if c.From < 1 || c.To > 5 || c.From > c.To {
			return fault.In(field, "give stars from 1 to 5, the lower number first")
		}
	case "words", "intent", "account", "channel", "language", "kind", "urgency", "weekday", "standing", "topic":
		return c.checkValues(field)
	default:
		return fault.In(field+".what", fmt.Sprintf("%.40q is nothing a rule can ask for", c.What))
	}
	return nil
}

func (c Condition) checkValues(field string) error {
	if len(c.Values) == 0 {
		return fault.In(field+".values", "say at least one value, or take the condition out")
	}
	for _, v := range c.Values {
		switch {
		case strings.TrimSpace(v) == "" || !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r == 0x7f }):
			return fault.In(field+".values", "a value must not be empty or hold line breaks")
		case utf8.RuneCountInString(v) > mostValue:
			return fault.In(field+".values", fmt.Sprintf("%.20q… is longer than %d characters", v, mostValue))
		case fixed[c.What] != nil && !slices.Contains(fixed[c.What], v):
			return fault.In(field+".values", fmt.Sprintf("%.40q is not one of: %s", v, strings.Join(fixed[c.What], ", ")))
		}
	}
	if c.What == "intent" && (c.Sure <= 0 || c.Sure > 1) {
		return fault.In(field+".sure", "say how sure it must be, above 0 up to 1: 0.5 is even")
	}
	return nil
}

// Expression is the condition a form stands for. The screen makes the same one (web/src/features/policy/form.ts): both are
// tested against testdata/forms.json.
func (f Form) Expression() string {
	parts := make([]string, len(f.Conditions))
	for i, c := range f.Conditions {
		parts[i] = c.expression()
	}
	if f.Join == "any" {
		return strings.Join(parts, " or ")
	}
	return strings.Join(parts, " and ")
}

func (c Condition) expression() string {
	e := c.plain()
	switch {
	case !c.Not:
		return e
	case strings.HasPrefix(e, "("):
		return "not " + e
	}
	return "not (" + e + ")"
}

// plain is the condition without its not. What holds "and" or "or" has parentheses around it.
func (c Condition) plain() string {
	switch c.What {
	case "words":
		return "says(" + quoted(c.Values, ", ") + ")"
	case "private":
		return "private"
	case "hours":
		if c.From < c.To {
			return fmt.Sprintf("(hour >= %d and hour < %d)", c.From, c.To)
		}
		return fmt.Sprintf("(hour >= %d or hour < %d)", c.From, c.To)
	case "followers":
		return "followers >= " + strconv.Itoa(c.From)
	case "rating":
		return fmt.Sprintf("(rating >= %d and rating <= %d)", c.From, c.To)
	case "intent":
		return each(c.Values, func(v string) string {
			return "intent(" + quote(v) + ") >= " + strconv.FormatFloat(c.Sure, 'f', -1, 64)
		})
	}
	if name := calls[c.What]; name != "" {
		return each(c.Values, func(v string) string { return name + "(" + quote(v) + ")" })
	}
	return inList[c.What] + " in [" + quoted(c.Values, ", ") + "]"
}

func each(values []string, say func(string) string) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = say(v)
	}
	return "(" + strings.Join(parts, " or ") + ")"
}

func quoted(values []string, between string) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = quote(v)
	}
	return strings.Join(parts, between)
}

var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func quote(s string) string { return `"` + escapes.Replace(s) + `"` }

// compiled checks a condition, which errors name by the rule's name.
func compiled(name, condition string) error {
	_, err := routing.CompileRules([]routing.Rule{{Key: "rule", Name: name, When: condition}})
	if err == nil {
		return nil
	}
	said, _, _ := strings.Cut(err.Error(), "\n") // what follows points into the text with blanks
	if strings.Contains(said, "maximum allowed nodes") {
		said = fmt.Sprintf("rule %q: the condition asks for too much at once; make several rules of it", name)
	}
	return fault.In("condition", said)
}
