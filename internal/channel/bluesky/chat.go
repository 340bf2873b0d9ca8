package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

// convoView is a conversation of the chat service.
type convoView struct {
	ID      string        `json:"id"`
	Rev     string        `json:"rev"`
	Members []profileView `json:"members"`
	Status  string        `json:"status"` // "request": a stranger's, not accepted yet
	Unread  int           `json:"unreadCount"`
	Last    *messageView  `json:"lastMessage"`
}

// messageView is a direct message.
type messageView struct {
	Type   string  `json:"$type"`
	ID     string  `json:"id"`
	Rev    string  `json:"rev"`
	Text   string  `json:"text"`
	Facets []facet `json:"facets"`
	Sender struct {
		DID string `json:"did"`
	} `json:"sender"`
	SentAt  string `json:"sentAt"`
	ReplyTo *struct {
		ID string `json:"id"`
	} `json:"replyTo"`
	Embed map[string]any `json:"embed"`
}

func (v messageView) deleted() bool { return strings.HasSuffix(v.Type, "#deletedMessageView") }

// logEntry is something that happened in one of our conversations.
type logEntry struct {
	Type     string        `json:"$type"`
	Rev      string        `json:"rev"`
	Convo    string        `json:"convoId"`
	Message  messageView   `json:"message"`
	Profiles []profileView `json:"relatedProfiles"`
}

// chatID is the RemoteID of a direct message. Its number alone is only known within its conversation.
func chatID(convo, message string) string { return "chat:" + convo + "/" + message }

func parseChatID(id string) (convo, message string, ok bool) {
	rest, ok := strings.CutPrefix(id, "chat:")
	k := strings.LastIndexByte(rest, '/')
	if !ok || k < 1 {
		return "", "", false
	}
	return rest[:k], rest[k+1:], true
}

const (
	pauseRefused = 30 * time.Minute // how long a chat service that does not let us in is left alone
	mostLog      = 40               // pages read at once
)

// chatLog returns what happened in direct messages since rev, and how far that is. Chat is a service of its own that an app
// password may not reach: whatever goes wrong with it must not hold up the posts, so it is logged and tried again later.
func (c *conn) chatLog(ctx context.Context, rev string) ([]item, string) {
	c.mu.Lock()
	off := c.now().Before(c.chatOff) && c.chatOff.Sub(c.now()) <= pauseRefused
	c.mu.Unlock()
	if off || claimsOf(c.session.current().Access).Scope == "com.atproto.appPass" {
		return nil, rev
	}
	items, next, err := c.readLog(ctx, rev)
	if err == nil {
		return items, next
	}
	var no *refusal
	if errors.As(err, &no) && no.Status < 500 && no.Status != http.StatusTooManyRequests {
		c.mu.Lock()
		c.chatOff = c.now().Add(pauseRefused)
		c.mu.Unlock()
		c.log.Warn("bluesky: direct messages can't be read with this app password, or here is no chat service", "err", err)
	} else if ctx.Err() == nil {
		c.log.Warn("bluesky: direct messages can't be read now", "err", err)
	}
	return items, next // what was read before the fault
}

func (c *conn) readLog(ctx context.Context, rev string) ([]item, string, error) {
	if rev == "" {
		return c.beginLog(ctx)
	}
	var items []item
	for range mostLog {
		var a struct {
			Cursor string             `json:"cursor"`
			Logs   *[]json.RawMessage `json:"logs"`
		}
		err := c.do(ctx, call{nsid: "chat.bsky.convo.getLog", query: url.Values{"cursor": {rev}}, chat: true}, &a)
		if err == nil && a.Logs == nil {
			err = odd("log")
		}
		if err != nil {
			return items, rev, err
		}
		before := rev
		for _, raw := range *a.Logs {
			var e logEntry
			if err := json.Unmarshal(raw, &e); err != nil {
				c.log.Warn("bluesky: an entry of the chat's log could not be read", "err", err)
				continue
			}
			it, ok, err := c.logged(ctx, e, raw)
			if err != nil {
				return items, rev, err
			}
			if ok {
				items = append(items, it)
			}
			rev = max(rev, e.Rev)
		}
		if a.Cursor > rev {
			rev = a.Cursor
		}
		if rev == before || len(*a.Logs) == 0 {
			break
		}
	}
	return items, rev, nil
}

// beginLog is the first time: the log starts at the newest conversation, and the last word of each that is unread is told.
func (c *conn) beginLog(ctx context.Context) ([]item, string, error) {
	var a struct {
		Convos *[]json.RawMessage `json:"convos"`
	}
	q := url.Values{"limit": {"100"}}
	err := c.do(ctx, call{nsid: "chat.bsky.convo.listConvos", query: q, chat: true}, &a)
	if err == nil && a.Convos == nil {
		err = odd("conversations")
	}
	if err != nil {
		return nil, "", err
	}
	var items []item
	rev := ""
	for _, raw := range *a.Convos {
		var v convoView
		if json.Unmarshal(raw, &v) != nil || v.ID == "" {
			continue
		}
		rev = max(rev, v.Rev)
		if v.Unread > 0 && v.Last != nil && v.Last.ID != "" && !v.Last.deleted() {
			e := logEntry{Rev: v.Last.Rev, Convo: v.ID, Message: *v.Last, Profiles: v.Members}
			items = append(items, c.chatItem(e, v, raw))
		}
	}
	if rev == "" {
		rev = tid(c.now().Add(-10 * time.Minute)) // nobody has written yet: the clocks may differ by that much
	}
	return items, rev, nil
}

// logged turns an entry of the log into an item. Entries that are no messages (reactions, joins, what is new) are passed over.
func (c *conn) logged(ctx context.Context, e logEntry, raw json.RawMessage) (item, bool, error) {
	if e.Convo == "" || e.Message.ID == "" {
		return item{}, false, nil
	}
	gone := strings.HasSuffix(e.Type, "#logDeleteMessage") || e.Message.deleted()
	switch {
	case gone:
		at := tidTime(e.Rev)
		if at.IsZero() || at.After(c.now()) {
			at = c.now().UTC()
		}
		return item{id: e.Rev, at: at, event: event{stream: chat, Event: channel.Event{
			Kind: channel.Deleted, RemoteID: chatID(e.Convo, e.Message.ID), At: at, Raw: raw,
		}}}, true, nil
	case !strings.HasSuffix(e.Type, "#logCreateMessage"):
		return item{}, false, nil
	}
	v, err := c.convo(ctx, e.Convo, false)
	if err != nil && channel.TroubleOf(err).Deed != channel.Gone { // left or locked since: what was said is told all the same
		return item{}, false, err
	}
	return c.chatItem(e, v, raw), true, nil
}

func (c *conn) chatItem(e logEntry, v convoView, raw json.RawMessage) item {
	m := c.direct(e.Convo, e.Message, slices.Concat(e.Profiles, v.Members))
	return item{id: e.Rev, at: m.At, event: event{stream: chat, Event: channel.Event{
		Kind: channel.Said, RemoteID: m.RemoteID, At: m.At, Message: m, Raw: raw,
	}}}
}

// direct is a direct message as a message.
func (c *conn) direct(convo string, v messageView, who []profileView) channel.Message {
	at := parseTime(v.SentAt)
	if at.IsZero() || at.After(c.now().Add(time.Minute)) {
		at = c.now().UTC()
	}
	me := c.session.current().DID
	m := channel.Message{
		RemoteID: chatID(convo, v.ID), Version: v.Rev, ThreadID: convo, Kind: channel.Direct, Private: true,
		Own: v.Sender.DID == me, From: channel.Identity{RemoteID: v.Sender.DID, URL: profileURL(v.Sender.DID)},
		Text: record{Text: v.Text, Facets: v.Facets}.shown(), At: at, URL: "https://bsky.app/messages/" + url.PathEscape(convo),
	}
	if v.ReplyTo != nil && v.ReplyTo.ID != "" {
		m.ParentID = chatID(convo, v.ReplyTo.ID)
	}
	for _, p := range who {
		if p.DID == v.Sender.DID {
			m.From = p.identity()
			m.Doubts = (&post{Author: p}).doubts()
		} else if !slices.ContainsFunc(m.To, func(i channel.Identity) bool { return i.RemoteID == p.DID }) && p.DID != me {
			m.To = append(m.To, p.identity())
		}
	}
	if len(v.Embed) > 0 && m.Text == "" {
		m.Doubts = append(m.Doubts, "this message shows something that is not text: open it in Bluesky")
	}
	return m
}

// convo returns a conversation, from memory if anew is false.
func (c *conn) convo(ctx context.Context, id string, anew bool) (convoView, error) {
	c.mu.Lock()
	v, ok := c.convos[id]
	c.mu.Unlock()
	if ok && !anew {
		return v, nil
	}
	var a struct {
		Convo convoView `json:"convo"`
	}
	err := c.do(ctx, call{nsid: "chat.bsky.convo.getConvo", query: url.Values{"convoId": {id}}, chat: true}, &a)
	if err == nil && a.Convo.ID == "" {
		err = odd("conversation")
	}
	if err != nil {
		return convoView{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.convos) >= 1000 { // rarely, and only a call each to know them again
		clear(c.convos)
	}
	c.convos[id] = a.Convo
	return a.Convo, nil
}

// messages calls look with each message of a conversation, newest first, until it returns true or there are none.
func (c *conn) messages(ctx context.Context, convo string, look func(messageView) bool) error {
	cursor := ""
	for range mostLog {
		q := url.Values{"convoId": {convo}, "limit": {"100"}}
		if cursor != "" {
			q.Set("cursor", cursor)
		}
		var a struct {
			Cursor   string         `json:"cursor"`
			Messages *[]messageView `json:"messages"`
		}
		if err := c.do(ctx, call{nsid: "chat.bsky.convo.getMessages", query: q, chat: true}, &a); err != nil {
			return err
		}
		if a.Messages == nil {
			return odd("messages")
		}
		for _, v := range *a.Messages {
			if look(v) {
				return nil
			}
		}
		if a.Cursor == "" || a.Cursor == cursor || len(*a.Messages) == 0 {
			return nil
		}
		cursor = a.Cursor
	}
	return fault.New(fault.Unavailable, "this conversation is too long to be searched: look into it on Bluesky")
}

// readDirect is Read for a direct message.
func (c *conn) readDirect(ctx context.Context, id string) (channel.Message, error) {
	convo, number, ok := parseChatID(id)
	if !ok {
		return channel.Message{}, fault.New(fault.NotFound, "there is no such message on Bluesky")
	}
	v, err := c.convo(ctx, convo, true)
	if err != nil {
		if channel.TroubleOf(err).Deed == channel.Gone {
			return channel.Message{}, fault.Wrap(fault.NotFound, "this conversation is no longer there", err)
		}
		return channel.Message{}, err
	}
	var found *messageView
	err = c.messages(ctx, convo, func(m messageView) bool {
		if m.ID == number {
			found = &m
		}
		return found != nil
	})
	if err != nil {
		return channel.Message{}, err
	}
	if found == nil || found.deleted() {
		return channel.Message{}, fault.New(fault.NotFound, "this message was deleted")
	}
	return c.direct(convo, *found, v.Members), nil
}
