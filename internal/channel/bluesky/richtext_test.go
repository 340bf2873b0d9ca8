package bluesky

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
)

func TestFacets(t *testing.T) {
	n := newNetwork(t, channeltest.NewClock())
	ann := n.Account("ann.test", "Ann", "", false)
	c := n.Open(t).(*conn)
	for name, tt := range map[string]struct {
		text string
		want []string // "what it covers -> what it means"
	}{
		"nothing to find":                   {"Good morning!", nil},
		"a link":                            {"see https://acme.example/a?b=c#d", []string{"https://acme.example/a?b=c#d -> https://acme.example/a?b=c#d"}},
		"ends count bytes":                  {"Grüezi 👩‍👩‍👧 https://acme.example", []string{"https://acme.example -> https://acme.example"}},
		"a full stop ends the sentence":     {"see https://acme.example/a.", []string{"https://acme.example/a -> https://acme.example/a"}},
		"brackets around and within":        {"(https://en.example/wiki/Line_(phone))", []string{"https://en.example/wiki/Line_(phone) -> https://en.example/wiki/Line_(phone)"}},
		"a name is no link":                 {"acme.example and ftp://acme.example", nil},
		"a mention becomes who it is":       {"hello @ann.test!", []string{"@ann.test -> " + ann}},
		"in capitals too":                   {"hello @Ann.Test", []string{"@Ann.Test -> " + ann}},
		"a handle that leads nowhere":       {"hello @nobody.test", nil},
		"a mail address is no mention":      {"write to help@ann.test", nil},
		"a tag":                             {"#Chairs and (#größe).", []string{"#Chairs -> Chairs", "#größe -> größe"}},
		"a number is no tag":                {"you are #1", nil},
		"a tag within a link is the link's": {"https://acme.example/#top", []string{"https://acme.example/#top -> https://acme.example/#top"}},
		"all together, in order": {"@ann.test 🪑 #chair https://acme.example.",
			[]string{"@ann.test -> " + ann, "#chair -> chair", "https://acme.example -> https://acme.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			facets, err := c.facets(t.Context(), tt.text, nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range facets {
				got = append(got, f.of(tt.text)+" -> "+f.Features[0].URI+f.Features[0].DID+f.Features[0].Tag)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("facets of %q = %q; want %q", tt.text, got, tt.want)
			}
		})
	}
	before := n.Calls("com.atproto.identity.resolveHandle")
	known := []channel.Identity{{RemoteID: "did:plc:known", Handle: "@known.test"}}
	if f, err := c.facets(t.Context(), "@known.test", known); err != nil || len(f) != 1 || f[0].Features[0].DID != "did:plc:known" {
		t.Errorf("a mention of the one we answer = %+v, %v", f, err)
	}
	if n.Calls("com.atproto.identity.resolveHandle") != before {
		t.Error("the one we answer was looked up")
	}
}

func TestShown(t *testing.T) {
	link := func(start, end int, uri string) facet { return newFacet(start, end, feature{URI: uri}) }
	for name, tt := range map[string]struct {
		text   string
		facets []facet
		want   string
	}{
		"plain text":                         {"hello", nil, "hello"},
		"an address is left":                 {"https://a.example", []facet{link(0, 17, "https://a.example")}, "https://a.example"},
		"a shortened address is whole again": {"see a.example/lo... now", []facet{link(4, 19, "https://a.example/long/way")}, "see https://a.example/long/way now"},
		"words keep their address":           {"click here", []facet{link(6, 10, "https://evil.example")}, "click here (https://evil.example)"},
		"an address that hides another":      {"https://bank.example", []facet{link(0, 20, "https://evil.example")}, "https://bank.example (https://evil.example)"},
		"two links": {"a.example/x b.example/y", []facet{link(0, 11, "https://a.example/xx"), link(12, 23, "https://b.example/yy")},
			"https://a.example/xx https://b.example/yy"},
		"one over another": {"abcdef", []facet{link(0, 4, "https://a.example"), link(2, 6, "https://b.example")}, "abcdef (https://b.example)"},
		"outside the text": {"abc", []facet{link(2, 9, "https://a.example"), link(-1, 2, "https://b.example"), link(2, 1, "https://c.example")}, "abc"},
		"through a letter": {"ä", []facet{link(0, 1, "https://a.example")}, "\uFFFD (https://a.example)\uFFFD"},
		"NUL and the like": {"a\x00b\xffc", nil, "a\uFFFDb\uFFFDc"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := (record{Text: tt.text, Facets: tt.facets}).shown(); got != tt.want {
				t.Errorf("shown = %q; want %q", got, tt.want)
			}
		})
	}
}

func TestShownIsAlwaysTextWhateverTheFacets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := record{Text: rapid.String().Draw(t, "text")}
		for range rapid.IntRange(0, 6).Draw(t, "facets") {
			r.Facets = append(r.Facets, newFacet(
				rapid.IntRange(-3, len(r.Text)+3).Draw(t, "start"), rapid.IntRange(-3, len(r.Text)+3).Draw(t, "end"),
				feature{URI: "https://" + rapid.StringMatching(`[a-z]{1,5}`).Draw(t, "host") + ".example"}))
		}
		if got := r.shown(); !utf8.ValidString(got) || strings.ContainsRune(got, 0) {
			t.Fatalf("%q", got)
		}
		r.mentioned()
	})
}
