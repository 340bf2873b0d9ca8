package app_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/delivery"
	"switchboard/internal/secret"
	"switchboard/internal/sim/hook"
	"switchboard/internal/staff"
)

// The key is changed while every account sends: none fails for it, and afterwards all secrets open with the new key alone (H2).
func TestTheKeyIsChangedWhileAThousandAccountsSend(t *testing.T) {
	n := 60
	if os.Getenv("SWITCHBOARD_FULL") != "" {
		n = 1000
	}
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "keys")
			ring, err := secret.Open(path)
			must(t, err)
			h := apptest.Open(t, apptest.DSN(t, kind), app.Options{Ring: ring, Allow: []string{"127.0.0.0/8"}})
			bridge := hook.New("Guest book", shared, time.Now)
			web := httptest.NewServer(bridge.Handler())
			t.Cleanup(web.Close)
			var list []account.Account
			for k := range n {
				a, err := h.Book.Adopt(t.Context(), staff.Machine(), "hook", fmt.Sprintf("Book %d", k), channel.Profile{RemoteID: fmt.Sprint(k), Handle: fmt.Sprintf("@b%d", k),
					Limits: channel.Limits{Text: 500, Unit: "graphemes"}}, fmt.Appendf(nil, `{"name":"Book %d","secret":%q,"callback":%q,"publish":true,"find":true}`, k, shared, web.URL))
				must(t, err)
				list = append(list, a)
			}
			var all sync.WaitGroup
			ids := make([]delivery.ID, 2*n)
			all.Go(func() {
				for k := range ids {
					said, err := h.Delivery.Publish(t.Context(), h.Boss, delivery.Post{Accounts: []account.ID{list[k%n].ID}, Text: fmt.Sprintf("News %d", k)})
					if err != nil {
						t.Error(err)
						return
					}
					ids[k] = said[0].ID
				}
			})
			all.Go(func() {
				next, err := secret.Rotate(path)
				if err == nil {
					_, err = account.Rewrap(context.Background(), h.Store, next)
				}
				if err != nil {
					t.Error(err)
				}
			})
			all.Wait()
			for k, id := range ids {
				for end := time.Now().Add(60 * time.Second); ; time.Sleep(10 * time.Millisecond) {
					d, err := h.Delivery.One(t.Context(), h.Boss, id)
					must(t, err)
					if d.State == delivery.Sent {
						break
					}
					if d.State == delivery.Failed || d.State == delivery.Unknown || time.Now().After(end) {
						t.Fatalf("post %d is %s: %s", k, d.State, d.Reason)
					}
				}
			}
			lines, err := os.ReadFile(path)
			must(t, err)
			t.Logf("%d posts by %d accounts while the key was changed; the key file has %d bytes", len(ids), n, len(lines))
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
