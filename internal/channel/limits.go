package channel

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Limits are how much an account may say. The composer and the connector count by the same rule.
type Limits struct {
	Text        int    `json:"text"`                  // longest text in Unit; 0: no limit
	Unit        string `json:"unit"`                  // graphemes, codepoints, bytes
	Bytes       int    `json:"bytes,omitempty"`       // a second limit in UTF-8 bytes; 0: none
	URL         int    `json:"url,omitempty"`         // what each http(s) address counts, whatever its length; 0: its length
	ShortAt     bool   `json:"shortAt,omitempty"`     // of @name@host only @name counts
	PrivateText int    `json:"privateText,omitempty"` // longest private message, if another; 0: as Text
	// PrivateBytes is a second limit of a private message in UTF-8 bytes, if another than Bytes.
	PrivateBytes int   `json:"privateBytes,omitempty"`
	Media        int   `json:"media"`               // attachments a message
	MediaSize    int64 `json:"mediaSize,omitempty"` // bytes an attachment
	Alt          int   `json:"alt,omitempty"`       // longest alt text
	Markup       bool  `json:"markup,omitempty"`
	// Named says whether who is answered must be named in the text, as "@ann": NameNeeded, NameAdded, or "" where it makes no odds.
	Named string `json:"named,omitempty"`
}

// What Limits.Named can be.
const (
	NameNeeded = "needed" // the writer must
	NameAdded  = "added"  // the connector puts the name in front where the writer has not, and it counts
)

var (
	address = regexp.MustCompile(`https?://[^\s<>"]+`)
	// mention is Mastodon's rule of who is named (Account::MENTION_RE).
	mention = regexp.MustCompile(`(^|[^=/\p{L}\p{M}\p{Nd}\p{Pc}])(@[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)@[\p{L}\p{M}\p{Nd}\p{Pc}]+(?:[.-]+[\p{L}\p{M}\p{Nd}\p{Pc}]+)*`)
)

// cutAddress takes off an address what stands behind it in a sentence: punctuation, and a bracket that was opened before it.
func cutAddress(a string) string {
	for {
		r, n := utf8.DecodeLastRuneInString(a)
		whole := r == ')' && strings.Count(a, "(") >= strings.Count(a, ")")
		if whole || unicode.In(r, unicode.L, unicode.M, unicode.N) || strings.ContainsRune("=_#/+-", r) {
			return a
		}
		a = a[:len(a)-n]
	}
}

// Count returns the length of text by the channel's rule.
func (l Limits) Count(text string) int {
	if l.URL > 0 {
		inPlace := strings.Repeat("x", l.URL)
		text = address.ReplaceAllStringFunc(text, func(a string) string {
			own := cutAddress(a)
			if own == "http://" || own == "https://" {
				return a
			}
			return inPlace + a[len(own):]
		})
	}
	if l.ShortAt {
		text = mention.ReplaceAllString(text, "$1$2")
	}
	switch l.Unit {
	case "bytes":
		return len(text)
	case "codepoints":
		return utf8.RuneCountInString(text)
	default:
		return uniseg.GraphemeClusterCount(text)
	}
}

// Fits reports whether text may be said, in private or in public, and if not why in a sentence.
func (l Limits) Fits(text string, private bool) (string, bool) {
	most := l.Text
	if private && l.PrivateText > 0 {
		most = l.PrivateText
	}
	if strings.TrimSpace(text) == "" {
		return "there is nothing in it", false
	}
	if n := l.Count(text); most > 0 && n > most {
		return "it is " + plural(n-most, l.Unit) + " too long", false
	}
	bytes := l.Bytes
	if private && l.PrivateBytes > 0 {
		bytes = l.PrivateBytes
	}
	if bytes > 0 && len(text) > bytes {
		return "it is " + plural(len(text)-bytes, "bytes") + " too long", false
	}
	return "", true
}

func plural(n int, unit string) string {
	word := map[string]string{"bytes": "byte"}[unit]
	if word == "" {
		word = "character"
	}
	if n != 1 {
		word += "s"
	}
	return strconv.Itoa(n) + " " + word
}
