package routing

import (
	"fmt"
	"time"
)

// Learned is what somebody has answered, as it was counted: it speaks for them beside the skills they were given.
type Learned struct {
	Topic  bool          `json:"topic,omitempty"` // Key is a topic; else an intent
	Key    string        `json:"key"`
	Name   string        `json:"name"` // for people
	Count  int           `json:"count"`
	Median time.Duration `json:"median"` // from being asked to the answer
}

const (
	learnedPoints = 2.0 // at most: half of what a skill that was given counts
	learnedUsual  = 8   // answers after which half of them are given
	learnedLeast  = 3   // answers below which nothing can be said
	learnedKnows  = 5   // answers on a topic from which somebody counts as knowing it
)

// Knowing gives people what they have learned, by their keys. It must not run beside Decide.
func (r *Roster) Knowing(learned map[string][]Learned) *Roster {
	for i := range r.people {
		r.people[i].Learned = learned[r.people[i].Key]
	}
	return r
}

// experience is what p has learned that serves the case best, and how many points it gives. A topic goes before an intent:
// it says more.
func (p *Person) experience(c *Case) (best *Learned, points float64) {
	for i := range p.Learned {
		l := &p.Learned[i]
		sure := 0.0
		if l.Count < learnedLeast {
			continue
		}
		if l.Topic {
			for _, t := range c.Topics {
				if t == l.Key {
					sure = 1
				}
			}
		} else {
			for _, s := range c.Intents {
				if s.Key == l.Key {
					sure = 0.6 * s.Confidence
				}
			}
		}
		if v := learnedPoints * sure * float64(l.Count) / float64(l.Count+learnedUsual); v > points {
			best, points = l, v
		}
	}
	return best, points
}

// says is l in words: "knows Kettle Pro: 14 answered, 2 min median".
func (l *Learned) says() string {
	return fmt.Sprintf("knows %s: %d answered, %s median", l.Name, l.Count, span(l.Median))
}

// span is a length of time as people say it.
func span(d time.Duration) string {
	switch {
	case d < 90*time.Minute:
		return fmt.Sprintf("%d min", max(1, int(d.Minutes()+0.5)))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()+0.5))
	}
	return fmt.Sprintf("%d d", int(d.Hours()/24+0.5))
}
