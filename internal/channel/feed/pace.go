package feed

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/rss"
)

// How often a feed is asked, in minutes.
const (
	soonest = 5
	latest  = 60
	usual   = 15
)

// pace is what a feed itself says of when it wants to be asked.
type pace struct {
	TTL   int    `json:"ttl,omitempty"`   // minutes
	Hours uint32 `json:"hours,omitempty"` // a bit for each hour of the day, UTC, at which nobody should ask
	Days  uint8  `json:"days,omitempty"`  // a bit for each day of the week, Sunday first
}

func paceOf(r *rss.Feed) pace {
	var p pace
	if n, err := strconv.Atoi(strings.TrimSpace(r.TTL)); err == nil && n > 0 {
		p.TTL = min(n, latest)
	}
	for _, h := range r.SkipHours {
		if n, err := strconv.Atoi(strings.TrimSpace(h)); err == nil && n >= 0 && n <= 24 {
			p.Hours |= 1 << (n % 24) // some count to 24
		}
	}
	for _, name := range r.SkipDays {
		for d := time.Sunday; d <= time.Saturday; d++ {
			if strings.EqualFold(strings.TrimSpace(name), d.String()) {
				p.Days |= 1 << d
			}
		}
	}
	return p
}

// next is when to ask again: every minutes from now, later if the feed or its server wants it, and a little apart for
// different feeds so that not all are asked at once. Between soonest and latest, but past the hours the feed wants to be left alone.
func (p pace) next(now time.Time, every int, h http.Header, spread byte) time.Duration {
	every = max(every, p.TTL, maxAge(h))
	d := time.Duration(every) * time.Minute
	d += d / 10 * time.Duration(spread) / 255
	d = min(max(d, soonest*time.Minute), latest*time.Minute)
	at := now.Add(d).UTC()
	for range 7 * 24 {
		if p.Hours&(1<<at.Hour()) == 0 && p.Days&(1<<at.Weekday()) == 0 {
			return at.Sub(now)
		}
		at = at.Truncate(time.Hour).Add(time.Hour)
	}
	return d // never is not an answer
}

// maxAge is the server's own word, in whole minutes, rounded up.
func maxAge(h http.Header) int {
	for _, part := range strings.Split(strings.Join(h.Values("Cache-Control"), ","), ",") {
		if v, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(part)), "max-age="); ok {
			if n, err := strconv.ParseInt(strings.Trim(v, `"`), 10, 64); err == nil && n > 0 {
				return int(min((n+59)/60, latest))
			}
		}
	}
	return 0
}
