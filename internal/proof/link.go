package proof

import (
	"regexp"
	"slices"
	"strings"
)

var links = regexp.MustCompile(`(?i)(?:https?://|\bwww\.[^\s<>"./]+\.)[^\s<>"]+`)

// Links returns the addresses in a text, each once, in its order, without what ends the sentence they stand in. One that begins
// with www. is given as it opens.
func Links(text string) []string {
	var out []string
	for _, l := range links.FindAllString(text, -1) {
		l = strings.TrimRight(l, `.,;:!?'"»”)]}`)
		if strings.Count(l, "(") > strings.Count(l, ")") {
			l += ")"
		}
		if !strings.Contains(l, "://") {
			l = "https://" + l
		}
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}
