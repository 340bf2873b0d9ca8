package intake

import (
	"slices"
	"strings"

	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/routing"
	"switchboard/internal/staff"
)

// decideAnew decides whom a conversation is for whose contact begins something new in it. It stays where it was when nothing is
// sure enough, and with whom it was when the decision is their department's.
func (b *batch) decideAnew(p *piece, c routing.Case, by desk.MessageID) error {
	d, err := b.decide(c)
	if err != nil {
		return err
	}
	given := d.Person
	if _, there := b.judge.staff.Department(p.is.Department); there && d.By == "operator" {
		d.Department, d.Person, d.Reasons = p.is.Department, 0, append(d.Reasons, "it stays where it was")
	}
	same := d.Department == p.is.Department
	if same && b.in.Desk.House.Answers(p.is.Person) && (d.By != "rule" || d.Person.IsZero()) {
		d.Person = p.is.Person
	}
	if d.Person != given {
		took(b.judge.roster, key(given), c.Urgency, -1)
		took(b.judge.roster, key(d.Person), c.Urgency, 1)
	}
	d = ruled(d)
	d.Message = by
	if same && d.Person == p.is.Person {
		p.is.Decision.Ruled, p.is.Decision.Message = d.Ruled, by
		return nil
	}
	b.move(p, d)
	return nil
}

// decideAgain decides about a conversation as if the words that decided it had been these from the beginning. Nobody has taken it.
func (b *batch) decideAgain(p *piece, c routing.Case, by desk.MessageID) error {
	d, err := b.decide(c)
	if err != nil {
		return err
	}
	if d.Message = by; d.Department != p.is.Department {
		b.move(p, ruled(d))
		return nil
	}
	took(b.judge.roster, key(d.Person), c.Urgency, -1)
	return nil
}

// move puts a conversation through to where a new decision says.
func (b *batch) move(p *piece, d desk.Decision) {
	was := p.is
	p.is = p.is.PutAnew(d, b.in.Desk.House.Terms(d.Department), b.now)
	b.putThrough(p, was)
	b.askAlso(p)
}

// rule has the rules asked of what is said in a conversation that is open: they win over everything, once each. What lies in a
// queue by the machine's decision is put through as they say. Nothing is taken from whoever is at work on it, nor from where a
// person has put it: the rule's department is asked beside them.
func (b *batch) rule(p *piece, c routing.Case) error {
	if !b.judge.rules.Match(c) {
		return nil
	}
	d, err := b.decide(c)
	if err != nil {
		return err
	}
	had := p.is.Decision.Ruled
	held := !p.is.Person.IsZero() || p.is.Decision.By == "person"
	same := d.Department == p.is.Department
	moves := !held && !(same && d.Person.IsZero())
	if d.By != "rule" || slices.Contains(had, d.Rule) || !moves {
		took(b.judge.roster, key(d.Person), c.Urgency, -1)
	}
	if d.By != "rule" || slices.Contains(had, d.Rule) {
		return nil
	}
	had = append(slices.Clone(had), d.Rule)
	switch was := p.is; {
	case moves:
		p.is.Decision = d
		p.is = p.is.Owned(d.Department, d.Person, b.in.Desk.House.Terms(d.Department), b.now)
		b.putThrough(p, was)
	case !same && !slices.ContainsFunc(p.is.Asked, func(a desk.Asked) bool { return a.Department == d.Department }):
		r := b.in.Desk.NewRequest(p.is.ID, 0, desk.Asking{Department: d.Department, Text: "What the contact has written now concerns you: " + strings.Join(d.Reasons, "; ")})
		p.is = p.is.Asks(r)
		b.asked = append(b.asked, r)
		b.tell(desk.AskedEntry(r))
	}
	p.is.Decision.Ruled = had
	return nil
}

// key is how routing knows a person; "" for nobody.
func key(p staff.PersonID) string {
	if p.IsZero() {
		return ""
	}
	return p.String()
}

// ruled is d with the rule that made it, if one did, among those that have had their say.
func ruled(d desk.Decision) desk.Decision {
	if d.Ruled = nil; d.Rule != "" {
		d.Ruled = []string{d.Rule}
	}
	return d
}

// putThrough tells whom a conversation went to that was another's.
func (b *batch) putThrough(p *piece, was desk.Conversation) {
	d := p.is.Decision
	b.tell(journal.Entry{What: journal.PutThrough, Conversation: int64(p.is.ID), Data: journal.Data("from", was.Department, "fromPerson", was.Person,
		"department", p.is.Department, "person", p.is.Person, "by", d.By, "confidence", d.Confidence, "reasons", d.Reasons)})
}
