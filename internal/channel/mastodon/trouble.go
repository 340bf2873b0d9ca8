package mastodon

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/egress"
)

// usualWait is Mastodon's window: how long we wait when a server does not say.
const usualWait = 5 * time.Minute

// unreachable is a call without a whole answer. A write may have been taken all the same, unless it never left.
func unreachable(k call, err error) error {
	err = egress.Cause(err)
	var wait *egress.Told
	if errors.As(err, &wait) {
		return k.lane.told(wait.Until, err)
	}
	t := &channel.Trouble{Deed: channel.Again, Err: err, Message: "the server could not be reached; it is tried again"}
	var op *net.OpError
	never := egress.NeverLeft(err) || errors.As(err, &op) && op.Op == "dial"
	t.Unclear = k.lane == sending && !never
	var refused *egress.Refused
	if errors.As(err, &refused) { // our own guard does not let us go there
		t.Deed, t.Message = channel.Operator, refused.Error()
	}
	return t
}

// odd is an answer that is none: a page of HTML, half of a list, megabytes.
func odd(k call, err error) error {
	return &channel.Trouble{Deed: channel.Again, Err: err, Unclear: k.lane == sending,
		Message: "the server's answer makes no sense; it is tried again"}
}

// waiting says how long we were told to wait with calls of a lane. Being told to wait with reading stops all.
func (c *conn) waiting(l lane) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	until := c.until[reading]
	if u := c.until[l]; u.After(until) {
		until = u
	}
	if l == uploading && c.until[sending].After(until) {
		until = c.until[sending]
	}
	if !c.now().Before(until) {
		return nil
	}
	if c.until[sending].Before(until) && c.until[reading].Before(until) {
		return l.told(until, nil)
	}
	return reading.told(until, nil)
}

// told is being told to wait with calls of a lane. Without uploads one may still speak.
func (l lane) told(until time.Time, err error) *channel.Trouble {
	return &channel.Trouble{Deed: channel.Wait, Only: l == uploading, Until: until, Err: err, Message: "the server asks us to wait until " + until.Format("15:04:05 MST")}
}

// wait notes that we were told to wait.
func (c *conn) wait(l lane, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.until == nil {
		c.until = map[lane]time.Time{}
	}
	c.until[l] = until
}

// pause is until when a server wants us to wait. What is past, absurd or missing becomes something sane.
func (c *conn) pause(h http.Header) time.Time {
	now := c.now()
	if until, ok := egress.WaitUntil(h, now); ok {
		return until.UTC()
	}
	return now.Add(usualWait).UTC()
}

// refused turns an answer that is not 2xx into what we do about it.
func (c *conn) refused(k call, a *answer) error {
	said := words(a.body)
	err := fmt.Errorf("%s %s: %d %s", k.method, k.path, a.status, said)
	t := &channel.Trouble{Deed: channel.Again, Err: err}
	low := strings.ToLower(said)
	switch s := a.status; {
	case s == http.StatusTooManyRequests || s == http.StatusServiceUnavailable && a.header.Get("Retry-After") != "":
		until := c.pause(a.header)
		c.wait(k.lane, until)
		t = k.lane.told(until, err)
		t.Unclear = k.lane == sending // a proxy may say so after the server has taken it
	case s == http.StatusUnauthorized:
		t.Deed, t.Message = channel.Reconnect, "the server no longer accepts our access: connect the account again"
	case s == http.StatusForbidden && strings.Contains(low, "scope"):
		t.Deed, t.Message = channel.Reconnect, "our access does not cover this: connect the account again and allow all that is asked for"
	case s == http.StatusForbidden && (strings.Contains(low, "disabled") || strings.Contains(low, "suspended") || strings.Contains(low, "login")):
		t.Deed, t.Message = channel.Reconnect, "the server has closed or suspended the account ("+said+"): ask its moderators, then connect it again"
	case s == http.StatusForbidden || s == http.StatusUnavailableForLegalReasons:
		t.Deed, t.Message = channel.NotAllowed, "the server does not allow this: "+said
	case s == http.StatusNotFound || s == http.StatusGone:
		t.Deed, t.Message = channel.Gone, "it is no longer there, or hidden from us"
	case s == http.StatusUnprocessableEntity && strings.Contains(low, "finished processing"):
		t.Message = "the server is still busy with an attachment; it is tried again"
	case s == http.StatusUnprocessableEntity || s == http.StatusBadRequest || s == http.StatusRequestEntityTooLarge:
		t.Deed, t.Message = channel.Fix, "the server does not accept this message: "+said
	case s == http.StatusTeapot || s == http.StatusMethodNotAllowed || s == http.StatusNotImplemented || s == http.StatusNotAcceptable:
		t.Deed, t.Message = channel.Operator, "this server does not offer what we need: "+said
	case s >= 300 && s < 400:
		t.Deed, t.Message = channel.Operator, "the server has moved: set the account up again with its new name"
	default:
		t.Unclear, t.Message = k.lane == sending, "the server has a problem of its own; it is tried again"
	}
	return t
}

// words are what an error body says, short and on one line.
func words(body []byte) string {
	var e struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(body, &e) != nil || e.Error == "" {
		return "it gave no reason"
	}
	if e.Description != "" {
		e.Error = e.Description
	}
	line := []rune(strings.Join(strings.Fields(clean(e.Error)), " "))
	if len(line) > 200 {
		line = append(line[:200], '…')
	}
	return string(line)
}
