package acme

import (
	"context"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/sim/far"
)

// poison brings an item that nobody can take in: a review without a reviewer. It is tried again, and then left to a person.
func (p *past) poison(ctx context.Context) error {
	a, err := account.One(ctx, p.app.Store.Read(), p.accounts["reviews"])
	if err != nil {
		return err
	}
	now := p.Clock.Now()
	return p.app.Intake.Take(ctx, a, []channel.Event{{Kind: channel.Said, RemoteID: "review/without-a-reviewer", At: now,
		Message: channel.Message{RemoteID: "review/without-a-reviewer", Kind: channel.Review, Text: "Good machine, bad manual.", Rating: 3, At: now}}}, nil)
}

// lost answers a review in such a way that nobody can tell whether it arrived: the connection breaks after it was taken.
func (p *past) lost(ctx context.Context) error {
	o := opening{who: byKey["ivy_barnes"], matter: matterOf("complaint"), at: toReviews, lang: "en", stars: 2, subject: "Kettle Uno",
		text: "The lid of my Kettle Uno broke after a month. Do I have to send the whole kettle back for that?"}
	p.town.open(o)
	c, err := p.hear(ctx, toReviews)
	if err != nil {
		return err
	}
	p.town.reviews.Faults.Set(far.Fault{On: far.Send, Do: far.LostAnswer, Times: 1})
	err = p.reply(ctx, p.who(ctx, c), c.ID, "No need to, Ivy: we send you a new lid, it leaves today.", desk.Waiting, true)
	p.town.listen()
	return err
}

// bob answers a question about an invoice. He may not speak for the account: his words wait for somebody to let them out.
func (p *past) bob(ctx context.Context) error {
	o := imagine(p.rand)
	o.matter, o.who, o.lang, o.at = matterOf("vat"), byKey["kitchens_north"], "en", toBilling
	o.subject, o.text = filled(p.rand, "en", books()["en"]["vat"][0], o.who.first())
	if p.chance(50) {
		o.matter = matterOf("invoice")
		o.who = byKey["walter_finch"]
		o.subject, o.text = filled(p.rand, "en", books()["en"]["invoice"][3], o.who.first())
	}
	k := p.town.open(o)
	c, err := p.hear(ctx, o.at)
	if err != nil {
		return err
	}
	bob := p.person("Bob Miller")
	if c.Person != bob.Person && len(bob.Departments) > 0 {
		if _, err := p.app.Desk.HandOver(ctx, p.person("Priya Nair"), c.ID, bob.Departments[0], bob.Person, "Bob has the books"); err != nil {
			if _, err := p.app.Desk.HandOver(ctx, p.ada(), c.ID, bob.Departments[0], bob.Person, "Bob has the books"); err != nil {
				return err
			}
		}
	}
	return p.reply(ctx, bob, c.ID, p.words("en", "answer.billing", k.who), desk.Waiting, false)
}
