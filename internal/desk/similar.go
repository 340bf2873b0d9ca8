package desk

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"switchboard/internal/contact"
	"switchboard/internal/fault"
	"switchboard/internal/letters"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Similar is an earlier message of another contact that says much the same, and what came of it.
type Similar struct {
	Row        Row // of its conversation
	Message    Message
	Score      float64        // 0 to 1: how much of what the two say is the same, rare words counting most
	Words      []string       // that both say, the rarest first
	AnsweredBy staff.PersonID // zero: nobody, or nobody knows who
	AnsweredAt time.Time      // zero: not answered
	Answer     string         // what was answered
	AnswerID   MessageID
	Ended      bool // nothing came after that answer, and the conversation was closed
}

// Bounds of a search for similar messages: it is the same work whatever the number of messages.
const (
	similarWords  = 12 // of the message that are looked for, the longest
	similarHits   = 16 // newest messages looked at for each
	similarPairs  = 3  // of its rarest words are also looked for two by two
	similarRead   = 60 // messages whose text is compared
	similarLeast  = 0.25
	similarAnswer = 1.2 // how much sooner one is shown that was answered
	similarText   = 4000
)

// Similar returns the earlier messages of other contacts that are most like the last thing said in a conversation, the most
// similar first. Of conversations that who may not see none is returned, and none of their words.
func (d *Desk) Similar(ctx context.Context, who staff.Actor, id ConversationID, limit int) ([]Similar, error) {
	c, err := d.Conversation(ctx, who, id)
	if err != nil {
		return nil, err
	}
	m, err := LastInbound(ctx, d.Store.Read(), id)
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			return nil, nil
		}
		return nil, err
	}
	s := search{said: saidIn(m), worth: map[string]float64{}, found: map[MessageID]float64{}}
	if err := s.look(ctx, d, m.ID); err != nil || len(s.found) == 0 {
		return nil, err
	}
	messages, err := Messages(ctx, d.Store.Read(), s.best(similarRead))
	if err != nil {
		return nil, err
	}
	list := s.compared(messages)
	if list, err = d.seen(ctx, who, c.Contact, list); err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b Similar) int {
		return cmp.Or(cmp.Compare(b.rank(), a.rank()), cmp.Compare(b.Message.ID, a.Message.ID))
	})
	return list[:min(limit, len(list))], nil
}

func (s Similar) rank() float64 {
	if s.AnsweredAt.IsZero() {
		return s.Score
	}
	return s.Score * similarAnswer
}

// saidIn are the words of a message that can tell it from others, each once, and how it writes them.
func saidIn(m Message) map[string]string {
	out := map[string]string{}
	text := letters.First(m.Subject+" "+m.Text, similarText)
	for _, t := range tokensOf(text) {
		if n := utf8.RuneCountInString(t.word); !t.tail && (n > 2 && n < 40 || n > 0 && t.word[0] >= utf8.RuneSelf) {
			out[t.word] = strings.ToLower(text[t.from:t.to])
		}
	}
	return out
}

// search is one search for what is similar.
type search struct {
	said  map[string]string
	worth map[string]float64     // of the words looked for: the rarer, the more
	found map[MessageID]float64  // by the worth of the words found in them
	hits  map[string][]MessageID // newest first
}

// look asks the full text for the words one by one, sees from the newest hits how rare each is, and asks for the rarest two
// by two: so that what is alike is found however long ago it was said.
func (s *search) look(ctx context.Context, d *Desk, before MessageID) error {
	list := slices.SortedFunc(maps.Keys(s.said), func(a, b string) int {
		return cmp.Or(cmp.Compare(utf8.RuneCountInString(b), utf8.RuneCountInString(a)), cmp.Compare(a, b))
	})
	var err error
	if s.hits, err = hits(ctx, d.Store, list[:min(len(list), similarWords)], before); err != nil {
		return err
	}
	s.weigh(before)
	for w, ids := range s.hits {
		for _, id := range ids {
			s.found[id] += s.worth[w]
		}
	}
	rare := s.rarest()
	rare = rare[:min(len(rare), similarPairs)]
	if d.Store.Dialect == store.Postgres {
		rare = nil // see hits: there it is the dearest of all, and the rare ones have been found
	}
	for i, a := range rare {
		for _, b := range rare[i+1:] {
			ids, err := searched(ctx, d.Store, []term{{words: []string{a}}, {words: []string{b}}}, nil, span{before: before}, similarHits)
			if err != nil {
				return err
			}
			for _, id := range ids {
				s.found[id] = max(s.found[id], s.worth[a]+s.worth[b])
			}
		}
	}
	return nil
}

// weigh says what each word is worth: how many messages hold it follows from how far back its newest hits reach.
func (s *search) weigh(before MessageID) {
	var widest float64
	for _, ids := range s.hits {
		widest = max(widest, float64(before-ids[len(ids)-1]))
	}
	rate, most := map[string]float64{}, 0.0
	for w, ids := range s.hits {
		span := widest
		if len(ids) == similarHits {
			span = float64(before - ids[len(ids)-1])
		}
		rate[w] = float64(len(ids)) / max(span, 1)
		most = max(most, rate[w])
	}
	for w, r := range rate {
		s.worth[w] = math.Log(1 + most/r)
	}
}

// rarest are the words that were found, the rarest first.
func (s *search) rarest() []string {
	return slices.SortedFunc(maps.Keys(s.worth), func(a, b string) int {
		return cmp.Or(cmp.Compare(s.worth[b], s.worth[a]), cmp.Compare(a, b))
	})
}

func (s *search) best(n int) []MessageID {
	ids := slices.SortedFunc(maps.Keys(s.found), func(a, b MessageID) int {
		return cmp.Or(cmp.Compare(s.found[b], s.found[a]), cmp.Compare(b, a))
	})
	return ids[:min(n, len(ids))]
}

// compared are the messages alike enough, the most first: the cosine of the words of both by their worth.
func (s *search) compared(messages map[MessageID]Message) (out []Similar) {
	mean, own := 0.0, 0.0
	for _, v := range s.worth {
		mean += v / float64(len(s.worth))
		own += v * v
	}
	rare := s.rarest()
	for _, m := range messages {
		if m.Direction != In || !m.DeletedAt.IsZero() || m.Conversation.IsZero() {
			continue
		}
		theirs := saidIn(m)
		both, other := 0.0, 0.0
		for w := range theirs {
			v, ok := s.worth[w]
			if ok {
				both, other = both+v*v, other+v*v
			} else if _, said := s.said[w]; !said {
				other += mean * mean
			}
		}
		if both == 0 {
			continue
		}
		r := Similar{Message: m, Score: both / math.Sqrt(own*other)}
		if r.Score < similarLeast {
			continue
		}
		for _, w := range rare {
			if _, said := theirs[w]; said {
				r.Words = append(r.Words, strings.Clone(s.said[w]))
			}
		}
		r.Words = r.Words[:min(len(r.Words), 5)]
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b Similar) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Message.ID, a.Message.ID))
	})
	return out
}

// seen leaves of list what is in conversations of others that who may see, one of each conversation, with what became of it.
func (d *Desk) seen(ctx context.Context, who staff.Actor, but contact.ID, list []Similar) ([]Similar, error) {
	ids := make([]ConversationID, 0, len(list))
	for _, s := range list {
		if !slices.Contains(ids, s.Message.Conversation) {
			ids = append(ids, s.Message.Conversation)
		}
	}
	owners, err := d.Owners(ctx, ids)
	if err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(id ConversationID) bool { c, ok := owners[id]; return !ok || !Sees(who, c) })
	rows, err := d.Listed(ctx, who, ids[:min(len(ids), 30)])
	if err != nil {
		return nil, err
	}
	var out []Similar
	for _, r := range rows {
		if r.Contact == but {
			continue
		}
		s := list[slices.IndexFunc(list, func(s Similar) bool { return s.Message.Conversation == r.ID })]
		s.Row = r
		out = append(out, s)
	}
	if len(out) > 12 {
		out = out[:12]
	}
	return out, answers(ctx, d.Store.Read(), out)
}
