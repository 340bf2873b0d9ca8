package triage

import (
	_ "embed" // for the weights
	"strings"
	"unicode/utf8"
)

// languages we tell apart by their letters, then those known by their script alone.
var languages = [...]string{"en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs", "ro", "hu", "tr", "ru", "uk"}

const (
	languageCount = len(languages)

	languageBits        = 15
	languageRunes       = 250  // letters we look at
	languageTemperature = 0.5  // single lines are trained on; whole messages are surer
	languageLeast       = 0.45 // below: "und"

	earlierBonus = 2.0 // on the language the author wrote before
	threadBonus  = 1.5 // on the language of what was said before in the conversation, if that is clear
	threadLeast  = 0.6 // how clear
	wordBonus    = 1.5 // on a language that has all the words of a short text in its glossary
	shortText    = 5   // words at most
	claimBonus   = 0.9 // on the author's claim
)

// languageWeights are made from the lists in language/ by the test that also watches over them; see its -write flag.
//
//go:embed language/weights.bin
var languageWeights string

// Language is a guess at the language of a message: a code of ISO 639-1, "und" when we cannot tell.
type Language struct {
	Code       string  `json:"code"`
	Confidence float64 `json:"confidence"`
}

// languageStep is what one unit of a weight stands for.
const languageStep = 1.0 / 32

func languageIndex(code string) int {
	if len(code) > 2 {
		code = code[:2]
	}
	if code == "no" || code == "nn" {
		code = "nb"
	}
	for i, l := range languages {
		if l == code {
			return i
		}
	}
	return -1
}

// script counts letters by script: the first of these with most letters decides.
type script struct {
	latin, cyrillic, greek, kana, han, hangul, arabic, hebrew, thai, hindi int

	others [len(neighbours)]int // letters that only a neighbour has
	hard   bool                 // the letter before was ъ
}

// neighbours are written with the letters of languages above and some of their own, by which they are known.
var neighbours = [...]struct{ code, of, letters string }{
	{"ur", "arabic", "ٹڈڑںےھۓ"},
	{"fa", "arabic", "پچژگکی"},
	{"mr", "hindi", "ळ"},
	{"sr", "cyrillic", "ђјљњћџ"},
	{"mk", "cyrillic", "ѓѕќ"},
	{"be", "cyrillic", "ў"},
	{"kk", "cyrillic", "әғқңөұүһ"},
	{"bg", "cyrillic", ""}, // ъ in front of a consonant
	{"vi", "latin", "ơư"},  // and what stands in the block of its tones
}

const leastOther = 0.02 // share of such letters among those of the script

func (c *script) count(r rune) {
	if r >= 0x80 {
		c.neighbour(r)
	}
	switch {
	case r < 0x250, r >= 0x1E00 && r < 0x1F00:
		c.latin++
	case r >= 0x370 && r < 0x400, r >= 0x1F00 && r < 0x2000:
		c.greek++
	case r >= 0x400 && r < 0x530:
		c.cyrillic++
	case r >= 0x590 && r < 0x600:
		c.hebrew++
	case r >= 0x600 && r < 0x780, r >= 0xFB50 && r < 0xFE00, r >= 0xFE70 && r < 0xFEFF:
		c.arabic++
	case r >= 0x900 && r < 0x980:
		c.hindi++
	case r >= 0xE00 && r < 0xE80:
		c.thai++
	case r >= 0x3040 && r < 0x3100:
		c.kana++
	case r >= 0x3400 && r < 0xA000, r >= 0x20000 && r < 0x32000:
		c.han++
	case r >= 0xAC00 && r < 0xD7B0, r >= 0x1100 && r < 0x1200:
		c.hangul++
	}
}

// neighbour counts a letter of a language that is known by it.
func (c *script) neighbour(r rune) {
	for i, l := range &neighbours {
		if strings.ContainsRune(l.letters, r) {
			c.others[i]++
			break
		}
	}
	switch {
	case r >= 0x1EA0 && r <= 0x1EF9:
		c.others[len(neighbours)-1]++
	case c.hard && r >= 0x430 && r < 0x450 && !strings.ContainsRune("еёюя", r):
		c.others[len(neighbours)-2]++
	}
	c.hard = r == 'ъ'
}

// other is the neighbour whose letters there are, and how sure that is; "" where there are none.
func (c *script) other() (string, float64) {
	if c.others == ([len(neighbours)]int{}) {
		return "", 0
	}
	of := map[string]int{"arabic": c.arabic, "hindi": c.hindi, "cyrillic": c.cyrillic, "latin": c.latin}
	all := c.arabic + c.hindi + c.cyrillic + c.latin
	for i, n := range &c.others {
		if letters := of[neighbours[i].of]; n > 0 && 2*letters > all && float64(n) >= leastOther*float64(letters) {
			return neighbours[i].code, float64(letters) / float64(all)
		}
	}
	return "", 0
}

// known is the language a script gives away, with the share of letters in it; "" if letters must decide.
func (c *script) known() (string, float64) {
	if code, sure := c.other(); code != "" {
		return code, sure
	}
	east := c.kana + c.han
	all := c.latin + c.cyrillic + c.greek + 2*east + c.hangul + c.arabic + c.hebrew + c.thai + c.hindi // a sign says more than a letter
	for _, k := range [...]struct {
		code string
		n    int
	}{{"el", c.greek}, {"ko", c.hangul}, {"ar", c.arabic}, {"he", c.hebrew}, {"th", c.thai}, {"hi", c.hindi}} {
		if 2*k.n > all {
			return k.code, float64(k.n) / float64(all)
		}
	}
	if east > 0 && 4*east > all {
		if 10*c.kana >= east {
			return "ja", float64(2*east) / float64(all)
		}
		return "zh", float64(2*east) / float64(all)
	}
	return "", 0
}

// language guesses the language of the first n words of s.
func (s *scratch) language(n int, earlier, claim string) Language {
	c, runes := s.script(s.words[:n])
	if code, sure := c.known(); code != "" {
		return Language{code, sure}
	}
	before := s.before(n)
	grams := 0
	if runes > 0 {
		grams = s.byLetters(s.words[:n], c.cyrillic > c.latin)
	}
	scores := s.langs[:]
	if grams == 0 {
		clear(scores)
	}
	if before >= 0 {
		scores[before] += threadBonus
	}
	s.byWords(s.words[:n])
	if i := languageIndex(earlier); i >= 0 {
		scores[i] += earlierBonus
	}
	if i := languageIndex(claim); i >= 0 {
		scores[i] += claimBonus
	}
	softmax(scores, languageTemperature)
	best := 0
	for i, p := range scores {
		if p > scores[best] {
			best = i
		}
	}
	if scores[best] < languageLeast || grams == 0 && scores[best] < 0.2 {
		return Language{"und", float64(1 - scores[best])}
	}
	return Language{languages[best], float64(scores[best])}
}

// script counts the letters of some words, and how many there are.
func (s *scratch) script(words []word) (c script, runes int) {
	for i := range words {
		w := &words[i]
		if w.kind != plain && w.kind != glyph || w.muted || runes > languageRunes {
			continue
		}
		for _, r := range s.lower[w.from:w.to] {
			c.count(r)
			runes++
		}
	}
	return c, runes
}

// before is the language of what was said before the first n words, -1 if there is nothing or it is not clear.
func (s *scratch) before(n int) int {
	c, _ := s.script(s.words[n:])
	if code, _ := c.known(); code != "" || s.byLetters(s.words[n:], c.cyrillic > c.latin) == 0 {
		return -1
	}
	softmax(s.langs[:], languageTemperature)
	for i, p := range s.langs {
		if p >= threadLeast {
			return i
		}
	}
	return -1
}

// byWords adds to s.langs what the words of a short text say, whose letters say little: which glossaries have them.
func (s *scratch) byWords(words []word) {
	var has [languageCount]float32
	n := 0
	for i := range words {
		w := &words[i]
		if w.kind != plain || w.muted {
			continue
		}
		if n++; n > shortText {
			return
		}
		s.spelt = s.spelt[:0]
		for _, r := range s.folded[w.from:w.to] {
			s.spelt = utf8.AppendRune(s.spelt, r)
		}
		all := &glossaries().by
		for k := range all {
			if _, there := all[k].find(s.spelt); there {
				has[k]++
			}
		}
	}
	for k, h := range has {
		if n > 0 {
			s.langs[k] += wordBonus * h / float32(n)
		}
	}
}

// byLetters adds up what the letters of some words say, in s.langs, and returns how many features there were.
func (s *scratch) byLetters(words []word, cyrillic bool) int {
	var sums [languageCount]int32
	grams, runes := 0, 0
	for i := range words {
		w := &words[i]
		if w.kind != plain || w.muted {
			continue
		}
		if runes += int(w.to - w.from); runes > languageRunes {
			break
		}
		languageGrams(s.lower[w.from:w.to], func(bucket uint32) {
			grams++
			row := languageWeights[int(bucket)*languageCount : int(bucket)*languageCount+languageCount]
			for j := range sums {
				sums[j] += int32(int8(row[j]))
			}
		})
	}
	if grams == 0 {
		return 0
	}
	scale := languageScale(grams) * languageStep
	for i := range sums {
		s.langs[i] = float32(sums[i]) * scale
		if cyrillic != (languages[i] == "ru" || languages[i] == "uk") {
			s.langs[i] -= 20
		}
	}
	return grams
}

// languageScale makes long texts surer than short ones, though not as much as their length.
func languageScale(grams int) float32 { return 1 / sqrt(float32(grams)) }

// languageGrams calls take for each of a word's features: the whole word and one to four of its letters.
func languageGrams(letters []rune, take func(bucket uint32)) {
	n := len(letters) + 2
	whole := uint32(offset32 ^ 0x55555555)
	for _, r := range letters {
		whole = (whole ^ uint32(r)) * prime32
	}
	take(languageBucket(whole))
	for i := range n {
		h := uint32(offset32)
		for j := i; j < n && j < i+4; j++ {
			r := rune(' ')
			if j > 0 && j < n-1 {
				r = letters[j-1]
			}
			h = (h ^ uint32(r)) * prime32
			if j > i || r > 0x7F {
				take(languageBucket(h))
			}
		}
	}
}

func languageBucket(h uint32) uint32 {
	h ^= h >> 15
	h *= 0x2C1B3C6D
	h ^= h >> 13
	return h >> (32 - languageBits)
}
