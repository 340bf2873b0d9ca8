// Package storm finds out that many people write about one thing at once. It is pure: what was said comes in with its time, and
// the same comings always give the same storms.
//
// A thing is a key: a post, a link, a hashtag, a topic, a word. Of each key the detector remembers who wrote about it in the
// last quarter of an hour, and how many usually do. A storm is far more than usual and far more than chance. What grows with
// everything else is none: when the whole house is busier, more of each thing is usual.
package storm

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Kind is what a key is, in the order in which one names an incident rather than another.
type Kind string

const (
	Post    Kind = "post"
	Link    Kind = "link"
	Hashtag Kind = "hashtag"
	Topic   Kind = "topic"
	Word    Kind = "word"
)

// Kinds lists the kinds, what names an incident best first.
func Kinds() []Kind { return []Kind{Post, Link, Hashtag, Topic, Word} }

// Key is one thing that is written about.
type Key struct {
	Kind Kind
	What string
}

// Said is that somebody wrote something about some things.
type Said struct {
	At   time.Time
	Case int64 // the conversation: many messages in one count once
	Keys []Key
}

const (
	slot  = 5 * time.Minute
	slots = 3 // of the window: a quarter of an hour

	// Least is how many conversations a storm has at least.
	Least = 8
	// leastWord is the same of a word: a post, a link or a topic that is behind it is to be found first, and names it better.
	leastWord = 10
	// warm is how long a detector watches before it says anything, in windows.
	warm = 4
	// decay is what is left of a slot's weight a slot later: half in a day.
	decay = 0.9976
	// mostKeys bounds the memory: the keys that are seen least are forgotten.
	mostKeys = 60_000
)

// Detector finds storms. The zero Detector has seen nothing. It is not for several goroutines at once.
type Detector struct {
	slot   int64 // the present one
	begun  bool
	weight float64 // of the past, in slots
	keys   map[Key]*seen
	all    seen
}

// seen is how often a key was seen: lately, by conversation and slot, and before that.
type seen struct {
	recent map[int64]int64 // conversation: slot
	past   float64
}

// Storm is a key that is written about far more than usual.
type Storm struct {
	Key   Key
	Now   int     // conversations in the last quarter of an hour
	Usual float64 // as many as are usual in that time
	Cases []int64 // those conversations
}

// Add takes note of what was said and returns the keys that are storms with it, the best name first: of words the one that is
// farthest from what is usual, then the longest, for "since" says nothing. Times may be a little out of order; what is older than
// the window counts as now.
func (d *Detector) Add(s Said) (out []Storm) {
	d.tick(s.At)
	d.all.add(s.Case, d.slot)
	for _, k := range s.Keys {
		one := d.keys[k]
		if one == nil {
			one = &seen{}
			d.keys[k] = one
		}
		one.add(s.Case, d.slot)
	}
	if d.weight < warm*slots {
		return nil
	}
	for _, kind := range Kinds() {
		for _, k := range s.Keys {
			if k.Kind == kind {
				if st, ok := d.look(k); ok {
					out = append(out, st)
				}
			}
		}
	}
	at := slices.IndexFunc(out, func(st Storm) bool { return st.Key.Kind == Word })
	if at < 0 {
		return out
	}
	words := out[at:]
	if !slices.ContainsFunc(words, func(st Storm) bool { return st.Now >= leastWord }) {
		return out[:at]
	}
	slices.SortStableFunc(words, func(a, b Storm) int {
		return cmp.Or(cmp.Compare(float64(b.Now)/b.Usual, float64(a.Now)/a.Usual), cmp.Compare(len(b.Key.What), len(a.Key.What)))
	})
	return out
}

// look says whether a key is a storm now.
func (d *Detector) look(k Key) (Storm, bool) {
	one := d.keys[k]
	n := len(one.recent)
	if n < Least {
		return Storm{}, false
	}
	usual := d.usual(one)
	if float64(n) <= 4*usual+3*math.Sqrt(usual) {
		return Storm{}, false
	}
	st := Storm{Key: k, Now: n, Usual: usual}
	for c := range one.recent {
		st.Cases = append(st.Cases, c)
	}
	return st, true
}

// usual is how many of a key there are in a window, cautiously: little has been seen of what is seen seldom. When there is more
// of everything, there may be more of it too.
func (d *Detector) usual(one *seen) float64 {
	windows := d.weight / slots
	cautious := one.past + 2*math.Sqrt(one.past) + 2
	usual := cautious / windows
	if d.all.past > 0 {
		busier := float64(len(d.all.recent)-len(one.recent)) / (math.Max(d.all.past-one.past, 1) / windows)
		if others := d.all.past - one.past; busier > 1 && others > 4*one.past {
			usual *= busier
		}
	}
	return usual
}

func (s *seen) add(c, slot int64) {
	if s.recent == nil {
		s.recent = map[int64]int64{}
	}
	if _, ok := s.recent[c]; !ok {
		s.recent[c] = slot
	}
}

// tick brings the detector to a time: what is older than the window becomes the past.
func (d *Detector) tick(at time.Time) {
	now := at.Unix() / int64(slot/time.Second)
	if !d.begun {
		d.begun, d.slot, d.keys = true, now, map[Key]*seen{}
		return
	}
	gone := now - d.slot
	if gone <= 0 {
		return
	}
	d.slot = now
	faded := math.Pow(decay, float64(min(gone, 10_000)))
	d.weight = d.weight*faded + (1-faded)/(1-decay)
	d.all.age(now, faded)
	for k, one := range d.keys {
		one.age(now, faded)
		if len(one.recent) == 0 && one.past < 0.2 {
			delete(d.keys, k)
		}
	}
	for floor := 1.0; len(d.keys) > mostKeys; floor *= 2 {
		for k, one := range d.keys {
			if len(one.recent) == 0 && one.past <= floor || floor > 1000 {
				delete(d.keys, k)
			}
		}
	}
}

func (s *seen) age(now int64, faded float64) {
	s.past *= faded
	for c, at := range s.recent {
		if now-at >= slots {
			delete(s.recent, c)
			s.past++
		}
	}
}
