package account_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/clock"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
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
		h.Book.Connectors = keeping(h.Book.Connectors, keeper{keeps: &keeps})
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

// told is how often something was told of an account.
func told(t *testing.T, h *apptest.House, a account.ID, what journal.What) (n int) {
	t.Helper()
	err := h.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM journal WHERE what = $1 AND about = $2`, string(what), journal.About("account", a)).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What can't be had any more is shown until somebody who manages the account has seen it, however well it is read since.
func TestALossStaysUntilAPersonHasSeenIt(t *testing.T) {
	apptest.Each(t, app.Options{Poll: time.Hour}, func(t *testing.T, h *apptest.House) {
		h.Book.Connectors = keeping(h.Book.Connectors, keeper{keeps: &[]func(json.RawMessage) error{}})
		a, err := h.Book.Adopt(t.Context(), h.Boss, "keeps", "", channel.Profile{RemoteID: "1", Handle: "@one"}, json.RawMessage(`{"token":"one"}`))
		if err != nil {
			t.Fatal(err)
		}
		since := h.Book.Now().Add(-time.Hour).UTC().Truncate(time.Second)
		for _, at := range []time.Time{since, since.Add(time.Minute)} { // the later one says nothing new
			if err := h.Book.Lost(t.Context(), a.ID, at); err != nil {
				t.Fatal(err)
			}
			if err := h.Book.Well(t.Context(), a.ID, true); err != nil {
				t.Fatal(err)
			}
		}
		if is, err := account.One(t.Context(), h.Store.Read(), a.ID); err != nil || !is.LostSince.Equal(since) || told(t, h, a.ID, journal.AccountLost) != 1 {
			t.Errorf("lost since %v, told %d times, %v", is.LostSince, told(t, h, a.ID, journal.AccountLost), err)
		}
		stranger := staff.Actor{Role: staff.Member}
		if _, err := h.Book.SeeLost(t.Context(), stranger, a.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("somebody who manages nothing: %v", err)
		}
		for range 2 {
			if is, err := h.Book.SeeLost(t.Context(), h.Boss, a.ID); err != nil || !is.LostSince.IsZero() {
				t.Errorf("seen: %v, %v", is.LostSince, err)
			}
		}
		if n := told(t, h, a.ID, journal.AccountLostSeen); n != 1 {
			t.Errorf("that it was seen was told %d times", n)
		}
	})
}

// Who disconnects an account gives its access back; a far side that will not take it keeps nobody from going.
func TestAccessIsGivenBackWhenAnAccountIsDisconnected(t *testing.T) {
	for name, refuses := range map[string]error{"taken": nil, "refused": errors.New("no")} {
		t.Run(name, func(t *testing.T) {
			h := apptest.Open(t, apptest.DSN(t, "sqlite"), app.Options{Poll: time.Hour})
			given := map[string]int{}
			h.Book.Connectors = keeping(h.Book.Connectors, keeper{keeps: &[]func(json.RawMessage) error{}, given: given, refuses: refuses})
			a, err := h.Book.Adopt(t.Context(), h.Boss, "keeps", "", channel.Profile{RemoteID: "1", Handle: "@one"}, json.RawMessage(`{"token":"one"}`))
			if err != nil {
				t.Fatal(err)
			}
			if err := h.Book.Remove(t.Context(), h.Boss, a.ID, nil); err != nil || given["one"] != 1 {
				t.Errorf("given back %v, %v", given, err)
			}
		})
	}
}

// The daily look at an account tells those who manage accounts before its access runs out.
func TestTheDailyLookWarnsOfAccessThatRunsOut(t *testing.T) {
	apptest.EachAt(t, app.Options{Poll: time.Hour}, func(t *testing.T, h *apptest.House, now *clock.Pretend) {
		end := now.Now().Add(15 * 24 * time.Hour)
		h.Book.Connectors = keeping(h.Book.Connectors, keeper{keeps: &[]func(json.RawMessage) error{}, expires: end})
		a, err := h.Book.Adopt(t.Context(), h.Boss, "keeps", "", channel.Profile{RemoteID: "1", Handle: "@one", TokenExpires: end}, json.RawMessage(`{"token":"one"}`))
		if err != nil {
			t.Fatal(err)
		}
		for day := range 14 {
			now.Add(24 * time.Hour)
			if _, err := h.Book.Recheck(t.Context(), a.ID); err != nil {
				t.Fatal(err)
			}
			want := 1
			if day >= 12 {
				want = 2
			}
			if n := told(t, h, a.ID, journal.AccountExpires); n != want {
				t.Errorf("after %d days it was told %d times; want %d", day+1, n, want)
			}
		}
	})
}
