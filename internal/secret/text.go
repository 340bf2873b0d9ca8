package secret

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
)

// Mask is what is shown in place of a secret. Whoever takes a secret from a form leaves the old one as it is when this
// comes back.
const Mask = "•••"

// Text is a secret in memory. Printed, logged or encoded in any way it is Mask, or "" if there is nothing in it. It can be
// read from JSON, a flag or the environment. The zero Text is no secret; Texts cannot be compared with ==.
type Text struct {
	// A pointer, because fmt prints a string in a field that is not exported in spite of all methods.
	content *string
}

// Hide makes a Text of s.
func Hide(s string) Text {
	if s == "" {
		return Text{}
	}
	return Text{&s}
}

// Reveal returns the content.
func (t Text) Reveal() string {
	if t.content == nil {
		return ""
	}
	return *t.content
}

// IsZero reports whether there is nothing in t.
func (t Text) IsZero() bool { return t.content == nil }

func (t Text) String() string {
	if t.IsZero() {
		return ""
	}
	return Mask
}

// GoString is String, for %#v.
func (t Text) GoString() string { return t.String() }

// Format is String whatever the verb: %x would show the bytes otherwise.
func (t Text) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(t.String())) }

// LogValue is String, for slog.
func (t Text) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalText is String, for every encoder.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// MarshalJSON is String.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// UnmarshalText takes b as the content.
func (t *Text) UnmarshalText(b []byte) error {
	*t = Hide(string(b))
	return nil
}

// UnmarshalJSON takes a string as the content, and null as nothing.
func (t *Text) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return errors.New("a secret must be a string") // not err, which may quote it
	}
	*t = Hide(s)
	return nil
}

// Value refuses: a secret goes to the database sealed, or not at all.
func (t Text) Value() (driver.Value, error) {
	return nil, errors.New("a secret must be sealed before it is stored")
}
