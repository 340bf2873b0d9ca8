package triage

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

// means is what a word stands for in a language: hashes of English words.
func means(lang, word string) meaning {
	s := newScratch()
	defer s.free()
	s.scan(word, 1)
	s.prepare()
	s.gloss(Language{Code: lang, Confidence: 1})
	if len(s.glossed) == 0 {
		return meaning{}
	}
	return s.glossed[len(s.glossed)-1].meaning
}

func english(words ...string) (m meaning) {
	for k, w := range words {
		m[k], _ = WordHash(w)
	}
	return m
}

func TestAWordMeansTheSameInEveryLanguage(t *testing.T) {
	for want, words := range map[string]map[string]string{
		"invoice": {"en": "invoices", "de": "Rechnungen", "fr": "facture", "es": "factura", "it": "fattura", "nl": "factuur", "pl": "fakturę"},
		"parcel":  {"de": "Paket", "nl": "pakketje", "pl": "paczka"},
		"refund":  {"en": "refunded", "es": "reembolso", "it": "rimborso", "pt": "reembolso"},
		"when":    {"de": "wann", "fr": "quand", "es": "cuándo", "it": "quando", "nl": "wanneer", "pl": "kiedy"},
	} {
		for lang, word := range words {
			if got := means(lang, word); got != english(want) {
				t.Errorf("%s: %q does not mean %q", lang, word, want)
			}
		}
	}
}

func TestAnUnknownFormMeansWhatItsRelativeDoes(t *testing.T) {
	g := &glossaries().by[languageIndex("de")]
	for word, want := range map[string]meaning{
		"rechnungenx":           english("invoice"),            // an ending it has not
		"rechnungsdrucker":      english("invoice", "printer"), // a compound of two known words
		"blubbwerkstatt":        english("workshop"),           // of one
		"xqzzyk":                {},
		"":                      {},
		strings.Repeat("q", 40): {},
	} {
		if got := means("de", word); got != want {
			t.Errorf("%q means %v; want %v", word, got, want)
		}
	}
	if m := g.of([]byte("rechnungenx"), false); m != (meaning{}) {
		t.Errorf("an unknown form is taken for %v by one who wants just the known", m)
	}
	if got := means("fr", "l’invoice d'une facture"); got != english("invoice") {
		t.Errorf("behind an apostrophe: %v", got)
	}
}

// What is learned in one language holds in another: of these messages no word is the same.
func TestWhatIsLearnedInOneLanguageHoldsInAnother(t *testing.T) {
	seed := Seed{Departments: []Department{{Key: "garden", Name: "A"}, {Key: "kitchen", Name: "B"}}, Intents: []Intent{{Key: "any"}}}
	m := Train(seed, []Example{
		{Input: Input{Text: "flowers along the fence below my tree"}, Department: "garden"},
		{Input: Input{Text: "a knife beside this pan"}, Department: "kitchen"},
	})
	for text, want := range map[string]string{"Blumen und Bäume": "garden", "zwei Messer, eine Pfanne": "kitchen", "un couteau": "kitchen", "il coltello": "kitchen"} {
		if a := m.Assess(Input{Text: text}); a.Department() != want {
			t.Errorf("%q goes to %q; want %q", text, a.Department(), want)
		}
	}
}

func TestTheProgramHasTheGlosses(t *testing.T) {
	by := map[string]string{}
	for _, lang := range append([]string{kindsName}, packLanguages...) {
		text, err := os.ReadFile("glosses/" + lang + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		by[lang] = string(text)
		g := &glossaries().kinds
		if i := languageIndex(lang); i >= 0 {
			g = &glossaries().by[i]
		}
		if n := len(g.meanings); n < 5000 {
			t.Errorf("%s has %d words", lang, n)
		}
	}
	if packed, err := PackGlosses(by); err != nil || !bytes.Equal(packed, glossFile) {
		t.Errorf("glosses/glosses.gz is old: make generate (%v)", err)
	}
}

// A text of long words nobody knows is no way to keep us busy.
func TestUnknownWordsCostLittle(t *testing.T) {
	s := newScratch()
	defer s.free()
	text := strings.Repeat("Donaudampfschifffahrtsgesellschaftsqqzz ", 90)
	s.scan(text, 1)
	began := time.Now()
	for range 100 {
		s.reset()
		s.scan(text, 1)
		s.prepare()
		s.gloss(Language{Code: "de", Confidence: 1})
	}
	if took := time.Since(began) / 100; took > 20*time.Millisecond {
		t.Errorf("%v a message", took)
	}
	if s.split != mostSplit {
		t.Errorf("%d words were taken apart; want %d", s.split, mostSplit)
	}
}
