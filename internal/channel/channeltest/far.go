// Package channeltest is the suite that every connector must pass, whatever its channel.
//
// A connector's test wraps its stand-in as a Far, says by Can what the channel can do at all, and calls Suite. What is odd
// about one service is tested in that connector's own folder.
package channeltest

import (
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/sim/far"
)

// Far is the far side of a connector under test: one account of the company's, customers who write to it, and the record of
// what was published. Each check of the suite gets a fresh one.
type Far interface {
	// Can says what the channel can do; what it cannot is not checked.
	Can() Can
	// Open returns a new connection to the same account, on the Clock given to the maker of this Far.
	Open(t testing.TB) channel.Conn
	// Say makes a customer write to (or mention) the company's account. It returns the RemoteID the connector will tell.
	Say(from, text string, o SayOptions) (remoteID string)
	// Edit and Delete are called only if Can says so.
	Edit(remoteID, text string)
	Delete(remoteID string)
	// Published is the far side's record of what it took from the company.
	Published() []far.Entry
	// Faults are the far side's; the suite sets, clears and counts there.
	Faults() *far.Faults
}

// Caller is a Far that calls us (webhooks) instead of being read.
type Caller interface {
	// Pending returns the calls that are due, and forgets them.
	Pending() []channel.Call
}

// Odd is a Far that can tell of something no connector has heard of.
type Odd interface{ Odd() }

// SayOptions are how something is said.
type SayOptions struct {
	Private   bool
	InReplyTo string // a RemoteID
	Media     []channel.Media
	Own       bool // by the company's own account, by hand in the network's app; from is ignored
}

// Can is what a channel can do.
type Can struct {
	Edits   bool // an edit is told by Fetch, Hear, Stream or Reread
	Deletes bool // so is a deletion
	Private bool // messages only we see, and answers only they see
	// OnlyPrivate: nothing is said in public there at all (mail); whatever is said without SayOptions.Private is private too.
	OnlyPrivate bool
	Threads     bool // SayOptions.InReplyTo
	Media       bool // SayOptions.Media, with alt text
	Own         bool // SayOptions.Own; without it only the echo of replies is looked at
	Text        bool // Say takes any text, line breaks and all, and the connector gives the same words back
	Page        int  // the connector's page size: bursts are made larger than it; 0: 40

	HTTP bool // faults of package far apply to its calls
	// Guarded: what its Conns write goes through the guard, or asks the gate of the context by itself.
	Guarded bool
	// Lost are the faults that lose an answer, as far as the far side can have them; nil with HTTP: far.Lost.
	Lost []far.Do
	// Suspended are the far side's words when the account is closed, blocked or may not do this any more.
	Suspended []far.Fault
	// Refused are the far side's words when a message is not acceptable as it is (a 422).
	Refused []far.Fault
	// Gone are its words when what we answer is no longer there.
	Gone []far.Fault
}

func (c Can) page() int {
	if c.Page == 0 {
		return 40
	}
	return c.Page
}

func (c Can) lost() []far.Do {
	if c.Lost == nil && c.HTTP {
		return far.Lost
	}
	return c.Lost
}

// Clock is a clock that moves when told. It starts on a Thursday morning.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock at 09:00 UTC on 8 October 2026.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 10, 8, 9, 0, 0, 0, time.UTC)} }

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock on by d.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Full reports whether the long form of a test is wanted (SWITCHBOARD_FULL=1).
func Full() bool { ok, _ := strconv.ParseBool(os.Getenv("SWITCHBOARD_FULL")); return ok }

// Times is how often a fault is tried: 20, or 1000 in full.
func Times() int {
	if Full() {
		return 1000
	}
	return 20
}
