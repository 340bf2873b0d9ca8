package feed

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"strings"
	"time"
)

func hash(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:8])
}

func (s *Site) link(e Entry) string { return s.Base + "/" + hash([]byte(e.ID)) }

// markup is an entry's text as HTML.
func markup(e Entry) string {
	return "<p>" + strings.ReplaceAll(html.EscapeString(e.Text), "\n", "<br/>\n") + "</p>"
}

// x escapes text for XML; what XML can't hold is replaced.
func x(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text))
	return b.String()
}

func (s *Site) page([]Entry, []Entry) (string, []byte) {
	return "text/html; charset=utf-8", fmt.Appendf(nil, `<!DOCTYPE html>
<html><head><title>%s</title>
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments.xml">
<link rel="alternate" type="application/rss+xml" title="%s" href="%s">
<link rel="alternate" type="application/atom+xml" title="%s" href="%s">
</head><body><h1>%s</h1></body></html>`, x(s.Name), x(s.Name), RSS, x(s.Name), Atom, x(s.Name))
}

func (s *Site) rss(entries, _ []Entry) (string, []byte) {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>%s</title><link>%s/</link><description>What is new</description><language>en</language>
<atom:link rel="self" type="application/rss+xml" href="%s"/>
`, x(s.Name), x(s.Base), x(s.Base+RSS))
	if s.TTL > 0 {
		fmt.Fprintf(&b, "<ttl>%d</ttl>\n", s.TTL)
	}
	for _, e := range entries {
		fmt.Fprintf(&b, `<item><guid isPermaLink="false">%s</guid><title>%s</title><link>%s</link><dc:creator>%s</dc:creator>
<pubDate>%s</pubDate><content:encoded>%s</content:encoded>
`, x(e.ID), x(e.Title), x(s.link(e)), x(e.Author), e.Said.UTC().Format(time.RFC1123Z), x(markup(e)))
		for _, m := range e.Media {
			fmt.Fprintf(&b, "<media:content url=\"%s\" type=\"%s\"><media:description type=\"plain\">%s</media:description></media:content>\n", x(m.URL), x(m.Type), x(m.Alt))
		}
		if !e.Updated.IsZero() {
			fmt.Fprintf(&b, "<atom:updated>%s</atom:updated>\n", e.Updated.UTC().Format(time.RFC3339))
		}
		b.WriteString("</item>\n")
	}
	b.WriteString("</channel></rss>\n")
	return "application/rss+xml; charset=utf-8", []byte(b.String())
}

func (s *Site) rdf(entries, _ []Entry) (string, []byte) {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="%s"><title>%s</title><link>%s/</link><description>What is new</description></channel>
`, x(s.Base+RDF), x(s.Name), x(s.Base))
	for _, e := range entries {
		fmt.Fprintf(&b, "<item rdf:about=\"%s\"><title>%s</title><link>%s</link><dc:creator>%s</dc:creator><dc:date>%s</dc:date><description>%s</description></item>\n",
			x(s.link(e)), x(e.Title), x(s.link(e)), x(e.Author), e.Said.UTC().Format(time.RFC3339), x(markup(e)))
	}
	b.WriteString("</rdf:RDF>\n")
	return "application/rdf+xml", []byte(b.String())
}

func (s *Site) atom(entries, gone []Entry) (string, []byte) {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:lang="en">
<id>%s</id><title>%s</title><link href="%s/"/><link rel="self" href="%s"/>
`, x(s.Base+Atom), x(s.Name), x(s.Base), x(s.Base+Atom))
	for _, e := range gone {
		fmt.Fprintf(&b, "<at:deleted-entry ref=\"%s\" when=\"%s\"/>\n", x(e.ID), e.Updated.UTC().Format(time.RFC3339))
	}
	for _, e := range entries {
		updated := e.Updated
		if updated.IsZero() {
			updated = e.Said
		}
		fmt.Fprintf(&b, `<entry><id>%s</id><title>%s</title><link href="%s"/><author><name>%s</name></author>
<published>%s</published><updated>%s</updated><content type="html">%s</content>
`, x(e.ID), x(e.Title), x(s.link(e)), x(e.Author), e.Said.UTC().Format(time.RFC3339), updated.UTC().Format(time.RFC3339), x(markup(e)))
		for _, m := range e.Media {
			fmt.Fprintf(&b, "<link rel=\"enclosure\" href=\"%s\" type=\"%s\" title=\"%s\"/>\n", x(m.URL), x(m.Type), x(m.Alt))
		}
		b.WriteString("</entry>\n")
	}
	b.WriteString("</feed>\n")
	return "application/atom+xml", []byte(b.String())
}

func (s *Site) json(entries, _ []Entry) (string, []byte) {
	type object = map[string]any
	items := []object{}
	for _, e := range entries {
		item := object{"id": e.ID, "url": s.link(e), "title": e.Title, "content_text": e.Text,
			"date_published": e.Said.UTC().Format(time.RFC3339), "authors": []object{{"name": e.Author}}}
		if !e.Updated.IsZero() {
			item["date_modified"] = e.Updated.UTC().Format(time.RFC3339)
		}
		files := []object{}
		for _, m := range e.Media {
			files = append(files, object{"url": m.URL, "mime_type": m.Type, "title": m.Alt})
		}
		item["attachments"] = files
		items = append(items, item)
	}
	b, err := json.MarshalIndent(object{"version": "https://jsonfeed.org/version/1.1", "title": s.Name,
		"home_page_url": s.Base + "/", "feed_url": s.Base + JSON, "items": items}, "", " ")
	if err != nil {
		panic(err) // strings only
	}
	return "application/feed+json", b
}
