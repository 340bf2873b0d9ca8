package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/sim/hook"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

const shared = "5f2b0c1e9d3a47866f10aa0bb7c9e2d4"

// line is a house that listens on a real socket, with an account that a bridge calls.
type line struct {
	*apptest.House
	account account.Account
	bridge  *hook.Bridge
	address string
}

func newLine(t *testing.T, h *apptest.House) *line {
	t.Helper()
	settings := []byte(`{"name":"Guest book","secret":"` + shared + `"}`)
	a, err := h.Book.Adopt(t.Context(), staff.Machine(), "hook", "Guest book", channel.Profile{RemoteID: "guests", Handle: "@guests", Name: "Guest book"}, settings)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { _ = h.Serve(ctx, l); close(ended) }()
	t.Cleanup(func() { stop(); <-ended })
	return &line{h, a, hook.New("Guest book", shared, time.Now), "http://" + l.Addr().String() + "/hook/" + a.ID.String()}
}

// brings posts one message and returns the status and how long that took.
func (l *line) brings(t *testing.T, id string) (status int, took time.Duration) {
	t.Helper()
	body, _ := json.Marshal(map[string]any{"events": []any{map[string]any{"kind": "said", "message": map[string]any{
		"remoteId": id, "text": "Hello, " + id, "at": time.Now().UTC().Format(time.RFC3339), "private": true, "from": map[string]any{"remoteId": "ann", "name": "Ann"}}}}})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, l.address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = l.bridge.Call(body).Header
	began := time.Now()
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = a.Body.Close()
	return a.StatusCode, time.Since(began)
}

func (l *line) kept(t *testing.T, id string) (n int) {
	t.Helper()
	if err := l.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM message WHERE account = $1 AND remote_id = $2`, l.account.ID, id).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// hold keeps everybody else from writing messages until it is released.
func (l *line) hold(t *testing.T) (release func()) {
	t.Helper()
	held, let, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		_ = l.Store.Tx(context.Background(), func(tx *store.Tx) error {
			if tx.Dialect() == store.Postgres {
				if _, err := tx.ExecContext(context.Background(), `LOCK TABLE message IN SHARE MODE`); err != nil {
					t.Error(err)
				}
			}
			close(held)
			<-let
			return nil
		})
	}()
	<-held
	return func() { close(let); <-ended }
}

// A caller hears 2xx only of what is stored. While the database hangs it hears within two seconds that it should come again,
// and coming again loses and doubles nothing (A1, A9).
func TestAWebhookIsAnsweredInTwoSecondsAndNeverTooEarly(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		l := newLine(t, h)
		var took []time.Duration
		for k := range 200 {
			id := fmt.Sprintf("calm%d", k)
			status, d := l.brings(t, id)
			if status != http.StatusOK || l.kept(t, id) != 1 {
				t.Fatalf("answered %d; %d are stored", status, l.kept(t, id))
			}
			took = append(took, d)
		}
		slices.Sort(took)
		t.Logf("median %v, p99 %v", took[100], took[197])
		release := l.hold(t)
		for k := range 3 {
			status, d := l.brings(t, fmt.Sprintf("held%d", k))
			if status != http.StatusServiceUnavailable || d > 3*time.Second { // two, and a busy machine
				t.Errorf("while the database hangs it answers %d after %v", status, d)
			}
		}
		release()
		for k := range 3 {
			id := fmt.Sprintf("held%d", k)
			if status, _ := l.brings(t, id); status != http.StatusOK || l.kept(t, id) != 1 {
				t.Errorf("brought again it is answered %d and stored %d times", status, l.kept(t, id))
			}
		}
	})
}
