package email

import (
	"bufio"
	"bytes"
	"net/textproto"
	"strings"

	"github.com/jhillyerd/enmime/v2"
	"github.com/jhillyerd/enmime/v2/mediatype"
)

// A mail is taken apart here and only its leaves are handed to enmime, which needs twice the time for each level of parts
// that never end: a mail of two kilobytes would keep it busy for days.

const (
	headMost  = 256 << 10 // of a header
	deepMost  = 30        // levels of parts within parts
	partsMost = 1000      // in a mail
)

// piece is a part of a mail: one with pieces in it, or a leaf.
type piece struct {
	kind   string            // of its content, in lower case
	params map[string]string // of that
	kids   []*piece
	raw    []byte // a leaf's header and content
	parent *piece
	opaque bool // a multipart that could not be taken apart
}

// splitter counts the parts of one mail.
type splitter struct {
	parts int
	deep  bool // it goes deeper than anybody would pack
	many  bool // it has more parts than anybody would send
}

func (s *splitter) split(raw []byte, parent *piece, depth int) *piece {
	p := &piece{raw: raw, parent: parent}
	s.parts++
	k := head(raw)
	h := header0(raw[:k])
	kind, params, _, err := mediatype.Parse(h.Get("Content-Type"))
	if err == nil {
		p.kind, p.params = strings.ToLower(kind), params
	}
	if !strings.HasPrefix(p.kind, "multipart/") {
		return p
	}
	p.opaque = true
	if depth >= deepMost {
		s.deep = true
		return p
	}
	parts := between(raw[k:], params["boundary"])
	for _, part := range parts {
		if s.parts >= partsMost {
			s.many = true
			break
		}
		p.opaque = false
		p.kids = append(p.kids, s.split(part, p, depth+1))
	}
	return p
}

// header0 reads a header, leniently; what cannot be read is left out.
func header0(raw []byte) textproto.MIMEHeader {
	h, err := enmime.ReadHeader(bufio.NewReader(bytes.NewReader(raw[:min(len(raw), headMost)])), &ignore{})
	if err != nil && h == nil {
		return textproto.MIMEHeader{}
	}
	return h
}

type ignore struct{}

func (*ignore) AddError(string, string, ...any)   {}
func (*ignore) AddWarning(string, string, ...any) {}

// head returns the length of raw's header with the empty line that ends it.
func head(raw []byte) int {
	for at := 0; ; {
		k := bytes.IndexByte(raw[at:], '\n')
		if k < 0 {
			return len(raw)
		}
		if k == 0 || k == 1 && raw[at] == '\r' {
			return at + k + 1
		}
		at += k + 1
	}
}

// between returns what stands between the lines of a boundary. Before the first and behind the last is nothing to be read;
// where the last is missing, the part goes to the end.
func between(raw []byte, boundary string) (parts [][]byte) {
	if boundary == "" || len(boundary) > 200 {
		return nil
	}
	mark := []byte("--" + boundary)
	start := -1
	for at := 0; at < len(raw); {
		k := bytes.Index(raw[at:], mark)
		if k < 0 {
			break
		}
		k += at
		at = k + len(mark)
		end := bytes.IndexByte(raw[at:], '\n')
		if end < 0 {
			end = len(raw) - at
		}
		rest := bytes.TrimRight(raw[at:at+end], " \t\r")
		last := bytes.HasPrefix(rest, []byte("--"))
		if k > 0 && raw[k-1] != '\n' || !last && len(rest) > 0 || last && len(bytes.TrimRight(rest, "-")) > 0 {
			continue
		}
		if start >= 0 {
			parts = append(parts, trimEnd(raw[start:k]))
		}
		if last || len(parts) > partsMost {
			return parts
		}
		at = min(at+end+1, len(raw))
		start = at
	}
	if start >= 0 && start < len(raw) {
		parts = append(parts, raw[start:])
	}
	return parts
}

// trimEnd takes the line break away that belongs to the boundary.
func trimEnd(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return bytes.TrimSuffix(b, []byte("\r"))
}

var leaves = enmime.NewParser(enmime.SkipMalformedParts(true), enmime.MultipartWOBoundaryAsSinglePart(true), enmime.MaxStoredPartErrors(8),
	enmime.DisableTextConversion(true), enmime.DisableCharacterDetection(true),
	enmime.SetReadPartErrorPolicy(func(*enmime.Part, error) bool { return true }))

// leaf decodes a part without parts. One that cannot be decoded is text as it stands.
func (p *piece) leaf() *enmime.Part {
	k := head(p.raw)
	if !p.opaque && k <= headMost {
		if part, err := leaves.ReadParts(bytes.NewReader(p.raw)); err == nil && part.FirstChild == nil {
			return part
		}
	}
	part := enmime.NewPart("text/plain")
	part.Content = p.raw[k:]
	return part
}

// top returns the header of a mail as an envelope: enmime decodes its words, and is not shown how the body is packed.
func top(raw []byte) envelope {
	h := raw[:min(head(raw), headMost)]
	var plain []byte
	skip := false
	for l := range bytes.Lines(h) {
		if len(bytes.TrimSpace(l)) == 0 {
			continue
		}
		if l[0] != ' ' && l[0] != '\t' {
			name := bytes.ToLower(l[:min(len(l), 30)])
			skip = bytes.HasPrefix(name, []byte("content-type")) || bytes.HasPrefix(name, []byte("content-transfer-encoding")) ||
				bytes.HasPrefix(name, []byte("content-disposition"))
		}
		if !skip {
			plain = append(plain, l...)
		}
	}
	e, err := leaves.ReadEnvelope(bytes.NewReader(append(plain, "\r\n\r\n"...)))
	if err != nil || e == nil {
		e = &enmime.Envelope{Root: enmime.NewPart("text/plain")}
	}
	return envelope{e}
}
