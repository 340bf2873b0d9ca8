package mastodon

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// plain turns a status's HTML into text as it is meant to be read. Names of people come from the mentions the server gives,
// not from what the link shows.
func plain(content string, mentions []mention) string {
	if !strings.ContainsAny(content, "<&") {
		return strings.TrimSpace(clean(content))
	}
	nodes, err := html.ParseFragment(strings.NewReader(content), &html.Node{Type: html.ElementNode, DataAtom: atom.Body, Data: "body"})
	if err != nil {
		return strings.TrimSpace(clean(content))
	}
	p := printer{acct: map[string]string{}}
	for _, m := range mentions {
		p.acct[m.URL] = "@" + m.Acct
	}
	for _, n := range nodes {
		p.node(n)
	}
	return strings.TrimSpace(clean(p.b.String()))
}

// printer writes nodes as text.
type printer struct {
	b     strings.Builder
	acct  map[string]string // by address of the profile
	quote int               // how deep in blockquotes
	pre   bool
	depth int
}

// deepest is how far into nested elements we go: no message needs more, and an attack would.
const deepest = 200

func (p *printer) node(n *html.Node) {
	if p.depth++; p.depth > deepest {
		p.depth--
		return
	}
	defer func() { p.depth-- }()
	switch n.Type {
	case html.TextNode:
		p.text(n.Data)
		return
	case html.ElementNode:
	default:
		return
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Head:
	case atom.Br:
		p.line(1)
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Pre:
		p.line(2)
		was := p.pre
		p.pre = p.pre || n.DataAtom == atom.Pre
		p.inside(n)
		p.pre = was
		p.line(2)
	case atom.Blockquote:
		p.line(2)
		p.quote++
		p.inside(n)
		p.quote--
		p.line(2)
	case atom.Li:
		p.line(1)
		p.text(bullet(n))
		p.inside(n)
	case atom.A:
		if acct := p.acct[attr(n, "href")]; acct != "" && strings.Contains(attr(n, "class"), "mention") {
			p.text(acct)
			return
		}
		p.inside(n)
	case atom.Img:
		p.text(attr(n, "alt"))
	default:
		p.inside(n)
	}
}

func (p *printer) inside(n *html.Node) {
	for k := range n.ChildNodes() {
		p.node(k)
	}
}

// text writes words; outside of pre, white space is as in HTML.
func (p *printer) text(s string) {
	if s == "" {
		return
	}
	if !p.pre {
		words := strings.Join(strings.Fields(s), " ")
		if space(s[0]) && !p.atStart() {
			words = " " + words
		}
		if space(s[len(s)-1]) && strings.TrimSpace(words) != "" {
			words += " "
		}
		s = words
	}
	if p.atStart() {
		p.b.WriteString(strings.Repeat("> ", p.quote))
		if !p.pre {
			s = strings.TrimLeft(s, " ")
		}
	}
	p.b.WriteString(s)
}

func space(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }

func (p *printer) atStart() bool { return p.b.Len() == 0 || strings.HasSuffix(p.b.String(), "\n") }

// line ends the line; with n of 2 it leaves an empty one, though never two.
func (p *printer) line(n int) {
	s := p.b.String()
	if s == "" {
		return
	}
	have := len(s) - len(strings.TrimRight(s, "\n"))
	if n == 1 && have < 2 {
		p.b.WriteByte('\n') // <br><br> is an empty line
	} else if n > have {
		p.b.WriteString(strings.Repeat("\n", n-have))
	}
}

func bullet(li *html.Node) string {
	if li.Parent == nil || li.Parent.DataAtom != atom.Ol {
		return "• "
	}
	n := 1
	for s := li.PrevSibling; s != nil; s = s.PrevSibling {
		if s.DataAtom == atom.Li {
			n++
		}
	}
	return strconv.Itoa(n) + ". "
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
