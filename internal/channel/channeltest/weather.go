package channeltest

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/sim/far"
)

func (s *site) with(check func(*site)) func(*testing.T) {
	return func(t *testing.T) {
		s.T = t
		check(s)
	}
}

// ask makes a call that reads, as the connector does it all day.
func (s *site) ask(ctx context.Context) error {
	if f, ok := s.conn.(channel.Fetcher); ok {
		p, err := f.Fetch(ctx, s.cursor)
		if err == nil { // what it made of the answer counts: a cursor that jumped over something would skip it
			s.note(p.Events)
			s.cursor = p.Next
		}
		return err
	}
	_, err := s.conn.Check(ctx)
	return err
}

// waits is C1: while told to wait not one call leaves, however the far side words it.
func waits(s *site) {
	s.skipUnless(s.can.HTTP, "calls over HTTP")
	if s.hears() {
		s.listen()
	}
	for _, x := range []struct {
		name, after string
		least, most time.Duration
	}{
		{"in seconds", "7", 6 * time.Second, 8 * time.Second},
		{"as a date", "date", 80 * time.Second, 100 * time.Second},
		{"negative", "-30", time.Second, time.Hour},
		{"absurd", "99999999999999999999", time.Second, 25 * time.Hour},
		{"a date long gone", "Fri, 02 Jan 1970 00:00:00 GMT", time.Second, time.Hour},
		{"nonsense", "soon", time.Second, time.Hour},
		{"missing", "", time.Second, time.Hour},
	} {
		s.Run("the far side says how long "+x.name, func(s *site) {
			f := far.Fault{On: far.Read, Do: far.TooManyBare, Times: 1}
			if x.after == "date" {
				x.after = s.clock.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat)
			}
			if x.after != "" {
				f.Header = http.Header{"Retry-After": {x.after}}
			}
			start := s.clock.Now()
			s.far.Faults().Set(f)
			err := s.ask(s.ctx())
			s.far.Faults().Clear()
			tr := channel.TroubleOf(err)
			if err == nil || tr.Deed != channel.Wait {
				s.Fatalf("gives %v; want Wait", err)
			}
			if d := tr.Until.Sub(start); d < x.least || d > x.most {
				s.Errorf("waits %v; want %v to %v", d, x.least, x.most)
			}
			calls := s.far.Faults().Calls("")
			for range 5 {
				s.clock.Advance((tr.Until.Sub(start) - time.Second) / 6)
				if channel.TroubleOf(s.ask(s.ctx())).Deed != channel.Wait {
					s.Error("it does not say that it waits")
				}
			}
			if n := s.far.Faults().Calls("") - calls; n != 0 {
				s.Errorf("%d calls left while told to wait", n)
			}
			s.clock.Advance(tr.Until.Sub(s.clock.Now()) + time.Second)
			if err := s.ask(s.ctx()); err != nil {
				s.Errorf("after the wait: %v", err)
			}
		})
	}
}

// badAnswers is C2: what comes is rubbish, too long or too slow. It ends in time, in bounds, and from the same cursor all
// that was said comes when the weather is good again.
func badAnswers(s *site) {
	s.skipUnless(s.can.HTTP, "calls over HTTP")
	if s.hears() {
		s.listen()
	}
	deep := strings.Repeat("[", 5<<20)
	for _, x := range []struct {
		name  string
		fault far.Fault
		quick bool // our patience is put to the test, not the connector's
	}{
		{"server errors", far.Fault{Do: far.ServerError}, false},
		{"a bad gateway", far.Fault{Do: far.ServerError, Status: 502, Body: []byte("<html>bad gateway</html>")}, false},
		{"cut in half", far.Fault{Do: far.CutAnswer}, false},
		{"closed", far.Fault{Do: far.LostAnswer}, false},
		{"reset", far.Fault{Do: far.LostReset}, false},
		{"a page in HTML", far.Fault{Do: far.Html200}, false},
		{"nothing at all", far.Fault{Do: far.Answer, Body: []byte{}}, false},
		{"null", far.Fault{Do: far.Answer, Body: []byte("null")}, false},
		{"another shape", far.Fault{Do: far.Answer, Body: []byte(`{"a":[1,"2",{"id":3}]}`)}, false},
		{"a list of nothing", far.Fault{Do: far.Answer, Body: []byte(`[null,{},{"id":null},[],7]`)}, false},
		{"deeper than deep", far.Fault{Do: far.Answer, Body: []byte(deep)}, false},
		{"ten megabytes", far.Fault{Do: far.Answer, Body: []byte(`"` + strings.Repeat("x", 10<<20) + `"`)}, false},
		{"a bomb", far.Fault{Do: far.Answer, Body: bomb(), Header: http.Header{"Content-Encoding": {"gzip"}}}, false},
		{"another charset", far.Fault{Do: far.Answer, Body: []byte("[\"caf\xe9\"]"),
			Header: http.Header{"Content-Type": {"application/json; charset=iso-8859-1"}}}, false},
		{"without an end", far.Fault{Do: far.Big}, false},
		{"a byte a second", far.Fault{Do: far.Slow}, true},
		{"no answer", far.Fault{Do: far.Hang}, true},
	} {
		s.Run(x.name, func(s *site) {
			id := ""
			if s.hears() {
				id = s.say("ann", "said in bad weather", SayOptions{})
			}
			limit := 30 * time.Second
			if x.quick {
				limit = 300 * time.Millisecond
			}
			ctx, stop := context.WithTimeout(s.Context(), limit)
			defer stop()
			x.fault.On = far.Read
			s.far.Faults().Set(x.fault)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := s.ask(ctx)
			runtime.ReadMemStats(&after)
			s.far.Faults().Clear()
			if used := after.TotalAlloc - before.TotalAlloc; used > 300<<20 {
				s.Errorf("took %d MB for one bad answer", used>>20)
			}
			if ctx.Err() != nil && !x.quick {
				s.Error("did not end by itself")
			}
			if tr := channel.TroubleOf(err); err != nil && (tr.Deed == channel.Reconnect || tr.Deed == channel.Fix) {
				s.Errorf("bad weather is not %q: %v", tr.Deed, err)
			}
			s.clock.Advance(25 * time.Hour)
			if id != "" {
				s.listen()
				s.message(id)
			} else if err := s.ask(s.ctx()); err != nil {
				s.Errorf("when the weather is good again: %v", err)
			}
		})
	}
}

// garbled is broken UTF-8 in the middle of a message: an error or valid text, and never a message lost.
func garbled(s *site) {
	s.skipUnless(s.can.HTTP && s.hears(), "answers to garble")
	s.listen()
	id := s.say("ann", "caf"+far.Broken+" and more", SayOptions{})
	s.far.Faults().Set(far.Fault{On: far.Read, Do: far.Garble})
	err := s.ask(s.ctx()) // what it makes of it is noted, and must be valid
	s.far.Faults().Clear()
	s.Logf("garbled: %v", err)
	s.clock.Advance(25 * time.Hour)
	s.listen()
	s.message(id)
}

// bomb is 100 MB of nothing in 100 kB.
var bomb = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	chunk := bytes.Repeat([]byte("["), 1<<20)
	for range 100 {
		_, _ = z.Write(chunk)
	}
	_ = z.Close()
	return b.Bytes()
})

func reconnects(s *site) {
	s.skipUnless(s.can.HTTP, "calls over HTTP")
	if s.hears() {
		s.listen()
	}
	for _, on := range []string{far.Read, far.Send} {
		var send func(context.Context) error
		if on == far.Read {
			send = s.ask
		} else {
			_, replies := s.conn.(channel.Replier)
			_, posts := s.conn.(channel.Publisher)
			if !replies && !posts {
				continue
			}
			say, parent := s.sender()
			send = func(ctx context.Context) error { _, err := say(ctx, s.outgoing("not me", parent)); return err }
		}
		s.far.Faults().Set(far.Fault{On: on, Do: far.Unauthorized})
		err := send(s.ctx())
		s.far.Faults().Clear()
		if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Reconnect || tr.Unclear {
			s.Errorf("%s with a dead token gives %+v; want a clear Reconnect", on, err)
		}
	}
}
