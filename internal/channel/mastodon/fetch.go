package mastodon

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"switchboard/internal/channel"
)

// cursor is how far we have read two lists: the account's notifications, and what it says itself.
type cursor struct {
	Heard mark `json:"heard"`
	Own   mark `json:"own"`
}

// mark is a place in a list whose ids grow.
//
// A server may hand out an id and show it only after a later one, when two of its processes work at once. So a list that was
// read to its end is read again from Safe, a little before it; and while there is more it goes on from Top.
type mark struct {
	Top  string `json:"top"`            // the newest id read
	Safe string `json:"safe"`           // the newest that nothing can come before any more
	Busy bool   `json:"busy,omitempty"` // the end is not reached: go on from Top
}

const (
	overlap = 10 * time.Second // how late an id may appear
	again   = 40               // and how many of the newest are read again at most
)

// start is before every id there can be.
const start = "0"

// noise are the notifications that are no message. All others are asked for, those of kinds yet unknown among them.
var noise = []string{"favourite", "reblog", "follow", "follow_request", "poll", "admin.sign_up", "admin.report"}

// Fetch reads what we were told and what we said ourselves since cursor.
func (c *conn) Fetch(ctx context.Context, from string) (channel.Page, error) {
	var cur cursor
	if from != "" {
		if err := json.Unmarshal([]byte(from), &cur); err != nil {
			return channel.Page{}, err
		}
	}
	me, in, err := c.myself(ctx)
	if err != nil {
		return channel.Page{}, err
	}
	var page channel.Page
	heard, err := c.since(ctx, "/api/v1/notifications", &cur.Heard, url.Values{"limit": {"80"}, "exclude_types[]": noise, "include_filtered": {"true"}})
	if err != nil {
		return channel.Page{}, err
	}
	for _, raw := range heard {
		var n notification
		if json.Unmarshal(raw, &n) == nil {
			page.Events = append(page.Events, c.heard(&n, me, in)...)
		}
	}
	said, err := c.since(ctx, "/api/v1/accounts/"+esc(string(me.ID))+"/statuses", &cur.Own, url.Values{"limit": {"40"}, "exclude_reblogs": {"true"}})
	if err != nil {
		return channel.Page{}, err
	}
	for _, raw := range said {
		var s status
		if json.Unmarshal(raw, &s) != nil || s.Account.ID != me.ID {
			continue
		}
		if e, ok := c.event(channel.Said, &s, me, in); ok {
			page.Events = append(page.Events, e)
		}
	}
	slices.SortStableFunc(page.Events, func(a, b channel.Event) int { return a.At.Compare(b.At) })
	next, err := json.Marshal(cur)
	page.Next, page.More = string(next), cur.Heard.Busy || cur.Own.Busy
	return page, err
}

// since reads the part of a list that follows m, oldest first, and moves m on.
func (c *conn) since(ctx context.Context, path string, m *mark, q url.Values) ([]json.RawMessage, error) {
	fresh := m.Top == ""
	switch {
	case fresh: // the newest few
	case m.Busy:
		q.Set("min_id", m.Top)
	default:
		q.Set("min_id", m.Safe)
	}
	list, err := c.list(ctx, path, q)
	if err != nil {
		return nil, err
	}
	slices.Reverse(list) // pages are newest first
	m.move(list, c.serverTime(c.now()))
	if fresh {
		m.Busy = false // whatever is before the newest few was before us
	}
	return list, nil
}

// move takes in a page that was read; now is the server's time.
func (m *mark) move(list []json.RawMessage, now time.Time) {
	top := m.Top
	var ids []string
	for _, raw := range list {
		var x struct {
			ID      ident `json:"id"`
			Created when  `json:"created_at"`
		}
		if json.Unmarshal(raw, &x) != nil || x.ID == "" {
			continue
		}
		ids = append(ids, string(x.ID))
		if now.Sub(x.Created.Time) >= overlap {
			m.Safe = string(x.ID)
		}
	}
	if len(ids) > again {
		if k := slices.Index(ids, m.Safe); k < len(ids)-again {
			m.Safe = ids[len(ids)-again]
		}
	}
	if len(ids) > 0 {
		top = ids[len(ids)-1]
	}
	if top == "" {
		top = start
	}
	m.Busy = len(ids) > 0 && top != m.Top
	m.Top = top
	if m.Safe == "" {
		m.Safe = start
	}
}

// heard makes events of a notification.
func (c *conn) heard(n *notification, me *account, in *instance) []channel.Event {
	kind := channel.Said
	switch n.Type {
	case "update", "quoted_update":
		kind = channel.Edited
	case "mention", "quote":
	case "favourite", "reblog", "follow", "follow_request", "poll", "status", "admin.sign_up", "admin.report":
		return nil
	default:
		if n.Status == nil || !concerns(n.Status, me) {
			c.log.Info("a notification that is no message", "type", clean(n.Type), "id", string(n.ID))
			return nil
		}
	}
	if n.Type == "update" && n.Status != nil && !concerns(n.Status, me) {
		return nil // a post we boosted: nobody spoke to us
	}
	if e, ok := c.event(kind, n.Status, me, in); ok {
		return []channel.Event{e}
	}
	return nil
}

// concerns reports whether a status is ours, answers us or names us.
func concerns(s *status, me *account) bool {
	return s.Account.ID == me.ID || s.ReplyToAccount == me.ID ||
		slices.ContainsFunc(s.Mentions, func(m mention) bool { return m.ID == me.ID })
}
