package letters

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestWhatIsCutIsABeginningOfWholeLetters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, n := rapid.String().Draw(t, "text"), rapid.IntRange(0, 20).Draw(t, "most")
		head, first := Head(s, n), First(s, n)
		if !strings.HasPrefix(s, head) || !strings.HasPrefix(s, first) || !utf8.ValidString(head) || !utf8.ValidString(first) {
			t.Fatalf("%q becomes %q and %q", s, head, first)
		}
		if len(head) > n || head != s && len(head) < n-utf8.UTFMax+1 {
			t.Fatalf("%q is cut to %q, wanted %d bytes", s, head, n)
		}
		if want := min(n, utf8.RuneCountInString(s)); utf8.RuneCountInString(first) != want {
			t.Fatalf("%q is cut to %q, wanted %d letters", s, first, want)
		}
	})
}
