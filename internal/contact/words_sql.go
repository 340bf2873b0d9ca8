package contact

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"switchboard/internal/store"
)

// SearchTopic wakes what writes the full text, and with it the words of contacts.
const SearchTopic = "search"

// Anew lines up in search_todo what may stand there already. It waits for a writer that is at the same thing: that has read what was
// there before, and takes it off the list.
const Anew = `ON CONFLICT (message) DO UPDATE SET message = excluded.message`

// LineUp has the words of contacts written anew, once tx has committed. Whoever writes them at this moment is waited for, and nobody
// does until tx ends: so what is written is never what was before.
func LineUp(ctx context.Context, tx *store.Tx, ids ...ID) error {
	if len(ids) == 0 {
		return nil
	}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	tx.Wake(SearchTopic)
	if tx.Dialect() == store.Postgres { // one statement: intake waits for it
		numbers := make([]int64, len(ids))
		for k, id := range ids {
			numbers[k] = int64(id)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO search_todo (message) SELECT unnest($1::bigint[]) `+Anew, numbers)
		return err
	}
	rows := make([][]any, len(ids))
	for k, id := range ids {
		rows[k] = []any{id}
	}
	return tx.Insert(ctx, "search_todo", "message", Anew, rows)
}

// WriteWords writes the words of contacts anew: none for one that was merged or erased, or is no more. Ids of other things are passed
// over; it returns those that are contacts'.
func WriteWords(ctx context.Context, tx *store.Tx, ids []ID) (written []ID, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM contact_word WHERE contact IN (`+store.In(1, len(ids))+`)`, store.Pad(ids)...); err != nil {
		return nil, err
	}
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
	var whose []int64
	var said []string
	for _, c := range list {
		for _, w := range c.spelled(of[c.ID]) {
			rows, whose, said = append(rows, []any{c.ID, w}), append(whose, int64(c.ID)), append(said, w)
		}
	}
	if tx.Dialect() == store.Postgres {
		_, err := tx.ExecContext(ctx, `INSERT INTO contact_word (contact, word) SELECT * FROM unnest($1::bigint[], $2::text[])`, whose, said)
		return written, err
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

// rarity says from how many on a word is no longer rare.
type rarity struct {
	few  int // so many contacts are looked at one by one
	many int // so many words are gathered, for each that is looked for
}

// rarities were measured at a million contacts, see bench/search. SQLite is slow at looking here and there, and fast at reading on.
var rarities = map[store.Dialect]rarity{store.SQLite: {2_000, 60_000}, store.Postgres: {5_000, 60_000}}

// way is how a list by words is read.
type way struct {
	sets   []string // words of which each contact must have all: those who do can be gathered
	probes []string // words that so many have that each contact is rather asked for them
	most   int      // how many are gathered at most, each of whom is looked at; 0: the newest are looked at until the page is full
	ids    []ID     // who has all words of the sets, where that is known already
}

// wayFor finds out how to read a list by words: by the rarest, by those that have several, or from the newest contact on.
func (r rarity) wayFor(ctx context.Context, q store.Queryer, list []string) (w way, err error) {
	if len(list) == 0 {
		return w, nil
	}
	n, err := counted(ctx, q, list, r.few)
	if err != nil || n[list[0]] <= r.few {
		return way{sets: list[:1], probes: list[1:], most: r.few}, err
	}
	most := r.many * len(list)
	if n, err = counted(ctx, q, list, most); err != nil {
		return w, err
	}
	for _, word := range list {
		if n[word] <= most {
			w.sets = append(w.sets, word)
		} else {
			w.probes = append(w.probes, word)
		}
	}
	if len(w.sets) > 1 {
		text, args := w.sql(r.few)
		rows, err := q.QueryContext(ctx, text, args...)
		together, err := store.List(rows, err, func(rows *sql.Rows) (id ID, err error) { return id, rows.Scan(&id) })
		if err != nil {
			return w, err
		}
		if len(together) <= r.few {
			w.ids = append(together, 0) // 0 is nobody's
		}
	}
	return w, nil
}

// counted counts how often words begin as those of a list, up to most and one, and sorts the list by it: the rarest first.
func counted(ctx context.Context, q store.Queryer, list []string, most int) (map[string]int, error) {
	n := make(map[string]int, len(list))
	for _, w := range list {
		var k int
		if err := q.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM contact_word WHERE word >= $1 AND word < $2 LIMIT $3) found`, w, beyond(w), most+1).Scan(&k); err != nil {
			return nil, err
		}
		n[w] = k
	}
	slices.SortStableFunc(list, func(a, b string) int { return n[a] - n[b] })
	return n, nil
}

// sql selects those who have all words of the sets, up to a limit and one.
func (w way) sql(limit int) (string, []any) {
	var args []any
	text := w.gather(func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	})
	return text + ` LIMIT ` + strconv.Itoa(limit+1), args
}

// gather selects those who have all words of the sets, some of them several times: it reads on through the most frequent word, and
// keeps the others at hand. The plus has SQLite do so, rather than look here and there.
func (w way) gather(bind func(any) string) string {
	last := len(w.sets) - 1
	text := `SELECT w.contact FROM contact_word w WHERE ` + begins("w", w.sets[last], bind)
	for _, word := range w.sets[:last] {
		text += ` AND +w.contact IN (SELECT o.contact FROM contact_word o WHERE ` + begins("o", word, bind) + `)`
	}
	return text
}

// conditions are what a contact must fulfil. The CASE has both databases gather the sets once and go on from the newest contact.
func (w way) conditions(bind func(any) string) string {
	if len(w.ids) > 0 {
		var list []string
		for _, id := range store.Pad(w.ids) { // a few lengths, so that the statement is prepared once
			list = append(list, bind(id))
		}
		return ` AND id IN (` + strings.Join(list, ", ") + `)` + w.probed(`contact.id`, bind)
	}
	if w.most > 0 {
		text := ` AND id IN (SELECT s.contact FROM (` + w.gather(bind) + `) s WHERE 1 = 1` + w.probed(`s.contact`, bind)
		return text + ` LIMIT ` + strconv.Itoa(2*w.most) + `)` // there are never more: it tells PostgreSQL that they are few
	}
	text := ""
	if len(w.sets) > 0 {
		text = ` AND CASE WHEN id IN (` + w.gather(bind) + `) THEN 1 ELSE 0 END = 1`
	}
	return text + w.probed(`contact.id`, bind)
}

// probed asks a contact for words. The OFFSET keeps PostgreSQL from gathering all that have them.
func (w way) probed(contact string, bind func(any) string) (text string) {
	for _, word := range w.probes {
		text += ` AND EXISTS (SELECT 1 FROM contact_word o WHERE o.contact = ` + contact + ` AND ` + begins("o", word, bind) + ` LIMIT 1 OFFSET 0)`
	}
	return text
}

// begins is the condition that a word of the table by this name begins with word.
func begins(table, word string, bind func(any) string) string {
	return table + `.word >= ` + bind(word) + ` AND ` + table + `.word < ` + bind(beyond(word))
}
