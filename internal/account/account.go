// Package account keeps the connected identities through which the company speaks and listens, who may speak for them, and how
// well they are: last heard, last sent, what is wrong and when it is tried again.
package account

import (
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/id"
	"switchboard/internal/staff"
)

// ID is the id of an account.
type ID = id.Of[Account]

// State is how well an account is.
type State string

const (
	Active    State = "active"
	Reconnect State = "reconnect" // its token is dead: a person must connect it again
	Trouble   State = "trouble"   // something passing; it is tried again
)

// Account is one connected identity on a channel. Its settings, which hold secrets, are not part of it: see Store.
type Account struct {
	ID       ID
	Channel  string
	Name     string
	RemoteID string
	Handle   string
	URL      string
	Limits   channel.Limits
	State    State
	Health
	StoppedAt time.Time // the stop button of this account; zero: it may speak
	CreatedAt time.Time
	RemovedAt time.Time
}

// Health is what the health page shows.
type Health struct {
	CheckedAt    time.Time
	SeenAt       time.Time // the last message
	FetchedAt    time.Time // the last time its far side answered
	SentAt       time.Time
	GapSince     time.Time // what was said since then until it was fetched again may be missing
	LostSince    time.Time // some of what was said since then can't be had any more; until a person has seen that
	NextTry      time.Time
	TokenExpires time.Time
	Streaming    bool
	Trouble      *Ailment // in hearing
	Mute         *Ailment // in speaking: it may hear well all the while
}

// Ailment is what is wrong with an account, in words for a person.
type Ailment struct {
	Deed     channel.Deed `json:"deed"`
	Message  string       `json:"message"`
	Since    time.Time    `json:"since"`
	Incident string       `json:"incident,omitempty"` // finds the cause in the log
	Tries    int          `json:"tries,omitempty"`
	NextTry  time.Time    `json:"nextTry,omitzero"` // of a trouble in speaking: nothing leaves before
}

// Ailing is what is wrong with an account, the worse of what keeps it from hearing and from speaking; nil when it is well.
func (h Health) Ailing() *Ailment {
	if h.Trouble == nil || h.Mute != nil && h.Mute.dead() && !h.Trouble.dead() {
		return h.Mute
	}
	return h.Trouble
}

// dead reports a trouble that only a person can end.
func (i *Ailment) dead() bool {
	return i.Deed == channel.Reconnect || i.Deed == channel.Operator || i.Deed == channel.NotAllowed
}

// state is what the ailments make of an account.
func (h Health) state() State {
	switch ill := h.Ailing(); {
	case ill == nil:
		return Active
	case ill.dead():
		return Reconnect
	}
	return Trouble
}

// Duty is what a right allows on one account.
type Duty string

const (
	Speak  Duty = "speak"  // one's words go out without an approval
	Manage Duty = "manage" // settings, rights, the stop button
)

// Right is one person's or department's right on an account; one of Person and Department is set.
type Right struct {
	Person     staff.PersonID     `json:"person,omitzero"`
	Department staff.DepartmentID `json:"department,omitzero"`
	Duty       Duty               `json:"right"`
}
