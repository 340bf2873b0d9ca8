package desk

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"switchboard/internal/contact"
	"switchboard/internal/fault"
	"switchboard/internal/letters"
	"switchboard/internal/mail"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Mail is the house's own post, as far as requests need it. *mail.House is one.
type Mail interface {
	// Post puts a letter into the queue in tx; a zero id says that the house's mail is not set.
	Post(ctx context.Context, tx *store.Tx, l mail.Letter) (mail.LetterID, error)
	// Recall gives up the letters whose keys begin with a prefix and that are not sent yet, and forgets their words.
	Recall(ctx context.Context, tx *store.Tx, prefix string) error
	// Find returns what is kept of the letter with a Message-ID; a NotFound fault when there is none.
	Find(ctx context.Context, q store.Queryer, messageID string) (mail.Log, error)
	// Hears reports whether answers to letters are read.
	Hears(ctx context.Context, q store.Queryer) (bool, error)
}

// letterKind is the kind of letter requests go out as.
const letterKind = "request"

// asks is why who is asked is written to.
type asks string

const (
	asksFirst   asks = "asked"
	asksAgain   asks = "again"   // they are reminded
	asksBesides asks = "besides" // it is late, and they are asked in others' place
)

const (
	mostWritten = 20                 // to so many of a department at most
	linkGrace   = 7 * 24 * time.Hour // how long after it was due a link opens a request
	mostQuoted  = 5                  // messages of a conversation in a letter
	longestSaid = 1500               // characters of each
)

// writeTo writes to those a request is asked of, if it goes by e-mail at all. Each gets a link of their own.
func (d *Desk) writeTo(ctx context.Context, tx *store.Tx, r Request, why asks) error {
	if d.Mail == nil || !r.Mail {
		return nil
	}
	roster := d.House.Roster()
	people := addressees(roster, r, why)
	if len(people) == 0 {
		return nil
	}
	p, err := d.page(ctx, tx, roster, r, why)
	if err != nil {
		return err
	}
	if err := d.forgetLinks(ctx, tx); err != nil {
		return err
	}
	for _, to := range people {
		token := strings.ToLower(rand.Text())
		p.Link = roster.Organisation().PublicURL + "/answer#" + token
		id, err := d.Mail.Post(ctx, tx, mail.Letter{To: to.Email, Name: to.Name, Kind: letterKind, Key: letterKey(r.ID, to.ID, why, d.Now()),
			Subject: p.Title + ": " + letters.First(strings.Join(strings.Fields(r.Text), " "), 80), Text: p.Text(), HTML: p.HTML()})
		if err != nil {
			return err
		}
		if id.IsZero() {
			return nil
		}
		l := link{Request: r.ID, Person: to.ID, Letter: id, At: d.Now(), Expires: expires(r)}
		if err := addLink(ctx, tx, l, token); err != nil {
			return err
		}
	}
	return nil
}

// expires is when a request's links end, if nothing ends them before.
func expires(r Request) time.Time { return later(r.Due, r.At).Add(linkGrace) }

// addressees are those who are written to.
func addressees(roster *staff.Roster, r Request, why asks) (out []staff.Person) {
	person, department := r.Person, r.Department
	if why == asksBesides {
		person, department = r.StandIn, r.StandInOf
	}
	if !person.IsZero() {
		if p, ok := roster.Person(person); ok && mayBeAsked(p) {
			out = append(out, p)
		}
		return out
	}
	for _, p := range roster.Members(department) {
		if p.ID != r.From && mayBeAsked(p) && len(out) < mostWritten {
			out = append(out, p)
		}
	}
	return out
}

// mayBeAsked reports whether somebody answers what they are asked.
func mayBeAsked(p staff.Person) bool { return staff.Can(p, staff.Answer) && p.Role != staff.Agency }

// letterKey names a letter, and by it the request and the person it was to.
func letterKey(r RequestID, p staff.PersonID, why asks, at time.Time) string {
	return fmt.Sprintf("%s:%s:%s:%s:%d", letterKind, r, p, why, at.UnixMicro())
}

// page is what the letter of a request says, but for the link.
func (d *Desk) page(ctx context.Context, tx *store.Tx, roster *staff.Roster, r Request, why asks) (mail.Page, error) {
	from, house := d.asker(roster, r), roster.Organisation()
	p := mail.Page{Title: "A question from " + from, Lead: r.Text, Button: "Answer"}
	due := "An answer is wanted by " + d.clock(r.Due) + "."
	switch why {
	case asksAgain:
		p.Title = "Reminder: a question from " + from
	case asksBesides:
		p.Title = "Late: a question from " + from
		due = fmt.Sprintf("It was asked of %s, was due at %s, and nobody answered. Now you are asked too.", d.toWhom(roster, r), d.clock(r.Due))
	}
	shown, err := d.shown(ctx, tx, r)
	if err != nil {
		return p, err
	}
	if n := len(shown); n > mostQuoted {
		shown = shown[n-mostQuoted:]
	}
	for _, m := range shown {
		p.Quotes = append(p.Quotes, mail.Quote{By: m.By + ", " + d.clock(m.At), Text: letters.First(m.Text, longestSaid)})
	}
	p.Lines = append(p.Lines, due)
	hears, err := d.Mail.Hears(ctx, tx)
	if err != nil {
		return p, err
	}
	if hears {
		p.Lines = append(p.Lines, "Open the link and type, or simply answer this mail. If somebody else should answer, the link lets you say who.")
	} else {
		p.Lines = append(p.Lines, "Open the link and type; you need no account. If somebody else should answer, it lets you say who. Answers to this mail are not read.")
	}
	p.Foot = fmt.Sprintf("You get this as you work for %s and were asked in its Switchboard. The link is for you alone and for this question only; it ends with the answer, on %s at the latest.",
		house.Name, d.clock(expires(r)))
	return p, nil
}

// asker is who asks, by name.
func (d *Desk) asker(roster *staff.Roster, r Request) string {
	if p, ok := roster.Person(r.From); ok {
		return p.Name
	}
	return "Switchboard"
}

// toWhom is of whom something is asked, by name.
func (d *Desk) toWhom(roster *staff.Roster, r Request) string {
	if p, ok := roster.Person(r.Person); ok {
		return p.Name
	}
	if of, ok := roster.Department(r.Department); ok {
		return of.Name
	}
	return "a department that is no more"
}

// clock is a moment in the organisation's zone, as people say it.
func (d *Desk) clock(t time.Time) string {
	zone, err := time.LoadLocation(d.House.Roster().Organisation().Zone)
	if err != nil {
		zone = time.UTC
	}
	return t.In(zone).Format("Monday 2 January, 15:04")
}

// Shown is a message as somebody sees it who is asked something.
type Shown struct {
	By    string // who said it
	Own   bool   // one of us
	At    time.Time
	Text  string
	Files int // so many pictures and files came with it, which only the conversation shows
}

// shown is what who is asked may see beside the question, the first first.
func (d *Desk) shown(ctx context.Context, q store.Queryer, r Request) (out []Shown, err error) {
	var list []Message
	switch r.Shows {
	case ShowsQuestion:
		return nil, nil
	case ShowsMessage:
		found, err := Messages(ctx, q, []MessageID{r.Message})
		if err != nil {
			return nil, err
		}
		if m, ok := found[r.Message]; ok && m.Conversation == r.Conversation {
			list = append(list, m)
		}
	default:
		if list, err = MessagesOf(ctx, q, r.Conversation, mostShown); err != nil {
			return nil, err
		}
		slices.SortStableFunc(list, func(a, b Message) int { return a.At.Compare(b.At) })
	}
	c, err := conversation(ctx, q, r.Conversation)
	if err != nil {
		return nil, err
	}
	people, err := contact.Contacts(ctx, q, []contact.ID{c.Contact})
	if err != nil {
		return nil, err
	}
	name := "The contact"
	for _, p := range people {
		if p.ID == c.Contact && p.Name != "" {
			name = p.Name
		}
	}
	ids := make([]MessageID, len(list))
	for k, m := range list {
		ids[k] = m.ID
	}
	media, err := MediaOf(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	house := d.House.Roster().Organisation().Name
	for _, m := range list {
		if !m.DeletedAt.IsZero() {
			continue
		}
		s := Shown{By: name, At: m.At, Text: m.Text, Files: len(media[m.ID])}
		if m.Direction == Out {
			s.By, s.Own = house, true
		}
		out = append(out, s)
	}
	return out, nil
}

// mostShown is how many messages of a conversation are shown to who is asked by a link.
const mostShown = 50

// shownMessage is the message of c to be shown: the one that is named, or the last thing its contact said.
func shownMessage(ctx context.Context, q store.Queryer, c Conversation, wanted MessageID) (MessageID, error) {
	if wanted.IsZero() {
		m, err := LastInbound(ctx, q, c.ID)
		return m.ID, err
	}
	found, err := Messages(ctx, q, []MessageID{wanted})
	if err != nil {
		return 0, err
	}
	if m, ok := found[wanted]; !ok || m.Conversation != c.ID {
		return 0, fault.In("message", "this message is not of this conversation: choose another")
	}
	return wanted, nil
}
