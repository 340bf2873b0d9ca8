package topic

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Found is a topic in a text.
type Found struct {
	Key   string
	Name  string
	Words string // as written in the text, the first time
}

// mostFound is how many topics one text can be on: a wall of names is about nothing.
const mostFound = 16

// leastStem is how many letters a word before a * has at least.
const leastStem = 2

// Matcher finds topics in texts. It never changes and may be used by several goroutines; nil finds nothing.
type Matcher struct {
	topics []Topic
	root   node
}

// node is where one stands after some words of a phrase.
type node struct {
	whole map[string]*node // by the next word
	stems map[string]*node // by how the next word begins
	least int              // letters of the shortest and the longest of stems, in bytes
	most  int
	ends  []int // topics whose phrase ends here
}

// Compile makes a matcher of the topics that are enabled. A topic without a phrase is found by its name.
func Compile(topics []Topic) *Matcher {
	m := &Matcher{topics: slices.Clone(topics)}
	for k, t := range m.topics {
		if !t.Enabled {
			continue
		}
		phrases := t.Phrases
		if len(phrases) == 0 {
			phrases = []string{t.Name}
		}
		for _, p := range phrases {
			m.add(p, k)
		}
	}
	return m
}

// add puts a phrase into the tree.
func (m *Matcher) add(phrase string, topic int) {
	at := &m.root
	list := words(phrase)
	for _, w := range list {
		stem := strings.HasPrefix(phrase[w.end:], "*") && utf8.RuneCountInString(w.folded) >= leastStem
		at = at.next(w.folded, stem)
	}
	if len(list) > 0 && !slices.Contains(at.ends, topic) {
		at.ends = append(at.ends, topic)
	}
}

func (n *node) next(w string, stem bool) *node {
	of := &n.whole
	if stem {
		of = &n.stems
		if n.least == 0 || len(w) < n.least {
			n.least = len(w)
		}
		n.most = max(n.most, len(w))
	}
	if *of == nil {
		*of = map[string]*node{}
	}
	if (*of)[w] == nil {
		(*of)[w] = &node{}
	}
	return (*of)[w]
}

// hit is a phrase found: its topic, and its words from, to.
type hit struct{ topic, from, to int }

// Find returns the topics that texts, read as one, are on, in the order they are first named. A name within a longer one
// of the same kind does not count: who says "Kettle Pro" does not speak of the "Kettle".
func (m *Matcher) Find(texts ...string) []Found {
	if m == nil || m.root.whole == nil && m.root.stems == nil {
		return nil
	}
	var out []Found
	seen := map[string]bool{}
	for _, text := range texts {
		list := words(text)
		for _, h := range m.meant(m.hits(list)) {
			t := m.topics[h.topic]
			if seen[t.Key] || len(out) == mostFound {
				continue
			}
			seen[t.Key] = true
			said := strings.ToValidUTF8(text[list[h.from].start:min(list[h.to-1].end, list[h.from].start+100)], "")
			out = append(out, Found{t.Key, t.Name, strings.Clone(said)})
		}
	}
	return out
}

func (m *Matcher) hits(list []word) (out []hit) {
	var walk func(n *node, from, at int)
	walk = func(n *node, from, at int) {
		for _, t := range n.ends {
			out = append(out, hit{t, from, at})
		}
		if at == len(list) || len(out) > 4*mostText {
			return
		}
		w := list[at].folded
		if next, ok := n.whole[w]; ok {
			walk(next, from, at+1)
		}
		if n.stems == nil {
			return
		}
		for k := n.least; k <= min(n.most, len(w)); k++ {
			if next, ok := n.stems[w[:k]]; ok {
				walk(next, from, at+1)
			}
		}
	}
	for k := range list {
		walk(&m.root, k, k)
	}
	return out
}

// meant leaves out what stands within a longer name of the same kind.
func (m *Matcher) meant(hits []hit) []hit {
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to), cmp.Compare(m.topics[a.topic].Key, m.topics[b.topic].Key))
	})
	until := map[Kind]hit{} // the one that reaches furthest so far
	out := hits[:0]
	for _, h := range hits {
		kind := m.topics[h.topic].Kind
		if u, ok := until[kind]; ok && h.to <= u.to && (h.from > u.from || h.to < u.to) && h.topic != u.topic {
			continue
		}
		if u, ok := until[kind]; !ok || h.to > u.to {
			until[kind] = h
		}
		out = append(out, h)
	}
	return out
}

// Keys are those of the topics that texts are on.
func (m *Matcher) Keys(texts ...string) []string {
	var out []string
	for _, f := range m.Find(texts...) {
		out = append(out, f.Key)
	}
	return out
}
