package desk

import (
	"context"
	"database/sql"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/id"
	"switchboard/internal/store"
)

const messageColumns = `id, conversation, account, remote_id, uri, version, direction, kind, private, identity, person, parent,
	subject, body, rest, assessment, at, received_at, edited_at, deleted_at`

func scanMessage(rows *sql.Rows) (m Message, err error) {
	err = rows.Scan(&m.ID, &m.Conversation, &m.Account, &m.RemoteID, &m.URI, &m.Version, &m.Direction, &m.Kind, store.Truth(&m.Private),
		&m.Identity, &m.Person, &m.Parent, &m.Subject, &m.Text, store.Parse(&m.Rest), &m.Assessment, store.Time(&m.At),
		store.Time(&m.ReceivedAt), store.Time(&m.EditedAt), store.Time(&m.DeletedAt))
	m.Rest.ByHand = m.Rest.ByHand && m.Person.IsZero()
	return m, err
}

func (m Message) values() []any {
	return []any{m.ID, m.Conversation, m.Account, m.RemoteID, m.URI, m.Version, string(m.Direction), string(m.Kind), store.Bool(m.Private),
		m.Identity, m.Person, m.Parent, m.Subject, m.Text, store.JSON(m.Rest), m.Assessment, store.Micros(m.At),
		store.Micros(m.ReceivedAt), store.Micros(m.EditedAt), store.Micros(m.DeletedAt)}
}

// MessagesByRemote returns the messages an account knows by the given remote ids, by remote id; what it only sighted (a further
// account of ours saw it first) is followed to the message.
func MessagesByRemote(ctx context.Context, q store.Queryer, a account.ID, remoteIDs []string) (map[string]Message, error) {
	out := make(map[string]Message, len(remoteIDs))
	if len(remoteIDs) == 0 {
		return out, nil
	}
	in := store.In(2, len(remoteIDs))
	args := append([]any{a}, store.Pad(remoteIDs)...)
	rows, err := q.QueryContext(ctx, `SELECT `+messageColumns+` FROM message WHERE account = $1 AND remote_id IN (`+in+`)`, args...)
	list, err := store.List(rows, err, scanMessage)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		out[m.RemoteID] = m
	}
	if len(out) == len(remoteIDs) {
		return out, nil
	}
	seen, err := sightings(ctx, q, in, args)
	if err != nil || len(seen) == 0 {
		return out, err
	}
	ids := make([]MessageID, 0, len(seen))
	for _, s := range seen {
		if !s.Message.IsZero() {
			ids = append(ids, s.Message)
		}
	}
	byID, err := Messages(ctx, q, ids)
	for _, s := range seen {
		if m, ok := byID[s.Message]; ok {
			out[s.RemoteID] = m
		}
	}
	return out, err
}

// Sighting is an account's knowledge of a message that it was not the first of ours to see, or that was deleted before it was
// heard of (Message is zero then).
type Sighting struct {
	Account   account.ID
	RemoteID  string
	Message   MessageID
	DeletedAt int64 // microseconds
}

func scanSighting(rows *sql.Rows) (s Sighting, err error) {
	return s, rows.Scan(&s.Account, &s.RemoteID, &s.Message, &s.DeletedAt)
}

func sightings(ctx context.Context, q store.Queryer, in string, args []any) ([]Sighting, error) {
	rows, err := q.QueryContext(ctx, `SELECT account, remote_id, message, deleted_at FROM sighting WHERE account = $1 AND remote_id IN (`+in+`)`, args...)
	return store.List(rows, err, scanSighting)
}

// Sightings returns what an account sighted of the given remote ids.
func Sightings(ctx context.Context, q store.Queryer, a account.ID, remoteIDs []string) (map[string]Sighting, error) {
	out := map[string]Sighting{}
	if len(remoteIDs) == 0 {
		return out, nil
	}
	list, err := sightings(ctx, q, store.In(2, len(remoteIDs)), append([]any{a}, store.Pad(remoteIDs)...))
	for _, s := range list {
		out[s.RemoteID] = s
	}
	return out, err
}

// Sight keeps sightings; a newer one replaces what was there.
func Sight(ctx context.Context, tx *store.Tx, list []Sighting) error {
	rows := make([][]any, len(list))
	for k, s := range list {
		rows[k] = []any{s.Account, s.RemoteID, s.Message, s.DeletedAt}
	}
	return tx.Insert(ctx, "sighting", "account, remote_id, message, deleted_at",
		"ON CONFLICT (account, remote_id) DO UPDATE SET message = excluded.message, deleted_at = excluded.deleted_at", rows)
}

// MessagesByURI returns messages by their global ids.
func MessagesByURI(ctx context.Context, q store.Queryer, uris []string) (map[string]Message, error) {
	out := map[string]Message{}
	if len(uris) == 0 {
		return out, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT `+messageColumns+` FROM message WHERE uri <> '' AND uri IN (`+store.In(1, len(uris))+`)`, store.Pad(uris)...)
	list, err := store.List(rows, err, scanMessage)
	for _, m := range list {
		out[m.URI] = m
	}
	return out, err
}

// Messages returns messages by id.
func Messages(ctx context.Context, q store.Queryer, ids []MessageID) (map[MessageID]Message, error) {
	out := map[MessageID]Message{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT `+messageColumns+` FROM message WHERE id IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	list, err := store.List(rows, err, scanMessage)
	for _, m := range list {
		out[m.ID] = m
	}
	return out, err
}

// MessagesOf returns the newest limit messages of a conversation, oldest first.
func MessagesOf(ctx context.Context, q store.Queryer, c ConversationID, limit int) ([]Message, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+messageColumns+` FROM (SELECT `+messageColumns+` FROM message
		WHERE conversation = $1 ORDER BY at DESC, id DESC LIMIT $2) newest ORDER BY at, id`, c, limit)
	return store.List(rows, err, scanMessage)
}

// LastAssessments returns, by conversation, what triage said of the newest thing the contact said in it that is still there.
func LastAssessments(ctx context.Context, q store.Queryer, ids []ConversationID) (map[ConversationID]string, error) {
	out := make(map[ConversationID]string, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT c.id, m.assessment FROM conversation c JOIN message m ON m.id = (SELECT l.id FROM message l
		WHERE l.conversation = c.id AND l.direction = 'in' AND l.identity <> 0 AND l.deleted_at = 0 ORDER BY l.at DESC, l.id DESC LIMIT 1)
		WHERE c.id IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var id ConversationID
		var assessment string
		err := rows.Scan(&id, &assessment)
		out[id] = assessment
		return struct{}{}, err
	})
	return out, err
}

// Word is something said in a conversation, as far as it is wanted to understand what is said after it.
type Word struct {
	ID   MessageID
	Own  bool // said by us
	Text string
	At   time.Time
}

// LastWords returns the last thing the contact and the last thing we said among the newest six messages of conversations, the
// older first.
func LastWords(ctx context.Context, q store.Queryer, list []ConversationID) (map[ConversationID][]Word, error) {
	out := map[ConversationID][]Word{}
	if len(list) == 0 {
		return out, nil
	}
	last := func(direction string) string {
		return `COALESCE((SELECT n.id FROM (SELECT id, direction, at FROM message WHERE conversation = c.id AND deleted_at = 0 ORDER BY at DESC, id DESC LIMIT 6) n
			WHERE n.direction = '` + direction + `' ORDER BY n.at DESC, n.id DESC LIMIT 1), 0)`
	}
	rows, err := q.QueryContext(ctx, `SELECT `+last("in")+`, `+last("out")+` FROM conversation c WHERE c.id IN (`+store.In(1, len(list))+`)`, store.Pad(list)...)
	pairs, err := store.List(rows, err, func(rows *sql.Rows) (p [2]MessageID, err error) { return p, rows.Scan(&p[0], &p[1]) })
	if err != nil || len(pairs) == 0 {
		return out, err
	}
	var ids []MessageID
	for _, p := range pairs {
		ids = append(ids, p[0], p[1])
	}
	rows, err = q.QueryContext(ctx, `SELECT conversation, id, direction, substr(body, 1, 2000), at FROM message WHERE id IN (`+store.In(1, len(ids))+`) ORDER BY at, id`, store.Pad(ids)...)
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var c ConversationID
		var w Word
		var d Direction
		err := rows.Scan(&c, &w.ID, &d, &w.Text, store.Time(&w.At))
		w.Own = d == Out
		out[c] = append(out[c], w)
		return struct{}{}, err
	})
	return out, err
}

// LastInbound returns the newest thing the contact said in a conversation that is still there; a NotFound fault if nothing is. A notice
// that ours came back was said by no contact: see ByContact.
func LastInbound(ctx context.Context, q store.Queryer, c ConversationID) (Message, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+messageColumns+` FROM message
		WHERE conversation = $1 AND direction = 'in' AND identity <> 0 AND deleted_at = 0 ORDER BY at DESC, id DESC LIMIT 1`, c)
	return store.One(rows, err, scanMessage, "the contact has said nothing here that could be answered")
}

// inQuestion returns what the contact said that c is about now and that is still there: what it was decided by, or, where that was answered,
// the first they said since. Where it is not known what decided, or that is gone, the first they said stands in for it. "Hello??" and
// whatever else comes after says little of whose it is.
func inQuestion(ctx context.Context, q store.Queryer, c Conversation) (Message, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+messageColumns+` FROM message
		WHERE conversation = $1 AND direction = 'in' AND identity <> 0 AND deleted_at = 0
		ORDER BY CASE WHEN id = $2 AND at >= $3 THEN 0 WHEN CAST($3 AS BIGINT) <> 0 AND at > $3 THEN 1 WHEN id = $2 THEN 2 ELSE 3 END, at, id LIMIT 1`,
		c.ID, c.Decision.Message, store.Micros(c.AnsweredAt))
	return store.One(rows, err, scanMessage, "the contact has said nothing here that is still there")
}

// LastPublic returns the newest thing the contact said in public in a conversation that is still there; a NotFound fault if nothing is.
func LastPublic(ctx context.Context, q store.Queryer, c ConversationID) (Message, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+messageColumns+` FROM message
		WHERE conversation = $1 AND direction = 'in' AND identity <> 0 AND private = 0 AND deleted_at = 0 ORDER BY at DESC, id DESC LIMIT 1`, c)
	return store.One(rows, err, scanMessage, "nothing that the contact said in public is still there")
}

// AddMessages inserts new messages and lines them up for the search.
func AddMessages(ctx context.Context, tx *store.Tx, list []Message) error {
	rows, todo := make([][]any, len(list)), make([][]any, len(list))
	for k, m := range list {
		rows[k], todo[k] = m.values(), []any{m.ID}
	}
	if err := tx.Insert(ctx, "message", messageColumns, "", rows); err != nil {
		return err
	}
	return lineUp(ctx, tx, todo)
}

func lineUp(ctx context.Context, tx *store.Tx, todo [][]any) error {
	if len(todo) > 0 {
		tx.Wake(SearchTopic)
	}
	return tx.Insert(ctx, "search_todo", "message", contact.Anew, todo)
}

// SaveMessage writes a message that exists. What was deleted or erased meanwhile stays so: nothing brings its words back.
func SaveMessage(ctx context.Context, tx *store.Tx, m Message) error {
	if _, err := tx.ExecContext(ctx, `UPDATE message SET conversation = COALESCE(NULLIF(CAST($2 AS BIGINT), 0), conversation), version = $3, direction = $4,
		person = COALESCE(NULLIF(person, 0), CAST($5 AS BIGINT)), subject = $6, body = $7,
		rest = $8, assessment = $9, edited_at = $10, deleted_at = $11, uri = $12, identity = $13
		WHERE id = $1 AND (deleted_at = 0 OR CAST($11 AS BIGINT) <> 0)`, m.ID, m.Conversation, m.Version,
		string(m.Direction), m.Person, m.Subject, m.Text, store.JSON(m.Rest), m.Assessment, store.Micros(m.EditedAt), store.Micros(m.DeletedAt), m.URI, m.Identity); err != nil {
		return err
	}
	return lineUp(ctx, tx, [][]any{{m.ID}})
}

// AddVersions keeps what messages said before.
func AddVersions(ctx context.Context, tx *store.Tx, list []Version) error {
	rows := make([][]any, len(list))
	for k, v := range list {
		rows[k] = []any{v.Message, v.Version, v.Text, store.Micros(v.At)}
	}
	return tx.Insert(ctx, "message_version", "message, version, body, at", "ON CONFLICT DO NOTHING", rows)
}

// DropVersion takes a version out of a message's history: it is what the message says now.
func DropVersion(ctx context.Context, tx *store.Tx, m MessageID, version string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM message_version WHERE message = $1 AND version = $2`, m, version)
	return err
}

// VersionsOf returns the history of messages, oldest first.
func VersionsOf(ctx context.Context, q store.Queryer, ids []MessageID) (map[MessageID][]Version, error) {
	out := map[MessageID][]Version{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT message, version, body, at FROM message_version WHERE message IN (`+store.In(1, len(ids))+`) ORDER BY at, version`, store.Pad(ids)...)
	list, err := store.List(rows, err, func(rows *sql.Rows) (v Version, err error) {
		return v, rows.Scan(&v.Message, &v.Version, &v.Text, store.Time(&v.At))
	})
	for _, v := range list {
		out[v.Message] = append(out[v.Message], v)
	}
	return out, err
}

// EraseWords removes everything that keeps a deleted message's words: its history, its raw form, its pictures.
func EraseWords(ctx context.Context, tx *store.Tx, m MessageID) error {
	for _, statement := range []string{
		`DELETE FROM message_version WHERE message = $1`,
		`DELETE FROM raw WHERE message = $1`,
		`DELETE FROM media WHERE message = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, m); err != nil {
			return err
		}
	}
	return nil
}

// AddRaw keeps messages as the far side put them.
func AddRaw(ctx context.Context, tx *store.Tx, rows [][]any) error {
	return tx.Insert(ctx, "raw", "message, connector, body", "ON CONFLICT DO NOTHING", rows)
}

// MediaID is the id of a picture or file of a message.
type MediaID = id.Of[Media]

// Media is a picture or file of a message.
type Media struct {
	ID      MediaID
	Message MessageID
	Place   int
	channel.Media
}

// AddMedia inserts the pictures and files of messages.
func AddMedia(ctx context.Context, tx *store.Tx, list []Media) error {
	rows := make([][]any, len(list))
	for k, m := range list {
		var body any
		if len(m.Body) > 0 {
			body = m.Body
		}
		rows[k] = []any{m.ID, m.Message, m.Place, m.Type, m.Name, m.Alt, m.URL, max(m.Size, int64(len(m.Body))), body}
	}
	return tx.Insert(ctx, "media", "id, message, place, type, name, alt, url, size, body", "", rows)
}

// ReplaceMedia puts the pictures and files of an edited message in the place of the old ones.
func ReplaceMedia(ctx context.Context, tx *store.Tx, m MessageID, list []Media) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM media WHERE message = $1`, m); err != nil {
		return err
	}
	return AddMedia(ctx, tx, list)
}

// MediaOf returns the pictures and files of messages, without their bytes.
func MediaOf(ctx context.Context, q store.Queryer, ids []MessageID) (map[MessageID][]Media, error) {
	out := map[MessageID][]Media{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT id, message, place, type, name, alt, url, size FROM media WHERE message IN (`+store.In(1, len(ids))+`) ORDER BY message, place`, store.Pad(ids)...)
	list, err := store.List(rows, err, func(rows *sql.Rows) (m Media, err error) {
		return m, rows.Scan(&m.ID, &m.Message, &m.Place, &m.Type, &m.Name, &m.Alt, &m.URL, &m.Size)
	})
	for _, m := range list {
		out[m.Message] = append(out[m.Message], m)
	}
	return out, err
}

// MediaBody returns a picture or file with its bytes, when we have them, and the conversation it was said in.
func MediaBody(ctx context.Context, q store.Queryer, id MediaID) (m Media, c ConversationID, err error) {
	rows, err := q.QueryContext(ctx, `SELECT media.id, media.message, place, type, name, alt, url, size, media.body, message.conversation
		FROM media JOIN message ON message.id = media.message WHERE media.id = $1`, id)
	m, err = store.One(rows, err, func(rows *sql.Rows) (m Media, err error) {
		return m, rows.Scan(&m.ID, &m.Message, &m.Place, &m.Type, &m.Name, &m.Alt, &m.URL, &m.Size, &m.Body, &c)
	}, "there is no such picture or file")
	return m, c, err
}

// SaidBy returns who said a message, as the channel knows them.
func SaidBy(ctx context.Context, q store.Queryer, m Message) (channel.Identity, error) {
	list, err := contact.Identities(ctx, q, []contact.IdentityID{m.Identity})
	if err != nil || len(list) == 0 {
		return channel.Identity{}, err
	}
	i := list[0]
	return channel.Identity{RemoteID: i.RemoteID, Handle: i.Handle, Name: i.Name, URL: i.URL, Avatar: i.Avatar, Followers: i.Followers, Bot: i.Bot, Verified: i.Verified}, nil
}
