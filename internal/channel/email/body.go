package email

import (
	"bytes"
	"fmt"
	"mime"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"switchboard/internal/channel"
)

const (
	headMost  = 256 << 10 // of a mail's header
	textMost  = 2 << 20   // of its text, and of its HTML
	mediaMost = 10 << 20  // of all its attachments together; of the others only name and size are kept
	mediaMany = 100
	deepMost  = 500       // multiparts in a mail
	workMost  = 400 << 20 // bytes to go through: each level of nesting goes through its inside once more
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

// parse reads the MIME of a mail. It always returns an envelope: of a mail that is no MIME, or a bomb, one that holds the
// header and the text as it came.
func parse(raw []byte) (*enmime.Envelope, body) {
	why := bomb(raw)
	if why == "" {
		p := enmime.NewParser(enmime.SkipMalformedParts(true), enmime.MultipartWOBoundaryAsSinglePart(true), enmime.MaxStoredPartErrors(8),
			enmime.DisableTextConversion(true), enmime.DisableCharacterDetection(true),
			enmime.SetReadPartErrorPolicy(func(*enmime.Part, error) bool { return true }))
		root, err := p.ReadParts(bytes.NewReader(raw))
		if err == nil {
			if e, err := p.EnvelopeFromPart(root); err == nil {
				b := body{room: mediaMost}
				b.walk(root)
				b.finish()
				return e, b
			}
		}
		why = "Its form is broken; it is shown as it came."
	}
	return asItCame(raw, why)
}

// bomb says why a mail is not to be taken apart, "" if it may be.
func bomb(raw []byte) string {
	if head(raw) > headMost {
		return "Its header is far too long; it is shown as it came."
	}
	levels := bytes.Count(bytes.ToLower(raw), []byte("multipart/"))
	if levels > deepMost || levels*len(raw) > workMost {
		return "It is packed into itself too many times; it is shown as it came."
	}
	return ""
}

// head returns the length of raw's header.
func head(raw []byte) int {
	k := len(raw)
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if at := bytes.Index(raw, []byte(end)); at >= 0 {
			k = min(k, at+len(end))
		}
	}
	return k
}

func asItCame(raw []byte, why string) (*enmime.Envelope, body) {
	k := head(raw)
	top := raw[:min(k, headMost)]
	rest := raw[min(k, len(raw)):]
	e, err := enmime.NewParser().ReadEnvelope(bytes.NewReader(append(withoutMIME(top), "\r\n"...)))
	if err != nil || e == nil {
		e = &enmime.Envelope{Root: enmime.NewPart("text/plain")}
		rest = raw
	}
	b := body{text: string(rest[:min(len(rest), textMost)]), odd: []string{why}}
	b.finish()
	return e, b
}

// withoutMIME takes the lines out of a header that say how the body is packed.
func withoutMIME(top []byte) []byte {
	var out []byte
	skip := false
	for _, l := range bytes.SplitAfter(top, []byte("\n")) {
		if len(bytes.TrimSpace(l)) == 0 {
			continue
		}
		if l[0] != ' ' && l[0] != '\t' {
			skip = bytes.HasPrefix(bytes.ToLower(l), []byte("content-"))
		}
		if !skip {
			out = append(out, l...)
		}
	}
	return out
}

// walk goes through a mail in the order in which it is read.
func (b *body) walk(p *enmime.Part) {
	kind := strings.ToLower(p.ContentType)
	switch {
	case kind == "multipart/alternative" && p.FirstChild != nil:
		b.alternative(p)
	case p.FirstChild != nil:
		if kind == "multipart/report" {
			b.report = reportType(p)
		}
		for c := p.FirstChild; c != nil; c = c.NextSibling {
			b.walk(c)
		}
	case strings.HasPrefix(kind, "multipart/"):
		b.add("", string(p.Content)) // nothing in it could be told apart
	case b.report != "" && b.machine(kind, p):
	case b.isText(p, kind):
		s := textOf(p)
		if kind == "text/html" {
			b.add(s, plain(s))
		} else {
			b.add("", s)
		}
	default:
		b.attach(p)
	}
}

// alternative takes the plain text to read and the HTML to show, and of the rest what is attached.
func (b *body) alternative(p *enmime.Part) {
	var best, shown body
	for c := p.FirstChild; c != nil; c = c.NextSibling {
		part := body{room: b.room, report: b.report}
		part.walk(c)
		b.room = part.room
		b.media = append(b.media, part.media...)
		b.odd = append(b.odd, part.odd...)
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

// isText reports whether p is to be read rather than saved: a second text with a name of its own is a file.
func (b *body) isText(p *enmime.Part, kind string) bool {
	if strings.EqualFold(p.Disposition, "attachment") || p.FileName != "" && (b.text != "" || p.Parent != nil && p.Parent.FirstChild != p) {
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

func reportType(p *enmime.Part) string {
	_, params, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
	if err != nil || params["report-type"] == "" {
		return "report"
	}
	return strings.ToLower(params["report-type"])
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
