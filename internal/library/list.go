package library

import (
	"context"
	"slices"

	"switchboard/internal/staff"
	"switchboard/internal/topic"
)

// Query is what a list of entries shows.
type Query struct {
	Words      string // "" for all, the newest change first; otherwise the best first
	Language   string
	Audience   Audience
	Topic      string
	Tag        string
	Department staff.DepartmentID // that owns it
	Mine       bool               // that who asks has to see to
	View       View
	After      ID // of the last one seen
	Limit      int
}

// View is which entries are listed.
type View string

const (
	InUse    View = "all"
	ToReview View = "review"
	Archived View = "archived"
)

// Page is some entries of a list.
type Page struct {
	Hits   []Hit
	More   bool
	Review int // entries to review, of those who asks sees
	Mine   int // of these, so many that are theirs to see to
	All    int // in use
}

// List returns a page of the entries that somebody may see.
func (b *Book) List(ctx context.Context, who staff.Actor, q Query) (p Page, err error) {
	if err := who.Require(staff.SeePeople); err != nil {
		return p, err
	}
	all, err := allAnswers(ctx, b.Store.Read())
	if err != nil {
		return p, err
	}
	used, err := b.uses(ctx)
	if err != nil {
		return p, err
	}
	now := b.Now()
	all = slices.DeleteFunc(all, func(a Answer) bool { return !Sees(who, a) })
	for _, a := range all {
		if a.ArchivedAt.IsZero() {
			p.All++
		}
		if a.Stale(now) != "" {
			p.Review++
			if Owns(who, a) {
				p.Mine++
			}
		}
	}
	hits := make([]Hit, 0, len(all))
	for _, a := range all {
		hits = append(hits, Hit{Answer: a, Used: used[int64(a.ID)]})
	}
	if q.Words != "" {
		if hits, err = b.search(ctx, who, question{stems: asked(q.Words), lang: q.Language}); err != nil {
			return p, err
		}
	}
	hits = slices.DeleteFunc(hits, func(h Hit) bool {
		a := h.Answer
		switch {
		case q.View == Archived && a.ArchivedAt.IsZero(), q.View != Archived && !a.ArchivedAt.IsZero(), q.View == ToReview && a.Stale(now) == "":
			return true
		case q.Audience != "" && a.Audience != q.Audience, q.Topic != "" && !slices.Contains(a.Topics, q.Topic), q.Tag != "" && !slices.Contains(a.Tags, q.Tag):
			return true
		}
		return !q.Department.IsZero() && a.Department != q.Department || q.Mine && !Owns(who, a)
	})
	if !q.After.IsZero() {
		hits = hits[slices.IndexFunc(hits, func(h Hit) bool { return h.Answer.ID == q.After })+1:]
	}
	return b.page(ctx, p, hits, q)
}

// page fills in the texts of what is shown. A language is looked for there, as a list of all has no texts yet.
func (b *Book) page(ctx context.Context, p Page, hits []Hit, q Query) (Page, error) {
	for len(hits) > 0 && len(p.Hits) < q.Limit {
		some := hits[:min(q.Limit, len(hits))]
		hits = hits[len(some):]
		list := make([]Answer, len(some))
		for k, h := range some {
			list[k] = h.Answer
			list[k].Texts = nil
		}
		if err := withTexts(ctx, b.Store.Read(), list); err != nil {
			return p, err
		}
		for k, h := range some {
			h.Answer = list[k]
			if q.Language != "" && h.Answer.In(q.Language).Language != q.Language {
				continue
			}
			if h.Text.Language == "" {
				h.Text = h.Answer.In(q.Language)
			}
			if len(p.Hits) == q.Limit {
				p.More = true
				return p, nil
			}
			p.Hits = append(p.Hits, h)
		}
	}
	p.More = len(hits) > 0
	return p, nil
}

// Tags are those of the entries in use that somebody sees, in order.
func (b *Book) Tags(ctx context.Context, who staff.Actor) ([]string, error) {
	all, err := allAnswers(ctx, b.Store.Read())
	var out []string
	for _, a := range all {
		if Sees(who, a) && a.ArchivedAt.IsZero() {
			out = append(out, a.Tags...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), err
}

// keysOn are the topics of a list, by key.
func keysOn(list []topic.On) []string {
	out := make([]string, 0, len(list))
	for _, o := range list {
		out = append(out, o.Topic)
	}
	return out
}
