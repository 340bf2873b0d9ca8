package intake

import (
	"context"
	"slices"
	"strings"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/lookalike"
	"switchboard/internal/triage"
)

const (
	guardLife  = 5 * time.Minute // how soon a contact's new standing counts; a new account does at once
	mostKnown  = 5000            // contacts whose handles are looked for, the newest
	guardedBy  = 0.8             // what it weighs among the reasons
	suspicious = 0.6             // the least priority of a message by somebody who may pose as another
)

// guarded returns what knows whose handles may be imitated: our accounts that speak, and contacts of whom staff have said that
// they are journalists, influencers, partners or stakeholders.
func (b *Brain) guarded(ctx context.Context, all []account.Account) (*lookalike.Guard, error) {
	var known []lookalike.Known
	var of strings.Builder
	for _, a := range all {
		if a.Limits.Text == 0 && a.Channel == "feed" {
			continue // a feed is heard, and speaks for somebody else
		}
		known = append(known, lookalike.Known{Handle: a.Handle, Name: a.Name, Channel: a.Channel, Own: true})
		of.WriteString(a.Channel + "\x00" + a.Handle + "\x00" + a.Name + "\n")
	}
	b.guard.Lock()
	defer b.guard.Unlock()
	now := b.Now()
	if age := now.Sub(b.guard.at); b.guard.Guard != nil && b.guard.of == of.String() && age >= 0 && age < guardLife {
		return b.guard.Guard, nil
	}
	people, err := contact.Imitable(ctx, b.Store.Read(), mostKnown)
	if err != nil {
		return nil, err
	}
	for _, i := range people {
		known = append(known, lookalike.Known{Handle: i.Handle, Name: i.Name, Channel: i.Channel})
	}
	b.guard.Guard, b.guard.of, b.guard.at = lookalike.New(known), of.String(), now
	return b.guard.Guard, nil
}

// suspect is a, marked when its author can be taken for us or for somebody we know: it is for a person to see today, and is
// never set aside unseen.
func (j judge) suspect(a triage.Assessment, ch string, from channel.Identity) triage.Assessment {
	m, ok := j.guard.Like(ch, from.Handle, from.Name)
	if !ok {
		return a
	}
	whose := m.Handle
	if m.Own {
		whose = "our " + whose
	}
	a.Lookalike = whose
	a.Reasons = slices.Insert(a.Reasons, 0, triage.Reason{What: "its author looks like " + whose + " (" + string(m.How) + "), and is not: somebody may be posing as them", Weight: guardedBy,
		Words: []string{from.Handle}})
	if a.Urgency == triage.Normal {
		a.Urgency, a.UrgencyConfidence = triage.Today, guardedBy
	}
	if a.Needs == triage.None {
		a.Needs, a.NeedsConfidence = triage.Courtesy, 1-a.Must
	}
	a.Priority = max(a.Priority, suspicious)
	return a
}
