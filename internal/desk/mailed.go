package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/letters"
	"switchboard/internal/mail"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Mailed is a mail that came to a mailbox of ours.
type Mailed struct {
	Account   account.ID
	RemoteID  string
	From      string   // the sender's address, as it says
	Vouched   string   // what the mailbox's server says of that: "pass", "fail"; "" where it says nothing of anybody
	Refs      []string // the Message-IDs it refers to, the nearest last
	Text      string   // without what it quotes
	Automatic bool     // a machine wrote it
	Files     []string // names of what came with it
	At        time.Time
}

// AnswerByMail takes a mail that answers one of our questions for the answer. taken says that it is dealt with: it raises no
// new work. Otherwise it is a message like any other, and why says, if it refers to a question of ours, why it does not count:
// a person is to look at it. A mail is taken once, however often it is told of.
//
// It counts when it names a Message-ID that only we and who got our mail know, comes from the address our mail went to, and the
// mailbox's own server, where it says anything, vouches for that address.
func (d *Desk) AnswerByMail(ctx context.Context, m Mailed) (taken bool, why string, err error) {
	ref := ""
	for _, r := range m.Refs {
		if mail.Ours(r) {
			ref = r // the nearest
		}
	}
	if ref == "" || d.Mail == nil {
		return false, "", nil
	}
	if taken, err = mailTaken(ctx, d.Store.Read(), m.Account, m.RemoteID); taken || err != nil {
		return taken, "", err
	}
	l, err := d.Mail.Find(ctx, d.Store.Read(), ref)
	if fault.Is(err, fault.NotFound) {
		return false, "it refers to a mail of ours that never was", nil
	}
	if err != nil {
		return false, "", err
	}
	r, of, ok := letterOf(l.Key)
	if !ok {
		return false, "it answers a mail of ours that wants no answer", nil
	}
	req, err := request(ctx, d.Store.Read(), r)
	if fault.Is(err, fault.NotFound) {
		return false, "it answers a question that is forgotten", nil
	}
	if err != nil {
		return false, "", err
	}
	who, active := d.House.Actor(of)
	if why = d.doubt(m, l, req, who, active); why != "" {
		return false, why, nil
	}
	return d.takeAnswer(ctx, m, req, who)
}

// doubt is why a mail does not count as the answer, "" when it does.
func (d *Desk) doubt(m Mailed, l mail.Log, r Request, who staff.Actor, active bool) string {
	switch {
	case !strings.EqualFold(strings.TrimSpace(m.From), l.To):
		return fmt.Sprintf("it answers a question that went to %s, but comes from %s: it does not count as the answer", l.To, letters.First(m.From, 200))
	case m.Vouched == "fail":
		return fmt.Sprintf("it says that it is %s’s answer to a question of ours, but the mail server does not vouch for the sender: it does not count as the answer", l.To)
	case !active:
		return fmt.Sprintf("it answers a question to %s, who does not work here any more", l.To)
	case who.Role == staff.Agency: // see Sees
		return fmt.Sprintf("it answers a question to %s, who sees no conversations any more", l.To)
	case r.State == RequestOpen && (!r.Of(who) || !who.Can(staff.Answer)):
		return fmt.Sprintf("it answers a question that is not asked of %s any more", who.Name)
	case r.State == RequestOpen && !d.Now().Before(expires(r)):
		return fmt.Sprintf("it is %s’s answer to a question, but the time for it is long over", who.Name)
	case strings.TrimSpace(m.Text) == "" && len(m.Files) == 0:
		return fmt.Sprintf("it is %s’s answer to a question, but there is nothing in it", who.Name)
	}
	return ""
}

// takeAnswer makes the mail the answer; what comes after the answer, and what a machine wrote, becomes a note.
func (d *Desk) takeAnswer(ctx context.Context, m Mailed, r Request, who staff.Actor) (bool, string, error) {
	text := letters.First(strings.TrimSpace(m.Text), 19000)
	if len(m.Files) > 0 {
		text = strings.TrimSpace(text + "\n\n(With the mail came: " + letters.First(strings.Join(m.Files, ", "), 800) + ". It is in the mailbox.)")
	}
	if r.State == RequestOpen && !m.Automatic {
		_, err := d.end(ctx, who, r.ID, func(ctx context.Context, tx *store.Tx, c Conversation, r Request) (Request, journal.What, error) {
			r.State, r.Answer, r.Way = RequestAnswered, text, "mail"
			return r, journal.RequestAnswered, takeMail(ctx, tx, m.Account, m.RemoteID, r.ID, d.Now())
		})
		if !fault.Is(err, fault.Conflict) { // somebody was quicker: then it is what came after
			return err == nil, "", err
		}
	}
	head := "By e-mail, after the question was over:\n\n"
	if m.Automatic {
		head = "Their mailbox answered the question by itself:\n\n"
	}
	err := d.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := takeMail(ctx, tx, m.Account, m.RemoteID, r.ID, d.Now()); err != nil {
			return err
		}
		if at, err := ErasedAt(ctx, tx, r.Conversation); err != nil || !at.IsZero() { // of whom it was about nothing is kept
			return err
		}
		n := Note{ID: NoteID(d.Store.IDs.Next()), Conversation: r.Conversation, Person: who.Person, Text: head + text, At: d.Now()}
		if err := addNote(ctx, tx, n); err != nil {
			return err
		}
		if err := lineUp(ctx, tx, [][]any{{n.ID}}); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.NoteWritten, Conversation: int64(r.Conversation), About: journal.About("note", n.ID)})
	})
	if store.Repeated(err) { // another node was quicker
		err = nil
	}
	return err == nil, "", err
}

// letterOf is which request a letter asked, and whom, by its key.
func letterOf(key string) (r RequestID, p staff.PersonID, ok bool) {
	part := strings.Split(key, ":")
	if len(part) < 4 || part[0] != letterKind {
		return 0, 0, false
	}
	a, err := id.Parse[Request](part[1])
	b, err2 := id.Parse[staff.Person](part[2])
	return a, b, err == nil && err2 == nil
}
