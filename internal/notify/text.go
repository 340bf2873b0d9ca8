package notify

import (
	"strconv"
	"strings"

	"switchboard/internal/journal"
)

// Told is a notification as it is told: to somebody who may see what it is about.
type Told struct {
	Notification
	By      string // the person who did it, "" for the machine and for contacts
	Contact string // of the conversation
	In      string // the department, or the account, that it is about
	Excerpt string // how the conversation ends; shown in the product, and outside to who chose so
}

// Say tells t in a sentence, without its full stop.
func (t Told) Say() string {
	k, ok := kindOf(t.Kind)
	if !ok {
		return "Something happened"
	}
	return k.say(t)
}

// with is the conversation: "the conversation with Maria".
func (t Told) with() string {
	if t.Contact == "" {
		return "a conversation"
	}
	return "the conversation with " + t.Contact
}

// inIt is the place in a sentence on a request: " in the conversation with Maria", nothing to who does not see that.
func (t Told) inIt() string {
	if t.Unseen {
		return ""
	}
	return " in " + t.with()
}

// by is who did it, or what stands for it when nobody did.
func (t Told) by(otherwise string) string {
	if t.By == "" {
		return otherwise
	}
	return t.By
}

func putThroughToYou(t Told) string {
	if t.By == "" {
		return upper(t.with()) + " is put through to you"
	}
	return t.By + " put " + t.with() + " through to you"
}

func wroteAgain(t Told) string {
	who := t.Contact
	if who == "" {
		who = "The contact"
	}
	if t.Count > 1 {
		return who + " wrote again: " + strconv.Itoa(t.Count) + " messages"
	}
	return who + " wrote again"
}

func asksYou(t Told) string {
	whom := "you"
	if t.In != "" {
		whom = t.In
	}
	if t.What == journal.RequestPassed {
		return t.by("Somebody") + " passed something asked on to " + whom + t.inIt()
	}
	return t.by("Switchboard") + " asks " + whom + " something" + t.inIt()
}

func dueSoon(t Told) string     { return "What you are asked is due soon" + t.inIt() }
func askedIsLate(t Told) string { return "What was asked is late in " + t.with() }
func asksYouInstead(t Told) string {
	if t.Unseen {
		return "A colleague is late: you are asked in their place"
	}
	return "A colleague is late: you are asked in " + t.with()
}
func answersYou(t Told) string { return t.by("Somebody") + " answered what you asked in " + t.with() }
func askedInVain(t Told) string {
	return "The e-mail that asks for you could not be delivered in " + t.with()
}
func mentionsYou(t Told) string  { return t.by("Somebody") + " mentions you in a note in " + t.with() }
func takenFromYou(t Told) string { return upper(t.with()) + " went from you to somebody else" }

func notesHere(t Told) string {
	if t.Count > 1 {
		return strconv.Itoa(t.Count) + " notes in " + t.with()
	}
	return t.by("Somebody") + " wrote a note in " + t.with()
}

func clockWarned(t Told) string   { return "Time is running out for " + t.several() }
func clockBreached(t Told) string { return "The time for an answer is up in " + t.several() }

// several is a conversation, or how many of a queue.
func (t Told) several() string {
	if t.Count > 1 && t.Conversation.IsZero() {
		return strconv.Itoa(t.Count) + " conversations of " + t.In
	}
	return t.with()
}

func waitsInQueue(t Told) string {
	queue := "the queue"
	if t.In != "" {
		queue = "the queue of " + t.In
	}
	if t.Count > 1 {
		return strconv.Itoa(t.Count) + " more came into " + queue
	}
	return upper(t.with()) + " came into " + queue
}

func notSent(t Told) string {
	if t.What == journal.DeliveryUnknown {
		return "Nobody knows whether your answer arrived in " + t.with() + ": look, and say so"
	}
	return "Your answer could not be sent in " + t.with()
}

func waitsForApproval(t Told) string {
	return "An answer of " + t.by("somebody") + " waits for an approval in " + t.with()
}

func decidedOn(t Told) string {
	if t.What == journal.DeliveryCancelled {
		return t.by("Somebody") + " took your answer back in " + t.with()
	}
	return t.by("Somebody") + " let your answer out in " + t.with()
}

func accountTrouble(t Told) string {
	account := "An account"
	if t.In != "" {
		account = "The account " + t.In
	}
	switch t.What {
	case journal.AccountLost:
		return account + " could not be read in time: some of what people wrote is missing"
	case journal.AccountExpires:
		return account + " must be connected again soon: its access runs out"
	}
	return account + " is in trouble"
}

func stopped(t Told) string {
	if t.What == journal.EverythingResumed {
		return t.by("Somebody") + " lets everything go on"
	}
	return t.by("Somebody") + " stopped everything: nothing leaves the house"
}

func storm(Told) string { return "Many people write about one thing at once" }

func chatPaused(Told) string { return "A chat room could not be told for a while and is paused" }

// upper is s with a capital letter.
func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
