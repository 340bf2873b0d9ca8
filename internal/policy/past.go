package policy

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/id"
	"switchboard/internal/routing"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/triage"
)

// past is a conversation as it began: the message that opened it, what triage said of it, and what became of it. Only
// openings are put through, so only they can tell what a rule or map would have done.
type past struct {
	conversation desk.ConversationID
	opened       time.Time
	from         routing.Case // At is zero
	excerpt      string
	department   staff.DepartmentID // who has it now
	person       staff.PersonID
	by           string        // what decided that
	idle         bool          // no answer was needed: it was nobody's work
	handling     time.Duration // from claim to answer; 0: not known
}

// text is how much of a message rules read.
const text = 8000

// page is how many conversations are read at once: a long reading would keep an SQLite file from being tidied.
const page = 2000

// sinceID is the least id made at t.
func sinceID(t time.Time) desk.ConversationID {
	start := id.Of[desk.Conversation](0).Time()
	return desk.ConversationID(max(t.Sub(start).Milliseconds(), 0) << 22)
}

// eachPast calls f for the openings since a time, at most the newest most of them, the oldest first. What was deleted or never
// assessed is passed over. It returns from when on it looked.
func eachPast(ctx context.Context, q store.Queryer, since time.Time, most int, f func(past)) (time.Time, error) {
	from := sinceID(since)
	if first, err := nthNewest(ctx, q, from, most); err != nil {
		return since, err
	} else if !first.IsZero() {
		from, since = first, first.Time()
	}
	for {
		list, err := pasts(ctx, q, from, page)
		if err != nil {
			return since, err
		}
		for _, p := range list {
			if err := ctx.Err(); err != nil { // rules take their time, and whoever asked may have left
				return since, err
			}
			from = p.conversation + 1
			if p.known {
				f(p.past)
			}
		}
		if len(list) < page {
			return since, nil
		}
	}
}

// read is a row of the past: known says that its message is still there and was assessed.
type read struct {
	past
	known bool
}

// raw is what a row holds besides.
type raw struct {
	subject, body, assessment, rest, tags, view string
	decision                                    desk.Decision
	standings                                   []string
	answeredBy                                  staff.PersonID
	answeredAt, claimed, answered               time.Time
}

func (r *read) fill(w raw) {
	var a triage.Assessment
	if w.assessment == "" || json.Unmarshal([]byte(w.assessment), &a) != nil {
		return
	}
	r.known = true
	c := &r.from
	c.Departments, c.Intents, c.Skills, c.Topics, c.Learned = scores(a.Departments), scores(a.Intents), scores(a.Skills), a.Topics, a.Learned
	c.Language, c.Urgency, c.Needs, c.Sentiment, c.Spam = a.Language.Code, string(a.Urgency), string(a.Needs), a.Sentiment, a.Spam
	c.Text, c.Subject, c.Standings = w.body, w.subject, w.standings
	if w.rest != "" {
		var rest desk.Rest
		if json.Unmarshal([]byte(w.rest), &rest) == nil {
			c.Rating = rest.Rating
		}
	}
	if !w.answeredBy.IsZero() && w.answeredAt.Before(r.opened) { // what was not known then does not count
		c.Before = []routing.Contacted{{Person: w.answeredBy.String(), At: w.answeredAt}}
	}
	r.excerpt = desk.Excerpt(w.body)
	if r.excerpt == "" {
		r.excerpt = desk.Excerpt(w.subject)
	}
	r.by = w.decision.By
	r.idle = a.Needs == triage.None && (w.view == "aside" || strings.Contains(w.tags, `"sample"`))
	r.handling = handled(w.claimed, w.answered)
}

// longest is the longest that an answer takes: what lay for longer was not worked on all the while.
const longest = 90 * time.Minute

func handled(claimed, answered time.Time) time.Duration {
	if d := answered.Sub(claimed); !claimed.IsZero() && !answered.IsZero() && d > 0 && d <= longest {
		return d
	}
	return 0
}

func scores(list []triage.Score) []routing.Score {
	out := make([]routing.Score, len(list))
	for k, s := range list {
		out[k] = routing.Score(s)
	}
	return out
}

// median of the measured times, 0 for none.
func median(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[len(list)/2]
}
