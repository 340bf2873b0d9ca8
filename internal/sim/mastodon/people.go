package mastodon

import (
	"strings"
	"time"
)

// Person is somebody on the server, or known to it.
type Person struct {
	ID   string
	Acct string // "ann", or "ann@chat.example" from elsewhere
	URI  string
}

// account is a Person as the server keeps it.
type account struct {
	id, username, host string // host is "" for people of this server
	name, note         string
	bot, suspended     bool
	limited            bool
	made, lastSaid     time.Time
	said               int
	followers, follows int
}

func (a *account) acct() string {
	if a.host == "" {
		return a.username
	}
	return a.username + "@" + a.host
}

// Person returns the person called name, who comes into being by it: "ann" is of this server, "ann@chat.example" of another.
func (s *Server) Person(name string) Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.person(name)
	return Person{ID: a.id, Acct: a.acct(), URI: s.uri(a)}
}

func (s *Server) person(name string) *account {
	name = strings.TrimPrefix(name, "@")
	if a := s.named(name); a != nil {
		return a
	}
	user, host, _ := strings.Cut(name, "@")
	if host == s.o.Domain {
		host = ""
	}
	a := &account{id: s.newID(), username: user, host: host, name: user, made: s.o.Now()}
	s.accounts = append(s.accounts, a)
	s.accountBy["id:"+a.id], s.accountBy[strings.ToLower(a.acct())] = a, a
	return a
}

// Describe sets what people see of a person.
func (s *Server) Describe(name, display, note string, bot bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.person(name)
	a.name, a.note, a.bot = display, note, bot
}

// Suspend closes a person's account, or opens it again: its tokens answer 403 from then on.
func (s *Server) Suspend(name string, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.person(name).suspended = on
}

// Follow makes one person follow another.
func (s *Server) Follow(follower, followed string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setFollows(s.person(follower), s.person(followed), true)
}

func (s *Server) setFollows(follower, followed *account, on bool) (was bool) {
	f := [2]string{follower.id, followed.id}
	if was = s.follows[f]; was == on {
		return was
	}
	step := 1
	if s.follows[f] = on; !on {
		delete(s.follows, f)
		step = -1
	}
	follower.follows += step
	followed.followers += step
	return was
}

// named finds who is called name, in any of the forms people write; nil if nobody is.
func (s *Server) named(name string) *account {
	user, host, _ := strings.Cut(name, "@")
	if strings.EqualFold(host, s.o.Domain) {
		host = ""
	}
	if host != "" {
		user += "@" + host
	}
	return s.accountBy[strings.ToLower(user)]
}

func (s *Server) withID(id string) *account { return s.accountBy["id:"+id] }

func (s *Server) uri(a *account) string {
	host := a.host
	if host == "" {
		host = s.o.Domain
	}
	return "https://" + host + "/users/" + a.username
}

func (s *Server) url(a *account) string {
	if a.host == "" {
		return s.o.Base + "/@" + a.username
	}
	return "https://" + a.host + "/@" + a.username
}

// accountJSON is the Account entity.
func (s *Server) accountJSON(a *account) map[string]any {
	var last any
	if a.said > 0 {
		last = a.lastSaid.Format(time.DateOnly)
	}
	picture := s.o.Base + "/avatars/original/missing.png"
	return map[string]any{
		"id": a.id, "username": a.username, "acct": a.acct(), "display_name": a.name, "locked": false, "bot": a.bot,
		"discoverable": true, "indexable": true, "group": false, "noindex": false, "created_at": stamp(a.made.Truncate(24 * time.Hour)),
		"note": a.note, "url": s.url(a), "uri": s.uri(a), "avatar": picture, "avatar_static": picture, "header": picture,
		"header_static": picture, "followers_count": a.followers, "following_count": a.follows, "statuses_count": a.said,
		"last_status_at": last, "hide_collections": false, "emojis": []any{}, "fields": []any{}, "roles": []any{},
	}
}

func (s *Server) verify(c *call) (int, any) {
	out := s.accountJSON(c.me)
	out["source"] = map[string]any{"privacy": "public", "sensitive": false, "language": nil, "note": c.me.note,
		"fields": []any{}, "follow_requests_count": 0}
	out["role"] = map[string]any{"id": "-99", "name": "", "permissions": "65536", "color": "", "highlighted": false}
	return 200, out
}

func (s *Server) lookup(c *call) (int, any) {
	if a := s.named(strings.TrimPrefix(c.p.Get("acct"), "@")); a != nil {
		return 200, s.accountJSON(a)
	}
	return gone()
}

func (s *Server) findAccounts(c *call) (int, any) {
	return 200, s.accountsLike(c.p.Get("q"), c.limit(40, 80))
}

func (s *Server) accountsLike(q string, most int) []any {
	out := []any{}
	q = strings.ToLower(strings.TrimPrefix(q, "@"))
	for _, a := range s.accounts {
		if full := strings.ToLower(a.acct() + "@" + s.o.Domain + " " + a.name); q != "" && strings.Contains(full, q) && len(out) < most {
			out = append(out, s.accountJSON(a))
		}
	}
	return out
}

func (s *Server) account(c *call) (int, any) {
	if a := s.withID(c.r.PathValue("id")); a != nil {
		return 200, s.accountJSON(a)
	}
	return gone()
}

func (s *Server) followers(c *call) (int, any) { return s.followed(c, 1, 0) }
func (s *Server) following(c *call) (int, any) { return s.followed(c, 0, 1) }

func (s *Server) followed(c *call, mine, theirs int) (int, any) {
	if s.withID(c.r.PathValue("id")) == nil {
		return gone()
	}
	out := []any{}
	for _, a := range s.accounts {
		var f [2]string
		f[mine], f[theirs] = c.r.PathValue("id"), a.id
		if s.follows[f] {
			out = append(out, s.accountJSON(a))
		}
	}
	return 200, out
}

func (s *Server) follow(c *call) (int, any)   { return s.setFollow(c, true) }
func (s *Server) unfollow(c *call) (int, any) { return s.setFollow(c, false) }

func (s *Server) setFollow(c *call, on bool) (int, any) {
	a := s.withID(c.r.PathValue("id"))
	if a == nil {
		return gone()
	}
	if was := s.setFollows(c.me, a, on); on && !was {
		s.notify(a, "follow", c.me, nil)
	}
	return 200, s.relationship(c.me, a)
}

func (s *Server) relationships(c *call) (int, any) {
	out := []any{}
	for _, id := range c.p["id"] {
		if a := s.withID(id); a != nil {
			out = append(out, s.relationship(c.me, a))
		}
	}
	return 200, out
}

func (s *Server) relationship(me, a *account) map[string]any {
	return map[string]any{"id": a.id, "following": s.follows[[2]string{me.id, a.id}],
		"followed_by": s.follows[[2]string{a.id, me.id}], "showing_reblogs": true, "notifying": false, "languages": nil,
		"blocking": false, "blocked_by": false, "muting": false, "muting_notifications": false, "requested": false,
		"requested_by": false, "domain_blocking": false, "endorsed": false, "note": ""}
}
