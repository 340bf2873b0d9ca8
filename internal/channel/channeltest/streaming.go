package channeltest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/sim/far"
)

// patience is how long a healthy stream may take on a slow machine. A passing test never waits for it.
const patience = 20 * time.Second

// line is a stream that runs beside the test.
type line struct {
	ups  chan struct{}
	mu   sync.Mutex
	got  []channel.Event
	some chan struct{} // something came
	end  chan error
	stop context.CancelFunc
}

func (s *site) stream(c channel.Streamer) *line {
	ctx, stop := context.WithCancel(s.Context())
	l := &line{ups: make(chan struct{}, 100), some: make(chan struct{}, 1), end: make(chan error, 1), stop: stop}
	go func() {
		l.end <- c.Stream(ctx, func() { l.ups <- struct{}{} }, func(_ context.Context, events []channel.Event) error {
			l.mu.Lock()
			l.got = append(l.got, events...)
			l.mu.Unlock()
			select {
			case l.some <- struct{}{}:
			default:
			}
			return nil
		})
	}()
	s.Cleanup(stop)
	return l
}

func (s *site) isUp(l *line) {
	s.Helper()
	select {
	case <-l.ups:
	case err := <-l.end:
		s.Fatalf("Stream ended before it was up: %v", err)
	case <-time.After(patience):
		s.Fatal("Stream is not up")
	}
}

// until waits for ok, noting what the stream brings and fetching when it says so.
func (s *site) until(l *line, what string, ok func() bool) {
	s.Helper()
	over := time.After(patience)
	for {
		l.mu.Lock()
		got := l.got
		l.got = nil
		l.mu.Unlock()
		s.note(got)
		if ok() {
			return
		}
		select {
		case <-l.some:
			if s.hears() {
				s.listen()
			}
		case err := <-l.end:
			s.Fatalf("Stream ended waiting for %s: %v", what, err)
		case <-over:
			s.Fatalf("the stream never told of %s", what)
		}
	}
}

func streams(s *site) {
	c, ok := s.conn.(channel.Streamer)
	s.skipUnless(ok, "stream")
	s.listen()
	l := s.stream(c)
	s.isUp(l)
	id := s.say("ann", "quick", SayOptions{})
	s.until(l, "a message", func() bool { _, ok := s.heard[id]; return ok })
	if s.can.Private {
		id := s.say("ann", "quick and quiet", SayOptions{Private: true})
		s.until(l, "a private message", func() bool { _, ok := s.heard[id]; return ok })
		if !s.message(id).Private {
			s.Error("the stream brought a private message as public")
		}
	}
	l.stop()
	select {
	case <-l.end:
	case <-time.After(patience):
		s.Error("Stream does not end with its context")
	}
}

func disturbed(s *site) {
	c, ok := s.conn.(channel.Streamer)
	s.skipUnless(ok, "stream")
	s.listen()
	s.far.Faults().Set(far.Fault{Do: far.Duplicate})
	s.far.Faults().Set(far.Fault{Do: far.Reorder})
	l := s.stream(c)
	s.isUp(l)
	var said []string
	for k := range 10 {
		said = append(said, s.say("ann", fmt.Sprintf("number %d", k), SayOptions{}))
	}
	s.until(l, "all ten messages", func() bool { return len(onlyOf(s.order, said)) == len(said) })
}
