package desk

import (
	"slices"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

// Order is how a list is sorted.
type Order string

const (
	Newest     Order = "newest" // what something was said in last, first
	Oldest     Order = "oldest"
	ByClock    Order = "clock"    // what is due first, first; what has no clock comes last
	ByPriority Order = "priority" // what cannot wait first, then what is due first; of what is open
)

// Filter narrows a list. What is zero does not; what is set must all be true.
type Filter struct {
	Department staff.DepartmentID `json:"department,omitzero"`
	Owner      staff.PersonID     `json:"owner,omitzero"`
	Account    account.ID         `json:"account,omitzero"`
	Channel    string             `json:"channel,omitempty"`
	Intent     string             `json:"intent,omitempty"`
	Topic      string             `json:"topic,omitempty"`    // a topic's key
	Language   string             `json:"language,omitempty"` // a language code
	Standing   string             `json:"standing,omitempty"` // of the contact
	Urgency    string             `json:"urgency,omitempty"`  // now, today or normal
	Tag        string             `json:"tag,omitempty"`
	Since      time.Time          `json:"since,omitzero"`  // something was said in it since then
	Unread     bool               `json:"unread,omitzero"` // by who asks
	Asked      bool               `json:"asked,omitzero"`  // something is asked of anybody in it
}

// Query asks for a page of the inbox.
type Query struct {
	View  View
	State State // "" is Open; without meaning for SetAsideView, AskedView and PromisedView
	Order Order // "" is Newest
	Filter
	After string // Page.Next of the page before
	Limit int    // 0: 50; at most 200

	reader staff.PersonID // who asks
}

// examined is how many conversations of each stretch of an index one page looks at for what no index answers: about what can
// be looked at in the time somebody does not notice.
const examined = 4000

// counted is the same for a counter, which counts up to mostCounted.
const (
	counted     = 8000
	mostCounted = 1000
)

// ready is q with what it leaves out filled in.
func (q Query) ready(who staff.Actor) (Query, error) {
	if q.Limit <= 0 {
		q.Limit = 50
	}
	q.Limit = min(q.Limit, 200)
	if q.Order == "" {
		q.Order = Newest
	}
	if !slices.Contains([]Order{Newest, Oldest, ByClock, ByPriority}, q.Order) {
		return q, fault.In("sort", "a list is sorted by newest, oldest, clock or priority")
	}
	rests := q.View == SetAsideView || q.State != Open && q.State != ""
	if q.Order == ByPriority && rests || q.Order == ByClock && rests && q.State != Snoozed {
		q.Order = Newest // what rests has no priority, and no clock unless it sleeps
	}
	if !slices.Contains([]string{"", "now", "today", "normal"}, q.Urgency) {
		return q, fault.In("urgency", "an urgency is now, today or normal")
	}
	q.reader = who.Person
	return q, nil
}

// picky reports whether q asks for what no index answers.
func (q Query) picky() bool {
	f := q.Filter
	f.Department, f.Owner = 0, 0
	if q.Order == Newest || q.Order == Oldest {
		f.Since = time.Time{}
	}
	return f != Filter{}
}
