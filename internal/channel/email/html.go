package email

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// plain reads HTML as a person would: the text in its lines, quoted parts with "> " before them. It runs over the tokens
// once, so that no nesting makes it slow.
func plain(src string) string {
	if t := (&reader{}).read(src); t != "" {
		return t
	}
	return (&reader{all: true}).read(src) // all of it was hidden, or a hidden part had no end
}

type reader struct {
	all    bool // show hidden parts too
	out    strings.Builder
	line   strings.Builder
	space  bool // a space is due before the next word
	blank  int  // empty lines at the end of out
	quote  int
	pre    int
	hidden atom.Atom // the element being left out
	depth  int       // and how many of its kind are open
	within int       // and how many tables or lists in it, whose cells and points are not its neighbours
}

func (r *reader) read(src string) string {
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		switch z.Next() {
		case html.ErrorToken:
			r.end(1)
			return strings.TrimSpace(r.out.String())
		case html.TextToken:
			if r.depth == 0 {
				r.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			r.open(atom.Lookup(name), z, more)
		case html.EndTagToken:
			name, _ := z.TagName()
			r.close(atom.Lookup(name))
		}
	}
}

func (r *reader) open(a atom.Atom, z *html.Tokenizer, more bool) {
	if r.depth > 0 && !r.over(a) {
		return
	}
	hide, alt := false, ""
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		switch string(k) {
		case "style":
			s := strings.ToLower(strings.ReplaceAll(string(v), " ", ""))
			hide = hide || strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden")
		case "hidden":
			hide = true
		case "alt":
			alt = string(v)
		}
	}
	switch a {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Noscript, atom.Select, atom.Svg, atom.Object:
		r.hide(a)
		return
	case atom.Br:
		r.end(0)
		return
	case atom.Hr:
		r.end(1)
		return
	case atom.Img:
		r.text(alt)
		return
	}
	if hide && !r.all && !void(a) {
		r.hide(a)
		return
	}
	r.block(a)
	switch a {
	case atom.Blockquote:
		r.quote++
	case atom.Pre, atom.Textarea:
		r.pre++
	case atom.Li:
		r.line.WriteString("- ")
	case atom.Td, atom.Th:
		r.space = true
	}
}

func (r *reader) close(a atom.Atom) {
	if r.depth > 0 && !r.overBehind(a) {
		return
	}
	r.block(a)
	switch a {
	case atom.Blockquote:
		r.quote = max(0, r.quote-1)
	case atom.Pre, atom.Textarea:
		r.pre = max(0, r.pre-1)
	}
}

func (r *reader) hide(a atom.Atom) { r.hidden, r.depth, r.within = a, 1, 0 }

// over reports whether what is hidden ends because a begins: HTML lets the ends of some elements be left out.
func (r *reader) over(a atom.Atom) bool {
	ends := false
	switch r.hidden {
	case atom.Head:
		ends = a != 0 && !ofHead(a)
	case atom.P:
		ends = lines(a) >= 0 || a == atom.Td || a == atom.Th || a == atom.Hr
	case atom.Li, atom.Td, atom.Th, atom.Tr:
		if r.holds(a) {
			r.within++
		} else if r.within == 0 {
			cell := a == atom.Td || a == atom.Th
			ends = a == r.hidden || r.hidden != atom.Li && (a == atom.Tr || a == atom.Tbody || cell && r.hidden != atom.Tr)
		}
	default:
		if a == r.hidden {
			r.depth++
		}
	}
	if ends {
		r.depth = 0
	}
	return ends
}

// overBehind reports whether what is hidden was over before a ends, because its own end was left out.
func (r *reader) overBehind(a atom.Atom) bool {
	switch {
	case r.holds(a):
		if r.within--; r.within < 0 {
			r.depth = 0
			return true
		}
	case a == r.hidden && r.within == 0:
		r.depth--
	case r.hidden == atom.P && lines(a) >= 0, r.within == 0 && a == atom.Tr && (r.hidden == atom.Td || r.hidden == atom.Th):
		r.depth = 0
		return true
	}
	return false
}

// holds reports whether a is what elements like the hidden one stand in.
func (r *reader) holds(a atom.Atom) bool {
	switch r.hidden {
	case atom.Li:
		return a == atom.Ul || a == atom.Ol
	case atom.Td, atom.Th, atom.Tr:
		return a == atom.Table
	}
	return false
}

// ofHead reports whether a may stand in a head; anything else is the beginning of the body.
func ofHead(a atom.Atom) bool {
	switch a {
	case atom.Head, atom.Meta, atom.Link, atom.Base, atom.Title, atom.Style, atom.Script, atom.Noscript, atom.Template:
		return true
	}
	return false
}

func void(a atom.Atom) bool {
	switch a {
	case atom.Img, atom.Br, atom.Hr, atom.Input, atom.Meta, atom.Link, atom.Wbr, atom.Area, atom.Base, atom.Col, atom.Embed, atom.Source, atom.Track:
		return true
	}
	return false
}

// block ends the line where a begins or ends one.
func (r *reader) block(a atom.Atom) {
	switch n := lines(a); {
	case n > 0:
		r.end(n)
	case n == 0 && r.line.Len() > 0:
		r.end(0)
	}
}

// lines is how many empty lines stand before and behind a; -1 if it stands within a line.
func lines(a atom.Atom) int {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Ul, atom.Ol, atom.Table, atom.Pre, atom.Dl:
		return 1
	case atom.Div, atom.Li, atom.Tr, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Address, atom.Dt, atom.Dd,
		atom.Center, atom.Form, atom.Body, atom.Aside, atom.Main, atom.Nav, atom.Fieldset:
		return 0
	}
	return -1
}

func (r *reader) text(s string) {
	if r.pre > 0 {
		for k, l := range strings.Split(strings.ReplaceAll(s, "\r", ""), "\n") {
			if k > 0 {
				r.end(0)
			}
			r.line.WriteString(l)
		}
		return
	}
	for _, c := range s {
		switch c {
		case ' ', '\t', '\n', '\r', '\f':
			r.space = true
		case '\u200b', '\u034f', '\u00ad', '\ufeff': // filling that newsletters hide their first line with
		case '\u00a0':
			r.line.WriteByte(' ')
		default:
			if r.space && r.line.Len() > 0 {
				r.line.WriteByte(' ')
			}
			r.space = false
			r.line.WriteRune(c)
		}
	}
}

// end ends the line, and leaves at least blank empty ones behind it, but never more than one.
func (r *reader) end(blank int) {
	l := strings.TrimRight(r.line.String(), " ")
	r.line.Reset()
	r.space = false
	mark := strings.Repeat("> ", min(r.quote, 20))
	switch {
	case l != "":
		r.out.WriteString(mark + l + "\n")
		r.blank = 0
	case blank == 0: // a <br> on an empty line
		blank = 1
	}
	if blank > 0 && r.blank == 0 && r.out.Len() > 0 {
		r.out.WriteString(strings.TrimRight(mark, " ") + "\n")
		r.blank = 1
	}
}
