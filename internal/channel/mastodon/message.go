package mastodon

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"mime"
	"net/url"
	"path"
	"strings"

	"switchboard/internal/channel"
)

// memo is what a reply needs to know of what it answers, and gets back in Outgoing.Parent.
type memo struct {
	Visibility string   `json:"visibility"`
	Acct       string   `json:"acct"`             // of the author, as this server writes it
	Others     []string `json:"others,omitempty"` // who else is named, without ourselves
}

// message is a status as a Message, seen by the account me.
func (c *conn) message(s *status, me *account, in *instance) channel.Message {
	m := channel.Message{
		RemoteID: string(s.ID), URI: clean(s.URI), Version: version(s), ParentID: string(s.ReplyTo), Kind: channel.Post,
		Private: private(s.Visibility), Own: s.Account.ID == me.ID, From: identity(&s.Account, in), Text: plain(s.Content, s.Mentions),
		HTML: clean(s.Content), Warning: clean(s.Warning), Lang: clean(s.Language), At: s.Created.Time, EditedAt: s.Edited.Time,
		URL: clean(s.URL), Automatic: s.Account.Bot && s.Account.ID != me.ID,
	}
	if m.At.IsZero() {
		m.At = c.now().UTC()
	}
	switch {
	case s.Visibility == "direct":
		m.Kind = channel.Direct
	case s.ReplyTo != "":
		m.Kind = channel.Reply
	}
	m.ThreadID = c.root(s)
	keep := memo{Visibility: s.Visibility, Acct: s.Account.Acct}
	for _, x := range s.Mentions {
		if x.ID == me.ID {
			continue
		}
		keep.Others = append(keep.Others, x.Acct)
		m.To = append(m.To, channel.Identity{RemoteID: clean(x.URL), Handle: handle(x.Acct, in), Name: clean(x.Username), URL: clean(x.URL)})
	}
	for _, x := range s.Media {
		if a, ok := media(x); ok {
			m.Media = append(m.Media, a)
		}
	}
	m.Memo, _ = json.Marshal(keep)
	return m
}

// private reports whether a status of a visibility is for some eyes only: direct, or for followers.
func private(visibility string) bool { return visibility != "public" && visibility != "unlisted" }

// root is the first status of the thread that s is in, as far back as we have seen it. What is private and answers nothing
// begins no thread (""): it goes on where its author and we left off.
func (c *conn) root(s *status) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.ReplyTo == "" {
		if private(s.Visibility) {
			return ""
		}
		return string(s.ID)
	}
	root := string(s.ReplyTo)
	if above, ok := c.roots.get(root); ok {
		root = above
	}
	c.roots.put(string(s.ID), root)
	return root
}

// version changes with each edit: the time of the last one, or a hash where the server knows no edits.
func version(s *status) string {
	switch {
	case !s.Edited.IsZero():
		return s.Edited.UTC().Format("2006-01-02T15:04:05.000Z")
	case s.edits:
		return "1"
	}
	h := sha256.New()
	_, _ = h.Write([]byte(s.Warning + "\x00" + s.Content))
	for _, m := range s.Media {
		_, _ = h.Write([]byte("\x00" + string(m.ID) + m.Description))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// picture is the address of somebody's picture; the one that stands for none is left out.
func picture(address string) string {
	if strings.HasSuffix(address, "/avatars/original/missing.png") {
		return ""
	}
	return clean(address)
}

func identity(a *account, in *instance) channel.Identity {
	i := channel.Identity{RemoteID: clean(a.URI), Handle: handle(a.Acct, in), Name: clean(a.Name), URL: clean(a.URL),
		Avatar: picture(a.Avatar), Followers: a.Followers, Bot: a.Bot, About: plain(a.Note, nil)}
	if i.RemoteID == "" { // servers before 4.2, and some others
		i.RemoteID = i.URL
	}
	if i.RemoteID == "" {
		i.RemoteID = i.Handle
	}
	if i.Name == "" {
		i.Name = clean(a.Username)
	}
	return i
}

// handle is a whole address of somebody: the server leaves its own name out of those of its own people.
func handle(acct string, in *instance) string {
	acct = clean(acct)
	if acct != "" && !strings.Contains(acct, "@") && in.Domain != "" {
		acct += "@" + in.Domain
	}
	return "@" + acct
}

func media(x attachment) (channel.Media, bool) {
	m := channel.Media{URL: clean(x.URL), Alt: clean(x.Description), Preview: clean(x.Preview)}
	if m.URL == "" {
		m.URL = clean(x.Remote)
	}
	name := ""
	if u, err := url.Parse(m.URL); err == nil {
		name = path.Base(u.Path)
		m.Type, _, _ = strings.Cut(mime.TypeByExtension(path.Ext(name)), ";")
	}
	if strings.Contains(name, ".") {
		m.Name = name
	}
	if m.Type == "" {
		m.Type = map[string]string{"image": "image/*", "gifv": "video/mp4", "video": "video/*", "audio": "audio/*"}[x.Type]
	}
	if m.Type == "" {
		m.Type = "application/octet-stream"
	}
	return m, m.URL != "" || m.Alt != "" || m.Preview != ""
}

// toNobody reports whether a status is ours and shown to nobody else, answering nothing: a test (test.go), or a note that somebody
// wrote to themselves. It is no message.
func toNobody(s *status, me *account) bool {
	return s.Account.ID == me.ID && s.Visibility == "direct" && s.ReplyTo == "" && len(s.Mentions) == 0
}

// event wraps a status. It returns false for what can't be told apart from anything else, a status without an id, and for what
// was said to nobody.
func (c *conn) event(kind channel.EventKind, s *status, me *account, in *instance) (channel.Event, bool) {
	if s == nil || s.ID == "" || s.Account.ID == "" || s.Boost != nil || toNobody(s, me) {
		return channel.Event{}, false
	}
	m := c.message(s, me, in)
	e := channel.Event{Kind: kind, RemoteID: m.RemoteID, At: m.At, Message: m, Raw: keepable(s.raw)}
	if kind == channel.Edited && !m.EditedAt.IsZero() {
		e.At = m.EditedAt
	}
	return e, true
}
