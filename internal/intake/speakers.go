package intake

import (
	"slices"

	"switchboard/internal/account"
	"switchboard/internal/staff"
)

// speakers are who was given the right to speak on each account, by name or with their department, as routing wants them.
type speakers map[account.ID][]string

// speakersOf reads rights. Managers and administrators may speak everywhere by their role and are not among them.
func speakersOf(r *staff.Roster, rights map[account.ID][]account.Right) speakers {
	out := make(speakers, len(rights))
	for id, list := range rights {
		var keys []string
		for _, right := range list {
			if !right.Person.IsZero() {
				keys = append(keys, right.Person.String())
				continue
			}
			for _, p := range r.Members(right.Department) {
				keys = append(keys, p.ID.String())
			}
		}
		slices.Sort(keys)
		out[id] = slices.Compact(keys)
	}
	return out
}

// of are those of an account; nil where nobody was given the right: then each answer waits for an approval, and it tells nobody
// apart.
func (s speakers) of(id account.ID) []string { return s[id] }

// speakers are those of all accounts, as they were looked at last.
func (b *Brain) speakers() speakers {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.speak
}
