package hook

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/egress"
	"switchboard/internal/fault"
	"switchboard/internal/sim/far"
)

// TestOnlyABridgeThatTakesTestsIsSentOne: one that was built before there were any might publish an empty entry.
func TestOnlyABridgeThatTakesTestsIsSentOne(t *testing.T) {
	for k := range 16 {
		can := func(bit int) bool { return k&bit > 0 }
		c := start(t, channeltest.NewClock(), map[string]any{"publish": can(1), "find": can(2), "read": can(4), "tests": can(8)}).Open(t)
		_, replies := c.(channel.Replier)
		_, publishes := c.(channel.Publisher)
		_, finds := c.(channel.Finder)
		_, reads := c.(channel.Reader)
		_, tests := c.(channel.Tester)
		if !replies || publishes != can(1) || finds != can(2) || reads != can(4) || tests != can(8) {
			t.Errorf("%b: replies %v, publishes %v, finds %v, reads %v, tests %v", k, replies, publishes, finds, reads, tests)
		}
	}
	if _, tests := start(t, channeltest.NewClock(), nil).Open(t).(channel.Tester); tests {
		t.Error("an account that was set up before is sent tests")
	}
}

// TestATestHoldsNothingThatCouldBePublished: a bridge that was written before there were tests must find no words in one.
func TestATestHoldsNothingThatCouldBePublished(t *testing.T) {
	body, err := json.Marshal(test{"test", "ahk3xq7m2v5wd", true, instant{channeltest.NewClock().Now()}})
	if want := `{"type":"test","key":"ahk3xq7m2v5wd","private":true,"at":"2026-10-08T09:00:00Z"}`; err != nil || string(body) != want {
		t.Errorf("%s, %v; want %s", body, err, want)
	}
}

// TestAStoppedAccountSendsNoTest is the stop button, through the guarded client.
func TestAStoppedAccountSendsNoTest(t *testing.T) {
	f := start(t, channeltest.NewClock(), map[string]any{"tests": true})
	g, err := egress.New(egress.Options{Allow: []string{"127.0.0.0/8"}, Now: f.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	f.client = g.Account("acme")
	stopped := fault.New(fault.Conflict, "this account is stopped")
	_, err = f.Open(t).(channel.Tester).Test(egress.WithGate(t.Context(), func(context.Context) error { return stopped }), "ahk3xq7m2v5wd")
	if !errors.Is(err, stopped) || channel.TroubleOf(err).Unclear || f.bridge.Record.Len() != 0 {
		t.Errorf("%+v; the record holds %+v", err, f.bridge.Record.Entries())
	}
}

// TestABridgeThatKnowsNoTestsIsStillGoodForAnswers: only a refused signature says that the account must be connected again.
func TestABridgeThatKnowsNoTestsIsStillGoodForAnswers(t *testing.T) {
	for status, want := range map[int]channel.Deed{400: channel.Fix, 404: channel.Fix, 405: channel.Fix, 410: channel.Fix, 422: channel.Fix, 501: channel.Fix,
		401: channel.Reconnect, 403: channel.NotAllowed, 429: channel.Wait, 500: channel.Again} {
		f := start(t, channeltest.NewClock(), map[string]any{"tests": true})
		f.bridge.Faults.Set(far.Fault{On: far.Send, Do: far.Answer, Status: status, Body: []byte(`{"error":"a guest book only takes answers"}`)})
		_, err := f.Open(t).(channel.Tester).Test(t.Context(), "ahk3xq7m2v5wd")
		tr := channel.TroubleOf(err)
		if err == nil || tr.Deed != want || want == channel.Fix && (tr.Unclear || !strings.Contains(tr.Message, `"test" with 200`)) {
			t.Errorf("%d %s: %+v; want %q", status, http.StatusText(status), err, want)
		}
	}
}
