// Package fault names the kinds of error that a caller does something different about.
// Below the api nobody knows what HTTP is; the api turns a Kind into a problem (RFC 9457) in one place.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what a caller should do about an error.
type Kind int

const (
	Internal    Kind = iota // our fault: log it, apologise
	Invalid                 // the request makes no sense: say why
	NotFound                // no such thing, or not for your eyes
	Conflict                // somebody got there first: reload and retry
	Forbidden               // you may not do this
	Unavailable             // the other side is down or asks us to wait: retry later
	Unsigned                // nobody is signed in: sign in first
	TooMany                 // too often: wait
	Gone                    // it is somewhere else now: go there
)

// Error is an error with a kind. Message is for the person at the screen and says what to do;
// Cause is for the log.
type Error struct {
	Kind    Kind
	Message string
	Field   string // the field of the request that is at fault, if one is
	Name    string // by which a program tells it from others of its kind; mostly none
	Cause   error
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return e.Message + ": " + e.Cause.Error()
	}
	return e.Message
}

func (e *Error) Unwrap() error { return e.Cause }

// New returns an error of kind k. message is for the person at the screen.
func New(k Kind, message string) error { return &Error{Kind: k, Message: message} }

// Newf is New with a format.
func Newf(k Kind, format string, args ...any) error {
	return &Error{Kind: k, Message: fmt.Sprintf(format, args...)}
}

// Named is New with a name: a program does something different about this one than about others of its kind.
func Named(k Kind, name, message string) error { return &Error{Kind: k, Name: name, Message: message} }

// In returns an Invalid error about one field of the request.
func In(field, message string) error { return &Error{Kind: Invalid, Field: field, Message: message} }

// Wrap returns an error of kind k with message for the person and cause for the log.
func Wrap(k Kind, message string, cause error) error {
	return &Error{Kind: k, Message: message, Cause: cause}
}

// KindOf returns the kind of the first Error in err's chain, Internal if there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is of kind k. A nil error is of no kind.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }
