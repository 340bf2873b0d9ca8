package promise

import "strings"

// Find returns what a text promises, in its order. It never fails: what it does not understand promises nothing.
func Find(text string, s Setting) []Found {
	if len(text) > most {
		text = text[:most]
		for len(text) > 0 && text[len(text)-1]&0xC0 == 0x80 { // not through a letter
			text = text[:len(text)-1]
		}
	}
	lex := tongue(tokens(text, 0, min(len(text), 4000)), s.Language)
	if lex == nil {
		return nil
	}
	r := reckon(s)
	var out []Found
	var wait *moment // "Give us a week." of the sentence before
	for _, one := range sentences(text) {
		if one.quoted {
			continue
		}
		ts := tokens(text, one.from, one.to)
		if len(ts) == 0 || len(ts) > 400 {
			continue
		}
		m := mark(lex, ts)
		f, ok := m.judge(one)
		if !ok {
			wait = m.waits()
			continue
		}
		f.From = one.from + len(text[one.from:one.to]) - len(strings.TrimLeft(text[one.from:one.to], " \t\r\n"))
		f.To = one.from + len(strings.TrimRight(text[one.from:one.to], " \t\r\n"))
		f.Text = text[f.From:f.To]
		if !f.If {
			m.date(&f, r, text, wait)
		}
		wait = nil
		out = append(out, f.Found)
		if len(out) == mostFound {
			break
		}
	}
	return out
}

// mostFound is how many promises of one text are told: nobody makes more in one message.
const mostFound = 20

// judged is a promise and the clause that makes it.
type judged struct {
	Found
	from, to int // tokens
}

// clause is a stretch of a sentence between its commas.
type clause struct{ from, to int }

func (m marks) clauses() []clause {
	var out []clause
	from := 0
	for i, t := range m.ts {
		part := t.after == ',' || t.after == ';' || t.after == ':' || t.after == '('
		if part && t.digits && i+1 < len(m.ts) && m.ts[i+1].digits && m.ts[i+1].from == t.to+1 { // 17:30, 4,50
			part = false
		}
		if part || m.find(i+1, "joint") > 0 {
			out = append(out, clause{from, i + 1})
			from = i + 1
		}
	}
	if from < len(m.ts) {
		out = append(out, clause{from, len(m.ts)})
	}
	return out
}

// has reports whether a phrase of a class begins in a stretch, and where.
func (m marks) has(c clause, what ...class) (int, bool) {
	for i := c.from; i < c.to; i++ {
		for _, h := range m.at[i] {
			for _, w := range what {
				if h.class == w {
					return i, true
				}
			}
		}
	}
	return 0, false
}

// judge says whether a sentence promises something, and what.
func (m marks) judge(one sentence) (judged, bool) {
	list := m.clauses()
	whole := clause{0, len(m.ts)}
	if _, told := m.has(whole, "told"); told || one.asks && !m.tagged(list) {
		return judged{}, false
	}
	depends := false // on the reader
	if m.find(0, "ask") > 0 || m.find(0, "please") > 0 && m.find(1, "ask") > 0 {
		depends = true
	}
	for _, c := range list {
		if i, cond := m.condition(c); cond && m.ofReader(clause{i, c.to}) {
			depends = true
		}
	}
	general := false // a clause of the sentence is about what always holds
	for _, c := range list {
		if _, h := m.has(c, "habit"); h {
			general = true
		}
	}
	if general {
		return judged{}, false
	}
	for _, c := range list {
		f, ok := m.commits(c)
		if !ok {
			continue
		}
		j := judged{Found: f, from: c.from, to: c.to}
		j.If = depends
		j.Kind = m.kind(c, whole)
		return j, true
	}
	return judged{}, false
}

// tagged reports whether a question only asks for a nod at its end: "…, all right?"
func (m marks) tagged(list []clause) bool {
	last := list[len(list)-1]
	_, nod := m.has(last, "nod")
	return len(list) > 1 && nod && last.to-last.from <= 2
}

// ofReader reports whether what follows an "if" is for the reader to do.
func (m marks) ofReader(c clause) bool {
	_, you := m.has(c, "reader")
	return you
}

// condition returns where a clause says "if", if it does. Portuguese "se" is more often a pronoun, but at the beginning.
func (m marks) condition(c clause) (int, bool) {
	i, ok := m.has(c, "if")
	if ok && i > c.from+1 && m.lex.lang == "pt" && m.ts[i].folded == "se" {
		return 0, false
	}
	return i, ok
}

// passively reports whether something of the reader's will be done: "your money will be refunded on Friday".
func (m marks) passively(c clause) bool {
	if _, theirs := m.has(c, "theirs"); theirs {
		return false
	}
	_, aux := m.has(c, "passive")
	_, done := m.has(c, "pp")
	return aux && done && (m.aims(c) || m.soon(clause{0, len(m.ts)}))
}

// commits reports whether a clause says that one of us will do something.
func (m marks) commits(c clause) (Found, bool) {
	if i, cond := m.condition(c); cond && i <= c.from+1 && c.to-c.from < len(m.ts) { // "as soon as he is back": the promise is elsewhere
		return Found{}, false
	}
	if _, no := m.has(c, "neg", "hedge", "past"); no {
		return Found{}, false
	}
	if _, ok := m.has(c, "sure.us"); ok {
		return Found{By: Us}, true
	}
	if _, ok := m.has(c, "sure.me"); ok {
		return Found{By: Me}, true
	}
	if name, ok := m.third(c); ok {
		return Found{By: Third, Name: name}, true
	}
	for i := c.from; i < c.to; i++ {
		for _, by := range []struct {
			by            By
			subject, verb class
		}{{Me, "me", "do.me"}, {Us, "us", "do.us"}} {
			if n := m.find(i, by.subject); n > 0 && m.follows(c, i, n) {
				return Found{By: by.by}, true
			}
			if n := m.find(i, by.verb); n > 0 && m.still(i) && (m.aims(c) || m.soon(clause{0, len(m.ts)})) {
				return Found{By: by.by}, true
			}
			if n := m.find(i, by.verb+"!"); n > 0 && m.still(i) {
				return Found{By: by.by}, true
			}
		}
	}
	if _, ok := m.has(c, "yours"); ok && m.soon(c) {
		return Found{By: Us}, true
	}
	if _, ok := m.has(c, "yours!"); ok || m.passively(c) {
		return Found{By: Us}, true
	}
	return Found{}, false
}

// still reports whether the verb at i is one that does something: not "we are", "we hope".
func (m marks) still(i int) bool { return m.find(i, "static") == 0 }

// aims reports whether a clause names the reader; soon whether it names a time to come.
func (m marks) aims(c clause) bool {
	_, you := m.has(c, "you")
	return you
}

func (m marks) soon(c clause) bool {
	for _, t := range m.moments(c.from, c.to) {
		if !t.past {
			return true
		}
	}
	return false
}

// follows reports whether the subject of n words at i does something to come: by an auxiliary ("will") and a verb, or, in
// languages that say it so, by a verb in the present beside it.
func (m marks) follows(c clause, i, n int) bool {
	near := clause{i + n, min(i+n+7, c.to)}
	if at, ok := m.has(near, "will"); ok && at <= i+n+1 {
		after := clause{at + m.find(at, "will"), c.to}
		if after.from >= after.to {
			return false
		}
		_, static := m.has(clause{after.from, min(after.from+3, after.to)}, "static")
		return !static
	}
	if at, ok := m.has(clause{max(c.from, i-1), i}, "will"); ok && m.find(at, "will") == 1 { // "Morgen werde ich", "zal ik"
		return m.still(i + n)
	}
	if !m.lex.present {
		return false
	}
	k := i + n
	for k < c.to && m.find(k, "clitic") > 0 {
		k++
	}
	before, after := i-1, k
	beside := func(k int) bool {
		return k >= c.from && k < c.to && !m.ts[k].digits && m.find(k, "static") == 0 && m.find(k, "small") == 0 && m.isVerb(k)
	}
	if before >= c.from && m.lex.lang != "fr" && m.find(before, "static") > 0 || after < c.to && m.find(after, "static") > 0 && !beside(before) {
		return false
	}
	return beside(after) || m.lex.lang != "fr" && beside(before)
}

// isVerb reports whether the word at k can be a verb, by its ending where the language tells.
func (m marks) isVerb(k int) bool {
	return !m.lex.ends || m.find(k, "verb") > 0
}

// third finds somebody of ours, named, who will do something.
func (m marks) third(c clause) (string, bool) {
	for i := c.from; i < c.to; i++ {
		n := m.find(i, "ours")
		if n == 0 {
			n = m.name(c, i)
		}
		if n == 0 || m.find(i-1, "theirs") > 0 || m.find(i, "theirs") > 0 {
			continue
		}
		if _, theirs := m.has(c, "theirs"); theirs {
			continue
		}
		near := clause{max(c.from, i-4), min(c.to, i+n+8)}
		if _, still := m.has(c, "static"); still && m.find(i, "ours") == 0 || i > c.from && m.find(i-1, "ask") > 0 {
			continue
		}
		if at, ok := m.has(near, "do.third"); ok && !m.ends(at, "me") && !m.ends(at, "us") && (m.aims(c) || m.soon(c) || m.find(i, "ours") > 0) {
			return m.words(i, i+n), true
		}
	}
	return "", false
}

// name is 1 when the token at i may be a person's first name: a capital where none has to stand.
func (m marks) name(c clause, i int) int {
	t := m.ts[i]
	if !t.cap || len(m.at[i]) > 0 || i > c.from && m.find(i-1, "article") > 0 {
		return 0
	}
	if i > 0 && m.ts[i-1].cap && i-1 > 0 { // the second word of a longer name
		return 0
	}
	if m.lex.lang == "de" { // every noun has a capital: the verb must stand beside it, and no article before
		_, before := m.starting(i-1, "")
		beside := m.find(i+1, "do.third") > 0 && (i == c.from || before > 0 && m.find(i-1, "you") == 0) || m.find(i-1, "do.third") > 0
		if !beside || m.find(i-1, "small") > 0 && i > c.from {
			return 0
		}
	}
	return 1
}

func (m marks) words(from, to int) string {
	var out []string
	for _, t := range m.ts[from:to] {
		out = append(out, t.low)
	}
	return strings.Join(out, " ")
}

// waits is the time that a sentence asks the reader for: "Give us a week please."
func (m marks) waits() *moment {
	i, ok := m.has(clause{0, min(4, len(m.ts))}, "giveus")
	if !ok {
		return nil
	}
	for _, one := range m.moments(i, len(m.ts)) {
		if !one.past {
			return &one
		}
	}
	return nil
}

// date reads until when it is promised: from the clause, else from the sentence, else from what the reader was asked to wait.
func (m marks) date(f *judged, r reckoner, text string, wait *moment) {
	all := m.moments(0, len(m.ts))
	for _, list := range [][]moment{m.moments(f.from, f.to), all} {
		for _, one := range list {
			if one.past {
				continue
			}
			for _, more := range all { // "today, by 15:30"
				if !one.clock && one.unit == "" && more.from >= one.to && more.clock && !more.past && !more.named && !more.date && more.rel == "" {
					one.clock, one.hour, one.minute = true, more.hour, more.minute
				}
			}
			if due, exact, ok := r.due(one); ok {
				f.Due, f.Exact = due, exact
				f.Words = text[m.ts[one.from].from:m.ts[one.to-1].to]
				return
			}
		}
	}
	if wait != nil {
		if due, exact, ok := r.due(*wait); ok {
			f.Due, f.Exact = due, exact
		}
	}
}

// kind is what is promised, by the words of the clause, else of the sentence.
func (m marks) kind(c, whole clause) Kind {
	for _, where := range []clause{c, whole} {
		for _, k := range []Kind{Refund, Call, Visit, Fix, Send, Check, Answer} {
			if _, ok := m.has(where, class("kind."+string(k))); ok {
				return k
			}
		}
	}
	return Other
}
