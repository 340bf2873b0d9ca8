package lookalike

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// twins are letters and figures by the Latin letter they can be taken for. Accents and letters in other styles (bold, wide,
// circled) are taken off before. The table holds what is used to deceive, not all that is alike; one of the signs i, l, 1
// and | stands for all of them, as which of them it is depends on the typeface.
var twins = func() map[rune]string {
	m := map[rune]string{}
	for latin, alike := range map[string]string{
		"a": "аɑα4@ạæ", "b": "ьвβ8ЬƄɓ", "c": "сϲᴄ¢ƈ", "d": "ԁɗđ", "e": "еєεɛ3ҽ€", "f": "ƒғſ", "g": "ɡց9ɢ", "h": "һнհћ",
		"l": "iıіɩ1|ӏιіľłǀ!ⅼ", "j": "јʝϳ", "k": "кκĸқ", "m": "мᴍɱμ", "n": "пηոɴռ", "o": "оοσ0օøөՕ", "p": "рρþ", "q": "ԛգ", "r": "гᴦʀɾ",
		"s": "ѕ5$ꜱʂ", "t": "тτ7+ţ", "u": "υսцʋü", "v": "ѵνѴ", "w": "ԝшωɯ", "x": "хχ×ҳ", "y": "уγүʏყ", "z": "ᴢʐ2",
	} {
		for _, r := range alike {
			m[r] = latin
		}
	}
	return m
}()

// pairs are letters side by side that read as one.
var pairs = strings.NewReplacer("rn", "m", "vv", "w", "cl", "d")

// Skeleton is what a name looks like: two names of one skeleton can be taken for each other. Case, accents, signs between
// letters and signs without width do not count.
func Skeleton(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(name) {
		r = unicode.ToLower(r)
		if as, ok := twins[r]; ok {
			b.WriteString(as)
		} else if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return pairs.Replace(b.String())
}

// plain is a name in lower case without what stands between its letters: what people take for the same on purpose.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFC.String(name))
}
