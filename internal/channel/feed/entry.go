package feed

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	jsonfeed "github.com/mmcdole/gofeed/json"

	"switchboard/internal/channel"
)

// entry is an entry of a feed as it is now.
type entry struct {
	id      string // guid or id; else the link; else made of what it says
	loose   string // id and link: where a feed gives one id to several entries
	version string // changes with what a person would see
	title   string
	link    string
	lang    string
	w       writing
	media   []channel.Media
	author  author
	said    time.Time // zero: the feed does not say, or nonsense
	updated time.Time
	raw     *gofeed.Item
}

type author struct{ name, address, avatar string }

// entryOf reads an item. Relative addresses are resolved against base.
func entryOf(item *gofeed.Item, base *url.URL) entry {
	e := entry{title: oneLine(item.Title), raw: item}
	e.link = resolve(base, cmp.Or(item.Link, first(item.Links)))
	if !web(e.link) && web(item.GUID) {
		e.link = item.GUID // a guid is a link unless it says otherwise
	}
	if !web(e.link) {
		e.link = ""
	}
	if u, err := url.Parse(e.link); err == nil && e.link != "" {
		base = u
	}
	e.w = read(cmp.Or(item.Content, item.Description), base)
	e.media = mediaOf(item, e.w, base)
	for _, p := range item.Authors {
		if p != nil && e.author.name == "" {
			e.author.name = oneLine(cmp.Or(p.Name, p.Email))
		}
	}
	e.said, e.updated = when(item.PublishedParsed), when(item.UpdatedParsed)
	e.name(item.GUID)
	return e
}

// atom adds what only the Atom entry tells.
func (e *entry) atom(o *atom.Entry) {
	if o == nil {
		return
	}
	if o.Content != nil && (o.Content.Type == "text" || o.Content.Type == "text/plain") {
		e.w = writing{text: strings.TrimSpace(o.Content.Value)}
	}
	if len(o.Authors) > 0 && o.Authors[0] != nil && web(o.Authors[0].URI) {
		e.author.address = o.Authors[0].URI
	}
	for _, l := range o.Links {
		if l != nil && l.Rel == "enclosure" && l.Title != "" {
			e.describe(l.Href, l.Title)
		}
	}
	e.name(o.ID)
}

// json adds what only the JSON item tells.
func (e *entry) json(o *jsonfeed.Item, base *url.URL) {
	e.title = strings.Join(strings.Fields(o.Title), " ") // plain text by the format
	if o.ContentHTML == "" && o.ContentText != "" {
		e.w = writing{text: strings.TrimSpace(o.ContentText)}
	}
	e.lang = o.Language
	for _, a := range append([]*jsonfeed.Author{o.Author}, o.Authors...) {
		if a != nil {
			e.author = author{name: cmp.Or(strings.TrimSpace(a.Name), a.URL), address: a.URL, avatar: a.Avatar}
		}
	}
	if o.Attachments != nil {
		for _, a := range *o.Attachments {
			if a.Title != "" {
				e.describe(resolve(base, a.URL), a.Title)
			}
		}
	}
	e.name(o.ID)
}

func (e *entry) describe(address, alt string) {
	for k := range e.media {
		if e.media[k].URL == address && e.media[k].Alt == "" {
			e.media[k].Alt = alt
		}
	}
}

// name gives the entry its identity and its version, from what is in it by now.
func (e *entry) name(guid string) {
	switch guid = strings.TrimSpace(guid); {
	case guid != "":
		e.id = fits(guid)
	case e.link != "":
		e.id = fits(e.link)
	case e.title != "":
		e.id = "sha256:" + digest(e.title, e.link)
	default:
		e.id = "sha256:" + digest(e.w.text)
	}
	e.loose = fits(e.id + " " + cmp.Or(e.link, digest(e.title)))
	seen := []string{e.title, e.w.text, e.link}
	for _, m := range e.media {
		seen = append(seen, m.URL, m.Alt)
	}
	e.version = digest(seen...)[:16]
}

// fits is an id short enough to be indexed. One that is not is known by its hash.
func fits(id string) string {
	if len(id) <= 500 {
		return id
	}
	return "sha256:" + digest(id)
}

// message is the entry as a message seen now. Dates that are missing, from before the web or in the future become now.
func (e *entry) message(s settings, now time.Time) channel.Message {
	m := channel.Message{
		RemoteID: e.id, URI: e.link, Version: e.version, Kind: channel.Article, Own: bool(s.Ours), From: e.from(s),
		Subject: e.title, Text: cmp.Or(e.w.text, e.title), HTML: e.w.html, Lang: e.lang, Media: e.media, At: e.at(now), URL: e.link,
	}
	if u := clamp(e.updated, now); u.After(m.At) && !e.said.IsZero() {
		m.EditedAt = u
	}
	return m
}

func (e *entry) at(now time.Time) time.Time {
	if !e.said.IsZero() {
		return clamp(e.said, now)
	}
	return clamp(e.updated, now)
}

var web1990 = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

func clamp(t, now time.Time) time.Time {
	if t.Before(web1990) || t.After(now) {
		return now.UTC()
	}
	return t.UTC()
}

// from is who wrote it: the author where one is named, else the site. A name alone says who somebody is only within this feed.
func (e *entry) from(s settings) channel.Identity {
	site := channel.Identity{RemoteID: s.identity(), Handle: host(s.identity()), Name: host(s.identity())}
	if e.author.name == "" {
		return site
	}
	a := channel.Identity{RemoteID: site.RemoteID + "#" + fits(strings.ToLower(e.author.name)), Handle: site.Handle, Name: e.author.name}
	if web(e.author.address) {
		a.RemoteID, a.URL = fits(e.author.address), e.author.address
	}
	if web(e.author.avatar) {
		a.Avatar = e.author.avatar
	}
	return a
}

// told is the entry as the reader understood it, for the record.
func (e *entry) told() json.RawMessage {
	b, err := json.Marshal(e.raw)
	if err != nil {
		return nil
	}
	return b
}

func when(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// digest is the hash of several texts, none of which can be mistaken for part of its neighbour.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}
