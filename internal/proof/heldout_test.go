package proof

import (
	"os"
	"strings"
	"testing"
)

// heldOut is a line of a list in testdata.
type heldOut struct{ lang, label, text string }

func readHeldOut(t *testing.T, name string) []heldOut {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []heldOut
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		lang, rest, _ := strings.Cut(line, " ")
		label, text, ok := strings.Cut(rest, " ")
		if !ok {
			t.Fatalf("%s: %q has no text", name, line)
		}
		out = append(out, heldOut{lang, label, text})
	}
	if len(out) < 200 {
		t.Fatalf("%s: %d lines; want 200 or more", name, len(out))
	}
	return out
}

// score counts what is found rightly, found wrongly and missed.
type score struct{ right, wrong, missed int }

func (s score) recall() float64    { return float64(s.right) / float64(max(1, s.right+s.missed)) }
func (s score) precision() float64 { return float64(s.right) / float64(max(1, s.right+s.wrong)) }

// measure reads a list with is and holds the score against its floors. go test -v names what is not as the list says.
func measure(t *testing.T, name, harmless string, recall, precision float64, is func(heldOut) (found []string, right bool)) {
	t.Helper()
	var all score
	each := map[string]score{}
	for _, h := range readHeldOut(t, name) {
		found, right := is(h)
		one := each[h.lang]
		switch {
		case h.label == harmless && len(found) > 0:
			one.wrong++
			all.wrong++
			t.Logf("alarm:  %s %q in %q", h.lang, found, h.text)
		case h.label == harmless:
		case right:
			one.right++
			all.right++
		default:
			one.missed++
			all.missed++
			t.Logf("missed: %s %s %q; found %q", h.lang, h.label, h.text, found)
		}
		each[h.lang] = one
	}
	for lang, s := range each {
		t.Logf("%s: recall %.2f, precision %.2f", lang, s.recall(), s.precision())
	}
	t.Logf("all: recall %.3f, precision %.3f", all.recall(), all.precision())
	if all.recall() < recall || all.precision() < precision {
		t.Errorf("recall %.3f, precision %.3f; want %.2f and %.2f", all.recall(), all.precision(), recall, precision)
	}
}

func TestWhatIsPrivateIsFoundInTheHeldOutList(t *testing.T) {
	measure(t, "private", "none", 0.95, 0.95, func(h heldOut) ([]string, bool) {
		found := told(Read(Sheet{Text: h.text}), Private)
		right := false
		for _, f := range found {
			right = right || strings.HasPrefix(f, h.label+" ")
		}
		return found, right
	})
}

func TestADeadEndIsHeardInTheHeldOutList(t *testing.T) {
	measure(t, "deadend", "stays", 0.95, 0.97, func(h heldOut) ([]string, bool) {
		found := told(Read(Sheet{Text: h.text}), DeadEnd)
		return found, len(found) > 0
	})
}
