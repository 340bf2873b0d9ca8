package desk

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/contact"
	"switchboard/internal/fault"
	"switchboard/internal/store"
)

const conversationColumns = `id, account, contact, thread, private, state, department, person, claimed_at, subject, excerpt,
	intents, urgency, needs, language, decision, tags, messages, last_message, last_at, last_in_at, answered_at, answered_by,
	clock, clock_start, clock_warn, clock_due, clock_state, resolve_warn, resolve_due, resolve_state, alarm_at, take_back_at,
	snoozed_until, opened_at, closed_at, view, move_at, leave_at, way, asked, beside, promised`

func scanConversation(rows *sql.Rows) (c Conversation, err error) {
	var alarm time.Time
	var view string
	err = rows.Scan(&c.ID, &c.Account, &c.Contact, &c.Thread, store.Truth(&c.Private), &c.State, &c.Department, &c.Person,
		store.Time(&c.ClaimedAt), &c.Subject, &c.Excerpt, store.Parse(&c.Intents), &c.Urgency, &c.Needs, &c.Language,
		store.Parse(&c.Decision), store.Parse(&c.Tags), &c.Messages, &c.LastMessage, store.Time(&c.LastAt), store.Time(&c.LastInAt),
		store.Time(&c.AnsweredAt), &c.AnsweredBy, &c.Clock.Kind, store.Time(&c.Clock.Started), store.Time(&c.Clock.Warn),
		store.Time(&c.Clock.Due), &c.Clock.State, store.Time(&c.Resolution.Warn), store.Time(&c.Resolution.Due), &c.Resolution.State,
		store.Time(&alarm), store.Time(&c.TakeBackAt), store.Time(&c.SnoozedUntil), store.Time(&c.OpenedAt), store.Time(&c.ClosedAt), &view,
		store.Time(&c.MoveAt), store.Time(&c.LeaveAt), store.Parse(&c.Way), store.Parse(&c.Asked), &c.Beside, store.Parse(&c.Promised))
	c.Aside = view == "aside"
	if !c.Resolution.Due.IsZero() {
		c.Resolution.Kind, c.Resolution.Started = Resolution, c.OpenedAt
	}
	return c, err
}

func (c Conversation) values() []any {
	return []any{c.ID, c.Account, c.Contact, c.Thread, store.Bool(c.Private), string(c.State), c.Department, c.Person,
		store.Micros(c.ClaimedAt), c.Subject, c.Excerpt, store.JSON(c.Intents), int(c.Urgency), c.Needs, c.Language,
		store.JSON(c.Decision), store.JSON(c.Tags), c.Messages, c.LastMessage, store.Micros(c.LastAt), store.Micros(c.LastInAt),
		store.Micros(c.AnsweredAt), c.AnsweredBy, string(c.Clock.Kind), store.Micros(c.Clock.Started), store.Micros(c.Clock.Warn),
		store.Micros(c.Clock.Due), c.Clock.State, store.Micros(c.Resolution.Warn), store.Micros(c.Resolution.Due), c.Resolution.State,
		store.Micros(c.alarm()), store.Micros(c.TakeBackAt), store.Micros(c.SnoozedUntil), store.Micros(c.OpenedAt),
		store.Micros(c.ClosedAt), c.View(), store.Micros(c.MoveAt), store.Micros(c.LeaveAt), store.JSON(c.Way), c.askedText(), c.Beside, c.promisedText()}
}

// askedText is empty for nearly all.
func (c Conversation) askedText() string {
	if len(c.Asked) == 0 {
		return ""
	}
	return store.JSON(c.Asked)
}

// promisedText is empty for most.
func (c Conversation) promisedText() string {
	if len(c.Promised) == 0 {
		return ""
	}
	return store.JSON(c.Promised)
}

// Load returns conversations to be changed in tx: on PostgreSQL their rows are locked, in the order of their ids.
func Load(ctx context.Context, tx *store.Tx, ids []ConversationID) (map[ConversationID]Conversation, error) {
	out := make(map[ConversationID]Conversation, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	query := `SELECT ` + conversationColumns + ` FROM conversation WHERE id IN (` + store.In(1, len(ids)) + `) ORDER BY id`
	if tx.Dialect() == store.Postgres {
		query += ` FOR UPDATE`
	}
	rows, err := tx.QueryContext(ctx, query, store.Pad(ids)...)
	list, err := store.List(rows, err, scanConversation)
	for _, c := range list {
		out[c.ID] = c
	}
	return out, err
}

// LoadOne is Load for one; none is a NotFound fault.
func LoadOne(ctx context.Context, tx *store.Tx, id ConversationID) (Conversation, error) {
	m, err := Load(ctx, tx, []ConversationID{id})
	c, ok := m[id]
	if err == nil && !ok {
		err = noConversation()
	}
	return c, err
}

func noConversation() error {
	return fault.New(fault.NotFound, "there is no such conversation, or it is not for your eyes")
}

// Whose is which conversation a contact's words belong to.
type Whose struct {
	Contact contact.ID
	Account account.ID
	Thread  string
}

// Led is a conversation that a contact's words belong to. Line says that it is another one, into which they lead since it was
// taken private: see Conversation.Leads.
type Led struct {
	Whose
	ID   ConversationID
	Line bool
}

// Find returns those conversations that are there of those wanted, and the lines that lead elsewhere, the newest last.
func Find(ctx context.Context, q store.Queryer, wanted []Whose) ([]Led, error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	for len(wanted)&(len(wanted)-1) != 0 { // few lengths, so that few statements are prepared
		wanted = append(wanted, wanted[0])
	}
	args := make([]any, 0, 3*len(wanted))
	for _, w := range wanted {
		args = append(args, w.Contact, w.Account, w.Thread)
	}
	rows, err := q.QueryContext(ctx, `WITH wanted (contact, account, thread) AS (VALUES `+store.Values(len(wanted), "BIGINT", "BIGINT", "TEXT")+`)
		SELECT c.contact, c.account, c.thread, c.id, 0 AS line, 0 AS at FROM wanted w
			JOIN conversation c ON c.contact = w.contact AND c.account = w.account AND c.thread = w.thread AND c.beside = 0
		UNION SELECT l.contact, l.account, l.thread, l.conversation, 1, l.at FROM wanted w
			JOIN line l ON l.contact = w.contact AND l.account = w.account AND l.thread = w.thread
		ORDER BY 5, 6, 4`, args...)
	return store.List(rows, err, func(rows *sql.Rows) (f Led, err error) {
		var at int64
		return f, rows.Scan(&f.Contact, &f.Account, &f.Thread, &f.ID, store.Truth(&f.Line), &at)
	})
}

// Change is a conversation before and after; Was is the zero Conversation for a new one.
type Change struct{ Was, Is Conversation }

// Save writes changed and new conversations and moves the counters of the views with them. What is still asked in one that
// was closed is withdrawn.
func Save(ctx context.Context, tx *store.Tx, changes ...Change) error {
	var added, changed [][]any
	counts := tally{}
	for _, ch := range changes {
		counts.move(ch)
		if ch.Was.ID.IsZero() {
			added = append(added, ch.Is.values())
			continue
		}
		changed = append(changed, ch.Is.changed())
	}
	if err := tx.Update(ctx, "conversation", changing, changed); err != nil {
		return err
	}
	if err := tx.Insert(ctx, "conversation", conversationColumns, "", added); err != nil {
		return err
	}
	if err := counts.write(ctx, tx); err != nil {
		return err
	}
	if err := reindex(ctx, tx, changes); err != nil {
		return err
	}
	for _, ch := range changes {
		if ch.Is.State == Closed && len(ch.Was.Asked) > 0 {
			if err := withdrawAll(ctx, tx, ch.Is.ID, ch.Is.ClosedAt); err != nil {
				return err
			}
		}
	}
	for _, ch := range changes {
		if at := ch.Is.alarm(); !at.IsZero() && !at.Equal(ch.Was.alarm()) {
			tx.Wake(AlarmTopic)
			break
		}
	}
	return nil
}

// changing are the columns of a conversation that can change, with its key first.
var changing = func() []store.Column {
	text := map[string]bool{"state": true, "subject": true, "excerpt": true, "intents": true, "needs": true, "language": true, "decision": true, "tags": true,
		"clock": true, "clock_state": true, "resolve_state": true, "view": true, "way": true, "asked": true, "promised": true}
	out := []store.Column{{Name: "id", Type: "BIGINT"}}
	for _, name := range strings.Split(conversationColumns, ",")[fixed:] {
		name = strings.TrimSpace(name)
		c := store.Column{Name: name, Type: "BIGINT"}
		if text[name] {
			c.Type = "TEXT"
		}
		out = append(out, c)
	}
	return out
}()

// fixed is how many columns of a conversation never change: its id, account, contact, thread, private.
const fixed = 5

func (c Conversation) changed() []any {
	v := c.values()
	return append([]any{v[0]}, v[fixed:]...)
}

// One returns a conversation to look at, not to change; none is a NotFound fault.
func One(ctx context.Context, q store.Queryer, id ConversationID) (Conversation, error) {
	return conversation(ctx, q, id)
}
