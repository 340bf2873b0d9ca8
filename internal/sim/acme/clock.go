package acme

import (
	"sync"
	"time"
)

// Clock shows the real time, or for as long as it is held the time it is held at: so that two weeks of history can be lived
// through in seconds by the same program.
type Clock struct {
	real func() time.Time

	mu   sync.Mutex
	held time.Time
}

// NewClock returns a clock that shows the time of real.
func NewClock(real func() time.Time) *Clock { return &Clock{real: real} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held.IsZero() {
		return c.real()
	}
	return c.held
}

// Hold makes the clock show t until it is held at another time or let go.
func (c *Clock) Hold(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = t
}

// LetGo makes the clock show the real time again.
func (c *Clock) LetGo() { c.Hold(time.Time{}) }
