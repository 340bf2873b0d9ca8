package api_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"

	"switchboard/internal/staff"
)

// Each secret is given to the program once and then looked for in the bytes of the database's files, in every answer that
// can be read, and in the log.
func TestMarkerSecretsAreFoundNowhere(t *testing.T) {
	w := newWorld(t)
	var log bytes.Buffer
	w.API.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	boss := w.as(t, w.hire(t, staff.Administrator, w.department(t, "Sales")))
	marks := map[string]string{"a session": boss.cookie}
	key := got[struct{ Secret string }](t, boss.do("POST", "/api/keys", []byte(`{"name":"k","scopes":["admin"]}`), "Idempotency-Key", "one"))
	marks["an API key"] = strings.TrimPrefix(key.Secret, staff.KeyPrefix)
	invited := got[struct{ Link string }](t, boss.do("POST", "/api/invitations", []byte(`{"email":"new@acme.example","name":"New","role":"member"}`), "Idempotency-Key", "two"))
	_, marks["an invitation"], _ = strings.Cut(invited.Link, "#")
	marks["a password"] = "marker horse battery one"
	outside := &caller{w: w}
	a := outside.do("POST", "/api/invitation", []byte(`{"name":"New","password":"`+marks["a password"]+`"}`), "Invitation-Token", marks["an invitation"])
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for _, line := range a.header.Values("Set-Cookie") {
		k, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		marks["the cookie "+k.Name] = k.Value
	}
	if marks["the cookie switchboard-device"] == "" {
		t.Error("the browser is not known")
	}
	reset := got[struct{ Link string }](t, boss.do("POST", "/api/people/"+w.hire(t, staff.Member, w.department(t, "Sales")).ID.String()+"/reset", nil, "Idempotency-Key", "five"))
	_, marks["a link to set a password"], _ = strings.Cut(reset.Link, "#")
	marks["a wrong password"] = "marker horse battery two"
	outside.do("POST", "/api/session", []byte(`{"email":"new@acme.example","password":"`+marks["a wrong password"]+`"}`))
	marks["an account's token"] = "marker-token-of-an-account"
	account := got[struct{ ID string }](t, boss.do("POST", "/api/accounts", []byte(`{"channel":"pretend","name":"Shop","settings":{"token":"`+marks["an account's token"]+`"}}`), "Idempotency-Key", "three"))
	marks["its next token"] = "marker-next-token-of-it"
	if a := boss.do("PATCH", "/api/accounts/"+account.ID, []byte(`{"settings":{"token":"`+marks["its next token"]+`"},"another":true}`), "Idempotency-Key", "four"); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	connecting := "marker-token-on-its-way"
	marks["one on its way"] = connecting
	got[map[string]any](t, boss.do("POST", "/api/accounts/connect", []byte(`{"channel":"pretend","name":"Shop","settings":{"token":"`+connecting+`"}}`)))

	places := map[string][]byte{"the log": log.Bytes()}
	for _, path := range []string{"/api/session", "/api/keys", "/api/invitations", "/api/people", "/api/settings", "/api/accounts", "/api/accounts/" + account.ID, "/api/channels", "/api/departments", "/api/openapi.json"} {
		places[path] = boss.do("GET", path, nil).body
	}
	for _, name := range []string{w.dsn, w.dsn + "-wal"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		places["the file "+name] = b
	}
	if len(places["the file "+w.dsn])+len(places["the file "+w.dsn+"-wal"]) < 100_000 || !bytes.Contains(append(places["the file "+w.dsn], places["the file "+w.dsn+"-wal"]...), []byte("new@acme.example")) {
		t.Fatal("the files are not what was looked for")
	}
	for what, mark := range marks {
		if len(mark) < 15 {
			t.Fatalf("%s is no mark: %q", what, mark)
		}
		escaped, err := json.Marshal(mark)
		if err != nil {
			t.Fatal(err)
		}
		for place, b := range places {
			if bytes.Contains(b, []byte(mark)) || bytes.Contains(b, bytes.Trim(escaped, `"`)) {
				t.Errorf("%s stands in %s", what, place)
			}
		}
	}
}
