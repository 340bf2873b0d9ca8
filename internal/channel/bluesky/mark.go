package bluesky

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"slices"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

const (
	firstFew = 25               // events of an account that is read for the first time
	known    = 300              // items that a mark remembers: some pages, so that a page read again is known whole
	overlap  = 10 * time.Minute // how far behind the mark we look: an item may be listed late, and below newer ones
	mostNew  = 5000             // items held in memory; of more the oldest are kept and the others read again
	mostPage = 1000             // pages a walk reads before it gives up and tells of a gap
)

// mark is how far we have read a list that runs newest first. A time alone would not do: two items may share an instant, and
// the reading side lists an item by its author's clock if that is behind, so below newer ones that we know already. So the
// newest items are remembered one by one; what is older than all of those is taken as known.
type mark struct {
	Began bool      `json:"began,omitempty"` // read at least once; with no At the list was empty then
	At    time.Time `json:"at,omitzero"`     // of the newest item told
	Since time.Time `json:"since,omitzero"`  // what is older was told, or was there before the account was connected
	Seen  []byte    `json:"seen,omitempty"`  // 12 bytes an item, newest first: see stub
}

// item is an entry of a list, before it becomes an event.
type item struct {
	id string // changes when the entry does
	at time.Time
	event
}

// event is what an item will be told as. Posts that need a second look are not whole yet (see hydrate).
type event struct {
	channel.Event
	stream string
	post   *post
}

// lister reads the page behind cursor, newest first.
type lister func(ctx context.Context, cursor string) (items []item, next string, err error)

// walked is what a walk found.
type walked struct {
	items []item    // new, oldest first
	base  mark      // the mark to take them from
	cut   bool      // there are newer ones: walk again when these are told
	gap   time.Time // not zero: the list was too long, and what was said since then may be missing
}

// walk reads a list from its newest item back to what m knows. How far we have come is base.take of what was handed out.
func (m mark) walk(ctx context.Context, now time.Time, list lister) (w walked, err error) {
	first := !m.Began
	seen, back := m.set(), m.At.Add(-overlap)
	if back.Before(m.Since) {
		back = m.Since
	}
	w.base = m
	w.base.Began = true
	var fresh []item // newest first
	cursor, last := "", now
	for page := 0; ; page++ {
		items, next, err := list(ctx, cursor)
		if err != nil {
			return walked{}, err
		}
		for _, it := range items {
			if it.at.IsZero() || it.at.After(now) { // no date, or one from the future: as old as its neighbour
				it.at = last
			}
			last = it.at
			if h := hash(it.id); !seen[h] && !it.at.Before(m.Since) {
				seen[h] = true
				fresh = append(fresh, it)
			}
		}
		if len(fresh) > mostNew {
			fresh, w.cut = slices.Clone(fresh[len(fresh)-mostNew/2:]), true
		}
		if next == "" || next == cursor || first || len(items) > 0 && last.Before(back) {
			if first && next != "" {
				w.base.Since = last
			}
			break
		}
		if page >= mostPage {
			w.gap = m.At
			break
		}
		cursor = next
	}
	slices.Reverse(fresh)
	if k := len(fresh) - firstFew; first && k > 0 { // the newest few are told, the others count as known
		w.base, fresh = w.base.take(fresh[:k]), fresh[k:]
	}
	w.items = fresh
	return w, nil
}

// take is m after items were handed out.
func (m mark) take(items []item) mark {
	if len(items) == 0 {
		return m
	}
	stubs := slices.Collect(slices.Chunk(m.Seen, 12))
	for _, it := range items {
		stubs = append(stubs, stub(it))
		if it.at.After(m.At) {
			m.At = it.at
		}
	}
	slices.SortStableFunc(stubs, func(a, b []byte) int { return bytes.Compare(b[:6], a[:6]) })
	if len(stubs) > known {
		if t := stubTime(stubs[known]); t.After(m.Since) {
			m.Since = t
		}
		stubs = stubs[:known]
	}
	m.Seen = slices.Concat(stubs...)
	return m
}

// stub is what a mark remembers of an item: its time in milliseconds and 48 bits of its id. Of a few hundred items two are
// alike once in a thousand million pages.
func stub(it item) []byte {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(max(it.at.UnixMilli(), 0)))
	h := hash(it.id)
	return append(b[2:8:8], h[:]...)
}

func stubTime(b []byte) time.Time {
	return time.UnixMilli(int64(binary.BigEndian.Uint64(append([]byte{0, 0}, b[:6]...)))).UTC()
}

func hash(id string) (h [6]byte) {
	sum := sha256.Sum256([]byte(id))
	copy(h[:], sum[:])
	return h
}

func (m mark) set() map[[6]byte]bool {
	s := make(map[[6]byte]bool, known)
	for b := range slices.Chunk(m.Seen, 12) {
		if len(b) == 12 {
			s[[6]byte(b[6:])] = true
		}
	}
	return s
}

// cursor is where we are in everything that Fetch reads.
type cursor struct {
	Version int    `json:"v"`
	Heard   mark   `json:"heard"`
	Own     mark   `json:"own"`
	Chat    string `json:"chat,omitempty"` // the revision of the last entry of the chat's log
}

func parseCursor(s string) (cursor, error) {
	c := cursor{Version: 1}
	if s == "" {
		return c, nil
	}
	err := json.Unmarshal([]byte(s), &c)
	if err != nil || c.Version != 1 || len(c.Heard.Seen)%12 != 0 || len(c.Own.Seen)%12 != 0 {
		return c, fault.New(fault.Invalid, "this account's cursor is not one of the Bluesky connector: connect the account again")
	}
	return c, nil
}

func (c cursor) String() string {
	b, _ := json.Marshal(c) // of times and strings: cannot fail
	return string(b)
}
