package board

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

const incidentColumns = `id, kind, what, state, started_at, last_at, ended_at, ended_by, department, person, usual, seen`

func scanIncident(rows *sql.Rows) (i Incident, err error) {
	var state string
	err = rows.Scan(&i.ID, &i.Key.Kind, &i.Key.What, &state, store.Time(&i.StartedAt), store.Time(&i.LastAt), store.Time(&i.EndedAt), &i.EndedBy,
		&i.Department, &i.Person, &i.Usual, &i.Seen)
	i.Open = state == "open"
	return i, err
}

// incidents returns those that are open, and those that began since a time.
func incidents(ctx context.Context, q store.Queryer, since time.Time) ([]Incident, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+incidentColumns+` FROM incident WHERE state = 'open'
		UNION SELECT `+incidentColumns+` FROM incident WHERE started_at >= $1 ORDER BY 4 DESC, 5 DESC LIMIT 50`, store.Micros(since))
	return store.List(rows, err, scanIncident)
}

func openIncidents(ctx context.Context, q store.Queryer) ([]Incident, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+incidentColumns+` FROM incident WHERE state = 'open' ORDER BY id`)
	return store.List(rows, err, scanIncident)
}

func incident(ctx context.Context, q store.Queryer, of IncidentID) (Incident, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+incidentColumns+` FROM incident WHERE id = $1`, of)
	return store.One(rows, err, scanIncident, none)
}

// addIncident stores a new incident; false when one about the same is open already, perhaps found by another node.
func addIncident(ctx context.Context, tx *store.Tx, i Incident) (bool, error) {
	done, err := tx.ExecContext(ctx, `INSERT INTO incident (`+incidentColumns+`) VALUES ($1, $2, $3, 'open', $4, $5, 0, 0, 0, 0, $6, $7)
		ON CONFLICT (kind, what) WHERE state = 'open' DO NOTHING`, i.ID, string(i.Key.Kind), i.Key.What, store.Micros(i.StartedAt), store.Micros(i.LastAt), i.Usual, i.Seen)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// join adds conversations to an open incident.
func join(ctx context.Context, tx *store.Tx, of IncidentID, list []int64, at time.Time) error {
	rows := make([][]any, len(list))
	for k, c := range list {
		rows[k] = []any{of, c, store.Micros(at)}
	}
	if err := tx.Insert(ctx, "incident_conversation", "incident, conversation, at", "ON CONFLICT (incident, conversation) DO NOTHING", rows); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE incident SET last_at = $2 WHERE id = $1 AND last_at < $2`, of, store.Micros(at))
	return err
}

func takeIncident(ctx context.Context, tx *store.Tx, of IncidentID, d staff.DepartmentID, p staff.PersonID) error {
	_, err := tx.ExecContext(ctx, `UPDATE incident SET department = $2, person = $3 WHERE id = $1`, of, d, p)
	return err
}

// endIncident ends one; false when it had ended.
func endIncident(ctx context.Context, tx *store.Tx, of IncidentID, by staff.PersonID, at time.Time) (bool, error) {
	done, err := tx.ExecContext(ctx, `UPDATE incident SET state = 'ended', ended_at = $2, ended_by = $3 WHERE id = $1 AND state = 'open'`, of, store.Micros(at), by)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// mostShown is how many conversations of an incident are shown, the newest.
const mostShown = 500

// conversationsOf returns conversations of an incident: first those that are somebody's or their departments', of these those that are open.
func conversationsOf(ctx context.Context, q store.Queryer, who staff.Actor, of IncidentID) ([]desk.ConversationID, error) {
	args := append(append([]any{of, mostShown}, store.Pad(who.Departments)...), who.Person)
	rows, err := q.QueryContext(ctx, `SELECT c.id FROM incident_conversation i JOIN conversation c ON c.id = i.conversation WHERE i.incident = $1
		ORDER BY CASE WHEN c.department IN (`+store.In(3, len(who.Departments))+`) OR c.person <> 0 AND c.person = `+store.In(len(args), 1)+` THEN 0 ELSE 1 END,
			CASE WHEN c.view = 'open' THEN 0 ELSE 1 END, c.id DESC LIMIT $2`, args...)
	return store.List(rows, err, func(rows *sql.Rows) (c desk.ConversationID, err error) { return c, rows.Scan(&c) })
}

// notClosedOf returns the conversations of an incident that are not closed, mostShown at a time by their ids, those after one.
func notClosedOf(ctx context.Context, q store.Queryer, of IncidentID, after desk.ConversationID) ([]desk.ConversationID, error) {
	rows, err := q.QueryContext(ctx, `SELECT c.id FROM incident_conversation i JOIN conversation c ON c.id = i.conversation
		WHERE i.incident = $1 AND i.conversation > $2 AND c.state <> 'closed' ORDER BY i.conversation LIMIT $3`, of, after, mostShown)
	return store.List(rows, err, func(rows *sql.Rows) (c desk.ConversationID, err error) { return c, rows.Scan(&c) })
}

// countIn counts those of some conversations that are part of an incident.
func countIn(ctx context.Context, q store.Queryer, of IncidentID, cases []int64) (n int, err error) {
	if len(cases) == 0 {
		return 0, nil
	}
	args := append([]any{of}, store.Pad(cases)...)
	return n, q.QueryRowContext(ctx, `SELECT count(*) FROM incident_conversation WHERE incident = $1 AND conversation IN (`+store.In(2, len(cases))+`)`, args...).Scan(&n)
}

// countOf counts the conversations of an incident that somebody may see by their departments or as their owner.
func countOf(ctx context.Context, q store.Queryer, who staff.Actor, of IncidentID) (all, open int, err error) {
	const text = `SELECT count(*), COALESCE(sum(CASE WHEN c.view = 'open' THEN 1 ELSE 0 END), 0) FROM incident_conversation i JOIN conversation c ON c.id = i.conversation WHERE i.incident = $1`
	if who.Can(staff.SeeAll) {
		err = q.QueryRowContext(ctx, text, of).Scan(&all, &open)
		return all, open, err
	}
	args := append(append([]any{of}, store.Pad(who.Departments)...), who.Person)
	err = q.QueryRowContext(ctx, text+` AND (c.department IN (`+store.In(2, len(who.Departments))+`) OR c.person <> 0 AND c.person = `+store.In(len(args), 1)+`)`, args...).Scan(&all, &open)
	return all, open, err
}

// said is a message as the detector wants it.
type said struct {
	at           time.Time
	conversation int64
	post         string
	text         string
	topics       []string
}

// sayings returns what contacts said, by the ids of the messages, in their order.
func sayings(ctx context.Context, q store.Queryer, ids []desk.MessageID) ([]said, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT m.received_at, m.conversation, CASE WHEN c.private = 0 AND c.messages > 0 AND m.parent <> '' THEN c.thread ELSE '' END, m.subject, m.body
		FROM message m JOIN conversation c ON c.id = m.conversation WHERE m.id IN (`+store.In(1, len(ids))+`) AND m.direction = 'in' AND m.deleted_at = 0 ORDER BY m.id`, store.Pad(ids)...)
	list, err := store.List(rows, err, func(rows *sql.Rows) (s said, err error) {
		var subject string
		err = rows.Scan(store.Time(&s.at), &s.conversation, &s.post, &subject, &s.text)
		s.text = subject + " " + s.text
		return s, err
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var of []int64
	for _, s := range list {
		of = append(of, s.conversation)
	}
	rows, err = q.QueryContext(ctx, `SELECT conversation, topic FROM conversation_topic WHERE removed = 0 AND conversation IN (`+store.In(1, len(of))+`)`, store.Pad(of)...)
	topics := map[int64][]string{}
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var c int64
		var t string
		err := rows.Scan(&c, &t)
		topics[c] = append(topics[c], t)
		return struct{}{}, err
	})
	for k := range list {
		list[k].topics = topics[list[k].conversation]
	}
	return list, err
}

// heardSince returns the messages of the last while, the oldest first, at most so many.
func heardSince(ctx context.Context, q store.Queryer, from desk.MessageID, limit int) ([]desk.MessageID, error) {
	rows, err := q.QueryContext(ctx, `SELECT id FROM (SELECT id FROM message WHERE id >= $1 ORDER BY id DESC LIMIT $2) newest ORDER BY id`, from, limit)
	return store.List(rows, err, func(rows *sql.Rows) (m desk.MessageID, err error) { return m, rows.Scan(&m) })
}
