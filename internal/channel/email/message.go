package email

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jhillyerd/enmime/v2"

	"switchboard/internal/channel"
)

// arrival is what we know of a mail that it cannot have made up.
type arrival struct {
	at   time.Time // when the server took it
	sent bool      // it lies in our sent folder
	cut  bool      // it is so large that only its beginning was read
}

// unknown stands for a sender that a mail does not name.
const unknown = "unknown sender"

// memo is what an answer needs to know of the mail it answers.
type memo struct {
	ID   string   `json:"id,omitempty"`   // its Message-ID, without brackets
	Refs []string `json:"refs,omitempty"` // and those before it
	To   string   `json:"to,omitempty"`   // where it wants its answers, if not to its sender
}

// event reads a mail. ok is false for one in the sent folder that somebody else sent with the same mailbox, and for a test.
func (c *conn) event(raw []byte, a arrival) (e channel.Event, ok bool) {
	defer func() {
		if r := recover(); r != nil { // one mail that no parser can bear stops nobody else
			c.log.Error("reading a mail failed", "panic", fmt.Sprint(r), "bytes", len(raw))
			id := "broken-" + hash(string(raw))[:24]
			e, ok = c.unread(letter{}, id), true
			e.At, e.Message.At = c.date(a, nil), c.date(a, nil)
			e.Message.Text = cut(clean(string(raw)), 64<<10)
			e.Message.Doubts = []string{"It could not be taken apart; it is shown as it came."}
			e.Raw = rawJSON(raw)
		}
	}()
	m, test := c.message(raw, a)
	if test || a.sent && !m.Own {
		return channel.Event{}, false
	}
	return channel.Event{Kind: channel.Said, RemoteID: m.RemoteID, At: m.At, Message: m, Raw: rawJSON(raw)}, true
}

// message takes a mail apart. test says that it is one of ours to ourselves, or about one.
func (c *conn) message(raw []byte, a arrival) (_ channel.Message, test bool) {
	h, b := top(raw), parse(raw)
	m := channel.Message{
		Kind: channel.Email, Private: true, At: c.date(a, h.Envelope),
		Subject: cut(h.line("Subject"), 2000), HTML: b.html, Media: b.media, Lang: cut(h.line("Content-Language"), 35),
	}
	m.Text, m.Quoted, m.Bare = split(b.text)
	m.From, m.Doubts = c.from(h)
	m.To = c.to(h)
	c.identify(&m, h, b, raw, a)
	c.place(&m, h)
	m.Automatic = automatic(h, b)
	m.Bounce = c.bounce(h, b)
	if m.Bounce != "" {
		m.Missed = missed(b.status)
	}
	m.Returned = returned(h, b)
	m.Automatic = m.Automatic || m.Bounce != ""
	var doubts []string
	m.Vouched, doubts = c.verdict(h)
	m.Doubts = append(m.Doubts, doubts...)
	m.Doubts = append(m.Doubts, b.odd...)
	if b.report == "feedback-report" {
		m.Doubts = append(m.Doubts, "A mail provider passes on that somebody called our mail unwanted.")
	}
	if a.cut {
		m.Doubts = append(m.Doubts, "It is so large that only its beginning was read; the whole is in the mailbox.")
	}
	return m, c.ofTest(m, h)
}

// date is when the server took the mail: the sender's own date may be any.
func (c *conn) date(a arrival, env *enmime.Envelope) time.Time {
	if !a.at.IsZero() {
		return a.at.UTC()
	}
	if env != nil {
		if t, err := env.Date(); err == nil && t.Before(c.now()) && t.Year() > 1990 {
			return t.UTC()
		}
	}
	return c.now().UTC()
}

// identify says whether the mail is our own, and gives it its id.
//
// Only what lies in our sent folder, or is word for word what we signed, is ours. A From with our address is not enough, nor
// is an id of ours: whoever had a mail from us knows both.
func (c *conn) identify(m *channel.Message, h envelope, b body, raw []byte, a arrival) {
	id := h.id("Message-ID")
	t, signed, forged := c.tokens.read(id)
	fromUs := c.ours(m.From.RemoteID)
	asSigned := signed && t.print == c.tokens.print(m.Subject, b.text, bodies(b.media))
	m.Own = fromUs && (a.sent || asSigned)
	switch {
	case m.Own && signed:
		m.RemoteID = t.id
	case id == "":
		m.RemoteID = "none#" + hash(string(raw))[:24]
	default:
		m.RemoteID = cut(id, 250) + "#" + hash(m.From.RemoteID, h.line("Date"), m.Subject, string(raw[head(raw):]))[:12]
	}
	if m.Own {
		return
	}
	if fromUs {
		m.Doubts = append(m.Doubts, "It says that it is from this very mailbox, but it was not sent by it.")
	}
	if signed || forged {
		m.Doubts = append(m.Doubts, "It carries the id of a message of ours, but is not that message.")
	}
}

func bodies(media []channel.Media) (out [][]byte) {
	for _, m := range media {
		out = append(out, m.Body)
	}
	return out
}

// place puts the mail into its thread. An id we signed tells the thread best, for it holds even where a program dropped the
// rest; else the thread is that of the first mail it refers to.
func (c *conn) place(m *channel.Message, h envelope) {
	self := h.id("Message-ID")
	refs := h.ids("References", 100)
	reply := h.ids("In-Reply-To", 5)
	forged := false
	good := func(ids []string) (out []string) {
		for _, id := range ids {
			if _, _, bad := c.tokens.read(id); bad {
				forged = true
				continue
			}
			if id != self {
				out = append(out, id)
			}
		}
		return out
	}
	refs, reply = good(refs), good(reply)
	if forged {
		m.Doubts = append(m.Doubts, "It refers to a message of ours that never was.")
	}
	root := m.RemoteID
	for _, list := range [][]string{{self}, reply, refs} {
		if len(list) > 0 && list[0] != "" {
			root = list[0]
		}
	}
	m.ThreadID = thread(root)
	for _, id := range append(append([]string{}, refs...), reply...) { // the last one signed wins
		if t, ok, _ := c.tokens.read(id); ok {
			m.ThreadID = t.thread
		}
	}
	if t, ok, _ := c.tokens.read(self); ok && m.Own {
		m.ThreadID = t.thread
	}
	for _, id := range append(tail(refs), reply...) { // In-Reply-To is the more exact of the two
		if t, ok, _ := c.tokens.read(id); ok {
			m.ParentID = t.id
		}
	}
	note := memo{ID: self, Refs: short(append(refs, without(reply, refs)...))}
	if a := h.addresses("Reply-To"); len(a) > 0 && fold(a[0].Address) != fold(m.From.RemoteID) && !c.ours(a[0].Address) {
		note.To = a[0].Address
	}
	m.Memo, _ = json.Marshal(note)
	m.Refs = append(short(refs), reply...) // In-Reply-To is the nearest
}

func tail(ids []string) []string { return append([]string{}, ids[max(0, len(ids)-1):]...) }

func without(ids, others []string) (out []string) {
	for _, id := range ids {
		if !strings.Contains("\x00"+strings.Join(others, "\x00")+"\x00", "\x00"+id+"\x00") {
			out = append(out, id)
		}
	}
	return out
}

// short keeps the first of many references, which is the thread's, and the last.
func short(refs []string) []string {
	const most = 20
	if len(refs) <= most {
		return refs
	}
	return append([]string{refs[0]}, refs[len(refs)-most+1:]...)
}

// from returns who a mail says it is from, and what is odd about that.
func (c *conn) from(h envelope) (channel.Identity, []string) {
	var doubts []string
	list := h.addresses("From")
	if len(list) > 1 {
		doubts = append(doubts, "It names more than one sender; only the first is shown.")
	}
	for _, other := range []string{"Sender", "Reply-To", "Return-Path"} {
		if len(list) > 0 {
			break
		}
		list = h.addresses(other)
	}
	if len(list) == 0 {
		return channel.Identity{RemoteID: unknown, Handle: unknown}, append(doubts, "It does not say who it is from.")
	}
	a := list[0]
	// As it was written: whom we know by it, and the ids of what they wrote, stay the same.
	who := channel.Identity{RemoteID: strings.ToLower(strings.TrimSpace(a.Address)), Handle: a.Address, Name: a.Name}
	if at := inName.FindString(a.Name); at != "" && fold(at) != fold(a.Address) {
		doubts = append(doubts, "The sender's name looks like another address ("+at+"); the address itself is "+a.Address+".")
	}
	if to := h.addresses("Reply-To"); len(to) > 0 && domain(to[0].Address) != domain(a.Address) {
		doubts = append(doubts, "Answers would go to another domain: "+to[0].Address+".")
	}
	return who, doubts
}

var inName = regexp.MustCompile(`[\pL\pN._%+-]{1,64}@[\pL\pN-]{1,63}(\.[\pL\pN-]{1,63}){1,8}`)

func domain(address string) string {
	at := fold(address)
	return at[strings.LastIndexByte(at, '@')+1:]
}

// to returns whom else a mail is addressed to, without this mailbox and without what no answer could be sent to.
func (c *conn) to(h envelope) (out []channel.Identity) {
	seen := map[string]bool{}
	for _, field := range []string{"To", "Cc"} {
		for _, a := range h.addresses(field) {
			id := fold(a.Address)
			if seen[id] || c.ours(id) || len(out) == 100 {
				continue
			}
			if _, err := address(field, a.Address); err != nil {
				continue
			}
			seen[id] = true
			out = append(out, channel.Identity{RemoteID: id, Handle: a.Address, Name: a.Name})
		}
	}
	return out
}

// envelope reads header fields that may hold anything.
type envelope struct{ *enmime.Envelope }

// line returns a field as one clean line.
func (h envelope) line(name string) string { return line1(h.GetHeader(name)) }

// lines returns all fields of a name.
func (h envelope) lines(name string) []string {
	list := h.GetHeaderValues(name)
	for k := range list {
		list[k] = line1(list[k])
	}
	return list
}

var anID = regexp.MustCompile(`<([^<>\s\x00-\x1f\x7f]{1,500})>`)

// ids returns at most n Message-IDs of a field, without brackets: the first and, of the rest, the last.
func (h envelope) ids(name string, n int) (out []string) {
	v := strings.Join(h.Root.Header.Values(name), " ")
	for _, m := range anID.FindAllStringSubmatch(cut(v, 64<<10), -1) {
		if utf8.ValidString(m[1]) {
			out = append(out, m[1])
		}
	}
	if len(out) > n {
		out = append(out[:1], out[len(out)-n+1:]...)
	}
	return out
}

// id returns the Message-ID of a field, "" when there is none that could be referred to.
func (h envelope) id(name string) string {
	if ids := h.ids(name, 1); len(ids) > 0 {
		return ids[0]
	}
	if v := line1(h.Root.Header.Get(name)); v != "" && len(v) < 500 && !strings.ContainsAny(v, " <>") { // some leave the brackets out
		return v
	}
	return ""
}

// addresses returns the addresses of a field that could be mail addresses, their names in plain text.
func (h envelope) addresses(name string) (out []*mail.Address) {
	v := cut(strings.Join(h.Root.Header.Values(name), ", "), 64<<10)
	if strings.TrimSpace(v) == "" {
		return nil
	}
	list, err := enmime.ParseAddressList(v)
	if err != nil {
		list = nil
		for _, at := range loose(utf(v)) {
			list = append(list, &mail.Address{Address: at})
		}
	}
	for _, a := range list {
		a.Address, a.Name = line1(a.Address), cut(line1(a.Name), 500)
		if k := strings.LastIndexByte(a.Address, '@'); k > 0 && k < len(a.Address)-1 && len(a.Address) <= 254 && !strings.ContainsAny(a.Address, " <>") {
			out = append(out, a)
		}
	}
	return out
}

var angled = regexp.MustCompile(`<\s*([^<>\s@,;]{1,64}@[^<>\s@,;]{1,250})\s*>`)

// loose finds addresses in what follows nobody's grammar: those in brackets, else what looks like one.
func loose(v string) (out []string) {
	for _, m := range angled.FindAllStringSubmatch(v, 50) {
		out = append(out, m[1])
	}
	if out == nil {
		out = inName.FindAllString(v, 50)
	}
	return out
}

// keepMost of a mail are kept beside what was read from it; attachments make up the rest and are kept as such.
const keepMost = 1 << 20

// rawJSON is a mail as a JSON string: as it came if that is text, else in base64 behind "base64:".
func rawJSON(raw []byte) json.RawMessage {
	raw = raw[:min(len(raw), keepMost)]
	if s := string(raw); utf8.ValidString(s) && !strings.ContainsRune(s, 0) {
		b, _ := json.Marshal(s)
		return b
	}
	b, _ := json.Marshal(raw)
	return append([]byte(`"base64:`), b[1:]...)
}
