package mastodon

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

// What we ask to be allowed: by name, and in the two words that every server knows.
const (
	exact  = "profile read:accounts read:statuses read:notifications read:search write:statuses write:media write:favourites write:conversations write:notifications"
	coarse = "read write"
)

// kept is what must be remembered until the browser comes back.
type kept struct {
	Client   client `json:"client"`
	Verifier string `json:"verifier"`
	Scope    string `json:"scope"`
}

// Begin registers us at the server, if it does not know us yet, and returns where the person allows us in.
func (c *conn) Begin(ctx context.Context, callback, state string) (string, json.RawMessage, error) {
	k := kept{Scope: exact, Verifier: random()}
	reg, err := c.register(ctx, callback, exact)
	if err != nil && channel.TroubleOf(err).Deed == channel.Fix {
		k.Scope = coarse // a server that knows no finer words
		reg, err = c.register(ctx, callback, coarse)
	}
	if err != nil {
		return "", nil, err
	}
	k.Client = *reg
	sum := sha256.Sum256([]byte(k.Verifier))
	u := *c.base
	u.Path = "/oauth/authorize"
	u.RawQuery = url.Values{"response_type": {"code"}, "client_id": {reg.ID}, "redirect_uri": {callback}, "scope": {k.Scope}, "state": {state},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
		"force_login": {"true"}, // else the browser's account of the day is connected, not the one that is meant
	}.Encode()
	b, err := json.Marshal(k)
	return u.String(), b, err
}

// register makes us known to the server. It is done anew each time a person connects: servers before 4.3 forget
// applications that were not used, and a stale one is only noticed in the browser.
func (c *conn) register(ctx context.Context, callback, scopes string) (*client, error) {
	var out struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	k := call{method: http.MethodPost, path: "/api/v1/apps", bare: true,
		body: map[string]string{"client_name": "Switchboard", "redirect_uris": callback, "scopes": scopes}}
	a, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	if err := k.decode(a, &out); err != nil {
		return nil, err
	}
	if out.ID == "" || out.Secret == "" {
		return nil, odd(k, fault.New(fault.Internal, "a registration without an id"))
	}
	return &client{ID: out.ID, Secret: out.Secret, Callback: callback}, nil
}

// Finish trades the code that came back for a token.
func (c *conn) Finish(ctx context.Context, callback string, back url.Values, remembered json.RawMessage) (json.RawMessage, error) {
	var k kept
	if err := json.Unmarshal(remembered, &k); err != nil {
		return nil, err
	}
	if back.Get("error") == "access_denied" {
		return nil, fault.New(fault.Forbidden, "the server was told not to let Switchboard in; connect again if that was a mistake")
	}
	if e := back.Get("error"); e != "" {
		return nil, fault.New(fault.Invalid, "the server refused: "+clean(e))
	}
	if back.Get("code") == "" {
		return nil, fault.In("code", "the server sent no code back: connect again")
	}
	t, err := c.grant(ctx, map[string]string{"grant_type": "authorization_code", "code": back.Get("code"), "client_id": k.Client.ID,
		"client_secret": k.Client.Secret, "redirect_uri": callback, "code_verifier": k.Verifier, "scope": k.Scope})
	if err != nil {
		if d := channel.TroubleOf(err).Deed; d == channel.Fix || d == channel.Reconnect {
			return nil, fault.Wrap(fault.Invalid, "the server did not accept the code: connect again", err)
		}
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set.Client, c.set.Refresh = &k.Client, "" // what was given before is of another access
	c.take(t)
	c.me = nil
	return json.Marshal(c.set)
}

// Revoke gives the token back. One made by hand is not ours to give back: only who is registered for it can.
func (c *conn) Revoke(ctx context.Context) error {
	c.mu.Lock()
	s := c.set
	c.mu.Unlock()
	if s.Client == nil || s.Token == "" {
		return nil
	}
	form := url.Values{"client_id": {s.Client.ID}, "client_secret": {s.Client.Secret}, "token": {s.Token}}
	_, err := c.do(ctx, call{method: http.MethodPost, path: "/oauth/revoke", bare: true, raw: []byte(form.Encode()), kind: "application/x-www-form-urlencoded"})
	return err
}

// granted is a token as servers give it.
type granted struct {
	Access  string  `json:"access_token"`
	Refresh string  `json:"refresh_token"`
	Seconds float64 `json:"expires_in"`
}

func (c *conn) grant(ctx context.Context, form map[string]string) (*granted, error) {
	var t granted
	q := url.Values{}
	for name, v := range form {
		q.Set(name, v)
	}
	k := call{method: http.MethodPost, path: "/oauth/token", bare: true, raw: []byte(q.Encode()), kind: "application/x-www-form-urlencoded"}
	a, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	if err := k.decode(a, &t); err != nil {
		return nil, err
	}
	if t.Access == "" {
		return nil, odd(k, fault.New(fault.Internal, "no token"))
	}
	return &t, nil
}

// take puts a new token into the settings. The lock is held.
func (c *conn) take(t *granted) {
	now := c.now().UTC()
	c.set.Token, c.set.Got, c.set.Expires = t.Access, now, time.Time{}
	if t.Refresh != "" {
		c.set.Refresh = t.Refresh
	}
	if t.Seconds > 0 {
		c.set.Expires = now.Add(time.Duration(min(t.Seconds, 1e9) * float64(time.Second)))
	}
}

// token is the access token, a new one when half of the old one's life is over. One caller at a time gets a new one: on
// most servers a refresh token works once.
func (c *conn) token(ctx context.Context) (string, error) {
	now := c.now()
	c.mu.Lock()
	s := c.set
	c.mu.Unlock()
	if s.Token == "" {
		return "", &channel.Trouble{Deed: channel.Reconnect, Message: "the account is not connected yet: connect it"}
	}
	if s.Refresh == "" || s.Expires.IsZero() || s.Client == nil || now.Before(s.Got.Add(s.Expires.Sub(s.Got)/2)) {
		return s.Token, nil
	}
	c.refreshing.Lock()
	defer c.refreshing.Unlock()
	c.mu.Lock()
	changed := c.set.Token != s.Token
	s = c.set
	c.mu.Unlock()
	if changed {
		return s.Token, nil
	}
	t, err := c.grant(ctx, map[string]string{"grant_type": "refresh_token", "refresh_token": s.Refresh, "client_id": s.Client.ID, "client_secret": s.Client.Secret})
	if err != nil {
		if now.Before(s.Expires) {
			return s.Token, nil // it is good for a while yet
		}
		if d := channel.TroubleOf(err).Deed; d == channel.Fix {
			return "", &channel.Trouble{Deed: channel.Reconnect, Err: err, Message: "our access has run out: connect the account again"}
		}
		return "", err
	}
	c.mu.Lock()
	c.take(t)
	token := c.set.Token
	b, err := json.Marshal(c.set)
	c.mu.Unlock()
	if err == nil && c.keep != nil {
		err = c.keep(ctx, b)
	}
	return token, err
}

func random() string {
	var b [48]byte
	_, _ = rand.Read(b[:])
	return strings.TrimRight(base64.RawURLEncoding.EncodeToString(b[:]), "=")
}
