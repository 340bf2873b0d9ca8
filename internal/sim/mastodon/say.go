package mastodon

import "strings"

// SayOptions are how a person says something.
type SayOptions struct {
	Visibility string // public, unlisted, private, direct; "" is public
	InReplyTo  string // the id of a status
	Warning    string
	Lang       string
	Media      []Picture
}

// Picture is something attached; its bytes do not matter here (see far.Picture).
type Picture struct {
	Type string // a MIME type
	Alt  string
}

// Say makes a person say something, and returns the id of the status. Whom it is to must be named in text, as people do:
// "@acme_help where is my order?".
func (s *Server) Say(from, text string, o SayOptions) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := draft{text: text, visibility: o.Visibility, warning: o.Warning, lang: o.Lang, parent: s.byID[o.InReplyTo]}
	if d.visibility == "" {
		d.visibility = "public"
	}
	for _, p := range o.Media {
		kind, _, _ := strings.Cut(p.Type, "/")
		d.media = append(d.media, &media{id: s.newID(), kind: kind, mime: p.Type, alt: p.Alt, ready: true})
	}
	return s.publish(s.person(from), d).id
}

// Edit makes the author of a status change its text. It reports whether the status is there.
func (s *Server) Edit(id, text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.byID[id]
	if st == nil {
		return false
	}
	s.edit(st, draft{text: text, warning: st.warning, media: st.media})
	return true
}

// Delete makes the author of a status delete it. It reports whether it was there.
func (s *Server) Delete(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.byID[id]
	if st == nil {
		return false
	}
	s.take(st)
	return true
}

// Like makes a person favourite a status, and Boost reblog it.
func (s *Server) Like(who, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st, a := s.byID[id], s.person(who); st != nil && !contains(st.liked, a) {
		st.liked = append(st.liked, a)
		s.notify(st.by, "favourite", a, st)
	}
}

// Boost makes a person reblog a status.
func (s *Server) Boost(who, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.byID[id]; st != nil {
		s.reblogBy(s.person(who), st, "public")
	}
}

// Odd tells a person of things no client has heard of: a notification of an unknown type, a stream event of an unknown name.
func (s *Server) Odd(to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	me := s.person(to)
	s.notify(me, "annual_tea_party", s.person("admin"), nil)
	s.send(me, "user", "tea_is_ready", `{"cups":2}`)
	s.send(me, "user", "filters_changed", "")
}

// Author returns the acct of who said the status with an id, "" if there is none.
func (s *Server) Author(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.byID[id]; st != nil {
		return st.by.acct()
	}
	return ""
}
