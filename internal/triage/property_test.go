package triage

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var phrases = sync.OnceValue(func() (all []string) {
	for _, i := range Packs().Intents(Packs().Languages...) {
		all = append(all, i.Phrases...)
	}
	return all
})

func anyInput(t *rapid.T) Input {
	text := rapid.OneOf(rapid.SampledFrom(phrases()), rapid.String(), rapid.StringMatching(`[@#]?[a-zA-ZäéßЖ愛 .?!@:/0-9]{0,80}`)).Draw(t, "text")
	return Input{
		Text: text, Subject: rapid.OneOf(rapid.Just(""), rapid.SampledFrom(phrases())).Draw(t, "subject"), Lang: rapid.SampledFrom([]string{"", "en", "xx", "de-AT"}).Draw(t, "lang"),
		Kind: rapid.SampledFrom([]string{"", "post", "review", "article"}).Draw(t, "kind"), Private: rapid.Bool().Draw(t, "private"),
		Standings: rapid.SliceOfN(rapid.SampledFrom([]string{"customer", "journalist", "odd"}), 0, 3).Draw(t, "standings"),
		Rating:    rapid.IntRange(-1, 6).Draw(t, "rating"), Followers: rapid.IntRange(0, 1e6).Draw(t, "followers"),
		Thread: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Said {
			return Said{rapid.Bool().Draw(t, "own"), rapid.SampledFrom(phrases()).Draw(t, "said")}
		}), 0, 3).Draw(t, "thread"),
	}
}

// sound fails when an assessment says what cannot be.
func sound(t interface{ Fatalf(string, ...any) }, in Input, a Assessment) {
	sum := 0.0
	for i, s := range append(append([]Score(nil), a.Departments...), a.Intents...) {
		if s.Confidence < 0 || s.Confidence > 1.0001 || math.IsNaN(s.Confidence) {
			t.Fatalf("confidence of %q is %v", s.Key, s.Confidence)
		}
		if i < len(a.Departments) {
			sum += s.Confidence
			if i > 0 && s.Confidence > a.Departments[i-1].Confidence {
				t.Fatalf("departments are not ranked: %v", a.Departments)
			}
		}
	}
	if sum > 1.001 || len(a.Departments) == 0 || len(a.Intents) == 0 {
		t.Fatalf("departments %v, intents %v", a.Departments, a.Intents)
	}
	for _, x := range []float64{a.Must, a.NeedsConfidence, a.UrgencyConfidence, a.Priority, a.Spam, a.Language.Confidence, math.Abs(a.Sentiment)} {
		if x < 0 || x > 1 || math.IsNaN(x) {
			t.Fatalf("a share out of bounds: %+v", a)
		}
	}
	if a.Needs != Must && a.Needs != Courtesy && a.Needs != None || a.Urgency != Now && a.Urgency != Today && a.Urgency != Normal {
		t.Fatalf("needs %q, urgency %q", a.Needs, a.Urgency)
	}
	for _, r := range a.Reasons {
		if r.What == "" || !utf8.ValidString(r.What) || len(r.What) > 500 {
			t.Fatalf("reason %q of %q", r.What, in.Text)
		}
	}
	if _, err := json.Marshal(a); err != nil {
		t.Fatalf("cannot be written: %v", err)
	}
}

func TestAssessmentsAreSoundAndTheSameEveryTime(t *testing.T) {
	m := dayOne()
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput(t)
		a := m.Assess(in)
		sound(t, in, a)
		if b := m.Assess(in); !reflect.DeepEqual(a, b) {
			t.Fatalf("same input, another assessment:\n%+v\n%+v", a, b)
		}
	})
}

func TestTheAccountNamedInTheTextMakesNoDifference(t *testing.T) {
	m := dayOne()
	names := []string{"@acme", "@acme_help", "@AcmePress@social.example", "@billing", "@jobs"}
	rapid.Check(t, func(t *rapid.T) {
		phrase := rapid.SampledFrom(phrases()).Draw(t, "phrase")
		one := rapid.SampledFrom(names).Draw(t, "one")
		other := rapid.SampledFrom(names).Draw(t, "other")
		form := rapid.SampledFrom([]string{"%s %s", "hello %s %s", "%s: %s", "%[2]s %[1]s", "%[2]s, right %[1]s?"}).Draw(t, "form")
		a, b := m.Assess(Input{Text: fmt.Sprintf(form, one, phrase)}), m.Assess(Input{Text: fmt.Sprintf(form, other, phrase)})
		a.Reasons, b.Reasons = nil, nil
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("%s and %s: %q\n%+v\n%+v", one, other, phrase, a, b)
		}
	})
}

func TestTheInputHasNoPlaceForTheAccount(t *testing.T) {
	in := reflect.TypeFor[Input]()
	for i := range in.NumField() {
		if name := strings.ToLower(in.Field(i).Name); strings.Contains(name, "account") || strings.Contains(name, "channel") {
			t.Errorf("Input.%s: the account a message arrived on must not be an input", in.Field(i).Name)
		}
	}
}

func TestTrainingTwiceGivesTheSameModel(t *testing.T) {
	seed := Packs().Seed("en")
	examples := []Example{{Input: Input{Text: "my kettle leaks"}, Department: "product", Intents: []string{"complaint", "support"}}}
	a, b := Train(seed, examples).Learn(examples...), Train(seed, examples).Learn(examples...)
	for _, text := range phrases()[:200] {
		if x, y := a.Assess(Input{Text: text}), b.Assess(Input{Text: text}); !reflect.DeepEqual(x, y) {
			t.Fatalf("%q:\n%+v\n%+v", text, x, y)
		}
	}
}

func TestACorrectionShowsOnTheNextMessageAndNotInTheOldModel(t *testing.T) {
	m := dayOne()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom(phrases()).Draw(t, "text")
		if len(strings.Fields(text)) < 3 {
			t.Skip("too short to be learned from")
		}
		department := rapid.SampledFrom(m.Departments()).Draw(t, "department")
		intent := rapid.SampledFrom(m.Intents()).Draw(t, "intent")
		before := m.Assess(Input{Text: text})
		next := m.Learn(Example{Input: Input{Text: text}, Department: department, Intents: []string{intent}})
		after := next.Assess(Input{Text: text})
		if after.Department() != department {
			t.Fatalf("%q: put to %v; was corrected to %s", text, after.Departments, department)
		}
		if again := m.Assess(Input{Text: text}); !reflect.DeepEqual(before, again) {
			t.Fatalf("learning changed the old model")
		}
		if next.Learned() != m.Learned()+1 {
			t.Fatalf("learned %d", next.Learned())
		}
	})
}

// However often a message was dealt with where it was thought to belong, one correction is seen on the next, whether the model heard
// all that one by one or is made anew of it.
func TestACorrectionIsSeenAfterFiveThousandConfirmationsOfTheOpposite(t *testing.T) {
	seed := Packs().Seed("en")
	seed.Messages = nil
	fresh := Train(seed, nil)
	r, departments := rand.New(rand.NewPCG(23, 11)), fresh.Departments()
	for range 5 { // each takes a second
		text := ""
		for len(strings.Fields(text)) < 3 {
			text = phrases()[r.IntN(len(phrases()))]
		}
		right, wrong := departments[r.IntN(len(departments))], departments[r.IntN(len(departments))]
		correction := Example{Input: Input{Text: text}, Department: right}
		var confirmations []Example
		for k := range 50 {
			c := Example{Input: Input{Text: text}, Department: wrong, Weight: Confirmed}
			if k%2 == 1 {
				c.Input.Text += fmt.Sprint(" please, order ", k)
			}
			confirmations = append(confirmations, c)
		}
		heard := fresh
		for range 100 {
			heard = heard.Learn(confirmations...)
		}
		many := slices.Concat(slices.Repeat(confirmations, 99), []Example{correction}, confirmations)
		for how, m := range map[string]*Model{"heard": heard.Learn(correction), "made anew": Train(seed, many).Remind(correction)} {
			a := m.Assess(Input{Text: text})
			if a.Department() != right {
				t.Fatalf("%s: %q goes to %v; it was corrected to %s", how, text, a.Departments, right)
			}
		}
		if n := heard.Learn(correction).Learned(); n != 1 {
			t.Fatalf("confirmations count as corrections: %d", n)
		}
		// What comes in meanwhile from where it was before does not take it back at once.
		if a := heard.Learn(correction).Learn(confirmations[0]).Assess(Input{Text: text}); a.Department() != right {
			t.Fatalf("one confirmation took the correction back: %v", a.Departments)
		}
	}
}

func TestLearningWhatNobodyKnowsChangesNoAnswer(t *testing.T) {
	m := dayOne()
	next := m.Learn(Example{Input: Input{Text: "a department that is no more"}, Department: "gone", Intents: []string{"gone"}})
	for _, text := range phrases()[:100] {
		a, b := m.Assess(Input{Text: text}), next.Assess(Input{Text: text})
		b.Learned = 0
		if !reflect.DeepEqual(a.Departments, b.Departments) || !reflect.DeepEqual(a.Intents, b.Intents) {
			t.Fatalf("%q: %+v, %+v", text, a, b)
		}
	}
}

func TestManyCanAskWhileOneLearns(t *testing.T) {
	m := dayOne()
	want := make([]Assessment, 200)
	for k, text := range phrases()[:200] {
		want[k] = m.Assess(Input{Text: text})
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for k, text := range phrases()[:200] {
				if a := m.Assess(Input{Text: text}); !reflect.DeepEqual(a, want[k]) {
					t.Errorf("%q is assessed otherwise while another learns: %+v, %+v", text, a, want[k])
				}
			}
		})
	}
	n := m
	for i := range 50 {
		n = n.Learn(Example{Input: Input{Text: phrases()[i]}, Department: "sales"})
	}
	wg.Wait()
	if n.Learned() != m.Learned()+50 {
		t.Errorf("of 50 corrections %d were learned", n.Learned()-m.Learned())
	}
}

var hostile = map[string]string{
	"nothing":                         "",
	"one emoji":                       "🔥",
	"only a mention":                  "@acme",
	"only a link":                     "https://x.example",
	"100 kB without a space":          strings.Repeat("x", 100_000),
	"100 kB of spaces":                strings.Repeat(" ", 100_000),
	"100 kB of one-letter words":      strings.Repeat("a ", 50_000),
	"100 kB of different words":       manyWords(100_000),
	"100 kB of emoji":                 strings.Repeat("😡", 25_000),
	"100 kB of accents on one letter": "a" + strings.Repeat("\u0301", 50_000),
	"100 kB of signs without spaces":  strings.Repeat("愛", 33_000),
	"marks that turn the direction":   "\u202Ehello\u202C \u2066world\u2069 \u200F\u200E",
	"broken UTF-8":                    "hello \xff\xfe\xc3\x28 wor\xe2\x82ld \xf0\x9f",
	"bytes of nothing":                strings.Repeat("\x00", 1000),
	"a mention that does not end":     "@" + strings.Repeat("a", 90_000),
	"an address that does not end":    "a@" + strings.Repeat("b.", 40_000),
	"a link that does not end":        "https://" + strings.Repeat("z", 90_000),
	"question marks without end":      strings.Repeat("?", 100_000),
	"apostrophes without end":         strings.Repeat("a'", 50_000),
	"forty languages":                 "hello hallo bonjour hola ciao olá hoi cześć hej hei moi ahoj salut szia merhaba привет привіт γεια こんにちは 你好 안녕 مرحبا שלום สวัสดี नमस्ते kia ora sawubona xin chào halo labas tere sveiki zdravo kaixo helo dia duit përshëndetje բարեւ გამარჯობა selam saluton",
}

func manyWords(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "w%c%c%c%c ", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26, 'a'+i*7%26)
	}
	return b.String()
}

func TestHostileTextIsTakenCalmly(t *testing.T) {
	m := dayOne()
	m.Assess(Input{Text: "warm"})
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			in := Input{Text: text, Subject: text, Warning: text, Thread: []Said{{false, text}, {true, text}}, Lang: text, Earlier: text, Kind: text, Standings: []string{text}}
			sound(t, in, m.Assess(in)) // how long it takes is measured in bench/triage
			sound(t, in, m.Learn(Example{Input: in, Department: "sales", Intents: []string{"sales"}}).Assess(in))
		})
	}
}

func TestMarksThatCannotBeSeenChangeNothing(t *testing.T) {
	m := dayOne()
	clean := m.Assess(Input{Text: "I was charged twice for my invoice"})
	for name, text := range map[string]string{
		"direction marks":        "\u202AI was \u200Fcharged twice for\u200E my invoice\u202C",
		"soft hyphens":           "I was char\u00ADged twice for my in\u00ADvoice",
		"joiners":                "I was ch\u200Darged tw\u200Bice for my invo\u2060ice",
		"full width":             "Ｉ was ｃｈａｒｇｅｄ twice for my ｉｎｖｏｉｃｅ",
		"mathematical letters":   "I was 𝐜𝐡𝐚𝐫𝐠𝐞𝐝 𝘵𝘸𝘪𝘤𝘦 for my invoice",
		"a byte order mark":      "\uFEFFI was charged twice for my invoice",
		"accents put separately": "I was charge\u0301d twice for my invoice",
	} {
		t.Run(name, func(t *testing.T) {
			a := m.Assess(Input{Text: text})
			if a.Intent() != clean.Intent() || math.Abs(a.Intents[0].Confidence-clean.Intents[0].Confidence) > 1e-6 {
				t.Errorf("%v; the clean text is %v", a.Intents, clean.Intents)
			}
		})
	}
}

func FuzzAssess(f *testing.F) {
	for _, text := range hostile {
		f.Add(text[:min(len(text), 2000)], "", "", 0)
	}
	for _, p := range phrases()[:50] {
		f.Add(p, p, "de", 1)
	}
	m := dayOne()
	f.Fuzz(func(t *testing.T, text, subject, lang string, rating int) {
		in := Input{Text: text, Subject: subject, Lang: lang, Earlier: lang, Rating: rating, Thread: []Said{{rating%2 == 0, subject}}}
		sound(t, in, m.Assess(in))
	})
}
