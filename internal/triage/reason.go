package triage

import (
	"math"
	"slices"
	"strings"
)

const (
	mostWords = 3   // named in one reason
	leastPart = 0.2 // of the strongest word's weight, below which a word is not named
)

// signReasons are what we say of a sign.
var signReasons = [...]struct {
	sign sign
	says string
}{
	{safety, "speaks of danger to somebody"}, {stranded, "says it is stranded"}, {breach, "speaks of an account taken over or fraud"},
	{legal, "speaks of law or a regulator"}, {soonSign, "asks for something within the hour"}, {today, "asks for something today"},
	{viral, "is spreading or threatens to"}, {past, "speaks of something long ago"}, {calm, "says there is no hurry"}, {frail, "speaks of somebody who cannot wait"},
	{insult, "contains an insult"}, {selling, "is worded like an advertisement"}, {request, "asks us to do something"},
	{thanks, "says thank you"}, {negative, "sounds unhappy"}, {positive, "sounds pleased"},
}

// explain fills in the reasons, the weightiest first.
func (c *caseOf) explain() {
	a := c.a
	a.Reasons = make([]Reason, 0, 6)
	if len(a.Departments) > 0 && a.Departments[0].Confidence > 1.2/float64(len(c.m.departments.keys)) {
		c.pointing(&c.m.departments, a.Departments[0], "to ")
	}
	if len(a.Intents) > 0 && a.Intents[0].Confidence > 1.2/float64(len(c.m.intents.keys)) {
		c.pointing(&c.m.intents, a.Intents[0], "to the intent ")
	}
	if a.Question {
		r := Reason{What: "asks a question", Weight: 0.6}
		if c.g.n[opener] > 0 {
			r.Words = c.words(c.g.first[opener])
		} else if c.g.n[ask] > 0 {
			r.Words = c.words(c.g.first[ask])
		}
		a.Reasons = append(a.Reasons, r)
	}
	for _, r := range signReasons {
		if n := c.g.n[r.sign]; n > 0 {
			a.Reasons = append(a.Reasons, Reason{What: r.says, Weight: signWeight(r.sign), Words: c.words(c.g.first[r.sign])})
		}
	}
	c.circumstances()
	slices.SortStableFunc(a.Reasons, func(x, y Reason) int {
		switch {
		case x.Weight > y.Weight:
			return -1
		case x.Weight < y.Weight:
			return 1
		}
		return 0
	})
}

func signWeight(k sign) float64 {
	switch k {
	case safety, stranded, breach:
		return 0.95
	case legal, soonSign, viral:
		return 0.85
	case today, past, calm, insult, selling:
		return 0.55
	}
	return 0.35
}

// circumstances are reasons that are not in the words.
func (c *caseOf) circumstances() {
	say := func(b bool, what string, weight float64) {
		if b {
			c.a.Reasons = append(c.a.Reasons, Reason{What: what, Weight: weight})
		}
	}
	in := c.in
	say(c.s.muted, "tries to give orders to the machine that sorts; that part was not listened to", 0.5)
	say(c.own == 0, "has no words of its own", 0.5)
	say(in.Rating == 1 || in.Rating == 2, "comes with a poor rating", 0.6)
	say(in.Rating >= 4, "comes with a good rating", 0.4)
	say(in.Private, "was sent to us alone", 0.3)
	say(in.Overheard, "was not said to us", 0.4)
	say(in.Bot, "comes from a bot", 0.6)
	say(in.Automatic, "was sent automatically", 0.7)
	say(in.Followers >= 50_000, "its author has many followers", 0.5)
	say(slices.Contains(in.Standings, "journalist"), "its author is a journalist", 0.7)
	say(c.own > 0 && c.own <= shortWords && len(in.Thread) > 0, "is short: what was said before it weighed too", 0.3)
}

// words are those of h, as written.
func (c *caseOf) words(h hit) []string {
	if h.to <= h.from {
		return nil
	}
	first, last := c.s.words[h.from], c.s.words[h.to-1]
	text := c.s.segments[first.segment].text
	if last.segment != first.segment || last.end < first.start {
		return nil
	}
	return []string{strings.ToValidUTF8(strings.Clone(text[first.start:min(last.end, first.start+100)]), "")}
}

// pointing names the words that speak for best more than for others. Those of the thread are named as such, and only where they weigh more
// than the message's own.
func (c *caseOf) pointing(h *head, best Score, to string) {
	s := c.s
	class := h.index(best.Key)
	if cap(s.weights) < len(s.words) {
		s.weights = make([]float32, len(s.words))
	}
	by := s.weights[:len(s.words)]
	clear(by)
	for i, f := range s.features {
		row := s.rows[i]
		if f.word < 0 || row == nil {
			continue
		}
		by[f.word] += f.value * row[1+h.from+class].float() // the weights of all classes add up to next to nothing
	}
	weight := math.Round(best.Confidence*100) / 100
	words, own := c.strongest(by, 0, c.own)
	if len(words) > 0 {
		c.a.Reasons = append(c.a.Reasons, Reason{What: sentence(words, "") + to + h.names[class], Weight: weight, Words: words})
	}
	if said, thread := c.strongest(by, c.own, len(by)); thread > own {
		c.a.Reasons = append(c.a.Reasons, Reason{What: sentence(said, ", said before,") + to + h.names[class], Weight: weight})
	}
}

// strongest are the words from one to another, the weightiest first, and how much all that speak for it weigh together.
func (c *caseOf) strongest(by []float32, from, to int) (words []string, sum float32) {
	s := c.s
	var top [mostWords]int
	n := 0
	for i := from; i < to; i++ {
		v := by[i]
		if v <= 0 || s.words[i].kind == mention || s.words[i].kind == link {
			continue
		}
		sum += v
		at := n
		for at > 0 && by[top[at-1]] < v {
			at--
		}
		if at >= mostWords {
			continue
		}
		n = min(n+1, mostWords)
		copy(top[at+1:n], top[at:n-1])
		top[at] = i
	}
	for _, i := range top[:n] {
		if by[i] < leastPart*by[top[0]] {
			break
		}
		w := s.words[i]
		if text := strings.Clone(s.segments[w.segment].text[w.start:w.end]); !slices.Contains(words, text) && len(text) < 100 {
			words = append(words, text)
		}
	}
	if len(words) == 0 {
		return nil, 0
	}
	return words, sum
}

// sentence is "the words 'a', 'b' and 'c' point ", with what is said of the words before "point".
func sentence(words []string, of string) string {
	if len(words) == 1 {
		return "the word '" + words[0] + "'" + of + " points "
	}
	return "the words '" + strings.Join(words[:len(words)-1], "', '") + "' and '" + words[len(words)-1] + "'" + of + " point "
}
