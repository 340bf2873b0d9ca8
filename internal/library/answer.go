package library

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/staff"
)

// ID is the id of an entry.
type ID = id.Of[Answer]

// Audience says to whom the words of an entry may be said.
type Audience string

const (
	Public  Audience = "public"  // to everybody
	Private Audience = "private" // to the contact alone: in public it is warned of
	Inside  Audience = "inside"  // to colleagues: never in a reply
)

// Answer is an entry of the library.
type Answer struct {
	ID ID
	Content
	Version    int
	CreatedBy  staff.PersonID
	CreatedAt  time.Time
	ChangedBy  staff.PersonID
	ChangedAt  time.Time
	ArchivedAt time.Time // zero: in use
	Up, Down   int       // what people think of it
}

// Content is what of an entry is kept in every version.
type Content struct {
	Department staff.DepartmentID   `json:"department"`       // its owner …
	Person     staff.PersonID       `json:"person,omitzero"`  // … or this person of it, when not zero
	Audience   Audience             `json:"audience"`         //
	ReviewAt   time.Time            `json:"review,omitzero"`  // when somebody looks whether it is still right; zero: never
	Topics     []string             `json:"topics,omitempty"` // keys of the dictionary
	Intents    []string             `json:"intents,omitempty"`
	Tags       []string             `json:"tags,omitempty"`
	For        []staff.DepartmentID `json:"for,omitempty"` // who sees it, beside its owner and who sees all; none: everybody
	Texts      []Text               `json:"texts"`
}

// Text is an entry in one language.
type Text struct {
	Language string `json:"language"` // ISO 639-1
	Title    string `json:"title"`
	Body     string `json:"body"` // Markdown
}

// Bounds of an entry.
const (
	mostTitle = 160
	mostBody  = 20_000
	mostTexts = 24
	mostTags  = 20
	mostTag   = 60
)

// Sees reports whether somebody may read an entry: who works here, and of one for some departments only those of them, its
// owner, and who sees all.
func Sees(who staff.Actor, a Answer) bool {
	switch {
	case who.Role == staff.Agency || !who.Can(staff.SeePeople):
		return false
	case len(a.For) == 0 || who.Can(staff.SeeAll) || who.In(a.Department):
		return true
	}
	return !a.Person.IsZero() && a.Person == who.Person || slices.ContainsFunc(a.For, who.In)
}

// MayChange reports whether somebody may change an entry they see. Contributors change what they own themselves.
func MayChange(who staff.Actor, a Answer) bool {
	if !Sees(who, a) || !who.Can(staff.Answer) {
		return false
	}
	return who.Can(staff.LibraryChange) || !a.Person.IsZero() && a.Person == who.Person
}

// Owns reports whether somebody has to see to an entry: it is theirs, or their department's without a person.
func Owns(who staff.Actor, a Answer) bool {
	if !a.Person.IsZero() {
		return a.Person == who.Person
	}
	return who.In(a.Department)
}

// Stale says why an entry should be looked at, "" when it need not: its day has come ("due"), or more people find it bad
// than good ("disliked").
func (a Answer) Stale(now time.Time) string {
	switch {
	case !a.ArchivedAt.IsZero():
		return ""
	case a.Down > a.Up:
		return "disliked"
	case !a.ReviewAt.IsZero() && !a.ReviewAt.After(now):
		return "due"
	}
	return ""
}

// In is the text in a language; without one, the first there is.
func (a Answer) In(lang string) Text {
	for _, t := range a.Texts {
		if t.Language == lang {
			return t
		}
	}
	if len(a.Texts) == 0 {
		return Text{}
	}
	return a.Texts[0]
}

// checked is c as it is kept, or what is wrong with it.
func (c Content) checked() (Content, error) {
	switch {
	case c.Department.IsZero():
		return c, fault.In("owner", "say who answers for it: a department, or a person")
	case c.Audience != Public && c.Audience != Private && c.Audience != Inside:
		return c, fault.In("audience", "it may be said in public, in private, or inside only")
	case len(c.Texts) == 0:
		return c, fault.In("texts", "write it in at least one language")
	case len(c.Texts) > mostTexts:
		return c, fault.In("texts", fmt.Sprintf("%d languages are the most", mostTexts))
	}
	out := make([]Text, 0, len(c.Texts))
	for _, t := range c.Texts {
		t, err := t.checked()
		if err != nil {
			return c, err
		}
		if slices.ContainsFunc(out, func(o Text) bool { return o.Language == t.Language }) {
			return c, fault.In("texts", fmt.Sprintf("the language %q is there twice: keep one of the two", t.Language))
		}
		out = append(out, t)
	}
	c.Texts = out
	var err error
	if c.Tags, err = tags(c.Tags); err != nil {
		return c, err
	}
	c.Topics, c.Intents = once(c.Topics), once(c.Intents)
	slices.Sort(c.For)
	c.For = slices.Compact(c.For)
	if len(c.For) > 0 && !slices.Contains(c.For, c.Department) {
		c.For = append(c.For, c.Department)
	}
	return c, nil
}

func (t Text) checked() (Text, error) {
	t.Language = strings.ToLower(strings.TrimSpace(t.Language))
	t.Title, t.Body = strings.TrimSpace(t.Title), strings.TrimSpace(t.Body)
	if base, err := language.ParseBase(t.Language); err != nil || len(t.Language) > 3 {
		return t, fault.In("texts", fmt.Sprintf("%.20q is no language: en, de and fr are", t.Language))
	} else {
		t.Language = base.String()
	}
	switch {
	case t.Title == "":
		return t, fault.In("texts", "give it a title: people find it by that")
	case !seemly(t.Title) || strings.ContainsFunc(t.Title, unicode.IsControl):
		return t, fault.In("texts", "leave line breaks and invisible signs out of the title")
	case utf8.RuneCountInString(t.Title) > mostTitle:
		return t, fault.In("texts", fmt.Sprintf("the title is too long: %d characters are the most", mostTitle))
	}
	return t, body("texts", t.Body, mostBody)
}

// body is nil when s can be the words of an entry or a saved reply.
func body(field, s string, most int) error {
	switch {
	case s == "":
		return fault.In(field, "there is nothing in it")
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }):
		return fault.In(field, "this is not text: it holds bytes that are no characters")
	case !seemly(s):
		return fault.In(field, "leave out signs that turn the direction of writing")
	case utf8.RuneCountInString(s) > most:
		return fault.In(field, fmt.Sprintf("that is too long to be used as an answer: %d characters are the most. Make several of it, or link to the page that holds it", most))
	}
	return unbroken(field, s)
}

// seemly reports text without signs that turn the direction of writing.
func seemly(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0xFEFF
	})
}

func tags(list []string) ([]string, error) {
	for _, t := range list {
		if utf8.RuneCountInString(t) > mostTag || !seemly(t) || strings.ContainsFunc(t, unicode.IsControl) {
			return nil, fault.In("tags", fmt.Sprintf("a tag is one line of up to %d characters", mostTag))
		}
	}
	if list = once(list); len(list) > mostTags {
		return nil, fault.In("tags", fmt.Sprintf("%d tags are the most", mostTags))
	}
	return list, nil
}

// once is each of list without blanks around it, once, in order.
func once(list []string) []string {
	var out []string
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
