package routing

import (
	"cmp"
	"fmt"
	"slices"
)

// How the map and the model share the say. On the first day the two together are right more often than either; what
// people corrected since counts ever more against the map, except where a row was written for a topic or a standing.
const (
	mapSay      = 0.35 // of the map on the first day
	learnedHalf = 200  // corrections after which it has half of that
	narrowSay   = 0.9  // of a row written for a topic or a standing
	suggestions = 3
)

// choice is a department with what speaks for it.
type choice struct {
	department string
	model      float64
	mapped     float64
	row        *Row
	intent     string // through which the row came
}

func (c *choice) sum() float64 { return c.model + c.mapped }

// Decide says whom the case is put through to. roster must not be nil; m and rules may be.
func Decide(in Case, roster *Roster, m *Map, rules *Rules) Decision {
	c := &in
	choices := weighed(c, roster, m)
	d := Decision{Reasons: make([]string, 0, 4)}
	d.Suggestions = suggested(c, roster, choices)
	rule, remarks := rules.matched(c, roster)
	switch {
	case rule != nil:
		d.Department, d.Confidence, d.By, d.Rule = rule.Department, 1, ByRule, rule.Key
		d.Reasons = append(d.Reasons, fmt.Sprintf("the rule %q says so", named(rule.Name, rule.Key)))
		d.person(c, roster, rule.Person)
	case len(choices) == 0:
		d.operator(roster, "no department is known to deal with this")
	case choices[0].sum() < roster.least(choices[0].department):
		d.Confidence = choices[0].sum()
		d.operator(roster, fmt.Sprintf("not sure enough: %s is likeliest with %d %%", roster.name(choices[0].department), percent(choices[0].sum())))
	default:
		d.follow(c, roster, choices)
		d.Also = also(c, roster, m, choices, d.Department)
		d.person(c, roster, "")
	}
	d.Reasons = append(d.Reasons, remarks...)
	return d
}

func percent(x float64) int { return int(x*100 + 0.5) }

// least is the confidence from which a department gets messages unasked.
func (r *Roster) least(department string) float64 {
	if i, ok := r.department[department]; ok && r.departments[i].Threshold > 0 {
		return r.departments[i].Threshold
	}
	return r.threshold
}

// operator leaves the decision to the operator.
func (d *Decision) operator(roster *Roster, why string) {
	d.Department, d.By = roster.operator, ByOperator
	d.Reasons = append(d.Reasons, why)
}

// follow takes the best choice, or its stand-in while nobody of it is at work. It is the map's as long as the map would
// have said the same.
func (d *Decision) follow(c *Case, roster *Roster, choices []choice) {
	best := &choices[0]
	d.Department, d.Confidence, d.By = best.department, best.sum(), ByModel
	if best.row != nil && !slices.ContainsFunc(choices, func(o choice) bool { return o.mapped > best.mapped }) {
		d.By = ByMap
	}
	name := roster.name(best.department)
	if best.row != nil {
		d.Reasons = append(d.Reasons, fmt.Sprintf("the map gives %s to %s", matter(best.row, best.intent), name))
	}
	if best.model > 0 {
		d.Reasons = append(d.Reasons, fmt.Sprintf("what it says points to %s (%d %%)", name, percent(share(c.Departments, best.department))))
	}
	if r := best.row; r != nil && r.StandIn != "" && r.StandIn != best.department && !roster.open(best.department, c.At) && roster.open(r.StandIn, c.At) {
		d.Department = r.StandIn
		d.Reasons = append(d.Reasons, fmt.Sprintf("nobody of %s is at work; %s stands in", name, roster.name(r.StandIn)))
	}
}

// matter is what a row is about, for people.
func matter(r *Row, intent string) string {
	what := ""
	add := func(s string) {
		if what != "" {
			what += ", "
		}
		what += s
	}
	if r.Topic != "" {
		add("the topic " + r.Topic)
	}
	if r.Standing != "" {
		add("the standing " + r.Standing)
	}
	if r.Intent != "" {
		add("the intent " + intent)
	}
	if r.Language != "" {
		add("the language " + r.Language)
	}
	if what == "" {
		return "everything"
	}
	return what
}

// weighed are the departments that come into question, the likeliest first.
func weighed(c *Case, roster *Roster, m *Map) []choice {
	choices := make([]choice, 0, len(c.Departments)+len(c.Intents))
	at := func(department string) *choice {
		for i := range choices {
			if choices[i].department == department {
				return &choices[i]
			}
		}
		choices = append(choices, choice{department: department})
		return &choices[len(choices)-1]
	}
	say := 0.0 // of the map
	if m != nil && len(m.rows) > 0 {
		say = mapSay * learnedHalf / float64(learnedHalf+max(c.Learned, 0))
		say = heardMap(c, roster, m, say, at)
	}
	for _, s := range c.Departments {
		if roster.has(s.Key) {
			at(s.Key).model += (1 - say) * s.Confidence
		}
	}
	slices.SortFunc(choices, func(a, b choice) int {
		return cmp.Or(cmp.Compare(b.sum(), a.sum()), cmp.Compare(a.department, b.department))
	})
	return choices
}

// heardMap adds what the map says and returns how much of the say it took. A row written for a topic or a standing outweighs the
// model as far as the message is of its intent, and no further: what is left is the other rows' and the model's as ever.
func heardMap(c *Case, roster *Roster, m *Map, say float64, at func(string) *choice) float64 {
	type heard struct {
		row    *Row
		intent string
		share  float64
	}
	var all, narrow float64 // shares: of all intents, and of those with a narrow row
	var rows []heard
	intents := c.Intents
	if len(intents) == 0 {
		intents = []Score{{"", 1}}
	}
	for _, s := range intents {
		if r := m.row(s.Key, c); r != nil && (roster.has(r.Department) || roster.has(r.StandIn)) {
			rows = append(rows, heard{r, s.Key, s.Confidence})
			if r.narrow() {
				narrow += s.Confidence
			}
		}
		all += s.Confidence
	}
	if len(rows) == 0 || all == 0 {
		return 0
	}
	left := 1 - narrowSay*narrow/all
	usual := left * say * min(1, all) // what triage did not name is nobody's
	taken := 0.0
	for _, h := range rows {
		department := h.row.Department
		if !roster.has(department) {
			department = h.row.StandIn
		}
		ch := at(department)
		weight := usual
		if h.row.narrow() {
			weight = narrowSay
		}
		ch.mapped += weight * h.share / all
		taken += weight * h.share / all
		if ch.row == nil {
			ch.row, ch.intent = h.row, h.intent
		}
	}
	if narrow > 0 {
		return taken
	}
	return say
}

// suggested are the likeliest departments, each with whoever would be best.
func suggested(c *Case, roster *Roster, choices []choice) []Suggestion {
	var all []Suggestion
	for i := range choices[:min(len(choices), suggestions)] {
		ch := &choices[i]
		s := Suggestion{Department: ch.department, Confidence: ch.sum(), Why: fmt.Sprintf("%d %% likely", percent(ch.sum()))}
		if best := candidates(c, roster, ch.department, 1); len(best) > 0 && best[0].known() {
			s.Person, s.Why = best[0].Person, s.Why+"; "+best[0].Why
		}
		all = append(all, s)
	}
	return all
}
