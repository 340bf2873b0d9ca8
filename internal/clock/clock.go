package clock

import (
	"sync"
	"time"
	_ "time/tzdata" // zones are known on machines that have no zone database
)

// System returns the clock of the machine. Differences between two of its readings are right even when somebody sets the
// machine's clock in between; a reading kept in the database and read back has no such memory, so whoever subtracts it must
// not trust the result to be positive.
func System() func() time.Time { return time.Now }

// Pretend is a clock that stands still until it is moved, for tests and for the simulator. It is safe for several
// goroutines. The zero Pretend shows the zero time.
type Pretend struct {
	mu  sync.Mutex
	now time.Time
}

// At returns a Pretend clock that shows t.
func At(t time.Time) *Pretend { return &Pretend{now: t} }

// Now returns what the clock shows; p.Now is what a Now field wants.
func (p *Pretend) Now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

// Set makes the clock show t, be it later or earlier.
func (p *Pretend) Set(t time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = t
}

// Add moves the clock by d and returns what it shows then.
func (p *Pretend) Add(d time.Duration) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = p.now.Add(d)
	return p.now
}
