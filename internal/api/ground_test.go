package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	h := one(t, func(s *Server) {
		s.UI = fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}, "assets/app-1a2b.js": {Data: []byte("1")}, "logo.svg": {Data: []byte("<svg/>")}}
	})
	b := h.as(t, "administrator")
	for _, path := range []string{"/", "/inbox/deep/address", "/assets/app-1a2b.js", "/assets/none.js", "/logo.svg", "/.keep", "/healthz", "/api", "/api/", "/api/none", "/api/people",
		"/api/people/nonsense", "/api/session", "/api/openapi.json", "/api/docs", "/api/docs/docs.js", "/api/docs/none", "/hook/none", "/debug/pprof/", "/metrics", "/.git/config", "/%2e%2e/etc/passwd"} {
		for _, who := range []*browser{b, h.browser(t)} {
			a := who.do("GET", path, nil)
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"} {
				if got := a.header.Get(name); got != want {
					t.Errorf("%s: %s is %q", path, name, got)
				}
			}
			csp := a.header.Get("Content-Security-Policy")
			if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "script-src 'unsafe") || strings.Contains(csp, "*") {
				t.Errorf("%s: the policy is %q", path, csp)
			}
			if len(a.body) > 0 && a.header.Get("Content-Type") == "" || strings.HasPrefix(a.header.Get("Content-Type"), "text/") && !strings.Contains(a.header.Get("Content-Type"), "charset=utf-8") {
				t.Errorf("%s: the type is %q", path, a.header.Get("Content-Type"))
			}
			if strings.HasPrefix(path, "/api/") && !strings.Contains(a.header.Get("Cache-Control"), "no-") {
				t.Errorf("%s: Cache-Control is %q", path, a.header.Get("Cache-Control"))
			}
			if a.status >= 500 {
				t.Errorf("%s: %d", path, a.status)
			}
		}
	}
}

// What is for those inside is not served: an address that leads nowhere is the program of the browser, or nothing.
func TestNothingOfTheInsideIsServed(t *testing.T) {
	page := "<!doctype html>the page"
	h := one(t, func(s *Server) {
		s.UI = fstest.MapFS{"index.html": {Data: []byte(page)}, "assets/app-1a2b.js": {Data: []byte("1")}}
	})
	for _, path := range []string{"/debug/pprof/", "/debug/pprof/heap", "/debug/vars", "/metrics", "/.git/config", "/.git/HEAD", "/.env", "/assets/", "/assets", "/switchboard.db", "/keys",
		"/server-status", "/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/internal/api/server.go", "/api/metrics", "/api/debug/pprof/"} {
		for name, who := range map[string]*browser{"a stranger": h.browser(t), "an administrator": h.as(t, "administrator")} {
			a := who.do("GET", path, nil)
			if a.status == 200 && string(a.body) != page {
				t.Errorf("%s gets %s: %.80q", name, path, a.body)
			}
		}
	}
}

func TestTheWebUIIsServed(t *testing.T) {
	h := one(t, func(s *Server) {
		s.UI = fstest.MapFS{"index.html": {Data: []byte("<!doctype html>the page")}, "assets/app-1a2b.js": {Data: []byte(strings.Repeat("let a = 1;\n", 500))}}
	})
	b := h.browser(t)
	for path, want := range map[string][3]string{
		"/":                       {"200", "text/html; charset=utf-8", "no-cache"},
		"/conversations/abc":      {"200", "text/html; charset=utf-8", "no-cache"},
		"/assets/app-1a2b.js":     {"200", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		"/assets/gone.js":         {"404", "application/problem+json", "no-store"},
		"/assets/../index.html":   {"200", "text/html; charset=utf-8", "no-cache"},
		"/api/conversations-none": {"404", "application/problem+json", "no-store"},
	} {
		a := b.do("GET", path, nil)
		if a.status == 307 || a.status == 301 { // the mux cleans the address
			a = b.do("GET", a.header.Get("Location"), nil)
		}
		if got := [3]string{fmt.Sprint(a.status), a.header.Get("Content-Type"), a.header.Get("Cache-Control")}; got != want {
			t.Errorf("%s: %q; want %q", path, got, want)
		}
	}
	raw := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	q, _ := http.NewRequest("GET", h.server.URL+"/assets/app-1a2b.js", nil)
	q.Header.Set("Accept-Encoding", "gzip, br")
	a, err := raw.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	defer raw.CloseIdleConnections()
	if a.Header.Get("Content-Encoding") != "gzip" || a.ContentLength > 500 {
		t.Errorf("encoded %q, %d bytes", a.Header.Get("Content-Encoding"), a.ContentLength)
	}
}

// What was compressed when it was built is served to those who take it as it lies, and to others as it was.
func TestFilesCompressedWhenBuilt(t *testing.T) {
	code := strings.Repeat("export const answer = 42;\n", 100)
	var small bytes.Buffer
	z := gzip.NewWriter(&small)
	_, _ = z.Write([]byte(code))
	_ = z.Close()
	h := one(t, func(s *Server) {
		s.UI = fstest.MapFS{"assets/app-1.js.gz": {Data: small.Bytes()}, "assets/broken-1.js.gz": {Data: []byte("no gzip")}}
	})
	b := h.browser(t)
	for encoding, want := range map[string]string{"gzip": small.String(), "identity": code} {
		a := b.do("GET", "/assets/app-1.js", nil, "Accept-Encoding", encoding)
		if got := string(a.body); got != want || a.header.Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("%s: %d, %s, %d bytes", encoding, a.status, a.header.Get("Content-Type"), len(got))
		}
	}
	if a := b.do("GET", "/assets/broken-1.js", nil, "Accept-Encoding", "identity"); a.status != http.StatusNotFound {
		t.Errorf("what can't be unpacked: %d", a.status)
	}
}

// Who comes with a session is told at once which files the screen needs; who has none is not.
func TestThePageNamesTheFilesOfItsScreen(t *testing.T) {
	h := one(t, func(s *Server) {
		s.UI = fstest.MapFS{
			"index.html": {Data: []byte(`<!doctype html><head><script src="/assets/index-1.js"></script></head>the page`)},
			".vite/manifest.json": {Data: []byte(`{"index.html": {"file": "assets/index-1.js"},
				"` + inboxFile + `": {"file": "assets/inbox-1.js", "css": ["assets/inbox-1.css"], "imports": ["index.html", "_rows.js"]},
				"_rows.js": {"file": "assets/rows-1.js", "imports": ["` + inboxFile + `"]},
				"` + conversationFile + `": {"file": "assets/pane-1.js", "imports": ["_rows.js"]}}`)},
		}
	})
	inside, outside := h.as(t, "member"), h.browser(t)
	for path, want := range map[string]string{
		"/": "inbox css rows", "/inbox/all": "inbox css rows", "/inbox/all/06y": "inbox css rows pane", "/conversations/06y": "inbox css rows pane",
		"/people": "", "/inbox/all/06y/more": "", "/conversations": "",
	} {
		var got []string
		page := string(inside.do("GET", path, nil).body)
		for _, f := range [][2]string{{"inbox", `modulepreload" crossorigin href="/assets/inbox-1.js`}, {"css", `as="style" crossorigin href="/assets/inbox-1.css`},
			{"rows", "/assets/rows-1.js"}, {"pane", "/assets/pane-1.js"}} {
			if strings.Count(page, f[1]) == 1 {
				got = append(got, f[0])
			}
		}
		if strings.Join(got, " ") != want || strings.Count(page, "index-1.js") != 1 || !strings.HasSuffix(page, "</head>the page") {
			t.Errorf("%s: %q; want %q\n%s", path, got, want, page)
		}
		if page := string(outside.do("GET", path, nil).body); strings.Contains(page, "preload") {
			t.Errorf("%s without a session: %s", path, page)
		}
	}
}

func TestWhatIsNotDoneHereIsSaid(t *testing.T) {
	h := one(t)
	b := h.as(t, "member")
	for _, tt := range []struct {
		method, path string
		want         int
	}{
		{"TRACE", "/api/session", 405}, {"OPTIONS", "/api/people", 405}, {"PUT", "/api/people", 405}, {"POST", "/", 405}, {"DELETE", "/api/none", 404}, {"PATCH", "/api/openapi.json", 405},
	} {
		a := b.do(tt.method, tt.path, nil)
		if a.status != tt.want || tt.want == 405 && a.header.Get("Allow") == "" {
			t.Errorf("%s %s: %d, Allow %q", tt.method, tt.path, a.status, a.header.Get("Allow"))
		}
		if strings.Contains(string(a.body), "switchboard_test") || strings.Contains(string(a.body), "Cookie") {
			t.Errorf("%s %s sends back what was sent: %s", tt.method, tt.path, a.body)
		}
	}
}

func TestAnErrorOfOursShowsANumberAndNothingElse(t *testing.T) {
	var log lockedBuffer
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)))
	for name, tt := range map[string]struct {
		err    error
		status int
	}{
		"a fault of the program": {errors.New(`SELECT secret FROM /var/lib: password=hunter2 goroutine 7`), 500},
		"one wrapped":            {fmt.Errorf("person x: %w", errors.New("upstream said hunter2")), 500},
		"time ran out":           {context.DeadlineExceeded, 503},
		"the database is away":   {pgDown{}, 503},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := h.fault(context.Background(), tt.err)
			if p.Status != tt.status || strings.Contains(p.Detail, "hunter2") || strings.Contains(p.Detail, "SELECT") || strings.Contains(p.Detail, "/var") {
				t.Errorf("%+v", p)
			}
			number := strings.TrimPrefix(p.Instance, "urn:switchboard:incident:")
			if len(number) != 13 || !strings.Contains(p.Detail, number) || !strings.Contains(h.log.String(), number) {
				t.Errorf("the number %q is not in the answer and the log", number)
			}
		})
	}
	_ = &log
}

// pgDown is what the driver says when the server shuts down.
type pgDown struct{}

func (pgDown) Error() string    { return "FATAL: terminating connection" }
func (pgDown) SQLState() string { return "57P01" }

func TestAPanicIsAnIncident(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)))
	w := httptest.NewRecorder()
	h.logged(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("hunter2") })).ServeHTTP(w, httptest.NewRequest("GET", "/api/x", nil))
	if w.Code != 500 || strings.Contains(w.Body.String(), "hunter2") || !strings.Contains(h.log.String(), "hunter2") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestKindsOfErrorHaveTheirStatus(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)))
	for kind, want := range map[fault.Kind]int{fault.Invalid: 422, fault.NotFound: 404, fault.Conflict: 409, fault.Forbidden: 403, fault.Unavailable: 503, fault.Unsigned: 401, fault.TooMany: 429} {
		if p, _ := h.fault(context.Background(), fault.New(kind, "this is so")); p.Status != want || p.Detail != "This is so." {
			t.Errorf("kind %d: %d %q", kind, p.Status, p.Detail)
		}
	}
	p, _ := h.fault(context.Background(), fault.In("name", "this must not be empty"))
	if len(p.Errors) != 1 || p.Errors[0].Location != "body.name" {
		t.Errorf("%+v", p.Errors)
	}
	_, header := h.fault(context.Background(), staff.TooOften("too often", 90*time.Second))
	if header.Get("Retry-After") != "90" {
		t.Errorf("Retry-After %q", header.Get("Retry-After"))
	}
}

func TestNamesCannotForgeLinesOfTheLog(t *testing.T) {
	h := one(t)
	b := h.as(t, "administrator")
	forged := "Bob\nlevel=ERROR msg=forged\x1b[31m"
	if a := b.do("PATCH", "/api/people/"+h.people["member"].ID.String(), map[string]string{"name": forged}); a.status != 422 {
		t.Errorf("such a name is taken: %d", a.status)
	}
	b.do("GET", "/api/people?q=%0Alevel%3DERROR%20msg%3Dforged", nil)
	b.do("GET", "/api/%0Alevel=ERROR%20msg=forged", nil)
	b.do("GET", "/api/people", nil, "User-Agent", "x level=ERROR msg=forged", "X-Forwarded-For", "1.1.1.1 level=ERROR msg=forged")
	h.Log.Info("told", "name", forged) // what a feature might log
	for line := range strings.Lines(h.log.String()) {
		if strings.HasPrefix(line, "level=ERROR msg=forged") || strings.Contains(line, "\x1b") {
			t.Errorf("a forged line: %q", line)
		}
	}
}

func TestSecretsAreNotInTheLog(t *testing.T) {
	h := one(t)
	b := h.as(t, "administrator")
	var made NewKey
	b.do("POST", "/api/keys", map[string]any{"name": "k", "scopes": []string{"read"}}, "Idempotency-Key", "marker-idem-1").into(t, &made)
	h.with(t, made.Secret).do("GET", "/api/people", nil)
	h.with(t, "sbk_marker-wrong-key").do("GET", "/api/people", nil)
	b.do("POST", "/api/session", map[string]string{"email": "marker@x.example", "password": "marker-password-1"})
	b.do("POST", "/api/session", map[string]any{"email": "marker@x.example", "password": 12345678901})
	b.do("POST", "/api/password", map[string]string{"current": "marker-password-2", "next": "marker-password-3"})
	a := b.do("POST", "/api/session", `{"email":"a","password":{"marker-password-4":1}}`)
	if strings.Contains(string(a.body), "marker") {
		t.Errorf("a refusal sends the password back: %s", a.body)
	}
	log := h.log.String()
	for _, secret := range []string{made.Secret, "marker-password", "sbk_", password, b.cookies()[0].Value} {
		if strings.Contains(log, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	var n int
	err := h.Store.Read().QueryRowContext(context.Background(), `SELECT count(*) FROM idempotency WHERE CAST(body AS TEXT) LIKE '%sbk_%'`).Scan(&n)
	if err != nil || n != 0 {
		t.Errorf("the key's secret is kept for repeats: %d, %v", n, err)
	}
}

func TestAPageOfAnotherSiteChangesNothing(t *testing.T) {
	h := one(t)
	b := h.as(t, "administrator")
	before := version(t, h)
	for _, r := range h.list {
		if !r.changes() {
			continue
		}
		path := strings.NewReplacer("{id}", h.people["member"].ID.String(), "{absence}", h.people["member"].ID.String()).Replace(r.Path)
		for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Site", "", "Origin", "https://evil.example"}, {"Sec-Fetch-Site", "", "Origin", "null"}} {
			if a := b.do(r.Method, path, map[string]string{}, header...); a.status != 403 {
				t.Errorf("%s %s with %v: %d", r.Method, r.Path, header, a.status)
			}
		}
	}
	if after := version(t, h); after != before {
		t.Errorf("the staff went from version %d to %d", before, after)
	}
	b.header.Del("Sec-Fetch-Site")
	if a := b.do("PUT", "/api/session/presence", map[string]string{"presence": "away"}, "Origin", h.server.URL); a.status != 200 {
		t.Errorf("our own page without Sec-Fetch-Site: %d", a.status)
	}
}

func version(t *testing.T, h *house) int64 {
	t.Helper()
	r, err := h.Staff.Roster(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return r.Version()
}

func TestOneOverTheLimitIsToldToWait(t *testing.T) {
	h := one(t)
	b := h.browser(t)
	for n := range 30 {
		if a := b.do("GET", "/api/invitation", nil, "Invitation-Token", "guess"); a.status != 404 {
			t.Fatalf("guess %d: %d", n, a.status)
		}
	}
	a := b.do("GET", "/api/invitation", nil, "Invitation-Token", "guess")
	if a.status != 429 || a.header.Get("Retry-After") == "" || !strings.Contains(a.detail(), "try again in") {
		t.Errorf("one over: %d %s", a.status, a.body)
	}
	h.clock.Add(3 * time.Second)
	if a := b.do("GET", "/api/invitation", nil, "Invitation-Token", "guess"); a.status != 404 {
		t.Errorf("after a pause: %d", a.status)
	}
}

func TestSearchAndInvitationsAndSignInHaveLimits(t *testing.T) {
	s := &Server{Now: time.Now}
	s.Handler()
	for _, name := range []string{"sign-in", "change-password", "setup", "set-up", "invited", "join", "invite", "ask-reset", "resetting", "reset", "make-reset", "search", "candidates", "upload", "check-settings", "connect-account", "check-account", "test-account"} {
		found := false
		for _, r := range s.list {
			found = found || r.Name == name && r.Limit.n > 0
		}
		if !found {
			t.Errorf("%s has no limit", name)
		}
	}
}

func TestARepeatedWriteIsDoneOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHouse(t, s).furnish(t)
		b := h.as(t, "administrator")
		first := b.do("POST", "/api/departments", map[string]string{"name": "Logistics"}, "Idempotency-Key", "k1")
		if first.status != 200 {
			t.Fatalf("%d %s", first.status, first.body)
		}
		again := b.do("POST", "/api/departments", map[string]string{"name": "Logistics"}, "Idempotency-Key", "k1")
		if again.status != 200 || string(again.body) != string(first.body) || again.header.Get("Content-Type") != first.header.Get("Content-Type") {
			t.Errorf("again: %d %s", again.status, again.body)
		}
		if a := b.do("POST", "/api/departments", map[string]string{"name": "Legal"}, "Idempotency-Key", "k1"); a.status != 409 || !strings.Contains(string(a.body), `"urn:switchboard:problem:key-used"`) {
			t.Errorf("the same key for something else: %d", a.status)
		}
		if a := h.as(t, "manager").do("POST", "/api/departments", map[string]string{"name": "Legal"}, "Idempotency-Key", "k1"); a.status != 200 {
			t.Errorf("another's same key: %d", a.status)
		}
		if a := b.do("POST", "/api/departments", map[string]string{"name": ""}, "Idempotency-Key", "k2"); a.status != 422 {
			t.Errorf("a refusal: %d", a.status)
		}
		if a := b.do("POST", "/api/departments", map[string]string{"name": "Fleet"}, "Idempotency-Key", "k2"); a.status != 200 {
			t.Errorf("a key whose first use was refused is not free: %d", a.status)
		}
		if a := b.do("POST", "/api/departments", map[string]string{"name": "X"}, "Idempotency-Key", strings.Repeat("k", 101)); a.status != 400 {
			t.Errorf("a key of 101 characters: %d", a.status)
		}
		if a := b.do("DELETE", "/api/invitations/"+h.people["member"].ID.String(), nil, "Idempotency-Key", "k3"); a.status != 404 {
			t.Errorf("%d", a.status)
		}
		b.do("POST", "/api/keys", map[string]any{"name": "k", "scopes": []string{"read"}}, "Idempotency-Key", "k4")
		if a := b.do("POST", "/api/keys", map[string]any{"name": "k", "scopes": []string{"read"}}, "Idempotency-Key", "k4"); a.status != 409 || strings.Contains(string(a.body), "sbk_") {
			t.Errorf("a secret is shown again: %d %s", a.status, a.body)
		}
	})
}

func TestAHundredClicksAtOnceAreOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := openHouse(t, s).furnish(t)
		b := h.as(t, "administrator")
		var clicks sync.WaitGroup
		answers := make([]reply, 40)
		for k := range answers {
			clicks.Go(func() {
				answers[k] = b.do("POST", "/api/departments", map[string]string{"name": "Logistics"}, "Idempotency-Key", "click")
			})
		}
		clicks.Wait()
		for _, a := range answers {
			if a.status != 200 || string(a.body) != string(answers[0].body) {
				t.Errorf("%d %s", a.status, a.body)
			}
		}
	})
}

// TestARepeatOfATestWaitsForIt: a mail that is looked for takes longer than any other call.
func TestARepeatOfATestWaitsForIt(t *testing.T) {
	h := one(t, func(s *Server) { s.patience = 100 * time.Millisecond })
	b, who := h.as(t, "administrator"), h.people["administrator"].ID
	for path, want := range map[string]int{"/api/accounts/" + account.ID(1).String() + "/test": 200, "/api/accounts/" + account.ID(1).String() + "/check": 409} {
		if _, _, err := insertKey(t.Context(), h.Store, who, path, fingerprint(httptest.NewRequest("POST", path, nil), nil), h.Now()); err != nil {
			t.Fatal(err)
		}
		kept := make(chan error)
		time.AfterFunc(300*time.Millisecond, func() {
			kept <- keepAnswer(context.Background(), h.Store, who, path, 200, "application/json", []byte(`{"detail":"It was sent."}`))
		})
		if a := b.do("POST", path, nil, "Idempotency-Key", path); a.status != want || want == 200 && !strings.Contains(string(a.body), "It was sent.") {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
		if err := <-kept; err != nil {
			t.Error(err)
		}
	}
}

func TestWhatBrokeOffIsNotDoneAgain(t *testing.T) {
	h := one(t, func(s *Server) { s.patience = 100 * time.Millisecond })
	b := h.as(t, "administrator")
	r := httptest.NewRequest("POST", "/api/departments", nil)
	body := []byte(`{"name":"Logistics"}`)
	if _, _, err := insertKey(context.Background(), h.Store, h.people["administrator"].ID, "dead", fingerprint(r, body), h.Now()); err != nil {
		t.Fatal(err)
	}
	a := b.do("POST", "/api/departments", body, "Idempotency-Key", "dead")
	if a.status != 409 || !strings.Contains(a.detail(), "Look whether it was done") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if err := forgetAnswers(context.Background(), h.Store, h.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if a := b.do("POST", "/api/departments", body, "Idempotency-Key", "dead"); a.status != 200 {
		t.Errorf("after a day: %d", a.status)
	}
}

func TestAfterAnErrorOfOursARepeatIsNotDoneBlindly(t *testing.T) {
	h := one(t, func(s *Server) { s.patience = 100 * time.Millisecond })
	b := h.as(t, "administrator")
	calls, fail := 0, errors.New("the line broke while it was committed")
	h.Staff.Retired = func(context.Context, *store.Tx, staff.Actor, staff.DepartmentID, staff.DepartmentID) error {
		calls++
		return fail
	}
	path := "/api/departments/" + h.department(t, "Sales").String()
	if a := b.do("DELETE", path, nil, "Idempotency-Key", "k"); a.status != 500 || !strings.Contains(a.detail(), "Look whether it was done") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := b.do("DELETE", path, nil, "Idempotency-Key", "k"); a.status != 409 || calls != 1 || !strings.Contains(string(a.body), `"urn:switchboard:problem:broken-off"`) {
		t.Errorf("the repeat: %d, done %d times", a.status, calls)
	}
	fail = fault.New(fault.Unavailable, "not now")
	if a := b.do("DELETE", path, nil, "Idempotency-Key", "other"); a.status != 503 {
		t.Errorf("a clear no: %d", a.status)
	}
	fail = nil
	if a := b.do("DELETE", path, nil, "Idempotency-Key", "other"); a.status != 204 {
		t.Errorf("after it: %d %s", a.status, a.body)
	}
}

func TestDocumentsThatTwoReadersReadDifferentlyAreRefused(t *testing.T) {
	for doc, want := range map[string]string{
		`{"a":1}`: "", `[]`: "", `null`: "", `"x"`: "", `{"a":{"b":[1,{"c":null}]},"d":"e"}`: "",
		`{"a":1,"a":2}`:                    "twice",
		`{"a":1,"A":2}`:                    "twice",
		`{"x":[{"a":1,"b":2,"\u0061":3}]}`: "twice",
		`{"a":"x\u0000y"}`:                 "NUL",
		`{"a\u0000":1}`:                    "NUL",
		strings.Repeat("[", 1_000_000):     "deeper",
		strings.Repeat(`{"a":`, 100):       "deeper",
		`{"a":`:                            "breaks off",
		`{"a":1,}`:                         "malformed",
		"{\"a\":\"\xff\"}":                 "UTF-8",
		`{'a':1}`:                          "malformed",
		strings.Repeat("[", 20) + strings.Repeat("]", 20): "",
	} {
		err := strict([]byte(doc))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v; want %q", doc, err, want)
		}
	}
}

func FuzzStrict(f *testing.F) {
	f.Add([]byte(`{"a":[1,2,{"b":null}]}`))
	f.Add([]byte(`]`))
	f.Add([]byte(`{"a":1}{"a":2}`))
	f.Fuzz(func(_ *testing.T, b []byte) { _ = strict(b) })
}

func TestLimitsOnBodies(t *testing.T) {
	h := one(t)
	b := h.as(t, "administrator")
	if a := b.do("POST", "/api/departments", `{"name":"`+strings.Repeat("x", 2<<20)+`"}`); a.status != 413 {
		t.Errorf("two megabytes: %d", a.status)
	}
	if a := b.do("POST", "/api/departments", `{"name":"x"}`, "Content-Type", "text/plain"); a.status != 415 {
		t.Errorf("as text/plain: %d", a.status)
	}
	if a := b.do("POST", "/api/departments", `name=x`, "Content-Type", "application/x-www-form-urlencoded"); a.status != 415 {
		t.Errorf("as a form: %d", a.status)
	}
	if a := b.do("POST", "/api/departments", `{"name":"x","owner":"me"}`); a.status != 422 {
		t.Errorf("an unknown field: %d", a.status)
	}
	if a := b.do("GET", "/api/people?unknown=1", nil); a.status != 422 {
		t.Errorf("an unknown question: %d", a.status)
	}
	if a := b.do("GET", "/api/people?q=%00", nil); a.status != 400 {
		t.Errorf("NUL in the address: %d", a.status)
	}
}

func TestKeysReachAsFarAsTheirScope(t *testing.T) {
	h := one(t)
	b := h.as(t, "administrator")
	key := map[string]*browser{}
	for _, scope := range []string{"read", "write", "admin"} {
		var made NewKey
		b.do("POST", "/api/keys", map[string]any{"name": scope, "scopes": []string{scope}}).into(t, &made)
		key[scope] = h.with(t, made.Secret)
	}
	for _, tt := range []struct {
		method, path           string
		body                   any
		read, write, adminWant int
	}{
		{"GET", "/api/people", nil, 200, 200, 200},
		{"PUT", "/api/session/presence", map[string]string{"presence": "here"}, 403, 200, 200},
		{"POST", "/api/departments", map[string]string{"name": "Fleet"}, 403, 403, 200},
		{"POST", "/api/invitations", map[string]string{"email": "x@acme.example", "name": "X", "role": "viewer"}, 403, 403, 200},
		{"GET", "/api/keys", nil, 403, 403, 403},
		{"POST", "/api/keys", map[string]any{"name": "wide", "scopes": []string{"admin"}}, 403, 403, 403},
		{"POST", "/api/password", map[string]string{"current": password, "next": "another good password"}, 403, 403, 403},
		{"POST", "/api/session", map[string]string{"email": "administrator@acme.example", "password": password}, 403, 403, 403},
		{"DELETE", "/api/sessions", nil, 403, 403, 403},
	} {
		for scope, want := range map[string]int{"read": tt.read, "write": tt.write, "admin": tt.adminWant} {
			if a := key[scope].do(tt.method, tt.path, tt.body); a.status != want {
				t.Errorf("%s key, %s %s: %d %s; want %d", scope, tt.method, tt.path, a.status, a.body, want)
			}
		}
	}
	narrow := key["read"]
	narrow.client.Jar = b.client.Jar // a cookie beside the key does not widen it
	if a := narrow.do("POST", "/api/departments", map[string]string{"name": "Wide"}); a.status != 403 {
		t.Errorf("a reading key beside an administrator's cookie: %d", a.status)
	}
	for _, header := range []string{"Basic YTpi", "Bearer", "Bearer x", "sbk_x", "Bearer sbk_" + strings.Repeat("a", 500)} {
		if a := h.browser(t).do("GET", "/api/people", nil, "Authorization", header); a.status != 401 {
			t.Errorf("Authorization: %s: %d", header, a.status)
		}
	}
}

func BenchmarkCallWithKey(b *testing.B) {
	h := one(b)
	a := h.as(b, "administrator")
	var made NewKey
	a.do("POST", "/api/keys", map[string]any{"name": "bench", "scopes": []string{"read"}}).into(b, &made)
	handler := h.Handler()
	q := httptest.NewRequest("GET", "/api/intents", nil)
	q.Header.Set("Authorization", "Bearer "+made.Secret)
	for b.Loop() {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, q)
		if w.Code != 200 {
			b.Fatal(w.Code, w.Body)
		}
	}
}
