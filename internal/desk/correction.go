package desk

import (
	"context"
	"encoding/json"
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

// undoIntent gives a conversation back what its contact was thought to want before somebody corrected it just now. Nothing is learned of
// that correction, and it is not counted as one. What else happened in it meanwhile stays.
func (d *Desk) undoIntent(ctx context.Context, who staff.Actor, id ConversationID) (Conversation, error) {
	return d.change(ctx, who, staff.Answer, id, func(ctx context.Context, tx *store.Tx, c Conversation, _ Terms) (Conversation, journal.Entry, error) {
		last, before, err := lastIntents(ctx, tx, id)
		if err != nil {
			return c, journal.Entry{}, err
		}
		if who.Person.IsZero() || last.by != who.Who() || d.Now().Sub(last.at) > undoLife {
			return c, journal.Entry{}, tooLongAgo()
		}
		if last.Reason == undone || !slices.Equal(c.Intents, []string{last.Intent}) || c.LastInAt.After(last.at) {
			return c, journal.Entry{}, touchedSince()
		}
		was := c.Intents
		c.Intents = last.From
		e := journal.Entry{What: journal.IntentCorrected, Data: journal.Data("from", was, "intent", before.Intent, "intents", c.Intents, "reason", undone)}
		return c, e, dropCorrection(ctx, tx, id, last.Intent)
	})
}

// intentSaid is what the journal keeps of a corrected intent: what stood there before, and what a person says that the contact wants,
// "" when that was taken back and nobody had said anything before.
type intentSaid struct {
	From   []string `json:"from"`
	Intent string   `json:"intent"`
	Reason string   `json:"reason"`

	by string
	at time.Time
}

// lastIntents are the last correction of a conversation's intent and the one before it; zero where there is none.
func lastIntents(ctx context.Context, q store.Queryer, id ConversationID) (last, before intentSaid, err error) {
	list, err := journal.Of(ctx, q, int64(id), 50)
	for _, e := range list {
		if e.What != journal.IntentCorrected {
			continue
		}
		said := intentSaid{by: e.Who, at: e.At}
		if err := json.Unmarshal(e.Data, &said); err != nil {
			return last, before, err
		}
		last, before = said, last
	}
	return last, before, err
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
