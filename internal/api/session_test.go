package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store/storetest"
)

func TestTheWizardSetsAHouseUpAndSignsIn(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)))
	b := h.browser(t)
	var s Session
	if b.do("GET", "/api/session", nil).into(t, &s); !s.NeedsSetup || s.Person != nil || s.Version != "" {
		t.Errorf("an empty house says %+v", s)
	}
	if a := b.do("GET", "/api/setup", nil, "Setup-Token", "guess"); a.status != 403 {
		t.Errorf("a guessed token: %d %s", a.status, a.body)
	}
	token, err := h.Staff.PrepareSetup(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var found Setup
	b.do("GET", "/api/setup", nil, "Setup-Token", token, "Host", "desk.acme.example:8443").into(t, &found)
	if found.PublicURL != "http://desk.acme.example:8443" || len(found.Templates) < 4 {
		t.Errorf("found out %+v", found)
	}
	form := map[string]any{"administrator": map[string]string{"name": "Ann", "email": "ann@acme.example", "password": "short"},
		"organisation": map[string]string{"name": "ACME", "publicUrl": h.server.URL, "zone": "Europe/Berlin", "locale": "de-DE"}, "template": "hub", "departments": []string{}}
	if a := b.do("POST", "/api/setup", form, "Setup-Token", token); a.status != 422 || !strings.Contains(string(a.body), "body.administrator.password") {
		t.Errorf("a short password: %d %s", a.status, a.body)
	}
	form["administrator"].(map[string]string)["password"] = password
	a := b.do("POST", "/api/setup", form, "Setup-Token", token)
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if b.do("GET", "/api/session", nil).into(t, &s); s.NeedsSetup || s.Person == nil || s.Person.Role != staff.Administrator || s.Organisation.Locale != "de-DE" {
		t.Errorf("after it: %+v", s)
	}
	if a := b.do("POST", "/api/setup", form, "Setup-Token", token); a.status != 409 {
		t.Errorf("a second time: %d %s", a.status, a.body)
	}
}

func TestTheCookieIsOnlyForTheServer(t *testing.T) {
	for name, tt := range map[string]struct {
		prepare func(*Server)
		header  []string
		want    string
		secure  bool
	}{
		"over http":                         {nil, nil, "switchboard", false},
		"over https by a listed proxy":      {trustLoopback, []string{"X-Forwarded-Proto", "https"}, "__Host-switchboard", true},
		"an unlisted proxy is not believed": {nil, []string{"X-Forwarded-Proto", "https"}, "switchboard", false},
	} {
		t.Run(name, func(t *testing.T) {
			h := one(t, func(s *Server) {
				if tt.prepare != nil {
					tt.prepare(s)
				}
			})
			sign := func() (out []*http.Cookie) {
				a := h.browser(t).do("POST", "/api/session", map[string]string{"email": "member@acme.example", "password": password}, tt.header...)
				for _, line := range a.header.Values("Set-Cookie") {
					k, err := http.ParseSetCookie(line)
					if err != nil {
						t.Fatalf("%d %s: %v", a.status, a.body, err)
					}
					if strings.Contains(string(a.body), k.Value) {
						t.Errorf("the token of %s is in the body", k.Name)
					}
					out = append(out, k)
				}
				if len(out) != 2 {
					t.Fatalf("%d %s: cookies %v", a.status, a.body, out)
				}
				if hsts := a.header.Get("Strict-Transport-Security"); (hsts != "") != tt.secure {
					t.Errorf("HSTS %q", hsts)
				}
				return out
			}
			first, again := sign(), sign()
			for i, life := range []time.Duration{staff.SessionLife, staff.DeviceLife} {
				k, name := first[i], tt.want+[]string{"", "-device"}[i]
				if k.Name != name || !k.HttpOnly || k.Secure != tt.secure || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" ||
					k.MaxAge != int(life.Seconds()) {
					t.Errorf("the cookie is %v", k)
				}
				if len(k.Value) < 26 || k.Value == again[i].Value {
					t.Errorf("tokens %q and %q", k.Value, again[i].Value)
				}
				if strings.Contains(h.log.String(), k.Value) {
					t.Errorf("the token of %s is in the log", k.Name)
				}
			}
			if first[0].Value == first[1].Value {
				t.Error("both are the same")
			}
		})
	}
}

func TestSigningInGivesANewTokenAndEndsTheOldSession(t *testing.T) {
	h := one(t)
	b := h.as(t, "member")
	before := b.cookies()[0].Value
	if a := b.do("POST", "/api/session", map[string]string{"email": "member@acme.example", "password": password}); a.status != 200 {
		t.Fatal(a.status)
	}
	if b.cookies()[0].Value == before {
		t.Error("the token is the same")
	}
	old := h.browser(t)
	var s Session
	if old.do("GET", "/api/session", nil, "Cookie", "switchboard="+before).into(t, &s); s.Person != nil {
		t.Error("the old session still lives")
	}
	planted := h.browser(t) // a token that somebody planted is not taken up
	a := planted.do("POST", "/api/session", map[string]string{"email": "member@acme.example", "password": password}, "Cookie", "switchboard=planted")
	if strings.Contains(strings.Join(a.header.Values("Set-Cookie"), " "), "planted") {
		t.Error("a planted token became a session")
	}
}

// Who has signed out goes on being known in that browser, and so does who took another password there.
func TestAKnownBrowserSignsInWhileStrangersGuess(t *testing.T) {
	h := one(t, trustLoopback)
	sign := func(b *browser, word, from string) int {
		return b.do("POST", "/api/session", map[string]string{"email": "member@acme.example", "password": word}, "X-Forwarded-For", from).status
	}
	guess := func() {
		for k := range 40 {
			if sign(h.browser(t), "guess guess", fmt.Sprintf("203.0.113.%d", k)) == 429 {
				return
			}
		}
		t.Fatal("strangers may guess on and on")
	}
	b := h.as(t, "member")
	guess()
	if a := b.do("POST", "/api/password", map[string]string{"current": password, "next": "a whole new sentence"}); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for _, from := range []string{"192.0.2.80", "192.0.2.81"} {
		if a := b.do("DELETE", "/api/session", nil); a.status != 204 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		guess()
		if got := sign(b, "a whole new sentence", from); got != 200 {
			t.Errorf("from %s: %d", from, got)
		}
	}
	if a := b.do("DELETE", "/api/sessions", nil); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var known int
	if err := h.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM device WHERE person = $1`, h.people["member"].ID).Scan(&known); err != nil || known != 0 {
		t.Errorf("after all sessions were ended %d browsers are known, %v", known, err)
	}
}

func TestSigningOutEndsIt(t *testing.T) {
	h := one(t)
	b := h.as(t, "member")
	token := b.cookies()[0].Value
	a := b.do("DELETE", "/api/session", nil)
	if a.status != 204 || a.header.Get("Clear-Site-Data") == "" || len(b.cookies()) != 0 {
		t.Errorf("%d, %v, cookies %v", a.status, a.header, b.cookies())
	}
	if a := h.browser(t).do("GET", "/api/people", nil, "Cookie", "switchboard="+token); a.status != 401 {
		t.Errorf("with the old cookie: %d", a.status)
	}
}

func TestANewPasswordEndsOtherSessionsAndKeepsThisOne(t *testing.T) {
	h := one(t)
	here, there := h.as(t, "member"), h.as(t, "member")
	if a := here.do("POST", "/api/password", map[string]string{"current": password, "next": "a whole new sentence"}); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := here.do("GET", "/api/people", nil); a.status != 200 {
		t.Errorf("here: %d", a.status)
	}
	if a := there.do("GET", "/api/people", nil); a.status != 401 {
		t.Errorf("there: %d", a.status)
	}
	if a := here.do("POST", "/api/password", map[string]string{"current": "wrong one here", "next": "a whole new sentence"}); a.status != 422 {
		t.Errorf("with a wrong password: %d %s", a.status, a.body)
	}
}

func TestSignInIsLimited(t *testing.T) {
	h := one(t)
	b := h.browser(t)
	var last reply
	for range 40 {
		if last = b.do("POST", "/api/session", map[string]string{"email": "member@acme.example", "password": "guess guess"}); last.status == 429 {
			break
		}
	}
	if last.status != 429 || last.header.Get("Retry-After") == "" {
		t.Errorf("%d, Retry-After %q", last.status, last.header.Get("Retry-After"))
	}
}

func TestTheDemoIsOpenOnlyWhereItIsOne(t *testing.T) {
	h := one(t)
	if a := h.browser(t).do("GET", "/api/demo/people", nil); a.status != 404 {
		t.Errorf("without the demo: %d", a.status)
	}
	if a := h.browser(t).do("POST", "/api/demo/enter", map[string]string{"person": h.people["administrator"].ID.String()}); a.status != 404 {
		t.Errorf("without the demo one enters: %d", a.status)
	}
	h = one(t, func(s *Server) { s.Demo = true })
	b := h.browser(t)
	var list struct{ Items []DemoPerson }
	b.do("GET", "/api/demo/people", nil).into(t, &list)
	if len(list.Items) != 8 {
		t.Errorf("%d people", len(list.Items))
	}
	if a := b.do("POST", "/api/demo/enter", map[string]string{"person": list.Items[1].ID}); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := b.do("GET", "/api/people", nil); a.status != 200 {
		t.Errorf("inside: %d", a.status)
	}
}

func TestAnInvitationLeadsIn(t *testing.T) {
	h := one(t)
	admin := h.as(t, "administrator")
	var made Invited
	a := admin.do("POST", "/api/invitations", map[string]any{"email": "new@acme.example", "name": "New", "role": "member", "departments": []string{h.department(t, "Accounts").String()}})
	if a.into(t, &made); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	at, token, ok := strings.Cut(made.Link, "#")
	if !ok || at != h.server.URL+"/join" {
		t.Errorf("the link is %s", made.Link)
	}
	b := h.browser(t)
	var i Invitee
	if b.do("GET", "/api/invitation", nil, "Invitation-Token", token).into(t, &i); i.Email != "new@acme.example" || i.Organisation != "ACME" {
		t.Errorf("%+v", i)
	}
	if a := b.do("POST", "/api/invitation", map[string]string{"name": "New", "password": password, "zone": "UTC"}, "Invitation-Token", token); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var s Session
	if b.do("GET", "/api/session", nil).into(t, &s); s.Person == nil || s.Person.Email != "new@acme.example" || len(s.Person.Departments) != 1 {
		t.Errorf("%+v", s)
	}
	if a := b.do("GET", "/api/invitation", nil, "Invitation-Token", token); a.status != 404 {
		t.Errorf("again: %d", a.status)
	}
}

func trustLoopback(s *Server) { s.Proxies = loopback }
