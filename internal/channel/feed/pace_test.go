package feed

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed/rss"
	"pgregory.net/rapid"

	"switchboard/internal/channel/channeltest"
)

func TestWhenAFeedIsAskedAgain(t *testing.T) {
	now := channeltest.NewClock().Now() // 09:00 on a Thursday
	for name, tt := range map[string]struct {
		feed  rss.Feed
		every int
		cache string
		want  time.Duration
	}{
		"as often as it has news":       {every: 20, want: 20 * time.Minute},
		"not too often":                 {every: 1, want: 5 * time.Minute},
		"not too seldom":                {every: 600, want: time.Hour},
		"when it lasts":                 {feed: rss.Feed{TTL: "45"}, every: 20, want: 45 * time.Minute},
		"when it says it lasts a week":  {feed: rss.Feed{TTL: "10080"}, every: 20, want: time.Hour},
		"when it says nonsense":         {feed: rss.Feed{TTL: "-3 or so"}, every: 20, want: 20 * time.Minute},
		"when its server says":          {every: 20, cache: "public, Max-Age=1830", want: 31 * time.Minute},
		"when its server says too much": {every: 20, cache: "max-age=99999999999999999999", want: 20 * time.Minute},
		"when its server says never":    {every: 20, cache: "no-cache, max-age=0", want: 20 * time.Minute},
		"after the hours of rest":       {feed: rss.Feed{SkipHours: []string{"9", " 10 ", "11", "x", "99"}}, every: 20, want: 3 * time.Hour},
		"after the days of rest":        {feed: rss.Feed{SkipDays: []string{"thursday", "Friday"}}, every: 20, want: 39 * time.Hour},
		"an hour that some call 24":     {feed: rss.Feed{SkipHours: []string{"24"}}, every: 20, want: 20 * time.Minute},
		"if it always rests": {feed: rss.Feed{SkipDays: strings.Fields("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")},
			every: 20, want: 20 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			h := http.Header{"Cache-Control": {tt.cache}}
			if got := paceOf(&tt.feed).next(now, tt.every, h, 0); got != tt.want {
				t.Errorf("in %v; want %v", got, tt.want)
			}
		})
	}
}

func TestItIsAlwaysSometime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pace{TTL: rapid.IntRange(-5, 10_000).Draw(t, "ttl"), Hours: rapid.Uint32().Draw(t, "hours"), Days: rapid.Uint8().Draw(t, "days")}
		h := http.Header{"Cache-Control": {fmt.Sprint("max-age=", rapid.Int64().Draw(t, "age"))}}
		now := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "now"), 0).UTC()
		got := p.next(now, rapid.IntRange(-10, 10_000).Draw(t, "every"), h, rapid.Byte().Draw(t, "spread"))
		if got < soonest*time.Minute || got > 7*24*time.Hour {
			t.Fatalf("in %v", got)
		}
	})
}
