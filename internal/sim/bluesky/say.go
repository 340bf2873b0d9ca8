package bluesky

import (
	"encoding/json"
	"regexp"
	"strings"
	"time"
)

// Saying is how something is said.
type Saying struct {
	InReplyTo string    // an at-uri; for Direct a "chat:" id
	Quotes    string    // an at-uri
	Alts      []string  // a picture with each of these alt texts
	Written   time.Time // by the author's clock; zero: now
	Labels    []string  // moderators'
	Closed    bool      // nobody may reply
}

var mention = regexp.MustCompile(`@([a-z0-9-]+(?:\.[a-z0-9-]+)+)`)

// Post lets an account post by hand, and returns the post's at-uri. An unknown handle becomes an account. @handles in text
// are mentions if such an account is there.
func (s *Server) Post(from, text string, o Saying) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.Written.IsZero() {
		o.Written = s.now()
	}
	rec := map[string]any{"$type": postType, "text": text, "createdAt": when(o.Written), "langs": []string{"en"}}
	var facets []any
	for _, at := range mention.FindAllStringSubmatchIndex(text, -1) {
		if a := s.find(text[at[2]:at[3]]); a != nil {
			facets = append(facets, map[string]any{
				"index":    map[string]int{"byteStart": at[0], "byteEnd": at[1]},
				"features": []any{map[string]string{"$type": "app.bsky.richtext.facet#mention", "did": a.did}},
			})
		}
	}
	if facets != nil {
		rec["facets"] = facets
	}
	if p := s.posts[o.InReplyTo]; p != nil {
		this := map[string]string{"uri": p.uri, "cid": p.cid}
		root := any(this)
		if up, ok := p.value["reply"].(map[string]any); ok {
			root = up["root"]
		}
		rec["reply"] = map[string]any{"root": root, "parent": this}
	}
	if p := s.posts[o.Quotes]; p != nil {
		rec["embed"] = map[string]any{"$type": "app.bsky.embed.record", "record": map[string]string{"uri": p.uri, "cid": p.cid}}
	}
	var images []any
	for _, alt := range o.Alts {
		b := []byte("\x89PNG\r\n\x1a\n" + alt)
		c := cid(0x55, b)
		s.blobs[c] = blob{"image/png", b}
		images = append(images, map[string]any{"alt": alt, "image": map[string]any{
			"$type": "blob", "ref": map[string]string{"$link": c}, "mimeType": "image/png", "size": len(b),
		}})
	}
	if images != nil {
		rec["embed"] = map[string]any{"$type": "app.bsky.embed.images", "images": images}
	}
	raw, _ := json.Marshal(rec) // of maps and strings: cannot fail
	p := s.keep(s.person(from), s.tid(), raw)
	p.labels, p.closed = o.Labels, o.Closed
	return p.uri
}

// PostRaw lets an account post a record as it stands, whatever is in it, and returns the at-uri.
func (s *Server) PostRaw(from string, record json.RawMessage) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keep(s.person(from), s.tid(), record).uri
}

// Notify adds a notification of any reason about a post.
func (s *Server) Notify(to, uri, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.posts[uri]; p != nil {
		s.notes = append(s.notes, note{s.person(to), p, reason})
	}
}

// Direct lets an account send a direct message by hand, and returns its id in the form "chat:conversation/message".
func (s *Server) Direct(from, to, text string, o Saying) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.between(s.person(from), s.person(to))
	c.accepted[s.person(from)] = true
	return chatID(c, s.write(c, s.person(from), text, o.InReplyTo[strings.LastIndexByte(o.InReplyTo, '/')+1:]))
}

// Odd puts a line into the log of direct messages that nobody has heard of.
func (s *Server) Odd(a, b string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, logEntry{rev: s.tid(), kind: "logSomethingNew", convo: s.between(s.person(a), s.person(b))})
}

// Delete takes back a post or a direct message.
func (s *Server) Delete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.posts[id]; p != nil {
		p.deleted = true
	}
	for _, c := range s.convos {
		for _, m := range c.messages {
			if chatID(c, m) == id {
				m.deleted = true
				s.log = append(s.log, logEntry{rev: s.tid(), kind: "logDeleteMessage", convo: c, message: m})
			}
		}
	}
}
