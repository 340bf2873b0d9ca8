package intake

import (
	"strings"

	"switchboard/internal/desk"
	"switchboard/internal/routing"
	"switchboard/internal/triage"
)

// oneMatter is the share of a message from which it is about that department's matter and no other: most messages are, and
// their sentences are not read one by one.
const oneMatter = 0.9

// partsOf is what triage says of the sentences of a message that may be about several matters: of those that want an answer.
// What goes on with a conversation has an owner already.
func partsOf(j judge, in triage.Input, a triage.Assessment) []routing.Part {
	if len(in.Thread) > 0 || in.Automatic || a.Needs != triage.Must || len(a.Departments) < 2 || a.Departments[0].Confidence >= oneMatter {
		return nil
	}
	var out []routing.Part
	for _, text := range triage.Parts(in.Text) {
		one := in
		one.Text, one.Subject, one.Warning = text, "", ""
		p := j.assess(one)
		if p.Needs == triage.Must {
			out = append(out, routing.Part{Departments: scores(p.Departments), Intents: scores(p.Intents), Topics: p.Topics})
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// askAlso asks the further departments that a conversation just opened concerns. Its owner stays the one there is.
func (b *batch) askAlso(p *piece) {
	for _, a := range p.is.Decision.Also {
		if a.Department == p.is.Department || a.Department == b.judge.staff.Operator().ID {
			continue
		}
		r := b.in.Desk.NewRequest(p.is.ID, 0, desk.Asking{Department: a.Department, Text: "This message also concerns you: " + strings.Join(a.Reasons, "; ")})
		p.is = p.is.Asks(r)
		b.asked = append(b.asked, r)
		b.tell(desk.AskedEntry(r))
	}
}
