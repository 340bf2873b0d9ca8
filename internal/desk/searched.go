package desk

import (
	"context"
	"slices"

	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/staff"
)

// AnyState is what a search through a list may ask for: what rests or is set aside, too.
const AnyState State = "any"

// Bounds of one page of a search through a list, for filters that fit little.
const (
	searchedAtOnce = 100 // things said
	searchedTimes  = 5
)

// Searched returns a page of a list's conversations in which words were said: where they were said last, first, and each once. A filter
// that fits little is looked for so far at a time, as in List: then a page can be short, or empty, and yet have a Next.
func (d *Desk) Searched(ctx context.Context, who staff.Actor, words string, q Query) (p Page, err error) {
	if q, err = q.ready(who); err != nil {
		return p, err
	}
	s := Search{Words: words, Account: q.Account, Mine: q.View == Mine, Limit: searchedAtOnce, department: q.Department, owner: q.Owner}
	if q.After != "" {
		if s.After, err = id.Parse[Message](q.After); err != nil {
			return p, fault.In("after", "this is not what a page before gave as next: begin again without it")
		}
	}
	if q.Channel != "" {
		if s.accounts, err = accountsOn(ctx, d.Store.Read(), q.Channel); err != nil || len(s.accounts) == 0 {
			return p, err
		}
	}
	from, seen := s.After, map[ConversationID]bool{}
	for range searchedTimes {
		hits, err := d.Search(ctx, who, s)
		if err != nil {
			return p, err
		}
		fitting, err := d.fitting(ctx, who, q, hits.Found)
		if err != nil {
			return p, err
		}
		for _, f := range hits.Found {
			if seen[f.ID] || !fitting[f.ID] {
				continue
			}
			seen[f.ID] = true
			if before, err := d.saidSince(ctx, words, f.ID, from); err != nil {
				return p, err
			} else if before {
				continue
			}
			p.Rows = append(p.Rows, f.Row)
			if len(p.Rows) == q.Limit {
				p.Next = f.Message.ID.String()
				return p, nil
			}
		}
		if s.After = hits.Next; s.After.IsZero() {
			return p, nil
		}
	}
	p.Next, p.Until = s.After.String(), s.After.Time()
	return p, nil
}

// fitting are those of what was found that are in the list that q asks for.
func (d *Desk) fitting(ctx context.Context, who staff.Actor, q Query, found []Found) (map[ConversationID]bool, error) {
	var ids []ConversationID
	for _, f := range found {
		if q.views(who, f.Conversation) && !slices.Contains(ids, f.ID) {
			ids = append(ids, f.ID)
		}
	}
	return filtering(ctx, d.Store.Read(), q, ids)
}

// views reports whether c is in the view that q asks for, of the state, the department and the owner it asks for.
func (q Query) views(who staff.Actor, c Conversation) bool {
	view := string(q.State)
	switch q.View {
	case SetAsideView:
		view = "aside"
	case AskedView, PromisedView:
		view = string(AnyState)
	}
	if view == "" {
		view = string(Open)
	}
	switch {
	case view != string(AnyState) && c.View() != view, !q.Department.IsZero() && c.Department != q.Department, !q.Owner.IsZero() && c.Person != q.Owner:
		return false
	}
	switch q.View {
	case Mine:
		return c.Person == who.Person
	case MyDepartment:
		return who.In(c.Department)
	case AskedView:
		return !c.AskedDue(who).IsZero()
	case PromisedView:
		return c.PromisedTo(who)
	case Unowned:
		return c.Person.IsZero()
	}
	return true
}

// saidSince reports whether words were said in a conversation after a place too, where a page before this one has looked.
func (d *Desk) saidSince(ctx context.Context, words string, in ConversationID, after MessageID) (bool, error) {
	if after.IsZero() {
		return false, nil
	}
	list, err := searched(ctx, d.Store, searchTerms(words), marks{{mark('c', int64(in))}}, span{from: after, before: 1<<63 - 1}, 1)
	return len(list) > 0, err
}
