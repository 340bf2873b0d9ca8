package egress

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"switchboard/internal/fault"
)

// Refused is the error of a connection that the guard did not make. Nothing left.
type Refused struct {
	Host string // as it was asked for, with its port
	Why  string
}

func (r *Refused) Error() string { return "no connection to " + r.Host + ": " + r.Why }

// Unwrap makes it a fault of kind Invalid: whoever gave the address must give another.
func (r *Refused) Unwrap() error { return fault.New(fault.Invalid, r.Error()) }

// Told is the error of a call that was not made, because the far side told us to wait. Nothing left.
type Told struct {
	Until time.Time
}

func (t *Told) Error() string {
	return "the other side asked us to wait until " + t.Until.UTC().Format("15:04:05 MST, 2 January")
}

// Unwrap makes it a fault of kind Unavailable.
func (t *Told) Unwrap() error { return fault.New(fault.Unavailable, t.Error()) }

// TooLarge is the error of an answer longer than its limit.
type TooLarge struct {
	Limit int64 // bytes, unpacked
}

func (t *TooLarge) Error() string {
	return fmt.Sprintf("the answer is longer than %d bytes", t.Limit)
}

// TooSlow is the error of a call that took longer than its limit. It is a net.Error and a time-out.
type TooSlow struct {
	Limit time.Duration
	Idle  bool // nothing came for that long
}

func (t *TooSlow) Error() string {
	if t.Idle {
		return fmt.Sprintf("nothing came for %v", t.Limit)
	}
	return fmt.Sprintf("there was no whole answer within %v", t.Limit)
}

// Timeout is true.
func (t *TooSlow) Timeout() bool { return true }

// Temporary is true.
func (t *TooSlow) Temporary() bool { return true }

// Stale is the error of a write that would have left later than a second after the gate's yes, as happens to a process that
// is frozen between the two. Nothing left.
type Stale struct {
	Age time.Duration
}

func (s *Stale) Error() string {
	return fmt.Sprintf("the permission to send was %v old when it was to be used; ask again", s.Age.Round(time.Millisecond))
}

// unsent marks an error of a call of which not a byte has left.
type unsent struct{ error }

func (u unsent) Unwrap() error { return u.error }

// NeverLeft reports whether err surely came before the first byte of the call left, so that the far side cannot have done
// anything and the call may be made again.
func NeverLeft(err error) bool {
	var u unsent
	var r *Refused
	var t *Told
	var s *Stale
	return errors.As(err, &u) || errors.As(err, &r) || errors.As(err, &t) || errors.As(err, &s)
}

// Cause returns err without the address that net/http puts around it, which may hold a token.
func Cause(err error) error {
	for {
		u, ok := err.(*url.Error)
		if !ok {
			return err
		}
		err = u.Err
	}
}
