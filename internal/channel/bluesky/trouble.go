package bluesky

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/egress"
)

// refusal is an error as the protocol says it.
type refusal struct {
	Status int    `json:"-"`
	Name   string `json:"error"`
	Words  string `json:"message"`
}

func (r *refusal) Error() string { return fmt.Sprintf("status %d %s: %s", r.Status, r.Name, r.Words) }

// refusedAs reports whether err is a refusal by that name.
func refusedAs(err error, name string) bool {
	var r *refusal
	return errors.As(err, &r) && r.Name == name
}

// stale reports whether err says that the token is not good (any more): a new one may help.
func stale(err error, k call) bool {
	var r *refusal
	if !errors.As(err, &r) {
		return false
	}
	switch r.Name {
	case "ExpiredToken":
		return true
	case "AccountTakedown", "AccountDeactivated":
		return false
	case "InvalidToken":
		return !k.chat // for chat it says that the app password may not read direct messages
	}
	return r.Status == http.StatusUnauthorized && !k.chat
}

const again = "connect the account again with a new app password"

// deeds are what to do about errors that have a name. What is missing is judged by its status.
var deeds = map[string]struct {
	deed    channel.Deed
	message string
}{
	"ExpiredToken":            {channel.Reconnect, "Bluesky has ended the session: " + again},
	"InvalidToken":            {channel.Reconnect, "Bluesky does not accept the session: " + again},
	"AuthMissing":             {channel.Reconnect, "Bluesky does not accept the session: " + again},
	"AuthenticationRequired":  {channel.Reconnect, "Bluesky does not accept the handle and app password: " + again},
	"AuthFactorTokenRequired": {channel.Reconnect, "this is the account's main password: make an app password and connect with that"},
	"AccountTakedown":         {channel.Reconnect, "Bluesky has suspended this account: ask Bluesky's support, then connect it again"},
	"AccountSuspended":        {channel.NotAllowed, "the account is suspended from direct messages: ask Bluesky's support"},
	"AccountDeactivated":      {channel.Reconnect, "this account is deactivated: reactivate it in Bluesky, then connect it again"},
	"RateLimitExceeded":       {channel.Wait, "Bluesky asks us to wait"},
	"BlobTooLarge":            {channel.Fix, "a picture is too large: 2 MB at most"},
	"BlobNotFound":            {channel.Again, "an uploaded picture was lost on the way; it is uploaded again"},
	"InvalidMimeType":         {channel.Fix, "a picture is of a kind that Bluesky does not take: use JPEG, PNG or WebP"},
	"MessagesDisabled":        {channel.NotAllowed, "this person does not take direct messages from us: answer in public, or ask them to write first"},
	"NotFollowedBySender":     {channel.NotAllowed, "this person takes direct messages only from people they follow: answer in public, or ask them to write first"},
	"BlockedActor":            {channel.NotAllowed, "this person has blocked the account: no answer is possible from it"},
	"BlockedSubject":          {channel.NotAllowed, "the account has blocked this person: unblock them in Bluesky first"},
	"ConvoLocked":             {channel.NotAllowed, "this conversation is locked"},
	"InvalidConvo":            {channel.Gone, "this conversation is no longer there"},
	"RecipientNotFound":       {channel.Gone, "this person is no longer on Bluesky"},
	"ReplyTargetNotFound":     {channel.Gone, "the message to be answered is no longer there"},
	"UpstreamFailure":         {channel.Again, "a part of Bluesky can't be reached"},
	"UpstreamTimeout":         {channel.Again, "a part of Bluesky does not answer"},
	"NotEnoughResources":      {channel.Again, "Bluesky is overloaded"},
	"XRPCNotSupported":        {channel.Operator, "this host does not know the call: see whether Switchboard or the host is too old"},
	"MethodNotImplemented":    {channel.Operator, "this host does not know the call: see whether Switchboard or the host is too old"},
}

// trouble is r in our words.
func (r *refusal) trouble(k call) *channel.Trouble {
	t := &channel.Trouble{Err: r}
	d, named := deeds[r.Name]
	switch {
	case r.Status == http.StatusTooManyRequests:
		d = deeds["RateLimitExceeded"]
		// The answer may come from a proxy that had passed the call on; looking first costs one call.
		t.Unclear = k.write
	case named && r.Status < 500:
	case named:
		t.Unclear = k.write
	case r.Status >= 500:
		// A record key that is taken answers 500 as well: only reading it back tells that from a passing fault.
		d.deed, d.message, t.Unclear = channel.Again, "Bluesky has a fault of its own", k.write
	case r.Status == http.StatusUnauthorized:
		d = deeds["InvalidToken"]
	case r.Status == http.StatusForbidden:
		d.deed, d.message = channel.NotAllowed, "Bluesky does not allow this"+r.because()
	case r.Status == http.StatusNotFound:
		d = deeds["XRPCNotSupported"]
	case r.Status < 400:
		d.deed, d.message = channel.Operator, "the host has moved: see whether its address is still right"
	case k.write || k.raw != nil:
		d.deed, d.message = channel.Fix, "Bluesky does not take this message as it is"+r.because()
	default:
		d.deed, d.message = channel.Operator, "Bluesky does not understand the call"+r.because()
	}
	t.Deed, t.Message = d.deed, d.message
	return t
}

func (r *refusal) because() string {
	if r.Words == "" {
		return ""
	}
	return " (" + r.Words + ")"
}

// inactive is the trouble of an account that the host knows but does not serve.
func inactive(status string) error {
	switch status {
	case "deactivated":
		return &channel.Trouble{Deed: channel.Reconnect, Message: deeds["AccountDeactivated"].message}
	case "takendown", "suspended":
		return &channel.Trouble{Deed: channel.Reconnect, Message: deeds["AccountTakedown"].message}
	}
	return &channel.Trouble{Deed: channel.Reconnect, Message: "Bluesky says that this account is not active: look at it there, then connect it again"}
}

// waits are the pauses we were told to make, by class of call. No call of a class leaves before its pause is over.
type waits struct {
	mu    sync.Mutex
	until map[string]time.Time
}

func (w *waits) check(class string, now time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.until[class]
	if !now.Before(t) || t.Sub(now) > 25*time.Hour { // a clock set back must not make the pause longer
		return nil
	}
	return &channel.Trouble{Deed: channel.Wait, Until: t, Message: deeds["RateLimitExceeded"].message}
}

func (w *waits) set(class string, t time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.until[class] = t
}

// note sees a budget that is used up before it costs us a refusal.
func (w *waits) note(class string, a *http.Response, now time.Time) {
	if a.StatusCode > 299 || a.Header.Get("Ratelimit-Remaining") != "0" {
		return
	}
	if t, ok := egress.WaitUntil(a.Header, now); ok {
		w.set(class, t)
	}
}

// usual is how long we wait when a refusal does not say.
const usual = time.Minute

// waitUntil reads how long a 429 wants us to wait, within reason.
func waitUntil(h http.Header, now time.Time) time.Time {
	if t, ok := egress.WaitUntil(h, now); ok {
		return t.UTC()
	}
	return now.Add(usual).UTC()
}

// short cuts words of the far side to what a person will read, and takes out what is not text.
func short(s string) string {
	s = clean(s)
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}
