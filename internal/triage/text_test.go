package triage

import (
	"slices"
	"testing"
)

func TestTextIsReadAsWords(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want []string // folded
	}{
		"accents and capitals fall away":                 {"Größe ÉTÉ Łódź", []string{"grose", "ete", "lodz"}},
		"an apostrophe does not part a word":             {"don't o'clock 'quoted'", []string{"dont", "oclock", "quoted"}},
		"what is cut off before a vowel is a word":       {"l’addition dell'acqua qu'il", []string{"l", "addition", "dell", "acqua", "qu", "il"}},
		"digits are all alike":                           {"order 4711, 0.50 €", []string{"order", "0000", "0", "00"}},
		"a named account is one word whoever it is":      {"hi @acme_help@social.example!", []string{"hi", "@"}},
		"a link is one word whatever it points to":       {"see https://x.example/a?b=c and www.y.example", []string{"see", "://", "and", "://"}},
		"a mail address is one word":                     {"write to ann.lee@example.org now", []string{"write", "to", "ann", "@.", "now"}},
		"a topic's sign is left out":                     {"#recall now", []string{"recall", "now"}},
		"signs without spaces are words of their own":    {"返金して", []string{"返", "金", "し", "て"}},
		"emoji are words":                                {"ok👍🏽👍", []string{"ok", "👍", "👍"}},
		"a broken byte parts words":                      {"a\xffb", []string{"a", "b"}},
		"Greek accents and final sigmas are like others": {"Πότε στίχος", []string{"ποτε", "στιχοσ"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScratch()
			defer s.free()
			s.scan(tt.text, 1)
			var got []string
			for _, w := range s.words {
				got = append(got, string(s.folded[w.from:w.to]))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%q; want %q", got, tt.want)
			}
		})
	}
}

// What is denied is no sign; what stands behind a comma, an "and" or a phrase that has its own "not" is.
func TestWhatANegationReaches(t *testing.T) {
	m := dayOne()
	urgent := func(text string) bool { return m.Assess(Input{Text: text}).Urgency == Now }
	for _, text := range []string{
		"Nobody answers, gas leak in the kitchen", "It doesn't work, sparks everywhere", "no light and smoke everywhere in the hall",
		"Es geht niemand ran, Rauch aus der Heizung", "Geht nicht an und raucht", "Personne ne répond, fuite de gaz", "Nadie contesta, fuga de gas",
		"Nessuno risponde, fuga di gas", "Niemand reageert, gaslucht in de hal", "Nikt nie odbiera, ulatnia się gaz", "Ninguém atende, fuga de gás",
		"c'est l’incendie dans l'ascenseur", "fumo dall'impianto, chiamo l'ospedale",
	} {
		if !urgent(text) {
			t.Errorf("%q can wait", text)
		}
	}
	for _, text := range []string{"There is no smoke and no fire, just wondering when you open", "kein Feuer, nur eine Frage zu den Öffnungszeiten"} {
		if urgent(text) {
			t.Errorf("%q is urgent", text)
		}
	}
}

func TestSkillsAreFoundByTheirWords(t *testing.T) {
	m := dayOne()
	for text, want := range map[string]string{
		"where do I find the invoice?":  "invoices",
		"I was never refunded":          "refunds",
		"my parcel seems to be lost":    "lost parcels",
		"nothing anybody here knows of": "",
		"VAT number missing":            "vat",
		"une question sur l'invoice":    "invoices",
	} {
		a, got := m.Assess(Input{Text: text}), ""
		if len(a.Skills) > 0 {
			got = a.Skills[0].Key
		}
		if got != want {
			t.Errorf("%q asks for %v; want %q", text, a.Skills, want)
		}
	}
	if a := m.Assess(Input{Text: "two kettles, one broken"}); !slices.Equal(a.Topics, []string{"kettle"}) {
		t.Errorf("topics = %v", a.Topics)
	}
}

func TestTheThreadSpeaksWhereTheMessageDoesNot(t *testing.T) {
	m := dayOne()
	alone := m.Assess(Input{Text: "yes"})
	within := m.Assess(Input{Text: "yes", Thread: []Said{{false, "I was charged twice, I want my money back"}, {true, "Shall we refund it to your card?"}}})
	if within.Department() != "accounts" || within.Intent() != "billing" {
		t.Errorf("within its thread %q is put to %v (%v)", "yes", within.Departments, within.Intents)
	}
	if alone.Departments[0].Confidence > 0.75 { // customer service may have it, but nobody is sure of that
		t.Errorf("a bare yes is put to %v: too sure", alone.Departments)
	}
}
