package advice

import (
	"context"
	"fmt"
	"slices"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// mostSuggestions are shown to the operator.
const mostSuggestions = 3

// suggest writes an answer beside what triage said of a message, and into the suggestions of its conversation. It does
// nothing when a person was faster, or the message has had an answer already.
func (a *Advice) suggest(ctx context.Context, tx *store.Tx, r *staff.Roster, s Settings, id desk.MessageID, said Answer, took time.Duration) error {
	found, err := desk.Messages(ctx, tx, []desk.MessageID{id})
	if err != nil {
		return err
	}
	c, undecided, err := a.undecided(ctx, tx, found[id], r)
	if err != nil || !undecided {
		return err
	}
	first, err := add(ctx, tx, kept{id, c.ID, s.Model, said, took, a.Now()})
	if err != nil || !first {
		return err
	}
	said.Departments = slices.DeleteFunc(said.Departments, func(d staff.DepartmentID) bool { _, there := r.Department(d); return !there })
	is := c
	is.Decision.Suggestions = merged(c.Decision.Suggestions, said.Departments, s.Model)
	if err := desk.Save(ctx, tx, desk.Change{Was: c, Is: is}); err != nil {
		return err
	}
	return journal.Write(ctx, tx, journal.Entry{Who: journal.Machine, What: journal.AdviceGiven, Conversation: int64(c.ID), About: journal.About("message", id),
		Data: journal.Data("model", s.Model, "departments", said.Departments, "intent", said.Intent, "needs", said.Needs, "urgency", said.Urgency,
			"reasons", []string{because(s.Model)}, "milliseconds", took.Milliseconds())})
}

func because(model string) string { return fmt.Sprintf("a language model (%s) suggests it", model) }

// merged are our suggestions with a model's: its likeliest comes first, then ours in their order, then the rest of its own.
// So at least two of ours stay among three, the likeliest always, whatever the model says.
func merged(ours []desk.Suggestion, advised []staff.DepartmentID, model string) []desk.Suggestion {
	out := make([]desk.Suggestion, 0, len(ours)+len(advised))
	of := func(d staff.DepartmentID) desk.Suggestion {
		s := desk.Suggestion{Department: d}
		if k := slices.IndexFunc(ours, func(s desk.Suggestion) bool { return s.Department == d }); k >= 0 {
			s = ours[k]
		}
		s.Reasons = append(slices.Clone(s.Reasons), because(model))
		return s
	}
	there := func(d staff.DepartmentID) bool {
		return slices.ContainsFunc(out, func(s desk.Suggestion) bool { return s.Department == d })
	}
	if len(advised) > 0 {
		out = append(out, of(advised[0]))
	}
	for _, s := range ours {
		switch {
		case there(s.Department):
		case slices.Contains(advised, s.Department):
			out = append(out, of(s.Department))
		default:
			out = append(out, s)
		}
	}
	for _, d := range advised {
		if !there(d) {
			out = append(out, of(d))
		}
	}
	return out[:min(len(out), mostSuggestions)]
}
