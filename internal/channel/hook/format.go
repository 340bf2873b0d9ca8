package hook

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"switchboard/internal/channel"
)

// The format is written out here once more, although it reads like package channel's own: it is a promise to strangers'
// programs and must not change because something inside does.

type event struct {
	Kind     string   `json:"kind"` // said, edited, deleted
	RemoteID string   `json:"remoteId"`
	At       instant  `json:"at"`
	Message  *message `json:"message"`
}

type message struct {
	RemoteID  string          `json:"remoteId"`
	URI       string          `json:"uri,omitempty"`
	Version   string          `json:"version,omitempty"`
	ThreadID  string          `json:"threadId,omitempty"`
	ParentID  string          `json:"parentId,omitempty"`
	ParentURI string          `json:"parentUri,omitempty"`
	Kind      string          `json:"kind,omitempty"`
	Private   bool            `json:"private,omitempty"`
	Own       bool            `json:"own,omitempty"`
	From      identity        `json:"from"`
	To        []identity      `json:"to,omitempty"`
	Subject   string          `json:"subject,omitempty"`
	Text      string          `json:"text"`
	HTML      string          `json:"html,omitempty"`
	Quoted    string          `json:"quoted,omitempty"`
	Warning   string          `json:"warning,omitempty"`
	Lang      string          `json:"lang,omitempty"`
	Media     []media         `json:"media,omitempty"`
	At        instant         `json:"at,omitzero"`
	EditedAt  instant         `json:"editedAt,omitzero"`
	URL       string          `json:"url,omitempty"`
	Automatic bool            `json:"automatic,omitempty"`
	Rating    int             `json:"rating,omitempty"`
	Memo      json.RawMessage `json:"memo,omitempty"`
}

type identity struct {
	RemoteID  string `json:"remoteId"`
	Handle    string `json:"handle,omitempty"`
	Name      string `json:"name,omitempty"`
	URL       string `json:"url,omitempty"`
	Avatar    string `json:"avatar,omitempty"`
	Followers int    `json:"followers,omitempty"`
	Bot       bool   `json:"bot,omitempty"`
	Verified  bool   `json:"verified,omitempty"`
	About     string `json:"about,omitempty"`
}

type media struct {
	URL     string `json:"url,omitempty"`
	Type    string `json:"type"`
	Name    string `json:"name,omitempty"`
	Alt     string `json:"alt,omitempty"`
	Size    int64  `json:"size,omitempty"`
	Preview string `json:"preview,omitempty"`
	Body    []byte `json:"body,omitempty"` // base64
}

// instant is a time of RFC 3339. An empty one is none.
type instant struct{ time.Time }

func (i *instant) UnmarshalJSON(b []byte) error {
	if s := string(b); s == `""` || s == "null" {
		*i = instant{}
		return nil
	}
	return i.Time.UnmarshalJSON(b)
}

// How long things may be, in bytes.
const (
	idMost      = 500
	nameMost    = 500
	addressMost = 2000
	lineMost    = 1000
	textMost    = 1 << 20
	memoMost    = 16 << 10
	mediaMost   = 50
	toMost      = 100
)

var kinds = []channel.Kind{channel.Post, channel.Reply, channel.Comment, channel.Direct, channel.Review, channel.Article, channel.Email}

// event is e in our words. me is who we are there.
func (e event) event(me channel.Identity, now time.Time) (channel.Event, error) {
	kind := channel.EventKind(e.Kind)
	switch kind {
	case channel.Deleted:
		if e.Message != nil {
			return channel.Event{}, errors.New("a deleted event has a remoteId and no message")
		}
		if err := checkID("remoteId", e.RemoteID, true); err != nil {
			return channel.Event{}, err
		}
		return channel.Event{Kind: kind, RemoteID: e.RemoteID, At: past(now, e.At)}, nil
	case channel.Said, channel.Edited:
	default:
		return channel.Event{}, errors.New(`kind must be "said", "edited" or "deleted"`)
	}
	if e.Message == nil {
		return channel.Event{}, fmt.Errorf("a %s event needs a message", kind)
	}
	if e.RemoteID != "" && e.RemoteID != e.Message.RemoteID {
		return channel.Event{}, errors.New("the event's remoteId is not that of its message")
	}
	m, err := e.Message.message(me, now, e.At)
	if err != nil {
		return channel.Event{}, fmt.Errorf("message: %w", err)
	}
	out := channel.Event{Kind: kind, RemoteID: m.RemoteID, At: past(now, e.At, e.Message.At), Message: m}
	if kind == channel.Edited {
		out.At = past(now, e.At, e.Message.EditedAt)
		if out.Message.EditedAt.IsZero() {
			out.Message.EditedAt = out.At
		}
	}
	return out, nil
}

// past is the first of times that is given, in UTC; one in the future is now, and so is none.
func past(now time.Time, times ...instant) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			if t.After(now) {
				return now
			}
			return t.UTC()
		}
	}
	return now
}

// message is m in our words; whatever it leaves out that can be known is filled in.
func (m message) message(me channel.Identity, now time.Time, happened instant) (channel.Message, error) {
	if err := m.check(); err != nil {
		return channel.Message{}, err
	}
	out := channel.Message{
		RemoteID: m.RemoteID, URI: m.URI, Version: m.Version, ThreadID: m.ThreadID, ParentID: m.ParentID, ParentURI: m.ParentURI,
		Kind: channel.Kind(m.Kind), Private: m.Private, Own: m.Own, From: m.From.identity(),
		Subject: clean(m.Subject), Text: clean(m.Text), HTML: clean(m.HTML), Quoted: clean(m.Quoted), Warning: clean(m.Warning),
		Lang: m.Lang, At: past(now, m.At, happened), URL: m.URL, Automatic: m.Automatic, Rating: m.Rating, Memo: m.Memo,
	}
	if !m.EditedAt.IsZero() {
		out.EditedAt = past(now, m.EditedAt)
	}
	if m.Own && m.From.RemoteID == "" {
		out.From = me
	}
	for _, t := range m.To {
		out.To = append(out.To, t.identity())
	}
	for _, f := range m.Media {
		out.Media = append(out.Media, channel.Media{URL: f.URL, Type: cmp.Or(f.Type, "application/octet-stream"), Name: clean(f.Name),
			Alt: clean(f.Alt), Size: max(f.Size, int64(len(f.Body))), Preview: f.Preview, Body: f.Body})
	}
	if out.Kind == "" {
		out.Kind = channel.Comment
		if m.Private {
			out.Kind = channel.Direct
		}
	}
	if out.Version == "" {
		out.Version = version(out)
	}
	return out, nil
}

// version changes with what a person would see, and only with that.
func version(m channel.Message) string {
	h := sha256.New()
	parts := []string{m.Subject, m.Text, m.HTML, m.Warning, fmt.Sprint(m.Rating)}
	for _, f := range m.Media {
		parts = append(parts, f.URL, f.Type, f.Name, f.Alt, string(f.Body))
	}
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func (i identity) identity() channel.Identity {
	name := clean(cmp.Or(i.Name, i.Handle, i.RemoteID))
	return channel.Identity{RemoteID: i.RemoteID, Handle: clean(cmp.Or(i.Handle, i.Name, i.RemoteID)), Name: name, URL: i.URL,
		Avatar: i.Avatar, Followers: max(i.Followers, 0), Bot: i.Bot, Verified: i.Verified, About: clean(i.About)}
}

// check says what is wrong with m in the words of the format.
func (m message) check() error {
	for _, x := range []struct {
		field, value string
		required     bool
	}{{"remoteId", m.RemoteID, true}, {"uri", m.URI, false}, {"version", m.Version, false}, {"threadId", m.ThreadID, false},
		{"parentId", m.ParentID, false}, {"parentUri", m.ParentURI, false}} {
		if err := checkID(x.field, x.value, x.required); err != nil {
			return err
		}
	}
	if m.Kind != "" && !slices.Contains(kinds, channel.Kind(m.Kind)) {
		return errors.New("kind must be one of post, reply, comment, direct, review, article, email")
	}
	if m.Rating < 0 || m.Rating > 5 {
		return errors.New("rating must be 1 to 5")
	}
	if len(m.Memo) > memoMost {
		return tooLong("memo", memoMost)
	}
	if len(m.To) > toMost || len(m.Media) > mediaMost {
		return fmt.Errorf("at most %d in to and %d in media", toMost, mediaMost)
	}
	for _, x := range []struct {
		field, value string
		most         int
	}{{"subject", m.Subject, lineMost}, {"text", m.Text, textMost}, {"html", m.HTML, textMost}, {"quoted", m.Quoted, textMost},
		{"warning", m.Warning, lineMost}, {"lang", m.Lang, 35}} {
		if len(x.value) > x.most {
			return tooLong(x.field, x.most)
		}
	}
	if err := checkAddress("url", m.URL); err != nil {
		return err
	}
	if m.Text == "" && m.HTML == "" && m.Subject == "" && len(m.Media) == 0 {
		return errors.New("text: there is nothing in it; give a text, or at least a subject or media")
	}
	return m.checkPeople()
}

func (m message) checkPeople() error {
	if !m.Own || m.From.RemoteID != "" {
		if err := m.From.check("from"); err != nil {
			return err
		}
	}
	for k, t := range m.To {
		if err := t.check(fmt.Sprintf("to[%d]", k)); err != nil {
			return err
		}
	}
	for k, f := range m.Media {
		where := fmt.Sprintf("media[%d].", k)
		if len(f.Name) > nameMost || len(f.Type) > nameMost {
			return tooLong(where+"name", nameMost)
		}
		if len(f.Alt) > 10*lineMost {
			return tooLong(where+"alt", 10*lineMost)
		}
		for field, value := range map[string]string{"url": f.URL, "preview": f.Preview} {
			if err := checkAddress(where+field, value); err != nil {
				return err
			}
		}
		if f.URL == "" && len(f.Body) == 0 {
			return errors.New(where + "url: give an address, or the content in body")
		}
	}
	return nil
}

func (i identity) check(where string) error {
	if err := checkID(where+".remoteId", i.RemoteID, true); err != nil {
		return err
	}
	if len(i.Handle) > nameMost || len(i.Name) > nameMost {
		return tooLong(where+".name", nameMost)
	}
	if err := checkAddress(where+".url", i.URL); err != nil {
		return err
	}
	return checkAddress(where+".avatar", i.Avatar)
}

func tooLong(field string, most int) error {
	return fmt.Errorf("%s is too long: at most %d bytes", field, most)
}

// checkID refuses ids that could not be told apart on a screen, looked up again or put in an address.
func checkID(field, id string, required bool) error {
	switch {
	case id == "" && required:
		return fmt.Errorf("%s is missing", field)
	case len(id) > idMost:
		return tooLong(field, idMost)
	case !utf8.ValidString(id) || strings.ContainsFunc(id, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }):
		return fmt.Errorf("%s holds characters that cannot be seen", field)
	case strings.TrimSpace(id) != id, id == ".", id == "..":
		return fmt.Errorf("%s must not begin or end with a space, or be dots", field)
	}
	return nil
}

func checkAddress(field, address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Errorf("%s must be an address that begins with https:// or http://", field)
	}
	if len(address) > addressMost {
		return tooLong(field, addressMost)
	}
	return nil
}

// clean makes text that every database takes and otherwise leaves it as it is.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
