package bluesky

import (
	"context"
	"net/url"
	"strings"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

// sendDirect sends a direct message. The chat service has no key of ours to know it by: see findDirect.
func (c *conn) sendDirect(ctx context.Context, o channel.Outgoing) (channel.Receipt, error) {
	if err := fits(o); err != nil {
		return channel.Receipt{}, err
	}
	v, err := c.convoFor(ctx, o)
	if err != nil {
		return channel.Receipt{}, noChat(err)
	}
	m := map[string]any{"text": o.Text}
	facets, err := c.facets(ctx, o.Text, o.To)
	if err != nil {
		return channel.Receipt{}, err
	}
	if len(facets) > 0 {
		m["facets"] = facets
	}
	if o.Parent != nil {
		if convo, id, ok := parseChatID(o.Parent.RemoteID); ok && convo == v.ID {
			m["replyTo"] = map[string]string{"messageId": id}
		}
	}
	if v.Status == "request" { // a stranger's: answering it accepts it
		k := call{nsid: "chat.bsky.convo.acceptConvo", chat: true, body: map[string]string{"convoId": v.ID}}
		if err := c.do(ctx, k, &struct{}{}); err != nil {
			return channel.Receipt{}, noChat(err)
		}
	}
	var a messageView
	err = c.do(ctx, call{nsid: "chat.bsky.convo.sendMessage", chat: true, write: true, body: map[string]any{"convoId": v.ID, "message": m}}, &a)
	if err != nil {
		return channel.Receipt{}, noChat(err)
	}
	if a.ID == "" {
		return channel.Receipt{}, &channel.Trouble{Deed: channel.Again, Unclear: true, Message: "Bluesky's answer does not name the new message"}
	}
	return directReceipt(v.ID, a), nil
}

func directReceipt(convo string, v messageView) channel.Receipt {
	return channel.Receipt{
		RemoteID: chatID(convo, v.ID), ThreadID: convo, Version: v.Rev, At: parseTime(v.SentAt),
		URL: "https://bsky.app/messages/" + url.PathEscape(convo),
	}
}

// noChat says it plainly when the app password may not use direct messages: the account as such is well.
func noChat(err error) error {
	if !refusedAs(err, "InvalidToken") {
		return err
	}
	return &channel.Trouble{Deed: channel.NotAllowed, Err: err, Message: "this app password may not send direct messages: answer in public, " +
		"or connect the account again with one that has \"Allow access to your direct messages\" ticked"}
}

// convoFor returns the conversation that o belongs to: its parent's, or the one with the person it is for.
func (c *conn) convoFor(ctx context.Context, o channel.Outgoing) (convoView, error) {
	to := ""
	if p := o.Parent; p != nil {
		if convo, _, ok := parseChatID(p.RemoteID); ok {
			return c.convo(ctx, convo, true)
		}
		to = p.From.RemoteID
	} else if len(o.To) == 1 {
		to = o.To[0].RemoteID
	}
	if !strings.HasPrefix(to, "did:") {
		return convoView{}, fix("a direct message goes to one person, and it is not said to whom")
	}
	var a struct {
		Convo convoView `json:"convo"`
	}
	err := c.do(ctx, call{nsid: "chat.bsky.convo.getConvoForMembers", query: url.Values{"members": {to}}, chat: true}, &a)
	if err == nil && a.Convo.ID == "" {
		err = odd("conversation")
	}
	return a.Convo, err
}

// skew is how far the chat service's clock and ours may differ.
const skew = 2 * time.Minute

// findDirect looks for our words among the newest of the conversation. The same words from just before o was put in the
// queue could be an earlier message or, by a clock that is wrong, this one: then a person must look.
func (c *conn) findDirect(ctx context.Context, o channel.Outgoing) (channel.Receipt, bool, error) {
	v, err := c.convoFor(ctx, o)
	if err != nil {
		return channel.Receipt{}, false, err
	}
	me := c.session.current().DID
	var found, near *messageView
	err = c.messages(ctx, v.ID, func(m messageView) bool {
		at := parseTime(m.SentAt)
		if at.Before(o.At.Add(-skew)) && !at.IsZero() {
			return true
		}
		if m.Sender.DID != me || m.Text != o.Text || m.deleted() {
			return false
		}
		if at.Before(o.At) {
			near = &m
		} else {
			found = &m // the oldest that may be ours
		}
		return false
	})
	switch {
	case err != nil:
		return channel.Receipt{}, false, err
	case found != nil:
		return directReceipt(v.ID, *found), true, nil
	case near != nil:
		return channel.Receipt{}, false, fault.New(fault.Conflict, "the same words were sent shortly before: look into the conversation on Bluesky")
	}
	return channel.Receipt{}, false, nil
}
