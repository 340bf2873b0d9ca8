package policy

import (
	"context"
	"strings"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/routing"
	"switchboard/internal/staff"
)

// Trial says what a rule would have done.
type Trial struct {
	Condition string    // as compiled
	Of        int       // conversations that were looked at
	Matched   int       // of them
	Elsewhere int       // of those that matched, how many another department has now
	Since     time.Time // of the oldest that could be looked at
	Days      int
	Newest    []Tried
	Doubts    []Doubt // about the rule among the others
}

// Tried is a conversation that a rule would have caught.
type Tried struct {
	Conversation desk.ConversationID
	Excerpt      string
	At           time.Time
	Department   staff.DepartmentID // who has it now
	Person       staff.PersonID
	By           string
}

// Bounds of a trial.
const (
	trialDays = 30
	trialMost = 20_000
	trialShow = 50
)

// Try tells which of the last 30 days' conversations a rule would have caught, without keeping anything. c is what is to
// become of the rule of, or of a new one where that is zero.
func (p *Policy) Try(ctx context.Context, who staff.Actor, of RuleID, c RuleChange) (t Trial, err error) {
	if err := who.Require(staff.DepartmentsManage); err != nil {
		return t, err
	}
	in, house, err := p.now(ctx)
	if err != nil {
		return t, err
	}
	if c.Department != nil && !c.Department.IsZero() {
		if _, ok := house.Department(*c.Department); !ok {
			return t, fault.In("department", "choose a department that is there")
		}
	}
	r, err := tried(in.rules, of, c)
	if err != nil {
		return t, err
	}
	rules, err := routing.CompileRules([]routing.Rule{{Key: "rule", Name: r.Name, When: r.Condition}})
	if err != nil {
		return t, compiled(r.Name, r.Condition)
	}
	zone, err := p.zone(ctx)
	if err != nil {
		return t, err
	}
	topics, err := p.onTopics(ctx)
	if err != nil {
		return t, err
	}
	t = Trial{Condition: r.Condition, Days: trialDays, Doubts: trialDoubts(in.rules, r)}
	t.Since, err = eachPast(ctx, p.Store.Read(), p.Now().AddDate(0, 0, -trialDays), trialMost, func(o past) {
		t.Of++
		topics(&o)
		o.from.At = o.opened.In(zone)
		if len(rules.Matches(o.from)) == 0 {
			return
		}
		t.Matched++
		if !r.Department.IsZero() && o.department != r.Department {
			t.Elsewhere++
		}
		if len(t.Newest) >= 2*trialShow { // they come oldest first
			t.Newest = append(t.Newest[:0], t.Newest[trialShow:]...)
		}
		t.Newest = append(t.Newest, Tried{o.conversation, o.excerpt, o.opened, o.department, o.person, o.by})
	})
	t.Newest = newestFirst(t.Newest, trialShow)
	return t, err
}

// newestFirst are the last n of list, turned round.
func newestFirst[T any](list []T, n int) []T {
	out := make([]T, 0, min(n, len(list)))
	for k := len(list) - 1; k >= 0 && len(out) < n; k-- {
		out = append(out, list[k])
	}
	return out
}

// tried is the rule as it would be: only its condition must be whole.
func tried(all []Rule, of RuleID, c RuleChange) (r Rule, err error) {
	r.Place, r.Enabled, r.Name = len(all)+1, true, "this rule"
	for _, o := range all {
		if o.ID == of && !of.IsZero() {
			r = o
		}
	}
	if !of.IsZero() && r.ID.IsZero() {
		return r, noRule()
	}
	if c.Name != nil && strings.TrimSpace(*c.Name) != "" {
		r.Name = strings.TrimSpace(*c.Name)
	}
	switch {
	case c.Form != nil:
		if err := c.Form.Check(); err != nil {
			return r, err
		}
		r.Form, r.Condition = c.Form, c.Form.Expression()
	case c.Condition != nil:
		r.Form, r.Condition = nil, strings.TrimSpace(*c.Condition)
	case of.IsZero():
		return r, fault.In("form", "say what the rule looks for")
	}
	if c.Department != nil {
		r.Department = *c.Department
	}
	if c.Person != nil {
		r.Person = *c.Person
	}
	return r, compiled(r.Name, r.Condition)
}

// trialDoubts are the doubts there would be with r among the others, about it and about those below it.
func trialDoubts(all []Rule, r Rule) (out []Doubt) {
	r.Enabled = true
	var list []Rule
	for _, o := range all {
		if o.ID == r.ID {
			o = r
		}
		list = append(list, o)
	}
	if r.ID.IsZero() {
		list = append(list, r)
	}
	for _, d := range doubts(list) {
		if d.Rule == r.ID || d.Other == r.ID {
			out = append(out, d)
		}
	}
	return out
}

// zone is where the organisation's clock hangs: rules ask for the hour there.
func (p *Policy) zone(ctx context.Context) (*time.Location, error) {
	r, err := p.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	if z, err := time.LoadLocation(r.Organisation().Zone); err == nil {
		return z, nil
	}
	return time.UTC, nil
}
