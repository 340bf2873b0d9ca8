package storm

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostWords is how many words of one text count: a wall of words is about nothing.
const mostWords = 24

// KeysOf returns what a text is about: its links, its hashtags, its words. post is what it was said under and topics what it is
// known to be on; both may be empty.
func KeysOf(text, post string, topics []string) (out []Key) {
	had := map[Key]bool{}
	add := func(kind Kind, what string) {
		k := Key{kind, what}
		if what != "" && len(what) <= 300 && !had[k] {
			had[k] = true
			out = append(out, k)
		}
	}
	add(Post, post)
	words := 0
	for _, f := range strings.Fields(text) {
		switch {
		case strings.HasPrefix(f, "http://") || strings.HasPrefix(f, "https://"):
			add(Link, link(f))
		case strings.HasPrefix(f, "#"):
			add(Hashtag, strings.ToLower(strings.TrimFunc(f, other)))
		case !strings.HasPrefix(f, "@"):
			w := strings.ToLower(strings.TrimFunc(f, other))
			if utf8.RuneCountInString(w) >= 5 && words < mostWords {
				words++
				add(Word, w)
			}
		}
	}
	for _, t := range topics {
		add(Topic, t)
	}
	return out
}

func other(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// link is an address as two people would write the same one: without what only says who sends it on.
func link(s string) string {
	u, err := url.Parse(strings.TrimRight(s, ".,;:!?)\"'"))
	if err != nil || u.Host == "" {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimRight(u.Path, "/")
}
