package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/alexedwards/scs/v2"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/contact"
	"switchboard/internal/delivery"
	"switchboard/internal/desk"
	"switchboard/internal/id"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/store/storetest"
)

const password = "correct horse battery"

var monday = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// pretend is a channel whose far side agrees to everything.
type pretend struct{}

func (pretend) About() channel.About {
	return channel.About{Name: "pretend", Title: "Pretend", Settings: []channel.Setting{{Name: "token", Title: "Token", Kind: "secret"}}}
}
func (pretend) Open(channel.Opening) (channel.Conn, error) { return pretendConn{}, nil }

type pretendConn struct{}

func (pretendConn) Check(context.Context) (channel.Profile, error) {
	name := strings.ToLower(rand.Text()[:10])
	return channel.Profile{RemoteID: name, Handle: "@" + name, Name: name, Limits: limits}, nil
}
func (pretendConn) Close() error { return nil }
func (pretendConn) Publish(context.Context, channel.Outgoing) (channel.Receipt, error) {
	return channel.Receipt{RemoteID: rand.Text()}, nil
}

// Reply takes nothing: what is written stays with us.
func (pretendConn) Reply(context.Context, channel.Outgoing) (channel.Receipt, error) {
	return channel.Receipt{}, &channel.Trouble{Deed: channel.NotAllowed, Message: "it takes no answers"}
}
func (pretendConn) AnswersInPrivate() bool { return true }
func (pretendConn) Addresses() []string    { return []string{"help@acme.example"} }

// Test says what it says of itself.
func (pretendConn) Test(_ context.Context, key string) (channel.Tested, error) {
	return channel.Tested{RemoteID: key, Said: "A test was sent.", Seen: "It was seen.", Gone: true}, nil
}

func (pretendConn) Begin(_ context.Context, _, state string) (string, json.RawMessage, error) {
	return "https://far.example/?state=" + state, json.RawMessage(`{}`), nil
}
func (pretendConn) Finish(context.Context, string, url.Values, json.RawMessage) (json.RawMessage, error) {
	return json.RawMessage(`{}`), nil
}

var limits = channel.Limits{Text: 500, Unit: "graphemes", Media: 4}

// world is a Switchboard in which nothing happens by itself but the live feed.
type world struct {
	*app.App
	handler http.Handler
	dsn     string
	clock   *clock.Pretend
	watch   *sql.DB // one connection that sees whether another has written
	account account.ID
	n       int
}

// newWorld is one on SQLite.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := worldOn(t, storetest.SQLite(t))
	var err error
	if w.watch, err = sql.Open("sqlite", "file:"+w.dsn+"?mode=ro"); err != nil {
		t.Fatal(err)
	}
	w.watch.SetMaxOpenConns(1)
	t.Cleanup(func() { w.watch.Close() })
	return w
}

func worldOn(t testing.TB, dsn string) *world {
	t.Helper()
	w := &world{dsn: dsn, clock: clock.At(monday)}
	a, err := app.New(t.Context(), app.Options{DSN: w.dsn, Ring: secret.Random(), Now: w.clock.Now, Log: slog.New(slog.DiscardHandler), Languages: []string{"en"},
		Connectors: func(channel.Net) []channel.Connector { return []channel.Connector{pretend{}} }})
	if err != nil {
		t.Fatal(err)
	}
	w.App = a
	a.Staff.Hashing = &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	a.API.Outside = &http.Client{Transport: pictures{}}
	a.Bell.Client = a.API.Outside
	if _, err := a.Staff.Furnish(t.Context(), staff.House{Name: "Ada", Email: "ada@acme.example", Password: password, Template: "split",
		Organisation: staff.Organisation{Name: "ACME", PublicURL: "http://desk.example", Zone: "UTC"}}); err != nil {
		t.Fatal(err)
	}
	w.handler = a.API.Handler()
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan struct{})
	go func() { a.API.Run(ctx); close(ran) }()
	t.Cleanup(func() {
		stop()
		<-ran
		if err := a.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	w.account = w.newAccount(t)
	return w
}

// writes is how the database stands: version differs when anything was written meanwhile, beat when the node renewed its number,
// which it does by itself.
type writes struct{ version, beat int64 }

func (w *world) writes(t testing.TB) (n writes) {
	t.Helper()
	if err := w.watch.QueryRow(`SELECT max(seen_at) FROM node`).Scan(&n.beat); err != nil {
		t.Fatal(err)
	}
	if err := w.watch.QueryRow(`PRAGMA data_version`).Scan(&n.version); err != nil {
		t.Fatal(err)
	}
	return n
}

// wrote reports whether f had anything written. It is done again when the node renewed its number meanwhile.
func (w *world) wrote(t testing.TB, f func()) bool {
	t.Helper()
	for {
		before := w.writes(t)
		f()
		if after := w.writes(t); after.version == before.version {
			return false
		} else if after.beat == before.beat {
			return true
		}
	}
}

// translator is a language model that has one translation for everything.
type translator struct{}

func (translator) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(
		`{"choices":[{"finish_reason":"stop","message":{"content":"{\"translation\":\"Hello\"}"}}]}`))}, nil
}

// pictures is an outside in which every address is a small picture.
type pictures struct{}

func (pictures) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(picture))}, nil
}

func (w *world) tx(t testing.TB, f func(tx *store.Tx) error) {
	t.Helper()
	if err := w.Store.Tx(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func (w *world) unique() string { w.n++; return fmt.Sprintf("x%d", w.n) }

func (w *world) department(t testing.TB, name string) staff.DepartmentID {
	t.Helper()
	r, err := w.Staff.Roster(context.Background())
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

func (w *world) newDepartment(t testing.TB) staff.DepartmentID {
	t.Helper()
	name := "Department " + w.unique()
	d, err := w.Staff.AddDepartment(context.Background(), staff.Machine(), staff.DepartmentChange{Name: &name})
	if err != nil {
		t.Fatal(err)
	}
	return d.ID
}

func (w *world) hire(t testing.TB, role staff.Role, in ...staff.DepartmentID) staff.Person {
	t.Helper()
	name := string(role) + w.unique()
	p, err := w.Staff.AddPerson(context.Background(), staff.Machine(), staff.Person{Name: name, Email: name + "@acme.example", Role: role, Departments: in}, password)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (w *world) newAccount(t testing.TB) account.ID {
	t.Helper()
	name := w.unique()
	a, err := w.Book.Adopt(context.Background(), staff.Machine(), "pretend", name, channel.Profile{RemoteID: name, Handle: "@" + name, Name: name, Limits: limits}, []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

// talk is a conversation with a contact, a message and a picture.
type talk struct {
	conversation desk.ConversationID
	contact      contact.ID
	message      desk.MessageID
	media        desk.MediaID
}

func (w *world) talk(t testing.TB, in staff.DepartmentID) talk {
	t.Helper()
	next := w.Store.IDs.Next
	k := talk{desk.ConversationID(next()), contact.ID(next()), desk.MessageID(next()), desk.MediaID(next())}
	identity := contact.IdentityID(next())
	w.tx(t, func(tx *store.Tx) error {
		ctx := context.Background()
		if err := contact.Add(ctx, tx, []contact.Contact{{ID: k.contact, Name: "Kim", Standings: []string{}, CreatedAt: monday}}); err != nil {
			return err
		}
		if err := contact.AddIdentities(ctx, tx, []contact.Identity{{ID: identity, Contact: k.contact, Channel: "pretend", RemoteID: identity.String(), Handle: "@kim", Name: "Kim", Avatar: "https://far.example/kim.png"}}); err != nil {
			return err
		}
		m := desk.NewMessage(k.message, w.account, channel.Message{RemoteID: k.message.String(), Kind: channel.Post, Text: "where is my invoice", At: monday}, monday)
		m.Conversation, m.Identity = k.conversation, identity
		if err := desk.AddMessages(ctx, tx, []desk.Message{m}); err != nil {
			return err
		}
		if err := desk.AddMedia(ctx, tx, []desk.Media{{ID: k.media, Message: k.message, Media: channel.Media{Type: "image/png", Name: "a.png", URL: "https://far.example/a.png"}}}); err != nil {
			return err
		}
		return desk.Save(ctx, tx, desk.Change{Is: desk.Conversation{ID: k.conversation, Account: w.account, Contact: k.contact, Thread: k.message.String(), State: desk.Open, Department: in, Intents: []string{"billing"},
			Needs: "must", Tags: []string{}, Messages: 1, LastMessage: k.message, LastAt: monday, LastInAt: monday, OpenedAt: monday, Decision: desk.Decision{Department: in, By: "map", Reasons: []string{}}}})
	})
	return k
}

// delivery is an answer in a state that waits for people.
func (w *world) delivery(t testing.TB, in staff.DepartmentID, state delivery.State) delivery.ID {
	t.Helper()
	w.clock.Add(time.Millisecond) // a delivery's key is made of the time
	d, err := w.Delivery.Reply(context.Background(), w.hire(t, staff.Contributor, in).ActorOf(), w.talk(t, in).conversation, delivery.Draft{Text: "an answer"})
	if err != nil {
		t.Fatal(err)
	}
	w.tx(t, func(tx *store.Tx) error {
		_, err := tx.ExecContext(context.Background(), `UPDATE delivery SET state = $2 WHERE id = $1`, d.ID, string(state))
		return err
	})
	return d.ID
}

// deliveryWithFile is an answer that waits for an approval, and the picture that goes with it.
func (w *world) deliveryWithFile(t testing.TB, in staff.DepartmentID) (delivery.ID, delivery.UploadID) {
	t.Helper()
	w.clock.Add(time.Millisecond)
	ctx, author := context.Background(), w.hire(t, staff.Contributor, in).ActorOf()
	u, err := w.Delivery.Keep(ctx, author, "a.png", picture)
	if err != nil {
		t.Fatal(err)
	}
	d, err := w.Delivery.Reply(ctx, author, w.talk(t, in).conversation, delivery.Draft{Text: "an answer", Uploads: []delivery.UploadID{u.ID}})
	if err != nil {
		t.Fatal(err)
	}
	return d.ID, u.ID
}

// picture is a small PNG.
var picture = func() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2))) // into memory
	return b.Bytes()
}()

func (w *world) arrival(t testing.TB, of account.ID) string {
	t.Helper()
	next := id.Of[int](w.Store.IDs.Next())
	w.tx(t, func(tx *store.Tx) error {
		_, err := tx.ExecContext(context.Background(), `INSERT INTO arrival (id, account, remote_id, event, tries, problem, at, next_try, state) VALUES ($1, $2, $3, $4, 3, 'odd', 1, 1, 'aside')`,
			int64(next), of, next.String(), []byte(`{"kind":"said","remoteId":"r","message":{"remoteId":"r","kind":"post","text":"hi","from":{"remoteId":"f","handle":"f","name":"f"}}}`))
		return err
	})
	return next.String()
}

// caller asks as somebody.
type caller struct {
	w      *world
	person staff.Person // the zero Person is nobody
	cookie string
	key    string
}

func (w *world) as(t testing.TB, p staff.Person) *caller {
	t.Helper()
	c := &caller{w: w, person: p}
	b, err := scs.GobCodec{}.Encode(time.Time{}, map[string]any{staff.SessionPerson: int64(p.ID), staff.SessionEpoch: p.Epoch()})
	if err != nil {
		t.Fatal(err)
	}
	c.cookie = rand.Text()
	if err := (staff.Sessions{Staff: w.Staff}).Commit(c.cookie, b, time.Time{}); err != nil {
		t.Fatal(err)
	}
	return c
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (c *caller) do(method, path string, body []byte, header ...string) reply {
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	r := httptest.NewRequestWithContext(ctx, method, path, bytes.NewReader(body))
	r.Host = "desk.example"
	c.w.n++
	r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:1", c.w.n>>16&255, c.w.n>>8&255, c.w.n&255)
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	for k := 0; k+1 < len(header); k += 2 {
		r.Header.Set(header[k], header[k+1])
	}
	if c.cookie != "" {
		r.AddCookie(&http.Cookie{Name: "switchboard", Value: c.cookie})
	}
	if c.key != "" {
		r.Header.Set("Authorization", "Bearer "+c.key)
	}
	a := httptest.NewRecorder()
	if path == "/api/live" { // it would go on
		c.w.handler.ServeHTTP(&hungUp{a, stop}, r)
	} else {
		c.w.handler.ServeHTTP(a, r)
	}
	return reply{a.Code, a.Result().Header, a.Body.Bytes()}
}

// hungUp is a line whose other end goes away after the first words.
type hungUp struct {
	*httptest.ResponseRecorder
	stop func()
}

func (h *hungUp) Write(b []byte) (int, error) {
	defer h.stop()
	return h.ResponseRecorder.Write(b)
}

// file is a multipart body with one file.
func file(t testing.TB, name string, content []byte) (body []byte, kind string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	f, err := m.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), m.FormDataContentType()
}

// columns are the names of all columns there are.
func (w *world) columns(t testing.TB) []string {
	t.Helper()
	rows, err := w.Store.Read().QueryContext(context.Background(), `SELECT DISTINCT p.name FROM sqlite_schema m, pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'river%' AND m.name NOT LIKE 'search%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		out = append(out, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
