package contact

import (
	"strings"

	"switchboard/internal/fault"
	"switchboard/internal/letters"
)

// Moved is the error of asking for a contact that was merged into another: it goes on there.
type Moved struct{ To ID }

func (m *Moved) Error() string { return "this contact was merged into another" }

// Unwrap gives its kind.
func (m *Moved) Unwrap() error {
	return fault.New(fault.Gone, "this contact was merged with another: it goes on there")
}

// there is nil when c is a contact of its own.
func (c Contact) there() error {
	switch {
	case !c.ErasedAt.IsZero():
		return fault.New(fault.NotFound, noContact)
	case !c.MergedInto.IsZero():
		return &Moved{c.MergedInto}
	}
	return nil
}

// nick is the part of a handle that somebody would use on every channel: "kim" of @kim@social.example, of @kim.bsky.social and of
// kim@mail.example, in lower case.
func (i Identity) nick() string {
	s := strings.ToLower(strings.TrimLeft(strings.TrimSpace(i.Handle), "@"))
	s, _, _ = strings.Cut(s, "@")
	if i.Channel == "bluesky" {
		s, _, _ = strings.Cut(s, ".")
	}
	return letters.Head(s, 200)
}
