package intake

import (
	"context"
	"encoding/json"

	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/routing"
	"switchboard/internal/store"
	"switchboard/internal/topic"
	"switchboard/internal/triage"
)

// recalled is what was found out about conversations when their messages came in: what they ask for, and who knows their
// contacts. A conversation itself keeps only what people see of it.
type recalled struct {
	skills map[desk.ConversationID][]triage.Score
	topics map[desk.ConversationID][]string
	before map[contact.ID]routing.Contacted
	speak  speakers
}

// recall reads it for some conversations, in three statements however many they are.
func recall(ctx context.Context, q store.Queryer, speak speakers, list map[desk.ConversationID]desk.Conversation) (recalled, error) {
	r := recalled{skills: map[desk.ConversationID][]triage.Score{}, before: map[contact.ID]routing.Contacted{}, speak: speak}
	var ids []desk.ConversationID
	var whose []contact.ID
	for id, c := range list {
		ids, whose = append(ids, id), append(whose, c.Contact)
	}
	said, err := desk.LastAssessments(ctx, q, ids)
	if err != nil {
		return r, err
	}
	for id, text := range said {
		var a struct{ Skills []triage.Score }
		if json.Unmarshal([]byte(text), &a) == nil { // what was never assessed asks for nothing
			r.skills[id] = a.Skills
		}
	}
	if r.topics, err = topic.Keys(ctx, q, ids); err != nil {
		return r, err
	}
	people, err := contact.Contacts(ctx, q, unique(whose))
	for _, c := range people {
		if !c.AnsweredBy.IsZero() {
			r.before[c.ID] = routing.Contacted{Person: c.AnsweredBy.String(), At: c.AnsweredAt}
		}
	}
	return r, err
}

// of is what routing needs to know of a conversation to find who of its department should have it.
func (r recalled) of(c desk.Conversation) routing.Case {
	k := routing.Case{Departments: []routing.Score{{Key: c.Department.String(), Confidence: 1}}, Skills: scores(r.skills[c.ID]), Topics: r.topics[c.ID],
		Language: c.Language, Urgency: c.Urgency.String(), Needs: c.Needs, Private: c.Private, Speakers: r.speak.of(c.Account)}
	for _, i := range c.Intents {
		k.Intents = append(k.Intents, routing.Score{Key: i, Confidence: 1})
	}
	if !c.AnsweredBy.IsZero() {
		k.Before = append(k.Before, routing.Contacted{Person: c.AnsweredBy.String(), At: c.AnsweredAt})
	}
	if b, ok := r.before[c.Contact]; ok {
		k.Before = append(k.Before, b)
	}
	return k
}
