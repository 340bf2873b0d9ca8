package intake

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/insight"
	"switchboard/internal/store"
	"switchboard/internal/triage"
)

// readWords finds what was said last in the conversations that messages go on with, where they do not name an answer of ours as
// what they answer: direct messages and mails often name nothing. It asks for all of them at once.
func (b *batch) readWords(ctx context.Context, q store.Queryer) error {
	var wanted []desk.Whose
	for _, r := range b.requests {
		for _, e := range r.events {
			i, known := b.identities[person2{r.account.Channel, e.Message.From.RemoteID}]
			if !known || e.Kind == channel.Deleted || e.Message.Own || e.Message.Bounce != "" {
				continue
			}
			if p := b.parent(r.account.ID, e.Message); p == nil || p.Direction == desk.In {
				wanted = append(wanted, b.whose(r.account.ID, i.Contact, e.Message))
			}
		}
	}
	found, err := desk.Find(ctx, q, unique(wanted))
	if err != nil || len(found) == 0 {
		return err
	}
	var ids []desk.ConversationID
	for _, f := range found {
		ids = append(ids, f.ID)
	}
	words, err := desk.LastWords(ctx, q, unique(ids))
	for _, f := range found {
		b.words[f.Whose] = words[f.ID]
	}
	return err
}

// wordsBefore are the last of the words that a message goes on after, the oldest first: its own earlier version is none of them,
// nor is what was said so long before that this is about something new.
func (b *batch) wordsBefore(a account.ID, m channel.Message) (out []desk.Word) {
	i, ok := b.identities[person2{b.accounts[a].Channel, m.From.RemoteID}]
	if !ok {
		return nil
	}
	for _, w := range b.words[b.whose(a, i.Contact, m)] {
		if is := b.messages[remote{a, m.RemoteID}]; (is == nil || is.ID != w.ID) && !w.At.After(m.At) && m.At.Sub(w.At) < insight.Open {
			out = append(out, w)
		}
	}
	return out
}

// before is what triage reads of what was said before a message: what it answers; where that is not known, what was said last.
func (b *batch) before(a account.ID, m channel.Message) []triage.Said {
	if p := b.parent(a, m); p != nil {
		return []triage.Said{{Own: p.Direction == desk.Out, Text: p.Text}}
	}
	words := b.wordsBefore(a, m)
	if len(words) == 0 {
		return nil
	}
	w := words[len(words)-1]
	return []triage.Said{{Own: w.Own, Text: w.Text}}
}

// questioned reports whether a message comes after a question of ours.
func (b *batch) questioned(a account.ID, m channel.Message) bool {
	if p := b.parent(a, m); p != nil && p.Direction == desk.Out {
		return asks(p.Text)
	}
	words := b.wordsBefore(a, m)
	for k := len(words) - 1; k >= 0; k-- {
		if words[k].Own {
			return asks(words[k].Text)
		}
	}
	return false
}

// asks reports whether a text has a question mark that ends something; those within an address end nothing.
func asks(text string) bool {
	for k, c := range text {
		if !strings.ContainsRune("?\uff1f\u061f\u037e", c) {
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[k+utf8.RuneLen(c):])
		if !unicode.IsLetter(next) && !unicode.IsDigit(next) {
			return true
		}
	}
	return false
}
