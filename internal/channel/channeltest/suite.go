package channeltest

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"switchboard/internal/channel"
	"switchboard/internal/sim/far"
)

// Maker makes a fresh Far whose Conns go by clock.
type Maker func(t *testing.T, clock *Clock) Far

// Suite checks that a connector keeps the contract of package channel.
func Suite(t *testing.T, fresh Maker) {
	for _, c := range []struct {
		name  string
		check func(s *site)
	}{
		{"it knows who it is", profile},
		{"nothing said is skipped, however pages and cursors fall", skipsNothing},
		{"a long silence ends with every message", backfill},
		{"a message comes whole", whole},
		{"an edit is the same message in another version", edits},
		{"a deletion is told", deletes},
		{"what is private is marked so", private},
		{"what we say ourselves is our own", own},
		{"what nobody has heard of harms nothing", odd},
		{"the stream tells at once", streams},
		{"the stream may repeat and shuffle", disturbed},
		{"a reply lands where it belongs", replies},
		{"an answer to others is one answer", answersAll},
		{"a private message is never answered in public", staysPrivate},
		{"a post goes out once", publishes},
		{"limits are counted exactly", limits},
		{"a lost answer never doubles", lostAnswers},
		{"what was not taken is surely not found", notTaken},
		{"a far side that is down is not a far side that has nothing", findsOrSays},
		{"a refusal is clear", refusals},
		{"told to wait, it waits", waits},
		{"a bad answer loses nothing and breaks nothing", badAnswers},
		{"broken letters are made whole", garbled},
		{"a broken token is named", reconnects},
		{"a test is seen by nobody else, and leaves no work", tests},
		{"a test names what is wrong", testRefused},
		{"the stop button holds a test", testStopped},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := NewClock()
			f := fresh(t, clock)
			s := &site{T: t, far: f, can: f.Can(), clock: clock}
			s.conn = s.open()
			c.check(s)
		})
	}
}

// site is one far side, one connection to it, and what was heard so far.
type site struct {
	*testing.T
	far    Far
	can    Can
	clock  *Clock
	conn   channel.Conn
	cursor string
	heard  map[string]channel.Event // the newest Said or Edited by RemoteID
	gone   map[string]bool
	order  []string // RemoteIDs as first heard
}

func (s *site) open() channel.Conn {
	c := s.far.Open(s)
	s.Cleanup(func() { _ = c.Close() })
	return c
}

func (s *site) skipUnless(ok bool, what string) {
	if !ok {
		s.Skip("the channel has no " + what)
	}
}

// ctx is long enough for any healthy call.
func (s *site) ctx() context.Context {
	ctx, stop := context.WithTimeout(s.Context(), 30*time.Second)
	s.Cleanup(stop)
	return ctx
}

// page reads one page from where we are, and notes it.
func (s *site) page() (more bool) {
	s.Helper()
	if caller, ok := s.far.(Caller); ok {
		for _, c := range caller.Pending() {
			events, _, err := s.conn.(channel.Hearer).Hear(s.ctx(), c)
			if err != nil {
				s.Fatalf("Hear: %v", err)
			}
			s.note(events)
		}
		return false
	}
	p, err := s.conn.(channel.Fetcher).Fetch(s.ctx(), s.cursor)
	if err != nil {
		s.Fatalf("Fetch(%q): %v", s.cursor, err)
	}
	s.sorted(p.Events)
	s.note(p.Events)
	s.cursor = p.Next
	return p.More
}

// listen reads pages until there is no more.
func (s *site) listen() {
	s.Helper()
	for range 500 {
		if !s.page() {
			return
		}
	}
	s.Fatal("there is always more: 500 pages read")
}

func (s *site) sorted(events []channel.Event) {
	s.Helper()
	if !slices.IsSortedFunc(events, func(a, b channel.Event) int { return a.At.Compare(b.At) }) {
		s.Error("a page is not oldest first")
	}
}

// note keeps events, and checks what must hold of every one of them.
func (s *site) note(events []channel.Event) {
	s.Helper()
	if s.heard == nil {
		s.heard, s.gone = map[string]channel.Event{}, map[string]bool{}
	}
	for _, e := range events {
		if e.RemoteID == "" {
			s.Errorf("an event of kind %q has no RemoteID", e.Kind)
		}
		switch e.Kind {
		case channel.Deleted:
			s.gone[e.RemoteID] = true
		case channel.Said, channel.Edited:
			s.sane(e)
			if _, known := s.heard[e.RemoteID]; !known {
				s.order = append(s.order, e.RemoteID)
			}
			s.heard[e.RemoteID] = e
		default:
			s.Errorf("an event of unknown kind %q", e.Kind)
		}
	}
}

func (s *site) sane(e channel.Event) {
	s.Helper()
	m := e.Message
	if m.RemoteID != e.RemoteID {
		s.Errorf("event %q holds message %q", e.RemoteID, m.RemoteID)
	}
	if m.Kind == "" || m.From.RemoteID == "" || m.At.IsZero() || m.At.Location() != time.UTC {
		s.Errorf("message %q lacks kind, sender or a time in UTC: %+v", m.RemoteID, m)
	}
	for _, text := range []string{m.Text, m.HTML, m.Subject, m.Warning, m.From.Name, m.From.Handle, string(e.Raw)} {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			s.Errorf("message %q holds text no database takes: %q", m.RemoteID, text)
		}
	}
}

// message returns what was heard of id, failing if nothing was.
func (s *site) message(id string) channel.Message {
	s.Helper()
	e, ok := s.heard[id]
	if !ok {
		s.Fatalf("message %q was never heard; heard %v", id, s.order)
	}
	return e.Message
}

// say lets a second pass and a customer write.
func (s *site) say(from, text string, o SayOptions) string {
	s.clock.Advance(time.Second)
	return s.far.Say(from, text, o)
}

// outgoing is text as a delivery would hand it over, an answer to m if m is not nil.
func (s *site) outgoing(text string, m *channel.Message) channel.Outgoing {
	o := channel.Outgoing{Key: key(), Text: text, Lang: "en", At: s.clock.Now()}
	if m != nil {
		o.Parent = &channel.Parent{RemoteID: m.RemoteID, URI: m.URI, ThreadID: m.ThreadID, Version: m.Version, From: m.From,
			To: m.To, Subject: m.Subject, Text: m.Text, Private: m.Private, At: m.At, Memo: m.Memo}
		o.Private, o.Subject = m.Private, m.Subject
		o.To = []channel.Identity{m.From}
	}
	return o
}

// sender returns how this Conn says something, and a message to answer if it only answers.
func (s *site) sender() (send func(context.Context, channel.Outgoing) (channel.Receipt, error), parent *channel.Message) {
	s.Helper()
	if r, ok := s.conn.(channel.Replier); ok {
		id := s.say("ann", "Is anybody there?", SayOptions{})
		s.listen()
		m := s.message(id)
		return r.Reply, &m
	}
	p, ok := s.conn.(channel.Publisher)
	s.skipUnless(ok, "way to say anything")
	return p.Publish, nil
}

// published returns the record's entries (not edits and deletions) that hold text.
func (s *site) published(text string) []far.Entry {
	return slices.DeleteFunc(s.far.Published(), func(e far.Entry) bool {
		return e.Kind == far.Edit || e.Kind == far.Delete || !strings.Contains(e.Text, text)
	})
}

// key is a delivery's key: 13 characters that sort by time elsewhere; random is enough here.
func key() string {
	var b [9]byte
	_, _ = rand.Read(b[:])
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))[:13]
}
