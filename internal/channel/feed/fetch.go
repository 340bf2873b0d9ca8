package feed

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"switchboard/internal/channel"
)

const (
	newest   = 20   // entries of a feed we have not read before
	pageSize = 500  // events a page
	oldSeen  = 1000 // entries remembered after they have left the feed
)

// cursor is what we remember between two calls.
type cursor struct {
	Feed     string `json:"feed"` // whose cursor it is: another feed's is no use
	ETag     string `json:"etag,omitempty"`
	Modified string `json:"modified,omitempty"`
	Body     string `json:"body,omitempty"` // hash of the last document: many servers know neither ETag nor date
	Seen     []byte `json:"seen,omitempty"` // marks, those in the feed first
	Loose    bool   `json:"loose,omitempty"`
	Every    int    `json:"every,omitempty"` // minutes
	Pace     pace   `json:"pace,omitzero"`
	At       int64  `json:"at,omitempty"` // of the last document, Unix seconds
}

// mark is an entry remembered: 8 bytes of its id's hash, 6 of its version's.
type mark [14]byte

func markOf(id, version string) (m mark) {
	a, b := sha256.Sum256([]byte(id)), sha256.Sum256([]byte(version))
	copy(m[:8], a[:])
	copy(m[8:], b[:])
	return m
}

func (m mark) id() [8]byte { return [8]byte(m[:8]) }

func (c *cursor) marks() (all []mark) {
	for m := range slices.Chunk(c.Seen, len(mark{})) {
		if len(m) == len(mark{}) {
			all = append(all, mark(m))
		}
	}
	return all
}

func (c *conn) cursor(text string) cursor {
	var cur cursor
	if text != "" && json.Unmarshal([]byte(text), &cur) != nil || cur.Feed != digest(c.settings().address())[:16] {
		return cursor{}
	}
	return cur
}

func (c *conn) Fetch(ctx context.Context, text string) (channel.Page, error) {
	now := c.now().UTC()
	cur := c.cursor(text)
	first := cur.Feed == ""
	d, f, err := c.load(ctx, cur, false)
	if err != nil {
		return channel.Page{}, err
	}
	s := c.settings()
	cur.Feed = digest(s.address())[:16]
	page := channel.Page{}
	if !d.same {
		var last int64
		last, cur.At = cur.At, now.Unix()
		if last != 0 && cur.strange(f) {
			page.Gap = time.Unix(last, 0).UTC() // nothing we knew is left: more may have come and gone
		}
		page.Events, page.More = cur.news(f, s, now, first)
		cur.ETag, cur.Modified, cur.Body = d.header.Get("ETag"), d.header.Get("Last-Modified"), digest(string(d.body))
		if page.More { // the rest is still to be read
			cur.ETag, cur.Modified, cur.Body = "", "", ""
		}
		cur.Pace = f.pace
	}
	cur.adapt(len(page.Events) > 0, first)
	page.Poll = cur.Pace.next(now, cur.Every, d.header, cur.Feed[0]^cur.Feed[len(cur.Feed)-1])
	b, err := json.Marshal(cur)
	page.Next = string(b)
	return page, err
}

// strange reports whether the feed holds none of the entries we know, and we know some.
func (c *cursor) strange(f *parsed) bool {
	known := map[[8]byte]bool{}
	for _, m := range c.marks() {
		known[m.id()] = true
	}
	return len(known) > 0 && len(f.entries) > 1 && !slices.ContainsFunc(f.entries, func(e entry) bool {
		return known[markOf(e.id, "").id()] || known[markOf(e.loose, "").id()]
	})
}

// adapt asks sooner where there is news and later where there is none.
func (c *cursor) adapt(news, first bool) {
	switch {
	case first || c.Every == 0:
		c.Every = usual
	case news:
		c.Every = max(c.Every/2, soonest)
	default:
		c.Every = min(c.Every+c.Every/4, latest)
	}
}

// load reads the feed and keeps what is learned on the way: that it has moved, that a page names it, that it is gone.
// cur says what we have already; asked that a person wants to know, so that even what is gone is tried. document.same means
// there is nothing new, and the feed is nil then.
func (c *conn) load(ctx context.Context, cur cursor, asked bool) (document, *parsed, error) {
	s := c.settings()
	if s.Kept.Gone == s.URL && !asked {
		return document{}, nil, c.note(ctx, &channel.Trouble{Deed: channel.Gone,
			Message: "the feed was taken down for good: give the account another address, or close it"})
	}
	d, err := c.get(ctx, s.URL, cur.ETag, cur.Modified)
	if err != nil {
		return d, nil, c.note(ctx, err)
	}
	address := cmp.Or(d.moved, s.URL)
	d.same = d.same || cur.Body != "" && digest(string(d.body)) == cur.Body
	if d.same {
		c.learn(ctx, func(s *settings) { s.found(address) })
		return d, nil, nil
	}
	f, err := parse(d)
	if errors.Is(err, errNoFeed) && s.Kept.Good != s.URL {
		if named := discover(decode(d.body, d.header), d.at); named != "" {
			if d, err = c.get(ctx, named, "", ""); err != nil {
				return d, nil, err
			}
			address = cmp.Or(d.moved, named)
			f, err = parse(d)
		}
	}
	if errors.Is(err, errNoFeed) {
		return d, nil, unreadable("what is at this address is not a feed and names none: check the address in a browser", err)
	}
	if err != nil {
		return d, nil, unreadable("the feed cannot be read: its site must mend it; trying again by itself", err)
	}
	c.learn(ctx, func(s *settings) { s.found(address) })
	return d, f, nil
}

// found says that the feed was read at address.
func (s *settings) found(address string) {
	first := s.address()
	s.Kept = kept{Good: address}
	if first != address {
		s.Kept.First = first
	}
	s.URL = address
}

// news are the events that lead from what the cursor has seen to what the feed holds, oldest first, and whether there are more.
// The cursor then has seen what is told.
func (c *cursor) news(f *parsed, s settings, now time.Time, first bool) (events []channel.Event, more bool) {
	c.Loose = c.Loose || doubled(f.entries)
	old := c.marks()
	known := make(map[[8]byte]mark, len(old))
	for _, m := range old {
		known[m.id()] = m
	}
	var in []mark // in the feed, newest first
	held := map[[8]byte]bool{}
	for k, e := range newestFirst(f.entries, now) {
		strict := markOf(e.id, e.version)
		if c.Loose {
			e.id = e.loose
		}
		m := markOf(e.id, e.version)
		if held[m.id()] {
			continue
		}
		was, seen := known[m.id()]
		if !seen && c.Loose && known[strict.id()] == strict { // told before we knew that ids repeat here
			was, seen = m, true
		}
		held[m.id()] = true
		in = append(in, m)
		switch {
		case seen && was == m, !seen && first && k >= newest:
		case seen:
			events = append(events, e.event(channel.Edited, s, now))
		default:
			events = append(events, e.event(channel.Said, s, now))
		}
	}
	slices.Reverse(events)
	if more = len(events) > pageSize; more {
		events = events[:pageSize]
		told := map[[8]byte]bool{}
		for _, e := range events {
			told[markOf(e.RemoteID, "").id()] = true
		}
		in = slices.DeleteFunc(in, func(m mark) bool { return known[m.id()] != m && !told[m.id()] })
	}
	events = append(events, c.takenBack(f.gone, known, now)...)
	c.remember(in, old, f.gone)
	return events, more
}

// takenBack are the Deleted events for entries we told of and the feed says are gone. The mark goes with it.
func (c *cursor) takenBack(gone []string, known map[[8]byte]mark, now time.Time) (events []channel.Event) {
	for _, id := range gone {
		if _, seen := known[markOf(fits(id), "").id()]; seen {
			events = append(events, channel.Event{Kind: channel.Deleted, RemoteID: fits(id), At: now})
		}
	}
	return events
}

// remember keeps the marks of what is in the feed and of what has left it lately.
func (c *cursor) remember(in, old []mark, gone []string) {
	held := map[[8]byte]bool{}
	for _, m := range in {
		held[m.id()] = true
	}
	dead := map[[8]byte]bool{}
	for _, id := range gone {
		dead[markOf(fits(id), "").id()] = true
	}
	c.Seen = c.Seen[:0:0]
	for _, m := range in {
		c.Seen = append(c.Seen, m[:]...)
	}
	left := 0
	for _, m := range old {
		if !held[m.id()] && !dead[m.id()] && left < oldSeen {
			held[m.id()] = true
			c.Seen = append(c.Seen, m[:]...)
			left++
		}
	}
}

// doubled reports whether the feed gives one id to entries that are not the same.
func doubled(entries []entry) bool {
	links := map[string]string{}
	for _, e := range entries {
		if was, ok := links[e.id]; ok && was != e.loose {
			return true
		}
		links[e.id] = e.loose
	}
	return false
}

// newestFirst are the entries, newest first; those without a date keep their place in the document before the dated ones.
func newestFirst(entries []entry, now time.Time) []entry {
	list := slices.Clone(entries)
	slices.SortStableFunc(list, func(a, b entry) int { return b.at(now).Compare(a.at(now)) })
	return list
}

func (e *entry) event(kind channel.EventKind, s settings, now time.Time) channel.Event {
	m := e.message(s, now)
	at := m.At
	if kind == channel.Edited {
		at = clamp(e.updated, now)
		if !at.After(m.At) {
			at = now
		}
		m.EditedAt = at
	}
	return channel.Event{Kind: kind, RemoteID: m.RemoteID, At: at, Message: m, Raw: e.told()}
}
