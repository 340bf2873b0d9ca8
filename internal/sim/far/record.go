// Package far is what every stand-in for a channel shares: its record of what was published there, and faults on demand.
//
// The record, not our database, is the truth about what the outside world got to see. The judge of "nothing is said twice"
// reads it; nothing ever takes an entry out of it again.
package far

import (
	"slices"
	"sync"
	"time"
)

// What an Entry's Kind can be.
const (
	Post   = "post"
	Reply  = "reply"
	DM     = "dm"
	Edit   = "edit"
	Delete = "delete"
	Test   = "test" // of the way there and back: shown to nobody
)

// Entry is one thing that a far side took from the company.
type Entry struct {
	At       time.Time `json:"at"`
	Account  string    `json:"account"`       // the company's account there
	Key      string    `json:"key,omitempty"` // our own key, where the far side gets to see it
	Kind     string    `json:"kind"`          // Post, Reply, DM, Edit, Delete or Test
	ID       string    `json:"id"`            // the far side's id of the message: what a Receipt calls RemoteID
	ParentID string    `json:"parentId,omitempty"`
	To       string    `json:"to,omitempty"`
	Text     string    `json:"text"`
	Alts     []string  `json:"alts,omitempty"` // the alt text of each attachment
	Private  bool      `json:"private"`
}

// Record is an append-only list of entries. The zero Record is ready; several goroutines may use it.
type Record struct {
	mu   sync.Mutex
	list []Entry
}

// Add writes e at the end.
func (r *Record) Add(e Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e.Alts = slices.Clone(e.Alts)
	r.list = append(r.list, e)
}

// Entries returns a copy of all entries, oldest first.
func (r *Record) Entries() []Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.list)
}

// Len returns how many entries there are.
func (r *Record) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.list)
}
