package triage

import (
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
			if next, _ := decode(text, at+n); unicode.IsLetter(next) { // don't, l'addition: one word
				at += n
				continue
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
	default:
		return
	}
	if n := len(s.words); n > 0 {
		s.words[n-1].breakAfter = true
	}
}

// decode is one rune at at; a broken byte is a separator, never an error.
func decode(text string, at int) (rune, int) {
	if c := text[at]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(text[at:])
}

func nameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

func linkAt(text string, at, end int) bool {
	for _, p := range [...]string{"http://", "https://", "www."} {
		if at+len(p) < end && equalFold(text[at:at+len(p)], p) {
			return true
		}
	}
	return false
}

func equalFold(s, low string) bool {
	for i := range len(low) {
		if s[i]|0x20 != low[i]|0x20 {
			return false
		}
	}
	return true
}

// ignorable reports signs that are there but not to be read: direction marks, joiners, accents put on separately.
func ignorable(r rune) bool {
	switch {
	case r < 0xAD:
		return false
	case r == 0xAD, r == 0xFEFF, r == 0x61C, r == 0x640:
		return true
	case r >= 0x300 && r <= 0x36F, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F:
		return true
	case r >= 0x64B && r <= 0x65F, r >= 0xFE00 && r <= 0xFE0F, r >= 0x1F3FB && r <= 0x1F3FF, r >= 0xE0000 && r <= 0xE0FFF:
		return true
	}
	return false
}

// spaceless reports scripts that put no spaces between words.
func spaceless(r rune) bool {
	return r >= 0x3040 && r <= 0x30FF || r >= 0x3400 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF ||
		r >= 0x20000 && r <= 0x3FFFF || r >= 0xE00 && r <= 0xE7F
}

func pictured(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2600 && r <= 0x27BF || r >= 0x2B00 && r <= 0x2BFF
}

// styled is the plain letter behind full-width and mathematical letters, with which spam dresses up; 0 for others.
func styled(r rune) rune {
	switch {
	case r < 0xFF10:
		return 0
	case r >= 0xFF21 && r <= 0xFF3A, r >= 0xFF41 && r <= 0xFF5A, r >= 0xFF10 && r <= 0xFF19:
		return r - 0xFEE0
	case r >= 0x1D400 && r <= 0x1D6A3:
		if n := (r - 0x1D400) % 52; n < 26 {
			return 'A' + n
		} else {
			return 'a' + n - 26
		}
	}
	return 0
}

func lower(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	return unicode.ToLower(r)
}

// folds maps letters with accents to the letter people type when in a hurry, from U+00C0 to U+017F, lower case only.
var folds = func() (t [0x100]rune) {
	for i := range t {
		t[i] = rune(i + 0xC0)
	}
	for plain, accented := range map[rune]string{
		'a': "àáâãäåāăąæ", 'c': "çćĉċč", 'd': "ďđð", 'e': "èéêëēĕėęě", 'g': "ĝğġģ", 'h': "ĥħ", 'i': "ìíîïĩīĭįı",
		'j': "ĵ", 'k': "ķ", 'l': "ĺļľŀł", 'n': "ñńņňŉ", 'o': "òóôõöøōŏőœ", 'r': "ŕŗř", 's': "śŝşšß", 't': "ţťŧþ",
		'u': "ùúûüũūŭůűų", 'w': "ŵ", 'y': "ýÿŷ", 'z': "źżž",
	} {
		for _, r := range accented {
			t[r-0xC0] = plain
		}
	}
	return t
}()

// fold is a lower-case letter without its accent, and every digit as 0: "12" and "34" are the same to us.
func fold(r rune) rune {
	switch {
	case r < 0xC0:
		if '0' <= r && r <= '9' {
			return '0'
		}
		return r
	case r < 0x1C0:
		return folds[r-0xC0]
	case r == 'ș':
		return 's'
	case r == 'ț':
		return 't'
	case r == 'ё':
		return 'е'
	case r == 'ς':
		return 'σ'
	case r >= 0x3AC && r <= 0x3CE:
		switch r {
		case 'ά':
			return 'α'
		case 'έ':
			return 'ε'
		case 'ή':
			return 'η'
		case 'ί', 'ϊ':
			return 'ι'
		case 'ό':
			return 'ο'
		case 'ύ', 'ϋ':
			return 'υ'
		case 'ώ':
			return 'ω'
		}
	}
	return r
}
