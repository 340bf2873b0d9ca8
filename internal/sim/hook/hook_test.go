package hook

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"switchboard/internal/channel"
)

func TestWhatIsNotTakenIsPostedAgain(t *testing.T) {
	b := New("Guest book", "a secret nobody knows", time.Now)
	status, calls, body := 503, 0, ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		body = string(text)
		calls++
		w.WriteHeader(status)
	}))
	defer server.Close()
	if err := b.Post(t.Context(), server.Client(), server.URL); err != nil || calls != 0 {
		t.Fatalf("with nothing to say: %v, %d calls", err, calls)
	}
	b.Say(channel.Message{Text: "hello", From: channel.Identity{RemoteID: "ann"}})
	if err := b.Post(t.Context(), server.Client(), server.URL); err == nil {
		t.Fatal("a 503 is no error")
	}
	first := body
	status = 200
	if err := b.Post(t.Context(), server.Client(), server.URL); err != nil || body != first || calls != 2 {
		t.Fatalf("%v, %d calls, %s then %s", err, calls, first, body)
	}
	if err := b.Post(t.Context(), server.Client(), server.URL); err != nil || calls != 2 {
		t.Fatalf("posted again although it was taken: %v, %d calls", err, calls)
	}
}
