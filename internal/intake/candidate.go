package intake

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"switchboard/internal/desk"
	"switchboard/internal/routing"
	"switchboard/internal/staff"
	"switchboard/internal/triage"
)

// Candidate is somebody who could be asked or given a conversation; without a person it is the department's queue.
type Candidate struct {
	Department staff.DepartmentID // the operators' of somebody who belongs to none
	Person     staff.PersonID
	Reasons    []string
	Score      float64
	Working    bool
	Load       int
}

// departmentPoints are a department's when it is sure to be meant: as many as its people have for belonging to it, so that
// it comes before those who know no more than that.
const departmentPoints = 2.0

// Candidates finds who could best answer a text, the best first: "who knows about VAT?". It takes free text, and looks at
// everybody who answers, whether they are there or not. of is the conversation it is about: who has answered its contact, its
// language and its account count too. The zero Conversation is none.
func (b *Brain) Candidates(ctx context.Context, text string, of desk.Conversation, limit int) ([]Candidate, error) {
	j, err := b.judge(ctx)
	if err != nil {
		return nil, err
	}
	c := routing.Case{}
	if !of.ID.IsZero() {
		known, err := recall(ctx, b.Store.Read(), j.speak, map[desk.ConversationID]desk.Conversation{of.ID: of})
		if err != nil {
			return nil, err
		}
		all := known.of(of)
		c.Language, c.Before, c.Speakers = all.Language, all.Before, all.Speakers
	}
	a := j.assess(triage.Input{Text: strings.TrimSpace(text), Private: true})
	c.Departments, c.Intents, c.Skills, c.Topics, c.Learned, c.At = scores(a.Departments), scores(a.Intents), scores(a.Skills), a.Topics, a.Learned, j.at
	out := b.people(j, c)
	for _, s := range a.Departments {
		d, ok := j.staff.Department(department(s.Key))
		if !ok {
			continue
		}
		out = append(out, Candidate{Department: d.ID, Reasons: []string{fmt.Sprintf("what it says points to %s (%.0f %%)", d.Name, 100*s.Confidence)},
			Score: departmentPoints * s.Confidence, Working: j.staff.Calendar(d.ID).Open(b.Now())})
	}
	slices.SortStableFunc(out, func(x, y Candidate) int { return cmp.Compare(y.Score, x.Score) })
	return out[:min(limit, len(out))], nil
}

// people are those for whom something speaks, of all who answer.
func (b *Brain) people(j judge, c routing.Case) (out []Candidate) {
	b.mu.Lock()
	h, learned := b.held, b.skilled
	b.mu.Unlock()
	var departments []routing.Department
	for _, d := range j.staff.Departments() {
		departments = append(departments, routing.Department{Key: d.ID.String(), Name: d.Name})
	}
	var seated []routing.Person
	for _, p := range j.staff.People() {
		seated = append(seated, seats(j.staff, p, h, b.Now())...)
	}
	everybody := routing.NewRoster(j.staff.Operator().ID.String(), 0, departments, seated).Knowing(learned)
	for _, k := range routing.Who(c, everybody) {
		p, _ := j.staff.Person(person(k.Person))
		d := department(k.Department)
		if d.IsZero() {
			d = j.staff.Operator().ID
		}
		out = append(out, Candidate{Department: d, Person: p.ID, Reasons: []string{k.Why}, Score: k.Score,
			Working: j.staff.Working(p, b.Now()), Load: h.loads[p.ID]})
	}
	return out
}
