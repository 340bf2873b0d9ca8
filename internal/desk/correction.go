package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// What triage took from a contact's words, put right by a person. The next thing the contact says is judged anew: it can want
// something else.

// CorrectIntent says what the contact really wanted.
func (d *Desk) CorrectIntent(ctx context.Context, who staff.Actor, id ConversationID, intent string) (Conversation, error) {
	if !slices.Contains(Intents(), intent) {
		return Conversation{}, fault.In("intent", "an intent is one of "+strings.Join(Intents(), ", "))
	}
	return d.change(ctx, who, staff.Answer, id, func(ctx context.Context, tx *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		was := c.Intents
		c.Intents = []string{intent}
		return c, journal.Entry{What: journal.IntentCorrected, Data: journal.Data("from", was, "intent", intent)}, d.learn(ctx, tx, c, Lesson{Intent: intent})
	})
}

// CorrectUrgency says how soon the contact really wants an answer. How soon the department answers stays: its clocks know no urgency.
func (d *Desk) CorrectUrgency(ctx context.Context, who staff.Actor, id ConversationID, urgency string) (Conversation, error) {
	if UrgencyOf(urgency).String() != urgency {
		return Conversation{}, fault.In("urgency", "an urgency is now, today or normal")
	}
	return d.change(ctx, who, staff.Answer, id, func(_ context.Context, _ *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		was := c.Urgency
		if c.Urgency = UrgencyOf(urgency); c.Urgency == was {
			return c, journal.Entry{}, nil
		}
		return c, journal.Entry{What: journal.UrgencyCorrected, Data: journal.Data("from", was, "urgency", c.Urgency)}, nil
	})
}

// CorrectLanguage says what the contact really writes in: the next thing they say is read with that in mind, unless they have said
// something since in another conversation.
func (d *Desk) CorrectLanguage(ctx context.Context, who staff.Actor, id ConversationID, code string) (Conversation, error) {
	base, err := language.ParseBase(code)
	if err != nil {
		return Conversation{}, fault.In("language", "this is no language: say its code, like en, de or fr")
	}
	code = base.String()
	return d.change(ctx, who, staff.Answer, id, func(ctx context.Context, tx *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		was := c.Language
		if was == code {
			return c, journal.Entry{}, nil
		}
		c.Language = code
		e := journal.Entry{What: journal.LanguageCorrected, Data: journal.Data("from", was, "language", code)}
		if code == "und" { // nothing was learned of the contact
			return c, e, nil
		}
		return c, e, writesIn(ctx, tx, c, code)
	})
}

// CorrectNeeds says whether the contact's words need an answer: must, courtesy or none. What needs none is set aside, as triage would
// have done, and its clocks stop; what needs one after all comes back, and has waited since it was said.
func (d *Desk) CorrectNeeds(ctx context.Context, who staff.Actor, id ConversationID, needs string) (Conversation, error) {
	if !slices.Contains([]string{"must", "courtesy", "none"}, needs) {
		return Conversation{}, fault.In("needs", "what somebody said needs an answer (must), a kind word (courtesy) or none")
	}
	return d.change(ctx, who, staff.Answer, id, func(ctx context.Context, tx *store.Tx, was Conversation, t Terms) (Conversation, journal.Entry, error) {
		c := was.needing(needs, t, d.Now())
		stays := c.View() == was.View()
		if stays && c.Needs == was.Needs {
			return was, journal.Entry{}, nil
		}
		if needs == "none" && !stays && len(was.Promised) > 0 {
			return was, journal.Entry{}, fault.New(fault.Conflict, "something is promised here: keep or withdraw it first")
		}
		said := journal.Entry{What: journal.NeedsCorrected, Data: journal.Data("from", was.Needs, "needs", needs)}
		if stays {
			return c, said, nil
		}
		said.Who, said.Conversation = who.Who(), int64(id)
		if err := journal.Write(ctx, tx, said); err != nil {
			return was, journal.Entry{}, err
		}
		if needs == "none" {
			return c, journal.Entry{What: journal.SetAside, Data: journal.Data("reason", noAnswer)}, nil
		}
		c, err := d.housed(ctx, tx, c)
		return c, journal.Entry{What: was.Opening(), Data: journal.Data("reason", "it needs an answer")}, err
	})
}

// noAnswer says why a conversation is set aside.
const noAnswer = "no answer needed"

// needing is c whose contact's words need an answer, or none. What a person closed stays closed, and what sleeps sleeps on.
func (c Conversation) needing(needs string, t Terms, now time.Time) Conversation {
	c.Needs = needs
	unanswered := c.LastInAt.After(c.AnsweredAt)
	switch aside := c.View() == "aside"; {
	case needs == "none" && c.State != Closed:
		return c.setAside(now)
	case needs == "none" || !aside && !(c.State == Waiting && unanswered):
		return c
	case !unanswered: // they were answered since: nobody has waited
		c, _ = c.reopen(t, now)
		return c
	}
	fresh := c.ClosedAt.Equal(c.OpenedAt) // the machine set it aside at once, so nobody has had it yet
	if c, _ = c.arrived(c.LastInAt, needs, t, now); fresh {
		return c.Owned(c.Department, c.Person, t, now)
	}
	return c
}
