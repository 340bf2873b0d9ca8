package policy

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// nthNewest is the n-th newest conversation from an id on, zero if there are fewer.
func nthNewest(ctx context.Context, q store.Queryer, from desk.ConversationID, n int) (id desk.ConversationID, err error) {
	err = q.QueryRowContext(ctx, `SELECT id FROM conversation WHERE id >= $1 ORDER BY id DESC LIMIT 1 OFFSET $2`, from, n-1).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, err
}

// pasts returns conversations from an id on, each with the message that opened it.
func pasts(ctx context.Context, q store.Queryer, from desk.ConversationID, limit int) ([]read, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT c.id, c.opened_at, c.private, c.department, c.person, c.decision, c.view, c.tags,
			(SELECT COALESCE(MIN(j.at), 0) FROM journal j WHERE j.conversation = c.id AND j.conversation <> 0 AND j.what = 'claimed'),
			(SELECT COALESCE(MIN(d.created_at), 0) FROM delivery d WHERE d.conversation = c.id AND d.state <> 'cancelled'),
			COALESCE(m.kind, ''), COALESCE(m.subject, ''), SUBSTR(COALESCE(m.body, ''), 1, $3), COALESCE(m.assessment, ''),
			CASE WHEN m.kind = 'review' THEN m.rest ELSE '' END,
			COALESCE(i.followers, 0), COALESCE(i.handle, ''), COALESCE(a.handle, ''), COALESCE(a.channel, ''),
			COALESCE(k.standings, ''), COALESCE(k.answered_by, 0), COALESCE(k.answered_at, 0)
		FROM (SELECT id, account, contact, opened_at, private, department, person, decision, view, tags
			FROM conversation WHERE id >= $1 ORDER BY id LIMIT $2) c
		LEFT JOIN message m ON m.id = (SELECT f.id FROM message f WHERE f.conversation = c.id AND f.direction = 'in' ORDER BY f.at, f.id LIMIT 1)
		LEFT JOIN identity i ON i.id = m.identity
		LEFT JOIN account a ON a.id = c.account
		LEFT JOIN contact k ON k.id = c.contact
		ORDER BY c.id`, from, limit, text)
	return store.List(rows, err, scanPast)
}

func scanPast(rows *sql.Rows) (r read, err error) {
	var w raw
	c := &r.from
	err = rows.Scan(&r.conversation, store.Time(&r.opened), store.Truth(&c.Private), &r.department, &r.person, store.Parse(&w.decision), &w.view, &w.tags,
		store.Time(&w.claimed), store.Time(&w.answered), &c.Kind, &w.subject, &w.body, &w.assessment, &w.rest,
		&c.Followers, &c.Handle, &c.Account, &c.Channel, store.Parse(&w.standings), &w.answeredBy, store.Time(&w.answeredAt))
	if err == nil {
		r.fill(w)
	}
	return r, err
}

// handlings returns how long answers took since a time, by department: of the newest most conversations, those that were
// claimed and answered.
func handlings(ctx context.Context, q store.Queryer, since time.Time, most int) (map[staff.DepartmentID][]time.Duration, error) {
	type took struct {
		department staff.DepartmentID
		time       time.Duration
	}
	rows, err := q.QueryContext(ctx, `
		SELECT c.department,
			(SELECT COALESCE(MIN(j.at), 0) FROM journal j WHERE j.conversation = c.id AND j.conversation <> 0 AND j.what = 'claimed'),
			(SELECT COALESCE(MIN(d.created_at), 0) FROM delivery d WHERE d.conversation = c.id AND d.state <> 'cancelled')
		FROM (SELECT id, department FROM conversation WHERE id >= $1 AND answered_at <> 0 ORDER BY id DESC LIMIT $2) c`, sinceID(since), most)
	list, err := store.List(rows, err, func(rows *sql.Rows) (t took, err error) {
		var claimed, answered time.Time
		err = rows.Scan(&t.department, store.Time(&claimed), store.Time(&answered))
		t.time = handled(claimed, answered)
		return t, err
	})
	out := map[staff.DepartmentID][]time.Duration{}
	for _, t := range list {
		if t.time > 0 {
			out[t.department] = append(out[t.department], t.time)
		}
	}
	return out, err
}
