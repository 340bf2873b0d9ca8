package hook

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/egress"
)

// TestThroughTheGuard sends by the client that connectors get in earnest.
func TestThroughTheGuard(t *testing.T) {
	posts := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		posts++
		if r.Header.Get("X-Wait") == "" && posts == 2 {
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		_, _ = io.WriteString(w, `{"remoteId":"1"}`)
	}))
	defer server.Close()
	u, _ := url.Parse(server.URL)
	clock := channeltest.NewClock()
	guard, err := egress.New(egress.Options{Now: clock.Now, Allow: []string{u.Host}})
	if err != nil {
		t.Fatal(err)
	}
	defer guard.Close()
	f := &stand{clock: clock, client: guard.Account("a"), settings: map[string]any{"name": "x", "secret": secret, "callback": server.URL}}
	c := f.Open(t).(channel.Replier)

	closed := errors.New("the stop button was pressed")
	ctx := egress.WithGate(t.Context(), func(context.Context) error { return closed })
	_, err = c.Reply(ctx, question)
	if tr := channel.TroubleOf(err); tr.Unclear || !errors.Is(err, closed) || posts != 0 {
		t.Errorf("stopped at the gate: %+v, %d posts; want it clear, with the gate's reason", tr, posts)
	}
	if r, err := c.Reply(t.Context(), question); err != nil || r.RemoteID != "1" || posts != 1 {
		t.Errorf("%+v, %v, %d posts", r, err, posts)
	}
	if _, err := c.Reply(t.Context(), question); channel.TroubleOf(err).Deed != channel.Wait {
		t.Errorf("told to wait: %v", err)
	}
	other := f.Open(t).(channel.Replier) // another Conn of the account, which was not told itself
	if tr := channel.TroubleOf(second(other.Reply(t.Context(), question))); tr.Deed != channel.Wait || tr.Unclear || tr.Until.IsZero() || posts != 2 {
		t.Errorf("the guard still waits: %+v, %d posts", tr, posts)
	}

	strict, err := egress.New(egress.Options{Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer strict.Close()
	f.client = strict.Account("a")
	_, err = f.Open(t).(channel.Replier).Reply(t.Context(), question)
	if tr := channel.TroubleOf(err); tr.Deed != channel.Reconnect || tr.Unclear || !strings.Contains(tr.Message, "--egress-allow") {
		t.Errorf("a bridge inside the house: %+v", tr)
	}
}

func second[T any](_ T, err error) error { return err }
