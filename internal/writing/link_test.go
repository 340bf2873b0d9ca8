package writing

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/internal/clock"
	"switchboard/internal/egress"
)

func TestALinkThatDoesNotOpenIsSeen(t *testing.T) {
	var calls atomic.Int64
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		switch r.URL.Path {
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/nothead":
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusMethodNotAllowed)
			}
		case "/closed":
			w.WriteHeader(http.StatusUnauthorized)
		case "/broken":
			w.WriteHeader(http.StatusInternalServerError)
		case "/on":
			http.Redirect(w, r, "/there", http.StatusFound)
		case "/off":
			http.Redirect(w, r, "/nowhere", http.StatusMovedPermanently)
		case "/nowhere":
			w.WriteHeader(http.StatusNotFound)
		case "/hangup":
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(web.Close)
	now := clock.At(time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC))
	g, err := egress.New(egress.Options{Allow: []string{strings.TrimPrefix(web.URL, "http://")}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	l := &Links{Client: g.Client("a test"), Now: now.Now}
	for name, tt := range map[string]struct {
		address string
		want    Opening
	}{
		"a page":                          {web.URL + "/there", Opens},
		"with a place in it":              {web.URL + "/there#place", Opens},
		"one that moved":                  {web.URL + "/on", Opens},
		"one that moved to nowhere":       {web.URL + "/off", Dead},
		"one that is gone":                {web.URL + "/gone", Dead},
		"one that is not there":           {web.URL + "/nowhere", Dead},
		"one that does not like HEAD":     {web.URL + "/nothead", Opens},
		"one for some only":               {web.URL + "/closed", Unsure},
		"one that is out of order":        {web.URL + "/broken", Unsure},
		"one that hangs up":               {web.URL + "/hangup", Unsure},
		"within a house's own network":    {"http://10.0.0.1/wiki", Refused},
		"the machine itself":              {"http://127.0.0.1:1/", Refused},
		"what answers for other machines": {"http://169.254.169.254/latest", Refused},
		"no address":                      {"https://", Dead},
		"another kind of address":         {"ftp://a.example/", Dead},
	} {
		t.Run(name, func(t *testing.T) {
			got := l.Look(t.Context(), []string{tt.address})[0]
			if got.Is != tt.want || got.URL != tt.address || (got.Why == "") != (tt.want == Opens) {
				t.Errorf("it is %+v; want %s", got, tt.want)
			}
		})
	}
	before := calls.Load()
	l.Look(t.Context(), []string{web.URL + "/there", web.URL + "/gone"})
	if calls.Load() != before {
		t.Error("what is known is asked again at once")
	}
	now.Add(time.Hour)
	if l.Look(t.Context(), []string{web.URL + "/there"}); calls.Load() == before {
		t.Error("what was known is believed for ever")
	}
}
