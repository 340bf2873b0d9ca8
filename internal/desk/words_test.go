package desk

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

var writing = rapid.Custom(func(t *rapid.T) string {
	piece := rapid.SampledFrom([]string{"Café", "e\u0301", "ß", "Ａb", " ", ", ", "遅れ", "が", "ﾃﾞ", "ー", "ช้า", "हिन्दी", "한국", "½", "㍿", "9", "\xff", "🦊", "\ue000", "'", "i\u0323\u0302"})
	return strings.Join(rapid.SliceOfN(rapid.OneOf(piece, rapid.StringN(0, 3, -1)), 0, 12).Draw(t, "pieces"), "")
})

// Composed or not and in capitals, a text has the same words; each stands where it says, and none can be a command or a mark.
func TestTheWordsOfATextAreTheSameHoweverItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := writing.Draw(t, "text")
		want := words(text)
		for _, other := range []string{norm.NFC.String(text), norm.NFD.String(text), norm.NFKD.String(text)} {
			if got := words(other); !slices.Equal(got, want) {
				t.Fatalf("%q has %q, and %q has %q", text, want, other, got)
			}
		}
		for _, k := range tokensOf(text) {
			if k.word == "" || strings.ContainsAny(k.word, "'\"\\ \x00\ue000\ue001") || k.from < 0 || k.from >= k.to || k.to > len(text) {
				t.Fatalf("%q has %+v", text, k)
			}
		}
	})
}

// Of whatever a text says a piece between spaces is found, and what is marked lies within the text.
func TestAPieceOfATextIsMarkedInIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := writing.Draw(t, "text")
		for _, f := range strings.Fields(strings.ToValidUTF8(text, "")) {
			q := `"` + strings.ReplaceAll(f, `"`, " ") + `"`
			if len(searchTerms(q)) == 0 || len(text) > 150 {
				continue
			}
			if !slices.ContainsFunc(Excerpted(strings.ToValidUTF8(text, ""), q), func(p Part) bool { return p.Hit }) {
				t.Fatalf("%q is not marked in %q", f, text)
			}
		}
	})
}
