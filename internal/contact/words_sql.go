package contact

import (
	"context"
	"slices"

	"switchboard/internal/store"
)

// SearchTopic wakes what writes the full text, and with it the words of contacts.
const SearchTopic = "search"

// LineUp has the words of contacts written anew, once tx has committed. Whoever writes them at this moment is waited for, and nobody
// does until tx ends: so what is written is never what was before.
func LineUp(ctx context.Context, tx *store.Tx, ids ...ID) error {
	if len(ids) == 0 {
		return nil
	}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	var rows [][]any
	for _, id := range slices.Compact(ids) {
		rows = append(rows, []any{id})
	}
	tx.Wake(SearchTopic)
	return tx.Insert(ctx, "search_todo", "message", "ON CONFLICT (message) DO UPDATE SET message = excluded.message", rows)
}

// WriteWords writes the words of contacts anew: none for one that was merged or erased. Ids of other things are passed over; it
// returns those that are contacts'.
func WriteWords(ctx context.Context, tx *store.Tx, ids []ID) (written []ID, err error) {
	list, err := Contacts(ctx, tx, ids)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	for _, c := range list {
		written = append(written, c.ID)
	}
	identities, err := IdentitiesOf(ctx, tx, written)
	if err != nil {
		return nil, err
	}
	of := make(map[ID][]Identity, len(list))
	for _, i := range identities {
		of[i.Contact] = append(of[i.Contact], i)
	}
	var rows [][]any
	for _, c := range list {
		for _, w := range c.spelled(of[c.ID]) {
			rows = append(rows, []any{c.ID, w})
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM contact_word WHERE contact IN (`+store.In(1, len(written))+`)`, store.Pad(written)...); err != nil {
		return nil, err
	}
	return written, tx.Insert(ctx, "contact_word", "contact, word", "", rows)
}

// eraseWords takes the words of a contact away, and of those that were merged into it. What still waits to be written finds nobody.
func eraseWords(ctx context.Context, tx *store.Tx, of ID) error {
	if err := LineUp(ctx, tx, of); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM contact_word WHERE contact = $1 OR contact IN (SELECT id FROM contact WHERE merged_into = $1)`, of)
	return err
}

const (
	few     = 5_000  // contacts of a word that are looked at one by one, rather than all from the newest on
	several = 30_000 // likewise, when they must have further words
)

// counted is how many words begin so, up to a limit.
func counted(ctx context.Context, q store.Queryer, word string, limit int) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM contact_word WHERE word >= $1 AND word < $2 LIMIT $3) found`, word, beyond(word), limit).Scan(&n)
	return n, err
}

// rarestFirst sorts words by how many contacts have them, and says up to how many of the first one's it is worth looking at one by
// one: 0 when there are too many, and the newest contacts are looked at instead.
func rarestFirst(ctx context.Context, q store.Queryer, list []string, few, several int) ([]string, int, error) {
	most := few
	for {
		n := make(map[string]int, len(list))
		for _, w := range list {
			k, err := counted(ctx, q, w, most+1)
			if err != nil {
				return nil, 0, err
			}
			n[w] = k
		}
		slices.SortStableFunc(list, func(a, b string) int { return n[a] - n[b] })
		switch {
		case n[list[0]] <= most:
			return list, most, nil
		case len(list) == 1 || most >= several:
			return list, 0, nil
		}
		most = several
	}
}
