package bluesky

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"switchboard/internal/channel"
)

// tokens are a session, as it is kept among the settings.
type tokens struct {
	For     string `json:"for,omitempty"` // the answers it was opened with, hashed: others make it void
	DID     string `json:"did,omitempty"`
	Handle  string `json:"handle,omitempty"`
	PDS     string `json:"pds,omitempty"` // the host that holds the account's data: all calls go there
	Access  string `json:"access,omitempty"`
	Refresh string `json:"refresh,omitempty"` // single-use: the host gives a new one with each renewal
}

// session holds the account's tokens. Renewing them is done by one caller while the others wait for its result: a refresh
// token is good once, and the password may be used only a few times a day.
type session struct {
	conn   *conn
	a      answers
	all    map[string]json.RawMessage // the settings as opened
	keep   func(context.Context, json.RawMessage) error
	logins *rate.Limiter
	one    chan struct{} // held by whoever renews

	mu     sync.Mutex
	now    tokens
	failed error     // why the last renewal failed
	until  time.Time // until then failed is the answer, without a call
	fresh  *tokens   // renewed, but not kept yet: not to be used before that
}

func newSession(c *conn, a answers, all map[string]json.RawMessage, keep func(context.Context, json.RawMessage) error) *session {
	s := &session{conn: c, a: a, all: all, keep: keep, logins: logins(), one: make(chan struct{}, 1)}
	var t tokens
	if b, ok := all["session"]; ok && json.Unmarshal(b, &t) == nil && t.For == s.key() && host(t.PDS, bool(a.Plain)) {
		s.now = t
	}
	return s
}

// key names the answers a session belongs to. The password counts: a person who tests a new one wants that one tested.
func (s *session) key() string {
	h := sha256.Sum256([]byte(s.a.Service + "\n" + strings.ToLower(s.a.Identifier) + "\n" + s.a.Password))
	return hex.EncodeToString(h[:8])
}

func (s *session) current() tokens {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// forgive forgets a failed renewal, so that a person's test asks the host again.
func (s *session) forgive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = nil
}

// distrust notes that a token fresh from the host was not accepted: renewing it again and again would not help.
func (s *session) distrust(access string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now.Access == access {
		s.fail(&channel.Trouble{Deed: channel.Reconnect, Message: deeds["InvalidToken"].message}, 5*time.Minute)
	}
}

// fail makes err the answer to all who ask for a renewal within the next while. s.mu is held.
func (s *session) fail(err error, while time.Duration) {
	s.failed, s.until = err, s.conn.now().Add(while)
}

// token returns the session, opening one if there is none.
func (s *session) token(ctx context.Context) (tokens, error) {
	if t := s.current(); t.Access != "" {
		return t, nil
	}
	return s.renew(ctx, "")
}

// renew returns a session whose access token is another than used. However many ask at once, the host is asked once.
func (s *session) renew(ctx context.Context, used string) (tokens, error) {
	select {
	case s.one <- struct{}{}:
		defer func() { <-s.one }()
	case <-ctx.Done():
		return tokens{}, &channel.Trouble{Deed: channel.Again, Message: "Bluesky could not be reached in time", Err: ctx.Err()}
	}
	t, done, err := s.settled(used)
	if done {
		return t, err
	}
	// The new tokens must not be lost because the one who asked for them has gone.
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), 2*s.conn.timeout)
	defer stop()
	if t, err = s.obtain(ctx); err == nil {
		err = s.store(ctx, t)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		while := 2 * time.Second
		if channel.TroubleOf(err).Deed == channel.Reconnect {
			while = 5 * time.Minute
		}
		s.fail(err, while)
		return tokens{}, err
	}
	s.now, s.fresh, s.failed = t, nil, nil
	return t, nil
}

// settled reports whether somebody else has renewed the session, or just failed to.
func (s *session) settled(used string) (tokens, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now.Access != used {
		return s.now, true, nil
	}
	if s.failed != nil && s.conn.now().Before(s.until) {
		return tokens{}, true, s.failed
	}
	return tokens{}, false, nil
}

// obtain asks the host for new tokens: by the refresh token, and when that is refused by the password.
func (s *session) obtain(ctx context.Context) (tokens, error) {
	s.mu.Lock()
	old, fresh := s.now, s.fresh
	s.mu.Unlock()
	if fresh != nil {
		return *fresh, nil
	}
	if old.Refresh != "" {
		t, err := s.ask(ctx, old.PDS, old.Refresh, call{nsid: "com.atproto.server.refreshSession", post: true})
		if err == nil || channel.TroubleOf(err).Deed != channel.Reconnect || refusedAs(err, "AccountTakedown") || refusedAs(err, "AccountDeactivated") {
			return t, err
		}
		s.conn.log.Info("bluesky: the refresh token was refused, using the password", "account", old.Handle)
	}
	if !s.logins.AllowN(s.conn.now(), 1) {
		return tokens{}, &channel.Trouble{
			Deed: channel.Wait, Until: s.conn.now().Add(5 * time.Minute),
			Message: "the session ended too often in a short time; Bluesky limits how often we may sign in",
		}
	}
	return s.ask(ctx, s.a.Service, "", call{
		nsid: "com.atproto.server.createSession",
		body: map[string]string{"identifier": s.a.Identifier, "password": s.a.Password},
	})
}

func (s *session) ask(ctx context.Context, base, token string, k call) (tokens, error) {
	var a struct {
		DID     string          `json:"did"`
		Handle  string          `json:"handle"`
		Access  string          `json:"accessJwt"`
		Refresh string          `json:"refreshJwt"`
		Doc     json.RawMessage `json:"didDoc"`
		Active  *bool           `json:"active"`
		Status  string          `json:"status"`
	}
	if err := s.conn.once(ctx, base, token, k, &a); err != nil {
		return tokens{}, err
	}
	if a.Access == "" || a.Refresh == "" || !strings.HasPrefix(a.DID, "did:") {
		return tokens{}, &channel.Trouble{Deed: channel.Again, Message: "Bluesky's answer to the sign-in makes no sense"}
	}
	if a.Active != nil && !*a.Active {
		return tokens{}, inactive(a.Status)
	}
	t := tokens{For: s.key(), DID: a.DID, Handle: a.Handle, PDS: base, Access: a.Access, Refresh: a.Refresh}
	if p := pdsOf(a.Doc, a.DID, bool(s.a.Plain)); p != "" {
		t.PDS = p
	}
	return t, nil
}

// store keeps t among the settings before anybody uses it: a refresh token that is lost costs a sign-in.
func (s *session) store(ctx context.Context, t tokens) error {
	s.mu.Lock()
	s.fresh = &t
	s.mu.Unlock()
	if s.keep == nil {
		return nil
	}
	all := maps.Clone(s.all)
	b, err := json.Marshal(t)
	if err == nil {
		all["session"] = b
		b, err = json.Marshal(all)
	}
	if err == nil {
		err = s.keep(ctx, b)
	}
	if err != nil {
		return &channel.Trouble{Deed: channel.Again, Message: "the new session could not be saved", Err: err}
	}
	return nil
}

// pdsOf returns the address of the host that holds the account, from the account's document.
func pdsOf(doc json.RawMessage, did string, plain bool) string {
	var d struct {
		ID      string `json:"id"`
		Service []struct {
			ID       string `json:"id"`
			Endpoint any    `json:"serviceEndpoint"`
		} `json:"service"`
	}
	if json.Unmarshal(doc, &d) != nil || d.ID != did {
		return ""
	}
	for _, s := range d.Service {
		if e, ok := s.Endpoint.(string); ok && strings.HasSuffix(s.ID, "#atproto_pds") && host(e, plain) {
			return strings.TrimRight(e, "/")
		}
	}
	return ""
}

// claims are what a token says of itself. We can't check its signature and use it for hints only.
type claims struct {
	Scope string `json:"scope"`
}

func claimsOf(token string) (c claims) {
	if p := strings.Split(token, "."); len(p) == 3 {
		if b, err := base64.RawURLEncoding.DecodeString(p[1]); err == nil {
			_ = json.Unmarshal(b, &c)
		}
	}
	return c
}
