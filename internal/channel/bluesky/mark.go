package bluesky

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

const (
	firstFew = 25               // events of an account that is read for the first time
	known    = 200              // ids that a mark remembers; more than a page, so that a page read again is known whole
	overlap  = 10 * time.Minute // how far behind the mark we look: an item may be listed late, and below newer ones
	mostNew  = 5000             // items held in memory; of more the oldest are kept and the others read again
	mostPage = 1000             // pages a walk reads before it gives up and tells of a gap
)

// mark is how far we have read a list that runs newest first. Times alone would not do: two items may share an instant, and
// the reading side lists an item by its author's clock if that is behind, so below newer ones. So the newest ids are kept.
type mark struct {
	Began bool      `json:"began,omitempty"` // read at least once; with no At the list was empty then
	At    time.Time `json:"at,omitzero"`
	Floor time.Time `json:"floor,omitzero"` // what is older was there before the account was connected
	Seen  string    `json:"seen,omitempty"` // 8 characters an id, newest first
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
	seen := m.set()
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
			if h := hash(it.id); !seen[h] && !it.at.Before(m.Floor) {
				seen[h] = true
				fresh = append(fresh, it)
			}
		}
		if len(fresh) > mostNew {
			fresh, w.cut = slices.Clone(fresh[len(fresh)-mostNew/2:]), true
		}
		if next == "" || next == cursor || first || len(items) > 0 && last.Before(m.At.Add(-overlap)) {
			if first && next != "" {
				w.base.Floor = last
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

// take is m after items (oldest first) were handed out.
func (m mark) take(items []item) mark {
	var b strings.Builder
	for k := len(items) - 1; k >= 0 && k >= len(items)-known; k-- {
		b.WriteString(hash(items[k].id))
	}
	for _, it := range items {
		if it.at.After(m.At) {
			m.At = it.at
		}
	}
	b.WriteString(m.Seen)
	m.Seen = b.String()
	m.Seen = m.Seen[:min(len(m.Seen), 8*known)]
	return m
}

func (m mark) set() map[string]bool {
	s := make(map[string]bool, known)
	for k := 0; k+8 <= len(m.Seen); k += 8 {
		s[m.Seen[k:k+8]] = true
	}
	return s
}

// hash is 48 bits of an id: two of a few hundred are alike once in a hundred thousand million pages.
func hash(id string) string {
	h := sha256.Sum256([]byte(id))
	return base64.RawURLEncoding.EncodeToString(h[:6])
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
	if err := json.Unmarshal([]byte(s), &c); err != nil || c.Version != 1 {
		return c, fault.New(fault.Invalid, "this account's cursor is not one of the Bluesky connector: connect the account again")
	}
	return c, nil
}

func (c cursor) String() string {
	b, _ := json.Marshal(c) // of times and strings: cannot fail
	return string(b)
}
