package mastodon

import (
	"slices"
	"time"
)

// status is one thing said.
type status struct {
	id         string
	by         *account
	at, edited time.Time
	text       string // as it was typed
	w          written
	warning    string
	lang       string
	visibility string
	parent     *status
	parentBy   *account // kept when the parent is gone
	media      []*media
	boost      *status
	sensitive  bool
	app        string
	gone       bool
	liked      []*account
	boosts     []*status
	replies    int
	versions   []version
}

// version is how a status stood before an edit.
type version struct {
	at            time.Time
	html, warning string
}

// draft is what becomes a status.
type draft struct {
	text, warning, lang, visibility, app string
	parent                               *status
	media                                []*media
	sensitive                            bool
}

// publish puts a draft on the server and tells everybody whom it concerns.
func (s *Server) publish(by *account, d draft) *status {
	st := &status{id: s.newID(), by: by, at: s.o.Now(), text: d.text, w: s.write(d.text), warning: d.warning, lang: d.lang,
		visibility: d.visibility, parent: d.parent, media: d.media, sensitive: d.sensitive || d.warning != "", app: d.app}
	if d.parent != nil {
		st.parentBy = d.parent.by
		d.parent.replies++
	}
	for _, m := range d.media {
		m.used = st
	}
	s.keep(st)
	for _, a := range st.w.mentions {
		if a != by {
			s.notify(a, "mention", by, st)
		}
	}
	if st.visibility == "direct" {
		s.converse(st)
	}
	s.tell(s.readers(st), "update", st)
	s.tellPublic("update", st)
	return st
}

func (s *Server) keep(st *status) {
	s.statuses = append(s.statuses, st)
	s.byID[st.id] = st
	st.by.said++
	st.by.lastSaid = st.at
}

// readers are the people of this server in whose home timeline a status stands.
func (s *Server) readers(st *status) []*account {
	out := []*account{st.by}
	for f := range s.follows {
		if f[1] != st.by.id {
			continue
		}
		a := s.withID(f[0])
		if a != nil && a != st.by && a.host == "" && s.sees(a, st) {
			out = append(out, a)
		}
	}
	return out
}

// sees reports whether a may see st; nil is a caller without a token.
func (s *Server) sees(a *account, st *status) bool {
	switch {
	case st.gone:
		return false
	case st.visibility == "public" || st.visibility == "unlisted":
		return true
	case a == nil:
		return false
	case a == st.by || contains(st.w.mentions, a):
		return true
	}
	return st.visibility == "private" && s.follows[[2]string{a.id, st.by.id}]
}

// visible returns the status with an id, if the caller may see it.
func (s *Server) visible(c *call) *status { return s.visibleID(c, c.r.PathValue("id")) }

func (s *Server) visibleID(c *call, id string) *status {
	if st := s.byID[id]; st != nil && s.sees(c.me, st) {
		return st
	}
	return nil
}

// edit changes what a status says.
func (s *Server) edit(st *status, d draft) {
	if len(st.versions) == 0 {
		st.versions = append(st.versions, version{st.at, st.w.html, st.warning})
	}
	now := s.o.Now()
	if !now.After(st.at) {
		now = st.at.Add(time.Millisecond)
	}
	st.text, st.w, st.warning, st.media, st.edited = d.text, s.write(d.text), d.warning, d.media, now
	if d.lang != "" {
		st.lang = d.lang
	}
	for _, m := range d.media {
		m.used = st
	}
	st.versions = append(st.versions, version{now, st.w.html, st.warning})
	s.tell(s.readers(st), "status.update", st)
	s.tellPublic("status.update", st)
	if s.o.GoToSocial { // there the people named in it are told; on Mastodon they are not
		for _, a := range st.w.mentions {
			s.notify(a, "update", st.by, st)
		}
	}
	for _, b := range st.boosts {
		if !b.gone {
			s.notify(b.by, "update", st.by, st)
		}
	}
}

// take removes a status for good.
func (s *Server) take(st *status) {
	told := append(s.readers(st), st.w.mentions...)
	st.gone = true
	st.by.said--
	delete(s.byID, st.id)
	s.statuses = slices.DeleteFunc(s.statuses, func(x *status) bool { return x == st })
	for id, list := range s.notes {
		s.notes[id] = slices.DeleteFunc(list, func(n *note) bool { return n.status == st })
	}
	if st.parent != nil {
		st.parent.replies--
	}
	s.tellDelete(told, st)
	for _, b := range st.boosts {
		if !b.gone {
			s.take(b)
		}
	}
}

func (s *Server) statusURI(st *status) string { return s.uri(st.by) + "/statuses/" + st.id }

// statusJSON is the Status entity, as me sees it.
func (s *Server) statusJSON(me *account, st *status) map[string]any {
	media, mentions, tags := []any{}, []any{}, []any{}
	for _, m := range st.media {
		media = append(media, s.mediaJSON(m))
	}
	for _, a := range st.w.mentions {
		mentions = append(mentions, map[string]any{"id": a.id, "username": a.username, "acct": a.acct(), "url": s.url(a)})
	}
	for _, t := range st.w.tags {
		tags = append(tags, map[string]any{"name": t, "url": s.o.Base + "/tags/" + t})
	}
	out := map[string]any{
		"id": st.id, "created_at": stamp(st.at), "edited_at": stampOrNull(st.edited), "in_reply_to_id": nil,
		"in_reply_to_account_id": nil, "sensitive": st.sensitive, "spoiler_text": st.warning, "visibility": st.visibility,
		"language": orNull(st.lang), "uri": s.statusURI(st), "url": s.url(st.by) + "/" + st.id, "replies_count": st.replies,
		"reblogs_count": len(st.boosts), "favourites_count": len(st.liked), "content": st.w.html, "reblog": nil,
		"account": s.accountJSON(st.by), "media_attachments": media, "mentions": mentions, "tags": tags, "emojis": []any{},
		"card": nil, "poll": nil, "quotes_count": 0, "quote": nil, "filtered": []any{},
	}
	if st.parentBy != nil {
		out["in_reply_to_account_id"] = st.parentBy.id
		if st.parent != nil && !st.parent.gone {
			out["in_reply_to_id"] = st.parent.id
		}
	}
	if st.boost != nil {
		out["reblog"] = s.statusJSON(me, st.boost)
	}
	if me != nil {
		out["favourited"], out["reblogged"] = contains(st.liked, me), s.boosted(me, st) != nil
		out["muted"], out["bookmarked"] = false, false
		if me == st.by {
			out["pinned"] = false
		}
	}
	if st.app != "" && (me == st.by || st.visibility != "direct") {
		out["application"] = map[string]any{"name": st.app, "website": nil}
	}
	return out
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (s *Server) statusesJSON(me *account, list []*status) []any {
	out := make([]any, 0, len(list))
	for _, st := range list {
		out = append(out, s.statusJSON(me, st))
	}
	return out
}

func (s *Server) boosted(me *account, st *status) *status {
	for _, b := range st.boosts {
		if b.by == me && !b.gone {
			return b
		}
	}
	return nil
}
