package delivery

import (
	"context"
	"slices"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// An answer goes to who wrote. To others who were in what they wrote it goes only where a person says so, one by one or all; and only
// to those: whom the contact brought into it, and nobody who was made up.

// MostOthers is to how many beside who wrote an answer can go.
const MostOthers = 20

// Other is somebody else in a message, to whom an answer can go too.
type Other struct {
	channel.Identity
	Earlier bool // not in the message that is answered, but in one before it
}

// Others are those to whom an answer to parent can go too: first those in it, in its order, then those of earlier messages. more is
// how many of parent it could not name any more. None, where the channel answers only who wrote.
func (s *Service) Others(ctx context.Context, c desk.Conversation, parent desk.Message, said []desk.Message) (list []Other, more int, err error) {
	if parent.ID.IsZero() || !slices.ContainsFunc(said, func(m desk.Message) bool { return len(m.Rest.To) > 0 }) {
		return nil, 0, nil
	}
	ours, err := s.addresses(ctx, c.SpeaksAs(parent))
	if err != nil || ours == nil {
		return nil, 0, err
	}
	from, err := desk.SaidBy(ctx, s.Store.Read(), parent)
	if err != nil {
		return nil, 0, err
	}
	list = others(parent, from.RemoteID, said, ours)
	now := len(slices.DeleteFunc(slices.Clone(list), func(o Other) bool { return o.Earlier }))
	return list[:min(len(list), MostOthers)], max(0, now-MostOthers), nil
}

// others are those in parent and in what else was said to the same account, without us and without who wrote parent.
func others(parent desk.Message, from string, said []desk.Message, ours map[string]bool) (out []Other) {
	seen := map[string]bool{channel.AddressKey(from): true}
	add := func(m desk.Message, earlier bool) {
		if !m.ByContact() || m.Account != parent.Account || m.Private != parent.Private {
			return
		}
		for _, i := range m.Rest.To {
			if k := channel.AddressKey(i.RemoteID); k != "" && !seen[k] && !ours[k] {
				seen[k] = true
				out = append(out, Other{i, earlier})
			}
		}
	}
	add(parent, false)
	for _, m := range slices.Backward(said) {
		if m.ID != parent.ID {
			add(m, true)
		}
	}
	return out
}

// addresses are all under which the house is reached on the channel of an account, as channel.AddressKey has them; nil where that
// answers only who wrote, or is not connected. They are not asked for within a transaction, see account.Book.Addresses.
func (s *Service) addresses(ctx context.Context, of account.ID) (map[string]bool, error) {
	all, err := account.All(ctx, s.Store.Read())
	if err != nil {
		return nil, err
	}
	k := slices.IndexFunc(all, func(a account.Account) bool { return a.ID == of })
	if k < 0 {
		return nil, nil
	}
	out := map[string]bool{}
	for _, a := range all {
		if a.Channel != all[k].Channel {
			continue
		}
		at, sociable := s.Book.Addresses(ctx, a)
		if a.ID == of && !sociable {
			return nil, nil
		}
		for _, key := range at {
			out[key] = true
		}
	}
	return out, nil
}

// oursFor are the addresses that an answer with others goes to none of; nil where it goes to no others.
func (s *Service) oursFor(ctx context.Context, who staff.Actor, id desk.ConversationID, w Draft) (map[string]bool, error) {
	if len(w.Cc) == 0 {
		return nil, nil
	}
	c, err := s.Desk.Conversation(ctx, who, id)
	if err != nil {
		return nil, err
	}
	parent, err := s.parent(ctx, s.Store.Read(), c, w.Parent)
	if err != nil {
		return nil, err
	}
	return s.addresses(ctx, c.SpeaksAs(parent))
}

// chosen are the others whom a writer named.
func (s *Service) chosen(ctx context.Context, tx *store.Tx, c desk.Conversation, parent desk.Message, from string, w Draft) ([]channel.Identity, error) {
	switch {
	case len(w.Cc) == 0:
		return nil, nil
	case w.ours == nil:
		return nil, fault.In("cc", "on this channel an answer goes to who wrote, and to nobody else")
	case len(w.Cc) > MostOthers:
		return nil, fault.Newf(fault.Invalid, "an answer goes to at most %d others: leave some out", MostOthers)
	}
	said, err := desk.MessagesOf(ctx, tx, c.ID, 500)
	if err != nil {
		return nil, err
	}
	var out []channel.Identity
	there := others(parent, from, said, w.ours)
	for _, id := range w.Cc {
		k := slices.IndexFunc(there, func(o Other) bool { return channel.AddressKey(o.RemoteID) == channel.AddressKey(id) })
		if k < 0 {
			return nil, fault.In("cc", "it can't go to "+id+" too: they were in no message of this conversation")
		}
		if o := there[k].Identity; !slices.ContainsFunc(out, func(i channel.Identity) bool { return i.RemoteID == o.RemoteID }) {
			out = append(out, o)
		}
	}
	return out, nil
}
