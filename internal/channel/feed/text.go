package feed

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"switchboard/internal/channel"
)

// writing is a piece of HTML, read.
type writing struct {
	text   string          // as meant to be read
	html   string          // as it came, its addresses made whole
	images []channel.Media // pictures in the text
}

const picturesInText = 10

// read reads HTML, or plain text that feeds put in its place. It goes through the tokens once and builds no tree: what others
// wrote may be nested without end.
func read(src string, base *url.URL) writing {
	if !strings.ContainsAny(src, "<&") {
		return writing{text: strings.TrimSpace(src)}
	}
	var w writing
	var out strings.Builder
	p := printer{kept: !tagged(src)}
	z := html.NewTokenizer(strings.NewReader(src))
	drop := ""
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		raw := string(z.Raw())
		switch kind {
		case html.TextToken:
			if drop == "" {
				p.write(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if whole(&t, base) {
				raw = t.String()
			}
			switch t.Data {
			case "script", "style", "iframe", "noframes", "noembed":
				drop = t.Data
			case "img":
				w.picture(t, &p)
			default:
				p.open(t.Data)
			}
		case html.EndTagToken:
			t := z.Token()
			if t.Data == drop {
				drop = ""
			}
			p.close(t.Data)
		}
		out.WriteString(raw)
	}
	w.text = strings.TrimSpace(p.out.String())
	if !p.kept {
		w.html = out.String()
	}
	return w
}

// tagged reports whether there is anything in s that looks like a tag or a comment.
func tagged(s string) bool {
	for k := strings.IndexByte(s, '<'); k >= 0 && k+1 < len(s); {
		c := s[k+1]
		if c == '/' || c == '!' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			return true
		}
		next := strings.IndexByte(s[k+1:], '<')
		if next < 0 {
			return false
		}
		k += 1 + next
	}
	return false
}

// whole makes the addresses of a tag absolute and reports whether it changed any.
func whole(t *html.Token, base *url.URL) bool {
	changed := false
	for k, a := range t.Attr {
		switch a.Key {
		case "href", "src", "poster", "cite":
			if to := resolve(base, a.Val); to != "" && to != a.Val {
				t.Attr[k].Val, changed = to, true
			}
		}
	}
	return changed
}

// resolve makes an address absolute; "" if it can't be.
func resolve(base *url.URL, address string) string {
	address = strings.TrimSpace(address)
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	return u.String()
}

// picture keeps a picture of the text with its description. Counting pixels are no pictures, and a smiley is a character.
func (w *writing) picture(t html.Token, p *printer) {
	src, alt := attr(t, "src"), strings.TrimSpace(attr(t, "alt"))
	class := strings.ToLower(attr(t, "class"))
	if strings.Contains(class, "emoji") || strings.Contains(class, "smiley") {
		p.write(alt)
		return
	}
	if attr(t, "width") == "1" || attr(t, "height") == "1" || len(w.images) >= picturesInText || !web(src) {
		return
	}
	w.images = append(w.images, channel.Media{URL: src, Type: mediaType(src, "image/*"), Alt: alt})
}

// web reports whether address can be opened in a browser.
func web(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}

// printer writes the text of HTML: blocks become lines, runs of space one space.
type printer struct {
	out   strings.Builder
	kept  bool // space is kept as it is: plain text
	pre   int  // within so many <pre>
	item  bool // just after the dash of a list item: what follows stays on its line
	lines int  // line ends owed before the next word
	space bool // a space owed before the next word
}

func (p *printer) open(tag string) {
	switch tag {
	case "br":
		p.lines = min(p.lines+1, 2)
	case "li":
		p.owe(1)
		p.write("-")
		p.item = true
	case "pre":
		p.pre++
		p.owe(2)
	case "td", "th":
		p.space = true
	default:
		p.owe(block(tag))
	}
}

func (p *printer) close(tag string) {
	if tag == "pre" && p.pre > 0 {
		p.pre--
	}
	p.owe(block(tag))
}

func (p *printer) owe(lines int) { p.lines = max(p.lines, lines) }

// block is how many line ends stand around an element.
func block(tag string) int {
	switch tag {
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "table", "pre", "figure", "article", "section", "hr":
		return 2
	case "div", "tr", "li", "dt", "dd", "figcaption", "header", "footer", "aside", "main", "nav", "address", "details", "summary":
		return 1
	}
	return 0
}

func (p *printer) write(s string) {
	for _, r := range s {
		if unicode.IsSpace(r) && p.pre == 0 && !p.kept {
			p.space = true
			continue
		}
		if p.item {
			p.lines, p.space, p.item = 0, true, false
		}
		if p.lines > 0 && p.out.Len() > 0 {
			p.out.WriteString("\n\n"[:p.lines])
		} else if p.space && p.out.Len() > 0 {
			p.out.WriteByte(' ')
		}
		p.lines, p.space = 0, false
		p.out.WriteRune(r)
	}
}
