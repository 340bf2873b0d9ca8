package acme

import (
	"fmt"
	"strconv"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/sim/email"
	"switchboard/internal/sim/far"
	"switchboard/internal/sim/feed"
	"switchboard/internal/sim/mastodon"
)

// open lets somebody say something new, and returns the talk it begins.
func (t *town) open(o opening) *talk {
	l := line{Act: said, Place: o.at, Who: o.who.Key, Matter: o.matter.key, Lang: o.lang, Subject: o.subject, Text: o.text, Warning: o.warning, Alt: o.alt, Stars: o.stars}
	return t.do(l)
}

// follow lets the customer of a talk say something more.
func (t *town) follow(k *talk, text string) {
	t.do(line{Act: said, Place: k.at, Parent: k.last, Talk: k.root, Who: k.who.Key, Text: text})
}

// correct lets the customer change the last thing they said.
func (t *town) correct(k *talk, text string) {
	t.do(line{Act: edited, Place: k.at, ID: k.own, Talk: k.root, Text: text})
}

// withdraw lets the customer take the last thing they said back.
func (t *town) withdraw(k *talk) {
	t.do(line{Act: deleted, Place: k.at, ID: k.own, Talk: k.root})
}

// do makes a line happen and writes it down.
func (t *town) do(l line) *talk {
	t.mu.Lock()
	defer t.mu.Unlock()
	if l.At.IsZero() {
		l.At = t.clock.Now()
	}
	k := t.play(&l)
	if err := t.book.write(l); err != nil {
		t.log.Warn("the demo's ledger can't be written: after a restart its customers will have forgotten this", "error", err)
	}
	return k
}

// repeat makes a line happen that was written down before.
func (t *town) repeat(l line) {
	was := l.ID
	if l.Act == said && l.Place.handle() != "" || l.Act == company && l.Place.handle() != "" {
		l.ID = ""
	}
	t.play(&l)
	if l.ID != was {
		t.log.Debug("the demo could not say something again under its former id", "was", was, "is", l.ID)
	}
}

// play makes a line happen, and gives it its id if it has none.
func (t *town) play(l *line) *talk {
	k := t.talks[l.Talk]
	if l.Talk == "" && l.Act == said {
		k = &talk{who: byKey[l.Who], matter: matterOf(l.Matter), lang: l.Lang, at: l.Place, about: l.Subject, alt: l.Alt}
	}
	switch {
	case l.Act == company:
		t.answered(l, k)
		return k
	case k == nil && l.Place != inTheNews:
		return nil
	}
	switch {
	case l.Place == inTheNews:
		l.ID = t.news.Say(feed.Entry{ID: l.ID, Title: l.Subject, Text: l.Text, Author: "Household Weekly", Said: l.At})
		return nil
	case l.Place == toReviews:
		t.review(l, k)
	case l.Place.mailbox() != "":
		t.write(l, k)
	default:
		t.toot(l, k)
	}
	if l.Act == said {
		k.own, k.last, k.text = l.ID, l.ID, l.Text
		if k.root == "" {
			k.root, l.Talk = l.ID, ""
		}
		t.talks[l.ID] = k
	}
	if l.Act == edited {
		k.text = l.Text
	}
	return k
}

// toot plays a line on the social network. Its time is taken from the id it got, for the id is made of the time.
func (t *town) toot(l *line, k *talk) {
	text := "@" + l.Place.handle() + " " + l.Text
	switch l.Act {
	case edited:
		t.social.Edit(l.ID, text)
		return
	case deleted:
		t.social.Delete(l.ID)
		return
	}
	o := mastodon.SayOptions{InReplyTo: l.Parent, Warning: l.Warning, Lang: k.lang}
	if l.Place.private() {
		o.Visibility = "direct"
	}
	if l.Alt != "" {
		o.Media = []mastodon.Picture{{Type: "image/png", Alt: l.Alt}}
	}
	l.ID = t.social.Say(l.Who, text, o)
	l.At = idTime(l.ID, l.At)
}

// idTime is when an id of the social network was made.
func idTime(id string, or time.Time) time.Time {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return or
	}
	return time.UnixMilli(n >> 16).UTC()
}

// answered plays what the company said. What was said through the product is there already; only after a restart must the
// stand-in be told.
func (t *town) answered(l *line, k *talk) {
	if l.ID == "" {
		text, o := l.Text, mastodon.SayOptions{InReplyTo: l.Parent, Visibility: "unlisted"}
		if l.Place.private() {
			o.Visibility = "direct"
		}
		if l.Who == "" {
			o.Visibility = "public"
		}
		l.ID = t.social.Say(l.Place.handle(), text, o)
		l.At = idTime(l.ID, l.At)
	}
	if k == nil {
		return
	}
	k.turns++
	k.last = l.ID
	k.refs = append(k.refs, l.ID)
	t.talks[l.ID] = k
}

// review plays a line at the reviews.
func (t *town) review(l *line, k *talk) {
	switch l.Act {
	case edited:
		t.reviews.Edit(l.ID, l.Text)
		return
	case deleted:
		t.reviews.Delete(l.ID)
		return
	}
	if l.ID == "" {
		l.ID = fmt.Sprintf("review/%d", l.At.UnixMicro())
	}
	m := review(l, k)
	t.reviews.Say(m)
}

// write plays a line in a mailbox. Mails are not edited or taken back. An earlier start's mails are not delivered again:
// Switchboard has them.
func (t *town) write(l *line, k *talk) {
	if l.Act != said || l.ID != "" {
		return
	}
	t.letter++
	l.ID = fmt.Sprintf("%d.%d@mail.example", l.At.UnixMicro(), t.letter)
	x := email.Letter{ID: l.ID, From: k.who.address(), Name: k.who.Name, To: l.Place.mailbox(), Subject: k.about, Text: l.Text}
	if x.Subject == "" {
		x.Subject = "A question"
	}
	if k.who.Standing == "journalist" { // two of a paper want to know what is said
		x.Cc = []string{"Picture desk <pictures@mail.example>", "Nadia Lund <nadia.lund@mail.example>"}
	}
	if l.Parent != "" {
		x.Subject, x.Answers = "Re: "+x.Subject, l.Parent
		x.References = k.refs
	}
	raw, err := x.Write(t.boxes[l.Place])
	if err == nil {
		err = t.boxes[l.Place].Deliver(raw)
	}
	if err != nil {
		t.log.Warn("a customer's mail could not be written", "error", err)
	}
	k.refs = append(k.refs, l.ID)
}

// review is a line as the reviews' bridge tells of it.
func review(l *line, k *talk) channel.Message {
	m := channel.Message{RemoteID: l.ID, Kind: channel.Review, ThreadID: "review-of/" + k.who.Key, Text: l.Text, Subject: k.about, Lang: k.lang, At: l.At.UTC(), Rating: l.Stars,
		From: channel.Identity{RemoteID: "reviewer/" + k.who.Key, Handle: k.who.Key, Name: k.who.Name}}
	if l.Parent != "" {
		m.Kind, m.ParentID, m.Subject = channel.Comment, l.Parent, ""
	}
	if l.Alt != "" {
		m.Media = []channel.Media{{Type: "image/png", Name: "picture.png", Alt: l.Alt, Body: far.Picture(l.Who + l.Alt)}}
	}
	return m
}
