package triage

import "math"

const (
	mostIntents     = 4
	leastIntent     = 0.15 // share below which an intent is not named
	mostDepartments = 5
	leastDepartment = 0.02
)

// Assess says what in is. It never fails: an empty message, broken bytes or a wall of signs give an assessment that is
// sure of nothing.
func (m *Model) Assess(in Input) Assessment {
	s := newScratch()
	defer s.free()
	t := s.take(&in)
	a := Assessment{Learned: m.learned, Language: t.language}
	m.weigh(s)
	scores := m.sum(s)
	departments, intents := m.departments.of(scores), m.intents.of(scores)
	m.lean(intents, &in, &t.g)
	for _, h := range m.heads() {
		softmax(h.of(scores), h.temperature)
	}
	a.Departments = m.departments.ranked(departments, mostDepartments, leastDepartment)
	a.Intents = m.intents.ranked(intents, mostIntents, leastIntent)
	a.Topics = m.topicsIn(s, t.own)
	a.Skills = m.skillsIn(s, t.own)
	c := caseOf{m: m, s: s, in: &in, g: &t.g, own: t.own, intents: intents, waiting: m.needs.of(scores), hurry: m.urgency.of(scores), mood: m.mood.of(scores), a: &a}
	c.judge()
	c.explain()
	return a
}

// caseOf is one message on the table.
type caseOf struct {
	m       *Model
	s       *scratch
	in      *Input
	g       *signals
	own     int
	intents []float32 // shares, by index in m.intents
	waiting []float32 // must, courtesy, none
	hurry   []float32 // now, today, normal
	mood    []float32 // -, 0, +
	a       *Assessment
}

// share is how likely the intent is; 0 for one the company does not have.
func (c *caseOf) share(key string) float64 {
	if i := c.m.intents.index(key); i >= 0 {
		return float64(c.intents[i])
	}
	return 0
}

// leanings are what is known beside the words: on the score of an intent, for a standing of the contact.
var leanings = [...]struct {
	standing, intent string
	by               float32
}{
	{"journalist", "press", 1.5}, {"candidate", "careers", 1}, {"partner", "partnership", 0.8}, {"prospect", "sales", 0.7},
	{"influencer", "partnership", 0.4}, {"customer", "support", 0.3}, {"advocate", "praise", 0.2},
}

// lean moves the scores of intents by what is known beside the words.
func (m *Model) lean(intents []float32, in *Input, g *signals) {
	by := func(key string, v float32) {
		if i := m.intents.index(key); i >= 0 {
			intents[i] += v
		}
	}
	for i, s := range in.Standings {
		for _, l := range leanings {
			if i < 8 && l.standing == s {
				by(l.intent, l.by)
			}
		}
	}
	switch {
	case in.Rating == 1 || in.Rating == 2:
		by("complaint", 1.5)
		by("praise", -1.5)
	case in.Rating >= 4:
		by("praise", 1)
	}
	if g.n[safety]+g.n[stranded]+g.n[breach] > 0 { // whoever is in need wants help, whatever the other words
		by("support", 2)
		by("praise", -2)
		by("community", -2)
	}
	by("spam", min(2, 0.8*float32(g.n[selling])))
	by("abuse", min(2, 0.8*float32(g.n[insult])))
	if g.n[negative] > 0 && g.n[positive] == 0 {
		by("praise", -1)
		by("complaint", 0.4)
	}
	if g.n[positive] > 0 && g.n[negative] == 0 && !g.asked {
		by("praise", 0.5)
	}
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
