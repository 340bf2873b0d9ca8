package policy

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/routing"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// RuleID is the id of a Rule.
type RuleID = id.Of[Rule]

// Rule is something that must be certain: what its condition holds for goes to its department, and to its person if that
// one is there. The first that matches wins over the others and over map and model.
type Rule struct {
	ID         RuleID             `json:"id"`
	Version    int                `json:"version"` // rises with each change
	Place      int                `json:"place"`   // its order, from 1
	Name       string             `json:"name"`
	Condition  string             `json:"condition"`
	Form       *Form              `json:"form,omitempty"` // nil: the condition was written by hand
	Department staff.DepartmentID `json:"department"`
	Person     staff.PersonID     `json:"person,omitzero"`
	Enabled    bool               `json:"enabled"`
	ChangedBy  staff.PersonID     `json:"changedBy,omitzero"`
	ChangedAt  time.Time          `json:"changedAt"`
}

// RuleChange is what is to become of a rule; nil leaves as it is. A Form makes the condition anew; a Condition alone is one
// written by hand, which no form shows.
type RuleChange struct {
	Name       *string
	Form       *Form
	Condition  *string
	Department *staff.DepartmentID
	Person     *staff.PersonID // zero: the department's queue
	Enabled    *bool
	Why        string
	Version    int // the version that was changed; 0: whichever there is
}

// RuleVersion is one step in a rule's history.
type RuleVersion struct {
	Rule Rule
	Deed string // made, changed, switched on, switched off, moved, removed
	Why  string
	By   staff.PersonID
	At   time.Time
}

// mostRules is how many rules there can be: each is asked for every message.
const mostRules = 200

// How many steps the patterns of rules may have (routing.PatternSteps). All of them may be taken at each letter of each message,
// while others wait for the database. Rules from before these limits, and what they allow, go on as they are.
const (
	ruleSteps = 100 // of one rule
	allSteps  = 800 // of all that are on
)

// Ruled are the rules as somebody sees them.
type Ruled struct {
	Rules  []Rule
	Doubts []Doubt
}

// Rules returns all rules in their order, with what is doubtful about them.
func (p *Policy) Rules(ctx context.Context, who staff.Actor) (Ruled, error) {
	if err := who.Require(staff.SeeAll); err != nil {
		return Ruled{}, err
	}
	in, err := p.InForce(ctx)
	if err != nil {
		return Ruled{}, err
	}
	r, err := p.Staff.Roster(ctx)
	if err != nil {
		return Ruled{}, err
	}
	return Ruled{Rules: slices.Clone(in.rules), Doubts: slices.Concat(doubts(in.rules), gone(in.rules, r), slow(in.rules))}, nil
}

// gone says which rules name somebody who is no more.
func gone(rules []Rule, r *staff.Roster) (out []Doubt) {
	for _, k := range rules {
		if _, ok := r.Department(k.Department); !ok {
			out = append(out, Doubt{Rule: k.ID, Says: "its department is no more: the rule is passed over until it names another"})
			continue
		}
		if p, ok := r.Person(k.Person); !k.Person.IsZero() && (!ok || p.State != staff.Active) {
			out = append(out, Doubt{Rule: k.ID, Says: "its person is no more: what it catches goes to the department"})
		}
	}
	return out
}

// with is r after c, checked.
func (r Rule) with(c RuleChange, house *staff.Roster) (Rule, error) {
	var err error
	before := r.Condition
	if c.Name != nil {
		if r.Name, err = line("name", *c.Name, 80); err != nil {
			return r, err
		}
	}
	if r.Name == "" {
		return r, fault.In("name", "give the rule a name: it stands in the reasons of what it decides")
	}
	if c.Form != nil {
		if err := c.Form.Check(); err != nil {
			return r, err
		}
		r.Form, r.Condition = c.Form, c.Form.Expression()
	} else if c.Condition != nil {
		r.Form, r.Condition = nil, strings.TrimSpace(*c.Condition)
	}
	if c.Form != nil || c.Condition != nil || r.Condition == "" {
		if err := compiled(r.Name, r.Condition); err != nil {
			return r, err
		}
		if r.Condition != before && routing.PatternSteps(r.Condition) > ruleSteps {
			return r, fault.In("condition", "its patterns are too long: shorten them, write smaller numbers, or make several rules of it; for words take says()")
		}
	}
	if c.Department != nil {
		r.Department = *c.Department
	}
	if c.Person != nil {
		r.Person = *c.Person
	}
	if c.Enabled != nil {
		r.Enabled = *c.Enabled
	}
	return r, r.target(c, house)
}

// quick refuses r, which was as was or is new, where the patterns of all rules would become too many by it.
func (r Rule) quick(was Rule, all []Rule) error {
	more := r.steps()
	if more == 0 || more <= was.steps() {
		return nil
	}
	for _, o := range all {
		if o.ID != r.ID {
			more += o.steps()
		}
	}
	if more > allSteps {
		return fault.In("condition", "the rules that are on have too many patterns together, and each message would wait for them: take says() for words, or switch a rule with patterns off first")
	}
	return nil
}

// steps are those that r's patterns may take at each letter of a message.
func (r Rule) steps() int {
	if !r.Enabled {
		return 0
	}
	return routing.PatternSteps(r.Condition)
}

// slow says which rules have longer patterns than a new one may have.
func slow(rules []Rule) (out []Doubt) {
	for _, r := range rules {
		if r.steps() > ruleSteps {
			out = append(out, Doubt{Rule: r.ID, Says: "its patterns are longer than they may be by now: it goes on as it is, but every message waits for it; shorten them, or use says() for words"})
		}
	}
	return out
}

// target checks to whom a rule sends.
func (r Rule) target(c RuleChange, house *staff.Roster) error {
	if c.Department == nil && c.Person == nil && !r.Department.IsZero() {
		return nil // as it was: a rule that names somebody gone can still be switched off
	}
	if _, ok := house.Department(r.Department); !ok {
		return fault.In("department", "choose a department that is there")
	}
	if r.Person.IsZero() {
		return nil
	}
	who, ok := house.Person(r.Person)
	if !ok || who.State != staff.Active || !slices.Contains(who.Departments, r.Department) {
		return fault.In("person", "choose somebody who works in that department, or nobody")
	}
	return nil
}

// AddRule makes a rule; it stands last and is on unless the change says otherwise.
func (p *Policy) AddRule(ctx context.Context, who staff.Actor, c RuleChange) (r Rule, err error) {
	if err := who.Require(staff.DepartmentsManage); err != nil {
		return r, err
	}
	house, why, err := p.ready(ctx, c.Why)
	if err != nil {
		return r, err
	}
	err = p.change(ctx, func(tx *store.Tx) error {
		all, err := rules(ctx, tx)
		if err != nil {
			return err
		}
		if len(all) >= mostRules {
			return fault.Newf(fault.Conflict, "there are %d rules already: remove some first", mostRules)
		}
		r = Rule{ID: id.Next[Rule](p.Store.IDs), Enabled: true, Place: len(all) + 1}
		if r, err = r.with(c, house); err != nil {
			return err
		}
		if err := r.quick(Rule{}, all); err != nil {
			return err
		}
		return p.keep(ctx, tx, who, &r, "made", why)
	})
	return r, err
}

// ready is what a change needs before its transaction.
func (p *Policy) ready(ctx context.Context, why string) (*staff.Roster, string, error) {
	why, err := line("why", why, 500)
	if err != nil {
		return nil, "", err
	}
	house, err := p.Staff.Roster(ctx)
	return house, why, err
}

// keep writes a rule as its next version and tells of it.
func (p *Policy) keep(ctx context.Context, tx *store.Tx, who staff.Actor, r *Rule, deed, why string) error {
	r.Version++
	r.ChangedBy, r.ChangedAt = who.Person, p.Now().UTC()
	if err := saveRule(ctx, tx, *r, deed == "removed"); err != nil {
		return err
	}
	if err := addRuleVersion(ctx, tx, RuleVersion{*r, deed, why, who.Person, r.ChangedAt}); err != nil {
		return err
	}
	return tell(ctx, tx, who, journal.RuleChanged, journal.About("rule", r.ID), "name", r.Name, "deed", deed, "why", why, "version", r.Version,
		"condition", r.Condition, "department", r.Department, "person", r.Person, "enabled", r.Enabled, "place", r.Place)
}

// ChangeRule changes a rule.
func (p *Policy) ChangeRule(ctx context.Context, who staff.Actor, of RuleID, c RuleChange) (r Rule, err error) {
	if err := who.Require(staff.DepartmentsManage); err != nil {
		return r, err
	}
	house, why, err := p.ready(ctx, c.Why)
	if err != nil {
		return r, err
	}
	err = p.change(ctx, func(tx *store.Tx) error {
		was, all, err := find(ctx, tx, of)
		if err != nil {
			return err
		}
		if c.Version != 0 && c.Version != was.Version {
			return fault.New(fault.Conflict, "somebody else has changed this rule meanwhile: look at it again")
		}
		if r, err = was.with(c, house); err != nil {
			return err
		}
		if err := r.quick(was, all); err != nil {
			return err
		}
		deed := "changed"
		if c.Enabled != nil && c.Name == nil && c.Form == nil && c.Condition == nil && c.Department == nil && c.Person == nil {
			deed = map[bool]string{true: "switched on", false: "switched off"}[r.Enabled]
		}
		return p.keep(ctx, tx, who, &r, deed, why)
	})
	return r, err
}

// RemoveRule ends a rule. Its history stays.
func (p *Policy) RemoveRule(ctx context.Context, who staff.Actor, of RuleID, why string) error {
	if err := who.Require(staff.DepartmentsManage); err != nil {
		return err
	}
	_, why, err := p.ready(ctx, why)
	if err != nil {
		return err
	}
	return p.change(ctx, func(tx *store.Tx) error {
		r, all, err := find(ctx, tx, of)
		if err != nil {
			return err
		}
		if err := p.keep(ctx, tx, who, &r, "removed", why); err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(o Rule) bool { return o.ID == of })
		return placed(ctx, tx, all)
	})
}

// OrderRules puts the rules in the order of list, which names each of them once.
func (p *Policy) OrderRules(ctx context.Context, who staff.Actor, list []RuleID, why string) error {
	if err := who.Require(staff.DepartmentsManage); err != nil {
		return err
	}
	_, why, err := p.ready(ctx, why)
	if err != nil {
		return err
	}
	return p.change(ctx, func(tx *store.Tx) error {
		all, err := rules(ctx, tx)
		if err != nil {
			return err
		}
		have := map[RuleID]Rule{}
		for _, r := range all {
			have[r.ID] = r
		}
		ordered := make([]Rule, 0, len(list))
		for _, of := range list {
			r, ok := have[of]
			if !ok {
				return fault.New(fault.Conflict, "the rules have changed meanwhile: look at them again, then put them in order")
			}
			delete(have, of)
			ordered = append(ordered, r)
		}
		if len(have) > 0 {
			return fault.New(fault.Conflict, "the order must name each rule once: look at them again")
		}
		for k := range ordered {
			if ordered[k].Place == k+1 {
				continue
			}
			ordered[k].Place = k + 1
			if err := p.keep(ctx, tx, who, &ordered[k], "moved", why); err != nil {
				return err
			}
		}
		return nil
	})
}

// RuleHistory returns what became of a rule, the newest first.
func (p *Policy) RuleHistory(ctx context.Context, who staff.Actor, of RuleID) ([]RuleVersion, error) {
	if err := who.Require(staff.SeeAll); err != nil {
		return nil, err
	}
	list, err := ruleVersions(ctx, p.Store.Read(), of, 200)
	if err == nil && len(list) == 0 {
		err = noRule()
	}
	return list, err
}

func find(ctx context.Context, tx *store.Tx, of RuleID) (Rule, []Rule, error) {
	all, err := rules(ctx, tx)
	if err != nil {
		return Rule{}, nil, err
	}
	k := slices.IndexFunc(all, func(r Rule) bool { return r.ID == of })
	if k < 0 {
		return Rule{}, nil, noRule()
	}
	return all[k], all, nil
}

func noRule() error { return fault.New(fault.NotFound, "there is no such rule here") }

// routable are the rules that are on, as routing takes them.
func routable(rules []Rule) (out []routing.Rule) {
	for _, r := range rules {
		if r.Enabled {
			out = append(out, routing.Rule{Key: r.ID.String(), Name: r.Name, When: r.Condition, Department: r.Department.String(), Person: r.Person.String()})
		}
	}
	return out
}

// line is s as one line of at most most characters, without blanks around it.
func line(field, s string, most int) (string, error) {
	s = strings.TrimSpace(s)
	switch {
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unseemly):
		return "", fault.In(field, "leave out line breaks and invisible characters")
	case utf8.RuneCountInString(s) > most:
		return "", fault.In(field, fmt.Sprintf("that is too long: %d characters are the most", most))
	}
	return s, nil
}

func unseemly(r rune) bool {
	return unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029 || r == 0xFEFF
}
