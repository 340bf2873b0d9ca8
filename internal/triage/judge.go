package triage

import "math"

// waits is how far somebody with this intent waits for an answer, from 0 to 1.
var waits = map[string]float64{
	"support": 1, "complaint": 1, "billing": 1, "procedure": 1, "sales": 0.95, "press": 1, "partnership": 0.85, "careers": 0.85,
	"feedback": 0.5, "community": 0.25, "abuse": 0.15, "praise": 0.05, "spam": 0, "other": 0.4,
}

// judge fills in what follows from words, signs and intents: sentiment, spam, urgency, needs, priority.
func (c *caseOf) judge() {
	a := c.a
	a.Question = c.s.marks.questions > 0 || c.g.asked || c.g.n[ask] > 0
	a.Sentiment = c.sentiment()
	a.Spam = c.spam()
	now, soon := c.urgency()
	a.Urgency, a.UrgencyConfidence = Normal, 1-max(now, soon)
	switch {
	case now >= nowLeast:
		a.Urgency, a.UrgencyConfidence = Now, now
	case soon >= todayLeast:
		a.Urgency, a.UrgencyConfidence = Today, soon
	}
	a.Must = c.must()
	a.Needs, a.NeedsConfidence = c.needs()
	// The queue goes by how likely it is that somebody cannot wait, not by the word for it: one that is nearly urgent comes
	// right after those that are.
	hurry := 1 - (1-now)*(1-0.45*max(now, soon))
	a.Priority = (0.3*a.Must + 0.7*hurry) * (1 - 0.9*a.Spam)
}

// sentiment counts kind and harsh words and asks the intents what they make of it.
func (c *caseOf) sentiment() float64 {
	g := c.g
	x := 1.2*float64(g.n[positive]) + 0.5*float64(min(g.n[thanks], 1)) - 1.3*float64(g.n[negative]) - 1.5*float64(g.n[insult])
	if x > 0 && c.share("complaint") > 0.5 { // "great, lost again": kind words of somebody who complains
		x = -0.3
	}
	x += 1.2*c.share("praise") - 1.5*c.share("complaint") - 0.8*c.share("abuse")
	switch {
	case c.in.Rating == 1 || c.in.Rating == 2:
		x -= 2
	case c.in.Rating >= 4:
		x += 1.5
	}
	return (1-moodSay)*(2*logistic(x)-1) + moodSay*float64(c.mood[2]-c.mood[0])
}

// How much what was learned from messages weighs beside what is in the lexicon.
const (
	moodSay    = 0.7
	mustSay    = 0.8
	hurrySay   = 1.0
	lexiconSay = 0.5
	nowLeast   = 0.5
	todayLeast = 0.5
)

// odds is the logarithm of how much likelier a share is than not.
func odds(p float32) float64 {
	x := math.Min(math.Max(float64(p), 1e-4), 1-1e-4)
	return math.Log(x / (1 - x))
}

// spam is how likely nobody in the company should care. It is never so sure as to hide a message.
func (c *caseOf) spam() float64 {
	m := c.s.marks
	x := -3.2 + 4.5*c.share("spam") + 0.9*float64(min(c.g.n[selling], 3))
	if m.links > 0 {
		x += 0.5
	}
	if m.mentions > 5 {
		x++
	}
	if c.in.Bot {
		x += 0.5
	}
	for _, s := range c.in.Standings {
		if s == "customer" || s == "journalist" || s == "partner" {
			x -= 2
			break
		}
	}
	if c.own == 0 {
		x = -4
	}
	return logistic(x)
}

// urgency goes by what is the matter, not by how loud it is said: most urgent messages are calm reports, and last
// month's anger can wait.
func (c *caseOf) urgency() (now, soon float64) {
	g := c.g
	n := func(k sign) float64 { return float64(min(g.n[k], 2)) }
	now = -2.6 + 2.4*n(safety) + 2.4*n(stranded) + 2.3*n(breach) + 1.9*n(legal) + 1.6*n(soonSign) + 1.0*n(viral) + 0.9*n(frail)
	if c.a.Sentiment < 0 && c.in.Followers >= 50_000 && !c.in.Private {
		now += 1.5
	}
	if g.n[today] > 0 && now > -2.6 {
		now += 0.8
	}
	about := max(c.share("praise"), c.share("careers"), c.share("spam"), c.share("community"), c.share("partnership"))
	if about > 0.5 {
		now -= 2.5 * about
	}
	late := 1.8 * n(past)
	if g.n[stranded]+g.n[soonSign]+g.n[safety] > 0 {
		late /= 2 // "ordered last month, house without heating now"
	}
	now -= late
	now -= 2 * n(calm)
	soon = -1.6 + 1.6*n(today) + 0.8*n(soonSign) + 0.8*n(legal) + 0.8*n(viral) + 1.2*c.share("complaint") + 0.9*c.share("press") - 0.8*n(past) - 2*n(calm)
	return logistic(lexiconSay*now + hurrySay*(odds(c.hurry[0])+2.2)), logistic(lexiconSay*soon + hurrySay*(odds(c.hurry[0]+c.hurry[1])+0.5))
}

// must is how likely somebody waits for an answer. To miss one is worse than to read one too many.
func (c *caseOf) must() float64 {
	g, in, a := c.g, c.in, c.a
	if c.own == 0 {
		if in.Private && !in.Bot && !in.Automatic {
			return 0.5 // a picture or a file alone, sent to us
		}
		if c.s.marks.questions > 0 && !in.Bot && !in.Automatic {
			return 0.5 // "???"
		}
		return 0.1
	}
	x := -1.5
	for i, key := range c.m.intents.keys {
		w, known := waits[key]
		if !known {
			w = 0.7
		}
		x += 3 * w * float64(c.intents[i])
	}
	yes := func(b bool, by float64) {
		if b {
			x += by
		}
	}
	yes(a.Question, 1.8)
	yes(g.n[request] > 0, 1.2)
	yes(g.n[negative] > 0, 0.6)
	yes(a.Urgency == Now, 2)
	yes(a.Urgency == Today, 0.8)
	yes(in.Private, 0.8)
	yes(in.Rating == 1 || in.Rating == 2, 1.2)
	for _, s := range in.Standings {
		yes(s == "customer", 0.4)
		yes(s == "journalist", 1)
	}
	turned := g.n[turn] > 0 && g.n[positive]+g.n[thanks] > 0 // "lovely, but"
	yes(turned, 1.5)
	yes(!turned && g.n[thanks] > 0 && !a.Question && g.n[request] == 0 && g.n[negative] == 0, -1.6)
	yes(!turned && g.n[positive] > 0 && g.n[negative] == 0 && !a.Question, -0.6)
	yes(in.Overheard, -1)
	yes(in.Kind == "article", -1.5)
	yes(in.Bot, -2)
	yes(in.Automatic, -4)
	yes(c.retold(), -2)
	x -= 4 * a.Spam
	return logistic(0.5*x + mustSay*odds(c.waiting[0]))
}

// retold reports a message passed on ("RT @…"): said by somebody else.
func (c *caseOf) retold() bool {
	if c.own < 3 || c.s.words[1].kind != mention {
		return false
	}
	w := c.s.words[0]
	l := c.s.folded[w.from:w.to]
	return len(l) == 2 && l[0] == 'r' && l[1] == 't'
}

// Where must ends and where none begins. Between the two somebody looks: what is set aside must be sure to wait for nothing.
const (
	mustLeast = 0.3
	noneMost  = 0.15
)

func (c *caseOf) needs() (Answer, float64) {
	a := c.a
	if a.Must >= mustLeast {
		return Must, a.Must // may be below one half: somebody looks to be on the safe side
	}
	kind := max(c.share("praise"), 0.6*c.share("community"), 0.5*c.share("feedback"))
	if c.g.n[thanks] > 0 || c.g.n[positive] > 0 {
		kind = max(kind, 0.6)
	}
	if c.in.Automatic || c.in.Bot || a.Spam > 0.5 {
		kind = 0
	}
	if kind >= 0.35 || a.Must > noneMost {
		return Courtesy, (1 - a.Must) * max(kind, 0.35)
	}
	return None, (1 - a.Must) * (1 - kind)
}
