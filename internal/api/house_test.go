package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"switchboard/internal/clock"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
	"switchboard/internal/writing"
)

const password = "correct horse battery"

var monday = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// house is a whole server on a real database, with somebody of each role in it.
type house struct {
	*Server
	clock  *clock.Pretend
	log    *lockedBuffer
	server *httptest.Server
	people map[string]staff.Person // by the name of the role; "foreign" is a member of another department
	stop   context.CancelFunc
}

func openHouse(t testing.TB, s *store.Store, prepare ...func(*Server)) *house {
	t.Helper()
	c := clock.At(monday)
	log := &lockedBuffer{}
	h := &house{clock: c, log: log, people: map[string]staff.Person{}}
	people := &staff.Staff{Store: s, Now: c.Now, Log: slog.New(slog.DiscardHandler),
		Hashing: &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}}
	h.Server = &Server{Store: s, Staff: people, Writing: &writing.Book{Store: s, Now: c.Now}, Now: c.Now, Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})), Version: "1.2.3"}
	for _, f := range prepare {
		f(h.Server)
	}
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan struct{})
	h.server = httptest.NewServer(h.Handler())
	go func() { h.Run(ctx); close(ran) }()
	h.stop = stop
	t.Cleanup(func() { stop(); <-ran; h.server.CloseClientConnections(); h.server.Close() })
	return h
}

// furnish sets the house up and puts somebody of each role in.
func (h *house) furnish(t testing.TB) *house {
	t.Helper()
	ctx := context.Background()
	ann, err := h.Staff.Furnish(ctx, staff.House{Name: "Ann", Email: "administrator@acme.example", Password: password, Template: "split",
		Organisation: staff.Organisation{Name: "ACME", PublicURL: h.server.URL, Zone: "Europe/Berlin", Locale: "en-GB"}})
	if err != nil {
		t.Fatal(err)
	}
	h.people["administrator"] = ann
	for _, role := range staff.Roles()[1:] {
		h.hire(t, string(role), role, "Sales")
	}
	h.hire(t, "foreign", staff.Member, "Accounts")
	return h
}

func (h *house) hire(t testing.TB, name string, role staff.Role, in string) staff.Person {
	t.Helper()
	p, err := h.Staff.AddPerson(context.Background(), staff.Machine(), staff.Person{Name: name, Email: name + "@acme.example", Role: role,
		Departments: []staff.DepartmentID{h.department(t, in)}}, password)
	if err != nil {
		t.Fatal(err)
	}
	h.people[name] = p
	return p
}

func (h *house) department(t testing.TB, name string) staff.DepartmentID {
	t.Helper()
	r, err := h.Staff.Roster(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.Departments() {
		if d.Name == name {
			return d.ID
		}
	}
	t.Fatalf("no department %q", name)
	return 0
}

// one is a furnished house on SQLite.
func one(t testing.TB, prepare ...func(*Server)) *house {
	return openHouse(t, storetest.Open(t, storetest.SQLite(t)), prepare...).furnish(t)
}

// browser is somebody's browser.
type browser struct {
	t      testing.TB
	h      *house
	client *http.Client
	header http.Header
}

func (h *house) browser(t testing.TB) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, h, &http.Client{Jar: jar, Transport: h.server.Client().Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, http.Header{"Sec-Fetch-Site": {"same-origin"}}}
}

// as is the browser of somebody who has signed in.
func (h *house) as(t testing.TB, name string) *browser {
	t.Helper()
	b := h.browser(t)
	if a := b.do("POST", "/api/session", map[string]string{"email": name + "@acme.example", "password": password}); a.status != 200 {
		t.Fatalf("%s can't sign in: %d %s", name, a.status, a.body)
	}
	return b
}

// with is a program with an API key.
func (h *house) with(t testing.TB, key string) *browser {
	b := h.browser(t)
	b.header = http.Header{"Authorization": {"Bearer " + key}}
	return b
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// is reads the answer into v.
func (r reply) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(r.body, v); err != nil {
		t.Fatalf("%d %s: %v", r.status, r.body, err)
	}
}

func (r reply) detail() string {
	var p struct{ Detail string }
	_ = json.Unmarshal(r.body, &p)
	return p.Detail
}

func (b *browser) do(method, path string, v any, header ...string) reply {
	b.t.Helper()
	var in io.Reader
	switch v := v.(type) {
	case nil:
	case string:
		in = strings.NewReader(v)
	case []byte:
		in = bytes.NewReader(v)
	default:
		j, err := json.Marshal(v)
		if err != nil {
			b.t.Fatal(err)
		}
		in = bytes.NewReader(j)
	}
	r, err := http.NewRequest(method, b.h.server.URL+path, in)
	if err != nil {
		b.t.Fatal(err)
	}
	for k, list := range b.header {
		r.Header[k] = list
	}
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for k := 0; k+1 < len(header); k += 2 {
		if header[k] == "Host" {
			r.Host = header[k+1]
		}
		r.Header.Set(header[k], header[k+1])
	}
	a, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return reply{a.StatusCode, a.Header, body}
}

// cookies are what the browser keeps for us of a session: that by which it is known stays when one signs out.
func (b *browser) cookies() []*http.Cookie {
	u, _ := url.Parse(b.h.server.URL)
	return slices.DeleteFunc(b.client.Jar.Cookies(u), func(k *http.Cookie) bool { return k.Name == "switchboard-device" })
}

// lockedBuffer is a log that several goroutines write.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}
