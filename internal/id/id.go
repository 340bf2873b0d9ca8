// Package id makes the identifiers of everything Switchboard keeps.
//
// An id is 63 bits: 41 of milliseconds since 2025, 10 of the node, 12 of a count. So ids sort by the time they were made,
// are made by whoever makes the thing (no round trip to the database), and are a plain BIGINT there. On the screen and in
// the API an id is 13 letters and digits in Crockford's base 32, which sort the same way.
package id

import (
	"fmt"
	"sync"
	"time"

	"switchboard/internal/clock"
)

// Of is the id of a T. The zero Of is no id.
type Of[T any] int64

// String returns the 13-character form, "" for the zero id.
func (i Of[T]) String() string {
	if i == 0 {
		return ""
	}
	return encode(int64(i))
}

// MarshalText is String.
func (i Of[T]) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads what String wrote; "" is the zero id. Anything else is an error.
func (i *Of[T]) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*i = 0
		return nil
	}
	v, err := decode(string(b))
	if err != nil {
		return err
	}
	*i = Of[T](v)
	return nil
}

// IsZero reports whether i is no id.
func (i Of[T]) IsZero() bool { return i == 0 }

// Parse reads the 13-character form.
func Parse[T any](s string) (Of[T], error) {
	v, err := decode(s)
	return Of[T](v), err
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

func encode(v int64) string {
	var b [13]byte
	for k := 12; k >= 0; k-- {
		b[k] = alphabet[v&31]
		v >>= 5
	}
	return string(b[:])
}

var value = func() (t [256]int8) {
	for k := range t {
		t[k] = -1
	}
	for k, c := range []byte(alphabet) {
		t[c] = int8(k)
	}
	return t
}()

func decode(s string) (int64, error) {
	if len(s) != 13 || s[0] > '7' {
		return 0, fmt.Errorf("%.40q is not an id: 13 characters of %s are", s, alphabet)
	}
	var v int64
	for k := range 13 {
		d := value[s[k]]
		if d < 0 {
			return 0, fmt.Errorf("%.40q is not an id: 13 characters of %s are", s, alphabet)
		}
		v = v<<5 | int64(d)
	}
	return v, nil
}

var epoch = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

// Maker makes ids. Two makers of one node number, or a clock set back across a restart, could make the same id: the node
// number is leased from the database, and a maker never goes back behind the last id it made.
type Maker struct {
	Now func() time.Time // the zero Maker takes the machine's clock

	mu   sync.Mutex
	node int64 // 0 to 1023
	last int64
}

// As has m make ids of a node from now on.
func (m *Maker) As(node int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.node = int64(node & 1023)
}

// Next returns an id greater than all this maker made before.
func (m *Maker) Next() int64 {
	now := m.Now
	if now == nil {
		now = clock.System()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	v := max(now().UnixMilli()-epoch, 0)<<22 | m.node<<12
	if v <= m.last {
		v = m.last + 1
		if v>>12&1023 != m.node { // the count ran over into the node, or the node is another since: on to the next millisecond
			v = (m.last>>22+1)<<22 | m.node<<12
		}
	}
	m.last = v
	return v
}

// Time returns when i was made, to the millisecond.
func (i Of[T]) Time() time.Time { return time.UnixMilli(int64(i)>>22 + epoch).UTC() }

// Next returns a new id of a T.
func Next[T any](m *Maker) Of[T] { return Of[T](m.Next()) }

// At is the least id that can have been made at t.
func At(t time.Time) int64 { return max(t.UnixMilli()-epoch, 0) << 22 }
