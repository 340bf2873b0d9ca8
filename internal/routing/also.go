package routing

import (
	"cmp"
	"fmt"
	"slices"
)

// Part is what triage said of one sentence of a message, where it has several that want an answer.
type Part struct {
	Departments []Score  `json:"departments"`
	Intents     []Score  `json:"intents"`
	Topics      []string `json:"topics,omitempty"`
}

// Also is a further department that a message concerns. It owns nothing: its share is asked of it.
type Also struct {
	Department string  `json:"department"`
	Intent     string  `json:"intent,omitempty"` // of the part; "" when none was named
	Confidence float64 `json:"confidence"`       // for the part
	Why        string  `json:"why"`
}

const (
	mostAlso = 2
	// alsoLeast is the share of the whole message that a further department has at least. A sentence alone can be misread;
	// the message has to say so too.
	alsoLeast = 0.06
)

// also are the further departments of a case that was put through to owner: those that a part of it points to as surely as
// they want to be before anything is put through to them unasked. choices are those of the whole case, the best first.
func also(c *Case, roster *Roster, m *Map, choices []choice, owner string) []Also {
	var out []Also
	for _, p := range c.Parts {
		one := *c
		one.Departments, one.Intents, one.Topics, one.Parts = p.Departments, p.Intents, p.Topics, nil
		of := weighed(&one, roster, m)
		if len(of) == 0 || of[0].sum() < roster.least(of[0].department) {
			continue
		}
		d := of[0].department
		if d == owner || d == roster.operator || d == choices[0].department || // whose stand-in has it is not asked either
			!slices.ContainsFunc(choices, func(k choice) bool { return k.department == d && k.sum() >= alsoLeast }) {
			continue
		}
		a := Also{Department: d, Confidence: of[0].sum(), Why: fmt.Sprintf("a part of it points to %s (%d %%)", roster.name(d), percent(of[0].sum()))}
		if len(p.Intents) > 0 {
			a.Intent = p.Intents[0].Key
			a.Why = fmt.Sprintf("a part of it is about %s and points to %s (%d %%)", a.Intent, roster.name(d), percent(of[0].sum()))
		}
		switch k := slices.IndexFunc(out, func(o Also) bool { return o.Department == d }); {
		case k < 0:
			out = append(out, a)
		case out[k].Confidence < a.Confidence:
			out[k] = a
		}
	}
	slices.SortStableFunc(out, func(a, b Also) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Department, b.Department))
	})
	return out[:min(len(out), mostAlso)]
}
