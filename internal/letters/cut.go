package letters

import "unicode/utf8"

// Head is as much of s as fits into n bytes, never part of a letter.
func Head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// First is the first n letters of s.
func First(s string, n int) string {
	for k := range s {
		if n--; n < 0 {
			return s[:k]
		}
	}
	return s
}
