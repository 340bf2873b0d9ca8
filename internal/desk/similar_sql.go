package desk

import (
	"context"
	"database/sql"
	"errors"

	"switchboard/internal/store"
)

// answers fills in who answered each of list first after it was said, when and what, and whether the contact wrote again.
func answers(ctx context.Context, q store.Queryer, list []Similar) error {
	for k := range list {
		s := &list[k]
		err := q.QueryRowContext(ctx, `SELECT person, at, id, body FROM message WHERE conversation = $1 AND direction = 'out' AND deleted_at = 0 AND at >= $2
			ORDER BY at, id LIMIT 1`, s.Message.Conversation, store.Micros(s.Message.At)).Scan(&s.AnsweredBy, store.Time(&s.AnsweredAt), &s.AnswerID, &s.Answer)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		s.Ended = !s.AnsweredAt.IsZero() && s.Row.State == Closed && !s.Row.LastInAt.After(s.AnsweredAt)
	}
	return nil
}

const (
	similarWindow = 1000 // newest messages that PostgreSQL looks through for all words at once
	similarRare   = 3    // hits in them below which a word is looked for in all
)

// hits returns the newest messages before one that hold each word; words that none holds are left out. FTS5 reads them in
// their order and stops. PostgreSQL's index knows no order, so that a word many use would have it read and sort them all: it
// looks through the newest messages in one go, and asks the index only for words that are rare there.
func hits(ctx context.Context, s *store.Store, list []string, before MessageID) (map[string][]MessageID, error) {
	out := map[string][]MessageID{}
	if len(list) == 0 {
		return out, nil
	}
	ask := list
	if s.Dialect == store.Postgres {
		var err error
		if out, ask, err = windowed(ctx, s, list, before); err != nil {
			return nil, err
		}
	}
	for _, w := range ask {
		ids, err := held(ctx, s, w, before)
		if err != nil {
			return nil, err
		}
		if len(ids) > 0 {
			out[w] = ids
		}
	}
	return out, nil
}

// windowed are the hits among the newest messages, and the words that are rare in them.
func windowed(ctx context.Context, s *store.Store, list []string, before MessageID) (out map[string][]MessageID, rare []string, err error) {
	args := append([]any{before, similarWindow}, store.Pad(list)...)
	rows, err := s.Read().QueryContext(ctx, `SELECT k.word, r.message FROM
		(SELECT message, words FROM search WHERE message < $1 ORDER BY message DESC LIMIT $2) r,
		(SELECT word, CAST('''' || word || '''' AS tsquery) AS q FROM unnest(ARRAY[`+store.In(3, len(list))+`]::text[]) AS word GROUP BY word OFFSET 0) k
		WHERE r.words @@ k.q ORDER BY r.message DESC`, args...)
	out = map[string][]MessageID{}
	_, err = store.List(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var w string
		var id MessageID
		err := rows.Scan(&w, &id)
		if len(out[w]) < similarHits {
			out[w] = append(out[w], id)
		}
		return struct{}{}, err
	})
	for _, w := range list {
		if len(out[w]) < similarRare {
			rare = append(rare, w)
		}
	}
	return out, rare, err
}

// held returns the newest messages that hold a word. On PostgreSQL the index is read whole for it, which is little for a word
// that is rare.
func held(ctx context.Context, s *store.Store, w string, before MessageID) ([]MessageID, error) {
	if s.Dialect != store.Postgres {
		return searched(ctx, s, []term{{words: []string{w}}}, nil, span{before: before}, similarHits)
	}
	rows, err := s.Read().QueryContext(ctx, `WITH found AS MATERIALIZED (SELECT message FROM search WHERE words @@ CAST('''' || CAST($1 AS text) || '''' AS tsquery))
		SELECT message FROM found WHERE message < $2 ORDER BY message DESC LIMIT $3`, w, before, similarHits)
	return store.List(rows, err, scanID)
}
