package intake

import (
	"context"

	"switchboard/internal/staff"
)

// policed is j with the company's topics and rules, and its responsibility map where it has set one: what the departments state counts
// until then. What is in force is asked each time, as it costs nothing while it has not changed; so a rule counts from the
// next message on.
func (b *Brain) policed(ctx context.Context, j judge) (judge, error) {
	if b.Topics != nil {
		var err error
		if j.topics, err = b.Topics.Matcher(ctx); err != nil {
			return j, err
		}
	}
	if b.Policy == nil {
		return j, nil
	}
	in, err := b.Policy.InForce(ctx)
	if err != nil {
		return j, err
	}
	j.rules = in.Rules
	if in.Map != nil {
		j.rmap = in.Map
	}
	return j, nil
}

// Thresholds are the confidences from which departments get messages unasked, where they are not the usual one.
func (b *Brain) Thresholds(ctx context.Context) (map[staff.DepartmentID]float64, error) {
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	out := map[staff.DepartmentID]float64{}
	for d, l := range b.least(ctx, r) {
		out[d] = l.At
	}
	return out, nil
}
