package api

import (
	"context"
	"database/sql"

	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/store"
)

// contactNames returns the names of the contacts of conversations that have been found to be for the caller's eyes.
func (s *Server) contactNames(ctx context.Context, list []desk.ConversationID) (map[desk.ConversationID]string, error) {
	out := make(map[desk.ConversationID]string, len(list))
	if len(list) == 0 {
		return out, nil
	}
	rows, err := s.Store.Read().QueryContext(ctx, `SELECT conversation.id, contact.name FROM conversation JOIN contact ON contact.id = conversation.contact
		WHERE conversation.id IN (`+store.In(1, len(list))+`)`, store.Pad(list)...)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var c desk.ConversationID
		var name string
		err := rows.Scan(&c, &name)
		if contact.Visible(name) {
			out[c] = name
		}
		return struct{}{}, err
	})
	return out, err
}
