package intake_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/sim/mastodon"
	"switchboard/internal/store/storetest"
)

// A server may say that the line is open a moment before it listens: what is said in between is heard soon, not at the next
// rare look beside a stream.
func TestWhatIsSaidBeforeAStreamListensIsHeardSoon(t *testing.T) {
	t.Parallel()
	far := mastodon.New(mastodon.Options{Now: time.Now, RateLimit: -1, Deaf: time.Hour})
	web := httptest.NewServer(far.Handler())
	h := apptest.Open(t, storetest.SQLite(t), app.Options{Now: time.Now, Allow: []string{"127.0.0.0/8"}, Poll: time.Hour})
	t.Cleanup(func() { far.CutStreams(); web.CloseClientConnections(); web.Close() })
	far.Describe("acme_help", "ACME helps", "", false)
	settings, err := json.Marshal(map[string]any{"server": web.URL, "token": far.Token("acme_help"), "plain": true})
	if err != nil {
		t.Fatal(err)
	}
	a, err := h.Book.Connect(t.Context(), h.Boss, "mastodon", "", settings)
	if err != nil {
		t.Fatal(err)
	}
	here := func(text string) (n int) {
		err := h.Store.Read().QueryRowContext(t.Context(), `SELECT count(*) FROM message WHERE account = $1 AND body LIKE $2`, a.ID, "%"+text+"%").Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for deadline := time.Now().Add(time.Minute); far.Listening() == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nobody listens")
		}
	}
	for k := range 3 {
		text := fmt.Sprintf("Where is order %d?", k)
		far.Say("ann@chat.example", "@acme_help "+text, mastodon.SayOptions{})
		for begun := time.Now(); here(text) == 0; time.Sleep(20 * time.Millisecond) {
			if time.Since(begun) > time.Minute {
				t.Fatalf("%s is not here after a minute", text)
			}
		}
	}
}
