package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/sim/bluesky"
	"switchboard/internal/sim/far"
)

const (
	refreshing = "com.atproto.server.refreshSession"
	signingIn  = "com.atproto.server.createSession"
)

// workers lets 20 read the same post at once and returns their errors.
func workers(t *testing.T, c channel.Conn, uri string) []error {
	errs := make([]error, 20)
	var all sync.WaitGroup
	for k := range errs {
		all.Go(func() { _, errs[k] = c.(channel.Reader).Read(t.Context(), uri) })
	}
	all.Wait()
	return errs
}

func TestTwentyWorkersWithAnExpiredTokenRefreshItOnce(t *testing.T) {
	n := newNetwork(t, channeltest.NewClock())
	uri := n.Post("ann.test", "hello", bluesky.Saying{})
	c := n.Open(t)
	for k, err := range workers(t, c, uri) {
		if err != nil {
			t.Fatalf("worker %d: %v", k, err)
		}
	}
	if in := n.Calls(signingIn); in != 1 {
		t.Errorf("signed in %d times; want 1", in)
	}
	for round := range 5 {
		n.Expire(company)
		for k, err := range workers(t, c, uri) {
			if err != nil {
				t.Fatalf("round %d, worker %d: %v", round, k, err)
			}
		}
	}
	if r, in := n.Calls(refreshing), n.Calls(signingIn); r != 5 || in != 1 {
		t.Errorf("5 expiries cost %d refreshes and %d sign-ins; want 5 and 1", r, in)
	}
	if n.keep != 6 {
		t.Errorf("kept %d times; want 6", n.keep)
	}
}

func TestTwentyWorkersWithARevokedAccountAskOnceAndSayReconnect(t *testing.T) {
	n := newNetwork(t, channeltest.NewClock())
	uri := n.Post("ann.test", "hello", bluesky.Saying{})
	c := n.Open(t)
	if _, err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.Revoke(company, true)
	for k, err := range workers(t, c, uri) {
		if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Reconnect || tr.Unclear {
			t.Errorf("worker %d: %v; want a clear Reconnect", k, err)
		}
	}
	if r, in := n.Calls(refreshing), n.Calls(signingIn); r != 1 || in != 2 {
		t.Errorf("cost %d refreshes and %d sign-ins; want 1 and 2 (the first one included)", r, in)
	}
	n.Account(company, "", "app-pass-word-1234", true) // the owner made the password good again and presses "test"
	if _, err := c.Check(t.Context()); err != nil {
		t.Errorf("after the account was mended: %v", err)
	}
}

func TestARefusedRefreshTokenCostsOneSignIn(t *testing.T) {
	n := newNetwork(t, channeltest.NewClock())
	c := n.Open(t)
	for range 3 {
		if _, err := c.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		n.Revoke(company, false)
		n.clock.Advance(10 * time.Minute)
	}
	if _, err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if in := n.Calls(signingIn); in != 4 {
		t.Errorf("signed in %d times; want 4", in)
	}
}

func TestSignInsAreRationed(t *testing.T) {
	n := newNetwork(t, channeltest.NewClock())
	c := n.Open(t)
	var err error
	for range 50 {
		_, err = c.Check(t.Context())
		n.Revoke(company, false)
		n.clock.Advance(time.Second)
	}
	if channel.TroubleOf(err).Deed != channel.Wait {
		t.Errorf("the fiftieth sign-in in a minute: %v; want Wait", err)
	}
	if in := n.Calls(signingIn); in > 6 {
		t.Errorf("signed in %d times in a minute", in)
	}
}

func TestASessionOutlivesTheConnection(t *testing.T) {
	n := newNetwork(t, channeltest.NewClock())
	for range 5 {
		if _, err := n.Open(t).Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		n.clock.Advance(3 * time.Hour) // the access token is good for two
	}
	if in := n.Calls(signingIn); in != 1 {
		t.Errorf("five connections signed in %d times; want 1", in)
	}
	var kept map[string]any
	if json.Unmarshal(n.kept, &kept); kept["password"] != "app-pass-word-1234" || kept["identifier"] != "@"+company || kept["plain"] != true {
		t.Errorf("what is kept lost an answer: %v", kept)
	}
	wrong := strings.Replace(string(n.kept), "app-pass-word-1234", "mistyped-pass-000", 1)
	c, err := New(channel.Net{HTTP: n.http}).Open(channel.Opening{Settings: json.RawMessage(wrong), Now: n.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = c.Check(t.Context()); channel.TroubleOf(err).Deed != channel.Reconnect {
		t.Errorf("a mistyped password beside an old session: %v; want Reconnect", err)
	}
	n.kept = []byte(strings.Replace(string(n.kept), `"@`+company, `"other.test`, 1)) // the settings are for another account now
	n.Account("other.test", "Other", "app-pass-word-1234", true)
	if p, err := n.Open(t).Check(t.Context()); err != nil || p.Handle != "@other.test" {
		t.Errorf("with another handle we are %q, %v", p.Handle, err)
	}
}

func TestATokenIsKeptBeforeItIsUsed(t *testing.T) {
	n := newNetwork(t, channeltest.NewClock())
	fail := errors.New("disk full")
	c, _ := New(channel.Net{HTTP: n.http}).Open(channel.Opening{Settings: n.kept, Now: n.clock.Now,
		Keep: func(ctx context.Context, s json.RawMessage) error {
			if fail != nil {
				return fail
			}
			return n.save(ctx, s)
		}})
	if _, err := c.Check(t.Context()); !errors.Is(err, fail) || channel.TroubleOf(err).Unclear {
		t.Errorf("Check = %v; want %v", err, fail)
	}
	if used := n.Calls("com.atproto.server.getSession"); used != 0 {
		t.Errorf("%d calls with a token that was not kept", used)
	}
	fail = nil
	n.clock.Advance(time.Minute)
	if _, err := c.Check(t.Context()); err != nil {
		t.Errorf("when keeping works again: %v", err)
	}
	if in := n.Calls(signingIn); in != 1 || n.keep != 1 {
		t.Errorf("signed in %d times, kept %d times; want 1 and 1", in, n.keep)
	}
}

func TestATokenIsNotLostWithTheCallThatAskedForIt(t *testing.T) {
	n := newNetwork(t, channeltest.NewClock())
	c := n.Open(t)
	if _, err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.Expire(company)
	n.Faults().Set(far.Fault{On: "session", Do: far.LateAnswer, Times: 1, After: 200 * time.Millisecond})
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	_, _ = c.Check(ctx)
	if _, err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r, in := n.Calls(refreshing), n.Calls(signingIn); r != 1 || in != 1 {
		t.Errorf("cost %d refreshes and %d sign-ins; want 1 and 1", r, in)
	}
}

func TestWhatIsWrongWithAnAccountIsNamed(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(*network)
		word  string
	}{
		"a wrong password":      {func(n *network) { n.Revoke(company, true) }, "app password"},
		"a suspended account":   {func(n *network) { n.SetStatus(company, "takendown") }, "suspended"},
		"a deactivated account": {func(n *network) { n.SetStatus(company, "deactivated") }, "deactivated"},
		"the main password of an account with a second factor": {func(n *network) {
			n.Faults().Set(far.Fault{On: "session", Do: far.Answer, Status: 401, Body: []byte(`{"error":"AuthFactorTokenRequired","message":"A sign in code has been sent"}`)})
		}, "main password"},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNetwork(t, channeltest.NewClock())
			tt.spoil(n)
			_, err := n.Open(t).Check(t.Context())
			if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Reconnect || !strings.Contains(tr.Message, tt.word) {
				t.Errorf("Check = %v; want Reconnect and the word %q", err, tt.word)
			}
			if err != nil && strings.Contains(err.Error(), "app-pass-word") {
				t.Error("the password is in the error")
			}
		})
	}
}

func TestAnAccountSuspendedInMidFlightIsNamedAtOnce(t *testing.T) {
	n := newNetwork(t, channeltest.NewClock())
	c := n.Open(t)
	if _, err := c.(channel.Fetcher).Fetch(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	n.SetStatus(company, "takendown")
	_, err := c.(channel.Fetcher).Fetch(t.Context(), "")
	if tr := channel.TroubleOf(err); tr.Deed != channel.Reconnect || !strings.Contains(tr.Message, "suspended") {
		t.Errorf("Fetch = %v", err)
	}
	if r, in := n.Calls(refreshing), n.Calls(signingIn); r != 0 || in != 1 {
		t.Errorf("cost %d refreshes and %d sign-ins; want 0 and 1", r, in)
	}
}

func TestAUsedUpBudgetIsNotOverdrawn(t *testing.T) {
	n := newNetwork(t, channeltest.NewClock())
	uri := n.Post("ann.test", "hello", bluesky.Saying{})
	c := n.Open(t)
	if _, err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	reset := n.clock.Now().Add(4 * time.Minute)
	n.Faults().Set(far.Fault{On: far.Read, Do: far.Answer, Times: 1, Body: []byte(`{"posts":[]}`), Header: http.Header{
		"Ratelimit-Remaining": {"0"}, "Ratelimit-Reset": {itoa(reset.Unix())},
	}})
	_, _ = c.(channel.Reader).Read(t.Context(), uri)
	before := n.Faults().Calls("")
	_, err := c.(channel.Reader).Read(t.Context(), uri)
	if tr := channel.TroubleOf(err); tr.Deed != channel.Wait || !tr.Until.Equal(reset) || n.Faults().Calls("") != before {
		t.Errorf("Read = %v until %v; want Wait until %v and no call", err, tr.Until, reset)
	}
	n.clock.Advance(5 * time.Minute)
	if _, err := c.(channel.Reader).Read(t.Context(), uri); err != nil {
		t.Errorf("after the pause: %v", err)
	}
}

func TestHowLongToWait(t *testing.T) {
	now := monday
	for name, tt := range map[string]struct {
		header []string
		want   time.Duration
	}{
		"the moment of the reset":     {[]string{"Ratelimit-Reset", itoa(now.Add(90 * time.Second).Unix())}, 90 * time.Second},
		"a reset that is past":        {[]string{"Ratelimit-Reset", itoa(now.Unix() - 5)}, usual},
		"a reset in a hundred years":  {[]string{"Ratelimit-Reset", itoa(now.AddDate(100, 0, 0).Unix())}, 24 * time.Hour},
		"a reset of rubbish":          {[]string{"Ratelimit-Reset", "soon"}, usual},
		"seconds go before the reset": {[]string{"Ratelimit-Reset", itoa(now.Unix() + 300), "Retry-After", "7"}, 7 * time.Second},
		"fewer than none":             {[]string{"Retry-After", "-1"}, usual},
		"nothing":                     {nil, usual},
	} {
		t.Run(name, func(t *testing.T) {
			h := http.Header{}
			for pair := range slices.Chunk(tt.header, 2) {
				h.Set(pair[0], pair[1])
			}
			if got := waitUntil(h, now).Sub(now); got != tt.want {
				t.Errorf("waits %v; want %v", got, tt.want)
			}
		})
	}
}

func itoa(n int64) string { b, _ := json.Marshal(n); return string(b) }

func TestASessionCanBeEnded(t *testing.T) {
	n := newNetwork(t, channeltest.NewClock())
	c := n.Open(t).(*conn)
	if err := c.Revoke(t.Context()); err != nil {
		t.Errorf("a session that was never opened: %v", err)
	}
	if _, err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Revoke(t.Context()); err != nil {
		t.Errorf("Revoke = %v", err)
	}
	old := c.session.current()
	if _, err := c.session.ask(t.Context(), old.PDS, old.Refresh, call{nsid: refreshing, post: true}); channel.TroubleOf(err).Deed != channel.Reconnect {
		t.Errorf("the session was renewed after its end: %v", err)
	}
}
