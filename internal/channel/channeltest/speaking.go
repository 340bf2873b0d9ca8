package channeltest

import (
	"slices"
	"strings"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
	"switchboard/internal/sim/far"
)

func replies(s *site) {
	r, ok := s.conn.(channel.Replier)
	s.skipUnless(ok, "replies")
	for _, hidden := range []bool{false, true} {
		if hidden && !s.can.Private {
			continue
		}
		id := s.say("ann", "Where is my parcel?", SayOptions{Private: hidden})
		s.listen()
		m := s.message(id)
		text := "It left this morning " + key()
		receipt, err := r.Reply(s.ctx(), s.outgoing(text, &m))
		if err != nil {
			s.Fatalf("Reply: %v", err)
		}
		all := s.published(text)
		if len(all) != 1 {
			s.Fatalf("the record holds %d entries; want 1", len(all))
		}
		e := all[0]
		if receipt.RemoteID == "" || receipt.RemoteID != e.ID {
			s.Errorf("the receipt names %q; the far side's id is %q", receipt.RemoteID, e.ID)
		}
		if s.can.Threads && e.ParentID != id {
			s.Errorf("the reply hangs on %q; want %q", e.ParentID, id)
		}
		if e.Private != (hidden || s.can.OnlyPrivate) {
			s.Errorf("answer to private=%v went out as private=%v", hidden, e.Private)
		}
		s.listen()
		if echo, ok := s.heard[receipt.RemoteID]; ok && !echo.Message.Own {
			s.Error("the echo of our reply came back as somebody else's")
		}
	}
}

// answersAll has an answer go to somebody else in the message too: it is one answer, and both have it. The account knows under what it
// is addressed itself, so that nobody answers themselves.
func answersAll(s *site) {
	r, ok := s.conn.(channel.Sociable)
	s.skipUnless(ok, "answers to others")
	who, err := s.conn.Check(s.ctx())
	if err != nil {
		s.Fatal(err)
	}
	if !slices.Contains(r.Addresses(), strings.ToLower(who.RemoteID)) {
		s.Errorf("it is addressed as %q, and says %q", who.RemoteID, r.Addresses())
	}
	id := s.say("ann", "Ben wants to know too", SayOptions{})
	s.listen()
	m := s.message(id)
	o := s.outgoing("To both of you "+key(), &m)
	ben := m.From
	ben.RemoteID, ben.Handle, ben.Name = strings.Replace(ben.RemoteID, "ann", "ben", 1), strings.Replace(ben.Handle, "ann", "ben", 1), "Ben"
	o.To = append(o.To, ben)
	if _, err := r.Reply(s.ctx(), o); err != nil {
		s.Fatalf("Reply: %v", err)
	}
	all := s.published(o.Text)
	if len(all) != 1 || !strings.Contains(all[0].To, ben.Handle) || !strings.Contains(all[0].To, m.From.Handle) {
		s.Errorf("it went out as %+v; want one to %s and %s", all, m.From.Handle, ben.Handle)
	}
}

// staysPrivate hands over an answer that forgot to be private. Refused is right and so is sent in private; public is not.
func staysPrivate(s *site) {
	r, ok := s.conn.(channel.Replier)
	s.skipUnless(ok && s.can.Private, "private answers")
	id := s.say("ann", "My number is 0123", SayOptions{Private: true})
	s.listen()
	m := s.message(id)
	for range Times() {
		o := s.outgoing("We call you "+key(), &m)
		o.Private = false
		_, err := r.Reply(s.ctx(), o)
		all := s.published(o.Text)
		if err == nil && len(all) != 1 || len(all) == 1 && !all[0].Private {
			s.Fatalf("err %v; the record holds %+v", err, all)
		}
	}
}

func publishes(s *site) {
	p, ok := s.conn.(channel.Publisher)
	s.skipUnless(ok, "posts")
	o := s.outgoing("We are open on Saturday "+key(), nil)
	receipt, err := p.Publish(s.ctx(), o)
	if err != nil {
		s.Fatalf("Publish: %v", err)
	}
	all := s.published(o.Text)
	if len(all) != 1 || all[0].ID != receipt.RemoteID || all[0].Private != s.can.OnlyPrivate {
		s.Fatalf("receipt %+v, record %+v", receipt, all)
	}
	if f, ok := s.conn.(channel.Finder); ok {
		found, there, err := f.Find(s.ctx(), o)
		if err != nil || !there || found.RemoteID != receipt.RemoteID {
			s.Errorf("Find = %+v, %v, %v; want %q", found, there, err, receipt.RemoteID)
		}
	}
	if r, ok := s.conn.(channel.Reader); ok {
		m, err := r.Read(s.ctx(), receipt.RemoteID)
		if err != nil || !m.Own {
			s.Errorf("our post read again: own=%v, %v", m.Own, err)
		}
		if _, err := r.Read(s.ctx(), receipt.RemoteID+"0"); !fault.Is(err, fault.NotFound) {
			s.Errorf("reading what is not there gives %v; want NotFound", err)
		}
	}
}

// limits says the longest text there is, and one that is one longer.
func limits(s *site) {
	send, parent := s.sender()
	if p, ok := s.conn.(channel.Publisher); ok { // a reply may have to name the other person within the same limit
		send, parent = p.Publish, nil
	}
	who, err := s.conn.Check(s.ctx())
	if err != nil {
		s.Fatal(err)
	}
	l := who.Limits
	s.skipUnless(l.Text > 0 && l.Text <= 20000, "limit of length that could be reached")
	for _, letter := range []string{"a", "ß", "e\u0301", "👩‍👩‍👧", "語"} {
		unit := l.Count(letter)
		if l.Bytes > 0 && len(letter)*l.Text > l.Bytes {
			continue // the other limit comes first
		}
		most := strings.Repeat(letter, l.Text/unit) + strings.Repeat("a", l.Text%unit)
		if _, err := send(s.ctx(), s.outgoing(most, parent)); err != nil {
			s.Errorf("%d times %q was refused: %v", l.Text/unit, letter, err)
		}
		before := len(s.far.Published())
		_, err := send(s.ctx(), s.outgoing(most+letter, parent))
		if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Fix || tr.Unclear {
			s.Errorf("one %q too many gave %v; want a clear Fix", letter, err)
		}
		if len(s.far.Published()) != before {
			s.Error("a text that is too long was published")
		}
	}
}

// refusals are clear: nothing was published, and nobody needs to look whether it was.
func refusals(s *site) {
	s.skipUnless(s.can.HTTP || len(s.can.Refused)+len(s.can.Gone)+len(s.can.Suspended) > 0, "refusals")
	send, parent := s.sender()
	for _, x := range []struct {
		faults []far.Fault
		want   []channel.Deed
	}{
		{s.can.Refused, []channel.Deed{channel.Fix}},
		{s.can.Gone, []channel.Deed{channel.Gone}},
		{s.can.Suspended, []channel.Deed{channel.Reconnect, channel.NotAllowed}},
	} {
		for _, f := range x.faults {
			f.On, f.Times = orSend(f.On), 1
			s.far.Faults().Set(f)
			_, err := send(s.ctx(), s.outgoing("never to be seen", parent))
			s.far.Faults().Clear()
			tr := channel.TroubleOf(err)
			if err == nil || tr.Unclear || !oneOf(tr.Deed, x.want) {
				s.Errorf("%d %s: %+v; want a clear one of %v", f.Status, f.Body, err, x.want)
			}
			if err != nil && tr.Message == "" {
				s.Errorf("%d %s: no words for the person", f.Status, f.Body)
			}
		}
	}
	if n := len(s.published("never to be seen")); n != 0 {
		s.Errorf("%d refused messages are in the record", n)
	}
}

func orSend(on string) string {
	if on == "" {
		return far.Send
	}
	return on
}

func oneOf(d channel.Deed, list []channel.Deed) bool {
	for _, x := range list {
		if d == x {
			return true
		}
	}
	return false
}
