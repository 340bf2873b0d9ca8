package triage

import (
	"embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// sign is what a phrase of the lexicon is a sign of.
type sign int32

const (
	opener   sign = iota // a word that opens a question: "why"
	ask                  // a question or wish put anywhere: "does anyone know"
	request              // "please", "can you"
	thanks               //
	positive             //
	negative             //
	negation             // turns what follows: "not"
	safety               // somebody may come to harm
	legal                // a lawyer, a court, a regulator, personal data
	stranded             // stuck somewhere, now
	breach               // an account taken over, money going
	soonSign             // within the hour
	today                // within the day
	viral                // it is spreading
	past                 // it was long ago
	calm                 // "no hurry"
	frail                // somebody who cannot wait: a baby, an old father
	selling              // what spam says
	insult               //
	turn                 // "but": what follows is what they mean
	also                 // "and": what follows is said for itself
	signs
)

var signNames = [signs]string{"opener", "ask", "request", "thanks", "positive", "negative", "negation", "safety", "legal",
	"stranded", "breach", "soon", "today", "viral", "past", "calm", "frail", "selling", "insult", "turn", "also"}

// lexicon is the book of all signs in all languages that have one.
var lexicon = sync.OnceValue(func() *phrasebook {
	b := &phrasebook{}
	b.read("any", signNames[:], everyLanguage)
	for i, lang := range languages {
		b.read(lang, signNames[:], 1<<i)
	}
	return b.close()
})

// read adds lexicon/<name>.txt: "[sign]" opens the section of one of kinds, phrases are separated by commas and lines.
func (b *phrasebook) read(name string, kinds []string, langs uint32) {
	text, err := lexiconFiles.ReadFile("lexicon/" + name + ".txt")
	if err != nil {
		return
	}
	at := int32(-1)
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			at = int32(slices.Index(kinds, strings.Trim(line, "[]")))
			continue
		}
		if at < 0 {
			continue
		}
		for p := range strings.SplitSeq(line, ",") {
			b.add(p, at, langs)
		}
	}
}

// orderKind is what a phrase of lexicon/orders.txt is to an order.
type orderKind int32

const (
	alone      orderKind = iota // an order by itself
	forgetting                  // one if instructions follow
	instructions
	mine      // whoever speaks of their own instructions takes back what they asked for
	sorting   // one if a label or a desk follows
	marking   // one if a label follows
	labelWord // what nobody calls a message of their own
	deskWord  // who deals with messages: people say that they want to write to them
	leading   // "please", "and": an order begins after it
	beside    // one if there is another
	orderKinds
)

var orderNames = [orderKinds]string{"alone", "forgetting", "instructions", "mine", "sorting", "marking", "label", "desk", "leading", "beside"}

// orders is the book of phrases by which people try to steer a sorting machine.
var orders = sync.OnceValue(func() *phrasebook {
	b := &phrasebook{}
	b.read("orders", orderNames[:], everyLanguage)
	return b.close()
})

// How much of a sentence falls silent with an order: bounded, so that one order without a full stop does not
// silence all around it.
const (
	mostMuted   = 25 // words after it
	mutedBefore = 3  // words before it: "note:", "please"
	orderReach  = 6  // words after the beginning of an order by which it is clear that it is one
)

// mute makes sentences that give orders to a machine say nothing, and reports whether there were any.
func (s *scratch) mute(n int) (muted bool) {
	s.hits = s.hits[:0]
	orders().find(s, n, everyLanguage)
	for k := range s.hits {
		muted = muted || s.orders(k)
	}
	if !muted {
		return false
	}
	for k, h := range s.hits {
		if orderKind(h.value) == beside || s.orders(k) {
			s.silence(h, n)
		}
	}
	return true
}

// orders reports whether hit k, of the book of orders, is one by what stands around it.
func (s *scratch) orders(k int) bool {
	switch orderKind(s.hits[k].value) {
	case alone:
		return true
	case forgetting:
		return s.told(k) && s.leadsTo(k, instructions, instructions)
	case sorting:
		return s.leadsTo(k, labelWord, deskWord)
	case marking:
		return s.told(k) && s.leadsTo(k, labelWord, labelWord)
	}
	return false
}

// told reports whether a sentence, or what somebody is asked to do, begins with hit k: "ignore your rules", not "your drivers ignore
// your rules".
func (s *scratch) told(k int) bool {
	i := s.hits[k].from
	if i == 0 || s.capital(i) || s.words[i-1].segment != s.words[i].segment || s.words[i-1].pauseAfter || s.words[i-1].kind == mention {
		return true
	}
	for j := k - 1; j >= 0 && s.hits[j].from >= i-1; j-- {
		if x := s.hits[j]; x.to == i && orderKind(x.value) == leading {
			return true
		}
	}
	return false
}

// leadsTo reports whether a phrase of one of two kinds follows hit k, near it, before a pause and before anything of the author's own.
func (s *scratch) leadsTo(k int, one, other orderKind) bool {
	h := s.hits[k]
	end := h.to
	for end < h.to+orderReach && int(end) < len(s.words) && !s.words[end-1].pauseAfter && s.words[end].segment == s.words[h.from].segment {
		end++
	}
	for _, x := range s.hits[k+1:] {
		switch kind := orderKind(x.value); {
		case x.from >= end:
			return false
		case x.from < h.to:
		case kind == one || kind == other:
			return true
		case kind == mine:
			return false
		}
	}
	return false
}

// silence mutes order h and what stands around it in its sentence.
func (s *scratch) silence(h hit, n int) {
	before := int32(mutedBefore)
	if s.capital(h.from) { // a sentence begins here: what stands before it is no part of the order
		before = 1
	}
	for i := h.from; i >= 0 && i > h.from-before && (i == h.from || !s.words[i].breakAfter && s.words[i].segment == s.words[h.from].segment); i-- {
		s.words[i].muted = true
	}
	for i := h.from; int(i) < n && i < h.from+mostMuted; i++ {
		s.words[i].muted = true
		if i >= h.to-1 && s.words[i].breakAfter || int(i)+1 < n && s.words[i+1].segment != s.words[i].segment {
			break
		}
	}
}

// capital reports whether word i is written with a capital letter.
func (s *scratch) capital(i int32) bool {
	w := s.words[i]
	r, _ := utf8.DecodeRuneInString(s.segments[w.segment].text[w.start:w.end])
	return unicode.IsUpper(r)
}

// signals is what the lexicon found in a message.
type signals struct {
	n     [signs]int
	first [signs]hit // the first phrase found of each
	asked bool       // an opener at the start of a sentence
}

// signals reads the first n words of s with the lexicon of lang; when the language is not known, with all.
func (s *scratch) signals(n int, lang Language) (g signals) {
	mask := everyLanguage
	if i := languageIndex(lang.Code); i >= 0 {
		mask = 1 << i
		if lang.Confidence < 0.6 {
			mask = everyLanguage
		}
	}
	s.hits = s.hits[:0]
	lexicon().findAll(s, n, mask)
	s.denials = s.denials[:0]
	for _, h := range s.hits {
		k := sign(h.value)
		if s.words[h.from].muted && !grave(k) {
			continue
		}
		if k == negation {
			s.denials = append(s.denials, h)
		}
		if k == opener {
			if !s.opens(h.from) {
				continue
			}
			g.asked = true
		}
		if k != negation && s.denied(h, k) {
			if k == positive {
				k = negative
			} else {
				continue
			}
		}
		if g.n[k] == 0 {
			g.first[k] = h
		}
		g.n[k]++
	}
	return g
}

// grave reports whether a sign is heard in an order, too: what is taken for an order may be none, and somebody may come to harm.
func grave(k sign) bool {
	return k == safety || k == stranded || k == breach || k == legal || k == frail
}

// opens reports whether word i is one of the first two of a sentence.
func (s *scratch) opens(i int32) bool {
	for back := int32(0); back < 2; back++ {
		j := i - back
		if j == 0 || s.words[j-1].breakAfter || s.words[j-1].segment != s.words[j].segment || s.words[j-1].kind == mention {
			return true
		}
	}
	return false
}

// denied reports a negation within the three words before h, with nothing between that ends it: "not urgent", "nobody is hurt".
func (s *scratch) denied(h hit, k sign) bool {
	if k == opener || k == ask || k == request || k == thanks || k == past || k == calm || k == turn || k == also {
		return false
	}
	for _, d := range s.hits {
		if sign(d.value) == negation && d.to <= h.from && d.to >= h.from-2 && s.reaches(d, h) {
			return true
		}
	}
	return false
}

// reaches reports whether what negation d says holds for h, which comes after it. "Nobody answers, gas leak" and "no light and smoke
// everywhere" deny neither leak nor smoke, "not working" says itself what does not.
func (s *scratch) reaches(d, h hit) bool {
	for j := d.from; j < h.from; j++ {
		if s.words[j].pauseAfter {
			return false
		}
	}
	for _, x := range s.hits {
		switch k := sign(x.value); {
		case x.to > h.from:
		case (k == also || k == turn) && x.from >= d.to:
			return false
		case k != negation && x.from <= d.from && x.to > d.to:
			return false
		}
	}
	return true
}
