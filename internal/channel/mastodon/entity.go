package mastodon

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// The entities hold what we use of the far side's. They are read field by field: one of a type we did not expect is left
// out, and the rest of a message is still a message.

// fields decodes an object's fields into what they point to, leaving out what does not fit.
func fields(b []byte, into map[string]any) error {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	for name, p := range into {
		if raw, ok := m[name]; ok {
			_ = json.Unmarshal(raw, p)
		}
	}
	return nil
}

// ident is an id: an opaque string, which some servers send as a number.
type ident string

func (i *ident) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*i = ident(s)
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	*i = ident(n.String())
	return nil
}

// when is a time as servers write it; what can't be read is zero.
type when struct{ time.Time }

func (w *when) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil || s == "" {
		return err
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			w.Time = t.UTC()
			return nil
		}
	}
	return nil
}

type account struct {
	ID                     ident
	Username, Acct         string
	Name, URL, URI, Avatar string
	Note                   string
	Followers              int
	Bot, Suspended         bool
	Source                 json.RawMessage
}

func (a *account) UnmarshalJSON(b []byte) error {
	return fields(b, map[string]any{"id": &a.ID, "username": &a.Username, "acct": &a.Acct, "display_name": &a.Name, "url": &a.URL,
		"uri": &a.URI, "avatar": &a.Avatar, "followers_count": &a.Followers, "bot": &a.Bot, "suspended": &a.Suspended, "note": &a.Note})
}

type mention struct {
	ID                  ident
	Username, Acct, URL string
}

func (m *mention) UnmarshalJSON(b []byte) error {
	return fields(b, map[string]any{"id": &m.ID, "username": &m.Username, "acct": &m.Acct, "url": &m.URL})
}

type attachment struct {
	ID                         ident
	Type, URL, Remote, Preview string
	Description                string
}

func (m *attachment) UnmarshalJSON(b []byte) error {
	return fields(b, map[string]any{"id": &m.ID, "type": &m.Type, "url": &m.URL, "remote_url": &m.Remote, "preview_url": &m.Preview,
		"description": &m.Description})
}

type status struct {
	ID, ReplyTo, ReplyToAccount ident
	URI, URL                    string
	Created, Edited             when
	Visibility, Language        string
	Warning, Content            string
	Account                     account
	Media                       []attachment
	Mentions                    []mention
	Boost                       *struct{}
	edits                       bool // the server has a word for edits
	raw                         json.RawMessage
}

func (s *status) UnmarshalJSON(b []byte) error {
	var edited json.RawMessage
	err := fields(b, map[string]any{"id": &s.ID, "in_reply_to_id": &s.ReplyTo, "in_reply_to_account_id": &s.ReplyToAccount, "uri": &s.URI,
		"url": &s.URL, "created_at": &s.Created, "edited_at": &s.Edited, "visibility": &s.Visibility, "language": &s.Language,
		"spoiler_text": &s.Warning, "content": &s.Content, "account": &s.Account, "media_attachments": &s.Media,
		"mentions": &s.Mentions, "reblog": &s.Boost})
	_ = fields(b, map[string]any{"edited_at": &edited})
	s.edits, s.raw = edited != nil, append(json.RawMessage(nil), b...)
	return err
}

type notification struct {
	ID      ident
	Type    string
	Created when
	Account account
	Status  *status
}

func (n *notification) UnmarshalJSON(b []byte) error {
	return fields(b, map[string]any{"id": &n.ID, "type": &n.Type, "created_at": &n.Created, "account": &n.Account, "status": &n.Status})
}

// clean makes text fit for any database and any screen: valid UTF-8, and no control characters but line breaks and tabs.
func clean(s string) string {
	bad := func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }
	if utf8.ValidString(s) && strings.IndexFunc(s, bad) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if bad(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// keepable is raw JSON fit for any database: valid UTF-8, and no escaped NUL, which PostgreSQL does not take.
func keepable(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return nil
	}
	return json.RawMessage(strings.ReplaceAll(strings.ToValidUTF8(string(raw), "\uFFFD"), `\u0000`, `\ufffd`))
}
