package feed

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// discover returns the address of the feed that a page names, "" if it names none. Where there are several the first is taken,
// as browsers and readers do, but a feed of comments only when there is nothing else.
func discover(page []byte, at *url.URL) string {
	z := html.NewTokenizer(bytes.NewReader(page))
	z.SetMaxBuf(64 << 10)
	found, base := "", at
	for {
		switch z.Next() {
		case html.ErrorToken:
			return found
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch t.Data {
			case "base":
				if u, err := at.Parse(attr(t, "href")); err == nil {
					base = u
				}
			case "link":
				if !feedLink(t) {
					continue
				}
				u, err := base.Parse(strings.TrimSpace(attr(t, "href")))
				if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.String() == at.String() {
					continue
				}
				if !strings.Contains(strings.ToLower(attr(t, "title")+u.Path), "comment") {
					return u.String()
				}
				if found == "" {
					found = u.String()
				}
			}
		}
	}
}

func feedLink(t html.Token) bool {
	kind, _, _ := strings.Cut(strings.ToLower(attr(t, "type")), ";")
	switch strings.TrimSpace(kind) {
	case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml":
	default:
		return false
	}
	for _, rel := range strings.Fields(strings.ToLower(attr(t, "rel"))) {
		if rel == "alternate" || rel == "feed" {
			return attr(t, "href") != ""
		}
	}
	return false
}

func attr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
