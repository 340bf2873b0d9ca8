package bluesky

import (
	"slices"
	"strings"

	"github.com/rivo/uniseg"

	"switchboard/internal/sim/far"
)

// convo is a conversation of two.
type convo struct {
	id       string
	members  [2]*account
	accepted map[*account]bool
	messages []*message // oldest first
}

type message struct {
	id, rev, text, replyTo string
	from                   *account
	at                     string
	deleted                bool
}

// logEntry is a line of the log that each member of its conversation reads.
type logEntry struct {
	rev, kind string
	convo     *convo
	message   *message
}

func (c *convo) other(a *account) *account {
	if c.members[0] == a {
		return c.members[1]
	}
	return c.members[0]
}

func (c *convo) has(a *account) bool { return c.members[0] == a || c.members[1] == a }

// between returns the conversation of two accounts, made if need be.
func (s *Server) between(a, b *account) *convo {
	for _, c := range s.convos {
		if c.has(a) && c.has(b) {
			return c
		}
	}
	c := &convo{id: s.tid(), members: [2]*account{a, b}, accepted: map[*account]bool{a: true}}
	s.convos = append(s.convos, c)
	s.log = append(s.log, logEntry{rev: s.tid(), kind: "logBeginConvo", convo: c})
	return c
}

func (s *Server) convo(r request, id string) (*convo, error) {
	for _, c := range s.convos {
		if c.id == id && c.has(r.me) {
			return c, nil
		}
	}
	return nil, no(400, "InvalidConvo", "Convo not found")
}

// write adds a message to a conversation.
func (s *Server) write(c *convo, from *account, text, replyTo string) *message {
	id := s.tid()
	m := &message{id: id, rev: s.tid(), text: text, from: from, at: when(s.now()), replyTo: replyTo}
	c.messages = append(c.messages, m)
	s.log = append(s.log, logEntry{rev: m.rev, kind: "logCreateMessage", convo: c, message: m})
	return m
}

func (s *Server) messageView(c *convo, m *message) map[string]any {
	v := map[string]any{"id": m.id, "rev": m.rev, "sender": map[string]string{"did": m.from.did}, "sentAt": m.at}
	if m.deleted {
		v["$type"] = "chat.bsky.convo.defs#deletedMessageView"
		return v
	}
	v["$type"], v["text"] = "chat.bsky.convo.defs#messageView", m.text
	if k := slices.IndexFunc(c.messages, func(x *message) bool { return x.id == m.replyTo }); k >= 0 && m.replyTo != "" {
		up := *c.messages[k]
		up.replyTo = ""
		v["replyTo"] = s.messageView(c, &up)
	}
	return v
}

func (s *Server) convoView(c *convo, viewer *account) map[string]any {
	v := map[string]any{
		"id": c.id, "rev": c.id, "muted": false, "unreadCount": 0, "status": "request",
		"members": []any{s.profile(c.members[0], viewer), s.profile(c.members[1], viewer)},
	}
	if c.accepted[viewer] {
		v["status"] = "accepted"
	}
	if n := len(c.messages); n > 0 {
		last := c.messages[n-1]
		v["lastMessage"], v["rev"] = s.messageView(c, last), last.rev
		if last.from != viewer {
			v["unreadCount"] = 1
		}
	}
	return v
}

func (s *Server) listConvos(r request) (any, error) {
	out := []any{}
	for _, c := range slices.Backward(s.convos) {
		if c.has(r.me) {
			out = append(out, s.convoView(c, r.me))
		}
	}
	return map[string]any{"convos": out}, nil
}

func (s *Server) getConvo(r request) (any, error) {
	c, err := s.convo(r, r.query("convoId"))
	if err != nil {
		return nil, err
	}
	return map[string]any{"convo": s.convoView(c, r.me)}, nil
}

func (s *Server) getConvoForMembers(r request) (any, error) {
	var to *account
	for _, did := range r.URL.Query()["members"] {
		if did != r.me.did {
			to = s.find(did)
		}
	}
	switch {
	case to == nil:
		return nil, no(400, "RecipientNotFound", "Recipient not found")
	case to.blocks[r.me.did]:
		return nil, no(400, "BlockedActor", "block between recipient and sender")
	case to.deaf:
		return nil, no(400, "MessagesDisabled", "recipient has disabled incoming messages")
	}
	return map[string]any{"convo": s.convoView(s.between(r.me, to), r.me)}, nil
}

func (s *Server) acceptConvo(r request) (any, error) {
	var in struct{ ConvoID string }
	if err := r.read(&in); err != nil {
		return nil, err
	}
	c, err := s.convo(r, in.ConvoID)
	if err != nil {
		return nil, err
	}
	c.accepted[r.me] = true
	return map[string]any{"rev": s.tid()}, nil
}

// getMessages runs newest first; its cursor is a message.
func (s *Server) getMessages(r request) (any, error) {
	c, err := s.convo(r, r.query("convoId"))
	if err != nil {
		return nil, err
	}
	limit, err := r.number("limit", 50, 100)
	if err != nil {
		return nil, err
	}
	out, answer := []any{}, map[string]any{}
	for _, m := range slices.Backward(c.messages) {
		if at := r.query("cursor"); at != "" && m.id >= at {
			continue
		}
		if len(out) == limit {
			break
		}
		out = append(out, s.messageView(c, m))
		answer["cursor"] = m.id
	}
	answer["messages"] = out
	return answer, nil
}

// getLog runs oldest first, from the cursor on.
func (s *Server) getLog(r request) (any, error) {
	out, cursor := []any{}, r.query("cursor")
	for _, e := range s.log {
		if e.rev <= cursor || !e.convo.has(r.me) || len(out) == 50 {
			continue
		}
		v := map[string]any{"$type": "chat.bsky.convo.defs#" + e.kind, "rev": e.rev, "convoId": e.convo.id}
		if e.message != nil {
			m := *e.message
			m.deleted = m.deleted || e.kind == "logDeleteMessage"
			v["message"] = s.messageView(e.convo, &m)
		}
		out = append(out, v)
		cursor = e.rev
	}
	return map[string]any{"logs": out, "cursor": cursor}, nil
}

func (s *Server) sendMessage(r request) (any, error) {
	var in struct {
		ConvoID string
		Message struct {
			Text    string
			ReplyTo struct{ MessageID string }
		}
	}
	if err := r.read(&in); err != nil {
		return nil, err
	}
	c, err := s.convo(r, in.ConvoID)
	if err != nil {
		return nil, err
	}
	text, up := in.Message.Text, in.Message.ReplyTo.MessageID
	switch {
	case uniseg.GraphemeClusterCount(text) > 1000 || len(text) > 10000 || strings.TrimSpace(text) == "":
		return nil, no(400, "InvalidRequest", "Invalid message text")
	case c.other(r.me).blocks[r.me.did]:
		return nil, no(400, "InvalidRequest", "block between recipient and sender")
	case up != "" && !slices.ContainsFunc(c.messages, func(m *message) bool { return m.id == up && !m.deleted }):
		return nil, no(400, "ReplyTargetNotFound", "Reply target not found")
	}
	m := s.write(c, r.me, text, up)
	e := far.Entry{At: s.now(), Account: r.me.handle, Kind: far.DM, ID: chatID(c, m), To: c.other(r.me).handle, Text: text, Private: true}
	if up != "" {
		e.ParentID = "chat:" + c.id + "/" + up
	}
	s.Record.Add(e)
	return s.messageView(c, m), nil
}

// chatID names a message the way our connector does.
func chatID(c *convo, m *message) string { return "chat:" + c.id + "/" + m.id }
