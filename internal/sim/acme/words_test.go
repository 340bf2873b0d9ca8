package acme

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"switchboard/internal/contact"
	"switchboard/internal/triage"
)

func TestEverythingCanBeSaidAndFitsIntoAPost(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for lang, book := range books() {
		for section, lines := range book {
			for _, line := range lines {
				subject, text := filled(r, lang, line, "Grace")
				if strings.ContainsAny(subject+text, "{}") {
					t.Errorf("%s [%s]: a blank is left in %q", lang, section, text)
				}
				if n := utf8.RuneCountInString(text); n == 0 || n > 440 { // 500, less who it is to
					t.Errorf("%s [%s]: %d characters in %q", lang, section, n, text)
				}
			}
		}
	}
}

func TestEveryMatterHasItsWords(t *testing.T) {
	for _, m := range matters {
		if !has("en", m.key) || !has("en", m.answer) {
			t.Errorf("%s cannot be said or answered in English", m.key)
		}
		if !strings.Contains(castList, "|"+strings.Fields(m.who)[0]+"\n") {
			t.Errorf("nobody writes about %s", m.key)
		}
		if m.home != "" && !slices.ContainsFunc(queues, func(q queue) bool { return q.name == m.home }) {
			t.Errorf("%s belongs to %q, which is no department", m.key, m.home)
		}
	}
	for _, section := range []string{"thanks", "further", "complain", "nudge", "answer", "delivery", "fault"} {
		for _, lang := range triage.Packs().Languages {
			if !has(lang, section) {
				t.Errorf("[%s] is missing in %s", section, lang)
			}
		}
	}
}

func TestTheCastIsSixtyPeopleWhomTheBookOfContactsKnows(t *testing.T) {
	if len(cast) != 60 || len(byKey) != 60 {
		t.Errorf("the cast is %d people with %d names", len(cast), len(byKey))
	}
	for _, c := range cast {
		if !slices.Contains(contact.Standings, c.Standing) && c.Standing != "troll" && c.Standing != "spam" {
			t.Errorf("%s is a %q", c.Name, c.Standing)
		}
		if books()[c.Lang] == nil {
			t.Errorf("%s speaks %q", c.Name, c.Lang)
		}
	}
}

func TestTheSameSeedSaysTheSame(t *testing.T) {
	a, b := rand.New(rand.NewPCG(7, 0)), rand.New(rand.NewPCG(7, 0))
	other, differ := rand.New(rand.NewPCG(8, 0)), false
	for range 500 {
		x, y := imagine(a), imagine(b)
		if x.text != y.text || x.who != y.who || x.at != y.at || x.alt != y.alt {
			t.Fatalf("the same seed says %q and %q", x.text, y.text)
		}
		differ = differ || imagine(other).text != x.text
	}
	if !differ {
		t.Error("another seed says the same")
	}
}
