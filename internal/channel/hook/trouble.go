package hook

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/egress"
)

const (
	wait    = time.Minute // when told to wait but not how long
	longest = 24 * time.Hour
)

// refusal is a Trouble of which we know that nothing was taken.
func refusal(d channel.Deed, message string, cause error) error {
	return &channel.Trouble{Deed: d, Message: message, Err: cause}
}

func waiting(until time.Time, cause error) error {
	return &channel.Trouble{Deed: channel.Wait, Until: until, Err: cause, Message: "your bridge asks us to wait; it is called again by itself"}
}

// unreached says what an error of the client means. left says that something of a call that writes went out.
func unreached(err error, host string, left bool) error {
	var told *egress.Told
	var stopped *egress.Refused
	switch {
	case errors.As(err, &told):
		return waiting(told.Until, told)
	case errors.As(err, &stopped):
		return refusal(channel.Reconnect, stopped.Error(), stopped)
	}
	return &channel.Trouble{Deed: channel.Again, Unclear: left && !egress.NeverLeft(err), Err: egress.Cause(err),
		Message: "your bridge at " + host + " could not be reached; trying again by itself"}
}

// status is what a bridge answered that is no success.
type status int

func (s status) Error() string { return "status " + strconv.Itoa(int(s)) }

// refused says what a status that is not a success means. writes says that the call was to change something there.
func (t talk) refused(a *http.Response, body []byte, writes bool) error {
	cause := status(a.StatusCode)
	until, told := retryAfter(a.Header.Get("Retry-After"), t.now())
	if a.StatusCode == http.StatusTooManyRequests || a.StatusCode == http.StatusServiceUnavailable && told {
		t.mu.Lock()
		t.until = until
		t.mu.Unlock()
		// A 429 should mean "not taken". Where the bridge can be asked, it is asked all the same.
		return &channel.Trouble{Deed: channel.Wait, Until: until, Err: cause,
			Unclear: writes && (bool(t.s.Find) || a.StatusCode != http.StatusTooManyRequests),
			Message: "your bridge asks us to wait; it is called again by itself"}
	}
	said := theirWords(body)
	switch code := a.StatusCode; {
	case code == http.StatusUnauthorized:
		return refusal(channel.Reconnect, "your bridge refuses our signature: give both the same secret, and look at its clock", cause)
	case code == http.StatusForbidden:
		return refusal(channel.NotAllowed, "your bridge does not allow this"+said, cause)
	case code == http.StatusGone, code == http.StatusNotFound && said != "":
		return refusal(channel.Gone, "your bridge no longer has what this is about"+said, cause)
	case code == http.StatusNotFound && !writes && strings.Contains(a.Request.URL.Path, "/messages/"):
		return refusal(channel.Gone, "your bridge no longer has this message", cause)
	case code == http.StatusNotFound, code == http.StatusMethodNotAllowed, code == http.StatusNotImplemented:
		return refusal(channel.Reconnect, fmt.Sprintf("nothing at the callback address takes this (status %d): check the address in the account's settings", code), cause)
	case code == http.StatusRequestTimeout, code == http.StatusConflict, code >= 500, code < 400:
		return &channel.Trouble{Deed: channel.Again, Unclear: writes, Err: cause,
			Message: fmt.Sprintf("your bridge has trouble (status %d)%s", code, said)}
	}
	return refusal(channel.Fix, fmt.Sprintf("your bridge does not take this message as it is (status %d)%s", a.StatusCode, said), cause)
}

// theirWords is what a bridge says in {"error": "…"}, ready to be put behind our own, on one line.
func theirWords(body []byte) string {
	var r receipt
	if json.Unmarshal(body, &r) != nil {
		return ""
	}
	words := strings.Join(strings.Fields(clean(r.Error)), " ")
	if words == "" {
		return ""
	}
	if list := []rune(words); len(list) > 200 {
		words = string(list[:200]) + "…"
	}
	return ": " + words
}

// retryAfter reads a Retry-After. Nonsense in it is as good as nothing; told reports whether the header was there at all.
func retryAfter(v string, now time.Time) (until time.Time, told bool) {
	v = strings.TrimSpace(v)
	until = now.Add(wait)
	if n, err := strconv.ParseInt(v, 10, 64); err == nil {
		switch {
		case n > int64(longest/time.Second):
			until = now.Add(longest)
		case n > 0:
			until = now.Add(time.Duration(n) * time.Second)
		}
	} else if t, err := http.ParseTime(v); err == nil && t.After(now) {
		until = t
		if until.After(now.Add(longest)) {
			until = now.Add(longest)
		}
	}
	return until.UTC(), v != ""
}
