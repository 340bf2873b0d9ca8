package channeltest

import (
	"context"
	"errors"
	"strings"

	"switchboard/internal/channel"
	"switchboard/internal/egress"
	"switchboard/internal/fault"
	"switchboard/internal/sim/far"
)

func (s *site) tester() channel.Tester {
	s.Helper()
	t, ok := s.conn.(channel.Tester)
	s.skipUnless(ok, "test message")
	return t
}

// tests says something to nobody: the record holds it once, hidden, and the connector tells of it to nobody.
func tests(s *site) {
	t := s.tester()
	if s.hears() {
		s.listen()
	}
	heard, before := len(s.order), len(s.far.Published())
	got, err := t.Test(s.ctx(), key())
	if err != nil {
		s.Fatalf("Test: %v", err)
	}
	for _, words := range []string{got.Said, got.Seen} {
		if words == "" || !strings.HasSuffix(words, ".") {
			s.Errorf("%q is no sentence of what came of it: %+v", words, got)
		}
	}
	var said []far.Entry
	gone := false
	for _, e := range s.far.Published()[before:] {
		if e.Kind == far.Delete {
			gone = gone || e.ID == got.RemoteID
			continue
		}
		said = append(said, e)
	}
	if len(said) != 1 || said[0].ID != got.RemoteID || !said[0].Private && said[0].Kind != far.Test {
		s.Fatalf("the record holds %+v; want one thing, hidden, by the id %q", said, got.RemoteID)
	}
	who, err := s.conn.Check(s.ctx())
	if err != nil {
		s.Fatal(err)
	}
	if to := said[0].To; to != "" && to != who.Handle {
		s.Errorf("it went to %q", to)
	}
	if got.Gone && !gone && said[0].Kind != far.Test || got.Note == "" && !got.Gone {
		s.Errorf("taken away again: %v; told %+v", gone, got)
	}
	if r, ok := s.conn.(channel.Reader); ok && got.Gone {
		if _, err := r.Read(s.ctx(), got.RemoteID); !fault.Is(err, fault.NotFound) {
			s.Errorf("it is said to be gone, and reading it gives %v", err)
		}
	}
	if !s.hears() {
		return
	}
	after := s.say("ann", "is heard all the same", SayOptions{})
	s.listen()
	s.message(after)
	if new := s.order[heard:]; len(new) != 1 {
		s.Errorf("of the test it was heard: %v", new)
	}
}

// testRefused is a test whose words the far side does not take.
func testRefused(s *site) {
	t := s.tester()
	before := len(s.far.Published())
	for _, x := range []struct {
		do   far.Do
		want []channel.Deed
	}{
		{far.Unauthorized, []channel.Deed{channel.Reconnect}},
		{far.ServerError, []channel.Deed{channel.Again}},
	} {
		s.far.Faults().Set(far.Fault{On: far.Send, Do: x.do})
		got, err := t.Test(s.ctx(), key())
		s.far.Faults().Clear()
		tr := channel.TroubleOf(err)
		if err == nil || !oneOf(tr.Deed, x.want) || tr.Message == "" || x.do == far.Unauthorized && tr.Unclear {
			s.Errorf("%s gives %+v, %+v; want one of %v, with words", x.do, got, err, x.want)
		}
	}
	if n := len(s.far.Published()); n != before {
		s.Errorf("%d things were taken that were refused", n-before)
	}
}

// testStopped is a test of an account that is stopped: nothing leaves.
func testStopped(s *site) {
	t := s.tester()
	s.skipUnless(s.can.Guarded, "guard around it")
	if _, err := s.conn.Check(s.ctx()); err != nil { // what it must know before it speaks
		s.Fatal(err)
	}
	stopped := fault.New(fault.Conflict, "this account is stopped")
	before := len(s.far.Published())
	got, err := t.Test(egress.WithGate(s.ctx(), func(context.Context) error { return stopped }), key())
	if tr := channel.TroubleOf(err); !errors.Is(err, stopped) || tr.Unclear {
		s.Errorf("a stopped account gives %+v, %+v; want a clear %v", got, err, stopped)
	}
	if n := len(s.far.Published()); n != before {
		s.Errorf("%d things left a stopped account", n-before)
	}
}
