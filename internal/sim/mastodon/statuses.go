package mastodon

import (
	"strconv"
	"strings"
	"time"

	"switchboard/internal/sim/far"
)

// taken is what an Idempotency-Key stands for.
type taken struct {
	st *status
	at time.Time
}

// keyLife is how long Mastodon remembers an Idempotency-Key.
const keyLife = time.Hour

func (s *Server) post(c *call) (int, any) {
	key := c.r.Header.Get("Idempotency-Key")
	if s.o.GoToSocial {
		key = "" // it takes the header and forgets it
	}
	if old, ok := s.once[c.me.id+" "+key]; ok && key != "" && s.o.Now().Sub(old.at) < keyLife && !old.st.gone {
		return 200, s.statusJSON(c.me, old.st)
	}
	d, status, refusal := s.draft(c, nil)
	if status != 0 {
		return status, refusal
	}
	if c.p.Get("scheduled_at") != "" {
		return s.refuse("Scheduled at is not offered by this server")
	}
	st := s.publish(c.me, d)
	if key != "" {
		s.once[c.me.id+" "+key] = taken{st, s.o.Now()}
	}
	s.enter(c, st, kindOf(st))
	return 200, s.statusJSON(c.me, st)
}

func kindOf(st *status) string {
	switch {
	case st.visibility == "direct":
		return far.DM
	case st.parentBy != nil:
		return far.Reply
	}
	return far.Post
}

// enter writes what the API took into the record.
func (s *Server) enter(c *call, st *status, kind string) {
	e := far.Entry{At: s.o.Now(), Account: c.me.acct(), Key: c.r.Header.Get("Idempotency-Key"), Kind: kind, ID: st.id,
		Text: st.text, Private: st.visibility == "direct" || st.visibility == "private"}
	if st.parent != nil {
		e.ParentID = st.parent.id
	}
	var to []string
	for _, a := range st.w.mentions {
		to = append(to, a.acct())
	}
	e.To = strings.Join(to, " ")
	for _, m := range st.media {
		e.Alts = append(e.Alts, m.alt)
	}
	s.Record.Add(e)
}

// draft reads and checks what a call wants said; old is the status it changes, nil for a new one.
func (s *Server) draft(c *call, old *status) (d draft, status int, refusal any) {
	d = draft{text: c.p.Get("status"), warning: c.p.Get("spoiler_text"), lang: c.p.Get("language"),
		visibility: c.p.Get("visibility"), sensitive: c.yes("sensitive"), app: c.token.app.name}
	no := func(code int, body any) (draft, int, any) { return d, code, body }
	switch d.visibility {
	case "":
		d.visibility = "public"
	case "public", "unlisted", "private", "direct":
	default:
		return no(s.refuse("Visibility is not included in the list"))
	}
	if id := c.p.Get("in_reply_to_id"); id != "" && old == nil {
		if d.parent = s.visibleID(c, id); d.parent == nil {
			return no(404, failure{Error: "The post you are trying to reply to does not appear to exist."})
		}
	}
	if len(c.p["media_ids"]) > s.o.MaxMedia {
		return no(s.refuse("Cannot attach more than " + strconv.Itoa(s.o.MaxMedia) + " files"))
	}
	for _, id := range c.p["media_ids"] {
		m := s.media[id]
		if m == nil || m.by != c.me || m.used != old && m.used != nil {
			return no(s.refuse("Media attachments not found"))
		}
		if !m.ready {
			return no(422, failure{Error: "Cannot attach files that have not finished processing. Try again in a moment!"})
		}
		d.media = append(d.media, m)
	}
	if strings.TrimSpace(d.text) == "" && len(d.media) == 0 {
		return no(s.refuse("Text can't be blank"))
	}
	if s.length(d.text, d.warning) > s.o.MaxChars {
		return no(s.refuse("Text character limit of " + strconv.Itoa(s.o.MaxChars) + " exceeded"))
	}
	return d, 0, nil
}

func (s *Server) show(c *call) (int, any) {
	if st := s.visible(c); st != nil {
		return 200, s.statusJSON(c.me, st)
	}
	return gone()
}

// several answers statuses?id[]=: those that are there and may be seen, at most twenty.
func (s *Server) several(c *call) (int, any) {
	if len(c.p["id"]) > 20 {
		return 422, invalid("Too many ids")
	}
	var list []*status
	for _, id := range c.p["id"] {
		if st := s.visibleID(c, id); st != nil {
			list = append(list, st)
		}
	}
	return 200, s.statusesJSON(c.me, list)
}

func (s *Server) change(c *call) (int, any) {
	st := s.byID[c.r.PathValue("id")]
	if st == nil || st.by != c.me {
		return gone()
	}
	d, status, refusal := s.draft(c, st)
	if status != 0 {
		return status, refusal
	}
	s.edit(st, d)
	s.enter(c, st, far.Edit)
	return 200, s.statusJSON(c.me, st)
}

func (s *Server) remove(c *call) (int, any) {
	st := s.byID[c.r.PathValue("id")]
	if st == nil || st.by != c.me {
		return gone()
	}
	out := s.statusJSON(c.me, st)
	out["text"] = st.text
	s.take(st)
	s.enter(c, st, far.Delete)
	return 200, out
}

func (s *Server) source(c *call) (int, any) {
	st := s.visible(c)
	if st == nil || st.by != c.me {
		return gone()
	}
	return 200, map[string]any{"id": st.id, "text": st.text, "spoiler_text": st.warning}
}

func (s *Server) history(c *call) (int, any) {
	st := s.visible(c)
	if st == nil {
		return gone()
	}
	list := st.versions
	if len(list) == 0 {
		list = []version{{st.at, st.w.html, st.warning}}
	}
	out := []any{}
	for _, v := range list {
		out = append(out, map[string]any{"content": v.html, "spoiler_text": v.warning, "sensitive": st.sensitive,
			"created_at": stamp(v.at), "account": s.accountJSON(st.by), "media_attachments": []any{}, "emojis": []any{}})
	}
	return 200, out
}

// context answers the thread around a status: what it answers, and all that answers it.
func (s *Server) context(c *call) (int, any) {
	st := s.visible(c)
	if st == nil {
		return gone()
	}
	var up, down []*status
	for p := st.parent; p != nil && s.sees(c.me, p); p = p.parent {
		up = append([]*status{p}, up...)
	}
	inside := map[*status]bool{st: true}
	for _, x := range s.statuses { // oldest first: a parent comes before its children
		if x.parent != nil && inside[x.parent] && s.sees(c.me, x) {
			inside[x] = true
			down = append(down, x)
		}
	}
	return 200, map[string]any{"ancestors": s.statusesJSON(c.me, up), "descendants": s.statusesJSON(c.me, down)}
}

func (s *Server) favourite(c *call) (int, any) {
	st := s.visible(c)
	if st == nil {
		return gone()
	}
	if !contains(st.liked, c.me) {
		st.liked = append(st.liked, c.me)
		s.notify(st.by, "favourite", c.me, st)
	}
	return 200, s.statusJSON(c.me, st)
}

func (s *Server) unfavourite(c *call) (int, any) {
	st := s.visible(c)
	if st == nil {
		return gone()
	}
	var rest []*account
	for _, a := range st.liked {
		if a != c.me {
			rest = append(rest, a)
		}
	}
	st.liked = rest
	return 200, s.statusJSON(c.me, st)
}

func (s *Server) favouritedBy(c *call) (int, any) {
	st := s.visible(c)
	if st == nil {
		return gone()
	}
	out := []any{}
	for _, a := range st.liked {
		out = append(out, s.accountJSON(a))
	}
	return 200, out
}

func (s *Server) rebloggedBy(c *call) (int, any) {
	st := s.visible(c)
	if st == nil {
		return gone()
	}
	out := []any{}
	for _, b := range st.boosts {
		if !b.gone {
			out = append(out, s.accountJSON(b.by))
		}
	}
	return 200, out
}

func (s *Server) reblog(c *call) (int, any) {
	st := s.visible(c)
	if st == nil {
		return gone()
	}
	if st.visibility == "direct" || st.visibility == "private" && st.by != c.me {
		return 403, failure{Error: "This action is not allowed"}
	}
	visibility := c.p.Get("visibility")
	if visibility == "" {
		visibility = "public"
	}
	return 200, s.statusJSON(c.me, s.reblogBy(c.me, st, visibility))
}

func (s *Server) reblogBy(a *account, st *status, visibility string) *status {
	if b := s.boosted(a, st); b != nil {
		return b
	}
	b := &status{id: s.newID(), by: a, at: s.o.Now(), boost: st, visibility: visibility}
	st.boosts = append(st.boosts, b)
	s.keep(b)
	s.notify(st.by, "reblog", a, st)
	s.tell(s.readers(b), "update", b)
	return b
}

func (s *Server) unreblog(c *call) (int, any) {
	st := s.visible(c)
	if st == nil {
		return gone()
	}
	if b := s.boosted(c.me, st); b != nil {
		s.take(b)
		rest := st.boosts[:0:0]
		for _, x := range st.boosts {
			if x != b {
				rest = append(rest, x)
			}
		}
		st.boosts = rest
	}
	return 200, s.statusJSON(c.me, st)
}
