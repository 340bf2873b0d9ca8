package lookalike

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var guard = New([]Known{
	{"@acme", "ACME", "mastodon", true}, {"@acme_help", "ACME helps", "mastodon", true}, {"acme-care.bsky.social", "ACME", "bluesky", true},
	{"press@acme.example", "Press office", "email", true}, {"@press", "Press", "hook", true}, {"@kim", "Kim", "x", true},
	{"@jane_reporter", "Jane Reporter", "mastodon", false}, {"@bob", "Bob", "mastodon", false},
})

func TestWhoLooksLikeUs(t *testing.T) {
	for name, tt := range map[string]struct {
		channel, handle, display string
		want                     string // whom, and how
	}{
		"our own account":                          {"mastodon", "@ACME_help", "ACME helps", ""},
		"a stranger":                               {"mastodon", "@grace_hill", "Grace Hill", ""},
		"our name on another server":               {"mastodon", "@acme_help@evil.example", "x", "@acme_help the same name"},
		"our name on another channel":              {"bluesky", "acme.bsky.social", "x", "@acme the same name"},
		"rn for m":                                 {"mastodon", "@acrne_help", "x", "@acme_help letters alike"},
		"a figure for a letter":                    {"mastodon", "@acme_he1p", "x", "@acme_help letters alike"},
		"a capital i for an l":                     {"mastodon", "@acme_heIp", "x", "@acme_help letters alike"},
		"Cyrillic letters":                         {"mastodon", "@асме", "x", "@acme letters alike"},
		"Greek letters":                            {"x", "@αcmε_hεlρ", "x", "@acme_help letters alike"},
		"letters of another style":                 {"mastodon", "@𝐚𝐜𝐦𝐞_𝐡𝐞𝐥𝐩", "x", "@acme_help letters alike"},
		"the other sign between":                   {"mastodon", "@acme.help", "x", "@acme_help the same name"},
		"a letter too many":                        {"mastodon", "@acme_heelp", "x", "@acme_help one letter off"},
		"a letter too few":                         {"mastodon", "@acme_hep", "x", "@acme_help one letter off"},
		"another letter":                           {"mastodon", "@acma_help", "x", "@acme_help one letter off"},
		"two letters turned round":                 {"mastodon", "@amce_help", "x", "@acme_help one letter off"},
		"a word behind":                            {"mastodon", "@acme_support", "x", "@acme a word added"},
		"another word behind":                      {"mastodon", "@acmecare_team", "x", "acme-care.bsky.social a word added"},
		"letters alike and a word behind":          {"mastodon", "@acme_he1p_official", "x", "@acme_help a word added"},
		"a word and a number behind":               {"x", "@acme_support24", "x", "@acme a word added"},
		"a number behind":                          {"x", "@acme_2", "x", "@acme a word added"},
		"a word of another language":               {"x", "@acme_kundenservice", "x", "@acme a word added"},
		"another of another language":              {"x", "@acme.ayuda", "x", "@acme a word added"},
		"several of one thing":                     {"x", "@AcmeRefunds", "x", "@acme a word added"},
		"a short name with a word":                 {"x", "@kim_support", "x", "@kim a word added"},
		"a short name with a number":               {"x", "@kim24", "x", ""},
		"a contact's name with a number":           {"x", "@jane_reporter7", "x", ""},
		"a word before and one behind":             {"x", "@the_acme_official", "x", "@acme a word added"},
		"our name as a domain of one's own":        {"bluesky", "acme.example", "x", "@acme the same name"},
		"our name shown by a stranger":             {"x", "@qx7731", "ACME  HELPS", "@acme_help the name shown"},
		"a mail domain with rn for m":              {"email", "press@acrne.example", "x", "press@acme.example the mail domain"},
		"press of another house":                   {"email", "press@gazette.example", "Press", ""},
		"a colleague by mail":                      {"email", "bob@acme.example", "Bob", ""},
		"a short name one letter off":              {"x", "@acne", "x", ""},
		"a word that holds our name":               {"x", "@acmeology", "x", ""},
		"what many are called":                     {"x", "@press", "Press", ""},
		"a name of three letters":                  {"mastodon", "@k1m", "Kim", ""},
		"a journalist made of other letters":       {"mastodon", "@jаne_reporter", "x", "@jane_reporter letters alike"},
		"a journalist one letter off":              {"mastodon", "@jane_reportter", "x", "@jane_reporter one letter off"},
		"the journalist herself elsewhere":         {"bluesky", "jane_reporter.bsky.social", "Jane Reporter", ""},
		"a journalist's name with a word":          {"mastodon", "@jane_reporter_fans", "x", ""},
		"somebody of a contact's short name":       {"mastodon", "@rob", "Rob", ""},
		"nobody at all":                            {"", "", "", ""},
		"an unknown script of no letters we know":  {"mastodon", "@東京太郎", "東京", ""},
		"somebody who names us among other things": {"x", "@acme_is_bad", "I hate ACME helps", ""},
	} {
		t.Run(name, func(t *testing.T) {
			m, ok := guard.Like(tt.channel, tt.handle, tt.display)
			got := ""
			if ok {
				got = m.Handle + " " + string(m.How)
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	if _, ok := (*Guard)(nil).Like("x", "@acme", ""); ok {
		t.Error("a guard of nothing suspects somebody")
	}
}

// Whatever our accounts are called, none of them is suspected.
func TestOursAreNeverSuspected(t *testing.T) {
	handle := rapid.Custom(func(t *rapid.T) Known {
		return Known{Handle: "@" + rapid.StringMatching(`[a-z0-9_.]{1,20}`).Draw(t, "handle"), Name: rapid.String().Draw(t, "name"),
			Channel: rapid.SampledFrom([]string{"x", "mastodon", "email"}).Draw(t, "channel"), Own: rapid.Bool().Draw(t, "own")}
	})
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(handle, 1, 8).Draw(t, "known")
		g := New(list)
		for _, k := range list {
			if m, ok := g.Like(k.Channel, strings.ToUpper(k.Handle), k.Name); ok {
				t.Fatalf("%q is taken for %q", k.Handle, m.Handle)
			}
		}
	})
}

// One letter of a long enough name made another is seen, whichever it is.
func TestEveryNameOneLetterOffIsSeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[abdefghkopqstuxyz]{7,16}`).Draw(t, "name")
		if common[Skeleton(name)] || len(Skeleton(name)) < leastTypo+1 {
			return // many are called that
		}
		r := []rune(name)
		at := rapid.IntRange(0, len(r)-1).Draw(t, "at")
		var other string
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			other = string(r[:at]) + string(r[at+1:])
		case 1:
			other = string(r[:at]) + rapid.StringMatching(`[abdefghkopqstuxyz]`).Draw(t, "letter") + string(r[at:])
		default:
			r[at] = rune(rapid.StringMatching(`[abdefghkopqstuxyz]`).Draw(t, "letter")[0])
			other = string(r)
		}
		if other == name {
			return
		}
		if _, ok := New([]Known{{"@" + name, "", "x", true}}).Like("x", "@"+other, ""); !ok {
			t.Fatalf("%q for %q", other, name)
		}
	})
}

func BenchmarkLike(b *testing.B) {
	var list []Known
	for k := range 2000 {
		list = append(list, Known{Handle: "@reporter" + strings.Repeat("x", k%7) + string(rune('a'+k%26)) + string(rune('a'+k/80)), Channel: "x"})
	}
	g := New(append(list, Known{"@acme_help", "ACME helps", "x", true}))
	for b.Loop() {
		g.Like("x", "@some_customer", "Some Customer")
	}
}
