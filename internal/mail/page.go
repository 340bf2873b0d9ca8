package mail

import (
	"html/template"
	"strings"
)

// Page is a letter in its usual form, as text and as a page that is read on a telephone too, light and dark. Everything in it
// is shown as text: nothing that somebody wrote becomes a tag. No picture and nothing else is fetched from anywhere.
type Page struct {
	Title  string
	Lead   string   // first, what it is about; may have several lines
	Quotes []Quote  // what others said
	Lines  []string // further sentences, each a paragraph
	Link   string   // the address of the one button; may be empty
	Button string   // what it says
	Foot   string   // in small letters: why this came
}

// Quote is something somebody said.
type Quote struct {
	By   string
	Text string
}

// Text is p for a program that shows no pages.
func (p Page) Text() string {
	var b strings.Builder
	say := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			b.WriteString(s + "\n\n")
		}
	}
	say(p.Lead)
	for _, q := range p.Quotes {
		lines := strings.Split(strings.TrimSpace(q.Text), "\n")
		say(q.By + ":\n  " + strings.Join(lines, "\n  "))
	}
	for _, l := range p.Lines {
		say(l)
	}
	if p.Link != "" {
		say(p.Button + ":\n" + p.Link)
	}
	if p.Foot != "" {
		b.WriteString("-- \n" + p.Foot + "\n")
	}
	return b.String()
}

// HTML is p as a page.
func (p Page) HTML() string {
	var b strings.Builder
	if err := page.Execute(&b, p); err != nil {
		return "" // the text goes alone: nothing that can be in a Page makes it fail
	}
	return b.String()
}

var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>{{.Title}}</title></head>
<body style="margin:0;padding:24px 16px;font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif;font-size:16px;line-height:1.5">
<div style="max-width:560px;margin:0 auto">
<h1 style="font-size:20px;margin:0 0 12px">{{.Title}}</h1>
{{with .Lead}}<p style="margin:0 0 16px;white-space:pre-wrap">{{.}}</p>{{end}}
{{range .Quotes}}<div style="margin:0 0 16px;padding:8px 12px;border-left:3px solid #8a94a6"><div style="font-size:13px;opacity:.75">{{.By}}</div><div style="white-space:pre-wrap">{{.Text}}</div></div>{{end}}
{{range .Lines}}<p style="margin:0 0 16px">{{.}}</p>{{end}}
{{if .Link}}<p style="margin:20px 0"><a href="{{.Link}}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#1864ab;color:#ffffff;text-decoration:none;font-weight:600">{{.Button}}</a></p>{{end}}
{{with .Foot}}<p style="margin:24px 0 0;font-size:13px;opacity:.75">{{.}}</p>{{end}}
</div></body></html>
`))
