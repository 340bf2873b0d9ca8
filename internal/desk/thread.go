package desk

import (
	"context"
	"slices"
	"strings"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

// Thread is one public post and everybody who says something under it: a conversation each.
type Thread struct {
	Account account.ID
	Key     string // as Conversation.Thread
	People  int    // conversations of it that somebody may see
	Open    int    // of these, how many are open
}

// ThreadKey names a thread.
type ThreadKey struct {
	Account account.ID
	Key     string
}

// ThreadsOf counts the public threads of some conversations, as far as somebody may see them.
func (d *Desk) ThreadsOf(ctx context.Context, who staff.Actor, list []Row) (map[ThreadKey]Thread, error) {
	var keys []ThreadKey
	seen := map[ThreadKey]bool{}
	for _, r := range list {
		k := ThreadKey{r.Account, r.Thread}
		if r.Private || r.Thread == "" || seen[k] {
			continue
		}
		seen[k] = true
		keys = append(keys, k)
	}
	return threads(ctx, d.Store.Read(), who, keys)
}

// OpenThread returns our post, when it is known, the thread and a page of its conversations that somebody may see, those that
// wait first. after is how many of them to leave out.
func (d *Desk) OpenThread(ctx context.Context, who staff.Actor, k ThreadKey, after, limit int) (post Message, t Thread, rows []Row, err error) {
	if err := who.Require(staff.SeeDesk); err != nil {
		return post, t, nil, err
	}
	if k.Key == "" || strings.HasPrefix(k.Key, "private:") || who.Role == staff.Agency {
		return post, t, nil, noThread()
	}
	q := d.Store.Read()
	all, err := threads(ctx, q, who, []ThreadKey{k})
	if err != nil {
		return post, t, nil, err
	}
	t, ok := all[k]
	if !ok {
		return post, t, nil, noThread()
	}
	ids, err := threadPage(ctx, q, who, k, after, limit)
	if err != nil {
		return post, t, nil, err
	}
	if rows, err = d.Listed(ctx, who, ids); err != nil {
		return post, t, nil, err
	}
	post, err = postOf(ctx, q, k)
	if fault.Is(err, fault.NotFound) {
		return Message{}, t, rows, nil
	}
	if err == nil && post.Direction == In { // somebody else's post is theirs who have that conversation
		if _, err := d.Conversation(ctx, who, post.Conversation); err != nil {
			post = Message{}
		}
	}
	return post, t, rows, err
}

// mostInMail is how many of those in a mail are looked for.
const mostInMail = 32

// InTheSameMail returns the conversations that somebody may see with others in what was said in c, in the same mail thread: who is in
// copy and answers has one of their own.
func (d *Desk) InTheSameMail(ctx context.Context, who staff.Actor, c Conversation, said []Message) ([]Row, error) {
	var addresses []string
	for _, m := range slices.Backward(said) {
		for _, i := range m.Rest.To {
			if m.Kind == channel.Email && len(addresses) < mostInMail && !slices.Contains(addresses, i.RemoteID) {
				addresses = append(addresses, i.RemoteID)
			}
		}
	}
	if len(addresses) == 0 || !c.Private {
		return nil, nil
	}
	known, err := contact.Known(ctx, d.Store.Read(), "email", addresses)
	if err != nil {
		return nil, err
	}
	var wanted []Whose
	for _, i := range known {
		if i.Contact != c.Contact {
			wanted = append(wanted, Whose{Contact: i.Contact, Account: c.Account, Thread: c.Thread})
		}
	}
	found, err := Find(ctx, d.Store.Read(), wanted)
	if err != nil {
		return nil, err
	}
	var ids []ConversationID
	for _, f := range found {
		if f.ID != c.ID && !slices.Contains(ids, f.ID) {
			ids = append(ids, f.ID)
		}
	}
	return d.Listed(ctx, who, ids)
}

func noThread() error {
	return fault.New(fault.NotFound, "there is no such post, or nothing under it is for your eyes")
}
