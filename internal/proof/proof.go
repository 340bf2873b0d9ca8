package proof

import (
	"slices"
	"strings"
	"unicode"
)

// Kind is what a remark is about.
type Kind string

const (
	Language Kind = "language" // it is in another language than the contact writes
	Handle   Kind = "handle"   // whom it answers is not named, and the channel wants that
	DeadEnd  Kind = "deadEnd"  // it sends the contact away
	Private  Kind = "private"  // it tells in public what is for few eyes
	Empty    Kind = "blank"    // it still holds a blank to be filled in: [name], XXX, {{order}}
)

// Remark is something to think about before a text is sent.
type Remark struct {
	Kind  Kind
	Found []Find   // where, in the order of the text; empty when it is about the whole
	Is    string   // Language: the text's
	Wants []string // Language: the contact's; Handle: who should be named
}

// Find is a place in a text.
type Find struct {
	What  string // phone, email, iban, card, reference, document, birth, address; deadEnd and blank
	Text  string // the words themselves
	Start int    // in bytes
}

// Sheet is a text with what must be known to read it.
type Sheet struct {
	Text    string
	Private bool // it is for the contact's eyes only
	// Language is the text's and how sure that is, 0 to 1; "" or "und": not known.
	Language string
	Sure     float64
	// Wanted are the languages the contact has used here; none: not known.
	Wanted []string
	// Names are the handles of whom it answers, one of which the channel wants in the text; none: it does not.
	Names []string
	// Known are words that are public anyway, as our own addresses and handles: they are no private matter.
	Known []string
}

// Read returns what there is to say about a text, the weightiest first.
func Read(s Sheet) []Remark {
	var out []Remark
	if !s.Private {
		if found := privateIn(s.Text, s.Known); len(found) > 0 {
			out = append(out, Remark{Kind: Private, Found: found})
		}
	}
	if found := deadEnds(s.Text); len(found) > 0 {
		out = append(out, Remark{Kind: DeadEnd, Found: found})
	}
	if found := blanks(s.Text); len(found) > 0 {
		out = append(out, Remark{Kind: Empty, Found: found})
	}
	if s.foreign() {
		out = append(out, Remark{Kind: Language, Is: base(s.Language), Wants: s.Wanted})
	}
	if strings.TrimSpace(s.Text) != "" && len(s.Names) > 0 && !slices.ContainsFunc(s.Names, func(n string) bool { return Named(s.Text, n) }) {
		out = append(out, Remark{Kind: Handle, Wants: s.Names})
	}
	return out
}

const (
	fewLetters = 40  // a text with fewer is never said to be in the wrong language: "Merci!" is understood everywhere
	sureEnough = 0.8 // how sure its language must be
)

// foreign reports whether the text is in a language that the contact has not used.
func (s Sheet) foreign() bool {
	is := base(s.Language)
	if is == "" || is == "und" || s.Sure < sureEnough || letters(s.Text) < fewLetters {
		return false
	}
	known := false
	for _, w := range s.Wanted {
		if w = base(w); w == is {
			return false
		} else if w != "" && w != "und" {
			known = true
		}
	}
	return known
}

// base is a language tag without region and script.
func base(tag string) string {
	tag, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	if tag == "no" || tag == "nn" {
		return "nb"
	}
	return tag
}

// letters counts those outside addresses and handles.
func letters(text string) int {
	n := 0
	for _, w := range strings.Fields(text) {
		if strings.HasPrefix(w, "@") || strings.Contains(w, "://") {
			continue
		}
		for _, r := range w {
			if unicode.IsLetter(r) {
				n++
			}
		}
	}
	return n
}

// Named reports whether a text names a handle: as it is, or without its host.
func Named(text, handle string) bool {
	handle = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(handle), "@"))
	if handle == "" {
		return true
	}
	name, _, _ := strings.Cut(handle, "@")
	text = strings.ToLower(text)
	for _, want := range []string{"@" + handle, "@" + name} {
		for from := 0; ; {
			at := strings.Index(text[from:], want)
			if at < 0 {
				break
			}
			end := from + at + len(want)
			before := from+at == 0 || !wordly(rune(text[from+at-1]))
			after := end == len(text) || !wordly(rune(text[end])) && text[end] != '-'
			if before && after {
				return true
			}
			from = end
		}
	}
	return false
}

func wordly(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
