package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/egress"
)

const (
	callTime  = 20 * time.Second // a call, redirects and body together
	bodySize  = 5 << 20          // bytes, after decompression
	redirects = 5
	astray    = "the feed was moved to an address that cannot be followed: give the account its new address"
	wait      = 15 * time.Minute // when told to wait but not how long
	longest   = 24 * time.Hour   // we come back after a day whatever we are told
	missing   = 3 * 24 * time.Hour
	accepts   = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, application/json;q=0.7, text/xml;q=0.7, text/html;q=0.5, */*;q=0.1"
)

// document is what an address answered.
type document struct {
	same   bool // not modified since
	body   []byte
	header http.Header
	at     *url.URL // where it was in the end
	moved  string   // where it is for good now, if it has moved for good
}

// get reads address unless it is as tagged. An error is a Trouble.
func (c *conn) get(ctx context.Context, address, etag, modified string) (document, error) {
	c.mu.Lock()
	until := c.until
	c.mu.Unlock()
	if c.now().Before(until) {
		return document{}, waiting(until, nil)
	}
	ctx, stop := context.WithTimeout(egress.With(ctx, egress.Limits{Time: callTime}), callTime)
	defer stop()
	d := document{}
	forGood := true
	for range redirects + 1 {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return d, unreadable("the address of the feed leads nowhere: check it", egress.Cause(err))
		}
		r.Header.Set("Accept", accepts)
		set(r.Header, "If-None-Match", etag)
		set(r.Header, "If-Modified-Since", modified)
		a, err := c.http.Do(r)
		if err != nil {
			return d, unreached(err, host(address))
		}
		next := a.Header.Get("Location")
		if a.StatusCode < 300 || a.StatusCode > 399 || a.StatusCode == http.StatusNotModified || next == "" {
			d.at, d.header = r.URL, a.Header
			return c.answered(d, a)
		}
		_ = a.Body.Close()
		to, err := r.URL.Parse(next)
		if err != nil || (to.Scheme != "http" && to.Scheme != "https") {
			return d, unreadable(astray, egress.Cause(err))
		}
		if r.URL.Scheme == "https" && to.Scheme != "https" {
			return d, unreadable("the feed's address leads to one without encryption: if you want that, give the account the other address", nil)
		}
		address = to.String()
		if forGood = forGood && (a.StatusCode == 301 || a.StatusCode == 308) && to.User == nil; forGood {
			d.moved = address
		}
	}
	return d, unreadable("the feed's address leads in circles: give the account an address that works in a browser", nil)
}

// unreached says what an error of the client means.
func unreached(err error, host string) error {
	var told *egress.Told
	var stopped *egress.Refused
	switch {
	case errors.As(err, &told):
		return waiting(told.Until, told)
	case errors.As(err, &stopped):
		return &channel.Trouble{Deed: channel.Reconnect, Message: stopped.Error(), Err: stopped}
	case strings.Contains(err.Error(), "Location"): // the client's words hold the address, and that perhaps a key
		return unreadable(astray, errors.New("it redirects to what is not an address"))
	}
	return unreadable(host+" could not be reached; trying again by itself", egress.Cause(err))
}

// answered reads an answer that is not a redirect, and closes it.
func (c *conn) answered(d document, a *http.Response) (document, error) {
	defer func() { _ = a.Body.Close() }()
	if a.StatusCode == http.StatusNotModified {
		d.same = true
		return d, nil
	}
	if a.StatusCode != http.StatusOK {
		return d, c.refused(a)
	}
	var err error
	d.body, err = io.ReadAll(io.LimitReader(a.Body, bodySize+1))
	var large *egress.TooLarge
	if len(d.body) > bodySize || errors.As(err, &large) {
		return d, unreadable(fmt.Sprintf("the feed is larger than %d MB: ask for a shorter one, or take another address", bodySize>>20), err)
	}
	if err != nil {
		return d, unreadable("the feed broke off half-way; trying again by itself", egress.Cause(err))
	}
	return d, nil
}

// refused says what a status other than 200 means.
func (c *conn) refused(a *http.Response) error {
	cause := errors.New("status " + strconv.Itoa(a.StatusCode))
	until, told := retryAfter(a.Header.Get("Retry-After"), c.now())
	if a.StatusCode == http.StatusTooManyRequests || (a.StatusCode == http.StatusServiceUnavailable && told) {
		c.mu.Lock()
		c.until = until
		c.mu.Unlock()
		return waiting(until, cause)
	}
	t := &channel.Trouble{Deed: channel.Again, Err: cause}
	switch a.StatusCode {
	case http.StatusUnauthorized, http.StatusProxyAuthRequired:
		t.Deed, t.Message = channel.Reconnect, "the feed asks for a sign-in: give the account an address that works without one"
	case http.StatusForbidden, http.StatusUnavailableForLegalReasons:
		t.Deed, t.Message = channel.NotAllowed, "the site does not let us read its feed: ask its owner, or take another address"
	case http.StatusNotFound:
		t.Message = "there is no feed at this address: check it; trying again by itself"
	case http.StatusGone:
		t.Deed, t.Message = channel.Gone, "the feed was taken down for good: give the account another address, or close it"
	default:
		t.Message = fmt.Sprintf("the site has trouble of its own (status %d); trying again by itself", a.StatusCode)
	}
	return t
}

// note keeps what a refusal says about the address: gone is not asked again, and what is missing for days becomes a person's matter.
func (c *conn) note(ctx context.Context, err error) error {
	t := channel.TroubleOf(err)
	switch {
	case t.Deed == channel.Gone:
		c.learn(ctx, func(s *settings) { s.Kept.Gone = s.URL })
	case t.Err != nil && t.Err.Error() == "status 404":
		now := c.now().UTC()
		c.learn(ctx, func(s *settings) {
			if s.Kept.Lost != s.URL {
				s.Kept.Lost, s.Kept.Missing = s.URL, now
			}
		})
		if since := c.settings().Kept.Missing; now.Sub(since) >= missing {
			return &channel.Trouble{Deed: channel.Reconnect, Err: t.Err,
				Message: "there has been no feed at this address since " + since.Format("2 January 2006") + ": give the account another address, or close it"}
		}
	}
	return err
}

// retryAfter reads a Retry-After. Nonsense in it is as good as nothing; told reports whether the header was there at all.
func retryAfter(v string, now time.Time) (until time.Time, told bool) {
	v = strings.TrimSpace(v)
	until = now.Add(wait)
	if n, err := strconv.ParseInt(v, 10, 64); err == nil {
		switch {
		case n <= 0: // negative or now: still not at once
			until = now.Add(time.Minute)
		case n > int64(longest/time.Second):
			until = now.Add(longest)
		default:
			until = now.Add(time.Duration(n) * time.Second)
		}
	} else if t, err := http.ParseTime(v); err == nil {
		until = t
		if until.Before(now.Add(time.Second)) {
			until = now.Add(time.Minute)
		} else if until.After(now.Add(longest)) {
			until = now.Add(longest)
		}
	}
	return until.UTC(), v != ""
}

func waiting(until time.Time, cause error) error {
	return &channel.Trouble{Deed: channel.Wait, Until: until, Err: cause, Message: "the site asks us to come back later; it is asked again by itself"}
}

func unreadable(message string, cause error) error {
	return &channel.Trouble{Deed: channel.Again, Message: message, Err: cause}
}

func set(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}
