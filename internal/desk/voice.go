package desk

import (
	"context"
	"database/sql"

	"switchboard/internal/account"
	"switchboard/internal/contact"
	"switchboard/internal/store"
)

// Voices says as whom the contact of each conversation speaks there: with which of their identities they said the last thing that is
// still there; where nothing is, one on the account's channel, and else the first. Since contacts can be merged a contact's first
// identity may be of another place altogether.
func Voices(ctx context.Context, q store.Queryer, list []Conversation) (map[ConversationID]contact.Identity, error) {
	contacts := make([]contact.ID, 0, len(list))
	for _, c := range list {
		contacts = append(contacts, c.Contact)
	}
	identities, err := contact.IdentitiesOf(ctx, q, contacts)
	if err != nil {
		return nil, err
	}
	of := make(map[contact.ID][]contact.Identity, len(list))
	for _, i := range identities {
		of[i.Contact] = append(of[i.Contact], i)
	}
	out := make(map[ConversationID]contact.Identity, len(list))
	var several []Conversation
	for _, c := range list {
		switch known := of[c.Contact]; len(known) {
		case 0:
		case 1:
			out[c.ID] = known[0]
		default:
			several = append(several, c)
		}
	}
	if len(several) == 0 {
		return out, nil
	}
	said, err := lastVoices(ctx, q, several)
	if err != nil {
		return nil, err
	}
	channels, err := channelsOf(ctx, q)
	for _, c := range several {
		out[c.ID] = voice(of[c.Contact], said[c.ID], channels[c.Account])
	}
	return out, err
}

// voice is the identity that said something, or else one on a channel, or else the first.
func voice(known []contact.Identity, said contact.IdentityID, channel string) contact.Identity {
	best := known[0]
	for k := len(known) - 1; k >= 0; k-- {
		if known[k].ID == said {
			return known[k]
		}
		if known[k].Channel == channel {
			best = known[k]
		}
	}
	return best
}

// lastVoices are the identities that said the last thing that is still there in each conversation.
func lastVoices(ctx context.Context, q store.Queryer, list []Conversation) (map[ConversationID]contact.IdentityID, error) {
	ids := make([]ConversationID, 0, len(list))
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	rows, err := q.QueryContext(ctx, `SELECT c.id, COALESCE((SELECT m.identity FROM message m WHERE m.conversation = c.id AND m.direction = 'in' AND m.deleted_at = 0
		ORDER BY m.at DESC, m.id DESC LIMIT 1), 0) FROM conversation c WHERE c.id IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	out := make(map[ConversationID]contact.IdentityID, len(list))
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var c ConversationID
		var i contact.IdentityID
		err := rows.Scan(&c, &i)
		out[c] = i
		return struct{}{}, err
	})
	return out, err
}

// channelsOf are the channels of the accounts.
func channelsOf(ctx context.Context, q store.Queryer) (map[account.ID]string, error) {
	list, err := account.All(ctx, q)
	out := make(map[account.ID]string, len(list))
	for _, a := range list {
		out[a.ID] = a.Channel
	}
	return out, err
}
