package contact

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Query asks for contacts, those who wrote last first.
type Query struct {
	Words    string // each must begin a word of a name or handle, see words
	Standing string
	Channel  string
	Language string
	Since    time.Time // who wrote since
	After    Place
	Limit    int

	All         bool // every contact; otherwise those of conversations that Person and Departments see
	Person      staff.PersonID
	Departments []staff.DepartmentID
}

// Place is a place in the list, after a contact; the zero Place is its beginning.
type Place struct {
	Seen time.Time
	ID   ID
}

// List returns a page of contacts. Who was merged or erased is not among them. By Words somebody new, or of a new name, is found
// once what writes the full text has come by: within two seconds, as what they said is.
func List(ctx context.Context, s *store.Store, query Query) ([]Contact, error) {
	return query.list(ctx, s, rarities[s.Dialect])
}

func (query Query) list(ctx context.Context, s *store.Store, r rarity) ([]Contact, error) {
	words, ok := asked(query.Words)
	if !ok {
		return nil, nil
	}
	w, err := r.wayFor(ctx, s.Read(), words)
	if err != nil {
		return nil, err
	}
	text, args := query.sql(w)
	rows, err := s.Read().QueryContext(ctx, text, args...)
	return store.List(rows, err, scanContact)
}

// sql writes the query. Every word of it is ours; what people give is bound.
func (query Query) sql(w way) (string, []any) {
	var args []any
	bind := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	var text strings.Builder
	text.WriteString(`SELECT ` + contactColumns + ` FROM contact WHERE merged_into = 0 AND erased_at = 0`)
	text.WriteString(w.conditions(bind))
	if query.Standing != "" {
		text.WriteString(` AND standings LIKE ` + bind(`%"`+escaped(query.Standing)+`"%`) + ` ESCAPE '\'`)
	}
	if query.Language != "" {
		text.WriteString(` AND language = ` + bind(query.Language))
	}
	if query.Channel != "" {
		text.WriteString(` AND EXISTS (SELECT 1 FROM identity i WHERE i.contact = contact.id AND i.channel = ` + bind(query.Channel) + `)`)
	}
	if !query.Since.IsZero() {
		text.WriteString(` AND seen_at >= ` + bind(store.Micros(query.Since)))
	}
	if !query.All {
		text.WriteString(` AND (` + query.theirs(bind) + `)`)
	}
	if !query.After.ID.IsZero() {
		text.WriteString(` AND (seen_at, id) < (` + bind(store.Micros(query.After.Seen)) + `, ` + bind(query.After.ID) + `)`)
	}
	text.WriteString(` ORDER BY seen_at DESC, id DESC LIMIT ` + bind(query.Limit))
	return text.String(), args
}

// theirs is the condition that somebody may see one of a contact's conversations: what desk.Sees says, for the database.
func (query Query) theirs(bind func(any) string) string {
	own, asked, promised := []string{"0 = 1"}, []string{"0 = 1"}, []string{"0 = 1"}
	if !query.Person.IsZero() {
		p := bind(query.Person)
		own, asked, promised = append(own, `c.person = `+p), append(asked, `r.person = `+p, `r.stand_in = `+p), append(promised, `p.person = `+p)
	}
	for _, d := range query.Departments {
		p := bind(d)
		own, asked, promised = append(own, `c.department = `+p), append(asked, `r.department = `+p, `r.stand_in_of = `+p), append(promised, `p.department = `+p)
	}
	return `EXISTS (SELECT 1 FROM conversation c WHERE c.contact = contact.id AND (` + strings.Join(own, " OR ") + `))
		OR id IN (SELECT c.contact FROM request r JOIN conversation c ON c.id = r.conversation WHERE r.state = 'open' AND r.shows = '' AND (` + strings.Join(asked, " OR ") + `))
		OR id IN (SELECT c.contact FROM promise p JOIN conversation c ON c.id = p.conversation WHERE p.state = 'open' AND (` + strings.Join(promised, " OR ") + `))`
}

// escaped escapes what has a meaning in LIKE.
func escaped(s string) string { return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) }

// Alike returns identities of other contacts that may be the same person's as those of one: of the same nick, or by one of the
// handles named; 50 at most.
func Alike(ctx context.Context, q store.Queryer, of ID, list []Identity, named []string) ([]Identity, error) {
	var nicks []string
	for _, i := range list {
		if telling(i.nick()) {
			nicks = append(nicks, i.nick())
		}
	}
	for _, n := range named {
		i := Identity{Handle: n}
		if i.nick() != "" {
			nicks = append(nicks, i.nick())
		}
		if first, _, ok := strings.Cut(n, "."); ok {
			nicks = append(nicks, first)
		}
	}
	if len(nicks) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT `+identityColumns+` FROM identity WHERE nick <> '' AND contact <> $1 AND nick IN (`+store.In(2, len(nicks))+`)
		ORDER BY id DESC LIMIT 50`, append([]any{of}, store.Pad(nicks)...)...)
	return store.List(rows, err, scanIdentity)
}

// said returns the newest things an owner of identities said, at most n.
func said(ctx context.Context, q store.Queryer, of ID, n int) ([]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT m.body FROM message m JOIN conversation c ON c.id = m.conversation
		WHERE c.contact = $1 AND m.direction = 'in' AND m.deleted_at = 0 ORDER BY m.id DESC LIMIT $2`, of, n)
	return store.List(rows, err, func(rows *sql.Rows) (s string, err error) { return s, rows.Scan(&s) })
}
