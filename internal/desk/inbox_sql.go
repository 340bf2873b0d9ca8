package desk

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"switchboard/internal/account"
	"switchboard/internal/contact"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// find reads where the first limit rows after a place stand, from each branch's index, and merges them. Of each branch it
// examines at most so many rows; where that did not do, end is how far all branches were looked at, and nothing after it is
// returned. The zero end says that limit was reached or that there is no more.
func find(ctx context.Context, q store.Queryer, branches []branch, query Query, after cursor, limit, examine int) (found []cursor, end cursor, err error) {
	for _, b := range branches {
		text, args := query.sql(b, after, limit, examine)
		list, err := places(q.QueryContext(ctx, text, args...))
		if err != nil {
			return nil, end, err
		}
		found = append(found, list...)
		if !query.picky() || len(list) == limit {
			continue
		}
		text, args = query.last(b, after, examine)
		list, err = places(q.QueryContext(ctx, text, args...))
		if err != nil {
			return nil, end, err
		}
		if len(list) == 1 && (end.id.IsZero() || query.compare(list[0], end) < 0) {
			end = list[0]
		}
	}
	slices.SortFunc(found, query.compare)
	found = slices.Compact(found)
	if !end.id.IsZero() {
		found = slices.DeleteFunc(found, func(c cursor) bool { return query.compare(c, end) > 0 })
	}
	return found[:min(limit, len(found))], end, nil
}

func places(rows *sql.Rows, err error) ([]cursor, error) {
	return store.List(rows, err, func(rows *sql.Rows) (c cursor, err error) { return c, rows.Scan(&c.order, &c.id) })
}

// loaded returns the conversations at some places, in their order.
func loaded(ctx context.Context, q store.Queryer, found []cursor) ([]Conversation, error) {
	ids := make([]ConversationID, len(found))
	for k, c := range found {
		ids[k] = c.id
	}
	list, err := conversationsByID(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[ConversationID]Conversation, len(list))
	for _, c := range list {
		byID[c.ID] = c
	}
	out := make([]Conversation, 0, len(list))
	for _, id := range ids {
		if c, ok := byID[id]; ok {
			out = append(out, c)
		}
	}
	return out, nil
}

// compare says which of two places comes first in a list.
func (q Query) compare(a, b cursor) int {
	if q.Order == Newest {
		a, b = b, a
	}
	return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.id, b.id))
}

// What cannot wait comes first, each urgency in a span of its own, and in it what is due first; at its end what has no clock.
const (
	urgencySpan = 1 << 52
	noClock     = urgencySpan - 1
)

// priority is as the index conversation_priority has it.
const priority = `((2 - urgency) * 4503599627370496 + CASE WHEN clock_due = 0 THEN 4503599627370495 ELSE clock_due END)`

// statement is SQL being written: every word of it is ours; what people give is bound.
type statement struct {
	strings.Builder
	args []any
}

func (s *statement) bind(v any) string {
	s.args = append(s.args, v)
	return "$" + strconv.Itoa(len(s.args))
}

// stretch writes the rows of a branch after a place, in order. What is left out of the end is a LIMIT.
func (q Query) stretch(s *statement, columns string, b branch, after cursor) {
	s.args = slices.Clone(b.args)
	if b.still {
		q.stillStretch(s, columns, b, after)
		return
	}
	order := map[Order]string{ByClock: "clock_due", ByPriority: priority}[q.Order]
	if order == "" {
		order = "last_at"
	}
	s.WriteString(`SELECT ` + order + ` AS place, id` + columns + ` FROM conversation WHERE ` + b.where)
	if q.Order == ByClock {
		s.WriteString(` AND clock_due <> 0`)
	}
	if !q.Since.IsZero() && (q.Order == Newest || q.Order == Oldest) {
		s.WriteString(` AND last_at >= ` + s.bind(store.Micros(q.Since)))
	}
	than, direction := ` > (`, ``
	if q.Order == Newest {
		than, direction = ` < (`, ` DESC`
	}
	if !after.id.IsZero() {
		s.WriteString(` AND (` + order + `, id)` + than + s.bind(after.order) + `, ` + s.bind(after.id) + `)`)
	}
	s.WriteString(` ORDER BY ` + order + direction + `, id` + direction)
}

// stillStretch is stretch for what has no clock: all of it stands in one place, in the order of the ids.
func (q Query) stillStretch(s *statement, columns string, b branch, after cursor) {
	s.WriteString(`SELECT ` + strconv.FormatInt(noClock, 10) + ` AS place, id` + columns + ` FROM conversation WHERE ` + b.where)
	if after.order >= noClock {
		s.WriteString(` AND id > ` + s.bind(after.id))
	}
	s.WriteString(` ORDER BY id`)
}

// filtered are the columns that conditions ask of beside place and id.
const filtered = `, account, contact, intents, urgency, language, tags, asked, last_message, last_at`

// sql writes the query of one branch: the rows that fit, among the first so many.
func (q Query) sql(b branch, after cursor, limit, examine int) (string, []any) {
	s := &statement{}
	if !q.picky() {
		q.stretch(s, "", b, after)
		s.WriteString(` LIMIT ` + s.bind(limit))
		return s.String(), s.args
	}
	in := &statement{}
	q.stretch(in, filtered, b, after)
	s.args = in.args
	s.WriteString(`SELECT place, id FROM (` + in.String() + ` LIMIT ` + s.bind(examine) + `) c WHERE 1 = 1`)
	q.conditions(s)
	direction := map[bool]string{true: ` DESC`}[q.Order == Newest]
	s.WriteString(` ORDER BY place` + direction + `, id` + direction + ` LIMIT ` + s.bind(limit))
	return s.String(), s.args
}

// last writes the query of the last row that sql examined, when there were so many.
func (q Query) last(b branch, after cursor, examine int) (string, []any) {
	s := &statement{}
	q.stretch(s, "", b, after)
	s.WriteString(` LIMIT 1 OFFSET ` + s.bind(examine-1))
	return s.String(), s.args
}

// conditions writes what no index answers.
func (q Query) conditions(s *statement) {
	if !q.Account.IsZero() {
		s.WriteString(` AND account = ` + s.bind(q.Account))
	}
	if q.Channel != "" {
		s.WriteString(` AND account IN (SELECT id FROM account WHERE channel = ` + s.bind(q.Channel) + `)`)
	}
	if q.Intent != "" {
		s.WriteString(` AND intents LIKE ` + s.bind(`%"`+like(q.Intent)+`"%`) + ` ESCAPE '\'`)
	}
	if q.Topic != "" {
		s.WriteString(` AND EXISTS (SELECT 1 FROM conversation_topic t WHERE t.conversation = c.id AND t.topic = ` + s.bind(q.Topic) + ` AND t.removed = 0)`)
	}
	if q.Language != "" {
		s.WriteString(` AND language = ` + s.bind(q.Language))
	}
	if q.Standing != "" {
		s.WriteString(` AND EXISTS (SELECT 1 FROM contact k WHERE k.id = c.contact AND k.standings LIKE ` + s.bind(`%`+like(store.JSON(q.Standing))+`%`) + ` ESCAPE '\')`)
	}
	if q.Urgency != "" {
		s.WriteString(` AND urgency = ` + s.bind(int(UrgencyOf(q.Urgency))))
	}
	if q.Tag != "" {
		s.WriteString(` AND tags LIKE ` + s.bind(`%`+like(store.JSON(q.Tag))+`%`) + ` ESCAPE '\'`)
	}
	if !q.Since.IsZero() {
		s.WriteString(` AND last_at >= ` + s.bind(store.Micros(q.Since)))
	}
	if q.Asked {
		s.WriteString(` AND asked <> ''`)
	}
	if q.Unread {
		s.WriteString(` AND NOT EXISTS (SELECT 1 FROM reading r WHERE r.person = ` + s.bind(q.reader) + ` AND r.conversation = c.id AND r.message >= c.last_message)`)
	}
}

// fitting is the question which of some conversations q's filter fits.
func (q Query) fitting(ids []ConversationID) (string, []any) {
	s := &statement{args: store.Pad(ids)}
	s.WriteString(`SELECT id FROM conversation c WHERE id IN (` + store.In(1, len(ids)) + `)`)
	q.conditions(s)
	return s.String(), s.args
}

// filtering are those of some conversations that q's filter fits.
func filtering(ctx context.Context, r store.Queryer, q Query, ids []ConversationID) (map[ConversationID]bool, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	text, args := q.fitting(ids)
	rows, err := r.QueryContext(ctx, text, args...)
	list, err := store.List(rows, err, scanConversationID)
	out := make(map[ConversationID]bool, len(list))
	for _, id := range list {
		out[id] = true
	}
	return out, err
}

// accountsOn are the accounts of a channel.
func accountsOn(ctx context.Context, q store.Queryer, channel string) ([]account.ID, error) {
	rows, err := q.QueryContext(ctx, `SELECT id FROM account WHERE channel = $1`, channel)
	return store.List(rows, err, func(rows *sql.Rows) (id account.ID, err error) { return id, rows.Scan(&id) })
}

// like escapes what has a meaning in LIKE.
func like(s string) string { return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) }

func conversation(ctx context.Context, q store.Queryer, id ConversationID) (Conversation, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+conversationColumns+` FROM conversation WHERE id = $1`, id)
	return store.One(rows, err, scanConversation, noConversation().Error())
}

func conversationsOf(ctx context.Context, q store.Queryer, c contact.ID, limit int) ([]Conversation, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+conversationColumns+` FROM conversation WHERE contact = $1 ORDER BY id DESC LIMIT $2`, c, limit)
	return store.List(rows, err, scanConversation)
}

// ownersOf returns conversations with nothing but what Sees asks.
func ownersOf(ctx context.Context, q store.Queryer, ids []ConversationID) (map[ConversationID]Conversation, error) {
	out := make(map[ConversationID]Conversation, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT id, department, person, asked, promised FROM conversation WHERE id IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var c Conversation
		err := rows.Scan(&c.ID, &c.Department, &c.Person, store.Parse(&c.Asked), store.Parse(&c.Promised))
		out[c.ID] = c
		return struct{}{}, err
	})
	return out, err
}

// Place is a place in a queue; the zero Place is its beginning.
type Place struct {
	at int64
	id ConversationID
}

// Queue returns up to limit open conversations of a department that nobody has, the longest waiting first, and the place after them.
func Queue(ctx context.Context, q store.Queryer, d staff.DepartmentID, after Place, limit int) (ids []ConversationID, next Place, err error) {
	rows, err := q.QueryContext(ctx, `SELECT last_at, id FROM conversation WHERE department = $1 AND person = 0 AND view = 'open'
		AND (last_at, id) > ($2, $3) ORDER BY last_at, id LIMIT $4`, d, after.at, after.id, limit)
	list, err := store.List(rows, err, func(rows *sql.Rows) (p Place, err error) { return p, rows.Scan(&p.at, &p.id) })
	for _, p := range list {
		ids, next = append(ids, p.id), p
	}
	return ids, next, err
}
