package topic

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"switchboard/internal/desk"
	"switchboard/internal/staff"
)

// Suggestion is a phrase that seems to belong to a topic, or to mislead about it, by what people did by hand.
type Suggestion struct {
	Topic  Topic
	Phrase string // as it was written
	Count  int    // conversations that were put on the topic by hand, or taken off, and say it
	Drop   bool   // they were taken off: the phrase finds what is not meant
}

const (
	suggestSpan  = 90 * 24 * time.Hour
	suggestRead  = 2000 // messages of conversations that were corrected, the newest
	suggestUsual = 1000 // messages whose words are what people say anyhow, the newest
	suggestLeast = 3    // conversations that must share a phrase
	suggestLift  = 5.0  // how much oftener it is said in them than anyhow
	suggestMost  = 5    // of a topic
)

// spoken is something a contact said in a conversation.
type spoken struct {
	conversation desk.ConversationID
	topic        string
	removed      bool
	text         string
}

// Suggestions returns phrases that go with what people put on conversations by hand and took off them. Nothing is changed by it.
func (b *Book) Suggestions(ctx context.Context, who staff.Actor) ([]Suggestion, error) {
	if err := who.Require(staff.DepartmentsManage); err != nil {
		return nil, err
	}
	s, err := b.now(ctx)
	if err != nil {
		return nil, err
	}
	corrected, err := byHand(ctx, b.Store.Read(), b.Now().Add(-suggestSpan), suggestRead)
	if err != nil || len(corrected) == 0 {
		return nil, err
	}
	usual, err := newestSaid(ctx, b.Store.Read(), suggestUsual)
	if err != nil {
		return nil, err
	}
	return suggested(s.topics, s.matcher, corrected, usual), nil
}

// shared counts in how many conversations a phrase is said, and how it was first written.
type shared struct {
	in      map[desk.ConversationID]bool
	written string
}

// suggested is what follows from what people corrected, given what is said anyhow.
func suggested(topics []Topic, m *Matcher, corrected []spoken, usual []string) (out []Suggestion) {
	often := map[string]int{}
	for _, text := range usual {
		for p := range phrasesIn(text) {
			often[p]++
		}
	}
	for _, t := range topics {
		added, dropped, all := map[string]*shared{}, map[string]*shared{}, map[desk.ConversationID]bool{}
		for _, c := range corrected {
			if c.topic != t.Key {
				continue
			}
			found := slices.IndexFunc(m.Find(c.text), func(f Found) bool { return f.Key == t.Key })
			switch {
			case c.removed && found >= 0:
				said := m.Find(c.text)[found].Words
				note(dropped, fold(said), said, c.conversation)
			case !c.removed:
				all[c.conversation] = true
				if found >= 0 {
					continue // what is found already needs no other phrase
				}
				for p, written := range phrasesIn(c.text) {
					note(added, p, written, c.conversation)
				}
			}
		}
		out = append(out, worth(t, dropped, func(string, *shared) bool { return true }, true)...)
		out = append(out, worth(t, added, func(p string, s *shared) bool {
			here, anyhow := float64(len(s.in))/float64(len(all)), float64(often[p]+1)/float64(len(usual)+2)
			return here >= suggestLift*anyhow
		}, false)...)
	}
	return out
}

func note(in map[string]*shared, phrase, written string, c desk.ConversationID) {
	if in[phrase] == nil {
		in[phrase] = &shared{map[desk.ConversationID]bool{}, written}
	}
	in[phrase].in[c] = true
}

// worth are the phrases that enough conversations share, the most shared first; of two that stand within each other and are
// shared alike, the longer.
func worth(t Topic, all map[string]*shared, good func(string, *shared) bool, drop bool) (out []Suggestion) {
	keys := slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(all[b].in), len(all[a].in)), cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	var taken []string
	for _, p := range keys {
		s := all[p]
		within := func(o string) bool { return strings.Contains(" "+o+" ", " "+p+" ") && len(all[o].in) == len(s.in) }
		if len(s.in) < suggestLeast || len(out) == suggestMost || !good(p, s) || slices.ContainsFunc(taken, within) {
			continue
		}
		taken = append(taken, p)
		out = append(out, Suggestion{t, s.written, len(s.in), drop})
	}
	return out
}

// phrasesIn are the words of a text and the pairs of them that stand side by side, folded, with how each is first written.
func phrasesIn(text string) map[string]string {
	out := map[string]string{}
	list := words(text)
	telling := func(w word) bool { return utf8.RuneCountInString(w.folded) > 2 }
	for k, w := range list {
		if telling(w) {
			put(out, w.folded, text[w.start:w.end])
		}
		if k > 0 && telling(list[k-1]) && len(w.folded) > 0 && w.start-list[k-1].end == 1 && text[list[k-1].end] == ' ' {
			put(out, list[k-1].folded+" "+w.folded, text[list[k-1].start:w.end])
		}
	}
	return out
}

func put(m map[string]string, key, written string) {
	if _, ok := m[key]; !ok && utf8.RuneCountInString(written) <= mostPhrase {
		m[key] = strings.Clone(written)
	}
}
