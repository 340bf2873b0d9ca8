package notify

import (
	"strings"

	"switchboard/internal/desk"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// kinds is the table. A new kind is one line: what the journal calls it, whom it concerns, how it is said. About is: key, title,
// urgent, and whether it is told by list, push, mail and in chat rooms unless somebody chose otherwise.
var kinds = []kind{
	{About: About{"put_through", "A conversation is put through to me", true, true, true, false, false}, open: true, whom: toPerson, say: putThroughToYou,
		what: []journal.What{journal.PutThrough, journal.HandedOver, journal.MovedOn}},
	{About: About{"wrote", "The contact writes again in a conversation of mine", true, true, true, false, false}, open: true, whom: ownerOfMore, say: wroteAgain,
		what: []journal.What{journal.MessageArrived, journal.MessageEdited}},
	{About: About{"asked", "A colleague asks me or my department something", true, true, true, false, false}, asked: true, whom: toPersonOrQueue, say: asksYou,
		what: []journal.What{journal.Asked, journal.RequestPassed}},
	{About: About{"answered", "What I asked is answered", true, true, true, false, false}, whom: asker, say: answersYou,
		what: []journal.What{journal.RequestAnswered}},
	{About: About{"undelivered", "The e-mail that asks something for me could not be delivered", true, true, true, false, false}, whom: asker, say: askedInVain, fold: byThing,
		what: []journal.What{journal.RequestUndelivered}},
	{About: About{"due", "What I am asked is due soon", true, true, true, false, false}, asked: true, whom: toPersonOrQueue, say: dueSoon, fold: byThing,
		what: []journal.What{journal.RequestReminded}},
	{About: About{"late", "What was asked in a conversation of mine is late", true, true, true, false, false}, whom: owner, say: askedIsLate, fold: byThing,
		what: []journal.What{journal.RequestLate}},
	{About: About{"stand_in", "I am asked in place of a colleague who is late", true, true, true, false, false}, asked: true, whom: standIn, say: asksYouInstead, fold: byThing,
		what: []journal.What{journal.RequestEscalated}},
	{About: About{"mention", "I am mentioned in a note", true, true, true, true, false}, whom: mentioned, say: mentionsYou, fold: byThing,
		what: []journal.What{journal.NoteWritten}},
	{About: About{"note", "A note is written in a conversation of mine", false, true, false, false, false}, whom: noteReader, say: notesHere,
		what: []journal.What{journal.NoteWritten}},
	{About: About{"clock_warned", "The time for an answer is three quarters gone", true, true, true, false, true}, open: true, whom: toPersonOrQueue, say: clockWarned, fold: byWhose,
		what: []journal.What{journal.ClockWarned}},
	{About: About{"clock_breached", "The time for an answer is up", true, true, true, true, true}, open: true, whom: toPersonOrQueue, say: clockBreached, fold: byWhose,
		what: []journal.What{journal.ClockBreached}},
	{About: About{"promise_due", "A promise of mine is due soon", true, true, true, true, false}, whom: promiseHearers, say: promiseDue, fold: byThing,
		what: []journal.What{journal.PromiseDue}},
	{About: About{"promise_late", "A promise I must keep or answer for is late", true, true, true, true, true}, whom: promiseHearers, say: promiseLate, fold: byThing,
		what: []journal.What{journal.PromiseLate, journal.PromiseEscalated}},
	{About: About{"taken_back", "A conversation of mine goes to somebody else", false, true, false, false, false}, whom: whoHadIt, say: takenFromYou,
		what: []journal.What{journal.TakenBack, journal.MovedOn, journal.HandedOver, journal.PutThrough}},
	{About: About{"queue", "Something new waits in my department's queue", false, true, false, false, true}, open: true, whom: queue, say: waitsInQueue, fold: byDepartment,
		what: []journal.What{journal.PutThrough, journal.HandedOver, journal.MovedOn, journal.Released, journal.TakenBack, journal.Reopened, journal.Woke, journal.BroughtBack}},
	{About: About{"delivery", "An answer of mine could not be sent, or nobody knows whether it arrived", true, true, true, true, false}, whom: author, say: notSent, fold: byThing,
		what: []journal.What{journal.DeliveryFailed, journal.DeliveryUnknown}},
	{About: About{"approval", "An answer waits for my approval", true, true, true, false, false}, whom: approvers, say: waitsForApproval, fold: byThing, offered: can(staff.Approve),
		what: []journal.What{journal.DeliveryHeld}},
	{About: About{"decided", "An answer of mine is let out or taken back by somebody else", false, true, false, false, false}, whom: author, say: decidedOn, fold: byThing,
		what: []journal.What{journal.DeliveryApproved, journal.DeliveryCancelled}},
	{About: About{"account", "An account is in trouble", true, true, true, true, true}, whom: everybodyWho(staff.AccountsManage), say: accountTrouble, offered: can(staff.AccountsManage),
		what: []journal.What{journal.AccountTrouble, journal.AccountLost, journal.AccountExpires}},
	{About: About{"stopped", "Everything is stopped, or goes on", true, true, true, false, true}, whom: everybodyWho(staff.Answer), say: stopped, fold: byWhatItIs,
		what: []journal.What{journal.EverythingStopped, journal.EverythingResumed}},
	{About: About{"storm", "Many people write about one thing at once", true, true, true, true, true}, whom: everybodyWho(staff.SeeAll), say: storm, fold: byThing, offered: can(staff.SeeAll),
		what: []journal.What{journal.IncidentBegan}},
	{About: About{"chat", "A chat room can't be told any more", false, true, false, false, false}, whom: everybodyWho(staff.DepartmentsManage), say: chatPaused, offered: can(staff.DepartmentsManage),
		what: []journal.What{journal.ChatPaused}},
}

func can(do staff.Action) func(staff.Actor) bool {
	return func(who staff.Actor) bool { return who.Can(do) }
}

// toPerson is whom it was given to; nobody when it went to a queue.
func toPerson(_ *facts, e entry) []staff.PersonID { return some(e.data.Person) }

// queue is the department in whose queue it lies.
func queue(f *facts, e entry) []staff.PersonID {
	if c := f.conversations[e.Conversation]; !c.Person.IsZero() || c.Department.IsZero() {
		return nil
	}
	return f.members(f.conversations[e.Conversation].Department)
}

func toPersonOrQueue(f *facts, e entry) []staff.PersonID {
	if !e.data.Person.IsZero() {
		return some(e.data.Person)
	}
	return f.members(e.data.Department)
}

// ownerOfMore is who has the conversation the contact goes on in. What opens one is told as put through.
func ownerOfMore(f *facts, e entry) []staff.PersonID {
	if e.What == journal.MessageEdited && !e.data.Again || e.data.Opened || e.data.Own || e.data.Bounce || !strings.HasPrefix(e.Who, "contact:") {
		return nil
	}
	return some(f.conversations[e.Conversation].Person)
}

// owner is who waits for a late request: the owner of its conversation.
func owner(f *facts, e entry) []staff.PersonID {
	if !e.data.OwnerPerson.IsZero() {
		return some(e.data.OwnerPerson)
	}
	return f.members(e.data.OwnerDepartment)
}

func standIn(f *facts, e entry) []staff.PersonID {
	if !e.data.ToPerson.IsZero() {
		return some(e.data.ToPerson)
	}
	return f.members(e.data.ToDepartment)
}

func asker(_ *facts, e entry) []staff.PersonID { return some(person(e.data.From)) }

func author(_ *facts, e entry) []staff.PersonID { return some(e.data.Author) }

// whoHadIt is who lost it: by the time that is up, or by a colleague's deed.
func whoHadIt(_ *facts, e entry) []staff.PersonID {
	if e.What == journal.TakenBack {
		return some(e.data.Person)
	}
	if e.data.FromPerson == e.data.Person {
		return nil
	}
	return some(e.data.FromPerson)
}

// approvers are asked when a person wrote what has to be let out; what the machine holds back is told as an account's trouble.
func approvers(f *facts, e entry) []staff.PersonID {
	if e.Who == journal.Machine {
		return nil
	}
	return everybodyWho(staff.Approve)(f, e)
}

func mentioned(f *facts, e entry) []staff.PersonID { return f.mentions[e.About] }

// noteReader is the owner, who is told once when the note mentions them.
func noteReader(f *facts, e entry) []staff.PersonID {
	owner := f.conversations[e.Conversation].Person
	for _, p := range f.mentions[e.About] {
		if p == owner {
			return nil
		}
	}
	return some(owner)
}

func everybodyWho(do staff.Action) func(*facts, entry) []staff.PersonID {
	return func(f *facts, _ entry) (out []staff.PersonID) {
		for _, p := range f.roster.People() {
			if staff.Can(p, do) && p.Role != staff.Agency {
				out = append(out, p.ID)
			}
		}
		return out
	}
}

func byThing(e entry) string      { return e.About }
func byDepartment(e entry) string { return wide + e.department().String() }
func byWhatItIs(entry) string     { return "" }

// byWhose is one for each conversation that somebody has, and one for all that lie in a queue.
func byWhose(e entry) string {
	if e.data.Person.IsZero() {
		return byDepartment(e)
	}
	return desk.ConversationID(e.Conversation).String()
}

func some(p staff.PersonID) []staff.PersonID {
	if p.IsZero() {
		return nil
	}
	return []staff.PersonID{p}
}
