package triage

// quantity is what a number counts: minutes tell of haste, weeks of patience at its end, money of accounts. Learned of one
// language it holds in all.
type quantity uint8

const (
	noQuantity quantity = iota
	clockTime           // 14:30, 2 pm, 18 Uhr
	minutes
	hours
	daysLong
	weeksLong
	money
	percentage
	quantities
)

var quantityBuckets = func() (b [quantities]uint32) {
	for k, name := range [quantities]string{"", "clock", "minutes", "hours", "days", "weeks", "money", "percent"} {
		b[k] = contextBucket("quantity " + name)
	}
	return b
}()

const quantityWeight = 0.8

// units are the words after a number, or glued to it, that say what it counts: accents folded.
var units = func() map[string]quantity {
	m := map[string]quantity{}
	for q, words := range map[quantity][]string{
		clockTime: {"am", "pm", "uhr", "oclock"},
		minutes:   {"min", "mins", "minute", "minutes", "minuten", "minuto", "minutos", "minuti", "minuut", "minut", "minuty", "mn", "sek", "sec", "seconds", "sekunden"},
		hours: {"h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "heure", "heures", "hora", "horas", "ora", "ore", "uur", "uren", "godz", "godzin", "godziny",
			"godzine"},
		daysLong: {"d", "day", "days", "tag", "tage", "tagen", "jour", "jours", "dia", "dias", "giorno", "giorni", "dag", "dagen", "dni", "dzien"},
		weeksLong: {"week", "weeks", "wks", "woche", "wochen", "semaine", "semaines", "semana", "semanas", "settimana", "settimane", "weken", "tydzien", "tygodnie", "tygodni",
			"month", "months", "monat", "monate", "monaten", "mois", "mes", "meses", "mese", "mesi", "maand", "maanden", "miesiac", "miesiace", "miesiecy", "year", "years",
			"jahr", "jahre", "jahren", "an", "ans", "anos", "anni", "jaar", "rok", "lat", "lata"},
		money: {"eur", "euro", "euros", "usd", "gbp", "quid", "pound", "pounds", "dollar", "dollars", "zl", "zloty", "zlotych", "chf", "franken", "brl", "reais", "cent", "cents",
			"pln", "ct", "k"},
		percentage: {"percent", "prozent", "pourcent", "porciento", "procent", "pct"},
	} {
		for _, w := range words {
			m[w] = q
		}
	}
	return m
}()

// quantify counts what the numbers among the first n words count.
func (s *scratch) quantify(n int) {
	var found [quantities]bool
	for i := range s.words[:n] {
		if w := &s.words[i]; !w.muted && startsWithDigit(s.folded[w.from:w.to]) {
			found[s.counts(i, n)] = true
		}
	}
	for q := clockTime; q < quantities; q++ {
		if found[q] {
			s.count(quantityBuckets[q], quantityWeight, -1)
		}
	}
}

func startsWithDigit(letters []rune) bool {
	return len(letters) > 0 && letters[0] >= '0' && letters[0] <= '9'
}

// counts says what the number in word i counts.
func (s *scratch) counts(i, n int) quantity {
	w := &s.words[i]
	text := s.segments[w.segment].text
	letters := s.folded[w.from:w.to]
	digits := 0
	for digits < len(letters) && letters[digits] >= '0' && letters[digits] <= '9' {
		digits++
	}
	if digits < len(letters) { // "20min", "14h30", "2pm"
		rest := letters[digits:]
		if digits <= 2 && len(rest) == 3 && rest[0] == 'h' {
			return clockTime
		}
		if len(rest) <= 8 {
			return units[string(rest)]
		}
		return noQuantity
	}
	switch before := before(text, int(w.start)); {
	case before == '€' || before == '$' || before == '£':
		return money
	}
	after, width := ' ', 1
	if int(w.end) < len(text) {
		after, width = decode(text, int(w.end))
	}
	switch {
	case after == '%':
		return percentage
	case after == '€' || after == '$' || after == '£':
		return money
	}
	if i+1 >= n || s.words[i+1].segment != w.segment {
		return noQuantity
	}
	next := &s.words[i+1]
	if digits <= 2 && (after == ':' || after == '.') && int(next.start) == int(w.end)+width && next.to-next.from == 2 && startsWithDigit(s.folded[next.from:next.to]) {
		return clockTime
	}
	if next.to-next.from > 9 || int(next.start) > int(w.end)+2 {
		return noQuantity
	}
	if q := units[string(s.folded[next.from:next.to])]; q != noQuantity {
		if q == hours && digits <= 2 && next.to-next.from <= 3 && after == ' ' { // "18 h", "14 uur": a time as often as a span
			return clockTime
		}
		return q
	}
	return noQuantity
}

// before is the last letter of text before at that is not a space, 0 if there is none.
func before(text string, at int) rune {
	for back := 1; back <= 4 && at-back >= 0; back++ {
		if c := text[at-back]; c != ' ' && c&0xC0 != 0x80 {
			r, _ := decode(text, at-back)
			return r
		}
	}
	return 0
}
