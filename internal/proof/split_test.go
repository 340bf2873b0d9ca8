package proof

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"
)

func upTo(n int) func(string) bool {
	return func(s string) bool { return uniseg.GraphemeClusterCount(s) <= n }
}

func TestALongTextIsCutWhereOneStopsForBreath(t *testing.T) {
	for name, tt := range map[string]struct {
		text     string
		room     int
		numbered bool
		want     []string
	}{
		"what fits stays whole":            {"Short.", 20, true, []string{"Short."}},
		"at the end of a sentence":         {"One is here. Two is there. Three.", 20, false, []string{"One is here.", "Two is there. Three."}},
		"numbered":                         {"One is here. Two is there.", 20, true, []string{"One is here. (1/2)", "Two is there. (2/2)"}},
		"a paragraph is kept if it fits":   {"One.\n\nTwo.\nThree is long now.", 12, false, []string{"One.\n\nTwo.", "Three is", "long now."}},
		"within a sentence between words":  {"one two three four five", 9, false, []string{"one two", "three", "four five"}},
		"within a word only if one must":   {"abcdefghij", 4, false, []string{"abcd", "efgh", "ij"}},
		"a family is one sign, never torn": {"👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 2, false, []string{"👨‍👩‍👧👨‍👩‍👧", "👨‍👩‍👧"}},
		"an address is not torn":           {"Look at this: https://a.example/long today", 22, false, []string{"Look at this:", "https://a.example/long", "today"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Split(tt.text, tt.numbered, upTo(tt.room))
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("Split = %q, %v; want %q", got, err, tt.want)
			}
		})
	}
	if _, err := Split(strings.Repeat("word ", 500), false, upTo(20)); !errors.Is(err, ErrTooLong) {
		t.Errorf("a novel is no thread: %v", err)
	}
	if _, err := Split("a word", false, func(s string) bool { return s == "" }); !errors.Is(err, ErrTooLong) {
		t.Errorf("where nothing fits: %v", err)
	}
}

func TestPartsFitAndNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab .!?\n,é👍字"))).Draw(t, "text")
		room, numbered := rapid.IntRange(10, 60).Draw(t, "room"), rapid.Bool().Draw(t, "numbered")
		parts, err := Split(text, numbered, upTo(room))
		if err != nil {
			return
		}
		joined := ""
		for k, p := range parts {
			if !upTo(room)(p) {
				t.Fatalf("%q does not fit", p)
			}
			if numbered && len(parts) > 1 {
				p = strings.TrimSuffix(p, " ("+strconv.Itoa(k+1)+"/"+strconv.Itoa(len(parts))+")")
			}
			joined += p
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if squeeze(joined) != squeeze(text) {
			t.Fatalf("%q became %q", text, parts)
		}
	})
}
