package feed

import (
	"strings"
	"testing"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/fault"
	site "switchboard/internal/sim/feed"
)

func TestWhichFeedOfAPageIsTaken(t *testing.T) {
	link := func(attrs string) string { return `<html><head><link ` + attrs + `></head>` }
	for name, tt := range map[string]struct{ page, want string }{
		"the one it names":           {link(`rel=alternate type="application/rss+xml" href="/f"`), "https://blog.example/f"},
		"of Atom":                    {link(`rel="alternate" type="application/atom+xml; charset=utf-8" href="f"`), "https://blog.example/f"},
		"of JSON":                    {link(`rel="home Alternate" type="Application/Feed+JSON" href="https://x.example/f"`), "https://x.example/f"},
		"below a base":               {`<base href="https://x.example/y/">` + link(`rel=alternate type="application/rss+xml" href="f"`), "https://x.example/y/f"},
		"not that of comments":       {link(`rel=alternate type="application/rss+xml" title="Comments" href="/c"`) + link(`rel=alternate type="application/rss+xml" href="/f"`), "https://blog.example/f"},
		"that of comments if alone":  {link(`rel=alternate type="application/rss+xml" href="/comments/feed"`), "https://blog.example/comments/feed"},
		"not a page in another":      {link(`rel=alternate type="text/html" hreflang=de href="/de"`), ""},
		"not a style":                {link(`rel=stylesheet type="application/rss+xml" href="/f"`), ""},
		"not itself":                 {link(`rel=alternate type="application/rss+xml" href="/feed.xml"`), ""},
		"not a script":               {link(`rel=alternate type="application/rss+xml" href="javascript:alert(1)"`), ""},
		"not a file":                 {link(`rel=alternate type="application/rss+xml" href="file:///etc/passwd"`), ""},
		"nothing":                    {`<html>`, ""},
		"not one in a comment":       {`<!-- ` + link(`rel=alternate type="application/rss+xml" href="/f"`) + ` -->`, ""},
		"not one in a script":        {`<script>'` + link(`rel=alternate type="application/rss+xml" href="/f"`) + `'</script>`, ""},
		"not one that is never read": {`<a ` + strings.Repeat("x", 1<<20) + link(`rel=alternate type="application/rss+xml" href="/f"`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := discover([]byte(tt.page), home); got != tt.want {
				t.Errorf("found %q; want %q", got, tt.want)
			}
		})
	}
}

func TestAddressesAreTakenAsPeopleGiveThem(t *testing.T) {
	for given, want := range map[string]string{
		"https://blog.example/feed.xml":   "https://blog.example/feed.xml",
		" http://blog.example ":           "http://blog.example",
		"blog.example/feed":               "https://blog.example/feed",
		"feed://blog.example/feed":        "https://blog.example/feed",
		"feed:https://blog.example/feed":  "https://blog.example/feed",
		"":                                "",
		"https://":                        "",
		"ftp://blog.example/":             "",
		"file:///etc/passwd":              "",
		"javascript://blog.example/%0aok": "",
		"https://ann:pw@blog.example/":    "",
	} {
		o := channel.Opening{Settings: []byte(`{"url":"` + given + `"}`), Now: channeltest.NewClock().Now}
		c, err := New(channel.Net{HTTP: start(t, channeltest.NewClock(), site.RSS).client}).Open(o)
		got := ""
		if err == nil {
			got = c.(*conn).settings().URL
		} else if f, ok := err.(*fault.Error); !ok || f.Kind != fault.Invalid || f.Field != "url" {
			t.Errorf("%q: %v", given, err)
		}
		if got != want {
			t.Errorf("%q was taken as %q; want %q", given, got, want)
		}
	}
	for _, settings := range []string{`[]`, ``, `{"url":5}`, `{"url":"https://x.example","ours":"perhaps"}`} {
		if _, err := New(channel.Net{}).Open(channel.Opening{Settings: []byte(settings)}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v; want Invalid", settings, err)
		}
	}
}
