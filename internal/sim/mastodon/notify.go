package mastodon

import (
	"slices"
	"strconv"
	"time"
)

// note is a notification of one person.
type note struct {
	id       string
	kind     string
	at       time.Time
	from     *account
	status   *status
	filtered bool // parked by the policy, shown among the requests
}

// policy says what becomes of notifications from whom the account does not know: accept, filter or drop.
type policy map[string]string

// policyNames are the parts of a policy, with what a new account starts with.
var policyNames = []struct{ name, usual string }{
	{"for_not_following", "accept"}, {"for_not_followers", "accept"}, {"for_new_accounts", "accept"},
	{"for_private_mentions", "filter"}, {"for_limited_accounts", "filter"},
}

func (s *Server) policyOf(a *account) policy {
	p := policy{}
	for _, n := range policyNames {
		p[n.name] = n.usual
		if v := s.policies[a.id][n.name]; v != "" {
			p[n.name] = v
		}
	}
	return p
}

// SetPolicy sets one part of a person's notification policy ("for_private_mentions") to accept, filter or drop.
func (s *Server) SetPolicy(name, part, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setPart(s.person(name), part, value)
}

func (s *Server) setPart(a *account, part, value string) {
	if s.policies[a.id] == nil {
		s.policies[a.id] = policy{}
	}
	s.policies[a.id][part] = value
}

// verdict is what a's policy does with a notification from somebody.
func (s *Server) verdict(a *account, kind string, from *account, st *status) string {
	if s.o.Old || s.follows[[2]string{a.id, from.id}] {
		return "accept"
	}
	p := s.policyOf(a)
	worst := p["for_not_following"]
	worse := func(v string) {
		if v == "drop" || v == "filter" && worst == "accept" {
			worst = v
		}
	}
	if !s.follows[[2]string{from.id, a.id}] {
		worse(p["for_not_followers"])
	}
	if s.o.Now().Sub(from.made) < 30*24*time.Hour {
		worse(p["for_new_accounts"])
	}
	if from.limited {
		worse(p["for_limited_accounts"])
	}
	answered := st != nil && st.parentBy == a // an answer in a private talk that a began is always let in
	if kind == "mention" && st != nil && st.visibility == "direct" && !answered {
		worse(p["for_private_mentions"])
	}
	return worst
}

// notify tells a of something, as far as the policy lets it through.
func (s *Server) notify(a *account, kind string, from *account, st *status) {
	if a == from || a.host != "" {
		return
	}
	verdict := s.verdict(a, kind, from, st)
	if verdict == "drop" {
		return
	}
	n := &note{id: s.nextSerial(), kind: kind, at: s.o.Now(), from: from, status: st, filtered: verdict == "filter"}
	s.notes[a.id] = append(s.notes[a.id], n)
	if !n.filtered {
		s.tellNote(a, n)
	}
}

func (s *Server) noteJSON(me *account, n *note) map[string]any {
	out := map[string]any{"id": n.id, "type": n.kind, "created_at": stamp(n.at), "account": s.accountJSON(n.from),
		"group_key": "ungrouped-" + n.id}
	if n.status != nil {
		out["status"] = s.statusJSON(me, n.status)
	}
	if n.filtered {
		out["filtered"] = true
	}
	return out
}

func (s *Server) notifications(c *call) (int, any) {
	with, without, from := c.p["types"], c.p["exclude_types"], c.p.Get("account_id")
	all := c.yes("include_filtered") && !s.o.Old || from != ""
	var list []*note
	for _, n := range s.notes[c.me.id] {
		if n.filtered && !all || len(with) > 0 && !slices.Contains(with, n.kind) || slices.Contains(without, n.kind) ||
			from != "" && n.from.id != from {
			continue
		}
		list = append(list, n)
	}
	out := []any{}
	for _, n := range paged(c, list, func(n *note) string { return n.id }, 40, 80) {
		out = append(out, s.noteJSON(c.me, n))
	}
	return 200, out
}

func (s *Server) notification(c *call) (int, any) {
	for _, n := range s.notes[c.me.id] {
		if n.id == c.r.PathValue("id") {
			return 200, s.noteJSON(c.me, n)
		}
	}
	return gone()
}

func (s *Server) clearNotifications(c *call) (int, any) {
	delete(s.notes, c.me.id)
	return 200, struct{}{}
}

func (s *Server) dismiss(c *call) (int, any) {
	before := len(s.notes[c.me.id])
	s.notes[c.me.id] = slices.DeleteFunc(s.notes[c.me.id], func(n *note) bool { return n.id == c.r.PathValue("id") })
	if len(s.notes[c.me.id]) == before {
		return gone()
	}
	return 200, struct{}{}
}

// waiting groups what the policy parked, by who it is from, the longest waiting first.
func (s *Server) waiting(me *account) (from []*account, parked map[*account][]*note) {
	parked = map[*account][]*note{}
	for _, n := range s.notes[me.id] {
		if !n.filtered {
			continue
		}
		if parked[n.from] == nil {
			from = append(from, n.from)
		}
		parked[n.from] = append(parked[n.from], n)
	}
	return from, parked
}

func (s *Server) policy(c *call) (int, any) {
	out := map[string]any{}
	for k, v := range s.policyOf(c.me) {
		out[k] = v
	}
	from, parked := s.waiting(c.me)
	n := 0
	for _, list := range parked {
		n += len(list)
	}
	out["summary"] = map[string]int{"pending_requests_count": len(from), "pending_notifications_count": n}
	return 200, out
}

func (s *Server) setPolicy(c *call) (int, any) {
	for _, n := range policyNames {
		switch v := c.p.Get(n.name); v {
		case "":
		case "accept", "filter", "drop":
			s.setPart(c.me, n.name, v)
		default:
			return 422, invalid(n.name + " is not included in the list")
		}
	}
	return s.policy(c)
}

func (s *Server) requestJSON(me, from *account, list []*note) map[string]any {
	out := map[string]any{"id": list[0].id, "created_at": stamp(list[0].at), "updated_at": stamp(list[len(list)-1].at),
		"account": s.accountJSON(from), "notifications_count": strconv.Itoa(len(list)), "last_status": nil}
	for _, n := range slices.Backward(list) {
		if n.status != nil {
			out["last_status"] = s.statusJSON(me, n.status)
			break
		}
	}
	return out
}

func (s *Server) requests(c *call) (int, any) {
	from, parked := s.waiting(c.me)
	out := []any{}
	for _, a := range paged(c, from, func(a *account) string { return parked[a][0].id }, 40, 80) {
		out = append(out, s.requestJSON(c.me, a, parked[a]))
	}
	return 200, out
}

func (s *Server) asked(c *call) (*account, []*note) {
	from, parked := s.waiting(c.me)
	for _, a := range from {
		if parked[a][0].id == c.r.PathValue("id") {
			return a, parked[a]
		}
	}
	return nil, nil
}

func (s *Server) request(c *call) (int, any) {
	if a, list := s.asked(c); a != nil {
		return 200, s.requestJSON(c.me, a, list)
	}
	return gone()
}

// acceptRequest lets the parked notifications in. They keep their old ids: a client that only looks for newer ones is never
// told of them.
func (s *Server) acceptRequest(c *call) (int, any) {
	a, list := s.asked(c)
	if a == nil {
		return gone()
	}
	for _, n := range list {
		n.filtered = false
	}
	return 200, struct{}{}
}

func (s *Server) dismissRequest(c *call) (int, any) {
	a, _ := s.asked(c)
	if a == nil {
		return gone()
	}
	s.notes[c.me.id] = slices.DeleteFunc(s.notes[c.me.id], func(n *note) bool { return n.filtered && n.from == a })
	return 200, struct{}{}
}
