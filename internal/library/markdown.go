package library

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

// markdown reads what people write: tables, strikes and bare links too; a line break is a line break. HTML in it is left out,
// and so are links that run something.
var markdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify), goldmark.WithRendererOptions(html.WithHardWraps()))

// HTML is Markdown as HTML. It must still be cleaned before a browser sees it.
func HTML(source string) (string, error) {
	var b bytes.Buffer
	err := markdown.Convert([]byte(source), &b)
	return b.String(), err
}

// Plain is Markdown as the plain text that channels carry: no marks, lists with dashes and numbers, a link's address behind
// its words.
func Plain(source string) string {
	p := plainer{source: []byte(source)}
	p.blocks(markdown.Parser().Parse(text.NewReader(p.source)), "")
	return strings.TrimSpace(p.out.String())
}

type plainer struct {
	source []byte
	out    strings.Builder
}

// blocks writes the blocks below n, a blank line between two of them, each line after indent.
func (p *plainer) blocks(n ast.Node, indent string) {
	first := true
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if _, raw := c.(*ast.HTMLBlock); raw {
			continue
		}
		if !first {
			p.out.WriteString("\n\n")
		}
		first = false
		p.block(c, indent)
	}
}

func (p *plainer) block(n ast.Node, indent string) {
	switch n := n.(type) {
	case *ast.List:
		p.list(n, indent)
	case *ast.Blockquote:
		p.quote(n, indent)
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		lines := n.Lines()
		for k := range lines.Len() {
			at := lines.At(k)
			p.line(indent, strings.TrimRight(string(at.Value(p.source)), "\n"), k > 0)
		}
	case *ast.ThematicBreak:
		p.line(indent, "—", false)
	case *east.Table:
		p.table(n, indent)
	default:
		for k, l := range strings.Split(strings.TrimSpace(p.inline(n)), "\n") {
			p.line(indent, strings.TrimSpace(l), k > 0)
		}
	}
}

func (p *plainer) line(indent, s string, next bool) {
	if next {
		p.out.WriteString("\n")
	}
	if next { // the first line stands behind its bullet
		p.out.WriteString(indent)
	}
	p.out.WriteString(s)
}

func (p *plainer) list(n *ast.List, indent string) {
	number := n.Start
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		mark := "- "
		if n.IsOrdered() {
			mark = strconv.Itoa(number) + ". "
			number++
		}
		if c != n.FirstChild() {
			p.out.WriteString("\n" + indent)
		}
		p.out.WriteString(mark)
		inner := indent + strings.Repeat(" ", len(mark))
		for b := c.FirstChild(); b != nil; b = b.NextSibling() {
			if b != c.FirstChild() {
				p.out.WriteString("\n" + inner)
			}
			p.block(b, inner)
		}
	}
}

func (p *plainer) quote(n ast.Node, indent string) {
	inner := plainer{source: p.source}
	inner.blocks(n, "")
	for k, l := range strings.Split(inner.out.String(), "\n") {
		p.line(indent, strings.TrimRight("> "+l, " "), k > 0)
	}
}

func (p *plainer) table(n ast.Node, indent string) {
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, strings.TrimSpace(p.inline(c)))
		}
		p.line(indent, strings.Join(cells, " | "), row != n.FirstChild())
	}
}

// inline is the text of what stands in a line.
func (p *plainer) inline(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.Write(unescaped(c, p.source))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteString("\n")
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.Label(p.source))
		case *ast.Link:
			b.WriteString(linked(p.inline(c), string(c.Destination)))
		case *ast.Image:
			b.WriteString(linked(p.inline(c), string(c.Destination)))
		case *ast.RawHTML:
		default:
			b.WriteString(p.inline(c))
		}
	}
	return b.String()
}

// unescaped is a text without the backslashes before its signs, and with its entities as letters.
func unescaped(t *ast.Text, source []byte) []byte {
	raw := t.Segment.Value(source)
	if t.IsRaw() {
		return raw
	}
	return entities(raw)
}

// linked is a link as plain text: its words and its address, or the address alone where they say the same. Addresses that
// are none of the web or of mail are left out.
func linked(words, to string) string {
	at := strings.TrimPrefix(to, "mailto:")
	switch {
	case !strings.HasPrefix(to, "https://") && !strings.HasPrefix(to, "http://") && at == to:
		return words
	case words == "" || words == to || words == at || "https://"+words == to || "http://"+words == to:
		return at
	}
	return words + " (" + at + ")"
}
