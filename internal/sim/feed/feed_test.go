package feed

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
)

func TestEveryFormatIsWellFormed(t *testing.T) {
	now := time.Date(2026, 10, 8, 9, 0, 0, 0, time.UTC)
	s := New("A & B <Times>", func() time.Time { return now })
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	s.Base, s.TTL = server.URL, 10
	id := s.Say(Entry{Title: `"<b>&`, Text: "a < b\n\x00]]>&", Author: "Ann & Bea", Media: []channel.Media{{Type: "image/png", Alt: `"<`}}})
	s.Edit(id, "c > d & \x07")
	s.Delete(s.Say(Entry{Text: "gone"}))
	for _, path := range []string{RSS, RDF, Atom, JSON, Page} {
		a, err := server.Client().Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(a.Body)
		_ = a.Body.Close()
		if path == JSON && !json.Valid(body) || path == Page && !strings.Contains(string(body), RSS) {
			t.Errorf("%s: %s", path, body)
		}
		if path != JSON && path != Page {
			var any struct {
				Inner string `xml:",innerxml"`
			}
			if err := xml.Unmarshal(body, &any); err != nil {
				t.Errorf("%s: %v in\n%s", path, err, body)
			}
		}
		r, _ := http.NewRequest("GET", server.URL+path, nil)
		r.Header.Set("If-None-Match", a.Header.Get("ETag"))
		again, err := server.Client().Do(r)
		if err != nil || again.StatusCode != http.StatusNotModified {
			t.Errorf("%s again: %v, %v", path, again, err)
		}
		_ = again.Body.Close()
	}
}
