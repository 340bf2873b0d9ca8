package api_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"switchboard/internal/staff"
)

func TestAnswersAreSmallForThoseWhoTakeThemSmall(t *testing.T) {
	w := newWorld(t)
	boss := w.as(t, w.hire(t, staff.Administrator, w.department(t, "Sales")))
	for range 40 {
		w.newDepartment(t)
	}
	plain := boss.do("GET", "/api/departments", nil)
	if plain.header.Get("Content-Encoding") != "" || !strings.Contains(strings.Join(plain.header.Values("Vary"), ","), "Accept-Encoding") {
		t.Errorf("for who takes nothing: %v", plain.header)
	}
	small := boss.do("GET", "/api/departments", nil, "Accept-Encoding", "br, gzip, zstd")
	if small.header.Get("Content-Encoding") != "gzip" || small.header.Get("Content-Length") != "" || len(small.body) > len(plain.body)/3 {
		t.Errorf("for who takes gzip: %v, %d bytes of %d", small.header, len(small.body), len(plain.body))
	}
	z, err := gzip.NewReader(bytes.NewReader(small.body))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || !bytes.Equal(b, plain.body) {
		t.Errorf("it is not the same: %v, %.200s", err, b)
	}
	for path, header := range map[string][]string{
		"/api/session": {"Accept-Encoding", "gzip"}, // fits into a packet
		"/api/live":    {"Accept-Encoding", "gzip", "Accept", "text/event-stream"},
	} {
		if a := boss.do("GET", path, nil, header...); a.status != 200 || a.header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %d, %v", path, a.status, a.header)
		}
	}
	if a := boss.do("GET", "/api/live", nil, "Accept-Encoding", "gzip"); a.header.Get("Content-Encoding") != "" || !strings.HasPrefix(string(a.body), "retry:") && !strings.Contains(string(a.body), "data:") {
		t.Errorf("the live feed: %v, %q", a.header, a.body)
	}
}
