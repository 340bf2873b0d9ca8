package desk

import (
	"context"
	"database/sql"
	"strings"

	"switchboard/internal/store"
)

// Full text is where the two databases truly differ: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL. Both keep the
// words by message id, which sorts by time, and answer the newest first.

func writeSearch(ctx context.Context, tx *store.Tx, ids []MessageID, messages map[MessageID]Message) error {
	in := store.In(1, len(ids))
	column := "message"
	if tx.Dialect() == store.SQLite {
		column = "rowid"
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM search WHERE `+column+` IN (`+in+`)`, store.Pad(ids)...); err != nil {
		return err
	}
	var rows [][]any
	var found []int64
	var texts []string
	for _, id := range ids {
		m, ok := messages[id]
		if !ok || !m.DeletedAt.IsZero() || m.Conversation.IsZero() {
			continue
		}
		text := clip(m.Subject+" "+m.Rest.Warning+" "+m.Text, 20000)
		if tx.Dialect() == store.Postgres {
			found, texts = append(found, int64(id)), append(texts, plain(text))
			continue
		}
		rows = append(rows, []any{id, text})
	}
	if tx.Dialect() == store.Postgres {
		_, err := tx.ExecContext(ctx, `INSERT INTO search (message, words) SELECT id, to_tsvector('simple', body)
			FROM unnest($1::bigint[], $2::text[]) AS v (id, body)`, found, texts)
		return err
	}
	return tx.Insert(ctx, "search", "rowid, words", "", rows)
}

// plain spaces out what to_tsvector would take for a host, a path or a number with a sign, so that its words are found alike on
// both databases.
func plain(text string) string { return strings.Join(words(text), " ") }

func searched(ctx context.Context, s *store.Store, terms []term, before MessageID, limit int) ([]MessageID, error) {
	if s.Dialect == store.Postgres {
		rows, err := s.Read().QueryContext(ctx, `SELECT message FROM search WHERE words @@ to_tsquery('simple', $1) AND message < $2
			ORDER BY message DESC LIMIT $3`, tsquery(terms), before, limit)
		return store.List(rows, err, scanID)
	}
	rows, err := s.Read().QueryContext(ctx, `SELECT rowid FROM search WHERE search MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3`,
		matchQuery(terms), before, limit)
	return store.List(rows, err, scanID)
}

func scanID(rows *sql.Rows) (id MessageID, err error) { return id, rows.Scan(&id) }

// matchQuery writes terms for FTS5. words has left letters and digits only, so nothing can be a command.
func matchQuery(terms []term) string {
	var out []string
	for _, t := range terms {
		s := `"` + strings.Join(t.words, " ") + `"`
		if t.prefix {
			s += " *"
		}
		out = append(out, s)
	}
	return strings.Join(out, " AND ")
}

// tsquery writes terms for to_tsquery, likewise.
func tsquery(terms []term) string {
	var out []string
	for _, t := range terms {
		var w []string
		for k, word := range t.words {
			s := "'" + word + "'"
			if t.prefix && k == len(t.words)-1 {
				s += ":*"
			}
			w = append(w, s)
		}
		out = append(out, "("+strings.Join(w, " <-> ")+")")
	}
	return strings.Join(out, " & ")
}

func conversationsByID(ctx context.Context, q store.Queryer, ids []ConversationID) ([]Conversation, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT `+conversationColumns+` FROM conversation WHERE id IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
	return store.List(rows, err, scanConversation)
}
