package feed

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	jsonfeed "github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
)

// What a feed may be built of. Real ones stay far below; beyond lie documents made to exhaust the reader.
const (
	depthMost  = 100    // elements within elements
	spacesMost = 500    // name spaces declared
	piecesMost = 2000   // pieces of text in one element, between comments and CDATA
	itemsMost  = 10_000 // entries looked at, from the top
)

// parsed is a feed as we want it.
type parsed struct {
	Title, Link, Lang string
	entries           []entry // in the order of the document
	gone              []string
	pace              pace
}

var errNoFeed = errors.New("not a feed")

// parse reads a document. What is not a feed at all is errNoFeed.
func parse(d document) (f *parsed, err error) {
	defer func() { // the library trusts what it reads: a null among JSON entries stops it
		if r := recover(); r != nil {
			f, err = nil, fmt.Errorf("the feed is out of shape: %v", r)
		}
	}()
	text := decode(d.body, d.header)
	if !bytes.HasPrefix(text, []byte("{")) {
		text = bare(prolog(text))
		switch kind := gofeed.DetectFeedType(bytes.NewReader(text[:min(len(text), 4096)])); kind {
		case gofeed.FeedTypeRSS, gofeed.FeedTypeAtom:
		default:
			return nil, errNoFeed
		}
		if err := guard(text); err != nil {
			return nil, err
		}
	}
	p := gofeed.NewParser()
	p.KeepOriginalFeed = true
	p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	raw, err := p.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	if j, ok := raw.OriginalFeed().(*jsonfeed.Feed); ok && !strings.Contains(j.Version, "jsonfeed.org") && len(j.Items) == 0 {
		return nil, errNoFeed // any other JSON: an error in the site's own words
	}
	return translate(raw, d.at), nil
}

// translate makes what we want of what the library found. at is where the feed was read.
func translate(raw *gofeed.Feed, at *url.URL) *parsed {
	f := &parsed{Title: oneLine(raw.Title), Link: resolve(at, raw.Link), Lang: strings.TrimSpace(raw.Language)}
	if !web(f.Link) {
		f.Link = ""
	}
	base := at
	if u, err := url.Parse(f.Link); err == nil && f.Link != "" {
		base = u
	}
	origin := raw.OriginalFeed()
	if r, ok := origin.(*rss.Feed); ok {
		f.pace = paceOf(r)
	}
	f.gone = tombstones(raw)
	for k, item := range raw.Items[:min(len(raw.Items), itemsMost)] {
		e := entryOf(item, base)
		switch o := origin.(type) {
		case *atom.Feed:
			e.atom(o.Entries[k])
		case *jsonfeed.Feed:
			e.json(o.Items[k], base)
		}
		if e.lang == "" {
			e.lang = f.Lang
		}
		f.entries = append(f.entries, e)
	}
	return f
}

// tombstones are the entries that an Atom feed says were taken back (RFC 6721).
func tombstones(raw *gofeed.Feed) (ids []string) {
	for _, prefix := range []string{"at", "deleted"} {
		for _, e := range raw.Extensions[prefix]["deleted-entry"] {
			if ref := strings.TrimSpace(e.Attrs["ref"]); ref != "" {
				ids = append(ids, ref)
			}
		}
	}
	return ids
}

// guard walks through XML before anything is built of it.
func guard(text []byte) error {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	depth, spaces, pieces := 0, 0, 0
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth, pieces = depth+1, 0
			for _, a := range t.Attr {
				if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
					spaces++
				}
			}
		case xml.EndElement:
			depth, pieces = max(depth-1, 0), 0
		case xml.CharData, xml.Comment:
			pieces++
		}
		if depth > depthMost || spaces > spacesMost || pieces > piecesMost {
			return errors.New("the feed is knotted beyond reading")
		}
	}
}

var (
	declared  = regexp.MustCompile(`^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']`)
	character = regexp.MustCompile(`&#(?:[xX][0-9a-fA-F]{1,12}|[0-9]{1,12});`)
)

// decode returns a body as UTF-8 that XML allows. A byte order mark is believed before the document's own word, and that
// before the server's; a document that says Latin-1 but is UTF-8 throughout is UTF-8.
func decode(body []byte, header http.Header) []byte {
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return clean(body[3:])
	case bytes.HasPrefix(body, []byte("\xff\xfe")), bytes.HasPrefix(body, []byte("\xfe\xff")):
		if b, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(body); err == nil {
			return clean(b)
		}
	}
	body = bytes.TrimLeft(body, " \t\r\n")
	label := ""
	if m := declared.FindSubmatch(body[:min(len(body), 1024)]); m != nil {
		label = string(m[1])
	} else if _, p, err := mime.ParseMediaType(header.Get("Content-Type")); err == nil {
		label = p["charset"]
	}
	e, name := charset.Lookup(label)
	if utf8.Valid(body) && (e == nil || name == "windows-1252" || name == "utf-8") {
		return clean(body)
	}
	if e == nil && !utf8.Valid(body) && label == "" {
		e, name = charset.Lookup("windows-1252")
	}
	if e != nil && name != "utf-8" {
		if b, err := e.NewDecoder().Bytes(body); err == nil {
			return clean(b)
		}
	}
	return clean(body)
}

// clean replaces what no XML may hold, so that one bad byte does not cost the feed.
func clean(b []byte) []byte {
	b = bytes.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r', r >= 0x20 && r <= 0xD7FF, r >= 0xE000 && r <= 0xFFFD, r >= 0x10000 && r <= 0x10FFFF:
			return r
		}
		return -1
	}, bytes.ToValidUTF8(b, []byte("\uFFFD")))
	if !bytes.Contains(b, []byte("&#")) {
		return b
	}
	return character.ReplaceAllFunc(b, func(ref []byte) []byte {
		digits, base := string(ref[2:len(ref)-1]), 10
		if digits[0] == 'x' || digits[0] == 'X' {
			digits, base = digits[1:], 16
		}
		n, err := strconv.ParseInt(digits, base, 64)
		if err != nil || n > 0x10FFFF || n >= 0xD800 && n <= 0xDFFF || n == 0xFFFE || n == 0xFFFF || n < 0x20 && n != 9 && n != 10 && n != 13 {
			return []byte("\uFFFD")
		}
		return ref
	})
}

// prolog cuts off what stands before the root: the declaration (the text is UTF-8 now, whatever it says), comments, style sheets.
// A document type is left for the reader, which takes no notice of what it declares.
func prolog(b []byte) []byte {
	for {
		b = bytes.TrimLeft(b, " \t\r\n")
		end := ""
		switch {
		case bytes.HasPrefix(b, []byte("<?")):
			end = "?>"
		case bytes.HasPrefix(b, []byte("<!--")):
			end = "-->"
		default:
			return b
		}
		k := bytes.Index(b, []byte(end))
		if k < 0 {
			return b
		}
		b = b[k+len(end):]
	}
}

// bare writes each "<" that begins nothing ("We <3 you", "price < 5") as the reader wants it: one of them would cost the feed.
func bare(b []byte) []byte {
	var out bytes.Buffer
	done := 0
	for at := 0; at < len(b); {
		k := bytes.IndexByte(b[at:], '<')
		if k < 0 {
			break
		}
		at += k
		switch rest := b[at:]; {
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			at += upTo(rest, "]]>")
		case bytes.HasPrefix(rest, []byte("<!--")):
			at += upTo(rest, "-->")
		case len(rest) > 1 && (begins(rest[1]) || rest[1] == '!' || rest[1] == '?' || rest[1] == '/' && len(rest) > 2 && begins(rest[2])):
			at++
		default:
			out.Write(b[done:at])
			out.WriteString("&lt;")
			at++
			done = at
		}
	}
	if done == 0 {
		return b
	}
	out.Write(b[done:])
	return out.Bytes()
}

// begins reports whether a name may begin with c.
func begins(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':' || c >= utf8.RuneSelf
}

// upTo is how far it is behind end in b, or to the end of b.
func upTo(b []byte, end string) int {
	if k := bytes.Index(b, []byte(end)); k >= 0 {
		return k + len(end)
	}
	return len(b)
}

// oneLine is HTML or text as a title.
func oneLine(s string) string { return strings.Join(strings.Fields(read(s, nil).text), " ") }
