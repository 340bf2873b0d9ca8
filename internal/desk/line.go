package desk

import (
	"time"

	"switchboard/internal/account"
)

// PrivateThread is how a thread of private words is kept: apart from what is public, also in one thread of the channel.
func PrivateThread(thread string) string { return "private:" + thread }

// leadsFor is how long after a conversation was closed its lines still lead into it: what comes later is a matter of its own.
const leadsFor = 30 * 24 * time.Hour

// Leads reports whether what its contact says on a line belongs to c now. direct is the conversation it would be without the line,
// nil when there is none: an open one is not passed over for one that was closed.
func (c Conversation) Leads(direct *Conversation, now time.Time) bool {
	if c.State != Closed {
		return true
	}
	return now.Sub(c.ClosedAt) < leadsFor && (direct == nil || direct.State == Closed)
}

// SpeaksAs is the account that answers a message of c: what came on a private line goes back on it.
func (c Conversation) SpeaksAs(m Message) account.ID {
	if m.Private && !c.Private && !m.Account.IsZero() {
		return m.Account
	}
	return c.Account
}
