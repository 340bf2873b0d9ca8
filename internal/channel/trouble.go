package channel

import (
	"errors"
	"time"
)

// Deed is what we do about a trouble.
type Deed string

const (
	Again      Deed = "again"      // a passing fault: try again with growing pauses
	Wait       Deed = "wait"       // told to wait until Until: not one call before
	Reconnect  Deed = "reconnect"  // the token is dead: a person must connect the account again; the queue is kept
	Fix        Deed = "fix"        // this message can't go as it is: the person who wrote it must change it
	Gone       Deed = "gone"       // what it answers is no longer there
	NotAllowed Deed = "notallowed" // the far side forbids it: offer another way
	Operator   Deed = "operator"   // the installation must be changed (an API retired, credit used up)
)

// Trouble is an error of a far side, in our words.
type Trouble struct {
	Deed    Deed
	Until   time.Time // for Wait
	Only    bool      // of Wait: it holds for what this message carries, as its pictures; others of the account may go
	Message string    // for the person: what happened and what to do
	// Unclear says that a write may have been taken although no good answer came (a time-out, a reset, a 5xx after the body
	// was sent). Only a refusal that the far side gave in so many words, or a call that never left, is clear.
	Unclear bool
	Err     error // for the log; never holds a secret
}

func (t *Trouble) Error() string {
	if t.Err != nil {
		return t.Message + ": " + t.Err.Error()
	}
	return t.Message
}

func (t *Trouble) Unwrap() error { return t.Err }

// TroubleOf returns the Trouble in err's chain; any other error is Again, and unclear.
func TroubleOf(err error) *Trouble {
	var t *Trouble
	if errors.As(err, &t) {
		return t
	}
	return &Trouble{Deed: Again, Unclear: true, Message: "the other side could not be reached", Err: err}
}
