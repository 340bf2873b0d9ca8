package letters

import (
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "ABC 12": "abc 12", "Müller": "muller", "Mu\u0308ller": "muller", "STRAẞE": "strasse", "Łódź": "lodz", "Œuvre": "oeuvre", "ＡＢＣ": "abc",
		"ΣΑΣ": "σασ", "مُحَمَّد": "محمد", "が": "か\u3099", "हिन्दी": "हिन्दी", "a\xffb": "a\uFFFDb",
	} {
		if got := Fold(s); got != want {
			t.Errorf("%q becomes %q; want %q", s, got, want)
		}
	}
}

// However a text is composed and however often it is folded, it comes out the same.
func TestFoldIsOneForAllForms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		once := Fold(s)
		if again := Fold(once); again != once {
			t.Fatalf("%q becomes %q, and then %q", s, once, again)
		}
		if composed := Fold(norm.NFC.String(s)); composed != Fold(norm.NFD.String(s)) {
			t.Fatalf("%q: composed %q, taken apart %q", s, composed, Fold(norm.NFD.String(s)))
		}
	})
}
