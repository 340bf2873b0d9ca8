package channel

import (
	"strings"
	"testing"
)

func TestWhatATextCounts(t *testing.T) {
	mastodon := Limits{Text: 500, Unit: "graphemes", URL: 23, ShortAt: true}
	for text, want := range map[string]int{
		"see https://acme.example/" + strings.Repeat("x", 200): 4 + 23,
		"see https://acme.example/y.":                          4 + 23 + 1,
		"(https://acme.example/y?), so":                        1 + 23 + 6,
		"https://acme.example/y_(z)":                           23,
		"https://acme.example/y_(z)!":                          23 + 1,
		"https://acme.example/ü":                               23,
		"https://... what":                                     16,
		"@acme_help@social.example hi":                         13,
		"https://acme.example/http://":                         23,
		"🇩https://acme.example/🇪":                              1 + 23 + 1,
		"ann@acme.example, @b@c":                               18 + 2,
		"https://acme.example/ @b@c-d.e":                       23 + 1 + 2,
	} {
		if got := mastodon.Count(text); got != want {
			t.Errorf("%q counts %d; want %d", text, got, want)
		}
	}
}

func TestAPrivateMessageHasItsOwnLimits(t *testing.T) {
	l := Limits{Text: 300, Unit: "graphemes", Bytes: 3000, PrivateText: 1000, PrivateBytes: 10_000}
	family := "👨\u200d👩\u200d👧\u200d👦" // one grapheme of 25 bytes
	for n, want := range map[int]bool{120: true, 121: false} {
		if _, ok := l.Fits(strings.Repeat(family, n), false); ok != want {
			t.Errorf("in public %d fit: %v", n, ok)
		}
	}
	for n, want := range map[int]bool{121: true, 400: true, 401: false} {
		if _, ok := l.Fits(strings.Repeat(family, n), true); ok != want {
			t.Errorf("in private %d fit: %v", n, ok)
		}
	}
}
