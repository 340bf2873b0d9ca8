package library

import (
	"context"
	"database/sql"
	"strings"

	"switchboard/internal/store"
)

// Full text differs between the databases, as in package desk: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL.

func saveWords(ctx context.Context, tx *store.Tx, of int64, text string) error {
	if tx.Dialect() == store.Postgres {
		_, err := tx.ExecContext(ctx, `INSERT INTO answer_search (entry, words) VALUES ($1, to_tsvector('simple', $2))`, of, text)
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO answer_search (rowid, words) VALUES ($1, $2)`, of, text)
	return err
}

func forgetWords(ctx context.Context, tx *store.Tx, of int64) error {
	if tx.Dialect() == store.Postgres {
		_, err := tx.ExecContext(ctx, `DELETE FROM answer_search WHERE entry = $1`, of)
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM answer_search WHERE rowid = $1`, of)
	return err
}

// mostFound is how many texts are compared with a question.
const mostFound = 300

// found are the texts that hold a word beginning with one of stems, those that hold most first.
func found(ctx context.Context, s *store.Store, stems []string) ([]textRow, error) {
	if len(stems) == 0 {
		return nil, nil
	}
	if s.Dialect == store.Postgres {
		rows, err := s.Read().QueryContext(ctx, `SELECT t.id, t.answer, t.language, t.title, t.body FROM
			(SELECT entry, ts_rank(words, to_tsquery('simple', $1)) AS rank FROM answer_search WHERE words @@ to_tsquery('simple', $1)
				ORDER BY rank DESC, entry LIMIT $2) f JOIN answer_text t ON t.id = f.entry`, "'"+strings.Join(stems, "':* | '")+"':*", mostFound)
		return store.List(rows, err, scanText)
	}
	rows, err := s.Read().QueryContext(ctx, `SELECT t.id, t.answer, t.language, t.title, t.body FROM
		(SELECT rowid FROM answer_search WHERE answer_search MATCH $1 ORDER BY rank LIMIT $2) f JOIN answer_text t ON t.id = f.rowid`,
		`"`+strings.Join(stems, `" * OR "`)+`" *`, mostFound)
	return store.List(rows, err, scanText)
}

// texts counts the texts of entries in use, by their language.
func texts(ctx context.Context, q store.Queryer) (map[string]int, error) {
	rows, err := q.QueryContext(ctx, `SELECT t.language, count(*) FROM answer_text t JOIN answer a ON a.id = t.answer WHERE a.archived_at = 0 GROUP BY t.language`)
	out := map[string]int{}
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var lang string
		var n int
		err := rows.Scan(&lang, &n)
		out[lang] = n
		return struct{}{}, err
	})
	return out, err
}
