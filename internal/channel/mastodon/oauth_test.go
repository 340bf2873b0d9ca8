package mastodon

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/fault"
	sim "switchboard/internal/sim/mastodon"
)

const callback = "https://desk.example/connect/mastodon"

// allow does in place of a person what the server's page asks for, and returns what the browser brings back.
func allow(t *testing.T, address, account, decision string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	form := u.Query()
	form.Set("account", account)
	form.Set("decision", decision)
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	a, err := browser.PostForm(u.Scheme+"://"+u.Host+u.Path, form)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	back, err := a.Location()
	if err != nil {
		t.Fatalf("the server did not send the browser back: %d", a.StatusCode)
	}
	if !strings.HasPrefix(back.String(), callback) || back.Query().Get("state") != "the-state" {
		t.Fatalf("came back to %s", back)
	}
	return back.Query()
}

func TestConnectingThroughTheBrowser(t *testing.T) {
	for name, o := range map[string]sim.Options{"Mastodon": {}, "without PKCE": {Old: true}} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, channeltest.NewClock(), o)
			s.Person("acme_press")
			c := s.conn(t, map[string]any{"token": ""})
			if _, err := c.Check(t.Context()); channel.TroubleOf(err).Deed != channel.Reconnect {
				t.Errorf("an account that is not connected: %v", err)
			}
			address, kept, err := c.Begin(t.Context(), callback, "the-state")
			if err != nil {
				t.Fatal(err)
			}
			back := allow(t, address, "acme_press", "approve")
			set, err := c.Finish(t.Context(), callback, back, kept)
			if err != nil {
				t.Fatal(err)
			}
			o, err := New(over()).Open(channel.Opening{Settings: set, Now: s.clock.Now})
			if err != nil {
				t.Fatal(err)
			}
			p, err := o.Check(t.Context())
			if err != nil || p.Handle != "@acme_press@social.example" || !p.TokenExpires.IsZero() {
				t.Errorf("connected as %q until %v, %v", p.Handle, p.TokenExpires, err)
			}
			if _, err := o.(channel.Publisher).Publish(t.Context(), channel.Outgoing{Key: "k", Text: "hello", At: s.clock.Now()}); err != nil {
				t.Errorf("what we asked for does not let us speak: %v", err)
			}
			if _, err := c.Finish(t.Context(), callback, back, kept); !fault.Is(err, fault.Invalid) {
				t.Errorf("a code served twice: %v", err)
			}
			if err := o.(channel.Revoker).Revoke(t.Context()); err != nil {
				t.Errorf("the access could not be given back: %v", err)
			}
			if _, err := o.Check(t.Context()); channel.TroubleOf(err).Deed != channel.Reconnect {
				t.Errorf("after it was given back: %v", err)
			}
		})
	}
}

func TestConnectingCanFail(t *testing.T) {
	s := newSite(t, channeltest.NewClock(), sim.Options{})
	c := s.conn(t, map[string]any{"token": ""})
	address, kept, err := c.Begin(t.Context(), callback, "the-state")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Finish(t.Context(), callback, allow(t, address, "acme_help", "deny"), kept); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a person who said no: %v", err)
	}
	if _, err := c.Finish(t.Context(), callback, url.Values{}, kept); !fault.Is(err, fault.Invalid) {
		t.Errorf("no code: %v", err)
	}
	back := allow(t, address, "acme_help", "approve")
	_, other, _ := c.Begin(t.Context(), callback, "the-state")
	if _, err := c.Finish(t.Context(), callback, back, other); !fault.Is(err, fault.Invalid) {
		t.Errorf("a code that another browser asked for: %v", err)
	}
}

// TestOneRefresh is C4: a token runs out under twenty workers, and the server is asked once for another.
func TestOneRefresh(t *testing.T) {
	clock := channeltest.NewClock()
	var asked atomic.Int32
	var mu sync.Mutex
	current := "old"
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case r.URL.Path == "/oauth/token":
			if r.FormValue("refresh_token") != "r-"+current || r.FormValue("grant_type") != "refresh_token" {
				w.WriteHeader(400)
				fmt.Fprint(w, `{"error":"invalid_grant"}`)
				return
			}
			current = fmt.Sprint("new", asked.Add(1))
			fmt.Fprintf(w, `{"access_token":%q,"refresh_token":"r-%s","expires_in":3600}`, current, current)
		case r.Header.Get("Authorization") != "Bearer "+current:
			w.WriteHeader(401)
			fmt.Fprint(w, `{"error":"The access token is invalid"}`)
		default:
			fmt.Fprint(w, `{"id":"1","acct":"acme"}`)
		}
	}))
	defer web.Close()
	set, _ := json.Marshal(settings{Server: web.URL, Plain: true, Token: "old", Refresh: "r-old", Client: &client{ID: "i", Secret: "s"},
		Got: clock.Now(), Expires: clock.Now().Add(time.Hour)})
	var stored atomic.Value
	o, err := New(over()).Open(channel.Opening{Settings: set, Now: clock.Now,
		Keep: func(_ context.Context, b json.RawMessage) error { stored.Store(string(b)); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	c := o.(*conn)
	if _, err := c.verify(t.Context()); err != nil || asked.Load() != 0 {
		t.Fatalf("a fresh token was refreshed: %v", err)
	}
	clock.Advance(31 * time.Minute) // half of its life is over
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := c.verify(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
	if got, _ := stored.Load().(string); !strings.Contains(got, `"token":"new1"`) || !strings.Contains(got, `"refresh":"r-new1"`) {
		t.Errorf("kept %s", got)
	}
}
