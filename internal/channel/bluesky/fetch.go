package bluesky

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"switchboard/internal/channel"
)

// batch is how many events a page of Fetch holds: what intake takes into one transaction.
const batch = 500

// While somebody is talking to us we ask often: three calls each time, of the 3000 in 5 minutes that a host allows an
// address. A quiet account is asked at its own interval.
const (
	lively = 15 * time.Minute
	quick  = 5 * time.Second
)

// The lists an item can come from.
const (
	heard = "heard"
	own   = "own"
	chat  = "chat"
)

// rest is what was read and not handed out yet. It saves reading a long backlog again for each page; it may be lost at any
// time, for the cursor alone says what is still to be told.
type rest struct {
	cursor string // the rest follows this one
	items  []item
	end    cursor // when all is handed out
	cut    bool   // even then there is more
}

// Fetch reads three lists: the notifications, our own posts and the chat's log. They are told in one order, by time; the
// cursor moves on in each of them only as far as its items were told.
func (c *conn) Fetch(ctx context.Context, from string) (channel.Page, error) {
	at, err := parseCursor(from)
	if err != nil {
		return channel.Page{}, err
	}
	r, ok := c.takeRest(from)
	var gap time.Time
	if !ok {
		if r, gap, err = c.read(ctx, at); err != nil {
			return channel.Page{}, err
		}
	}
	n := min(len(r.items), batch)
	now, later := r.items[:n], r.items[n:]
	page := channel.Page{More: len(later) > 0 || r.cut, Gap: gap}
	next := r.end
	if len(later) > 0 {
		next = advance(r.end, at, now)
	}
	if err := c.hydrate(ctx, now); err != nil {
		return channel.Page{}, err
	}
	for _, it := range now {
		page.Events = append(page.Events, it.Event)
	}
	page.Next = next.String()
	if busy := c.now().Add(-lively); next.Heard.At.After(busy) || next.Own.At.After(busy) {
		page.Poll = quick
	}
	if len(later) > 0 {
		c.mu.Lock()
		c.rest = rest{cursor: page.Next, items: later, end: r.end, cut: r.cut}
		c.mu.Unlock()
	}
	return page, nil
}

// advance is the cursor when only told of all that lies between from and end was handed out.
func advance(end, from cursor, told []item) cursor {
	of := func(stream string) (out []item) {
		for _, it := range told {
			if it.stream == stream {
				out = append(out, it)
			}
		}
		return out
	}
	next := cursor{Version: 1, Chat: from.Chat}
	next.Heard, next.Own = from.Heard, from.Own
	if !from.Heard.Began { // the first time: what counts as known stays so
		next.Heard, next.Own = end.Heard, end.Own
	}
	next.Heard, next.Own = next.Heard.take(of(heard)), next.Own.take(of(own))
	if log := of(chat); len(log) > 0 {
		next.Chat = log[len(log)-1].id
	}
	return next
}

// takeRest hands over the rest that follows from, if there is one.
func (c *conn) takeRest(from string) (rest, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.rest
	c.rest = rest{}
	return r, from != "" && r.cursor == from
}

// read reads all lists to where at stands.
func (c *conn) read(ctx context.Context, at cursor) (r rest, gap time.Time, err error) {
	now := c.now()
	mentions, err := at.Heard.walk(ctx, now, c.notifications)
	if err != nil {
		return rest{}, gap, err
	}
	said, err := at.Own.walk(ctx, now, c.ownPosts)
	if err != nil {
		return rest{}, gap, err
	}
	log, rev := c.chatLog(ctx, at.Chat)
	r.items = slices.Concat(mentions.items, said.items, log)
	slices.SortStableFunc(r.items, func(a, b item) int { return a.At.Compare(b.At) })
	r.end = cursor{Version: 1, Heard: mentions.base.take(mentions.items), Own: said.base.take(said.items), Chat: rev}
	r.cut = mentions.cut || said.cut
	return r, mentions.gap, nil
}

// reasons are the notifications that are messages. Likes, follows and reposts are none.
var reasons = []string{"mention", "reply", "quote"}

// notifications lists what others said to or of us.
func (c *conn) notifications(ctx context.Context, cursor string) ([]item, string, error) {
	q := url.Values{"limit": {"100"}, "reasons": reasons}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	var a struct {
		Cursor string             `json:"cursor"`
		List   *[]json.RawMessage `json:"notifications"`
	}
	if err := c.do(ctx, call{nsid: "app.bsky.notification.listNotifications", query: q}, &a); err != nil {
		return nil, "", err
	}
	if a.List == nil {
		return nil, "", odd("notifications")
	}
	me := c.session.current().DID
	var items []item
	for _, raw := range *a.List {
		var n struct {
			Reason string `json:"reason"`
		}
		p := postOf(raw)
		if p.URI == "" || json.Unmarshal(raw, &n) != nil {
			c.log.Warn("bluesky: a notification without an address was left out")
			continue
		}
		if !slices.Contains(reasons, n.Reason) || !strings.Contains(p.URI, "/"+postType+"/") {
			continue
		}
		items = append(items, c.item(heard, me, p, raw, parseTime(p.IndexedAt)))
	}
	return items, past(a.Cursor, cursor), nil
}

// past moves a cursor that is a time back up by a millisecond. The reading side's next page begins strictly below the
// cursor, so of several notifications in the instant where a page ends the others would be skipped. Reading that instant
// twice costs nothing. If a whole page is one instant there is no other way than on.
func past(next, asked string) string {
	t := parseTime(next)
	if t.IsZero() {
		return next
	}
	if up := t.Add(time.Millisecond).Format("2006-01-02T15:04:05.000Z"); up != asked {
		return up
	}
	return next
}

// ownPosts lists what the account itself said: an echo of ours, or by hand in the app. The host knows it at once.
func (c *conn) ownPosts(ctx context.Context, cursor string) ([]item, string, error) {
	me := c.session.current()
	if me.DID == "" {
		var err error
		if me, err = c.session.token(ctx); err != nil {
			return nil, "", err
		}
	}
	q := url.Values{"repo": {me.DID}, "collection": {postType}, "limit": {"50"}}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	var a struct {
		Cursor string             `json:"cursor"`
		List   *[]json.RawMessage `json:"records"`
	}
	if err := c.do(ctx, call{nsid: "com.atproto.repo.listRecords", query: q}, &a); err != nil {
		return nil, "", err
	}
	if a.List == nil {
		return nil, "", odd("records")
	}
	var items []item
	for _, raw := range *a.List {
		p := ownPost(raw, me, c.now())
		if p.URI == "" {
			continue
		}
		items = append(items, c.item(own, me.DID, p, raw, tidTime(rkeyOf(p.URI))))
	}
	return items, a.Cursor, nil
}

func (c *conn) item(stream, me string, p *post, raw json.RawMessage, at time.Time) item {
	m := p.message(me, c.now())
	return item{id: p.URI + " " + p.CID, at: at, event: event{
		stream: stream, post: p,
		Event: channel.Event{Kind: channel.Said, RemoteID: p.URI, At: m.At, Message: m, Raw: raw},
	}}
}

func odd(what string) error {
	return &channel.Trouble{Deed: channel.Again, Message: "Bluesky's answer makes no sense: it holds no " + what}
}

// hydrate completes the posts that carry media or a quotation: a notification holds their names only, not their addresses.
func (c *conn) hydrate(ctx context.Context, items []item) error {
	at := map[string][]int{}
	var uris []string
	for k, it := range items {
		if it.post != nil && len(it.post.record.Embed) > 0 {
			if at[it.RemoteID] == nil {
				uris = append(uris, it.RemoteID)
			}
			at[it.RemoteID] = append(at[it.RemoteID], k)
		}
	}
	me := c.session.current().DID
	for some := range slices.Chunk(uris, 25) {
		found, err := c.posts(ctx, some)
		if err != nil {
			return err
		}
		for uri, p := range found { // who is missing was deleted since: it is told as it was, and Reread tells the rest
			for _, k := range at[uri] {
				if was := items[k].Message; p.CID == was.Version {
					items[k].Message = p.message(me, c.now())
					items[k].Message.At = was.At
				}
			}
		}
	}
	return nil
}
