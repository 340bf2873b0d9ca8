package advice

import (
	"context"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/store"
)

// kept is an answer as the database keeps it.
type kept struct {
	message      desk.MessageID
	conversation desk.ConversationID
	model        string
	Answer
	took time.Duration
	at   time.Time
}

// add keeps an answer; false when the message has one.
func add(ctx context.Context, tx *store.Tx, k kept) (bool, error) {
	r, err := tx.ExecContext(ctx, `INSERT INTO advice (message, conversation, model, intent, departments, needs, urgency, millis, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`, k.message, k.conversation, k.model, k.Intent, store.JSON(k.Departments),
		k.Needs, k.Urgency, k.took.Milliseconds(), store.Micros(k.at))
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}
