package advice

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestWhatTellsWhoSomebodyIsStaysInTheHouse(t *testing.T) {
	names := []string{"Zoë Müller-Lüdenscheidt", "@zoe_lued", "田中太郎", "X"}
	for name, tt := range map[string]struct{ text, want string }{
		"an e-mail address":            {"write to jane.roe+a@mail.example.co.uk, please", "write to [e-mail], please"},
		"one hidden in brackets":       {"jane.roe (at) example (dot) com", "[e-mail]"},
		"one hidden in words":          {"jane.roe at example dot com", "[e-mail]"},
		"one in full-width letters":    {"jane＠example．com", "[e-mail]"},
		"one with invisible letters":   {"jane\u200b@exa\u00admple.com", "[e-mail]"},
		"one in brackets of a mail":    {"Jane <jane@example.com>", "Jane <[e-mail]>"},
		"a handle":                     {"as I told @acme_help!", "as I told [handle]"},
		"a handle with its server":     {"as @jane@social.example said", "as [handle] said"},
		"an @ alone":                   {"meet @ noon", "meet  at  noon"},
		"a telephone number":           {"call +44 (0)20 7946-0958 now", "call [phone] now"},
		"one of the country":           {"call 0171/2345678 now", "call [phone] now"},
		"one in Arabic digits":         {"call ٠١٧١٢٣٤٥٦٧٨", "call [number]"},
		"an account number":            {"to GB29 NWBK 6016 1331 9268 19.", "to [iban]."},
		"an account number in a row":   {"to de89370400440532013000.", "to [iban]."},
		"a card":                       {"my card 4111-1111-1111-1111 was", "my card [card] was"},
		"an order number":              {"order 4711 and order 338812", "order [number] and order [number]"},
		"an order number with letters": {"order AB-12345-X, RMA20931", "order [number], [number]"},
		"a year and small numbers":     {"in 2026 I bought 3 for 49.90", "in 2026 I bought 3 for 49.90"},
		"what stands behind a link":    {"see https://jane:pw@shop.example:8443/r/Jane?order=1&m=a%40b.example#x now", "see [link shop.example] now"},
		"a link without a scheme":      {"see www.shop.example/jane", "see [link www.shop.example]"},
		"a link that is none":          {"see http://[::1]:80/x", "see [link]"},
		"a mailto":                     {"mailto:jane@example.com", "mailto:[e-mail]"},
		"the name":                     {"Regards, Zoë Müller-Lüdenscheidt", "Regards, [name] [name]-[name]"},
		"the name without accents":     {"regards, ZOE MULLER", "regards, [name] [name]"},
		"a name within a sentence":     {"私は田中太郎です", "私は[name]です"},
		"not a word that holds it":     {"the mullers", "the mullers"},
		"nothing":                      {"", ""},
		"a letter that is a name":      {"x marks it", "x marks it"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Redact(tt.text, names); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

var (
	longDigits = regexp.MustCompile(`\p{Nd}{5}|(?:\p{Nd}[ .\-/()]{0,2}){8}`)
	query      = regexp.MustCompile(`\?[^\s]*=`)
)

// piece draws something personal and how it is written.
func piece(t *rapid.T) string {
	word := func(label string) string { return rapid.StringMatching(`[a-z]{3,9}`).Draw(t, label) }
	num := func(n int, label string) string {
		return rapid.StringMatching(fmt.Sprintf(`[0-9]{%d}`, n)).Draw(t, label)
	}
	switch rapid.IntRange(0, 7).Draw(t, "kind") {
	case 0:
		return word("local") + "." + word("local2") + "@" + word("host") + ".example"
	case 1:
		return "+" + num(2, "country") + " " + num(3, "area") + rapid.SampledFrom([]string{" ", "-", "/", "."}).Draw(t, "sep") + num(7, "line")
	case 2:
		return rapid.StringMatching(`[A-Z]{2}[0-9]{2}( ?[0-9]{4}){4} ?[0-9]{2}`).Draw(t, "iban")
	case 3:
		return rapid.StringMatching(`[0-9]{4}([ -]?[0-9]{4}){3}`).Draw(t, "card")
	case 4:
		return rapid.StringMatching(`[A-Z]{0,3}-?[0-9]{5,12}`).Draw(t, "order")
	case 5:
		return "@" + word("handle") + "_" + word("handle2")
	case 6:
		return "https://" + word("host") + ".example/" + word("path") + "?" + word("key") + "=" + word("value") + "&id=" + num(6, "id")
	}
	return word("local") + " (at) " + word("host") + ".example"
}

// Whatever stands around it, nothing of what was put in comes out.
func TestNothingPersonalComesThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		var pieces []string
		for range rapid.IntRange(1, 5).Draw(t, "n") {
			p := piece(t)
			pieces = append(pieces, p)
			b.WriteString(rapid.SampledFrom([]string{"hello", "wo ist", "rückgabe!", "(", "\n", "💥", "order:", "42", "…", ""}).Draw(t, "before"))
			b.WriteString(rapid.SampledFrom([]string{" ", "\n", "\t", " \u200b", "\u00a0"}).Draw(t, "gap"))
			b.WriteString(p + " ")
		}
		b.WriteString(rapid.String().Draw(t, "rest"))
		got := Redact(b.String(), nil)
		for _, p := range pieces {
			if strings.Contains(got, p) {
				t.Fatalf("%q came through in %q", p, got)
			}
		}
		clean(t, got)
	})
}

func clean(t *rapid.T, got string) {
	switch {
	case strings.Contains(got, "@"):
		t.Fatalf("an @ is left in %q", got)
	case longDigits.MatchString(got):
		t.Fatalf("a number is left in %q", got)
	case query.MatchString(got) && strings.Contains(got, "://"):
		t.Fatalf("a query is left in %q", got)
	case !utf8.ValidString(got):
		t.Fatalf("%q is broken", got)
	}
}

func TestNoTextHidesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab@＠.:/?=&0123456789٣४-+ ()[]{}<>\"'\n\u200b\u00a0ßéÅ𝟘①#%_ atdo"))).Draw(t, "text")
		clean(t, Redact(text, []string{"ab do", "ß"}))
	})
}

func TestAMessageIsCutAfterItIsRedacted(t *testing.T) {
	long := strings.Repeat("é", MostText-12) + " jane.roe@example.com and more"
	got := tell("Order 12345", long, "fr", nil)
	if n := len([]rune(got.Subject + got.Text)); n > MostText || strings.Contains(got.Text, "jane") || got.Subject != "Order [number]" {
		t.Errorf("%d letters leave: %q … %q", n, got.Subject, got.Text[len(got.Text)-40:])
	}
}

func TestAHugeMessageIsRedactedInGoodTime(t *testing.T) {
	for _, unit := range []string{"1 ", "a@", "at ", "(at) ", "x.y ", "ab12 ", "http://", "1", "a", "@", "+"} {
		got := Redact(strings.Repeat(unit, 200_000/len(unit)), []string{"a b c"})
		if strings.Contains(got, "@") {
			t.Errorf("%q: an @ is left", unit)
		}
	}
}
