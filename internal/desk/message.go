package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/id"
	"switchboard/internal/staff"
)

// MessageID is the id of a message.
type MessageID = id.Of[Message]

// Direction is which way a message went.
type Direction string

const (
	In  Direction = "in"
	Out Direction = "out"
)

// Message is one thing said, inbound or outbound.
type Message struct {
	ID           MessageID
	Conversation ConversationID // zero: our own words that nobody has answered yet
	Account      account.ID     // that it arrived on first
	RemoteID     string
	URI          string
	Version      string
	Direction    Direction
	Kind         channel.Kind
	Private      bool
	Identity     contact.IdentityID // who said it; zero when we did
	Person       staff.PersonID     // who of us said it, when it was one
	Parent       string             // RemoteID of what it answers
	Subject      string
	Text         string
	Rest         Rest
	Assessment   string // JSON of triage.Assessment, "" when it was not assessed
	At           time.Time
	ReceivedAt   time.Time
	EditedAt     time.Time
	DeletedAt    time.Time
}

// Rest is what of a message is shown but never searched by.
type Rest struct {
	Thread    string             `json:"thread,omitempty"`
	HTML      string             `json:"html,omitempty"`
	Quoted    string             `json:"quoted,omitempty"`
	Warning   string             `json:"warning,omitempty"`
	Lang      string             `json:"lang,omitempty"`
	URL       string             `json:"url,omitempty"`
	To        []channel.Identity `json:"to,omitempty"`
	Automatic bool               `json:"automatic,omitempty"`
	Bounce    string             `json:"bounce,omitempty"`
	Doubts    []string           `json:"doubts,omitempty"`
	Rating    int                `json:"rating,omitempty"`
	Memo      []byte             `json:"memo,omitempty"`
	ByHand    bool               `json:"byHand,omitempty"` // ours, said in the network's own app
	Media     int                `json:"media,omitempty"`  // how many pictures and files
}

// Version is what a message said before it was edited.
type Version struct {
	Message MessageID
	Version string
	Text    string
	At      time.Time
}

// VersionOf is the version of m's text: what the far side calls it, else a hash of what it says.
func VersionOf(m channel.Message) string {
	if m.Version != "" {
		return m.Version
	}
	h := sha256.Sum256([]byte(m.Subject + "\x00" + m.Text + "\x00" + m.Warning))
	return hex.EncodeToString(h[:8])
}

// ByContact reports whether a contact said m and it is still there. A notice that ours came back arrives, too, and has nobody to answer.
func (m Message) ByContact() bool {
	return m.Direction == In && !m.Identity.IsZero() && m.DeletedAt.IsZero()
}

// said is m with the words of a channel's message.
func (m Message) said(c channel.Message) Message {
	m.Version, m.EditedAt, m.Subject, m.Text = VersionOf(c), c.EditedAt, c.Subject, c.Text
	m.Rest.HTML, m.Rest.Quoted, m.Rest.Warning, m.Rest.Lang = c.HTML, c.Quoted, c.Warning, c.Lang
	m.Rest.URL, m.Rest.To, m.Rest.Automatic, m.Rest.Bounce = c.URL, c.To, c.Automatic, c.Bounce
	m.Rest.Doubts, m.Rest.Rating, m.Rest.Memo, m.Rest.Media = c.Doubts, c.Rating, c.Memo, len(c.Media)
	return m
}

// NewMessage is a channel's message as the desk keeps it.
func NewMessage(id MessageID, a account.ID, c channel.Message, received time.Time) Message {
	m := Message{ID: id, Account: a, RemoteID: c.RemoteID, URI: c.URI, Direction: In, Kind: c.Kind, Private: c.Private,
		Parent: c.ParentID, At: c.At, ReceivedAt: received, Rest: Rest{Thread: ThreadOf(c)}}
	if c.Own {
		m.Direction = Out
	}
	return m.said(c)
}

// Edit is m with the words c, and the version that goes into the history: m's own when c is newer, c's when it is older.
// The outcome is the same in whichever order the versions come.
func (m Message) Edit(c channel.Message) (Message, Version) {
	v := VersionOf(c)
	newer := c.EditedAt.After(m.EditedAt) || c.EditedAt.Equal(m.EditedAt) && v > m.Version
	if !newer {
		return m, Version{m.ID, v, c.Text, c.EditedAt}
	}
	old := Version{m.ID, m.Version, m.Text, m.EditedAt}
	return m.said(c), old
}

// Since is when m's present words were said.
func (m Message) Since() time.Time { return later(m.At, m.EditedAt) }

// Delete is m without its words: its author took them back, the fact remains.
func (m Message) Delete(at time.Time) Message {
	if m.DeletedAt.IsZero() || at.Before(m.DeletedAt) {
		m.DeletedAt = at
	}
	m.Subject, m.Text, m.Assessment = "", "", ""
	m.Rest = Rest{Thread: m.Rest.Thread, URL: m.Rest.URL, Memo: m.Rest.Memo, ByHand: m.Rest.ByHand}
	return m
}

// ThreadOf is the thread a message belongs to: none when it is private and the channel names none, itself when it begins one.
func ThreadOf(c channel.Message) string {
	switch {
	case c.ThreadID != "":
		return c.ThreadID
	case c.Private:
		return ""
	case c.ParentURI != "":
		return c.ParentURI
	case c.ParentID != "":
		return c.ParentID
	case c.URI != "":
		return c.URI
	}
	return c.RemoteID
}

// Excerpt is the beginning of a text on one line, for a row of the inbox: at most 160 characters.
func Excerpt(text string) string {
	out := make([]rune, 0, 161)
	space := true
	for _, r := range text {
		if r == ' ' || r == '\n' || r == '\t' || r == '\r' {
			if !space {
				out = append(out, ' ')
			}
			space = true
		} else {
			out = append(out, r)
			space = false
		}
		if len(out) == 160 {
			return string(out) + "…"
		}
	}
	return string(out)
}
