package desk

import (
	"context"

	"switchboard/internal/staff"
)

// Listed returns rows of the conversations of ids that somebody may see, in that order; the others are left out.
func (d *Desk) Listed(ctx context.Context, who staff.Actor, ids []ConversationID) ([]Row, error) {
	list, err := conversationsByID(ctx, d.Store.Read(), ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[ConversationID]Conversation, len(list))
	for _, c := range list {
		byID[c.ID] = c
	}
	seen := list[:0]
	for _, id := range ids {
		if c, ok := byID[id]; ok && Sees(who, c) {
			seen = append(seen, c)
			delete(byID, id)
		}
	}
	return d.rows(ctx, who, seen)
}
