package mastodon

import (
	"net/http"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
)

func TestRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		status  int
		body    string
		deed    channel.Deed
		unclear bool // of a post
	}{
		"a dead token":            {401, `{"error":"The access token is invalid"}`, channel.Reconnect, false},
		"a token taken back":      {401, `{"error":"The access token was revoked"}`, channel.Reconnect, false},
		"a scope that is missing": {403, `{"error":"This action is outside the authorized scopes"}`, channel.Reconnect, false},
		"a suspended account":     {403, `{"error":"Your login is currently disabled"}`, channel.Reconnect, false},
		"something forbidden":     {403, `{"error":"This action is not allowed"}`, channel.NotAllowed, false},
		"a parent that is gone":   {404, `{"error":"Record not found"}`, channel.Gone, false},
		"gone for good":           {410, ``, channel.Gone, false},
		"what does not validate":  {422, `{"error":"Validation failed: Text can't be blank"}`, channel.Fix, false},
		"GoToSocial's 400":        {400, `{"error":"Bad Request: text too long"}`, channel.Fix, false},
		"an attachment in work":   {422, `{"error":"Cannot attach files that have not finished processing. Try again in a moment!"}`, channel.Again, false},
		"too large":               {413, ``, channel.Fix, false},
		"forbidden by law":        {451, `{"error":"no"}`, channel.NotAllowed, false},
		"no name given":           {418, `{"error":"I'm a teapot"}`, channel.Operator, false},
		"moved away":              {301, ``, channel.Operator, false},
		"too often":               {429, `{"error":"Too many requests"}`, channel.Wait, true},
		"a server error":          {500, `{"error":"oops"}`, channel.Again, true},
		"a bad gateway":           {502, `<html>`, channel.Again, true},
		"a gateway that gave up":  {504, ``, channel.Again, true},
		"overloaded":              {503, `{"error":"Service Unavailable"}`, channel.Again, true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, l := range []lane{reading, sending, uploading} {
				c := &conn{now: channeltest.NewClock().Now}
				tr := channel.TroubleOf(c.refused(call{lane: l}, &answer{status: tt.status, body: []byte(tt.body), header: http.Header{}}))
				if tr.Deed != tt.deed || tr.Unclear != (tt.unclear && l == sending) || tr.Message == "" {
					t.Errorf("lane %d: %+v; want %s", l, tr, tt.deed)
				}
			}
		})
	}
}

func TestPauseReadsEveryWayToSayWait(t *testing.T) {
	now := channeltest.NewClock().Now()
	for name, tt := range map[string]struct {
		header http.Header
		want   time.Duration
	}{
		"seconds":                     {http.Header{"Retry-After": {"12"}}, 12 * time.Second},
		"seconds with a point":        {http.Header{"Retry-After": {"1.5"}}, 1500 * time.Millisecond},
		"a date":                      {http.Header{"Retry-After": {now.Add(time.Minute).UTC().Format(http.TimeFormat)}}, time.Minute},
		"Mastodon's reset":            {http.Header{"X-Ratelimit-Reset": {now.Add(4 * time.Minute).UTC().Format("2006-01-02T15:04:05.000000Z")}}, 4 * time.Minute},
		"a reset as a Unix time":      {http.Header{"X-Ratelimit-Reset": {"1791450060"}}, time.Minute},
		"Retry-After goes first":      {http.Header{"Retry-After": {"3"}, "X-Ratelimit-Reset": {"1791450060"}}, 3 * time.Second},
		"a reset that is past":        {http.Header{"X-Ratelimit-Reset": {"2026-10-08T08:00:00Z"}}, usualWait},
		"a reset that makes no sense": {http.Header{"X-Ratelimit-Reset": {"tomorrow"}}, usualWait},
		"a reset in a hundred years":  {http.Header{"X-Ratelimit-Reset": {"2126-10-08T09:00:00Z"}}, 24 * time.Hour},
		"nothing at all":              {http.Header{}, usualWait},
	} {
		t.Run(name, func(t *testing.T) {
			c := &conn{now: func() time.Time { return now }}
			if got := c.pause(tt.header).Sub(now); got != tt.want {
				t.Errorf("pause = %v; want %v", got, tt.want)
			}
		})
	}
	t.Run("the server's clock is ahead of ours", func(t *testing.T) {
		c := &conn{now: func() time.Time { return now }}
		h := http.Header{"Date": {now.Add(time.Hour).UTC().Format(http.TimeFormat)}, "X-Ratelimit-Reset": {now.Add(time.Hour + time.Minute).UTC().Format(time.RFC3339)}}
		if got := c.pause(h).Sub(now); got != time.Minute {
			t.Errorf("pause = %v; want a minute", got)
		}
	})
}

func TestWaitingForUploadsDoesNotMakeUsDeaf(t *testing.T) {
	clock := channeltest.NewClock()
	c := &conn{now: clock.Now}
	c.wait(uploading, clock.Now().Add(time.Hour))
	if c.waiting(reading) != nil || c.waiting(sending) != nil || c.waiting(uploading) == nil {
		t.Error("a limit on uploads stops more, or less, than uploads")
	}
	c.wait(sending, clock.Now().Add(time.Hour))
	if c.waiting(reading) != nil || c.waiting(sending) == nil {
		t.Error("a limit on posts stops reading")
	}
	c.wait(reading, clock.Now().Add(time.Minute))
	if c.waiting(reading) == nil {
		t.Error("a limit on all calls stops nothing")
	}
}
