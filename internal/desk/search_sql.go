package desk

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"switchboard/internal/contact"
	"switchboard/internal/letters"
	"switchboard/internal/store"
)

// Full text is where the two databases truly differ: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL. Both keep the
// words by the id of the message or note, which sorts by time, and answer the newest first. What a word is we say ourselves, for both: see
// tokensOf. Beside the words stand marks: who
// sees it, of which account and contact. So the rights are part of the question, and who may see little waits no longer.

// sayings returns messages and notes by their ids.
func sayings(ctx context.Context, q store.Queryer, ids []MessageID) (map[MessageID]Found, error) {
	messages, err := Messages(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[MessageID]Found, len(ids))
	var rest []NoteID
	for _, id := range ids {
		if m, ok := messages[id]; ok {
			out[id] = Found{Message: m}
		} else {
			rest = append(rest, NoteID(id))
		}
	}
	notes, err := notesByID(ctx, q, rest)
	for _, n := range notes {
		out[MessageID(n.ID)] = Found{Note: &n, Message: Message{ID: MessageID(n.ID), Conversation: n.Conversation, Person: n.Person, Text: n.Text, At: n.At, Private: true}}
	}
	return out, err
}

func notesByID(ctx context.Context, q store.Queryer, ids []NoteID) ([]Note, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT id, conversation, person, body, at FROM note WHERE id IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	return store.List(rows, err, scanNote)
}

// text is what of a thing said is searched.
type text struct {
	id    MessageID
	words string
	marks []string
}

// texts reads what is to be written into the full text.
func texts(ctx context.Context, tx *store.Tx, said map[MessageID]Found, ids []MessageID) (out []text, err error) {
	var in []ConversationID
	var by []contact.IdentityID
	for _, f := range said {
		in, by = append(in, f.Message.Conversation), append(by, f.Message.Identity)
	}
	conversations, err := conversationsByID(ctx, tx, in)
	if err != nil {
		return nil, err
	}
	whose, contacts := map[ConversationID]Conversation{}, []contact.ID{}
	for _, c := range conversations {
		whose[c.ID], contacts = c, append(contacts, c.Contact)
	}
	names, err := namesOf(ctx, tx, contacts, by)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		m, c := said[id].Message, whose[said[id].Message.Conversation]
		if c.ID.IsZero() || !m.DeletedAt.IsZero() {
			continue
		}
		t := text{id: id, words: letters.First(m.Subject+" "+m.Rest.Warning+" "+m.Text, 20000)}
		switch {
		case said[id].Note != nil:
			t.marks = marksOf(c, 'n', false)
		case m.Direction == In:
			t.marks = marksOf(c, 'm', m.Rest.Media > 0, names.contacts[c.Contact], names.identities[m.Identity])
		default:
			t.marks = marksOf(c, 'm', m.Rest.Media > 0)
		}
		out = append(out, t)
	}
	return out, nil
}

// names are what people are called, and their handles.
type names struct {
	contacts   map[contact.ID]string
	identities map[contact.IdentityID]string
}

func namesOf(ctx context.Context, tx *store.Tx, contacts []contact.ID, identities []contact.IdentityID) (n names, err error) {
	n = names{map[contact.ID]string{}, map[contact.IdentityID]string{}}
	list, err := contact.Contacts(ctx, tx, contacts)
	for _, c := range list {
		n.contacts[c.ID] = c.Name
	}
	if err != nil {
		return n, err
	}
	slices.Sort(identities)
	also, err := contact.Identities(ctx, tx, slices.Compact(identities))
	for _, i := range also {
		n.identities[i.ID] = i.Name + " " + i.Handle
	}
	return n, err
}

// writeSearch writes what waits into the full text: messages, notes, and contacts, whose words are the contacts' own.
func writeSearch(ctx context.Context, tx *store.Tx, ids []MessageID) error {
	said, err := sayings(ctx, tx, ids)
	if err != nil {
		return err
	}
	var rest []contact.ID
	for _, id := range ids {
		if _, ok := said[id]; !ok {
			rest = append(rest, contact.ID(id))
		}
	}
	contacts, err := contact.WriteWords(ctx, tx, rest)
	if err != nil {
		return err
	}
	if ids = slices.DeleteFunc(slices.Clone(ids), func(id MessageID) bool { return slices.Contains(contacts, contact.ID(id)) }); len(ids) == 0 {
		return nil
	}
	list, err := texts(ctx, tx, said, ids)
	if err != nil {
		return err
	}
	column := "message"
	if tx.Dialect() == store.SQLite {
		column = "rowid"
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM search WHERE `+column+` IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...); err != nil {
		return err
	}
	if tx.Dialect() == store.Postgres {
		var found []int64
		var vectors []string
		for _, t := range list {
			found, vectors = append(found, int64(t.id)), append(vectors, vector(words(t.words), t.marks))
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO search (message, words) SELECT id, CAST(words AS tsvector) FROM unnest($1::bigint[], $2::text[]) AS v (id, words)`, found, vectors)
		return err
	}
	rows := make([][]any, 0, len(list))
	for _, t := range list {
		rows = append(rows, []any{t.id, strings.Join(append(each(words(t.words), spelled), each(t.marks, spelled)...), " ")})
	}
	return tx.Insert(ctx, "search", "rowid, words", "", rows)
}

// vector writes words, each with its place, and marks for PostgreSQL. In both there are letters and digits only.
func vector(words, marks []string) string {
	var b strings.Builder
	for k, w := range words {
		b.WriteString(`'` + w + `':` + strconv.Itoa(min(k+1, lastPlace)) + ` `)
	}
	for _, m := range marks {
		b.WriteString(`'` + m + `' `)
	}
	return b.String()
}

// lastPlace is the last place in a text that PostgreSQL knows.
const lastPlace = 16383

// spelled writes what of a word stands over or under its letters as letters of nobody's alphabet: FTS5 would end the word there.
func spelled(word string) string {
	if strings.IndexFunc(word, func(r rune) bool { return unicode.Is(unicode.M, r) }) < 0 {
		return word
	}
	var b strings.Builder
	for _, r := range word {
		if unicode.Is(unicode.M, r) {
			b.WriteRune(0xE100 + r>>12)
			r = 0xE200 + r&0xFFF
		}
		b.WriteRune(r)
	}
	return b.String()
}

// reindex has what is said in conversations that others see now written anew.
func reindex(ctx context.Context, tx *store.Tx, changes []Change) error {
	var ids []ConversationID
	for _, ch := range changes {
		if !ch.Was.ID.IsZero() && !slices.Equal(eyes(ch.Was), eyes(ch.Is)) {
			ids = append(ids, ch.Is.ID)
		}
	}
	return Reindex(ctx, tx, ids)
}

// Reindex has everything said in some conversations written into the full text anew.
func Reindex(ctx context.Context, tx *store.Tx, ids []ConversationID) error {
	if len(ids) == 0 {
		return nil
	}
	in := store.In(1, len(ids))
	_, err := tx.ExecContext(ctx, `INSERT INTO search_todo (message) SELECT id FROM (SELECT id FROM message WHERE conversation IN (`+in+`)
		UNION SELECT id FROM note WHERE conversation IN (`+in+`)) said WHERE 1 = 1 `+contact.Anew, store.Pad(ids)...)
	tx.Wake(SearchTopic)
	return err
}

// span is a stretch of ids: from is in it, before is not.
type span struct{ from, before MessageID }

func searched(ctx context.Context, s *store.Store, terms []term, m marks, at span, limit int) ([]MessageID, error) {
	if s.Dialect == store.Postgres {
		return searchedPostgres(ctx, s, terms, m, at, limit)
	}
	rows, err := s.Read().QueryContext(ctx, `SELECT rowid FROM search WHERE search MATCH $1 AND rowid < $2 AND rowid >= $3 ORDER BY rowid DESC LIMIT $4`,
		matchQuery(terms, m), at.before, at.from, limit)
	return store.List(rows, err, scanID)
}

// lately is how many of the newest things said are looked at one by one for words that stand together. PostgreSQL takes such
// words for much rarer than they are, fetches every place that has them all, and then looks at each whether they stand together.
const lately = 5000

func searchedPostgres(ctx context.Context, s *store.Store, terms []term, m marks, at span, limit int) ([]MessageID, error) {
	query := tsquery(terms, m)
	if slices.ContainsFunc(terms, func(t term) bool { return len(t.words) > 1 && !t.name && !t.not }) {
		rows, err := s.Read().QueryContext(ctx, `SELECT message FROM (SELECT message, words FROM search WHERE message < $2 AND message >= $3 ORDER BY message DESC LIMIT $5) newest
			WHERE words @@ CAST($1 AS tsquery) ORDER BY message DESC LIMIT $4`, query, at.before, at.from, limit, lately)
		if list, err := store.List(rows, err, scanID); err != nil || len(list) == limit {
			return list, err
		}
	}
	rows, err := s.Read().QueryContext(ctx, `SELECT message FROM search WHERE words @@ CAST($1 AS tsquery) AND message < $2
		AND message >= $3 ORDER BY message DESC LIMIT $4`, query, at.before, at.from, limit)
	return store.List(rows, err, scanID)
}

func scanID(rows *sql.Rows) (id MessageID, err error) { return id, rows.Scan(&id) }

// matchQuery writes what is looked for, for FTS5. words has left letters and digits only, so nothing can be a command.
func matchQuery(terms []term, m marks) string {
	var all, none []string
	for _, t := range terms {
		list, between := each(t.words, spelled), " "
		if t.name {
			list, between = each(list, named), `" AND "`
		}
		s := `"` + strings.Join(list, between) + `"`
		if t.prefix {
			s += " *"
		}
		if t.not {
			none = append(none, s)
		} else {
			all = append(all, "("+s+")")
		}
	}
	for _, group := range m {
		all = append(all, `("`+strings.Join(group, `" OR "`)+`")`)
	}
	out := "(" + strings.Join(all, " AND ") + ")"
	for _, s := range none {
		out += " NOT (" + s + ")"
	}
	return out
}

// tsquery writes what is looked for, for PostgreSQL, likewise.
func tsquery(terms []term, m marks) string {
	var all []string
	for _, t := range terms {
		list, between, not := t.words, " <-> ", ""
		if t.name {
			list, between = each(t.words, named), " & "
		}
		if t.not {
			not = "!"
		}
		s := not + "('" + strings.Join(list, "'"+between+"'") + "'"
		if t.prefix {
			s += ":*"
		}
		all = append(all, s+")")
	}
	for _, group := range m {
		all = append(all, "('"+strings.Join(group, "' | '")+"')")
	}
	return strings.Join(all, " & ")
}

func each(list []string, f func(string) string) []string {
	out := make([]string, len(list))
	for k, s := range list {
		out[k] = f(s)
	}
	return out
}

func conversationsByID(ctx context.Context, q store.Queryer, ids []ConversationID) ([]Conversation, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT `+conversationColumns+` FROM conversation WHERE id IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	return store.List(rows, err, scanConversation)
}
