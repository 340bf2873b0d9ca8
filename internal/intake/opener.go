package intake

import (
	"regexp"
	"strings"

	"switchboard/internal/channel"
)

// opener is a link in a letter of the house that opens something to whoever holds it: an invitation, a new password, a question.
var opener = regexp.MustCompile(`(/(?:join|reset|answer)#)[a-z2-7]{26,}`)

// shut takes such links out of a message: a letter that comes back, is answered or was sent to a mailbox of the house is read by
// others than the one it was for. It reports whether there were any; then what the far side put is not to be kept either.
func shut(m *channel.Message) (found bool) {
	for _, s := range []*string{&m.Subject, &m.Text, &m.HTML, &m.Quoted} {
		if strings.Contains(*s, "#") && opener.MatchString(*s) {
			*s, found = opener.ReplaceAllString(*s, "${1}…"), true
		}
	}
	return found
}
