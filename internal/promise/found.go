package promise

import "time"

// Kind is what is promised.
type Kind string

// The kinds of promises.
const (
	Answer Kind = "answer" // to come back with word
	Call   Kind = "call"
	Send   Kind = "send"
	Refund Kind = "refund"
	Fix    Kind = "fix"
	Visit  Kind = "visit"
	Check  Kind = "check" // to look into it
	Other  Kind = "other"
)

// By says who is to do it.
type By string

// Who can be promised to do it.
const (
	Me    By = "me"
	Us    By = "us"
	Third By = "other" // somebody of ours that the text names
)

// Found is one promise in a text.
type Found struct {
	From, To int    // its sentence, as offsets of bytes
	Text     string // that sentence
	Kind     Kind
	By       By
	Name     string // the words for a Third: "finance", "Tom"
	// Due is until when, the end of business where only a day is said; the zero time when no day is said, or it depends on the
	// reader. Exact says that a time of day was said, Words is what it was read from.
	Due   time.Time
	Exact bool
	Words string
	// If says that it depends on something the reader is to do.
	If bool
}

// Setting is what a text is read against.
type Setting struct {
	At       time.Time // when it is written, in the zone that its times mean
	Days     Calendar  // nil: Monday to Friday, 9 to 17
	Language string    // what it is probably written in ("en"); "": find out
	// MonthFirst says that 3/4 in English is the 4th of March, as in the United States. Elsewhere it is the 3rd of April.
	MonthFirst bool
}

// Calendar says when the house is at work; *clock.Calendar is one.
type Calendar interface {
	Open(t time.Time) bool
	NextOpen(t time.Time) time.Time   // t, if it is open then
	NextClosed(t time.Time) time.Time // t, if it is closed then; the zero time if it never closes
}
