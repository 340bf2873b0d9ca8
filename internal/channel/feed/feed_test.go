package feed

import (
	"context"
	"encoding/json"
	"testing"

	"switchboard/internal/channel"
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
