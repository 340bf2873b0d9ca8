package intake

import (
	"context"

	"switchboard/internal/desk"
	"switchboard/internal/insight"
	"switchboard/internal/staff"
	"switchboard/internal/triage"
)

// least is from which confidence each department gets messages unasked, as far as its verdicts say; others have routing's.
func (b *Brain) least(ctx context.Context, r *staff.Roster) map[staff.DepartmentID]insight.Least {
	if b.Insight == nil {
		return nil
	}
	return b.Insight.Thresholds(ctx, r)
}

// verdictOf is what is thought of a conversation that has just been put through.
func verdictOf(c desk.Conversation, m desk.MessageID, a triage.Assessment) insight.Verdict {
	v := insight.Verdict{Conversation: c.ID, Message: m, Account: c.Account, At: c.OpenedAt, Decided: c.Department, Holder: c.Department,
		By: c.Decision.By, Rule: c.Decision.Rule}
	if len(a.Departments) > 0 {
		v.Model, v.ModelConfidence = department(a.Departments[0].Key), a.Departments[0].Confidence
	}
	if len(a.Intents) > 0 {
		v.Intent, v.IntentSure = a.Intents[0].Key, a.Intents[0].Confidence
	}
	for k, s := range c.Decision.Suggestions[:min(len(c.Decision.Suggestions), len(v.Likely))] {
		v.Likely[k] = s.Department
		if k == 0 {
			v.Confidence = s.Confidence
		}
	}
	return v
}
