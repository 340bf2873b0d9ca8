package feed

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"testing"

	"switchboard/internal/channel"
	site "switchboard/internal/sim/feed"
)

// open opens an account on the stand-in; what it learns is kept there.
func open(t testing.TB, f *stand) *conn {
	t.Helper()
	c, err := New(channel.Net{HTTP: f.client}).Open(channel.Opening{
		Settings: f.kept, Now: f.clock.Now,
		Keep: func(_ context.Context, s json.RawMessage) error { f.kept = s; return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.(*conn)
}

// body is what a site has at path.
func body(t testing.TB, s *site.Site, path string) []byte {
	t.Helper()
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w.Body.Bytes()
}
