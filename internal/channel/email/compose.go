package email

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/mail"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"switchboard/internal/channel"
)

// written is a mail ready to go.
type written struct {
	token
	raw []byte
	to  []string // whom the envelope names
}

// write makes o into a mail, or a Fix trouble that says what the person must change. The same o makes the same Message-ID.
func (c *conn) write(o channel.Outgoing) (written, error) {
	w, subject, err := c.name(o)
	if err != nil {
		return w, err
	}
	to, cc, err := c.recipients(o)
	if err != nil {
		return w, err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP), gomail.WithCharset(gomail.CharsetUTF8),
		gomail.WithBoundary("sb-"+hash("boundary", w.id)[:32]))
	m.SetDateWithValue(c.now())
	m.SetMessageIDWithValue(w.id)
	name := strings.ReplaceAll(c.s.Name, `\`, " ")
	m.FromMailAddress(&mail.Address{Name: name, Address: c.s.Address})
	m.ReplyToMailAddress(&mail.Address{Name: name, Address: c.s.answers()})
	m.ToMailAddress(to...)
	if len(cc) > 0 {
		m.CcMailAddress(cc...)
	}
	m.Subject(subject)
	if o.Parent != nil {
		parent := remembered(*o.Parent)
		if parent.ID != "" {
			m.SetGenHeader(gomail.HeaderInReplyTo, "<"+parent.ID+">")
		}
		if refs := references(parent); len(refs) > 0 {
			m.SetGenHeader(gomail.HeaderReferences, strings.Join(refs, " "))
		}
	}
	m.SetBodyString(gomail.TypeTextPlain, o.Text)
	for _, u := range o.Media {
		if err := attach(m, u); err != nil {
			return w, err
		}
	}
	for _, a := range append(to, cc...) {
		w.to = append(w.to, a.Address)
	}
	var raw bytes.Buffer
	if _, err := m.WriteTo(&raw); err != nil {
		return w, fix("the message could not be put into the form of a mail: " + err.Error())
	}
	w.raw = unfolded(raw.Bytes())
	return w, nil
}

// unfolded is a mail with its id behind its name: go-mail folds a long one away from it, and some programs then see none.
func unfolded(raw []byte) []byte {
	return bytes.Replace(raw, []byte("Message-ID:\r\n "), []byte("Message-ID: "), 1)
}

// answers returns where answers are to go.
func (s *settings) answers() string {
	if s.ReplyTo != "" {
		return s.ReplyTo
	}
	return s.Address
}

// name gives o its Message-ID, thread and subject. It looks at all that the id is made from, and at nothing else.
func (c *conn) name(o channel.Outgoing) (w written, subject string, err error) {
	if !keys.MatchString(o.Key) {
		return w, "", fix("the delivery's key is not one that a Message-ID can be made of")
	}
	if subject, err = theSubject(o); err != nil {
		return w, "", err
	}
	if !utf8.ValidString(o.Text) || strings.ContainsRune(o.Text, 0) {
		return w, "", fix("the text holds signs that no mail can carry: type it anew")
	}
	if strings.TrimSpace(o.Text) == "" && len(o.Media) == 0 {
		return w, "", fix("there is nothing in it: write something")
	}
	var bodies [][]byte
	var size int64
	for _, u := range o.Media {
		bodies = append(bodies, u.Body)
		size += int64(len(u.Body))
	}
	if most := limits(); len(o.Media) > most.Media || size > most.MediaSize {
		return w, "", fix("there are too many attachments or they are too large for a mail (15 MB together): take one out")
	}
	w.thread = hash("new thread", o.Key)[:threadLen]
	if p := o.Parent; p != nil {
		switch parent := remembered(*p); {
		case isThread(p.ThreadID):
			w.thread = p.ThreadID
		case parent.ID != "":
			w.thread = thread(parent.ID)
		}
	}
	w.key = o.Key
	w.print = c.tokens.print(subject, o.Text, bodies)
	w.id = c.tokens.id(w.key, w.thread, w.print)
	return w, subject, nil
}

var (
	reply    = regexp.MustCompile(`(?i)^\s*((re|aw|antw|sv|vs|odp|rif|res|ynt|ref|antwort|回复|回覆|答复|返信)\s*(\[\d+\])?\s*[:：]\s*)+`)
	oneWord  = regexp.MustCompile(`\S{200,}`)
	nameless = "(no subject)"
)

// theSubject is the subject of o, or that of its parent with one "Re:" before it.
func theSubject(o channel.Outgoing) (string, error) {
	if o.Parent == nil || o.Subject != o.Parent.Subject {
		if s, err := ownSubject(o.Subject); err != nil || s != "" {
			return s, err
		}
	}
	if o.Parent == nil {
		return "", fix("it has no subject: give it one")
	}
	s := squeeze(line1(o.Parent.Subject)) // a stranger wrote it: it is made fit rather than refused
	s = squeeze(reply.ReplaceAllString(s, ""))
	if s == "" {
		s = nameless
	}
	return "Re: " + squeeze(oneWord.ReplaceAllStringFunc(cut(s, 240), func(w string) string { return cut(w, 200) })), nil
}

// ownSubject is a subject that one of us wrote, or what is wrong with it.
func ownSubject(s string) (string, error) {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) || !utf8.ValidString(s) {
		return "", fix("the subject must be one line: take the line break out")
	}
	if utf8.RuneCountInString(s) > 250 {
		return "", fix("the subject is too long: make it at most 250 characters")
	}
	if oneWord.MatchString(s) { // it would make a line longer than mail servers take
		return "", fix("a word of the subject is too long: shorten it")
	}
	return squeeze(s), nil
}

// recipients returns whom o goes to: whoever wrote the parent, where they want it, and those named beside them.
func (c *conn) recipients(o channel.Outgoing) (to, cc []*mail.Address, err error) {
	seen := map[string]bool{}
	add := func(list []*mail.Address, who channel.Identity) ([]*mail.Address, error) {
		a, err := recipientOf(who)
		if err != nil || seen[fold(a.Address)] || c.ours(a.Address) {
			return list, err
		}
		seen[fold(a.Address)] = true
		return append(list, a), nil
	}
	if o.Parent != nil {
		who := o.Parent.From
		if at := remembered(*o.Parent).To; at != "" {
			seen[fold(who.RemoteID)] = true // they want it there, and there only
			who = channel.Identity{RemoteID: at, Handle: at}
		}
		if to, err = add(to, who); err != nil {
			return nil, nil, err
		}
	}
	also := o.To
	if o.Parent != nil && len(to) == 0 { // we follow up on a mail of our own
		also = append(slices.Clone(also), o.Parent.To...)
	}
	for _, who := range also {
		list := &to
		if o.Parent != nil && len(to) > 0 {
			list = &cc
		}
		if *list, err = add(*list, who); err != nil {
			return nil, nil, err
		}
	}
	if len(to) == 0 {
		return nil, nil, fix("nobody outside is named to send it to: name somebody")
	}
	if len(to)+len(cc) > 100 {
		return nil, nil, fix("it goes to more than a hundred people: that is a newsletter, not a mail")
	}
	return to, cc, nil
}

// recipientOf refuses whatever could be more than a name and an address.
func recipientOf(who channel.Identity) (*mail.Address, error) {
	at := who.Handle
	if !strings.Contains(at, "@") || fold(at) != fold(who.RemoteID) {
		at = who.RemoteID
	}
	if strings.ContainsFunc(who.Name+at, unicode.IsControl) || !utf8.ValidString(who.Name+at) {
		return nil, fix("the name or address of a recipient holds a line break: take it out")
	}
	bare, err := address("to", at)
	if err != nil {
		return nil, fix("this is no mail address: " + cut(line1(at), 100))
	}
	// net/mail leaves a \ in an encoded name, where readers stumble over it
	return &mail.Address{Name: cut(squeeze(strings.ReplaceAll(line1(who.Name), `\`, " ")), 120), Address: bare}, nil
}

// remembered is what the parent's Memo says, or what can be told without it.
func remembered(p channel.Parent) (m memo) {
	if json.Unmarshal(p.Memo, &m) != nil || m.ID == "" && len(m.Refs) == 0 {
		id, _, _ := strings.Cut(p.RemoteID, "#")
		if strings.Contains(id, "@") {
			m.ID = id
		}
	}
	if !sayable.MatchString(m.ID) {
		m.ID = ""
	}
	return m
}

// sayable are ids that may stand in a header of ours: strangers made them.
var sayable = regexp.MustCompile(`^[!-;=?-~]{1,250}$`)

func references(m memo) (out []string) {
	for _, id := range short(append(m.Refs, m.ID)) {
		if sayable.MatchString(id) {
			out = append(out, "<"+id+">")
		}
	}
	return out
}

// attach adds a file. Its name is text for the reader; a path or a second header is not.
func attach(m *gomail.Msg, u channel.Upload) error {
	if strings.ContainsFunc(u.Name+u.Type, unicode.IsControl) || strings.ContainsAny(u.Alt, "\r\n\x00") || !utf8.ValidString(u.Name+u.Alt) {
		return fix("the name or description of an attachment holds a line break: take it out")
	}
	kind, params, err := mime.ParseMediaType(u.Type)
	if err != nil || !strings.Contains(kind, "/") || strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "message/") {
		kind, params = "application/octet-stream", nil
	}
	name := path.Base(strings.ReplaceAll(u.Name, "\\", "/"))
	if name == "." || name == "/" || name == ".." {
		name = "attachment"
	}
	ext := cut(path.Ext(name), 20)
	name = cut(strings.TrimSuffix(name, path.Ext(name)), 100) + ext
	return m.AttachReader(name, bytes.NewReader(u.Body), func(f *gomail.File) {
		f.Header.Set("Content-Type", mime.FormatMediaType(kind, charsetOf(params)))
		f.Header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
		if alt := squeeze(u.Alt); alt != "" {
			f.Header.Set("Content-Description", folded(alt))
		}
	})
}

func charsetOf(params map[string]string) map[string]string {
	if v := params["charset"]; v != "" && len(v) < 40 {
		return map[string]string{"charset": v}
	}
	return nil
}

// folded encodes s for a header field, a word a line.
func folded(s string) string {
	return strings.ReplaceAll(mime.QEncoding.Encode("utf-8", cut(s, 2000)), " ", "\r\n ")
}
