package mastodon

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// outOfBand is the redirect address of clients that have none: the code is shown on the screen.
const outOfBand = "urn:ietf:wg:oauth:2.0:oob"

// codeLife is how long a code may be traded for a token.
const codeLife = 10 * time.Minute

type app struct {
	id, secret, name, website string
	redirects                 []string
	scopes                    []string
}

// grant is what a code stands for until it is traded.
type grant struct {
	app       *app
	account   *account
	redirect  string
	scopes    []string
	challenge string
	made      time.Time
}

type token struct {
	app     *app
	account *account // nil: the app's own
	scopes  []string
	made    time.Time
	revoked bool
}

// allows reports whether the token's scopes hold one of those in want, "a|b".
func (t *token) allows(want string) bool {
	for w := range strings.SplitSeq(want, "|") {
		whole, part, _ := strings.Cut(w, ":")
		if slices.Contains(t.scopes, w) || slices.Contains(t.scopes, whole) {
			return true
		}
		if (part == "follows" || part == "blocks" || part == "mutes") && slices.Contains(t.scopes, "follow") {
			return true
		}
	}
	return false
}

func secret() string {
	var b [32]byte
	_, _ = rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Token returns a new access token for the person called name, as if made by hand in the settings of the web pages. Without
// scopes it allows everything.
func (s *Server) Token(name string, scopes ...string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(scopes) == 0 {
		scopes = []string{"read", "write", "follow", "profile"}
	}
	t := secret()
	s.tokens[t] = &token{app: &app{name: "made by hand"}, account: s.person(name), scopes: scopes, made: s.o.Now()}
	return t
}

// Revoke takes an access token back, as people do in the settings of the web pages.
func (s *Server) Revoke(access string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tokens[access]; t != nil {
		t.revoked = true
	}
}

// RevokeAll takes back every access to the account of the person called name.
func (s *Server) RevokeAll(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	who := s.person(name)
	for _, t := range s.tokens {
		if t.account == who {
			t.revoked = true
		}
	}
}

func (s *Server) register(c *call) (int, any) {
	var redirects []string
	for _, r := range c.p["redirect_uris"] {
		redirects = append(redirects, strings.Fields(r)...)
	}
	name := strings.TrimSpace(c.p.Get("client_name"))
	if name == "" {
		return s.refuse("Application name can't be blank")
	}
	if len(redirects) == 0 {
		return s.refuse("Redirect URI can't be blank")
	}
	for _, r := range redirects {
		if u, err := url.Parse(r); err != nil || r != outOfBand && (u.Scheme == "" || u.Host == "") {
			return s.refuse("Redirect URI must be an absolute URI.")
		}
	}
	scopes := strings.Fields(c.p.Get("scopes"))
	if len(scopes) == 0 {
		scopes = []string{"read"}
	}
	for _, x := range scopes {
		if !knownScope(x) {
			return s.refuse("Scopes doesn't match configured on the server.")
		}
	}
	a := &app{id: secret(), secret: secret(), name: name, website: c.p.Get("website"), redirects: redirects, scopes: scopes}
	s.apps[a.id] = a
	return 200, map[string]any{"id": s.newID(), "name": a.name, "website": orNull(a.website), "scopes": a.scopes,
		"redirect_uri": strings.Join(redirects, "\n"), "redirect_uris": redirects, "client_id": a.id, "client_secret": a.secret,
		"client_secret_expires_at": 0, "vapid_key": "BCk-QqERU0q-CfYZjcuB6lnyyOYfJ2AifKqfeGIm7Z-HiTU5T9eTG5GxVA0_OH5mMlI4UkkDTpaZwozy0TzdZ2M="}
}

// knownScope reports whether there is such a scope.
func knownScope(x string) bool {
	whole, part, has := strings.Cut(x, ":")
	switch whole {
	case "follow", "push", "profile":
		return !has
	case "read", "write":
		return !has || slices.Contains(strings.Fields(`accounts blocks bookmarks collections conversations favourites filters
			follows lists media mutes notifications reports search statuses`), part)
	}
	return strings.HasPrefix(x, "admin:")
}

func (s *Server) appCredentials(c *call) (int, any) {
	return 200, map[string]any{"id": "1", "name": c.token.app.name, "website": orNull(c.token.app.website), "scopes": c.token.scopes}
}

func oauth(s *Server, m *http.ServeMux) {
	m.HandleFunc("GET /oauth/authorize", s.askConsent)
	m.HandleFunc("POST /oauth/authorize", s.consent)
	m.HandleFunc("POST /oauth/token", s.api(route{do: s.trade}))
	m.HandleFunc("POST /oauth/revoke", s.api(route{do: s.revoke}))
	if !s.o.Old {
		m.HandleFunc("GET /.well-known/oauth-authorization-server", func(w http.ResponseWriter, r *http.Request) {
			o := origin(r)
			answer(w, 200, map[string]any{"issuer": o + "/", "authorization_endpoint": o + "/oauth/authorize",
				"token_endpoint": o + "/oauth/token", "revocation_endpoint": o + "/oauth/revoke", "app_registration_endpoint": o + "/api/v1/apps",
				"scopes_supported":         []string{"read", "write", "write:statuses", "write:media", "follow", "push", "profile"},
				"response_types_supported": []string{"code"}, "response_modes_supported": []string{"query", "fragment", "form_post"},
				"grant_types_supported":                 []string{"authorization_code", "client_credentials"},
				"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"},
				"code_challenge_methods_supported":      []string{"S256"}})
		})
	}
}

// asking reads what a client asks consent for; why is what is wrong with it.
func (s *Server) asking(q url.Values) (g *grant, why string) {
	a := s.apps[q.Get("client_id")]
	scopes := strings.Fields(q.Get("scope"))
	if len(scopes) == 0 {
		scopes = []string{"read"}
	}
	switch {
	case a == nil:
		return nil, "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method."
	case !slices.Contains(a.redirects, q.Get("redirect_uri")):
		return nil, "The redirect uri included is not valid."
	case q.Get("response_type") != "code":
		return nil, "The authorization server does not support this response type."
	case q.Get("code_challenge") != "" && q.Get("code_challenge_method") != "S256" && !s.o.Old:
		return nil, "The code challenge method must be S256."
	}
	held := &token{scopes: a.scopes}
	for _, x := range scopes {
		if !held.allows(x) {
			return nil, "The requested scope is invalid, unknown, or malformed."
		}
	}
	return &grant{app: a, redirect: q.Get("redirect_uri"), scopes: scopes, challenge: q.Get("code_challenge"), made: s.o.Now()}, ""
}

// askConsent shows the page on which a person lets a client in, or not.
func (s *Server) askConsent(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, why := s.asking(r.URL.Query())
	if why != "" {
		page(w, 400, "Error", "<p>"+html.EscapeString(why)+"</p>")
		return
	}
	var form strings.Builder
	for k := range r.URL.Query() {
		form.WriteString(`<input type="hidden" name="` + html.EscapeString(k) + `" value="` + html.EscapeString(r.URL.Query().Get(k)) + `">`)
	}
	form.WriteString(`<p><label>Account <select name="account">`)
	for _, a := range s.accounts {
		if a.host == "" {
			form.WriteString(`<option>` + html.EscapeString(a.username) + `</option>`)
		}
	}
	page(w, 200, "Authorization required", `<p><b>`+html.EscapeString(g.app.name)+`</b> would like to: `+
		html.EscapeString(strings.Join(g.scopes, ", "))+`</p><form method="post" action="/oauth/authorize">`+form.String()+
		`</select></label></p><button name="decision" value="approve">Authorize</button> <button name="decision" value="deny">Deny</button></form>`)
}

// consent is the button on that page. A client of a test posts the same fields; without an account it is the first one's.
func (s *Server) consent(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	s.mu.Lock()
	defer s.mu.Unlock()
	g, why := s.asking(r.Form)
	if why != "" {
		page(w, 400, "Error", "<p>"+html.EscapeString(why)+"</p>")
		return
	}
	back := url.Values{}
	if state := r.Form.Get("state"); state != "" {
		back.Set("state", state)
	}
	if r.Form.Get("decision") == "deny" {
		back.Set("error", "access_denied")
		back.Set("error_description", "The resource owner or authorization server denied the request.")
	} else {
		if g.account = s.named(r.Form.Get("account")); g.account == nil {
			for _, a := range s.accounts {
				if a.host == "" && g.account == nil {
					g.account = a
				}
			}
		}
		code := secret()
		s.codes[code] = g
		back.Set("code", code)
	}
	if g.redirect == outOfBand {
		page(w, 200, "Authorization code", `<p>Copy this code and paste it into the application:</p><code>`+back.Get("code")+`</code>`)
		return
	}
	join := "?"
	if strings.Contains(g.redirect, "?") {
		join = "&"
	}
	http.Redirect(w, r, g.redirect+join+back.Encode(), http.StatusFound)
}

// trade gives a token for a code, or for an app's own name and secret.
func (s *Server) trade(c *call) (int, any) {
	id, pass, basic := c.r.BasicAuth()
	if !basic {
		id, pass = c.p.Get("client_id"), c.p.Get("client_secret")
	}
	a := s.apps[id]
	if a == nil || a.secret != pass {
		return 401, failure{"invalid_client", "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method."}
	}
	t := &token{app: a, made: s.o.Now()}
	switch c.p.Get("grant_type") {
	case "client_credentials":
		if t.scopes = strings.Fields(c.p.Get("scope")); len(t.scopes) == 0 {
			t.scopes = []string{"read"}
		}
	case "authorization_code":
		g := s.codes[c.p.Get("code")]
		if g == nil || g.app != a || g.redirect != c.p.Get("redirect_uri") || s.o.Now().Sub(g.made) > codeLife || !proven(g, c.p.Get("code_verifier")) {
			return 400, failure{"invalid_grant", "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client."}
		}
		delete(s.codes, c.p.Get("code"))
		t.account, t.scopes = g.account, g.scopes
	default:
		return 400, failure{"unsupported_grant_type", "The authorization grant type is not supported by the authorization server."}
	}
	access := secret()
	s.tokens[access] = t
	return 200, map[string]any{"access_token": access, "token_type": "Bearer", "scope": strings.Join(t.scopes, " "), "created_at": t.made.Unix()}
}

// proven checks the verifier of PKCE against the challenge the code was asked with.
func proven(g *grant, verifier string) bool {
	if g.challenge == "" {
		return true
	}
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:]) == g.challenge
}

func (s *Server) revoke(c *call) (int, any) {
	t := s.tokens[c.p.Get("token")]
	if t != nil && (t.app.id != c.p.Get("client_id") || t.app.secret != c.p.Get("client_secret")) {
		return 403, failure{"unauthorized_client", "You are not authorized to revoke this token"}
	}
	if t != nil {
		t.revoked = true
	}
	return 200, struct{}{}
}
