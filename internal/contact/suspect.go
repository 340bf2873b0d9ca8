package contact

import (
	"regexp"
	"slices"
	"strings"

	"switchboard/internal/lookalike"
)

// Suspicion is that two contacts are one person, with how sure that is (0 to 1) and why, in sentences.
type Suspicion struct {
	Score   float64
	Reasons []string
}

// worth is from which score on a suspicion is shown.
const worth = 0.5

// Side is one of two contacts that are compared: who they are, and what they said last, in their own words.
type Side struct {
	Identities []Identity
	Said       []string
}

// common are names that many use: they say nothing of who is behind them.
var common = []string{"admin", "contact", "customer", "hello", "help", "hi", "info", "mail", "me", "news", "office", "sales", "service", "shop", "support", "team", "test", "user"}

// Suspect says whether two contacts may be one person. It is pure. A handle that only looks like another's is never a reason: it
// is how people are imitated.
func Suspect(a, b Side) (s Suspicion, ok bool) {
	for _, x := range a.Identities {
		for _, y := range b.Identities {
			s = s.add(compare(x, y))
		}
	}
	s = s.add(claims(a, b)).add(claims(b, a))
	return s, s.Score >= worth
}

func (s Suspicion) add(score float64, reason string) Suspicion {
	if score == 0 || slices.Contains(s.Reasons, reason) {
		return s
	}
	s.Reasons = append(s.Reasons, reason)
	s.Score = 1 - (1-s.Score)*(1-score)
	return s
}

// compare is what two identities say of each other.
func compare(x, y Identity) (float64, string) {
	switch {
	case x.Channel == y.Channel && x.RemoteID == y.RemoteID:
		return 0.99, "the same identity on " + x.Channel
	case x.Channel == "email" && y.Channel == "email":
		return 0, "" // two addresses of one name are two people as often as not
	case points(x, y) && points(y, x):
		return 0.95, x.Handle + " and " + y.Handle + " link to each other"
	case points(x, y):
		return 0.7, "the profile of " + x.Handle + " names " + y.Handle
	case points(y, x):
		return 0.7, "the profile of " + y.Handle + " names " + x.Handle
	case x.Channel == y.Channel || imitates(x, y):
		return 0, ""
	case x.nick() == y.nick() && telling(x.nick()) && sameName(x, y):
		return 0.6, "the same handle and the same name on " + x.Channel + " and " + y.Channel
	}
	return 0, ""
}

// imitates reports whether one handle only looks like the other: other letters that look alike.
func imitates(x, y Identity) bool {
	return x.nick() != y.nick() && lookalike.Skeleton(x.nick()) == lookalike.Skeleton(y.nick()) ||
		!strings.EqualFold(x.Name, y.Name) && lookalike.Skeleton(x.Name) == lookalike.Skeleton(y.Name)
}

func telling(nick string) bool { return len(nick) >= 3 && !slices.Contains(common, nick) }

func sameName(x, y Identity) bool {
	name := strings.TrimSpace(x.Name)
	return Visible(name) && strings.EqualFold(name, strings.TrimSpace(y.Name)) && !strings.EqualFold(name, x.Handle)
}

// points reports whether what x says of itself names y: its address on the web, its handle, its e-mail address.
func points(x, y Identity) bool {
	about := strings.ToLower(x.About)
	if about == "" {
		return false
	}
	if url := bare(y.URL); url != "" && whole(about, url) {
		return true
	}
	handle := strings.ToLower(strings.TrimPrefix(y.Handle, "@"))
	return strings.ContainsAny(handle, "@.") && whole(about, handle)
}

// bare is a web address without what is the same for all.
func bare(url string) string {
	url = strings.ToLower(strings.TrimSuffix(url, "/"))
	for _, p := range []string{"https://", "http://", "www."} {
		url = strings.TrimPrefix(url, p)
	}
	if !strings.Contains(url, "/") {
		return ""
	}
	return url
}

// whole reports whether s stands in text by itself, not as a part of something longer.
func whole(text, s string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], s)
		if at < 0 {
			return false
		}
		at += from
		end := at + len(s)
		before, after := at == 0 || !wordly(text[at-1]), end == len(text) || !wordly(text[end]) && (text[end] != '.' || end+1 == len(text) || !wordly(text[end+1]))
		if before && after {
			return true
		}
		from = at + 1
	}
}

func wordly(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '_' || b == '-' || b >= 0x80
}

// elsewhere are words with which people say that they wrote before, in another place.
var elsewhere = regexp.MustCompile(`(?i)\b(i (already )?(wrote|messaged|emailed|e-mailed|contacted)|i(’|'| ha)ve (already )?(written|messaged|emailed|contacted)|hab(e)? (euch|ihnen|ich)?.{0,30}geschrieben|je vous ai (déjà )?écrit|les escribí|vi ho (già )?scritto|heb jullie.{0,20}geschreven|pisałe?a?m do|já (vos )?escrevi)`)

// claims is what one side said of being the other: "I wrote to you from kim@example.org".
func claims(a, b Side) (float64, string) {
	for _, text := range a.Said {
		low := strings.ToLower(text)
		for _, i := range b.Identities {
			handle := strings.ToLower(strings.TrimPrefix(i.Handle, "@"))
			if len(handle) < 5 || !whole(low, handle) {
				continue
			}
			if elsewhere.MatchString(text) {
				return 0.75, "said to have written as " + i.Handle
			}
			return 0.5, "named " + i.Handle + " in a message"
		}
	}
	return 0, ""
}

var mentioned = regexp.MustCompile(`[\p{L}\p{N}._%+-]*@?[\p{L}\p{N}_-]+(?:[.@][\p{L}\p{N}_-]+)+`)

// Named are the handles and addresses that a text may name, without a leading @, in lower case, 20 at most.
func Named(text string) (out []string) {
	for _, s := range mentioned.FindAllString(text, 20) {
		if s = strings.ToLower(strings.TrimPrefix(s, "@")); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
