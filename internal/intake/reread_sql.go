package intake

import (
	"context"
	"database/sql"
	"math"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/desk"
	"switchboard/internal/store"
)

// seat is a conversation in a round.
type seat struct {
	id      desk.ConversationID
	account account.ID
	lastAt  int64
}

// conversationsFrom returns up to limit conversations of a view in which something was said since a time, from a place on, the
// newest first.
func conversationsFrom(ctx context.Context, q store.Queryer, view string, from place, since time.Time, limit int) ([]seat, error) {
	at, id := from.lastAt, int64(from.conversation)
	switch {
	case from == place{}:
		at = math.MaxInt64
	case from.message != 0: // not done with it
		id++
	}
	rows, err := q.QueryContext(ctx, `SELECT id, account, last_at FROM conversation WHERE view = $1 AND (last_at, id) < ($2, $3) AND last_at >= $4
		ORDER BY last_at DESC, id DESC LIMIT $5`, view, at, id, store.Micros(since), limit)
	return store.List(rows, err, func(rows *sql.Rows) (s seat, err error) { return s, rows.Scan(&s.id, &s.account, &s.lastAt) })
}

// version is what a message said when we last heard of it.
type version struct {
	id       desk.MessageID
	at       int64 // when it was said, in microseconds
	remoteID string
	version  string
}

// saidTo returns up to limit messages of a contact to an account in a conversation, those before one of them (zero: all), the
// newer first.
func saidTo(ctx context.Context, q store.Queryer, a account.ID, c desk.ConversationID, before version, limit int) ([]version, error) {
	if before.id.IsZero() {
		before.at = math.MaxInt64
	}
	rows, err := q.QueryContext(ctx, `SELECT id, at, remote_id, version FROM message WHERE conversation = $1 AND account = $2 AND direction = 'in'
		AND deleted_at = 0 AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5`, c, a, before.at, before.id, limit)
	return store.List(rows, err, func(rows *sql.Rows) (v version, err error) {
		return v, rows.Scan(&v.id, &v.at, &v.remoteID, &v.version)
	})
}
