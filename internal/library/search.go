package library

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"switchboard/internal/staff"
)

// Hit is an entry that was found.
type Hit struct {
	Answer Answer
	Text   Text     // in the language that fits best
	Score  float64  // the higher, the better it fits
	Words  []string // stems that were found in it, the rarest first
	Topics []string // that the conversation is on too
	Used   Used
}

// question is what entries are compared with.
type question struct {
	stems   []string
	lang    string // wanted; "" is any
	topics  []string
	intents []string
}

// search returns the entries in use that somebody may see and that hold some of the words, the best first.
func (b *Book) search(ctx context.Context, who staff.Actor, q question) ([]Hit, error) {
	list, err := found(ctx, b.Store, q.stems)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	counts, err := texts(ctx, b.Store.Read())
	if err != nil {
		return nil, err
	}
	used, err := b.uses(ctx)
	if err != nil {
		return nil, err
	}
	var ids []ID
	for _, t := range list {
		if !slices.Contains(ids, t.answer) {
			ids = append(ids, t.answer)
		}
	}
	entries, err := answers(ctx, b.Store.Read(), ids)
	if err != nil {
		return nil, err
	}
	m := weigh(q.stems, list, counts)
	now := b.Now()
	var out []Hit
	for _, a := range entries {
		if !Sees(who, a) || !a.ArchivedAt.IsZero() {
			continue
		}
		h := Hit{Answer: a, Text: a.In(q.lang), Used: used[int64(a.ID)]}
		match := 0.0
		for _, t := range list {
			if t.answer != a.ID {
				continue
			}
			if s, ws := m.match(t.Text); s > match {
				match, h.Words = s, ws
				if q.lang == "" || h.Text.Language != q.lang {
					h.Text = t.Text
				}
			}
		}
		h.Topics = both(a.Topics, q.topics)
		h.Score = match * fitness(h, q) * did(h)
		if a.Stale(now) != "" {
			h.Score *= 0.85
		}
		out = append(out, h)
	}
	slices.SortFunc(out, func(x, y Hit) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.Answer.ID, y.Answer.ID))
	})
	return out, nil
}

// matcher says how well a text holds the words of a question.
type matcher struct {
	stems []string
	worth map[string]float64 // by language and stem: the fewer texts of that language hold it, the more
	whole float64            // of all that was asked
}

// weigh makes a matcher of the texts found; counts are how many there are, by language.
func weigh(stems []string, list []textRow, counts map[string]int) matcher {
	m := matcher{stems: stems, worth: map[string]float64{}}
	held := map[string]int{}
	for _, t := range list {
		ws := words(t.Title + " " + t.Body)
		for _, s := range stems {
			if begins(ws, s) {
				held[t.Language+" "+s]++
			}
		}
	}
	best := map[string]float64{}
	for key, n := range held {
		lang, s, _ := strings.Cut(key, " ")
		m.worth[key] = 0.4 + max(math.Log(float64(counts[lang]+2)/(float64(n)+0.5)), 0)
		best[s] = max(best[s], m.worth[key])
	}
	all := 0
	for _, n := range counts {
		all = max(all, n)
	}
	for _, s := range stems {
		if v := best[s]; v > 0 {
			m.whole += v
		} else { // nobody has written of that: what was found is the less likely to be what was meant
			m.whole += 0.4 + 0.5*math.Log(float64(all+2))
		}
	}
	return m
}

// match is between 0 and 1.5: how much of what was asked the text holds, its title counting half as much again. One common
// word alone is little.
func (m matcher) match(t Text) (score float64, held []string) {
	title, all := words(t.Title), words(t.Title+" "+t.Body)
	sum, plain := 0.0, 0.0
	for _, s := range m.stems {
		v := m.worth[t.Language+" "+s]
		switch {
		case v == 0:
		case begins(title, s):
			sum, plain, held = sum+1.5*v, plain+v, append(held, s)
		case begins(all, s):
			sum, plain, held = sum+v, plain+v, append(held, s)
		}
	}
	if sum == 0 {
		return 0, nil
	}
	slices.SortStableFunc(held, func(a, b string) int { return cmp.Compare(m.worth[t.Language+" "+b], m.worth[t.Language+" "+a]) })
	return sum / m.whole * (1 - math.Exp(-plain/2)), held[:min(len(held), 5)]
}

// fitness is how much better or worse an entry fits for its language, topics and intents.
func fitness(h Hit, q question) float64 {
	f := 1.0
	if q.lang != "" && h.Text.Language != q.lang {
		f *= 0.6
	}
	if len(h.Topics) > 0 {
		f *= 1.35
	}
	if len(both(h.Answer.Intents, q.intents)) > 0 {
		f *= 1.2
	}
	return f
}

// did is how much better or worse an entry fits for how well it did: thumbs, and use as it stands.
func did(h Hit) float64 {
	liked := float64(h.Answer.Up+2) / float64(h.Answer.Up+h.Answer.Down+4)
	kept := float64(h.Used.Times-h.Used.Edited+2) / float64(h.Used.Times+4)
	return 0.7 + 0.35*liked + 0.25*kept
}

// begins reports whether one of list begins with s.
func begins(list []string, s string) bool {
	return slices.ContainsFunc(list, func(w string) bool { return strings.HasPrefix(w, s) })
}

func both(a, b []string) (out []string) {
	for _, s := range a {
		if slices.Contains(b, s) {
			out = append(out, s)
		}
	}
	return out
}
