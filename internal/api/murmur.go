package api

import (
	"context"

	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/writing"
)

// murmur tells the streams of what is not in the journal: that somebody came, went or began to write, to who sees the conversation;
// that a draft changed, to its person. Who misses it loses nothing but a courtesy.
func (h *hub) murmur(ctx context.Context, f *writing.Follower) {
	news, err := f.News(ctx)
	if err != nil || len(news) == 0 {
		if err != nil && ctx.Err() == nil {
			h.s.Log.Warn("the live feed could not read who is writing", "error", err)
		}
		return
	}
	ids := make([]desk.ConversationID, 0, len(news))
	for _, c := range news {
		ids = append(ids, c.Conversation)
	}
	owners, err := h.s.Desk.Owners(ctx, ids)
	if err != nil {
		h.s.Log.Warn("the live feed could not read whose conversations these are", "error", err)
		return
	}
	events := make([]*event, len(news))
	for k, c := range news {
		name := "presence"
		if c.Draft {
			name = "draft"
		}
		events[k] = &event{data: "event: " + name + "\ndata: {\"conversation\":\"" + c.Conversation.String() + "\"}\n\n"}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for st := range h.streams {
		st.hear(news, events, owners)
	}
}

// hear puts murmurs into the queue of a stream, as far as its person may know and there is room.
func (st *stream) hear(news []writing.Change, events []*event, owners map[desk.ConversationID]desk.Conversation) {
	st.mu.Lock()
	any := false
	for k, c := range news {
		if mayHear(st.who, c, owners) && !st.reload && len(st.queue) < mostQueued/2 {
			st.queue, any = append(st.queue, events[k]), true
		}
	}
	st.mu.Unlock()
	if any {
		st.poke()
	}
}

// mayHear reports whether somebody may know of a change: of a draft, its person; of what another does, who sees the conversation.
func mayHear(who staff.Actor, c writing.Change, owners map[desk.ConversationID]desk.Conversation) bool {
	if c.Draft {
		return !who.Person.IsZero() && who.Person == c.Person
	}
	o, ok := owners[c.Conversation]
	return ok && who.Person != c.Person && desk.Sees(who, o)
}
