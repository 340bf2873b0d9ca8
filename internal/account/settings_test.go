package account_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/fault"
	"switchboard/internal/secret"
	"switchboard/internal/store"
)

// listening is the address of somebody who counts who calls.
func listening(t *testing.T) (host, port string, calls *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	calls = new(atomic.Int32)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			calls.Add(1)
			c.Close()
		}
	}()
	host, port, _ = net.SplitHostPort(l.Addr().String())
	return host, port, calls
}

// A secret that is kept goes to no other server than the one it was entered for.
func TestAKeptSecretStaysWithItsServer(t *testing.T) {
	host, port, calls := listening(t)
	there := "http://" + host + ":" + port
	for name, tt := range map[string]struct {
		channel, secret string
		is              map[string]any
		elsewhere       map[string]any
	}{
		"a mailbox read elsewhere": {"email", "password",
			map[string]any{"address": "help@acme.example", "imap_host": "localhost", "imap_security": "plain", "smtp_host": "localhost", "smtp_security": "plain", "plain": true, "password": "x"},
			map[string]any{"imap_host": host, "imap_port": port}},
		"a mailbox answered elsewhere": {"email", "password",
			map[string]any{"address": "help@acme.example", "imap_host": host, "imap_port": port, "imap_security": "plain", "smtp_host": "localhost", "smtp_security": "plain", "plain": true, "password": "x"},
			map[string]any{"smtp_host": host, "smtp_port": port}},
		"another port": {"email", "password",
			map[string]any{"address": "help@acme.example", "imap_host": host, "imap_port": 1, "imap_security": "plain", "smtp_host": host, "smtp_port": 1, "smtp_security": "plain", "plain": true, "password": "x"},
			map[string]any{"imap_port": port}},
		"another server of the Fediverse": {"mastodon", "token",
			map[string]any{"server": "http://localhost:1", "plain": true, "token": "x"}, map[string]any{"server": there}},
		"another host of Bluesky": {"bluesky", "password",
			map[string]any{"identifier": "acme.example", "service": "http://localhost:1", "plain": true, "password": "x"}, map[string]any{"service": there}},
		"another bridge": {"hook", "secret",
			map[string]any{"name": "Guest book", "callback": "http://localhost:1", "secret": "0123456789abcdef"}, map[string]any{"callback": there}},
	} {
		t.Run(name, func(t *testing.T) {
			h := apptest.Open(t, apptest.DSN(t, "sqlite"), app.Options{Poll: time.Hour, Allow: []string{"127.0.0.0/8"}})
			a, err := h.Book.Adopt(t.Context(), h.Boss, tt.channel, "", channel.Profile{RemoteID: "1", Handle: "@one"}, store.Bytes(tt.is))
			if err != nil {
				t.Fatal(err)
			}
			change := func(settings map[string]any) error {
				_, err := h.Book.Change(t.Context(), h.Boss, a.ID, account.Change{Settings: store.Bytes(settings)})
				return err
			}
			before := calls.Load()
			for _, blank := range []any{nil, "", secret.Mask} {
				given := maps.Clone(tt.elsewhere)
				if given[tt.secret] = blank; blank == nil {
					delete(given, tt.secret)
				}
				var f *fault.Error
				if err := change(given); !errors.As(err, &f) || f.Kind != fault.Invalid || f.Field != tt.secret {
					t.Errorf("with %v for the secret: %v", blank, err)
				}
			}
			if n := calls.Load() - before; n != 0 {
				t.Errorf("%d calls came there", n)
			}
			again := maps.Clone(tt.elsewhere)
			again[tt.secret] = "0123456789abcdefg"
			if err := change(again); err == nil || calls.Load() == before {
				t.Errorf("with the secret entered again nobody called there: %v", err)
			}
		})
	}
}

// What is named as before is no other server, however it is written; and nothing but what is asked for is taken.
func TestSettingsThatStayAreNoOtherServer(t *testing.T) {
	h := apptest.Open(t, apptest.DSN(t, "sqlite"), app.Options{Poll: time.Hour})
	h.Book.Connectors = keeping(h.Book.Connectors, keeper{keeps: &[]func(json.RawMessage) error{}})
	a, err := h.Book.Adopt(t.Context(), h.Boss, "keeps", "", channel.Profile{RemoteID: "1", Handle: "@one"},
		json.RawMessage(`{"token":"one","server":"a.example","port":993,"got":"yesterday"}`))
	if err != nil {
		t.Fatal(err)
	}
	for given, want := range map[string]error{
		`{}`: nil, `{"token":""}`: nil, `{"server":" a.example "}`: nil, `{"port":"993"}`: nil, `{"port":null}`: nil, `{"plain":false}`: nil, `{"plain":"false"}`: nil,
		`{"server":"b.example"}`: errAgain, `{"port":994}`: errAgain, `{"plain":true}`: errAgain, `{"server":""}`: errAgain,
		`{"\u017ferver":"b.example"}`: errNone, `{"Server":"b.example"}`: errNone, `{"got":"today"}`: errNone,
	} {
		_, err := h.Book.Change(t.Context(), h.Boss, a.ID, account.Change{Settings: json.RawMessage(given)})
		if (err == nil) != (want == nil) || err != nil && !strings.Contains(err.Error(), want.Error()) {
			t.Errorf("%s: %v; want %v", given, err, want)
		}
		if c, err := h.Book.Conn(t.Context(), a.ID); err != nil || c.(*keptConn).Token != "one" || c.(*keptConn).Got != "yesterday" {
			t.Errorf("%s left %+v, %v", given, c, err)
		}
	}
	if _, err := h.Book.Change(t.Context(), h.Boss, a.ID, account.Change{Settings: json.RawMessage(`{"server":"b.example","token":"two"}`)}); err != nil {
		t.Fatal(err)
	}
	if c, err := h.Book.Conn(t.Context(), a.ID); err != nil || c.(*keptConn).Token != "two" || c.(*keptConn).Got != "" {
		t.Errorf("what it had from the old server went along: %+v, %v", c, err)
	}
}

var errAgain, errNone = errors.New("enter it again"), errors.New("asks for no such setting")

// A visit to another server brings a new token: the old one is neither asked for nor taken along.
func TestAVisitToAnotherServerTakesNoSecretAlong(t *testing.T) {
	h := apptest.Open(t, apptest.DSN(t, "sqlite"), app.Options{Poll: time.Hour})
	var seen []string
	h.Book.Connectors = keeping(h.Book.Connectors, keeper{keeps: &[]func(json.RawMessage) error{}, began: &seen})
	a, err := h.Book.Adopt(t.Context(), h.Boss, "keeps", "", channel.Profile{RemoteID: "1", Handle: "@one"}, json.RawMessage(`{"token":"one","server":"a.example"}`))
	if err != nil {
		t.Fatal(err)
	}
	trip := account.Trip{Person: h.Boss.Person, Session: "s", Account: a.ID}
	for _, server := range []string{"a.example", "b.example"} {
		if _, err := h.Book.Begin(t.Context(), h.Boss, trip, store.Bytes(map[string]string{"server": server}), "https://desk.example/back"); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Join(seen, ",") != "one," {
		t.Errorf("the visits began with the tokens %q", seen)
	}
}
