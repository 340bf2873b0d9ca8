package mastodon

import (
	"regexp"
	"slices"
	"strings"
)

func statusID(st *status) string { return st.id }

// list answers a page of the statuses that keep chooses.
func (s *Server) list(c *call, usual, most int, keep func(*status) bool) (int, any) {
	var in []*status
	for _, st := range s.statuses {
		if s.sees(c.me, st) && keep(st) {
			in = append(in, st)
		}
	}
	return 200, s.statusesJSON(c.me, paged(c, in, statusID, usual, most))
}

func (s *Server) accountStatuses(c *call) (int, any) {
	a := s.withID(c.r.PathValue("id"))
	if a == nil {
		return gone()
	}
	if c.yes("pinned") {
		return 200, []any{}
	}
	return s.list(c, 20, 40, func(st *status) bool {
		return st.by == a && !(c.yes("exclude_replies") && st.parentBy != nil) && !(c.yes("exclude_reblogs") && st.boost != nil) &&
			!(c.yes("only_media") && len(st.media) == 0)
	})
}

func (s *Server) home(c *call) (int, any) {
	return s.list(c, 20, 40, func(st *status) bool {
		return st.by == c.me || s.follows[[2]string{c.me.id, st.by.id}]
	})
}

func (s *Server) public(c *call) (int, any) {
	return s.list(c, 20, 40, func(st *status) bool {
		return st.visibility == "public" && st.boost == nil && (!c.yes("local") || st.by.host == "") &&
			(!c.yes("remote") || st.by.host != "")
	})
}

func (s *Server) tag(c *call) (int, any) {
	has := func(st *status, t string) bool {
		return slices.ContainsFunc(st.w.tags, func(x string) bool { return strings.EqualFold(x, t) })
	}
	return s.list(c, 20, 40, func(st *status) bool {
		ok := has(st, c.r.PathValue("tag"))
		for _, t := range c.p["any"] {
			ok = ok || has(st, t)
		}
		for _, t := range c.p["all"] {
			ok = ok && has(st, t)
		}
		for _, t := range c.p["none"] {
			ok = ok && !has(st, t)
		}
		return ok && st.visibility == "public" && (!c.yes("local") || st.by.host == "")
	})
}

var number = regexp.MustCompile(`[0-9A-Z]+$`)

// search finds people by name, tags by their beginning, and statuses by what they say; an address of a status finds that one.
func (s *Server) search(c *call) (int, any) {
	q, kind, most := strings.TrimSpace(c.p.Get("q")), c.p.Get("type"), c.limit(20, 40)
	people, said, tags := []any{}, []any{}, []any{}
	if q == "" {
		return 400, failure{Error: "Error occurred while parsing request parameters"}
	}
	if kind == "" || kind == "accounts" {
		people = s.accountsLike(q, most)
	}
	if kind == "" || kind == "statuses" {
		said = s.statusesJSON(c.me, s.saying(c, q, most))
	}
	if kind == "" || kind == "hashtags" {
		seen := map[string]bool{}
		for _, st := range s.statuses {
			for _, t := range st.w.tags {
				if low := strings.ToLower(t); strings.HasPrefix(low, strings.ToLower(strings.TrimPrefix(q, "#"))) && !seen[low] {
					seen[low] = true
					tags = append(tags, map[string]any{"name": low, "url": s.o.Base + "/tags/" + low, "history": []any{}, "following": false})
				}
			}
		}
	}
	return 200, map[string]any{"accounts": people, "statuses": said, "hashtags": tags}
}

func (s *Server) saying(c *call, q string, most int) []*status {
	if strings.HasPrefix(q, "http") {
		if st := s.visibleID(c, number.FindString(q)); st != nil {
			return []*status{st}
		}
		return nil
	}
	var out []*status
	for _, st := range slices.Backward(s.statuses) {
		if len(out) < most && s.sees(c.me, st) && strings.Contains(strings.ToLower(st.text), strings.ToLower(q)) {
			out = append(out, st)
		}
	}
	return out
}

// conversation is a private talk as one of its people sees it.
type conversation struct {
	id     string
	with   []*account
	last   *status
	unread bool
}

// converse files a direct status under the talk it belongs to, for each of its people on this server.
func (s *Server) converse(st *status) {
	people := append([]*account{st.by}, st.w.mentions...)
	for _, me := range people {
		if me.host != "" {
			continue
		}
		var with []*account
		for _, a := range people {
			if a != me && !contains(with, a) {
				with = append(with, a)
			}
		}
		t := s.talk(me, with)
		t.last, t.unread = st, me != st.by
		s.tellConversation(me, t)
	}
}

func (s *Server) talk(me *account, with []*account) *conversation {
	for _, t := range s.conversations[me.id] {
		if len(t.with) == len(with) && !slices.ContainsFunc(with, func(a *account) bool { return !contains(t.with, a) }) {
			return t
		}
	}
	t := &conversation{id: s.nextSerial(), with: with}
	s.conversations[me.id] = append(s.conversations[me.id], t)
	return t
}

func (s *Server) conversationJSON(me *account, t *conversation) map[string]any {
	with := []any{}
	for _, a := range t.with {
		with = append(with, s.accountJSON(a))
	}
	out := map[string]any{"id": t.id, "unread": t.unread, "accounts": with, "last_status": nil}
	if t.last != nil && !t.last.gone {
		out["last_status"] = s.statusJSON(me, t.last)
	}
	return out
}

func (s *Server) listConversations(c *call) (int, any) {
	list := slices.Clone(s.conversations[c.me.id])
	slices.SortStableFunc(list, func(a, b *conversation) int { return a.last.at.Compare(b.last.at) })
	out := []any{}
	for _, t := range paged(c, list, func(t *conversation) string { return t.last.id }, 20, 40) {
		out = append(out, s.conversationJSON(c.me, t))
	}
	return 200, out
}

func (s *Server) readConversation(c *call) (int, any) {
	for _, t := range s.conversations[c.me.id] {
		if t.id == c.r.PathValue("id") {
			t.unread = false
			return 200, s.conversationJSON(c.me, t)
		}
	}
	return gone()
}
