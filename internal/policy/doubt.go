package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Doubt is something about a rule that its author should know: it is said, not refused.
type Doubt struct {
	Rule  RuleID
	Other RuleID // the rule it is about, zero if none
	Says  string
}

// doubts finds rules that can never decide because an earlier one always does. rules are in their order.
func doubts(rules []Rule) (out []Doubt) {
	for i, r := range rules {
		if !r.Enabled {
			continue
		}
		for _, earlier := range rules[:i] {
			if !earlier.Enabled || !covers(earlier, r) {
				continue
			}
			says := fmt.Sprintf("it is never reached: %q above it catches all that this one would", earlier.Name)
			if earlier.Department != r.Department || earlier.Person != r.Person {
				says = fmt.Sprintf("it contradicts %q, which stands above it, catches all that this one would and sends it elsewhere: that one wins", earlier.Name)
			}
			out = append(out, Doubt{Rule: r.ID, Other: earlier.ID, Says: says})
			break
		}
	}
	return out
}

// covers reports whether a surely holds whenever b does: the same words, or forms of which one is narrower. Two conditions
// written by hand in different words are not compared.
func covers(a, b Rule) bool {
	if bare(a.Condition) == bare(b.Condition) {
		return true
	}
	if a.Form == nil || b.Form == nil {
		return false
	}
	return a.Form.covers(*b.Form)
}

func (f Form) covers(g Form) bool {
	implied := func(c Condition) bool { // g implies c
		implies := func(d Condition) bool { return c.covers(d) }
		if g.Join == "any" {
			return !slices.ContainsFunc(g.Conditions, func(d Condition) bool { return !implies(d) })
		}
		return slices.ContainsFunc(g.Conditions, implies)
	}
	if f.Join == "all" {
		return !slices.ContainsFunc(f.Conditions, func(c Condition) bool { return !implied(c) })
	}
	some := func(d Condition) bool {
		return slices.ContainsFunc(f.Conditions, func(c Condition) bool { return c.covers(d) })
	}
	if g.Join == "any" {
		return !slices.ContainsFunc(g.Conditions, func(d Condition) bool { return !some(d) })
	}
	return slices.ContainsFunc(g.Conditions, some)
}

// covers reports whether c holds whenever d does.
func (c Condition) covers(d Condition) bool {
	if c.What != d.What || c.Not != d.Not {
		return false
	}
	if c.Not {
		c, d = d, c
	}
	switch c.What {
	case "private":
		return true
	case "followers":
		return c.From <= d.From
	case "rating":
		return c.From <= d.From && d.To <= c.To
	case "hours":
		return slices.IndexFunc(d.clock(), func(h int) bool { return !slices.Contains(c.clock(), h) }) < 0
	case "intent":
		if c.Sure > d.Sure {
			return false
		}
	}
	for _, v := range d.Values {
		if !slices.ContainsFunc(c.Values, func(w string) bool { return c.takes(w, v) }) {
			return false
		}
	}
	return true
}

// takes reports whether the value w holds for all that v does.
func (c Condition) takes(w, v string) bool {
	if c.What != "words" {
		return w == v
	}
	w, v = strings.ToLower(strings.TrimSpace(w)), strings.ToLower(strings.TrimSpace(v))
	start, open := strings.CutSuffix(w, "*")
	return w == v || open && strings.HasPrefix(v, start)
}

// clock are the hours that hold.
func (c Condition) clock() (out []int) {
	for h := range 24 {
		if c.From < c.To && h >= c.From && h < c.To || c.From > c.To && (h >= c.From || h < c.To) {
			out = append(out, h)
		}
	}
	return out
}

// bare is a condition without the blanks that make no difference.
func bare(condition string) string {
	var b strings.Builder
	quote, escaped, blank := rune(0), false, false
	for _, r := range strings.TrimSpace(condition) {
		switch {
		case quote != 0:
			if r == quote && !escaped {
				quote = 0
			}
			escaped = r == '\\' && !escaped
		case r == '"' || r == '\'' || r == '`':
			quote = r
		case r == ' ' || r == '\t' || r == '\n' || r == '\r':
			blank = true
			continue
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteRune(r)
	}
	return b.String()
}
