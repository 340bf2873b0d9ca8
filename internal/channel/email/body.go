package email

import (
	"cmp"
	"fmt"
	"mime"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"switchboard/internal/channel"
)

const (
	textMost  = 2 << 20  // of a mail's text, and of its HTML
	mediaMost = 10 << 20 // of all its attachments together; of the others only name and size are kept
	mediaMany = 100
)

// body is what a mail says.
type body struct {
	text, html string
	media      []channel.Media
	report     string   // of a multipart/report: delivery-status, feedback-report, disposition-notification
	status     string   // its machine-readable part
	returned   []string // what it gives back of the mails it is about
	odd        []string // what could not be read as it was meant, for people

	room int // for attachments
}

// parse reads what a mail says. Of a mail that is a bomb, or no mail, it gives what stands there as it came.
func parse(raw []byte) body {
	b := body{room: mediaMost}
	if head(raw) > headMost {
		b.odd = append(b.odd, "Its header is far too long; it is shown as it came.")
	}
	var s splitter
	root := s.split(raw, nil, 0)
	if s.deep {
		b.odd = append(b.odd, "It is packed into itself too many times; it is shown as it came.")
	}
	if s.many {
		b.odd = append(b.odd, "It has far too many parts; only the first thousand were read.")
	}
	b.walk(root)
	b.finish()
	return b
}

// walk goes through a mail in the order in which it is read.
func (b *body) walk(p *piece) {
	if p.kind == "multipart/alternative" && len(p.kids) > 0 {
		b.alternative(p)
		return
	}
	if len(p.kids) > 0 {
		if p.kind == "multipart/report" {
			b.report = cmp.Or(strings.ToLower(p.params["report-type"]), "report")
		}
		for _, kid := range p.kids {
			b.walk(kid)
		}
		return
	}
	part := p.leaf()
	kind := strings.ToLower(part.ContentType)
	switch {
	case b.report != "" && b.machine(kind, part):
	case b.isText(p, part, kind):
		s := textOf(part)
		if kind == "text/html" {
			b.add(s, plain(s))
		} else {
			b.add("", s)
		}
	default:
		b.attach(part)
	}
}

// alternative takes the plain text to read and the HTML to show, and of the rest what is attached.
func (b *body) alternative(p *piece) {
	var best, shown body
	for _, kid := range p.kids {
		part := body{room: b.room, report: b.report}
		part.walk(kid)
		b.room = part.room
		b.media = append(b.media, part.media...)
		if part.html != "" {
			shown = part
		} else if strings.TrimSpace(best.text) == "" {
			best = part
		}
	}
	text := best.text
	if strings.TrimSpace(text) == "" {
		text = shown.text
	}
	b.add(shown.html, text)
}

func (b *body) add(html, text string) {
	b.html = join(b.html, html, "\n<hr>\n")
	b.text = join(b.text, strings.Trim(text, "\r\n"), "\n\n")
}

func join(a, b, between string) string {
	if a == "" || b == "" {
		return a + b
	}
	if len(a) > textMost {
		return a
	}
	return a + between + b
}

// isText reports whether a part is to be read rather than saved: a second text with a name of its own is a file.
func (b *body) isText(p *piece, part *enmime.Part, kind string) bool {
	if strings.EqualFold(part.Disposition, "attachment") || part.FileName != "" && (b.text != "" || p.parent != nil && p.parent.kids[0] != p) {
		return false
	}
	return kind == "" || kind == "text/plain" || kind == "text/html" || kind == "text/enriched" || kind == "text/markdown"
}

// machine takes the parts of a report that are for machines.
func (b *body) machine(kind string, p *enmime.Part) bool {
	switch kind {
	case "message/delivery-status", "message/global-delivery-status", "message/feedback-report", "message/disposition-notification":
		b.status = string(p.Content)
		return true
	case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
		b.returned = append(b.returned, string(p.Content[:min(len(p.Content), headMost)]))
	}
	return false
}

func (b *body) attach(p *enmime.Part) {
	if len(b.media) >= mediaMany {
		return
	}
	m := channel.Media{Type: strings.ToLower(p.ContentType), Name: cut(line1(p.FileName), 255), Size: int64(len(p.Content)),
		Alt: cut(line1(p.Header.Get("Content-Description")), 1000)}
	if m.Type == "" || strings.ContainsAny(m.Type, " \r\n\x00") {
		m.Type = "application/octet-stream"
	}
	if w, err := new(mime.WordDecoder).DecodeHeader(m.Alt); err == nil {
		m.Alt = line1(w)
	}
	if id := line1(p.ContentID); id != "" {
		m.URL = "cid:" + cut(id, 250)
	}
	if len(p.Content) <= b.room {
		b.room -= len(p.Content)
		m.Body = p.Content
	}
	b.media = append(b.media, m)
}

// finish makes what was gathered fit to be kept.
func (b *body) finish() {
	b.text, b.html = clean(b.text), clean(b.html)
	if len(b.text) > textMost || len(b.html) > textMost {
		b.odd = append(b.odd, "It is too long; its end is not shown here.")
		b.text, b.html = cut(b.text, textMost), cut(b.html, textMost)
	}
	left := 0
	for _, m := range b.media {
		if m.Body == nil && m.Size > 0 {
			left++
		}
	}
	if left > 0 {
		b.odd = append(b.odd, fmt.Sprintf("%d of its attachments are too large and were left in the mailbox.", left))
	}
	if len(b.media) >= mediaMany {
		b.odd = append(b.odd, "It has very many attachments; only the first hundred are listed.")
	}
}

// textOf returns the text of p, in lines that were broken only for the journey put together again (RFC 3676).
func textOf(p *enmime.Part) string {
	s := clean(relabelled(string(p.Content), p.Charset))
	_, params, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
	if err != nil || !strings.EqualFold(params["format"], "flowed") {
		return s
	}
	return flow(s, strings.EqualFold(params["delsp"], "yes"))
}

func flow(s string, delsp bool) string {
	var out strings.Builder
	open, depth := false, 0
	for k, l := range strings.Split(s, "\n") {
		bare := strings.TrimLeft(l, ">")
		quotes := len(l) - len(bare)
		bare = strings.TrimPrefix(bare, " ") // space-stuffing
		signature := bare == "-- "
		if k > 0 && (!open || quotes != depth || signature) {
			out.WriteByte('\n')
			open = false
		}
		if !open && quotes > 0 {
			out.WriteString(strings.Repeat(">", quotes) + " ")
		}
		open = strings.HasSuffix(bare, " ") && !signature
		if open && delsp {
			bare = bare[:len(bare)-1]
		}
		out.WriteString(bare)
		depth = quotes
	}
	return out.String()
}
