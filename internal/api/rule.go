package api

import (
	"context"
	"time"

	"switchboard/internal/policy"
	"switchboard/internal/staff"
)

// Rule is something that must be certain: what its condition holds for goes to its department.
type Rule struct {
	ID         string       `json:"id"`
	Version    int          `json:"version"`
	Place      int          `json:"place" doc:"Its order, from 1: the first that matches wins."`
	Name       string       `json:"name"`
	Condition  string       `json:"condition" doc:"An expression: says(\"recall\") and language == \"fr\"."`
	Form       *policy.Form `json:"form,omitempty" doc:"What the condition was built from. Absent: it was written by hand."`
	Department Ref          `json:"department"`
	Person     *Ref         `json:"person,omitempty"`
	Enabled    bool         `json:"enabled"`
	ChangedBy  *Ref         `json:"changedBy,omitempty"`
	ChangedAt  time.Time    `json:"changedAt"`
	Doubts     []string     `json:"doubts" nullable:"false" doc:"What is doubtful about it: never reached, contradicts another, names somebody who is no more."`
	Can        []string     `json:"can" nullable:"false" doc:"manage, or nothing."`
}

// RuleVersion is one step in a rule's history.
type RuleVersion struct {
	Version int       `json:"version"`
	Deed    string    `json:"deed" doc:"made, changed, switched on, switched off, moved or removed."`
	Why     string    `json:"why"`
	By      *Ref      `json:"by,omitempty"`
	At      time.Time `json:"at"`
	Rule    Rule      `json:"rule" doc:"As it was then."`
}

// Trial is what a rule would have done.
type Trial struct {
	Condition string    `json:"condition"`
	Of        int       `json:"of" doc:"Conversations that began in this time and were looked at."`
	Matched   int       `json:"matched"`
	Elsewhere int       `json:"elsewhere" doc:"Of those that matched, how many another department has now."`
	Days      int       `json:"days"`
	Since     time.Time `json:"since" doc:"When there were very many: of the oldest that was looked at."`
	Items     []Tried   `json:"items" nullable:"false" doc:"The newest 50."`
	Doubts    []string  `json:"doubts" nullable:"false" doc:"What would be doubtful about it among the other rules."`
}

// Tried is a conversation that a rule would have caught.
type Tried struct {
	Conversation string    `json:"conversation"`
	Excerpt      string    `json:"excerpt"`
	At           time.Time `json:"at"`
	Department   Ref       `json:"department" doc:"Who has it now."`
	Person       *Ref      `json:"person,omitempty"`
	By           string    `json:"by" doc:"What decided that: rule, map, model, operator or person."`
}

func maybePerson(r *staff.Roster, of staff.PersonID) *Ref {
	if of.IsZero() {
		return nil
	}
	return ptr(refPerson(r, of))
}

func showRule(r *staff.Roster, who staff.Actor, k policy.Rule, doubts []policy.Doubt) Rule {
	v := Rule{ID: k.ID.String(), Version: k.Version, Place: k.Place, Name: k.Name, Condition: k.Condition, Form: k.Form, Department: refDepartment(r, k.Department),
		Person: maybePerson(r, k.Person), Enabled: k.Enabled, ChangedBy: maybePerson(r, k.ChangedBy), ChangedAt: k.ChangedAt, Doubts: []string{}, Can: []string{}}
	for _, d := range doubts {
		if d.Rule == k.ID {
			v.Doubts = append(v.Doubts, d.Says)
		}
	}
	if who.Can(staff.DepartmentsManage) {
		v.Can = append(v.Can, "manage")
	}
	return v
}

func (s *Server) getRules(ctx context.Context, _ *struct{}) (*body[items[Rule]], error) {
	list, err := s.Policy.Rules(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Rule, 0, len(list.Rules))
	for _, k := range list.Rules {
		out = append(out, showRule(r, who(ctx), k, list.Doubts))
	}
	return all(out, nil)
}

// ruleBody is what can be said of a rule; what is left out stays as it is.
type ruleBody struct {
	Name       *string             `json:"name,omitempty" maxLength:"80"`
	Form       *policy.Form        `json:"form,omitempty" doc:"Makes the condition anew."`
	Condition  *string             `json:"condition,omitempty" maxLength:"2000" doc:"Written by hand; a form goes before it."`
	Department *staff.DepartmentID `json:"department,omitempty"`
	Person     *staff.PersonID     `json:"person,omitempty" doc:"Somebody of the department; an empty text: its queue."`
	Enabled    *bool               `json:"enabled,omitempty"`
	Version    int                 `json:"version,omitempty" minimum:"0" doc:"The version that was changed: another one is refused (409)."`
	Why        string              `json:"why,omitempty" maxLength:"500" doc:"Stands in the history."`
}

func (b ruleBody) change() policy.RuleChange {
	return policy.RuleChange{Name: b.Name, Form: b.Form, Condition: b.Condition, Department: b.Department, Person: b.Person, Enabled: b.Enabled, Why: b.Why, Version: b.Version}
}

type newRule struct{ Body ruleBody }

func (s *Server) postRule(ctx context.Context, in *newRule) (*body[Rule], error) {
	k, err := s.Policy.AddRule(ctx, who(ctx), in.Body.change())
	return s.oneRule(ctx, k, err)
}

func (s *Server) oneRule(ctx context.Context, k policy.Rule, err error) (*body[Rule], error) {
	if err != nil {
		return nil, err
	}
	list, err := s.Policy.Rules(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	return answer(showRule(r, who(ctx), k, list.Doubts), err)
}

// RulePath names a rule.
type RulePath struct {
	ID ref[policy.Rule] `path:"id"`
}

type ruleForm struct {
	RulePath
	Body ruleBody
}

func (s *Server) patchRule(ctx context.Context, in *ruleForm) (*body[Rule], error) {
	k, err := s.Policy.ChangeRule(ctx, who(ctx), in.ID.Of, in.Body.change())
	return s.oneRule(ctx, k, err)
}

type removeRule struct {
	RulePath
	Why string `query:"why" maxLength:"500" doc:"Stands in the history."`
}

func (s *Server) deleteRule(ctx context.Context, in *removeRule) (*none, error) {
	return done(s.Policy.RemoveRule(ctx, who(ctx), in.ID.Of, in.Why))
}

type rulesOrder struct {
	Body struct {
		Rules []policy.RuleID `json:"rules" maxItems:"200" doc:"Each rule once, in the order they are asked."`
		Why   string          `json:"why,omitempty" maxLength:"500"`
	}
}

func (s *Server) putRulesOrder(ctx context.Context, in *rulesOrder) (*body[items[Rule]], error) {
	if err := s.Policy.OrderRules(ctx, who(ctx), in.Body.Rules, in.Body.Why); err != nil {
		return nil, err
	}
	return s.getRules(ctx, nil)
}

func (s *Server) getRuleHistory(ctx context.Context, in *RulePath) (*body[items[RuleVersion]], error) {
	list, err := s.Policy.RuleHistory(ctx, who(ctx), in.ID.Of)
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]RuleVersion, 0, len(list))
	for _, v := range list {
		out = append(out, RuleVersion{Version: v.Rule.Version, Deed: v.Deed, Why: v.Why, By: maybePerson(r, v.By), At: v.At, Rule: showRule(r, staff.Actor{}, v.Rule, nil)})
	}
	return all(out, nil)
}

type ruleTrial struct {
	Body struct {
		Rule       policy.RuleID       `json:"rule,omitempty" doc:"The rule this is a change of; absent: a new one."`
		Name       string              `json:"name,omitempty" maxLength:"80"`
		Form       *policy.Form        `json:"form,omitempty"`
		Condition  *string             `json:"condition,omitempty" maxLength:"2000" doc:"Written by hand; a form goes before it."`
		Department *staff.DepartmentID `json:"department,omitempty"`
	}
}

func (s *Server) postRuleTrial(ctx context.Context, in *ruleTrial) (*body[Trial], error) {
	b := in.Body
	t, err := s.Policy.Try(ctx, who(ctx), b.Rule, policy.RuleChange{Name: &b.Name, Form: b.Form, Condition: b.Condition, Department: b.Department})
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	out := Trial{Condition: t.Condition, Of: t.Of, Matched: t.Matched, Elsewhere: t.Elsewhere, Days: t.Days, Since: t.Since, Items: []Tried{}, Doubts: []string{}}
	for _, k := range t.Newest {
		out.Items = append(out.Items, Tried{k.Conversation.String(), k.Excerpt, k.At, refDepartment(r, k.Department), maybePerson(r, k.Person), k.By})
	}
	for _, d := range t.Doubts {
		if d.Rule == b.Rule {
			out.Doubts = append(out.Doubts, d.Says)
		} else {
			out.Doubts = append(out.Doubts, "a rule below would never be reached: "+d.Says)
		}
	}
	return answer(out, nil)
}
