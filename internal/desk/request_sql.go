package desk

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

const requestColumns = `id, conversation, from_person, department, person, body, due_at, at, state, answer, ended_by, ended_at,
	shows, message, mail, way, next, stand_in, stand_in_of`

func scanRequest(rows *sql.Rows) (r Request, err error) {
	return r, rows.Scan(&r.ID, &r.Conversation, &r.From, &r.Department, &r.Person, &r.Text, store.Time(&r.Due), store.Time(&r.At), &r.State,
		&r.Answer, &r.EndedBy, store.Time(&r.EndedAt), &r.Shows, &r.Message, store.Truth(&r.Mail), &r.Way, &r.Next, &r.StandIn, &r.StandInOf)
}

// AddRequests keeps new requests. Their conversations must say so too: see Conversation.Asks.
func AddRequests(ctx context.Context, tx *store.Tx, list []Request) error {
	rows := make([][]any, 0, len(list))
	for _, r := range list {
		rows = append(rows, []any{r.ID, r.Conversation, r.From, r.Department, r.Person, r.Text, store.Micros(r.Due), store.Micros(r.At), string(r.State),
			r.Answer, r.EndedBy, store.Micros(r.EndedAt), string(r.Shows), r.Message, store.Bool(r.Mail), r.Way, r.Next, r.StandIn, r.StandInOf})
	}
	return tx.Insert(ctx, "request", requestColumns, "", rows)
}

func request(ctx context.Context, q store.Queryer, id RequestID) (Request, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+requestColumns+` FROM request WHERE id = $1`, id)
	return store.One(rows, err, scanRequest, noRequest().Error())
}

// requestsOf returns the newest limit requests of a conversation, oldest first.
func requestsOf(ctx context.Context, q store.Queryer, c ConversationID, limit int) ([]Request, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+requestColumns+` FROM (SELECT `+requestColumns+` FROM request
		WHERE conversation = $1 ORDER BY id DESC LIMIT $2) newest ORDER BY id`, c, limit)
	return store.List(rows, err, scanRequest)
}

func endRequest(ctx context.Context, tx *store.Tx, r Request) error {
	_, err := tx.ExecContext(ctx, `UPDATE request SET state = $1, answer = $2, ended_by = $3, ended_at = $4, way = $5, next = $6 WHERE id = $7`,
		string(r.State), r.Answer, r.EndedBy, store.Micros(r.EndedAt), r.Way, r.Next, r.ID)
	return err
}

// withdrawAll withdraws what is still asked in a conversation that was closed at a time: nobody waits for it any more.
func withdrawAll(ctx context.Context, tx *store.Tx, c ConversationID, at time.Time) error {
	const why = "the conversation was closed"
	list, err := requestsOf(ctx, tx, c, timelineLimit)
	if err != nil {
		return err
	}
	var told []journal.Entry
	for _, r := range list {
		if r.State != RequestOpen {
			continue
		}
		r.State, r.Answer, r.EndedAt = RequestWithdrawn, why, at
		if err := endRequest(ctx, tx, r); err != nil {
			return err
		}
		e := endedEntry(journal.RequestWithdrawn, r)
		e.Who, e.Conversation = journal.Machine, int64(c)
		told = append(told, e)
	}
	return journal.Write(ctx, tx, told...)
}

// moveRequests asks what was asked of a department of another one, and of nobody by name.
func moveRequests(ctx context.Context, tx *store.Tx, from, to staff.DepartmentID) error {
	_, err := tx.ExecContext(ctx, `UPDATE request SET department = $1, person = 0 WHERE department = $2 AND state = 'open'`, to, from)
	return err
}

// freeRequests asks what was asked of a person of their department as a whole.
func freeRequests(ctx context.Context, tx *store.Tx, p staff.PersonID) error {
	_, err := tx.ExecContext(ctx, `UPDATE request SET person = 0 WHERE person = $1 AND person <> 0 AND state = 'open'`, p)
	return err
}

// countAsked is in how many conversations something is asked of somebody or their departments.
func countAsked(ctx context.Context, q store.Queryer, who staff.Actor) (n int, err error) {
	args := append([]any{who.Person}, store.Pad(who.Departments)...)
	in := store.In(2, len(who.Departments))
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT conversation FROM request WHERE person = $1 AND person <> 0 AND state = 'open'
		UNION SELECT conversation FROM request WHERE stand_in = $1 AND stand_in <> 0 AND state = 'open'
		UNION SELECT conversation FROM request WHERE department IN (`+in+`) AND state = 'open'
		UNION SELECT conversation FROM request WHERE stand_in_of <> 0 AND stand_in_of IN (`+in+`) AND state = 'open') asked`, args...).Scan(&n)
	return n, err
}
