package desk

import (
	"context"

	"switchboard/internal/staff"
)

// AskedRow is something asked of somebody, with the conversation it was asked in.
type AskedRow struct {
	Request
	Row Row
}

// AskedPage is a stretch of what is asked of somebody. Next is "" at its end.
type AskedPage struct {
	Rows []AskedRow
	Next string
}

// AskedOf returns a page of the open requests asked of somebody and of their departments, what is due first first. after is
// the Next of the page before; limit 0 is 50, and 200 the most.
func (d *Desk) AskedOf(ctx context.Context, who staff.Actor, after string, limit int) (p AskedPage, err error) {
	if err := who.Require(staff.Answer); err != nil && !who.Can(staff.SeeAll) {
		return p, err
	}
	if limit <= 0 {
		limit = 50
	}
	limit = min(limit, 200)
	at, err := parseCursor(after)
	if err != nil || who.Role == staff.Agency {
		return p, err
	}
	q := d.Store.Read()
	list, err := requestsAsked(ctx, q, who, at, limit+1)
	if err != nil {
		return p, err
	}
	if len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		p.Next = cursor{last.Due.UnixMicro(), ConversationID(last.ID)}.String()
	}
	ids := make([]ConversationID, 0, len(list))
	for _, r := range list {
		ids = append(ids, r.Conversation)
	}
	conversations, err := conversationsByID(ctx, q, ids)
	if err != nil {
		return p, err
	}
	rows, err := d.rows(ctx, who, conversations)
	if err != nil {
		return p, err
	}
	byID := make(map[ConversationID]Row, len(rows))
	for _, r := range rows {
		byID[r.ID] = r
	}
	for _, r := range list {
		if row, ok := byID[r.Conversation]; ok && Sees(who, row.Conversation) {
			p.Rows = append(p.Rows, AskedRow{r, row})
		}
	}
	return p, nil
}
