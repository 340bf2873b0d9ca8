package proof

import (
	"errors"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"
)

// MostParts is into how many parts a text is cut at most: what is longer is no answer in public.
const MostParts = 25

// ErrTooLong is what Split says of a text that does not fit into MostParts parts.
var ErrTooLong = errors.New("it is too long for a thread: shorten it, or answer in private")

// Split cuts a text into parts that fit, to be said one after the other: at the ends of paragraphs and sentences, within a
// sentence only where it alone does not fit, and within a word or an address only where that does not. numbered puts
// " (1/3)" behind each. A text that fits is one part, without a number. fits must say yes to the empty text and to any
// shorter beginning of what it says yes to.
func Split(text string, numbered bool, fits func(part string) bool) ([]string, error) {
	text = strings.TrimSpace(text)
	if fits(text) {
		return []string{text}, nil
	}
	if !numbered {
		return cut(text, func(int) string { return "" }, fits)
	}
	for digits := 1; digits <= 2; digits++ { // the number of parts is not known before it is cut
		room := strings.Repeat("9", digits)
		parts, err := cut(text, func(n int) string { return " (" + strconv.Itoa(n) + "/" + room + ")" }, fits)
		if err != nil {
			return nil, err
		}
		total := strconv.Itoa(len(parts))
		if len(total) > digits {
			continue
		}
		for k, p := range parts {
			parts[k] = p + " (" + strconv.Itoa(k+1) + "/" + total + ")"
		}
		return parts, nil
	}
	return nil, ErrTooLong
}

// cut fills one part after the other with as much as fits beside its mark.
func cut(text string, mark func(n int) string, fits func(string) bool) ([]string, error) {
	var parts []string
	for text != "" {
		if len(parts) == MostParts {
			return nil, ErrTooLong
		}
		m := mark(len(parts) + 1)
		ok := func(s string) bool { return fits(strings.TrimSpace(s) + m) }
		n := fill(text, ok)
		if n == 0 {
			return nil, ErrTooLong // not even one sign fits
		}
		if part := strings.TrimSpace(text[:n]); part != "" {
			parts = append(parts, part)
		}
		text = strings.TrimSpace(text[n:])
	}
	return parts, nil
}

// fill is how many bytes of a text go into one part.
func fill(text string, ok func(string) bool) int {
	if ok(text) {
		return len(text)
	}
	if n := most(spans(sentences(text)), ok); n > 0 {
		return n
	}
	if n := most(words(text), ok); n > 0 {
		return n
	}
	return most(signs(text), ok)
}

func spans(list []span) []string {
	out := make([]string, len(list))
	for k, s := range list {
		out[k] = s.text
	}
	return out
}

// signs are the characters of a text as people count them.
func signs(text string) []string {
	var out []string
	for g := uniseg.NewGraphemes(text); g.Next(); {
		out = append(out, g.Str())
	}
	return out
}

// most is how long the longest row of the first pieces is that is ok; 0 when the first is not.
func most(pieces []string, ok func(string) bool) int {
	n, whole := 0, strings.Join(pieces, "")
	for _, p := range pieces {
		if !ok(whole[:n+len(p)]) {
			break
		}
		n += len(p)
	}
	return n
}
