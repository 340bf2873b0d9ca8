package hook

import (
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/fault"
	bridge "switchboard/internal/sim/hook"
)

const good = `{"events":[{"kind":"said","message":{"remoteId":"e1","from":{"remoteId":"ann"},"text":"Lovely shop!"}}]}`

// heard opens an account without a callback and a bridge that signs for it.
func heard(t testing.TB) (*conn, *bridge.Bridge, *channeltest.Clock) {
	t.Helper()
	clock := channeltest.NewClock()
	return hearing(t, clock.Now, secret), bridge.New("Guest book", secret, clock.Now), clock
}

func hearing(t testing.TB, now func() time.Time, secret string) *conn {
	t.Helper()
	c, err := New(channel.Net{}).Open(channel.Opening{Settings: []byte(`{"name":"Guest book","secret":"` + secret + `"}`), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return c.(*conn)
}

func cloned(c channel.Call) channel.Call {
	c.Header, c.Body = c.Header.Clone(), slices.Clone(c.Body)
	return c
}

// TestASignatureIsOneOfAKind spoils a good call in every way it can be spoilt by a byte, and in some ways by more.
func TestASignatureIsOneOfAKind(t *testing.T) {
	c, b, clock := heard(t)
	call := b.Call([]byte(good))
	tried := 0
	refused := func(what string, spoilt channel.Call) {
		t.Helper()
		tried++
		events, _, err := c.Hear(t.Context(), spoilt)
		if !fault.Is(err, fault.Forbidden) || len(events) > 0 {
			t.Errorf("%s: %d events, %v; want Forbidden and none", what, len(events), err)
		}
	}
	for _, name := range []string{idHeader, timestampHeader, signatureHeader} {
		value := call.Header.Get(name)
		for k := range len(value) {
			for bit := range 8 {
				x := cloned(call)
				flipped := []byte(value)
				flipped[k] ^= 1 << bit
				x.Header.Set(name, string(flipped))
				refused(name+" with a bit flipped", x)
			}
		}
		for what, values := range map[string][]string{
			"empty": {""}, "missing": {}, "twice": {value, value}, "doubled": {value + value}, "doubled with a comma": {value + ", " + value},
			"with a space": {value + " "}, "in capitals": {strings.ToUpper(value)}, "cut": {value[:len(value)-1]}, "a mark": {"."},
		} {
			if what == "in capitals" && strings.ToUpper(value) == value {
				continue
			}
			x := cloned(call)
			x.Header[name] = values
			refused(name+" "+what, x)
		}
	}
	for k := range call.Body {
		for bit := range 8 {
			x := cloned(call)
			x.Body[k] ^= 1 << bit
			refused("the body with a bit flipped", x)
		}
	}
	for what, body := range map[string]string{
		"re-encoded": strings.ReplaceAll(good, "!", `\u0021`), "with a line end": good + "\n", "without a space": strings.ReplaceAll(good, " ", ""),
		"empty": "", "doubled": good + good, "with a mark in front": "\ufeff" + good,
	} {
		x := cloned(call)
		x.Body = []byte(body)
		refused("the body "+what, x)
	}
	for _, seconds := range []int64{-301, 301, -86400, 86400, 1 << 62, -1 << 62} {
		x := cloned(call)
		ts := strconv.FormatInt(clock.Now().Unix()+seconds, 10)
		x.Header.Set(timestampHeader, ts)
		x.Header.Set(signatureHeader, sign(secret, x.Header.Get(idHeader), ts, x.Body))
		refused("signed "+strconv.FormatInt(seconds, 10)+" s away", x)
	}
	for _, ts := range []string{"0", "-5", "+1791450000", "01791450000", "1791450000.5", "now", "1e9", strings.Repeat("9", 40)} {
		x := cloned(call)
		x.Header.Set(timestampHeader, ts)
		x.Header.Set(signatureHeader, sign(secret, x.Header.Get(idHeader), ts, x.Body))
		refused("signed at "+ts, x)
	}
	for _, id := range []string{"a.b", "a b", "ä", strings.Repeat("x", 129), "a\n"} {
		x := cloned(call)
		x.Header[idHeader] = []string{id}
		x.Header.Set(signatureHeader, sign(secret, id, x.Header.Get(timestampHeader), x.Body))
		refused("an id like "+strconv.Quote(id), x)
	}
	other := bridge.New("Guest book", strings.Repeat("0", 32), clock.Now)
	refused("another account's secret", other.Call([]byte(good)))
	x := cloned(call)
	x.Header.Set(keyHeader, "abc")
	refused("our own call come back", x)
	t.Logf("%d spoilt calls refused", tried)

	if events, a, err := c.Hear(t.Context(), call); err != nil || len(events) != 1 || a.Status != 200 || string(a.Body) != "{\"accepted\":1}\n" {
		t.Errorf("the call itself: %d events, %+v, %v", len(events), a, err)
	}
}

func TestTheTimeMayBeFiveMinutesOff(t *testing.T) {
	c, b, clock := heard(t)
	for _, off := range []time.Duration{-300 * time.Second, 0, 300 * time.Second} {
		call := b.Call([]byte(good))
		call.At = clock.Now().Add(off)
		if _, _, err := c.Hear(t.Context(), call); err != nil {
			t.Errorf("%v off: %v", off, err)
		}
	}
	call := b.Call([]byte(good))
	call.At = time.Time{} // nobody noted when it came: our own clock counts
	if _, _, err := c.Hear(t.Context(), call); err != nil {
		t.Error(err)
	}
}

func TestARepeatedCall(t *testing.T) {
	c, b, clock := heard(t)
	call := b.Call([]byte(good))
	first, _, err := c.Hear(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	again, a, err := c.Hear(t.Context(), call)
	if err != nil || a.Status != http.StatusOK || len(again) != 1 || again[0].RemoteID != first[0].RemoteID || again[0].Message.Version != first[0].Message.Version {
		t.Errorf("the same call again: %+v, %v; want the same events, for the first may not have been stored", again, err)
	}
	swapped := func(id string) error {
		x := b.Call([]byte(strings.ReplaceAll(good, "Lovely", "Awful")))
		x.Header.Set(idHeader, id)
		x.Header.Set(signatureHeader, sign(secret, id, x.Header.Get(timestampHeader), x.Body))
		_, _, err := c.Hear(t.Context(), x)
		return err
	}
	if err := swapped(call.Header.Get(idHeader)); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the same id with another body gives %v; want Forbidden", err)
	}
	clock.Advance(9 * time.Minute)
	if err := swapped(call.Header.Get(idHeader)); !fault.Is(err, fault.Forbidden) {
		t.Errorf("nine minutes later it gives %v; want Forbidden", err)
	}
	broken := b.Call([]byte(`{"events":[{"kind":"shouted"}]}`))
	if _, _, err := c.Hear(t.Context(), broken); !fault.Is(err, fault.Invalid) {
		t.Errorf("a call that makes no sense gives %v; want Invalid", err)
	}
	if err := swapped(broken.Header.Get(idHeader)); err != nil {
		t.Errorf("an id that was refused may be used again once the body is mended: %v", err)
	}
}

func TestTheMemoryOfCallsIsBounded(t *testing.T) {
	at := channeltest.NewClock().Now()
	s := seen{most: 100}
	for k := range 10_000 {
		if s.other(strconv.Itoa(k), []byte("x"), at) {
			t.Fatal("a new id was called known")
		}
		if len(s.now)+len(s.old) > 200 {
			t.Fatalf("%d ids are held", len(s.now)+len(s.old))
		}
	}
	if !s.other("9999", []byte("y"), at) {
		t.Error("a fresh id was forgotten")
	}
	if s.other("9999", []byte("y"), at.Add(time.Hour)) || len(s.old) > 0 {
		t.Error("ids are held longer than they matter")
	}
}

func TestTheDocumentedSignature(t *testing.T) {
	// The worked example of docs/channels/hook.md, made with openssl.
	got := sign("an example, never a secret", "call-1", "1791450000", []byte(`{"events":[]}`))
	if got != documented {
		t.Errorf("sign = %s; the documentation says %s", got, documented)
	}
	if _, err := hex.DecodeString(strings.TrimPrefix(got, "v1=")); err != nil || len(got) != 67 {
		t.Errorf("a signature must be v1= and 64 hex digits: %s", got)
	}
}

const documented = "v1=7bea225e628cceec6666361a7cf1579dd3ad9b97a58d6e0255c90a3cbf39def9"
