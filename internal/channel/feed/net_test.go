package feed

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/egress"
	site "switchboard/internal/sim/feed"
)

// guarded is a stand whose calls go through the guard, which lets it through to the stand-in alone.
func guarded(t *testing.T, allow bool) *stand {
	t.Helper()
	f := start(t, channeltest.NewClock(), site.RSS)
	o := egress.Options{Now: f.clock.Now}
	if u, _ := url.Parse(f.site.Base); allow {
		o.Allow = []string{u.Host}
	}
	g, err := egress.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	f.client = g.Account("feed")
	return f
}

func TestAFeedInsideTheHouseIsRefusedWithAReason(t *testing.T) {
	f := guarded(t, false)
	_, err := open(t, f).Check(t.Context())
	if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Reconnect || !strings.Contains(tr.Message, "--egress-allow") {
		t.Errorf("Check = %v; want words on what an administrator can do", err)
	}
}

func TestThroughTheGuardRedirectsAreStillOurs(t *testing.T) {
	f := guarded(t, true)
	f.Say("ann", "one", channeltest.SayOptions{})
	f.site.Move("/old", 301, site.RSS)
	f.kept = []byte(`{"url":"` + f.site.Base + `/old"}`)
	c := open(t, f)
	if p := fetch(t, c, ""); len(p.Events) != 1 || c.settings().URL != f.site.Base+site.RSS {
		t.Errorf("%d events, kept %s", len(p.Events), c.settings().URL)
	}
	for _, to := range []string{"http://127.0.0.1:1/x", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "gopher://x/"} {
		f.site.Move(site.RSS, 301, to)
		if _, err := c.Fetch(t.Context(), ""); err == nil {
			t.Errorf("followed to %s", to)
		}
		if u := c.settings().URL; u != f.site.Base+site.RSS {
			t.Errorf("learned %s", u)
		}
	}
}

// A feed that is made anew for each reader takes its time; the guard must give it as much as we do.
func TestASlowFeedIsWaitedFor(t *testing.T) {
	f := guarded(t, true)
	var ours, guards time.Duration
	next := f.client.Transport
	f.client = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		until, _ := r.Context().Deadline()
		ours, guards = time.Until(until), egress.LimitsOf(r.Context()).Time
		return next.RoundTrip(r)
	})}
	fetch(t, open(t, f), "")
	if ours < 15*time.Second || ours > 20*time.Second || guards != 20*time.Second {
		t.Errorf("we wait %v for it, the guard %v; want 20 s", ours, guards)
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestToldByTheGuardToWaitItSaysSo(t *testing.T) {
	f := guarded(t, true)
	until := f.clock.Now().Add(time.Hour)
	err := unreached(&url.Error{Op: "Get", URL: "https://x.example/?key=secret", Err: &egress.Told{Until: until}}, "x.example")
	if tr := channel.TroubleOf(err); tr.Deed != channel.Wait || !tr.Until.Equal(until) {
		t.Errorf("%+v", tr)
	}
	err = unreached(&url.Error{Op: "Get", URL: "https://x.example/?key=secret", Err: &egress.TooSlow{Limit: time.Second}}, "x.example")
	if tr := channel.TroubleOf(err); tr.Deed != channel.Again || strings.Contains(err.Error(), "secret") {
		t.Errorf("%+v", tr)
	}
}
