package triage

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What we read of one text at most, in bytes: the beginning, where people say what they want, and the end, where they
// ask for it. It bounds the work a hostile text can cause.
const (
	headBytes = 3000
	tailBytes = 600
	wordRunes = 40 // letters of one word; the rest of it is skipped
)

type wordKind uint8

const (
	plain wordKind = iota
	number
	link
	mention
	address // an e-mail address
	emoji
	glyph // one sign of a script that puts no spaces between words
)

// word is one word of the text: its letters in scratch.lower and scratch.folded, its place in the text it came from.
type word struct {
	from, to   int32 // runes
	start, end int32 // bytes in the segment's text
	hash       uint32
	kind       wordKind
	segment    uint8
	muted      bool // in a sentence that tries to give us orders
	breakAfter bool // a full stop, question or exclamation mark, or a new line follows
	pauseAfter bool // that, a comma, a dash or a bracket
}

// segment is one of the texts a message consists of, and how much its words count.
type segment struct {
	text   string
	weight float32
}

// marks counts what punctuation tells.
type marks struct {
	questions, exclamations, capitals, letters, links, mentions, emojis int
}

// scan reads text into s.words.
func (s *scratch) scan(text string, weight float32) {
	seg := uint8(len(s.segments))
	s.segments = append(s.segments, segment{text, weight})
	head, tail := len(text), len(text)
	if len(text) > headBytes+tailBytes {
		head, tail = headBytes, len(text)-tailBytes
	}
	s.scanPart(text, 0, head, seg)
	if tail < len(text) {
		s.scanPart(text, tail, len(text), seg)
	}
}

func (s *scratch) scanPart(text string, at, end int, seg uint8) {
	for at < end {
		r, n := decode(text, at)
		switch {
		case r == '@' && at+1 < end && nameByte(text[at+1]):
			start := at
			at++
			for at < end && (nameByte(text[at]) || text[at] == '.' || text[at] == '@' || text[at] == '-') {
				at++
			}
			s.mark(mention, "@", start, at, seg)
			s.marks.mentions++
		case (r == 'h' || r == 'H' || r == 'w' || r == 'W') && linkAt(text, at, end):
			start := at
			for at < end && text[at] > ' ' {
				at++
			}
			s.mark(link, "://", start, at, seg)
			s.marks.links++
		case ignorable(r):
			at += n
		case spaceless(r):
			s.one(glyph, r, at, at+n, seg)
			at += n
		case unicode.IsLetter(r) || unicode.IsDigit(r) || styled(r) != 0:
			at = s.scanWord(text, at, end, seg)
		case pictured(r):
			s.one(emoji, r, at, at+n, seg)
			s.marks.emojis++
			at += n
		default:
			if r == '-' && at > 0 && text[at-1] == ' ' {
				r = '–'
			}
			s.punctuation(r)
			at += n
		}
	}
}

// scanWord reads one word that starts at at and returns where it ends.
func (s *scratch) scanWord(text string, at, end int, seg uint8) int {
	w := word{from: int32(len(s.folded)), start: int32(at), segment: seg, kind: number}
	h := uint32(offset32)
	for at < end {
		r, n := decode(text, at)
		if ignorable(r) {
			at += n
			continue
		}
		if r == '@' && at+n < end && nameByte(text[at+n]) { // an e-mail address
			for at < end && (nameByte(text[at]) || text[at] == '.' || text[at] == '@' || text[at] == '-' || text[at] == '+') {
				at++
			}
			s.lower, s.folded = s.lower[:w.from], s.folded[:w.from]
			s.mark(address, "@.", int(w.start), at, seg)
			return at
		}
		if (r == '\'' || r == '’') && at+n < end {
			if next, _ := decode(text, at+n); unicode.IsLetter(next) {
				at += n
				if s.elided(w.from) && vowel(fold(lower(next))) { // l'addition: two words
					break
				}
				continue // don't: one
			}
		}
		if q := styled(r); q != 0 {
			r = q
		}
		letter := unicode.IsLetter(r)
		if !letter && !unicode.IsDigit(r) || spaceless(r) {
			break
		}
		at += n
		if letter {
			w.kind = plain
			s.marks.letters++
			if unicode.IsUpper(r) {
				s.marks.capitals++
			}
		}
		if len(s.folded)-int(w.from) >= wordRunes {
			continue
		}
		low := lower(r)
		f := fold(low)
		s.lower, s.folded = append(s.lower, low), append(s.folded, f)
		h = (h ^ uint32(f)) * prime32
	}
	w.to, w.end, w.hash = int32(len(s.folded)), int32(at), h
	if w.to > w.from {
		s.words = append(s.words, w)
	}
	return at
}

// elisions are what French and Italian write in front of an apostrophe and a vowel.
var elisions = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("l d j c n s m t qu jusqu lorsqu puisqu quoiqu quelqu v un dell nell all sull dall quell quest dov com anch") {
		m[w] = true
	}
	return m
}()

const longestElision = 6

// elided reports whether the letters from on are such a word.
func (s *scratch) elided(from int32) bool {
	if n := len(s.folded) - int(from); n == 0 || n > longestElision {
		return false
	}
	var b [longestElision]byte
	for i, r := range s.folded[from:] {
		if r >= utf8.RuneSelf {
			return false
		}
		b[i] = byte(r)
	}
	return elisions[string(b[:len(s.folded)-int(from)])]
}

func vowel(r rune) bool {
	switch r {
	case 'a', 'e', 'i', 'o', 'u', 'y', 'h', 'œ', 'æ':
		return true
	}
	return false
}

// mark adds a word that stands for a whole class of things: all links are one word, and so are all names of accounts.
func (s *scratch) mark(kind wordKind, letters string, start, end int, seg uint8) {
	w := word{from: int32(len(s.folded)), start: int32(start), end: int32(end), segment: seg, kind: kind}
	h := uint32(offset32)
	for _, r := range letters {
		s.lower, s.folded = append(s.lower, r), append(s.folded, r)
		h = (h ^ uint32(r)) * prime32
	}
	w.to, w.hash = int32(len(s.folded)), h
	s.words = append(s.words, w)
}

func (s *scratch) one(kind wordKind, r rune, start, end int, seg uint8) {
	w := word{from: int32(len(s.folded)), start: int32(start), end: int32(end), segment: seg, kind: kind}
	s.lower, s.folded = append(s.lower, r), append(s.folded, r)
	w.to, w.hash = int32(len(s.folded)), (offset32^uint32(r))*prime32
	s.words = append(s.words, w)
}

func (s *scratch) punctuation(r rune) {
	switch r {
	case '?', '？', '؟', '¿', ';': // U+037E, the Greek question mark, looks like a semicolon
		if r != '¿' && r != ';' {
			s.marks.questions++
		}
	case '!', '！', '¡':
		s.marks.exclamations++
	case '.', '\n', '。', '…', ':':
	case ',', '–', '—', '(', ')', '،', '、':
		if n := len(s.words); n > 0 {
			s.words[n-1].pauseAfter = true
		}
		return
	default:
		return
	}
	if n := len(s.words); n > 0 {
		s.words[n-1].breakAfter, s.words[n-1].pauseAfter = true, true
	}
}
