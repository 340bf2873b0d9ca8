package mastodon

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

var (
	marks = regexp.MustCompile(`https?://[^\s<>"]+|@[A-Za-z0-9_]+(?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?(?:@[A-Za-z0-9.-]*[A-Za-z0-9])?|#[\p{L}\p{M}\p{N}_]+`)
	farAt = regexp.MustCompile(`(^|[^=/\p{L}\p{M}\p{Nd}\p{Pc}])(@[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)@[\p{L}\p{M}\p{Nd}\p{Pc}]+(?:[.-]+[\p{L}\p{M}\p{Nd}\p{Pc}]+)*`)
)

// length counts text as the server does: characters as people see them, each address as a fixed number, of a mention only
// the name, the warning too.
func (s *Server) length(text, warning string) int {
	perLink := 23
	if s.o.GoToSocial {
		perLink = 25
	}
	rest := ""
	for text != "" {
		if long := linked(text); long > 0 {
			rest, text = rest+strings.Repeat("x", perLink), text[long:]
			continue
		}
		_, one := utf8.DecodeRuneInString(text)
		rest, text = rest+text[:one], text[one:]
	}
	return uniseg.GraphemeClusterCount(farAt.ReplaceAllString(rest, "$1$2")) + uniseg.GraphemeClusterCount(warning)
}

// linked is how long the address is with which a text begins; 0: it begins with none. It ends where the server's own pattern lets it
// end: behind a letter, a digit, a few marks, or a pair of brackets.
func linked(text string) (end int) {
	scheme := 0
	for _, s := range []string{"http://", "https://"} {
		if strings.HasPrefix(text, s) {
			scheme = len(s)
		}
	}
	if scheme == 0 {
		return 0
	}
	open := 0
	for k, r := range text[scheme:] {
		if unicode.IsSpace(r) || strings.ContainsRune(`<>"`, r) {
			break
		}
		ends := unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) || strings.ContainsRune("=_#/+-", r)
		switch r {
		case '(':
			open++
		case ')':
			open--
			ends = open >= 0
		}
		if ends {
			end = scheme + k + utf8.RuneLen(r)
		}
	}
	return end
}

// written is a text made ready: as HTML, and who and what is named in it.
type written struct {
	html     string
	mentions []*account
	tags     []string
}

// write renders plain text as the server does: paragraphs, line breaks, and links for addresses, people and tags.
func (s *Server) write(text string) written {
	var w written
	var b strings.Builder
	at := 0
	for _, m := range marks.FindAllStringIndex(text, -1) {
		b.WriteString(html.EscapeString(text[at:m[0]]))
		at = m[1]
		b.WriteString(s.mark(&w, text[m[0]:m[1]], text[:m[0]]))
	}
	b.WriteString(html.EscapeString(text[at:]))
	body := strings.ReplaceAll(strings.TrimSpace(b.String()), "\r\n", "\n")
	paragraphs := regexp.MustCompile(`\n{2,}`).Split(body, -1)
	for k, p := range paragraphs {
		paragraphs[k] = "<p>" + strings.ReplaceAll(p, "\n", "<br />") + "</p>"
	}
	w.html = strings.Join(paragraphs, "")
	if body == "" {
		w.html = ""
	}
	return w
}

// mark renders one address, mention or tag; before is what stands in front of it.
func (s *Server) mark(w *written, m, before string) string {
	last, _ := utf8.DecodeLastRuneInString(before)
	glued := before != "" && (unicode.IsLetter(last) || unicode.IsDigit(last) || last == '_' || last == '/')
	switch {
	case m[0] == '@' && !glued:
		a := s.named(strings.TrimPrefix(m, "@"))
		if a == nil {
			break
		}
		if !contains(w.mentions, a) {
			w.mentions = append(w.mentions, a)
		}
		return `<span class="h-card" translate="no"><a href="` + html.EscapeString(s.url(a)) + `" class="u-url mention">@<span>` +
			html.EscapeString(a.username) + `</span></a></span>`
	case m[0] == '#' && !glued && strings.Trim(m[1:], "0123456789_") != "":
		tag := m[1:]
		w.tags = append(w.tags, tag)
		return `<a href="` + s.o.Base + `/tags/` + html.EscapeString(strings.ToLower(tag)) +
			`" class="mention hashtag" rel="tag">#<span>` + html.EscapeString(tag) + `</span></a>`
	case strings.HasPrefix(m, "http"):
		return link(m)
	}
	return html.EscapeString(m)
}

// link shortens what is shown of an address, as the server does, and keeps all of it in the text.
func link(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	shown, hidden, class := rest, "", ""
	if r := []rune(rest); len(r) > 30 {
		shown, hidden, class = string(r[:30]), string(r[30:]), "ellipsis"
	}
	e := html.EscapeString
	return `<a href="` + e(address) + `" target="_blank" rel="nofollow noopener" translate="no"><span class="invisible">` +
		e(scheme) + `://</span><span class="` + class + `">` + e(shown) + `</span><span class="invisible">` + e(hidden) + `</span></a>`
}

func contains(list []*account, a *account) bool {
	for _, x := range list {
		if x == a {
			return true
		}
	}
	return false
}
