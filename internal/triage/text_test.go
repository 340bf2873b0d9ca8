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
		"an apostrophe does not part a word":             {"don't l’addition 'quoted'", []string{"dont", "laddition", "quoted"}},
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

func TestSkillsAreFoundByTheirWords(t *testing.T) {
	m := dayOne()
	for text, want := range map[string]string{
		"where do I find the invoice?":  "invoices",
		"I was never refunded":          "refunds",
		"my parcel seems to be lost":    "lost parcels",
		"nothing anybody here knows of": "",
		"VAT number missing":            "vat",
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
