package notify

import (
	"slices"
	"strings"

	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// Kind names what a notification is about; it is a key of the table.
type Kind string

// Way is how somebody is told beside the list.
type Way string

const (
	Push Way = "push" // to the browsers they allowed it on
	Mail Way = "mail"
)

// About is what people read of a kind when they choose what they want to be told of.
type About struct {
	Kind   Kind
	Title  string
	Urgent bool // it does not wait for the digest
	// List, Push and Mail are whether somebody who has set nothing is told by that way.
	List, Push, Mail bool
	Chat             bool // chat rooms can have it, too
}

// kind is a line of the table.
type kind struct {
	About
	what []journal.What
	// whom names the people an entry concerns. Who did it, and who may not see it, is left out afterwards.
	whom func(f *facts, e entry) []staff.PersonID
	// fold is what an unread notification is one with; nil: its conversation.
	fold func(e entry) string
	// say tells it in a sentence; text.go has the parts.
	say func(t Told) string
	// offered is whether somebody of that role can be concerned at all; nil: whoever answers.
	offered func(who staff.Actor) bool
	// asked says that it tells of a request: who is asked may know it, and be it that they do not see the conversation.
	asked bool
	// open says that it is of no use when the conversation is not open any more.
	open bool
}

// Kinds lists what somebody can be told of, in the order of the table.
func Kinds(who staff.Actor) []About {
	var out []About
	for _, k := range kinds {
		if k.for_(who) {
			out = append(out, k.About)
		}
	}
	return out
}

// ChatKinds lists what chat rooms can be told of.
func ChatKinds() []About {
	var out []About
	for _, k := range kinds {
		if k.Chat {
			out = append(out, k.About)
		}
	}
	return out
}

func (k kind) for_(who staff.Actor) bool {
	if k.offered != nil {
		return k.offered(who)
	}
	return who.Can(staff.Answer) && who.Role != staff.Agency
}

// folded is what an unread notification of e is one with.
func (k kind) folded(e entry) string {
	of := ""
	switch {
	case k.fold != nil:
		of = k.fold(e)
	case e.Conversation != 0:
		of = desk.ConversationID(e.Conversation).String()
	default:
		of = e.About
	}
	if rest, ok := strings.CutPrefix(of, wide); ok {
		return wide + string(k.Kind) + " " + rest
	}
	return string(k.Kind) + " " + of
}

// wide begins a fold over several conversations of a department: once it holds two it leads to the department, not to one of
// them.
const wide = "d:"

func kindOf(key Kind) (kind, bool) {
	n := slices.IndexFunc(kinds, func(k kind) bool { return k.Kind == key })
	if n < 0 {
		return kind{}, false
	}
	return kinds[n], true
}

// byWhat finds the kinds of an entry.
var byWhat = func() map[journal.What][]kind {
	out := map[journal.What][]kind{}
	for _, k := range kinds {
		for _, w := range k.what {
			out[w] = append(out[w], k)
		}
	}
	return out
}()
