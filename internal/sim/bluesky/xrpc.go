package bluesky

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// refusal is an error as the protocol says it.
type refusal struct {
	status     int
	name, text string
}

func (r *refusal) Error() string { return r.name + ": " + r.text }

func no(status int, name, text string, args ...any) error {
	return &refusal{status, name, fmt.Sprintf(text, args...)}
}

// request is a call that is let in.
type request struct {
	*http.Request
	me   *account
	chat bool // the token may read direct messages
}

func (r request) query(name string) string { return r.URL.Query().Get(name) }

func (r request) number(name string, usual, most int) (int, error) {
	s := r.query(name)
	if s == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most {
		return 0, no(400, "InvalidRequest", "Error: %s must be an integer from 1 to %d", name, most)
	}
	return n, nil
}

func (r request) read(into any) error {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return no(400, "InvalidRequest", "Request encoding (Content-Type) required but not provided")
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(into); err != nil {
		return no(400, "InvalidRequest", "Input must be JSON")
	}
	return nil
}

type method struct {
	post   bool
	open   bool // needs no token
	chat   bool
	handle func(*Server, request) (any, error)
}

var methods = map[string]method{
	"com.atproto.server.createSession":        {post: true, open: true, handle: (*Server).createSession},
	"com.atproto.server.refreshSession":       {post: true, open: true, handle: (*Server).refreshSession},
	"com.atproto.server.deleteSession":        {post: true, open: true, handle: (*Server).deleteSession},
	"com.atproto.server.getSession":           {handle: (*Server).getSession},
	"com.atproto.identity.resolveHandle":      {open: true, handle: (*Server).resolveHandle},
	"com.atproto.repo.createRecord":           {post: true, handle: (*Server).createRecord},
	"com.atproto.repo.deleteRecord":           {post: true, handle: (*Server).deleteRecord},
	"com.atproto.repo.getRecord":              {open: true, handle: (*Server).getRecord},
	"com.atproto.repo.listRecords":            {open: true, handle: (*Server).listRecords},
	"com.atproto.repo.uploadBlob":             {post: true, handle: (*Server).uploadBlob},
	"app.bsky.actor.getProfile":               {handle: (*Server).getProfile},
	"app.bsky.feed.getPosts":                  {handle: (*Server).getPosts},
	"app.bsky.notification.listNotifications": {handle: (*Server).listNotifications},
	"chat.bsky.convo.listConvos":              {chat: true, handle: (*Server).listConvos},
	"chat.bsky.convo.getConvo":                {chat: true, handle: (*Server).getConvo},
	"chat.bsky.convo.getConvoForMembers":      {chat: true, handle: (*Server).getConvoForMembers},
	"chat.bsky.convo.getMessages":             {chat: true, handle: (*Server).getMessages},
	"chat.bsky.convo.getLog":                  {chat: true, handle: (*Server).getLog},
	"chat.bsky.convo.acceptConvo":             {post: true, chat: true, handle: (*Server).acceptConvo},
	"chat.bsky.convo.sendMessage":             {post: true, chat: true, handle: (*Server).sendMessage},
}

// ServeHTTP answers a call, spoilt by the faults that are set.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat)) // its own clock, not the machine's
	s.Faults.Middleware(http.HandlerFunc(s.serve)).ServeHTTP(w, r)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/img/") {
		s.image(w, r)
		return
	}
	nsid := strings.TrimPrefix(r.URL.Path, "/xrpc/")
	s.mu.Lock()
	s.counts[nsid]++
	s.mu.Unlock()
	answer, err := s.call(nsid, r)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if x, ok := err.(*refusal); ok {
		w.WriteHeader(x.status)
		answer = map[string]string{"error": x.name, "message": x.text}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (s *Server) call(nsid string, r *http.Request) (any, error) {
	m, ok := methods[nsid]
	if !ok {
		return nil, no(501, "MethodNotImplemented", "Method Not Implemented")
	}
	if m.post != (r.Method == http.MethodPost) {
		return nil, no(405, "InvalidRequest", "Incorrect HTTP method (%s)", r.Method)
	}
	if m.chat && r.Header.Get("Atproto-Proxy") != "did:web:api.bsky.chat#bsky_chat" {
		return nil, no(501, "MethodNotImplemented", "No service configured for %s", nsid)
	}
	var body []byte
	if m.post { // read before the lock: a slow caller must not hold up the others
		var err error
		if body, err = io.ReadAll(io.LimitReader(r.Body, 20<<20)); err != nil {
			return nil, no(400, "InvalidRequest", "the body ended early")
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	in := request{Request: r}
	if !m.open {
		t, err := s.bearer(r, false)
		if err != nil {
			return nil, err
		}
		if m.chat && !t.chat {
			return nil, no(400, "InvalidToken", "Bad token method")
		}
		if t.who.status == "takendown" {
			return nil, no(401, "AccountTakedown", "Account has been taken down")
		}
		if t.who.status == "deactivated" && m.post {
			return nil, no(401, "AccountDeactivated", "Account is deactivated")
		}
		in.me, in.chat = t.who, t.chat
	}
	return m.handle(s, in)
}

// token is an access or a refresh token.
type token struct {
	who     *account
	refresh bool
	chat    bool
	expires time.Time
}

func (s *Server) bearer(r *http.Request, refresh bool) (*token, error) {
	h := r.Header.Get("Authorization")
	if h == "" {
		return nil, no(401, "AuthMissing", "Authentication Required")
	}
	t, ok := s.tokens[strings.TrimPrefix(h, "Bearer ")]
	switch {
	case !ok:
		return nil, no(400, "InvalidToken", "Token could not be verified")
	case t.refresh != refresh:
		return nil, no(400, "InvalidToken", "Bad token scope")
	case !s.now().Before(t.expires):
		return nil, no(400, "ExpiredToken", "Token has expired")
	}
	return t, nil
}

// mint makes a token that looks like one: three parts, the middle of which says what it is for.
func (s *Server) mint(a *account, refresh, chat bool) string {
	life, scope := 2*time.Hour, "com.atproto.appPass"
	switch {
	case refresh:
		life, scope = 90*24*time.Hour, "com.atproto.refresh"
	case chat:
		scope = "com.atproto.appPassPrivileged"
	}
	s.serial++
	expires := s.now().Add(life)
	b, _ := json.Marshal(map[string]any{"scope": scope, "sub": a.did, "exp": expires.Unix(), "jti": s.serial})
	enc := base64.RawURLEncoding
	jwt := enc.EncodeToString([]byte(`{"alg":"none","typ":"at+jwt"}`)) + "." + enc.EncodeToString(b) + "." + base32of(string(b))[:20]
	s.tokens[jwt] = &token{who: a, refresh: refresh, chat: chat, expires: expires}
	return jwt
}

func (s *Server) session(a *account, chat bool) map[string]any {
	return map[string]any{
		"did": a.did, "handle": a.handle, "accessJwt": s.mint(a, false, chat), "refreshJwt": s.mint(a, true, chat),
		"active": a.status == "", "status": orNil(a.status), "didDoc": map[string]any{
			"id": a.did, "service": []any{map[string]string{
				"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": s.base,
			}},
		},
	}
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// createSession allows 30 in 5 minutes and 300 a day, as the reference server does.
func (s *Server) createSession(r request) (any, error) {
	var in struct{ Identifier, Password string }
	if err := r.read(&in); err != nil {
		return nil, err
	}
	a := s.find(in.Identifier)
	if a == nil {
		return nil, no(401, "AuthenticationRequired", "Invalid identifier or password")
	}
	now, recent, today := s.now(), 0, 0
	for _, t := range a.logins {
		if now.Sub(t) < 5*time.Minute {
			recent++
		}
		if now.Sub(t) < 24*time.Hour {
			today++
		}
	}
	if recent >= 30 || today >= 300 {
		return nil, no(429, "RateLimitExceeded", "Rate Limit Exceeded")
	}
	a.logins = append(a.logins, now)
	chat, ok := a.passwords[in.Password]
	switch {
	case !ok:
		return nil, no(401, "AuthenticationRequired", "Invalid identifier or password")
	case a.status == "takendown":
		return nil, no(401, "AccountTakedown", "Account has been taken down")
	}
	return s.session(a, chat), nil
}

func (s *Server) refreshSession(r request) (any, error) {
	t, err := s.bearer(r.Request, true)
	if err != nil {
		return nil, err
	}
	if t.who.status == "takendown" {
		return nil, no(401, "AccountTakedown", "Account has been taken down")
	}
	t.expires = time.Time{} // good once
	return s.session(t.who, t.chat), nil
}

func (s *Server) deleteSession(r request) (any, error) {
	t, err := s.bearer(r.Request, true)
	if err == nil {
		t.expires = time.Time{}
	}
	return struct{}{}, err
}

func (s *Server) getSession(r request) (any, error) {
	return map[string]any{"did": r.me.did, "handle": r.me.handle, "active": r.me.status == "", "status": orNil(r.me.status)}, nil
}

func (s *Server) resolveHandle(r request) (any, error) {
	if a := s.find(r.query("handle")); a != nil {
		return map[string]string{"did": a.did}, nil
	}
	return nil, no(400, "HandleNotFound", "Unable to resolve handle")
}
