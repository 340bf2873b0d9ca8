package desk

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"switchboard/internal/contact"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// inbox reads where the first limit rows after a place stand, from each branch's index, merges them and then loads those that
// are shown.
func inbox(ctx context.Context, q store.Queryer, branches []branch, query Query, after cursor, limit int) ([]Conversation, error) {
	var found []cursor
	for _, b := range branches {
		text, args := query.sql(b, after, limit)
		rows, err := q.QueryContext(ctx, text, args...)
		list, err := store.List(rows, err, func(rows *sql.Rows) (c cursor, err error) { return c, rows.Scan(&c.order, &c.id) })
		if err != nil {
			return nil, err
		}
		found = append(found, list...)
	}
	slices.SortFunc(found, func(a, b cursor) int {
		if query.ByClock {
			return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.id, b.id))
		}
		return cmp.Or(cmp.Compare(b.order, a.order), cmp.Compare(b.id, a.id))
	})
	found = slices.Compact(found)
	found = found[:min(limit, len(found))]
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

// sql writes the query of one branch. Every word of it is ours; what people give is bound.
func (q Query) sql(b branch, after cursor, limit int) (string, []any) {
	var text strings.Builder
	args := slices.Clone(b.args)
	bind := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	order := "last_at"
	if q.ByClock {
		order = "clock_due"
	}
	text.WriteString(`SELECT ` + order + `, id FROM conversation WHERE ` + b.where)
	if !q.Account.IsZero() {
		text.WriteString(` AND account = ` + bind(q.Account))
	}
	if q.Intent != "" {
		text.WriteString(` AND intents LIKE ` + bind(`%"`+like(q.Intent)+`"%`) + ` ESCAPE '\'`)
	}
	if q.Tag != "" {
		text.WriteString(` AND tags LIKE ` + bind(`%`+like(store.JSON(q.Tag))+`%`) + ` ESCAPE '\'`)
	}
	if q.ByClock {
		text.WriteString(` AND clock_due <> 0`)
		if !after.id.IsZero() {
			text.WriteString(` AND (clock_due, id) > (` + bind(after.order) + `, ` + bind(after.id) + `)`)
		}
		text.WriteString(` ORDER BY clock_due, id`)
	} else {
		if !after.id.IsZero() {
			text.WriteString(` AND (last_at, id) < (` + bind(after.order) + `, ` + bind(after.id) + `)`)
		}
		text.WriteString(` ORDER BY last_at DESC, id DESC`)
	}
	text.WriteString(` LIMIT ` + bind(limit))
	return text.String(), args
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
