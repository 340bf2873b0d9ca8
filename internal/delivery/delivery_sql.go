package delivery

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

const columns = `id, key, conversation, account, parent, person, approved_by, private, subject, body, content, state, reason, then_state,
	tries, fence, lease_until, due_at, started_at, created_at, sent_at, ended_at, remote_id, url, message, thread, part`

func scan(rows *sql.Rows) (d Delivery, err error) {
	err = rows.Scan(&d.ID, &d.Key, &d.Conversation, &d.Account, &d.Parent, &d.Author, &d.ApprovedBy, store.Truth(&d.Private), &d.Subject, &d.Text,
		store.Parse(&d.Content), &d.State, &d.Reason, &d.Then, &d.Tries, &d.Fence, store.Time(&d.LeaseUntil), store.Time(&d.DueAt),
		store.Time(&d.StartedAt), store.Time(&d.CreatedAt), store.Time(&d.SentAt), store.Time(&d.EndedAt), &d.RemoteID, &d.URL, &d.Message, &d.Thread, &d.Part)
	return d, err
}

func add(ctx context.Context, tx *store.Tx, d Delivery) error {
	return tx.Insert(ctx, "delivery", columns, "", [][]any{{d.ID, d.Key, d.Conversation, d.Account, d.Parent, d.Author, d.ApprovedBy, store.Bool(d.Private),
		d.Subject, d.Text, store.JSON(d.Content), string(d.State), d.Reason, string(d.Then), d.Tries, d.Fence, store.Micros(d.LeaseUntil),
		store.Micros(d.DueAt), store.Micros(d.StartedAt), store.Micros(d.CreatedAt), store.Micros(d.SentAt), store.Micros(d.EndedAt), d.RemoteID, d.URL, d.Message,
		d.Thread, d.Part}})
}

func save(ctx context.Context, tx *store.Tx, d Delivery) error {
	_, err := tx.ExecContext(ctx, `UPDATE delivery SET approved_by = $2, content = $3, state = $4, reason = $5, tries = $6, fence = $7, lease_until = $8,
		due_at = $9, started_at = $10, sent_at = $11, ended_at = $12, remote_id = $13, url = $14, message = $15, parent = $16 WHERE id = $1`,
		d.ID, d.ApprovedBy, store.JSON(d.Content), string(d.State), d.Reason, d.Tries, d.Fence, store.Micros(d.LeaseUntil), store.Micros(d.DueAt),
		store.Micros(d.StartedAt), store.Micros(d.SentAt), store.Micros(d.EndedAt), d.RemoteID, d.URL, d.Message, d.Parent)
	return err
}

const none = "there is no such message on its way"

func one(ctx context.Context, q store.Queryer, id ID) (Delivery, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM delivery WHERE id = $1`, id)
	return store.One(rows, err, scan, none)
}

// lock is one, to be changed in tx.
func lock(ctx context.Context, tx *store.Tx, id ID) (Delivery, error) {
	query := `SELECT ` + columns + ` FROM delivery WHERE id = $1`
	if tx.Dialect() == store.Postgres {
		query += ` FOR UPDATE`
	}
	rows, err := tx.QueryContext(ctx, query, id)
	return store.One(rows, err, scan, none)
}

// sentAs returns what the far side gave an id when it was sent, to be changed in tx. What is not sent is not locked: who sends it
// holds it, and waits for its conversation.
func sentAs(ctx context.Context, tx *store.Tx, a account.ID, remoteID string) ([]Delivery, error) {
	query := `SELECT ` + columns + ` FROM delivery WHERE account = $1 AND remote_id = $2 AND remote_id <> '' AND state = 'sent' ORDER BY id`
	if tx.Dialect() == store.Postgres {
		query += ` FOR UPDATE`
	}
	rows, err := tx.QueryContext(ctx, query, a, remoteID)
	return store.List(rows, err, scan)
}

// Of returns a conversation's deliveries, the newest 200, oldest first.
func Of(ctx context.Context, q store.Queryer, c desk.ConversationID) ([]Delivery, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM (SELECT `+columns+` FROM delivery WHERE conversation = $1 AND conversation <> 0
		ORDER BY id DESC LIMIT 200) newest ORDER BY id`, c)
	return store.List(rows, err, scan)
}

// posts returns deliveries that answer nothing, by author or as one of accounts, the newest first; before is an id, or zero.
func posts(ctx context.Context, q store.Queryer, author staff.PersonID, accounts []account.ID, before ID, limit int) ([]Delivery, error) {
	last := int64(before)
	if last == 0 {
		last = 1<<63 - 1
	}
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM delivery WHERE conversation = 0 AND id < $1 AND (person = $2 AND person <> 0 OR account IN (`+
		store.In(4, len(accounts))+`)) ORDER BY id DESC LIMIT $3`, append([]any{last, author, limit}, store.Pad(accounts)...)...)
	return store.List(rows, err, scan)
}

// inState returns deliveries in a state that waits for people, the newest first.
func inState(ctx context.Context, q store.Queryer, s State, limit int) ([]Delivery, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM delivery WHERE state = $1 AND state IN ('held', 'unknown', 'failed') ORDER BY id DESC LIMIT $2`, string(s), limit)
	return store.List(rows, err, scan)
}

// lapsed returns deliveries whose worker has not been heard of for as long as its lease.
func lapsed(ctx context.Context, q store.Queryer, now time.Time, limit int) ([]Delivery, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM delivery WHERE state = 'sending' AND state IN ('queued', 'sending') AND lease_until < $1 LIMIT $2`, store.Micros(now), limit)
	return store.List(rows, err, scan)
}

// overdue returns queued deliveries whose time was before t: their job must have been lost. A part that waits for the one before it
// has none.
func overdue(ctx context.Context, q store.Queryer, t time.Time, limit int) ([]Delivery, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM delivery WHERE state = 'queued' AND state IN ('queued', 'sending') AND due_at < $1
		AND NOT EXISTS (SELECT 1 FROM delivery earlier WHERE delivery.part > 1 AND earlier.thread = delivery.thread AND earlier.part = delivery.part - 1 AND earlier.state <> 'sent')
		ORDER BY due_at LIMIT $2`, store.Micros(t), limit)
	return store.List(rows, err, scan)
}

// onTheWay returns deliveries that are queued or being sent.
func onTheWay(ctx context.Context, q store.Queryer, limit int) ([]Delivery, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM delivery WHERE state IN ('queued', 'sending') ORDER BY due_at LIMIT $1`, limit)
	return store.List(rows, err, scan)
}

// queuedBy returns what somebody wrote and what is queued, to be changed in tx.
func queuedBy(ctx context.Context, tx *store.Tx, p staff.PersonID) ([]Delivery, error) {
	query := `SELECT ` + columns + ` FROM delivery WHERE person = $1 AND state = 'queued' AND state IN ('queued', 'sending') ORDER BY id`
	if tx.Dialect() == store.Postgres {
		query += ` FOR UPDATE`
	}
	rows, err := tx.QueryContext(ctx, query, p)
	return store.List(rows, err, scan)
}

// Pending are the numbers of an account's health page.
type Pending struct{ Queued, Held, Unknown, Failed int }

// Waiting returns how many deliveries have not ended well, by state: held, queued, sending, unknown, failed.
func Waiting(ctx context.Context, q store.Queryer) (map[State]int, error) {
	out := map[State]int{Held: 0, Queued: 0, Sending: 0, Unknown: 0, Failed: 0}
	rows, err := q.QueryContext(ctx, `SELECT state, count(*) FROM delivery WHERE state IN ('held', 'queued', 'sending', 'unknown', 'failed') GROUP BY state`)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var s State
		var n int
		err := rows.Scan(&s, &n)
		out[s] = n
		return struct{}{}, err
	})
	return out, err
}

// PendingOf counts what has not gone out of an account.
func PendingOf(ctx context.Context, q store.Queryer, a account.ID) (p Pending, err error) {
	rows, err := q.QueryContext(ctx, `SELECT state, count(*) FROM delivery WHERE account = $1 AND state IN ('held', 'queued', 'sending', 'unknown', 'failed') GROUP BY state`, a)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var s State
		var n int
		err := rows.Scan(&s, &n)
		switch s {
		case Queued, Sending:
			p.Queued += n
		case Held:
			p.Held = n
		case Unknown:
			p.Unknown = n
		case Failed:
			p.Failed = n
		}
		return struct{}{}, err
	})
	return p, err
}
