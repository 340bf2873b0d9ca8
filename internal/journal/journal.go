// Package journal is the append-only record of every change: the timeline of a conversation, the audit log, the live feed,
// webhooks and every report read from it. A row commits with the change it tells of or neither does.
package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"switchboard/internal/store"
)

// Topic is what wakes readers of the journal (store.Hear).
const Topic = "journal"

// Entry is one thing that happened.
type Entry struct {
	Cursor       Cursor    `json:"cursor"`
	At           time.Time `json:"at"`
	Who          string    `json:"who"`  // see Person, Key, Machine
	What         What      `json:"what"` // one of the constants
	Conversation int64     `json:"conversation,omitempty"`
	About        string    `json:"about,omitempty"` // "delivery:0abc…": the thing, when it is not the conversation itself
	// Data is what a reader needs to tell it in words: ids, names of states, reasons. Never a secret, and no message's text:
	// a message that is erased must not live on here.
	Data json.RawMessage `json:"data,omitempty"`
}

// Machine is Who when nobody told us to.
const Machine = "machine"

// Person is Who for a member of staff.
func Person[T fmt.Stringer](id T) string { return "person:" + id.String() }

// Contact is Who for somebody outside.
func Contact[T fmt.Stringer](id T) string { return "contact:" + id.String() }

// About names a thing: About("delivery", d.ID).
func About[T fmt.Stringer](noun string, id T) string { return noun + ":" + id.String() }

// Data makes an Entry's data from pairs of a name and a value: Data("from", a, "why", reasons).
func Data(pairs ...any) json.RawMessage {
	m := make(map[string]any, len(pairs)/2)
	for k := 0; k+1 < len(pairs); k += 2 {
		m[pairs[k].(string)] = pairs[k+1]
	}
	return json.RawMessage(store.JSON(m))
}

// Write adds entries in tx and wakes the readers once it commits. At is set from the store's clock where it is zero.
func Write(ctx context.Context, tx *store.Tx, entries ...Entry) error {
	if len(entries) == 0 {
		return nil
	}
	rows := make([][]any, len(entries))
	for k, e := range entries {
		at := e.At
		if at.IsZero() {
			at = tx.Now()
		}
		data := string(e.Data)
		if data == "" {
			data = "{}"
		}
		rows[k] = []any{store.Micros(at), e.Who, string(e.What), e.Conversation, e.About, data}
	}
	tx.Wake(Topic)
	if tx.Dialect() == store.Postgres {
		return tx.InsertNumbered(ctx, "journal", "at, who, what, conversation, about, data", "tx", rows)
	}
	for k := range rows {
		rows[k] = append(rows[k], 0)
	}
	return tx.Insert(ctx, "journal", "at, who, what, conversation, about, data, tx", "", rows)
}

// Cursor is a place in the journal: after the entry it came with. The zero Cursor is the beginning.
//
// The order is that of (transaction, number). On SQLite transactions commit one after the other, so the number alone is the
// order. On PostgreSQL a number is given before the commit, and a reader that went by it would skip what commits late; so
// entries carry their transaction's id, and a reader sees only those of transactions below every one still under way.
type Cursor struct{ Tx, Seq int64 }

func (c Cursor) String() string {
	return strconv.FormatInt(c.Tx, 36) + "." + strconv.FormatInt(c.Seq, 36)
}

// MarshalText is String.
func (c Cursor) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// ParseCursor reads what String wrote.
func ParseCursor(s string) (Cursor, error) {
	a, b, ok := strings.Cut(s, ".")
	tx, err := strconv.ParseInt(a, 36, 64)
	seq, err2 := strconv.ParseInt(b, 36, 64)
	if !ok || err != nil || err2 != nil || tx < 0 || seq < 0 {
		return Cursor{}, fmt.Errorf("%.40q is no place in the journal", s)
	}
	return Cursor{tx, seq}, nil
}

// Less reports whether c comes before d.
func (c Cursor) Less(d Cursor) bool { return c.Tx < d.Tx || c.Tx == d.Tx && c.Seq < d.Seq }
