package desk

import "time"

// ClockKind is what a clock measures.
type ClockKind string

const (
	FirstResponse ClockKind = "first"
	NextResponse  ClockKind = "next"
	Resolution    ClockKind = "resolution"
)

// Clock is the time until something is due, in business time; the zero Clock does not run.
type Clock struct {
	Kind    ClockKind `json:"kind"`
	Started time.Time `json:"started"`
	Warn    time.Time `json:"-"`
	Due     time.Time `json:"due"`
	State   string    `json:"state"` // running, warned, breached
}

// The states of a Clock.
const (
	Running  = "running"
	Warned   = "warned"
	Breached = "breached"
)

// warnAt is the part of the time after which the owner is warned.
const warnAt = 0.75

func start(kind ClockKind, at time.Time, span time.Duration, hours Calendar) Clock {
	return Clock{Kind: kind, Started: at, State: Running,
		Warn: hours.Add(at, time.Duration(float64(span)*warnAt)), Due: hours.Add(at, span)}
}

// Running reports whether c runs; it does until it is answered, also after its time is up.
func (c Clock) Running() bool { return c.Kind != "" }

// next is when c must be looked at.
func (c Clock) next() time.Time {
	switch c.State {
	case Running:
		return c.Warn
	case Warned:
		return c.Due
	}
	return time.Time{}
}

// tick is c at a time, and whether that made it warn or breach.
func (c Clock) tick(now time.Time) (Clock, bool) {
	was := c.State
	if c.State == Running && !now.Before(c.Warn) {
		c.State = Warned
	}
	if c.State == Warned && !now.Before(c.Due) {
		c.State = Breached
	}
	return c, c.State != was
}
