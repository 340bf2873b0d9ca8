package topic

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func of(key string, kind Kind, phrases ...string) Topic {
	return Topic{Key: key, Name: strings.ToUpper(key[:1]) + key[1:], Kind: kind, Phrases: phrases, Enabled: true}
}

var dictionary = Compile([]Topic{
	of("kettle", Product, "kettle*", "bouilloire", "Wasserkocher"),
	of("kettle-pro", Product, "kettle pro", "KP-200"),
	of("aurora", Product),
	of("berlin", Place, "Berlin", "Schönhauser Allee"),
	of("run", Campaign, "Berlin marathon", "#RunWithAcme"),
	of("boiler", Product, "Boiler*anlage*", "caldera"),
	of("tokyo", Place, "東京", "ガス"),
	of("dhaka", Place, "ঢাকা"),
	{Key: "off", Name: "Off", Kind: Other, Phrases: []string{"switched"}},
})

func TestATopicIsFoundByItsWords(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"a whole word in any case":                     {"My KETTLE leaks", "kettle:KETTLE"},
		"a word that goes on":                          {"two kettles, one broken", "kettle:kettles"},
		"not in the middle of a word":                  {"a superkettle and auroras", ""},
		"the longer name of two products":              {"is the Kettle Pro out?", "kettle-pro:Kettle Pro"},
		"both when both are named":                     {"kettle or Kettle  Pro?", "kettle:kettle kettle-pro:Kettle  Pro"},
		"a place within the name of a campaign":        {"at the Berlin Marathon", "run:Berlin Marathon berlin:Berlin"},
		"signs between letters and figures":            {"kp 200, KP-200", "kettle-pro:kp 200"},
		"without the accents":                          {"schonhauser allee 5", "berlin:schonhauser allee"},
		"with accents put together":                    {"Scho\u0308nhauser Allee", "berlin:Scho\u0308nhauser Allee"},
		"its name when it has no phrases":              {"the aurora!", "aurora:aurora"},
		"behind an article with an apostrophe":         {"L’Aurora est cassée", "aurora:Aurora"},
		"a hashtag":                                    {"so proud #runwithacme", "run:runwithacme"},
		"no account's name":                            {"@aurora @kettle.pro hello", ""},
		"no mail address":                              {"write to kettle@acme.example or aurora.team@x.example", ""},
		"no link":                                      {"https://acme.example/kettle www.aurora.example", ""},
		"Japanese, which puts no spaces":               {"昨日東京で", "tokyo:東京"},
		"not another Japanese word":                    {"カス", ""},
		"wide letters":                                 {"ｋｅｔｔｌｅ", "kettle:ｋｅｔｔｌｅ"},
		"Bengali with its vowels":                      {"ঢাকা থেকে", "dhaka:ঢাকা"},
		"not Bengali with others":                      {"ঢাকি থেকে", ""},
		"two words that may go on":                     {"die Boiler Anlagen stehen", "boiler:Boiler Anlagen"},
		"none that is switched off":                    {"it switched itself", ""},
		"nothing in nothing":                           {"", ""},
		"nothing in signs":                             {"!!! 🔥🔥 ---", ""},
		"a soft hyphen":                                {"Wasser\u00ADkocher", "kettle:Wasser\u00ADkocher"},
		"in whatever script the case has other length": {"İstanbul caldera ẞ", "boiler:caldera"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range dictionary.Find(tt.text) {
				got = append(got, f.Key+":"+f.Words)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("found %q; want %q", s, tt.want)
			}
		})
	}
}

func TestNobodyFindsNothingAndSeveralTextsAreOne(t *testing.T) {
	var none *Matcher
	if none.Find("kettle") != nil || Compile(nil).Find("kettle") != nil {
		t.Error("an empty dictionary finds something")
	}
	if got := dictionary.Keys("the aurora", "kettle and aurora"); !slices.Equal(got, []string{"aurora", "kettle"}) {
		t.Errorf("%q", got)
	}
	if got := dictionary.Find(strings.Repeat("x ", mostText) + "kettle"); got != nil {
		t.Errorf("read on beyond its bounds: %v", got)
	}
}

// Whatever the phrase, a message that says it is on its topic, in any case, and the words are from the message.
func TestEveryPhraseIsFoundInWhateverSaysIt(t *testing.T) {
	word := rapid.StringMatching(`[a-zà-öа-яα-ω]{2,12}`)
	rapid.Check(t, func(t *rapid.T) {
		phrase := strings.Join(rapid.SliceOfN(word, 1, 5).Draw(t, "phrase"), " ")
		others := rapid.SliceOfN(rapid.Map(word, func(w string) Topic { return of("other-"+w, Place, w, w+"*") }), 0, 8).Draw(t, "others")
		m := Compile(append(others, of("it", Product, phrase)))
		text := rapid.StringMatching(`([a-z]{1,8}[ .,!?]){0,6}`).Draw(t, "before") + upper(phrase) + rapid.SampledFrom([]string{"", ".", " – thanks", "?!", "\n"}).Draw(t, "after")
		for _, f := range m.Find(text) {
			if !strings.Contains(text, f.Words) {
				t.Fatalf("%q is not in %q", f.Words, text)
			}
			if f.Key == "it" {
				return
			}
		}
		t.Fatalf("%q is not found in %q", phrase, text)
	})
}

// upper leaves alone what has no simple capital.
func upper(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.ToLower(unicode.ToUpper(r)) != r {
			return r
		}
		return unicode.ToUpper(r)
	}, s)
}

func TestWhateverComesNothingBreaks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		phrase := rapid.String().Draw(t, "phrase")
		m := Compile([]Topic{of("a", Product, phrase), of("b", Place, "a*", "e* a*")})
		for _, f := range m.Find(text, phrase) {
			if f.Words == "" || len(f.Words) > 110 {
				t.Fatalf("%+v", f)
			}
		}
		if c, err := (Topic{}).changed(Change{Phrases: &[]string{phrase}}); err == nil && len(c.Phrases) > 0 {
			if m := Compile([]Topic{of("a", Product, c.Phrases...)}); len(m.Find(c.Phrases[0])) != 1 {
				t.Fatalf("the phrase %q was taken and is not found in itself", c.Phrases[0])
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	list := make([]Topic, 0, 500)
	for k := range 500 {
		name := "product " + string(rune('a'+k%26)) + string(rune('a'+k/26))
		list = append(list, of("t"+name, Product, name, name+" pro", "series "+name+"*", "x"+name))
	}
	m := Compile(append(list, of("kettle", Product, "kettle*")))
	text := "Hello, I bought the product ab pro and two kettles in March. Since Tuesday one of them leaks, and nobody answers my e-mail. Can somebody call me back today?"
	for b.Loop() {
		m.Find(text)
	}
}
