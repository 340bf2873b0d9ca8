package email

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// clean makes s valid UTF-8 that a database can hold, with \n for every end of a line. Nothing else is taken out.
func clean(s string) string {
	s = utf(s)
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	s = strings.TrimPrefix(s, "\ufeff")
	return strings.ReplaceAll(s, "\x00", "\ufffd")
}

// utf makes s valid UTF-8. What is not is most likely Western text that nobody labelled, if there is hardly anything in it
// that such a text would not have.
func utf(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	if !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxLatin1 && r != utf8.RuneError }) {
		if t, err := charmap.Windows1252.NewDecoder().String(s); err == nil && !strings.ContainsRune(t, utf8.RuneError) {
			return t
		}
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// relabelled undoes a wrong label: a text that was called Western and decoded so, but was UTF-8 all along. Bytes that happen
// to be UTF-8 beyond ASCII are all but impossible in real Western text.
func relabelled(s, charset string) string {
	if charset == "" || strings.Contains(strings.ToLower(charset), "utf") {
		return s
	}
	if strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return s
	}
	maps := []*charmap.Charmap{charmap.ISO8859_1} // the web's tables take it for windows-1252, mail programs do not
	if enc, err := htmlindex.Get(strings.ToLower(strings.Trim(charset, `"' `))); err == nil {
		if m, ok := enc.(*charmap.Charmap); ok {
			maps = append(maps, m)
		}
	}
	for _, m := range maps {
		if b, err := m.NewEncoder().String(s); err == nil && utf8.ValidString(b) {
			return b
		}
	}
	return s
}

// line1 makes s one clean line without control characters.
func line1(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, clean(s))
	return strings.TrimSpace(s)
}

// cut shortens s to at most n bytes at the border of a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
