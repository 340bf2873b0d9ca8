package promise

import (
	"slices"
	"strings"
)

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
		m := mark(lex, ts, s.MonthFirst).plain()
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
		if i, cond := m.condition(c); cond && m.ofReader(clause{i, m.main(c)}) {
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
	for _, c := range append(list, m.mains(list)...) {
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

// plain is m without what stands between two commas to say who somebody is: "Anna, our accountant, will call you".
func (m marks) plain() marks {
	list := m.clauses()
	for k := 1; k+1 < len(list); k++ {
		who, aside, does := list[k-1], list[k], list[k+1]
		_, ours := m.has(who, "ours")
		other := m.ts[aside.from].cap && !ours && m.lex.lang != "de" // somebody else is named
		if other || !m.names(who) || !m.aside(aside) || !m.goesOn(does) {
			continue
		}
		out := marks{lex: m.lex, monthFirst: m.monthFirst, ts: slices.Concat(m.ts[:aside.from], m.ts[does.from:]), at: slices.Concat(m.at[:aside.from], m.at[does.from:])}
		out.ts[aside.from-1].after = 0
		return out
	}
	return m
}

// names reports whether a clause is just somebody's name, or one of ours.
func (m marks) names(c clause) bool {
	last := m.ts[c.to-1]
	_, ours := m.has(c, "ours")
	return last.after == ',' && (ours || last.cap && m.unknown(c.to-1)) && c.to-c.from <= 3
}

// aside reports whether a clause is short and says of nobody that he does anything.
func (m marks) aside(c clause) bool {
	if c.to-c.from > 6 || m.ts[c.to-1].after != ',' {
		return false
	}
	_, does := m.has(c, "me", "us", "will", "do.me!", "do.us!", "if", "neg", "nod", "told")
	_, reader := m.has(c, "reader") // "as you asked", but in Polish "pan Marek", too
	return !does && (!reader || m.ts[c.to-1].cap) && len(m.moments(c.from, c.to)) == 0
}

// goesOn reports whether a clause begins with a verb and has no subject before it.
func (m marks) goesOn(c clause) bool {
	at, ok := m.has(clause{c.from, min(c.from+2, c.to)}, "do.third")
	return ok && (at == c.from || m.find(c.from, "you") > 0)
}

// mains is the main clause of a condition that ends the sentence and has no comma after it: "if you send me the number I will check it".
func (m marks) mains(list []clause) []clause {
	for k, c := range list {
		i, cond := m.condition(c)
		if from := m.main(c); cond && i <= c.from+1 && from < c.to && len(m.ts)-c.to <= 1 && k > 0 {
			return []clause{{from, c.to}}
		}
	}
	return nil
}

// main is where the main clause of one that begins with a condition begins, without a comma; the end of c if it has none. It has
// a subject of ours, and before it stands another one, or enough for one.
func (m marks) main(c clause) int {
	i, _ := m.condition(c)
	subject := 0 // of the condition
	for k := i + 1; k < c.to && i <= c.from+1; k++ {
		_, acts := m.has(clause{k, k + 1}, "me", "us", "do.me", "do.us", "do.me!", "do.us!")
		switch {
		case acts && (subject > 0 && k-subject > 1 || k-i > 3):
			return max(subject+1, i+1, k-2)
		case subject == 0 && (acts || m.find(k, "reader") > 0):
			subject = k
		}
	}
	return c.to
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

// passively reports whether something of the reader's will be done: "your money will be refunded on Friday", "it is fixed by Friday".
func (m marks) passively(c clause) bool {
	if _, theirs := m.has(c, "theirs"); theirs {
		return false
	}
	_, aux := m.has(c, "passive")
	_, is := m.has(c, "is")
	_, done := m.has(c, "pp")
	_, ready := m.has(c, "ready")
	return aux && done && (m.aims(c) || m.soon(clause{0, len(m.ts)})) || is && (ready && m.later(c, false) || done && m.later(c, true))
}

// leaves reports whether a thing of the reader's will leave us, or reach them: "your order leaves tomorrow".
func (m marks) leaves(c clause) bool {
	at, goes := m.has(c, "goes")
	_, thing := m.has(c, "thing")
	_, theirs := m.has(c, "theirs")
	return goes && thing && !theirs && m.find(at-1, "article") == 0 && m.soon(c)
}

// later reports whether a clause names a day to come, or the end of a time: what is so today may have been so before. by: it says
// that it is the latest, as "by Friday" does and "on Friday", which may be the last one, does not.
func (m marks) later(c clause, by bool) bool {
	return slices.ContainsFunc(m.moments(c.from, c.to), func(one moment) bool {
		_, latest := m.has(clause{max(c.from, one.from-2), one.to}, "by", "latest")
		return one.ahead() && !one.loose && (one.rel != "day0" || one.clock) && (latest || !by)
	})
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
	if _, ok := m.has(c, "yours!"); ok || m.passively(c) || m.leaves(c) {
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
	return slices.ContainsFunc(m.moments(c.from, c.to), func(one moment) bool { return one.ahead() && !one.loose })
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
	if !t.cap || len(m.at[i]) > 0 && !(m.unknown(i) && m.goesOn(clause{i + 1, c.to})) || i > c.from && m.find(i-1, "article") > 0 {
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

// unknown reports whether nothing is known of the word at i, or just that it ends like a verb, as "Julie" and "Matteo" do.
func (m marks) unknown(i int) bool {
	return !slices.ContainsFunc(m.at[i], func(h hit) bool { return h.class != "verb" || m.lex.lang == "de" })
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
		if one.ahead() {
			return &one
		}
	}
	return nil
}

// date reads until when it is promised: from the clause, else from the sentence, else from what the reader was asked to wait.
func (m marks) date(f *judged, r reckoner, text string, wait *moment) {
	all := m.said()
	for _, list := range [][]moment{m.moments(f.from, f.to), all} {
		for _, one := range list {
			if !one.ahead() {
				continue
			}
			last := m.last(one, all, r)
			if due, exact, ok := r.due(last); ok {
				f.Due, f.Exact = due, exact
				f.Words = text[m.ts[one.from].from:m.ts[max(one.to, last.to)-1].to]
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

// said are the times of the sentence that are to come, but for those of clauses that deny: "tomorrow I can't".
func (m marks) said() []moment {
	all := slices.DeleteFunc(m.moments(0, len(m.ts)), func(one moment) bool { return !one.ahead() })
	for _, c := range m.clauses() {
		if _, no := m.has(c, "neg"); no {
			all = slices.DeleteFunc(all, func(one moment) bool { return c.from <= one.from && one.from < c.to })
		}
	}
	return all
}

// last is the latest that one can mean, with its time of day: "today, by 15:30", "Monday or at the latest Friday".
func (m marks) last(one moment, all []moment, r reckoner) moment {
	for _, more := range all {
		switch {
		case more.from == one.from && more.to > one.to && (more.date || more.nextWeek || more.thisWeek): // "Friday, the 11th"
			one = more
		case more.from < one.to:
		case !one.clock && one.unit == "" && more.clock && more.dayless():
			one.tellsTime(more)
		case m.either(one, more):
			end := r.later(one, more)
			end.from, end.to = one.from, more.to
			one = end
		}
	}
	return one
}

// either reports whether b is another day that may be meant by a, or the end of a stretch that begins with a.
func (m marks) either(a, b moment) bool {
	if b.dayless() && b.unit == "" || a.dayless() && a.unit == "" || b.from-a.to > 6 {
		return false
	}
	and, small := m.bridge(a.to, b.from, "and")
	or, _ := m.bridge(a.to, b.from, "to")
	latest, _ := m.bridge(a.to, b.from, "latest")
	latest = latest || m.find(b.to, "latest") > 0
	comma := m.ts[a.to-1].after == ','
	between := m.find(a.from-1, "between") > 0 || m.find(a.from-2, "between") > 0 || m.inside(a.from)
	return small && (latest || or && !and && !comma || and && between)
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
