package staff

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"switchboard/internal/clock"
	"switchboard/internal/fault"
)

// line is s as one line of at most most characters, without blanks around it. Control characters and those that turn the
// reading direction are refused: a name stands in the middle of other people's sentences.
func line(field, s string, most int) (string, error) {
	s = strings.TrimSpace(s)
	switch {
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unseemly):
		return "", fault.In(field, "leave out line breaks and invisible characters")
	case utf8.RuneCountInString(s) > most:
		return "", fault.In(field, fmt.Sprintf("that is too long: %d characters are the most", most))
	}
	return s, nil
}

// named is line, not empty.
func named(field, s string, most int) (string, error) {
	s, err := line(field, s, most)
	if err == nil && s == "" {
		err = fault.In(field, "this must not be empty")
	}
	return s, err
}

func unseemly(r rune) bool {
	return unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029 || r == 0xFEFF
}

// lines is each of list as a line, without empty ones and repeats.
func lines(field string, list []string, mostLines, most int) ([]string, error) {
	out := []string{}
	for k, s := range list {
		s, err := line(fmt.Sprintf("%s[%d]", field, k), s, most)
		if err != nil {
			return nil, err
		}
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if len(out) > mostLines {
		return nil, fault.In(field, fmt.Sprintf("that are too many: %d are the most", mostLines))
	}
	return out, nil
}

// address is s as a mail address in lower case.
func address(field, s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" || len(s) > 254 || strings.ContainsFunc(s, unseemly) || strings.ContainsAny(s, " \"<>") {
		return "", fault.In(field, "this is not a mail address: write it like ann@example.com")
	}
	return s, nil
}

// zone is s if it is one.
func zone(field, s string) (string, error) {
	if _, err := clock.Zone(s); err != nil || len(s) > 64 {
		return "", fault.In(field, "this is not a time zone: write it like Europe/Berlin or America/New_York")
	}
	return s, nil
}

// hours is h if a calendar can be made of it, nil if it says nothing: then the next wider hours hold.
func hours(field string, h *clock.Hours) (*clock.Hours, error) {
	if h == nil || !h.Always && empty(h.Week) {
		return nil, nil
	}
	if _, err := clock.New(*h); err != nil {
		return nil, within(field, err)
	}
	return h, nil
}

func empty(w clock.Week) bool {
	return len(w.Mon)+len(w.Tue)+len(w.Wed)+len(w.Thu)+len(w.Fri)+len(w.Sat)+len(w.Sun) == 0
}

// within is err about a field of field.
func within(field string, err error) error {
	if e, ok := err.(*fault.Error); ok {
		c := *e
		c.Field = strings.TrimSuffix(field+"."+e.Field, ".")
		return &c
	}
	return err
}
