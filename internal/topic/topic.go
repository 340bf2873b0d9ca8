package topic

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

// Kind is what sort of thing a topic is.
type Kind string

const (
	Product  Kind = "product"
	Place    Kind = "place"
	Campaign Kind = "campaign"
	Other    Kind = "other"
)

// Kinds are all of them, in the order they are shown.
func Kinds() []Kind { return []Kind{Product, Place, Campaign, Other} }

// Topic is something people write about.
type Topic struct {
	Key       string // made of the first name; never changes
	Name      string
	Kind      Kind
	Phrases   []string // whole words in any case; with a * at its end a word may go on. None: the name counts
	Enabled   bool
	Version   int // rises with each change
	ChangedBy staff.PersonID
	ChangedAt time.Time
}

// Bounds of the dictionary: more would be found, but nobody could keep it in order.
const (
	mostTopics  = 1000
	mostPhrases = 200
	mostPhrase  = 80 // characters
	mostTokens  = 8  // words of a phrase
	mostName    = 80
)

// Change is what is to become of a topic; what is nil stays as it is.
type Change struct {
	Name    *string
	Kind    *Kind
	Phrases *[]string
	Enabled *bool
	Version int // the version that was changed, 0 for whichever there is
}

// changed is t after c, in good form.
func (t Topic) changed(c Change) (Topic, error) {
	if c.Name != nil {
		name := strings.Join(strings.Fields(*c.Name), " ")
		switch {
		case len(words(name)) == 0:
			return t, fault.In("name", "give the topic a name with at least one letter")
		case !seemly(name) || utf8.RuneCountInString(name) > mostName:
			return t, fault.In("name", fmt.Sprintf("a name has up to %d characters, none of them invisible", mostName))
		}
		t.Name = name
	}
	if c.Kind != nil {
		if !slices.Contains(Kinds(), *c.Kind) {
			return t, fault.In("kind", "a topic is a product, a place, a campaign or other")
		}
		t.Kind = *c.Kind
	}
	if c.Phrases != nil {
		var err error
		if t.Phrases, err = tidied(*c.Phrases); err != nil {
			return t, err
		}
	}
	if c.Enabled != nil {
		t.Enabled = *c.Enabled
	}
	return t, nil
}

// tidied is a list of phrases without empty lines and repeats.
func tidied(list []string) ([]string, error) {
	out, seen := []string{}, map[string]bool{}
	for _, p := range list {
		if p = strings.Join(strings.Fields(p), " "); p == "" {
			continue
		}
		ws := words(p)
		switch {
		case !seemly(p):
			return nil, fault.In("phrases", fmt.Sprintf("leave out invisible characters: %.40q", p))
		case utf8.RuneCountInString(p) > mostPhrase || len(ws) > mostTokens:
			return nil, fault.In("phrases", fmt.Sprintf("%.40q… is too long: a phrase has up to %d words and %d characters", p, mostTokens, mostPhrase))
		case len(ws) == 0:
			return nil, fault.In("phrases", fmt.Sprintf("%.40q holds no word that could be found: names of accounts and links are not looked at", p))
		}
		for _, w := range ws {
			if strings.HasPrefix(p[w.end:], "*") && utf8.RuneCountInString(w.folded) < leastStem {
				return nil, fault.In("phrases", fmt.Sprintf("%.40q would be found everywhere: put at least %d letters before the *", p, leastStem))
			}
		}
		if k := strings.ToLower(p); !seen[k] {
			seen[k] = true
			out = append(out, p)
		}
	}
	if len(out) > mostPhrases {
		return nil, fault.In("phrases", fmt.Sprintf("these are more than %d phrases: make several topics of them", mostPhrases))
	}
	return out, nil
}

// seemly reports text without line breaks, control characters and signs that turn the writing.
func seemly(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029 || r == 0xFEFF
	})
}

// keyOf makes a key of a name that none of taken has: "Kettle Pro" becomes kettle-pro.
func keyOf(name string, taken func(string) bool) string {
	var parts []string
	for _, w := range words(name) {
		parts = append(parts, w.folded)
	}
	base := []rune(strings.Join(parts, "-"))
	key := string(base[:min(len(base), 60)])
	for n, k := 2, key; ; n++ {
		if !taken(k) {
			return k
		}
		k = fmt.Sprintf("%s-%d", key, n)
	}
}
