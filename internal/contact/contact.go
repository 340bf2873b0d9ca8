// Package contact keeps the people and outlets outside the company: who they are to us, and by which identity they are known on
// each channel. An identity is known by the far side's immutable id, never by its handle: a handle that is given up and taken
// by somebody else is another identity, and so another contact.
package contact

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"switchboard/internal/channel"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/letters"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// ID is the id of a contact, IdentityID that of one of its identities.
type (
	ID         = id.Of[Contact]
	IdentityID = id.Of[Identity]
)

// Contact is a person or outlet outside the company.
type Contact struct {
	ID        ID       `json:"id"`
	Name      string   `json:"name"`
	Standings []string `json:"standings"`
	Note      string   `json:"note"`
	Language  string   `json:"language,omitempty"` // what they wrote in last, an ISO 639-1 code
	// Who of us answered them last, and when: they are best placed to do so again.
	AnsweredBy staff.PersonID `json:"answeredBy,omitzero"`
	AnsweredAt time.Time      `json:"answeredAt,omitzero"`
	CreatedAt  time.Time      `json:"createdAt"`
	// StoodBy says who said each of the standings, and when.
	StoodBy map[string]Stood  `json:"stoodBy,omitempty"`
	Fields  map[string]string `json:"fields,omitempty"` // what a company keeps beside, by its own names
	SeenAt  time.Time         `json:"seenAt,omitzero"`  // when they last wrote, to the hour
	// MergedInto is the contact that was kept, when this one is no more a contact of its own; ErasedAt is when it was erased.
	MergedInto ID        `json:"mergedInto,omitzero"`
	ErasedAt   time.Time `json:"erasedAt,omitzero"`
}

// Stood is who of us said a standing of somebody, and when. The zero Person: it was said before that was kept, or imported.
type Stood struct {
	Person staff.PersonID `json:"person,omitzero"`
	At     time.Time      `json:"at,omitzero"`
}

// Identity is a contact on one channel.
type Identity struct {
	ID        IdentityID `json:"id"`
	Contact   ID         `json:"contact"`
	Channel   string     `json:"channel"`
	RemoteID  string     `json:"remoteId"`
	Handle    string     `json:"handle"`
	Name      string     `json:"name"`
	URL       string     `json:"url,omitempty"`
	Avatar    string     `json:"-"`
	Followers int        `json:"followers,omitempty"`
	Bot       bool       `json:"bot,omitempty"`
	Verified  bool       `json:"verified,omitempty"`
	About     string     `json:"about,omitempty"` // what they say of themselves in their profile
}

// Standings are what a contact can be to the company.
var Standings = []string{"customer", "prospect", "journalist", "influencer", "partner", "candidate", "stakeholder", "advocate", "detractor"}

// Named is i with what the far side now says of it, and whether that changed anything.
func (i Identity) Named(c channel.Identity) (Identity, bool) {
	was := i
	i.Handle, i.Name, i.URL, i.Avatar = letters.Head(c.Handle, 300), letters.Head(c.Name, 300), letters.Head(c.URL, 2000), letters.Head(c.Avatar, 2000)
	i.Bot, i.Verified = c.Bot, c.Verified
	if c.About != "" {
		i.About = letters.Head(c.About, 3000)
	}
	if c.Followers > 0 {
		i.Followers = c.Followers
	}
	return i, i != was
}

// Called is the name to show for an identity: its name, else its handle, else its remote id.
func (i Identity) Called() string {
	for _, s := range []string{i.Name, i.Handle, i.RemoteID} {
		if Visible(s) {
			return strings.TrimSpace(s)
		}
	}
	return "somebody"
}

// Shown is the name to show for a contact: theirs if there is something to see in it, else their handle.
func Shown(name, handle string) string {
	switch {
	case Visible(name):
		return name
	case Visible(handle):
		return handle
	}
	return "(no name)"
}

// blank are letters by name that show nothing.
const blank = "\u115f\u1160\u2800\u3164\uffa0"

// Visible reports whether there is something to see in s: some names are made of marks that show nothing.
func Visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r != utf8.RuneError && unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) && !strings.ContainsRune(blank, r)
	})
}

// Change is what may be changed of a contact by hand; nil leaves it.
type Change struct {
	Name      *string   `json:"name,omitempty"`
	Standings *[]string `json:"standings,omitempty"`
	Note      *string   `json:"note,omitempty"`
	// Fields are all there are afterwards, by their names.
	Fields *map[string]string `json:"fields,omitempty"`
}

// Book keeps the contacts.
type Book struct {
	Store *store.Store
	Now   func() time.Time
}

// Change changes a contact. who is told to the journal; whether they may is the caller's to know.
func (b *Book) Change(ctx context.Context, who staff.Actor, id ID, ch Change) (c Contact, err error) {
	if err := ch.check(); err != nil {
		return c, err
	}
	err = b.Store.Tx(ctx, func(tx *store.Tx) error {
		if c, err = Lock(ctx, tx, id); err != nil {
			return err
		}
		was := c
		if ch.Name != nil {
			c.Name = strings.TrimSpace(*ch.Name)
		}
		if ch.Standings != nil {
			c = c.stand(*ch.Standings, who.Person, b.Now())
		}
		if ch.Fields != nil {
			c.Fields = *ch.Fields
		}
		if ch.Note != nil {
			c.Note = *ch.Note
		}
		if err := Save(ctx, tx, c); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.ContactChanged, About: journal.About("contact", id),
			Data: journal.Data("standings", c.Standings, "renamed", c.Name != was.Name, "noted", c.Note != was.Note)})
	})
	return c, err
}

func (ch Change) check() error {
	if ch.Name != nil && (strings.TrimSpace(*ch.Name) == "" || len(*ch.Name) > 300) {
		return fault.In("name", "a contact has a name of up to 300 characters")
	}
	if ch.Note != nil && len(*ch.Note) > 20000 {
		return fault.In("note", "a note on a contact has up to 20,000 characters")
	}
	if ch.Fields != nil {
		if err := checkFields(*ch.Fields); err != nil {
			return err
		}
	}
	if ch.Standings != nil {
		for _, s := range *ch.Standings {
			if !slices.Contains(Standings, s) {
				return fault.In("standings", "a standing is one of "+strings.Join(Standings, ", "))
			}
		}
	}
	return nil
}

// stand is c with these standings. Who said one before stays who said it.
func (c Contact) stand(list []string, by staff.PersonID, now time.Time) Contact {
	said := map[string]Stood{}
	for _, s := range list {
		if old, ok := c.StoodBy[s]; ok && slices.Contains(c.Standings, s) {
			said[s] = old
		} else if !slices.Contains(c.Standings, s) {
			said[s] = Stood{by, now}
		}
	}
	c.Standings, c.StoodBy = list, said
	return c
}

const mostFields = 30

func checkFields(fields map[string]string) error {
	if len(fields) > mostFields {
		return fault.Newf(fault.Invalid, "a contact has up to %d fields of your own", mostFields)
	}
	for name, value := range fields {
		switch {
		case strings.TrimSpace(name) == "" || len(name) > 60:
			return fault.In("fields", "a field has a name of up to 60 characters")
		case len(value) > 2000:
			return fault.In("fields", "a field holds up to 2,000 characters")
		case !utf8.ValidString(name+value) || strings.ContainsRune(name+value, 0):
			return fault.In("fields", "this is not text: it holds bytes that are no characters")
		}
	}
	return nil
}
