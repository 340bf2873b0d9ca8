package routing

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// What speaks for a person, in points. Knowledge beats load: a wrong answer from a free hand costs more time than the
// right one from a busy expert. Load decides between equals.
const (
	knowsPoints    = 4.0
	beforePoints   = 2.0 // answered this contact lately; half of it after halfLife
	languagePoints = 1.0
	speakPoints    = 1.0  // was given the right to speak on the account: the answer waits for nobody
	foreignPoints  = -3.0 // has languages, but not this one
	loadPoints     = 1.0  // taken off someone at capacity; a share of it before
	halfLife       = 90 * 24 * time.Hour
	openEnded      = 20 // conversations that count as full for somebody without a limit
)

// urgentPoints are taken off, where it is urgent, for each urgent one that somebody holds already. They only tell between
// people who all hold one: whoever speaks the language and holds none comes before them, however much they know.
const urgentPoints = 2.0

const (
	knows  = 0.5  // share of a skill from which somebody counts as knowing the matter
	recent = 0.05 // share of continuity below which it is forgotten
)

// considered is one person with what speaks for them.
type considered struct {
	Candidate
	skill     string
	knowledge float64
	before    time.Time
	bond      float64
	load      int
	appointed bool     // among the speakers of the account
	spare     bool     // the case is urgent, and they hold no urgent one and speak its language
	learned   *Learned // what they have answered that serves here, nil for nothing
}

// now is the urgency of what cannot wait.
const now = "now"

func (c *Case) urgent() bool { return c.Urgency == now }

// known reports whether something better than a free hand speaks for the person.
func (c *considered) known() bool {
	return c.knowledge >= knows || c.bond > recent || c.learned != nil && c.learned.Topic && c.learned.Count >= learnedKnows
}

// candidates are the n best people of a department who are at work and can take one more, without those to be left out.
func candidates(c *Case, roster *Roster, department string, n int, without ...string) []considered {
	from, to := roster.members(department)
	best := make([]considered, 0, n+1)
	for i := from; i < to; i++ {
		p := &roster.people[i]
		if p.Department != department || !p.present(c.At) || !p.free() || slices.Contains(without, p.Key) {
			continue
		}
		k := consider(c, p)
		at, _ := slices.BinarySearchFunc(best, k, before)
		if at < n {
			best = slices.Insert(best, at, k)
			best = best[:min(len(best), n)]
		}
	}
	for i := range best {
		best[i].Why = best[i].why(c, roster)
	}
	return best
}

// before orders candidates, the best first.
func before(a, b considered) int {
	if a.spare != b.spare {
		if a.spare {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.load, b.load), cmp.Compare(a.Person, b.Person))
}

// passedOver is who would have had an urgent case if they did not hold an urgent one already; "" for nobody.
func passedOver(c *Case, roster *Roster, best considered) string {
	calm := *c
	calm.Urgency = ""
	first := candidates(&calm, roster, best.Department, 1)
	if !c.urgent() || len(first) == 0 || first[0].Person == best.Person || !first[0].known() || first[0].Score <= 0 {
		return ""
	}
	return first[0].Person
}

// consider weighs one person.
func consider(c *Case, p *Person) considered {
	k := considered{Candidate: Candidate{Person: p.Key, Department: p.Department}, load: p.Load}
	for _, s := range c.Skills {
		if s.Confidence > k.knowledge && p.has(s.Key) {
			k.knowledge, k.skill = s.Confidence, s.Key
		}
	}
	for _, b := range c.Before {
		if b.Person == p.Key && b.At.After(k.before) {
			k.before = b.At
			k.bond = math.Exp2(-float64(max(0, c.At.Sub(b.At))) / float64(halfLife))
		}
	}
	var points float64
	k.learned, points = p.experience(c)
	k.Score = knowsPoints*k.knowledge + beforePoints*k.bond + points
	switch {
	case p.foreign(c):
		k.Score += foreignPoints
	case len(p.Languages) > 0 && slices.Contains(p.Languages, c.Language):
		k.Score += languagePoints
	}
	if c.urgent() {
		k.spare = p.Urgent == 0 && !p.foreign(c)
		k.Score -= urgentPoints * float64(p.Urgent)
	}
	full := p.Capacity
	if full <= 0 {
		full = openEnded
	}
	k.Score -= loadPoints * min(1, float64(p.Load)/float64(full))
	_, k.appointed = slices.BinarySearch(c.Speakers, p.Key)
	k.MaySpeak = k.appointed || p.Speaks
	if k.appointed {
		k.Score += speakPoints
	}
	return k
}

// foreign reports whether p names languages, and the one of the case is not among them.
func (p *Person) foreign(c *Case) bool {
	return len(p.Languages) > 0 && c.Language != "" && c.Language != "und" && !slices.Contains(p.Languages, c.Language)
}

func (p *Person) has(skill string) bool {
	for _, s := range p.Skills {
		if len(s) == len(skill) && strings.EqualFold(s, skill) || strings.EqualFold(strings.TrimSpace(s), skill) {
			return true
		}
	}
	return false
}

// why is what speaks for the person, and against, in words.
func (k *considered) why(c *Case, roster *Roster) string {
	p := &roster.people[roster.person[k.Person]]
	var says []string
	if k.knowledge >= knows {
		says = append(says, "knows "+k.skill)
	}
	if k.learned != nil {
		says = append(says, k.learned.says())
	}
	switch {
	case p.Load == 0:
		says = append(says, "free")
	case p.Capacity > 0:
		says = append(says, fmt.Sprintf("has %d of %d", p.Load, p.Capacity))
	default:
		says = append(says, fmt.Sprintf("has %d open", p.Load))
	}
	if k.bond > recent {
		says = append(says, "answered this contact "+ago(c.At, k.before))
	}
	if c.urgent() && p.Urgent > 0 {
		says = append(says, "has an urgent one already")
	}
	if p.foreign(c) {
		says = append(says, "does not list "+spoken(c.Language))
	}
	switch {
	case k.appointed:
		says = append(says, "may speak on this account")
	case c.Speakers != nil && !k.MaySpeak:
		says = append(says, "may not speak on this account: the answer will wait for an approval")
	}
	return strings.Join(says, "; ")
}

// take makes a candidate the one who gets it.
func (d *Decision) take(roster *Roster, k considered) {
	d.Person = k.Person
	d.Reasons = append(d.Reasons, roster.called(k.Person)+": "+k.Why)
}

// spoken is what people call a language, by its code.
func spoken(code string) string {
	if name := display.English.Languages().Name(language.Make(code)); name != "" {
		return name
	}
	return "the language " + code
}

// ago is a moment seen from now, as people say it.
func ago(now, then time.Time) string {
	then = then.In(now.Location())
	switch days := int(now.Sub(then).Hours() / 24); {
	case days < 1:
		return "in the last day"
	case days == 1:
		return "a day ago"
	case days < 14:
		return fmt.Sprintf("%d days ago", days)
	case then.Year() == now.Year():
		return "in " + then.Month().String()
	}
	return fmt.Sprintf("in %s %d", then.Month(), then.Year())
}

// person fills in the best people and takes the first of them where the department wants that. wanted is the person a
// rule names, "" for none.
func (d *Decision) person(c *Case, roster *Roster, wanted string) {
	best := candidates(c, roster, d.Department, suggestions)
	for _, k := range best {
		d.Candidates = append(d.Candidates, k.Candidate)
	}
	if wanted != "" {
		switch i, ok := roster.person[wanted]; {
		case ok && roster.people[i].present(c.At) && roster.people[i].free():
			d.Person = wanted
			return
		case ok:
			d.Reasons = append(d.Reasons, named(roster.people[i].Name, wanted)+", whom the rule names, is absent or has no room")
		default:
			d.Reasons = append(d.Reasons, "the person whom the rule names is no more")
		}
	}
	assign := AssignKnown
	if i, ok := roster.department[d.Department]; ok {
		assign = roster.departments[i].Assign
	}
	switch {
	case assign == AssignNever:
	case len(best) == 0:
		d.Reasons = append(d.Reasons, "nobody of "+roster.name(d.Department)+" is free now: it waits in the queue")
	case assign == AssignAlways || best[0].known() && best[0].Score > 0:
		d.take(roster, best[0])
	default: // what cannot wait goes to a free hand rather than to the one who knows and holds another such
		if p := passedOver(c, roster, best[0]); p != "" && best[0].spare {
			d.take(roster, best[0])
			d.Reasons = append(d.Reasons, roster.called(p)+", who knows it, has an urgent one already")
		}
	}
}
