package store

import (
	"context"
	"database/sql"
	"math/bits"
	"strconv"
	"strings"
	"sync"
)

// statements keeps prepared statements by their text: modernc's SQLite parses a query anew each time otherwise.
// The texts are constants of the program (and a few lengths of Insert), so the map does not grow without bound.
type statements struct {
	db   *sql.DB
	mu   sync.RWMutex
	m    map[string]*sql.Stmt
	next map[string]bool // seen in a transaction, to be prepared before the next one
}

func (c *statements) get(ctx context.Context, query string) (*sql.Stmt, error) {
	c.mu.RLock()
	st := c.m[query]
	c.mu.RUnlock()
	if st != nil {
		return st, nil
	}
	st, err := c.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return c.keep(query, st), nil
}

// in returns the statement bound to tx, nil when it is not prepared yet: the pool that writes has one connection, and tx has
// it. Such a text is prepared by ready, before the next transaction.
func (c *statements) in(ctx context.Context, tx *sql.Tx, query string) *sql.Stmt {
	c.mu.RLock()
	st := c.m[query]
	c.mu.RUnlock()
	if st != nil {
		return tx.StmtContext(ctx, st)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next == nil {
		c.next = map[string]bool{}
	}
	c.next[query] = true
	return nil
}

// ready prepares what earlier transactions asked for.
func (c *statements) ready(ctx context.Context) error {
	c.mu.Lock()
	next := c.next
	c.next = nil
	c.mu.Unlock()
	for query := range next {
		if _, err := c.get(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

func (c *statements) keep(query string, st *sql.Stmt) *sql.Stmt {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.m[query]; old != nil {
		_ = st.Close()
		return old
	}
	if c.m == nil {
		c.m = map[string]*sql.Stmt{}
	}
	c.m[query] = st
	return st
}

// Insert writes rows into table in as few statements as the databases take. conflict is what follows the values
// ("ON CONFLICT DO NOTHING"), or "". Each row has one value a column.
func (t *Tx) Insert(ctx context.Context, table, columns, conflict string, rows [][]any) error {
	return t.insert(ctx, shape{table: table, columns: columns, conflict: conflict}, rows)
}

// Column is a column of Update with its type, INTEGER, BIGINT or TEXT.
type Column struct{ Name, Type string }

// Update changes rows of table by its first column, which is its key, in as few statements as the databases take.
func (t *Tx) Update(ctx context.Context, table string, columns []Column, rows [][]any) error {
	for len(rows) > 0 {
		n := some(len(rows))
		args := make([]any, 0, n*len(columns))
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if _, err := t.ExecContext(ctx, updateText(table, columns, n, t.s.Dialect == SQLite), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// updateText joins the table with a list of values. PostgreSQL takes the types of the list from its first row.
func updateText(table string, columns []Column, n int, bare bool) string {
	var names strings.Builder
	for _, c := range columns {
		names.WriteString(c.Name + " " + c.Type + ",")
	}
	k := shape{table: "update " + table, columns: names.String(), n: n, width: len(columns), bare: bare}
	if s, ok := shapes.Load(k); ok {
		return s.(string)
	}
	var b strings.Builder
	b.WriteString("UPDATE " + table + " SET ")
	for j, c := range columns[1:] {
		if j > 0 {
			b.WriteString(", ")
		}
		b.WriteString(c.Name + " = v.column" + strconv.Itoa(j+2))
	}
	b.WriteString(" FROM (VALUES ")
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, c := range columns {
			b.WriteString([]string{"(", ","}[min(j, 1)])
			switch {
			case bare:
				b.WriteByte('?')
			case i == 0:
				b.WriteString("CAST($" + strconv.Itoa(j+1) + " AS " + c.Type + ")")
			default:
				b.WriteString("$" + strconv.Itoa(i*len(columns)+j+1))
			}
		}
		b.WriteByte(')')
	}
	b.WriteString(") v WHERE " + table + "." + columns[0].Name + " = v.column1")
	shapes.Store(k, b.String())
	return b.String()
}

// some is how many of n rows go into the next statement: few lengths, so that few statements are prepared.
func some(n int) int {
	return min(64, 1<<(bits.Len(uint(n))-1))
}

// insert binds by place on SQLite: a name for each of a thousand values costs its driver more than the row.
func (t *Tx) insert(ctx context.Context, k shape, rows [][]any) error {
	k.bare = t.s.Dialect == SQLite
	for len(rows) > 0 {
		n := some(len(rows))
		args := make([]any, 0, n*len(rows[0]))
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		k.n, k.width = n, len(rows[0])
		if _, err := t.ExecContext(ctx, k.text(), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// InsertNumbered is Insert on PostgreSQL, with one more column that holds the transaction's own id (see journal.Cursor).
func (t *Tx) InsertNumbered(ctx context.Context, table, columns, number string, rows [][]any) error {
	return t.insert(ctx, shape{table: table, columns: columns + ", " + number, last: transactionID + strconv.FormatInt(t.s.offset, 10)}, rows)
}

const transactionID = "pg_current_xact_id()::text::bigint + "

type shape struct {
	table, columns, conflict string
	last                     string // an expression after each row's values
	bare                     bool   // "?" in place of "$n"
	n, width                 int
}

var shapes sync.Map // shape → string

func (k shape) text() string {
	if s, ok := shapes.Load(k); ok {
		return s.(string)
	}
	var b strings.Builder
	b.WriteString("INSERT INTO " + k.table + " (" + k.columns + ") VALUES ")
	for i := range k.n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for j := range k.width {
			if j > 0 {
				b.WriteByte(',')
			}
			if k.bare {
				b.WriteByte('?')
			} else {
				b.WriteString("$" + strconv.Itoa(i*k.width+j+1))
			}
		}
		if k.last != "" {
			b.WriteString("," + k.last)
		}
		b.WriteByte(')')
	}
	b.WriteString(" " + k.conflict)
	shapes.Store(k, b.String())
	return b.String()
}

// In returns "$from, $from+1 …" for the n values of a list: WHERE id IN (…). The list is padded to a power of two by Pad, so
// that few texts exist.
func In(from, n int) string {
	var b strings.Builder
	for i := range width(n) {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(from+i))
	}
	return b.String()
}

// Values returns "(CAST($1 AS T1), CAST($2 AS T2)), (…)" for n rows of the given types: a table of bound values that both
// databases can join with.
func Values(n int, types ...string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		for j, t := range types {
			b.WriteString([]string{"(", ", "}[min(j, 1)] + "CAST($" + strconv.Itoa(i*len(types)+j+1) + " AS " + t + ")")
		}
		b.WriteByte(')')
	}
	return b.String()
}

// Pad returns list with its last value repeated up to the width that In writes. An empty list becomes one zero value.
func Pad[T any](list []T) []any {
	out := make([]any, width(len(list)))
	for i := range out {
		switch {
		case i < len(list):
			out[i] = list[i]
		case len(list) > 0:
			out[i] = list[len(list)-1]
		default:
			var zero T
			out[i] = zero
		}
	}
	return out
}

func width(n int) int {
	w := 1
	for w < n {
		w *= 2
	}
	return w
}
