package triage

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// wordsWithoutSkill say nothing about what somebody knows.
var wordsWithoutSkill = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`and the for with our all about into from new und der die das mit für von les des pour
		avec una uno los las para por con del della per gli com dos das een het van voor met dla lub oraz`) {
		m[w] = true
	}
	return m
}()

// skillWord is a word of a skill and the skills it is in, with the share of each that it makes up.
type skillWord struct {
	skill int32
	share float32
}

// learnSkills makes the book of all skills named by staff. The same skill of two people is one.
func (m *Model) learnSkills(staff []Person) {
	m.skills = &phrasebook{}
	seen := map[string]bool{}
	for _, p := range staff {
		for _, name := range p.Skills {
			if key := strings.ToLower(strings.TrimSpace(name)); key != "" && !seen[key] {
				seen[key] = true
				m.skillNames = append(m.skillNames, key)
			}
		}
	}
	slices.Sort(m.skillNames)
	words := map[string]int32{}
	for i, name := range m.skillNames {
		var stems []string
		for _, w := range strings.FieldsFunc(name, func(r rune) bool { return !wordRune(r) }) {
			if utf8.RuneCountInString(w) < 2 || wordsWithoutSkill[w] {
				continue
			}
			stems = append(stems, skillStem(w))
		}
		for _, stem := range stems {
			at, known := words[stem]
			if !known {
				at = int32(len(m.skillWords))
				words[stem] = at
				m.skillWords = append(m.skillWords, nil)
				m.skills.add(stem, at, everyLanguage)
			}
			m.skillWords[at] = append(m.skillWords[at], skillWord{int32(i), 1 / float32(len(stems))})
		}
	}
	m.skills.close()
}

func wordRune(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r > utf8.RuneSelf && !ignorable(r) && !pictured(r)
}

// skillStem lets "invoices" be known by "invoice" and "refunds" by "refunded": long words lose their ending.
func skillStem(w string) string {
	n := utf8.RuneCountInString(w)
	switch {
	case n <= 4:
		return w
	case n <= 6:
		n--
	default:
		n -= 2
	}
	return string([]rune(w)[:n]) + "*"
}

// skillsIn are the skills that the first n words of s ask for, the surest first.
func (m *Model) skillsIn(s *scratch, n int) []Score {
	s.hits = s.hits[:0]
	m.skills.find(s, n, everyLanguage)
	if len(s.hits) == 0 {
		return nil
	}
	var found []Score
	slices.SortFunc(s.hits, func(a, b hit) int { return cmp.Compare(a.value, b.value) })
	s.hits = slices.CompactFunc(s.hits, func(a, b hit) bool { return a.value == b.value })
	for _, h := range s.hits {
		for _, w := range m.skillWords[h.value] {
			found = append(found, Score{m.skillNames[w.skill], float64(w.share)})
		}
		if len(found) > 256 {
			break
		}
	}
	slices.SortFunc(found, func(a, b Score) int { return cmp.Compare(a.Key, b.Key) })
	sums := found[:0]
	for _, f := range found {
		if n := len(sums); n > 0 && sums[n-1].Key == f.Key {
			sums[n-1].Confidence = min(1, sums[n-1].Confidence+f.Confidence)
			continue
		}
		sums = append(sums, f)
	}
	sums = slices.DeleteFunc(sums, func(s Score) bool { return s.Confidence < 0.5 })
	slices.SortStableFunc(sums, func(a, b Score) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return sums[:min(len(sums), 8)]
}

// learnTopics makes the book of topics.
func (m *Model) learnTopics(topics []Topic) {
	m.topics, m.topicList = &phrasebook{}, topics
	for i, t := range topics {
		for _, w := range append([]string{t.Name}, t.Words...) {
			m.topics.add(w, int32(i), everyLanguage)
		}
	}
	m.topics.close()
}

// topicsIn are the topics named in the first n words of s, in the order of the seed.
func (m *Model) topicsIn(s *scratch, n int) []string {
	s.hits = s.hits[:0]
	m.topics.find(s, n, everyLanguage)
	if len(s.hits) == 0 {
		return nil
	}
	slices.SortFunc(s.hits, func(a, b hit) int { return cmp.Compare(a.value, b.value) })
	var found []string
	for i, h := range s.hits {
		if i == 0 || s.hits[i-1].value != h.value {
			found = append(found, m.topicList[h.value].Key)
		}
	}
	return found
}
