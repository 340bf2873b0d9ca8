package egress

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// caller is the transport of every client: it puts the limits around a call and follows redirects.
type caller struct {
	g       *Guard
	purpose string
}

// RoundTrip makes a call. It follows redirects as far as the context's Limits want it, so the answer's Request may be
// another than req.
func (c *caller) RoundTrip(req *http.Request) (*http.Response, error) {
	l := LimitsOf(req.Context())
	ctx, cancel := context.WithCancelCause(context.WithValue(req.Context(), purposeKey{}, c.purpose))
	var clock *time.Timer
	if l.Time > 0 {
		clock = time.AfterFunc(l.Time, func() { cancel(&TooSlow{Limit: l.Time}) })
	}
	resp, err := c.follow(req, ctx, cancel, l.Redirects)
	if err == nil {
		err = l.limit(ctx, resp, clock, cancel)
	}
	if err == nil {
		return resp, nil
	}
	if clock != nil {
		clock.Stop()
	}
	cancel(errDone)
	return nil, err
}

// follow makes the call and those it is sent on to.
func (c *caller) follow(req *http.Request, ctx context.Context, cancel context.CancelCauseFunc, redirects int) (*http.Response, error) {
	home := req.URL
	for {
		resp, err := c.call(req.Clone(ctx), cancel)
		if err != nil {
			return nil, err
		}
		resp.Request = req
		next := redirect(resp)
		if next == "" || redirects <= 0 {
			return resp, nil
		}
		redirects--
		_, _ = io.CopyN(io.Discard, resp.Body, 4096) // so that the connection can be used again
		_ = resp.Body.Close()
		if req, err = step(req, home, next); err != nil {
			return nil, err
		}
	}
}

// call makes one request, twice if the first ran into a connection that had died in our hands.
func (c *caller) call(req *http.Request, cancel context.CancelCauseFunc) (*http.Response, error) {
	if s := req.URL.Scheme; s != "http" && s != "https" {
		return nil, unsent{&Refused{req.URL.Host, "addresses begin with https:// or http://"}}
	}
	if req.Header.Get("User-Agent") == "" && c.g.o.UserAgent != "" {
		req.Header.Set("User-Agent", c.g.o.UserAgent)
	}
	check := func(ctx context.Context) error {
		if err := turn(ctx); err != nil || !writing(req.Method) {
			return err
		}
		return Ask(ctx)
	}
	if !writing(req.Method) {
		return c.g.send(req, check, cancel)
	}
	rewind := req.GetBody
	once(req)
	resp, err := c.g.send(req, check, cancel)
	if died := (idleDied{}); !errors.As(err, &died) || rewind == nil {
		return resp, err
	}
	again := req.Clone(req.Context())
	if again.Body, err = rewind(); err != nil {
		return nil, unsent{err}
	}
	return c.g.send(again, check, cancel)
}

// once keeps net/http from repeating a write by itself, which it does when it can rewind the body or sees an
// Idempotency-Key: we can tell whether anything left, and it would repeat what did. The far side reads the header in any case.
func once(req *http.Request) {
	req.GetBody = nil
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if v, ok := req.Header[name]; ok {
			delete(req.Header, name)
			req.Header[strings.ToLower(name)] = v
		}
	}
}

// redirect returns where an answer sends us, "" if nowhere.
func redirect(resp *http.Response) string {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		if m := resp.Request.Method; m == "" || m == http.MethodGet || m == http.MethodHead {
			return resp.Header.Get("Location")
		}
	}
	return ""
}

// plainHeaders are sent to whomever we are redirected to; all others could be secrets meant for the first host.
var plainHeaders = []string{"Accept", "Accept-Language", "If-Modified-Since", "If-None-Match", "Range", "User-Agent"}

// step is the request that a redirect to next asks for. home is where it all began.
func step(req *http.Request, home *url.URL, next string) (*http.Request, error) {
	to, err := req.URL.Parse(next)
	if err != nil {
		return nil, &Refused{req.URL.Host, "it redirects to what is not an address"}
	}
	if req.URL.Scheme == "https" && to.Scheme != "https" {
		return nil, &Refused{to.Host, "the redirect to it gives up the encryption"}
	}
	if to.Fragment == "" {
		to.Fragment = req.URL.Fragment
	}
	r := req.Clone(req.Context())
	r.URL, r.Host = to, ""
	if to.Scheme != home.Scheme || !strings.EqualFold(to.Host, home.Host) {
		to.User = nil
		r.Header = http.Header{}
		for _, name := range plainHeaders {
			if v := req.Header.Values(name); len(v) > 0 {
				r.Header[name] = v
			}
		}
	}
	return r, nil
}
