package account_test

import (
	"encoding/json"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/fault"
)

// adopt adds a mailbox whose settings the connector completes as soon as it is opened.
func adopt(t *testing.T, h *apptest.House) account.Account {
	t.Helper()
	settings := `{"address":"help@acme.example","imap_host":"127.0.0.1","smtp_host":"127.0.0.1","password":"x"}`
	a, err := h.Book.Adopt(t.Context(), h.Boss, "email", "Help", channel.Profile{RemoteID: "help@acme.example", Handle: "help@acme.example"}, json.RawMessage(settings))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// A connector may keep something while it is opened, and its connection stays the one there is.
func TestAConnectorKeepsWhileItIsOpened(t *testing.T) {
	apptest.Each(t, app.Options{Poll: time.Hour}, func(t *testing.T, h *apptest.House) {
		a := adopt(t, h)
		opened := make(chan channel.Conn, 2)
		for range 2 {
			go func() {
				c, err := h.Book.Conn(t.Context(), a.ID)
				if err != nil {
					t.Error(err)
				}
				opened <- c
			}()
		}
		var first channel.Conn
		for range 2 {
			select {
			case c := <-opened:
				if first != nil && c != first {
					t.Error("two connections are open")
				}
				first = c
			case <-time.After(30 * time.Second):
				t.Fatal("it waits for itself")
			}
		}
		if old, err := h.Book.Outdated(t.Context(), map[account.ID]channel.Conn{a.ID: first}); err != nil || len(old) != 0 {
			t.Errorf("what it kept by itself outdates it: %v, %v", old, err)
		}
	})
}

// A connection whose account has other settings by now is known as outdated, and keeps nothing over them.
func TestAnOutdatedConnectionKeepsNothing(t *testing.T) {
	apptest.Each(t, app.Options{Poll: time.Hour}, func(t *testing.T, h *apptest.House) {
		var keeps []func(json.RawMessage) error
		h.Book.Connectors = keeping(h.Book.Connectors, &keeps)
		a, err := h.Book.Adopt(t.Context(), h.Boss, "keeps", "", channel.Profile{RemoteID: "1", Handle: "@one"}, json.RawMessage(`{"token":"one"}`))
		if err != nil {
			t.Fatal(err)
		}
		conn, err := h.Book.Conn(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		old := func() int {
			list, err := h.Book.Outdated(t.Context(), map[account.ID]channel.Conn{a.ID: conn})
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		if err := keeps[0](json.RawMessage(`{"token":"two"}`)); err != nil || old() != 0 {
			t.Errorf("its own keeping: %v, outdated %d", err, old())
		}
		if _, err := h.Book.Change(t.Context(), h.Boss, a.ID, account.Change{Settings: json.RawMessage(`{"token":"three"}`)}); err != nil {
			t.Fatal(err)
		}
		if err := keeps[0](json.RawMessage(`{"token":"four"}`)); !fault.Is(err, fault.Conflict) || old() != 1 {
			t.Errorf("keeping after a change: %v, outdated %d", err, old())
		}
		if now, err := h.Book.Conn(t.Context(), a.ID); err != nil || now == conn || now.(*keptConn).Token != "three" {
			t.Errorf("it goes on with %+v, %v", now, err)
		}
	})
}
