package intake

import (
	"regexp"
	"slices"
	"strings"

	"switchboard/internal/channel"
)

// openers are the pages of the house to which a link opens something to whoever holds it: an invitation, a new password, a question.
var openers = []string{"/join#", "/reset#", "/answer#"}

// opener is such a link.
var opener = regexp.MustCompile(`(/(?:join|reset|answer)#)[a-z2-7]{26,}`)

// shut takes such links out of a message: a letter that comes back, is answered or was sent to a mailbox of the house is read by
// others than the one it was for. It reports whether there were any; then what the far side put is not to be kept either.
func shut(m *channel.Message) (found bool) {
	for _, s := range []*string{&m.Subject, &m.Text, &m.HTML, &m.Quoted} {
		if !slices.ContainsFunc(openers, func(page string) bool { return strings.Contains(*s, page) }) {
			continue // nearly every message
		}
		if cut := opener.ReplaceAllString(*s, "${1}…"); cut != *s {
			*s, found = cut, true
		}
	}
	return found
}
