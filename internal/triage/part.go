package triage

import (
	"strings"
	"unicode"
)

// What a message is taken apart into, to see whether it is about several matters.
const (
	mostParts  = 6
	partLetter = 16   // letters and digits a part has at least: "Thanks a lot!" is about nothing
	longest    = 4000 // bytes of a message that are looked at
)

// Parts are the sentences of a text that could each be a matter of their own; none where there are not at least two. It goes
// by signs and line ends only, so it knows no language.
func Parts(text string) []string {
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "")
	}
	var out []string
	for _, line := range strings.Split(text, "\n") {
		out = sentences(out, line)
	}
	if len(out) < 2 {
		return nil
	}
	return out[:min(len(out), mostParts)]
}

// sentences adds the sentences of a line that are long enough.
func sentences(out []string, line string) []string {
	from, ended := 0, false
	add := func(to int) {
		if s := strings.TrimSpace(line[from:to]); letters(s) >= partLetter {
			out = append(out, s)
			from = to
		}
	}
	for i, r := range line {
		switch {
		case strings.ContainsRune("。！？", r):
			add(i + len(string(r)))
		case ended && unicode.IsSpace(r):
			add(i)
		}
		ended = strings.ContainsRune(".!?…", r)
	}
	add(len(line))
	return out
}

func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
			if r > 0x2E80 { // a sign that is a word
				n += 3
			}
		}
	}
	return n
}
