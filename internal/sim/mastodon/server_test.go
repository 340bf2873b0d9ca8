package mastodon

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/sim/far"
)

// world is a server under test, with a clock that is moved by hand.
type world struct {
	*testing.T
	*Server
	url   string
	token string

	mu  sync.Mutex
	now time.Time
}

func start(t *testing.T, o Options) *world {
	w := &world{T: t, now: time.Date(2026, 10, 8, 9, 0, 0, 0, time.UTC)}
	o.Now = func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.now
	}
	w.Server = New(o)
	web := httptest.NewServer(w.Handler())
	t.Cleanup(func() { w.CutStreams(); web.CloseClientConnections(); web.Close() })
	w.url, w.token = web.URL, w.Token("acme")
	return w
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// ask makes a call as acme and returns status and body; form is nil for a GET.
func (w *world) ask(method, path string, form url.Values, header ...string) (int, string, http.Header) {
	w.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(w.Context(), method, w.url+path, body)
	if err != nil {
		w.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Authorization", "Bearer "+w.token)
	for k := 0; k+1 < len(header); k += 2 {
		r.Header.Set(header[k], header[k+1])
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer a.Body.Close()
	b, _ := io.ReadAll(a.Body)
	return a.StatusCode, string(b), a.Header
}

func id(body string) string {
	var x struct{ ID string }
	_ = json.Unmarshal([]byte(body), &x)
	return x.ID
}

func TestAnIdempotencyKeyLastsAnHour(t *testing.T) {
	for name, tt := range map[string]struct {
		o    Options
		wait time.Duration
		same bool
	}{
		"at once":               {Options{}, 0, true},
		"within the hour":       {Options{}, 59 * time.Minute, true},
		"after it":              {Options{}, 61 * time.Minute, false},
		"never at GoToSocial's": {Options{GoToSocial: true}, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, tt.o)
			say := url.Values{"status": {"once"}}
			_, one, _ := w.ask("POST", "/api/v1/statuses", say, "Idempotency-Key", "k")
			w.advance(tt.wait)
			_, two, _ := w.ask("POST", "/api/v1/statuses", say, "Idempotency-Key", "k")
			if (id(one) == id(two)) != tt.same || w.Record.Len() != map[bool]int{true: 1, false: 2}[tt.same] {
				t.Errorf("%s and %s; %d in the record", id(one), id(two), w.Record.Len())
			}
		})
	}
}

func TestErrorsAreWordedAsTheServerWordsThem(t *testing.T) {
	long := url.Values{"status": {strings.Repeat("a", 501)}}
	for name, tt := range map[string]struct {
		method, path string
		form         url.Values
		token        string
		status       int
		words        string
	}{
		"no token":             {"GET", "/api/v1/notifications", nil, "", 401, "The access token is invalid"},
		"a wrong token":        {"GET", "/api/v1/notifications", nil, "Bearer nonsense", 401, "The access token is invalid"},
		"nothing there":        {"GET", "/api/v1/statuses/1", nil, "acme", 404, "Record not found"},
		"no such call":         {"GET", "/api/v9/nothing", nil, "acme", 404, "Not Found"},
		"too long":             {"POST", "/api/v1/statuses", long, "acme", 422, "Validation failed: Text character limit of 500 exceeded"},
		"an odd visibility":    {"POST", "/api/v1/statuses", url.Values{"status": {"x"}, "visibility": {"all"}}, "acme", 422, "Validation failed"},
		"a parent that's gone": {"POST", "/api/v1/statuses", url.Values{"status": {"x"}, "in_reply_to_id": {"1"}}, "acme", 404, "does not appear to exist"},
		"an unknown stream":    {"GET", "/api/v1/streaming/tea", nil, "acme", 400, "Unknown channel requested"},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, Options{})
			auth := tt.token
			if auth == "acme" {
				auth = "Bearer " + w.token
			}
			status, body, _ := w.ask(tt.method, tt.path, tt.form, "Authorization", auth)
			if status != tt.status || !strings.Contains(body, `"error":`) || !strings.Contains(body, tt.words) {
				t.Errorf("%d %s; want %d %q", status, body, tt.status, tt.words)
			}
		})
	}
	t.Run("a suspended account", func(t *testing.T) {
		w := start(t, Options{})
		w.Suspend("acme", true)
		if status, body, _ := w.ask("GET", "/api/v1/notifications", nil); status != 403 || !strings.Contains(body, "Your login is currently disabled") {
			t.Errorf("%d %s", status, body)
		}
	})
	t.Run("a token taken back", func(t *testing.T) {
		w := start(t, Options{})
		w.Revoke(w.token)
		if status, body, _ := w.ask("GET", "/api/v1/notifications", nil); status != 401 || !strings.Contains(body, "was revoked") {
			t.Errorf("%d %s", status, body)
		}
	})
	t.Run("a scope too few", func(t *testing.T) {
		w := start(t, Options{})
		w.token = w.Token("acme", "read:accounts")
		if status, body, _ := w.ask("POST", "/api/v1/statuses", url.Values{"status": {"x"}}); status != 403 || !strings.Contains(body, "outside the authorized scopes") {
			t.Errorf("%d %s", status, body)
		}
	})
	t.Run("GoToSocial's 400, and its teapot", func(t *testing.T) {
		w := start(t, Options{GoToSocial: true, MaxChars: 10})
		if status, _, _ := w.ask("POST", "/api/v1/statuses", long); status != 400 {
			t.Errorf("too long gives %d", status)
		}
		if status, _, _ := w.ask("GET", "/api/v1/instance", nil, "User-Agent", ""); status != 418 {
			t.Errorf("no name gives %d", status)
		}
		if status, _, _ := w.ask("GET", "/api/v1/streaming/user", nil); status != 400 {
			t.Errorf("SSE gives %d", status)
		}
	})
}

func TestPagesGoForwardAndBack(t *testing.T) {
	for name, o := range map[string]Options{"Mastodon": {}, "GoToSocial": {GoToSocial: true}} {
		t.Run(name, func(t *testing.T) {
			w := start(t, o)
			for k := range 10 {
				w.Say("ann", fmt.Sprint("@acme ", k), SayOptions{})
			}
			page := func(q string) (texts []string, ids []string, link string) {
				_, body, h := w.ask("GET", "/api/v1/notifications?limit=3&types[]=mention"+q, nil)
				var list []struct {
					ID     string
					Status struct{ Content string }
				}
				if err := json.Unmarshal([]byte(body), &list); err != nil {
					t.Fatal(err)
				}
				for _, n := range list {
					c := strings.TrimSuffix(n.Status.Content, "</p>")
					texts, ids = append(texts, c[len(c)-1:]), append(ids, n.ID)
				}
				return texts, ids, h.Get("Link")
			}
			newest, ids, link := page("")
			if fmt.Sprint(newest) != "[9 8 7]" || !strings.Contains(link, "max_id="+ids[2]+`&types%5B%5D=mention>; rel="next"`) || !strings.Contains(link, "min_id="+ids[0]) {
				t.Errorf("newest %v, Link %s", newest, link)
			}
			older, _, _ := page("&max_id=" + ids[2])
			all, _, _ := page("&min_id=0")
			gap, _, _ := page("&since_id=0")
			if fmt.Sprint(older, all, gap) != "[6 5 4] [2 1 0] [9 8 7]" {
				t.Errorf("max_id %v, min_id %v, since_id %v", older, all, gap)
			}
			if none, _, link := page("&min_id=" + ids[0]); len(none) != 0 || link != "" {
				t.Errorf("after the newest: %v, Link %q", none, link)
			}
		})
	}
}

func TestTheLimitIsToldAndKept(t *testing.T) {
	w := start(t, Options{RateLimit: 3})
	for k := range 3 {
		status, _, h := w.ask("GET", "/api/v1/notifications", nil)
		if status != 200 || h.Get("X-RateLimit-Remaining") != fmt.Sprint(2-k) || h.Get("X-RateLimit-Reset") != "2026-10-08T09:05:00.000000Z" {
			t.Errorf("call %d: %d %v", k, status, h)
		}
	}
	if status, body, _ := w.ask("GET", "/api/v1/notifications", nil); status != 429 || !strings.Contains(body, "Too many requests") {
		t.Errorf("the fourth: %d %s", status, body)
	}
	w.advance(5 * time.Minute)
	if status, _, _ := w.ask("GET", "/api/v1/notifications", nil); status != 200 {
		t.Errorf("five minutes later: %d", status)
	}
}

func TestStreamsDoNotReplay(t *testing.T) {
	w := start(t, Options{})
	w.Say("ann", "@acme before", SayOptions{})
	r, _ := http.NewRequestWithContext(t.Context(), "GET", w.url+"/api/v1/streaming/user", nil)
	r.Header.Set("Authorization", "Bearer "+w.token)
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	got := bytes.NewBuffer(nil)
	chunk := make([]byte, 1<<16)
	for !strings.Contains(got.String(), ":)") {
		n, err := a.Body.Read(chunk)
		if got.Write(chunk[:n]); err != nil {
			t.Fatal(err)
		}
	}
	w.Say("ann", "@acme after", SayOptions{})
	for !strings.Contains(got.String(), "after") {
		n, err := a.Body.Read(chunk)
		if got.Write(chunk[:n]); err != nil {
			t.Fatal(err)
		}
	}
	if s := got.String(); strings.Contains(s, "before") || !strings.Contains(s, "event: notification\ndata: {") {
		t.Errorf("the stream said %q", s)
	}
}

func TestPrivateWordsAreForTheNamedOnly(t *testing.T) {
	w := start(t, Options{})
	w.Follow("fan", "acme")
	direct := w.Say("ann", "@acme psst", SayOptions{Visibility: "direct"})
	_, own, _ := w.ask("POST", "/api/v1/statuses", url.Values{"status": {"for friends"}, "visibility": {"private"}})
	for who, sees := range map[string][2]bool{"acme": {true, true}, "ann": {true, false}, "fan": {false, true}, "eve": {false, false}} {
		w.token = w.Token(who)
		for k, id := range []string{direct, id(own)} {
			status, _, _ := w.ask("GET", "/api/v1/statuses/"+id, nil)
			if (status == 200) != sees[k] {
				t.Errorf("%s and status %d: %d", who, k, status)
			}
		}
	}
	if e := w.Record.Entries()[0]; !e.Private || e.Kind != far.Post {
		t.Errorf("entered as %+v", e)
	}
}

func TestAParkedRequestKeepsItsOldID(t *testing.T) {
	w := start(t, Options{}) // a new account's policy parks strangers' private words
	w.Say("ann", "@acme psst", SayOptions{Visibility: "direct"})
	w.Say("bea", "@acme hello", SayOptions{})
	count := func(q string) int {
		var list []any
		_, body, _ := w.ask("GET", "/api/v1/notifications"+q, nil)
		_ = json.Unmarshal([]byte(body), &list)
		return len(list)
	}
	if n, all := count(""), count("?include_filtered=true"); n != 1 || all != 2 {
		t.Errorf("%d shown, %d with what is parked", n, all)
	}
	_, body, _ := w.ask("GET", "/api/v1/notifications/requests", nil)
	var list []struct {
		ID    string
		Count string `json:"notifications_count"`
	}
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list) != 1 || list[0].Count != "1" {
		t.Fatalf("requests: %s", body)
	}
	if status, _, _ := w.ask("POST", "/api/v1/notifications/requests/"+list[0].ID+"/accept", url.Values{}); status != 200 || count("") != 2 {
		t.Errorf("accepting gives %d, then %d are shown", status, count(""))
	}
	if _, body, _ := w.ask("GET", "/api/v2/notifications/policy", nil); !strings.Contains(body, `"for_private_mentions":"filter"`) || !strings.Contains(body, `"pending_requests_count":0`) {
		t.Errorf("policy %s", body)
	}
}

func TestPKCEIsHeldTo(t *testing.T) {
	w := start(t, Options{})
	_, body, _ := w.ask("POST", "/api/v1/apps", url.Values{"client_name": {"x"}, "redirect_uris": {outOfBand}, "scopes": {"read"}}, "Authorization", "")
	var app struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	_ = json.Unmarshal([]byte(body), &app)
	consent := url.Values{"response_type": {"code"}, "client_id": {app.ID}, "redirect_uri": {outOfBand}, "scope": {"read"}}
	code := func(more ...string) string {
		for k := 0; k+1 < len(more); k += 2 {
			consent.Set(more[k], more[k+1])
		}
		_, page, _ := w.ask("POST", "/oauth/authorize", consent)
		_, rest, _ := strings.Cut(page, "<code>")
		c, _, _ := strings.Cut(rest, "</code>")
		return c
	}
	trade := func(code, verifier string) int {
		status, _, _ := w.ask("POST", "/oauth/token", url.Values{"grant_type": {"authorization_code"}, "code": {code}, "client_id": {app.ID},
			"client_secret": {app.Secret}, "redirect_uri": {outOfBand}, "code_verifier": {verifier}}, "Authorization", "")
		return status
	}
	// The pair is that of RFC 7636, appendix B.
	challenge, verifier := "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	c := code("code_challenge", challenge, "code_challenge_method", "S256")
	if got := trade(c, "wrong"); got != 400 {
		t.Errorf("a wrong verifier gives %d", got)
	}
	if got := trade(c, verifier); got != 200 {
		t.Errorf("the right one gives %d", got)
	}
	if got := trade(c, verifier); got != 400 {
		t.Errorf("a code used twice gives %d", got)
	}
	if status, _, _ := w.ask("POST", "/oauth/authorize", url.Values{"response_type": {"code"}, "client_id": {app.ID}, "redirect_uri": {outOfBand},
		"code_challenge": {challenge}, "code_challenge_method": {"plain"}}); status != 400 {
		t.Errorf("a plain challenge gives %d", status)
	}
	if status, _, _ := w.ask("GET", "/oauth/authorize?response_type=code&scope=write&redirect_uri="+url.QueryEscape(outOfBand)+"&client_id="+app.ID, nil); status != 400 {
		t.Errorf("more than was registered gives %d", status)
	}
	late := code("code_challenge", challenge, "code_challenge_method", "S256")
	w.advance(11 * time.Minute)
	if got := trade(late, verifier); got != 400 {
		t.Errorf("an old code gives %d", got)
	}
}

func TestBrowsersFindWhatLinksPromise(t *testing.T) {
	w := start(t, Options{})
	id := w.Say("ann", "@acme <script>hello</script>", SayOptions{})
	secret := w.Say("ann", "@acme psst", SayOptions{Visibility: "direct"})
	if status, body, _ := w.ask("GET", "/@ann/"+id, nil); status != 200 || !strings.Contains(body, "&lt;script&gt;hello") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, _ := w.ask("GET", "/@ann/"+secret, nil); status != 404 {
		t.Errorf("a private status is shown with %d", status)
	}
	if status, body, _ := w.ask("GET", "/@ann", nil); status != 200 || strings.Contains(body, "psst") {
		t.Errorf("%d %s", status, body)
	}
}
