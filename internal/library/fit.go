package library

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/topic"
)

// Fit is an entry or a saved reply that could be put into a reply, with its words as they would stand there. One of the two
// is set.
type Fit struct {
	Hit     *Hit
	Saved   *Saved
	Text    string   // plain, with the variables filled in
	Missing []string // variables that are unknown or empty here
	Score   float64
}

// leastScore is how well an entry must fit to be suggested unasked.
const leastScore = 0.16

// Fitting returns the entries that fit what the contact said last in a conversation that somebody may see, the best first. Words
// that are typed take the place of what the contact said, and lower no bar.
func (b *Book) Fitting(ctx context.Context, who staff.Actor, in desk.ConversationID, typed string, limit int) ([]Fit, error) {
	c, v, q, err := b.ask(ctx, who, in)
	if err != nil {
		return nil, err
	}
	said := typed
	if typed == "" {
		m, err := desk.LastInbound(ctx, b.Store.Read(), c.ID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		said = m.Subject + "\n" + m.Text
	}
	q.stems = asked(said)
	hits, err := b.search(ctx, who, q)
	if err != nil {
		return nil, err
	}
	var out []Fit
	for _, h := range hits {
		if typed == "" && h.Score < leastScore {
			continue
		}
		out = append(out, fitted(h, v))
	}
	return out[:min(limit, len(out))], nil
}

func fitted(h Hit, v Values) Fit {
	text, missing := v.Fill(Plain(h.Text.Body))
	return Fit{Hit: &h, Text: text, Missing: missing, Score: h.Score}
}

// ask looks up what a conversation is compared with.
func (b *Book) ask(ctx context.Context, who staff.Actor, in desk.ConversationID) (c desk.Conversation, v Values, q question, err error) {
	if err = who.Require(staff.SeePeople); err != nil {
		return c, v, q, err
	}
	if c, err = b.Desk.Conversation(ctx, who, in); err != nil {
		return c, v, q, err
	}
	if v, err = b.values(ctx, who, c); err != nil {
		return c, v, q, err
	}
	on, err := topic.Of(ctx, b.Store.Read(), c.ID)
	return c, v, question{lang: c.Language, topics: keysOn(on), intents: c.Intents}, err
}

// Slash returns what is offered behind a slash in a reply: saved replies whose shortcut or name begins or holds what was typed,
// then entries that hold it. Without anything typed it is the saved replies, and the entries that fit the conversation.
func (b *Book) Slash(ctx context.Context, who staff.Actor, in desk.ConversationID, typed string, limit int) ([]Fit, error) {
	c, v, _, err := b.ask(ctx, who, in)
	if err != nil {
		return nil, err
	}
	list, err := b.SavedReplies(ctx, who)
	if err != nil {
		return nil, err
	}
	var out []Fit
	for _, s := range list {
		if score := near(s, typed, c.Language); score > 0 {
			text, missing := v.Fill(s.Body)
			out = append(out, Fit{Saved: &s, Text: text, Missing: missing, Score: score})
		}
	}
	slices.SortStableFunc(out, func(a, b Fit) int { return cmp.Compare(b.Score, a.Score) })
	entries, err := b.Fitting(ctx, who, in, typed, limit)
	if err != nil {
		return nil, err
	}
	room := max(limit-len(entries), limit*2/3)
	return append(out[:min(room, len(out))], entries...)[:min(limit, min(room, len(out))+len(entries))], nil
}

// near is how well a saved reply answers to what was typed, 0 for not at all. In another language it comes later.
func near(s Saved, typed, lang string) float64 {
	score := 1 + min(float64(s.Used.Times), 100)/200
	if s.Language == lang {
		score += 0.3
	} else if s.Language != "" && lang != "" {
		score -= 0.6
	}
	typed = strings.Join(words(typed), " ")
	key, name := strings.Join(words(s.Shortcut), " "), strings.Join(words(s.Name), " ")
	switch {
	case typed == "":
		return score
	case key == typed:
		return score + 6
	case strings.HasPrefix(key, typed):
		return score + 4
	case strings.HasPrefix(name, typed) || strings.Contains(name, " "+typed):
		return score + 2
	case strings.Contains(key, typed):
		return score + 1
	}
	return 0
}
