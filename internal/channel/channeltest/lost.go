package channeltest

import (
	"context"
	"errors"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/sim/far"
)

// deliver does what a delivery does: it sends again only after a clear refusal, or when Find is sure that nothing is there.
// It returns what it ended with.
func (s *site) deliver(send func(context.Context, channel.Outgoing) (channel.Receipt, error), o channel.Outgoing) (channel.Receipt, error) {
	var last error
	for try := range 5 {
		ctx, stop := context.WithTimeout(s.Context(), 150*time.Millisecond+time.Duration(try)*5*time.Second)
		receipt, err := send(ctx, o)
		stop()
		if err == nil {
			return receipt, nil
		}
		last = err
		tr := channel.TroubleOf(err)
		s.far.Faults().Clear() // the bad moment is over
		s.clock.Advance(s.pause(tr))
		if !tr.Unclear {
			continue
		}
		f, ok := s.conn.(channel.Finder)
		if !ok {
			return channel.Receipt{}, err // a person decides
		}
		found, there, err := f.Find(s.ctx(), o)
		for range 3 {
			if tr := channel.TroubleOf(err); err != nil && tr.Deed == channel.Wait { // it may not look yet
				s.clock.Advance(s.pause(tr))
				found, there, err = f.Find(s.ctx(), o)
			}
		}
		if err != nil {
			return channel.Receipt{}, err
		}
		if there {
			return found, nil
		}
	}
	return channel.Receipt{}, last
}

// pause is how long a trouble asks us to wait.
func (s *site) pause(tr *channel.Trouble) time.Duration {
	if tr.Deed == channel.Wait {
		return max(tr.Until.Sub(s.clock.Now()), 0) + time.Second
	}
	return time.Second
}

// lostAnswers loses the answer to a write in every way there is, many times, and counts what the world got to see.
func lostAnswers(s *site) {
	s.skipUnless(len(s.can.lost()) > 0, "answers to lose")
	send, parent := s.sender()
	_, finds := s.conn.(channel.Finder)
	for _, do := range s.can.lost() {
		s.Run(string(do), func(s2 *site) {
			for range s2.times(do) {
				o := s2.outgoing("said once "+key(), parent)
				s2.far.Faults().Set(far.Fault{On: far.Send, Do: do, Times: 1})
				receipt, err := s2.deliver(send, o)
				s2.far.Faults().Clear()
				all := s2.published(o.Text)
				if len(all) > 1 {
					s2.Fatalf("said %d times", len(all))
				}
				if err == nil && (len(all) != 1 || receipt.RemoteID != all[0].ID) {
					s2.Fatalf("told it went out as %q; the record holds %+v", receipt.RemoteID, all)
				}
				if finds && err != nil {
					s2.Fatalf("it can be found, and was not: %v", err)
				}
				if len(all) != 1 {
					s2.Fatal("taken by the far side, and not in its record")
				}
			}
		})
	}
}

// times is how often do is tried; hanging costs real time.
func (s *site) times(do far.Do) int {
	if !Full() && (do == far.LateAnswer || do == far.Hang) {
		return 3
	}
	return Times()
}

// notTaken loses the call itself: it must go out after all, and once.
func notTaken(s *site) {
	s.skipUnless(s.can.HTTP, "calls to lose")
	_, finds := s.conn.(channel.Finder)
	s.skipUnless(finds, "way to find what became of something")
	send, parent := s.sender()
	for _, do := range []far.Do{far.RefusedClosed, far.Hang, far.ServerError} {
		for range s.times(do) {
			o := s.outgoing("said after all "+key(), parent)
			s.far.Faults().Set(far.Fault{On: far.Send, Do: do, Times: 1})
			if _, err := s.deliver(send, o); err != nil {
				s.Fatalf("%s: never delivered: %v", do, err)
			}
			s.far.Faults().Clear()
			if n := len(s.published(o.Text)); n != 1 {
				s.Fatalf("%s: said %d times", do, n)
			}
		}
	}
}

// findsOrSays asks for something while the far side can't be read: "not there" would be a lie that doubles.
func findsOrSays(s *site) {
	f, ok := s.conn.(channel.Finder)
	s.skipUnless(ok && s.can.HTTP, "way to find what became of something")
	send, parent := s.sender()
	o := s.outgoing("out there "+key(), parent)
	if _, err := send(s.ctx(), o); err != nil {
		s.Fatal(err)
	}
	for _, do := range []far.Do{far.ServerError, far.CutAnswer, far.Html200, far.TooMany, far.LostAnswer} {
		s.far.Faults().Set(far.Fault{On: far.Read, Do: do})
		_, there, err := f.Find(s.ctx(), o)
		s.far.Faults().Clear()
		if err == nil && !there {
			s.Errorf("%s: Find is sure that it is not there, and it is", do)
		}
		if err != nil {
			s.clock.Advance(s.pause(channel.TroubleOf(err)))
		}
	}
	if _, there, err := f.Find(s.ctx(), s.outgoing("never sent "+key(), parent)); there || errors.Is(err, context.DeadlineExceeded) {
		s.Errorf("Find of what was never sent = %v, %v", there, err)
	}
}

// Run is testing.T.Run on the same far side.
func (s *site) Run(name string, check func(*site)) {
	s.T.Helper()
	old := s.T
	defer func() { s.T = old }()
	old.Run(name, s.with(check))
}
