package desk

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// SearchTopic wakes what writes the full text.
const SearchTopic = "search"

// Found is a message that was searched for.
type Found struct {
	Row
	Message Message
}

// Search returns the newest messages that hold every word of q, of conversations that somebody may see: "exact words" in
// quotation marks stand together, a word with a * at its end may go on.
func (d *Desk) Search(ctx context.Context, who staff.Actor, q string, limit int) ([]Found, error) {
	if err := who.Require(staff.Answer); err != nil && !who.Can(staff.SeeAll) {
		return nil, err
	}
	terms := searchTerms(q)
	if len(terms) == 0 {
		return nil, fault.In("q", "say at least one word to look for")
	}
	limit = min(max(limit, 1), 100)
	var out []Found
	before := MessageID(1<<63 - 1)
	for pages := 0; len(out) < limit && pages < 20; pages++ { // what somebody may not see is passed over, within reason
		list, err := searched(ctx, d.Store, terms, before, limit*2)
		if err != nil || len(list) == 0 {
			return out, err
		}
		found, err := d.found(ctx, who, list)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
		before = list[len(list)-1]
	}
	return out[:min(limit, len(out))], nil
}

func (d *Desk) found(ctx context.Context, who staff.Actor, list []MessageID) ([]Found, error) {
	messages, err := Messages(ctx, d.Store.Read(), list)
	if err != nil {
		return nil, err
	}
	var ids []ConversationID
	for _, id := range list {
		if c := messages[id].Conversation; !c.IsZero() && !slices.Contains(ids, c) {
			ids = append(ids, c)
		}
	}
	conversations, err := conversationsByID(ctx, d.Store.Read(), ids)
	if err != nil {
		return nil, err
	}
	conversations = slices.DeleteFunc(conversations, func(c Conversation) bool { return !Sees(who, c) })
	rows, err := d.rows(ctx, who, conversations)
	if err != nil {
		return nil, err
	}
	byID := make(map[ConversationID]Row, len(rows))
	for _, r := range rows {
		byID[r.ID] = r
	}
	var out []Found
	for _, id := range list {
		if r, ok := byID[messages[id].Conversation]; ok && messages[id].DeletedAt.IsZero() {
			out = append(out, Found{r, messages[id]})
		}
	}
	return out, nil
}

// term is one word, or several that stand together; the last may go on.
type term struct {
	words  []string
	prefix bool
}

// searchTerms reads what a person typed: nothing in it is a command to the database.
func searchTerms(q string) (out []term) {
	for k, part := range strings.Split(clip(q, 500), `"`) {
		if k%2 == 1 {
			if w := words(part); len(w) > 0 {
				out = append(out, term{words: w})
			}
			continue
		}
		for _, f := range strings.Fields(part) {
			if w := words(f); len(w) > 0 {
				out = append(out, term{words: w, prefix: strings.HasSuffix(f, "*")})
			}
		}
	}
	return out[:min(len(out), 12)]
}

func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) })
}

// KeepSearchable writes the full text of new, edited and deleted messages, in batches, until ctx ends. On several nodes each
// takes what the others have not.
func (d *Desk) KeepSearchable(ctx context.Context) {
	wake, done := d.Store.Hear(SearchTopic)
	defer done()
	for ctx.Err() == nil {
		n, err := IndexSome(ctx, d.Store, 500)
		if err != nil && !errors.Is(err, context.Canceled) {
			d.Store.Log.Warn("messages could not be made searchable; trying again", "error", err)
		}
		pause := 200 * time.Millisecond // a burst is not slowed by a batch after each message
		if err != nil || n == 0 {
			select {
			case <-ctx.Done():
				return
			case <-wake:
			case <-time.After(30 * time.Second):
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// IndexSome makes up to limit waiting messages searchable and returns how many it took.
func IndexSome(ctx context.Context, s *store.Store, limit int) (n int, err error) {
	err = s.Tx(ctx, func(tx *store.Tx) error {
		n = 0
		query := `SELECT message FROM search_todo ORDER BY message LIMIT $1`
		if tx.Dialect() == store.Postgres {
			query += ` FOR UPDATE SKIP LOCKED`
		}
		rows, err := tx.QueryContext(ctx, query, limit)
		ids, err := store.List(rows, err, func(rows *sql.Rows) (id MessageID, err error) { return id, rows.Scan(&id) })
		if err != nil || len(ids) == 0 {
			return err
		}
		n = len(ids)
		messages, err := Messages(ctx, tx, ids)
		if err != nil {
			return err
		}
		if err := writeSearch(ctx, tx, ids, messages); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM search_todo WHERE message IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...)
		return err
	})
	return n, err
}
