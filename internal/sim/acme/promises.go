package acme

import (
	"context"
	"hash/fnv"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/promise"
	"switchboard/internal/staff"
)

// later are sentences by which colleagues promise to come back.
var later = map[string][]string{
	"en": {"I'll call you tomorrow afternoon.", "We'll get back to you by Friday.", "We'll send you a replacement within three working days."},
	"de": {"Wir melden uns bis Freitag bei Ihnen.", "Ich rufe Sie morgen zurück."},
	"fr": {"Nous revenons vers vous d'ici vendredi.", "Je vous rappelle demain."},
	"es": {"Le llamaremos mañana.", "Le responderemos antes del viernes."},
	"it": {"La richiamiamo domani.", "Le risponderemo entro due giorni lavorativi."},
	"pt": {"Vamos responder até sexta-feira.", "Ligamos-lhe amanhã."},
	"nl": {"We bellen u morgen terug.", "We sturen het u binnen drie werkdagen toe."},
	"pl": {"Odpowiemy do piątku.", "Oddzwonimy jutro."},
}

// promising is an answer with a promise now and then, and what it makes and keeps.
func (d *Demo) promising(ctx context.Context, id desk.ConversationID, text string) (string, []desk.Making, []desk.PromiseID, error) {
	c, list, err := d.app.Desk.PromisesOf(ctx, staff.Machine(), id)
	if err != nil {
		return text, nil, nil, err
	}
	var keeps []desk.PromiseID
	for _, p := range list {
		if p.State == desk.PromiseOpen && p.Keeping == 0 && luck(text, p.Text) < 60 {
			keeps = append(keeps, p.ID)
		}
	}
	if say := later[c.Language]; len(say) > 0 && len(c.Promised) == 0 && c.Private && luck(text, c.Subject) < 25 {
		text += " " + say[luck(text, c.Excerpt)%len(say)]
	}
	r, err := d.app.Staff.Roster(ctx)
	if err != nil {
		return text, nil, nil, err
	}
	days := r.Calendar(c.Department)
	var makes []desk.Making
	for _, f := range promise.Find(text, promise.Setting{At: d.Clock.Now().In(days.Location()), Days: days, Language: c.Language, MonthFirst: r.Organisation().MonthFirst()}) {
		makes = append(makes, desk.Making{Text: f.Text, Kind: string(f.Kind), Words: f.Words, Due: f.Due, Exact: f.Exact, Dated: !f.Due.IsZero()})
	}
	return text, makes, keeps, nil
}

// promised plans what becomes of what was promised in a conversation: most is kept, by telephone or by a letter, some late, some not.
func (p *past) promised(ctx context.Context, id desk.ConversationID) error {
	_, list, err := p.app.Desk.PromisesOf(ctx, staff.Machine(), id)
	if err != nil {
		return err
	}
	for _, one := range list {
		fate := luck(one.Text, one.At.String())
		if one.State != desk.PromiseOpen || fate < 6 {
			continue
		}
		span := one.Due.Sub(one.At)
		at := one.At.Add(span * time.Duration(30+fate%60) / 100)
		if fate > 88 {
			at = one.Due.Add(time.Duration(1+fate%9) * time.Hour)
		}
		broken := fate > 95
		p.at(at, func(ctx context.Context) error { return p.ends(ctx, one.ID, broken) })
	}
	return nil
}

// ends keeps a promise, or says that it was not kept. Somebody may have ended it before.
func (p *past) ends(ctx context.Context, id desk.PromiseID, broken bool) error {
	var err error
	if broken {
		_, err = p.app.Desk.BreakPromise(ctx, staff.Machine(), id, "It was forgotten over the stocktaking.")
	} else {
		_, err = p.app.Desk.KeepPromise(ctx, staff.Machine(), id, desk.Proof{Words: "Done as said; they confirmed it on the telephone."})
	}
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

// luck is a number below a hundred, always the same for the same words: what else happens in the town does not change by it.
func luck(words ...string) int {
	h := fnv.New32a()
	for _, w := range words {
		_, _ = h.Write([]byte(w))
	}
	return int(h.Sum32() % 100)
}
