package channeltest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"switchboard/internal/channel"
)

func (s *site) hears() bool {
	_, fetches := s.conn.(channel.Fetcher)
	_, called := s.far.(Caller)
	return fetches || called
}

func profile(s *site) {
	p, err := s.conn.Check(s.ctx())
	if err != nil {
		s.Fatalf("Check: %v", err)
	}
	if p.RemoteID == "" || p.Handle == "" {
		s.Errorf("Check does not say who we are: %+v", p)
	}
}

// skipsNothing says, reads, crashes and reopens at random and asks in the end for every single message.
func skipsNothing(s *site) {
	s.skipUnless(s.hears(), "way to hear")
	seed := rand.Uint64()
	s.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	s.page() // the cursor of an account nobody has written to yet
	var said []string
	for step := range 100 + Times() {
		switch r.IntN(6) {
		case 0, 1, 2:
			for k := range 1 + r.IntN(s.can.page()/2+1) {
				said = append(said, s.say("ann", fmt.Sprintf("message %d of step %d", k, step),
					SayOptions{Private: s.can.Private && r.IntN(4) == 0}))
			}
		case 3:
			s.page()
		case 4: // a page that was read and never stored: the process died
			if c, ok := s.conn.(channel.Fetcher); ok {
				if _, err := c.Fetch(s.ctx(), s.cursor); err != nil {
					s.Fatalf("Fetch: %v", err)
				}
			}
		case 5:
			s.conn = s.open()
		}
	}
	s.listen()
	s.allHeard(said)
}

func (s *site) allHeard(said []string) {
	s.Helper()
	missing := slices.DeleteFunc(slices.Clone(said), func(id string) bool { _, ok := s.heard[id]; return ok })
	if len(missing) > 0 {
		s.Fatalf("%d of %d messages were skipped, the first is %q", len(missing), len(said), missing[0])
	}
}

func backfill(s *site) {
	s.skipUnless(s.hears(), "way to hear")
	s.listen()
	var said []string
	for k := range 3*s.can.page() + 1 {
		said = append(said, s.say(fmt.Sprintf("person%d", k%7), fmt.Sprintf("while you were away %d", k),
			SayOptions{Private: s.can.Private && k%5 == 0}))
	}
	s.conn = s.open()
	s.listen()
	s.allHeard(said)
	if order := onlyOf(s.order, said); !s.can.Private && !slices.Equal(order, said) {
		s.Errorf("heard in another order than said:\n%v\n%v", order, said)
	}
}

func onlyOf(ids, known []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !slices.Contains(known, id) })
}

func whole(s *site) {
	s.skipUnless(s.hears(), "way to hear")
	s.listen()
	text := "Grüezi <b>all</b> & 👩‍👩‍👧 of you,\nthe second line"
	first := s.say("ann", "the first", SayOptions{})
	o := SayOptions{}
	if s.can.Threads {
		o.InReplyTo = first
	}
	if s.can.Media {
		o.Media = []channel.Media{{Type: "image/png", Alt: "A broken hinge, seen from above"}}
	}
	id := s.say("bea", text, o)
	s.listen()
	m := s.message(id)
	if s.can.Text {
		for _, want := range strings.Split(text, "\n") {
			if !strings.Contains(m.Text, want) {
				s.Errorf("text is %q; %q is not in it", m.Text, want)
			}
		}
	}
	if m.Own || m.Private != s.can.OnlyPrivate {
		s.Errorf("a customer's message is own=%v, private=%v", m.Own, m.Private)
	}
	if other := s.message(first); other.From.RemoteID == m.From.RemoteID {
		s.Errorf("two people are one: %q", m.From.RemoteID)
	}
	if s.can.Threads && m.ParentID != first && (m.ParentURI == "" || m.ParentURI != s.message(first).URI) {
		s.Errorf("ParentID is %q, ParentURI %q; want %q", m.ParentID, m.ParentURI, first)
	}
	if s.can.Media && (len(m.Media) != 1 || m.Media[0].Alt != o.Media[0].Alt) {
		s.Errorf("media are %+v; want one with its alt text", m.Media)
	}
	if reader, ok := s.conn.(channel.Reader); ok {
		again, err := reader.Read(s.ctx(), id)
		if err != nil || again.RemoteID != id || again.Version != m.Version || again.Text != m.Text {
			s.Errorf("Read gives another message: %+v, %v; want %+v", again, err, m)
		}
	}
}

// reread listens, and asks for what the channel does not tell of by itself.
func (s *site) reread() {
	s.Helper()
	s.listen()
	w, ok := s.conn.(channel.Watcher)
	if !ok {
		return
	}
	known := map[string]string{}
	for id, e := range s.heard {
		if !s.gone[id] {
			known[id] = e.Message.Version
		}
	}
	events, err := w.Reread(s.ctx(), known)
	if err != nil {
		s.Fatalf("Reread: %v", err)
	}
	s.note(events)
}

func edits(s *site) {
	s.skipUnless(s.hears() && s.can.Edits, "edits")
	s.listen()
	id, other := s.say("ann", "my order 123 is late", SayOptions{}), s.say("bea", "all is well", SayOptions{})
	s.listen()
	before, still := s.message(id), s.message(other)
	s.clock.Advance(time.Minute)
	s.listen() // whatever is read twice by design has been, when the edit comes
	s.far.Edit(id, "my order 456 is late")
	s.reread()
	after := s.message(id)
	if after.Version == before.Version || !strings.Contains(after.Text, "456") {
		s.Errorf("the edit was not told: version %q then %q, text %q", before.Version, after.Version, after.Text)
	}
	if s.message(other).Version != still.Version {
		s.Error("a message nobody touched has another version")
	}
}

func deletes(s *site) {
	s.skipUnless(s.hears() && s.can.Deletes, "deletions")
	s.listen()
	id, other := s.say("ann", "here is my card number", SayOptions{}), s.say("bea", "all is well", SayOptions{})
	s.listen()
	s.message(id)
	s.far.Delete(id)
	s.reread()
	if !s.gone[id] {
		s.Error("the deletion was not told")
	}
	if s.gone[other] {
		s.Error("a message that is still there was told as deleted")
	}
}

func private(s *site) {
	s.skipUnless(s.hears() && s.can.Private, "private messages")
	s.listen()
	id := s.say("ann", "between us", SayOptions{Private: true})
	s.listen()
	if m := s.message(id); !m.Private || m.Own {
		s.Errorf("a private message came as private=%v, own=%v", m.Private, m.Own)
	}
}

func own(s *site) {
	s.skipUnless(s.hears() && s.can.Own, "way to post by hand")
	s.listen()
	first := s.say("ann", "hello", SayOptions{})
	o := SayOptions{Own: true}
	if s.can.Threads {
		o.InReplyTo = first
	}
	s.say("", "said by hand in the app", o)
	s.listen()
	for _, e := range s.heard {
		if m := e.Message; strings.Contains(m.Text, "said by hand") && !m.Own {
			s.Errorf("our own words came as somebody else's: %+v", m)
		}
	}
}

func odd(s *site) {
	s.skipUnless(s.hears(), "way to hear")
	far, ok := s.far.(Odd)
	s.skipUnless(ok, "unknown events")
	s.listen()
	before := s.say("ann", "before", SayOptions{})
	far.Odd()
	after := s.say("ann", "after", SayOptions{})
	s.listen()
	s.allHeard([]string{before, after})
}
