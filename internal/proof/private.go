package proof

import (
	"cmp"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// What is found of a private matter, and how: each pattern's first group is what is found.
var (
	email  = regexp.MustCompile(`(?:^|[^\w@.+/-])([A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})`)
	iban   = regexp.MustCompile(`(?:^|[^A-Za-z0-9])([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?)(?:$|[^A-Za-z0-9])`)
	digits = regexp.MustCompile(`\+?\(?\d(?:[\d ()/.\x{00a0}-]{4,26})\d`)
)

// privateIn finds what is for few eyes in a text, in its order. Nothing is found twice: what is a card is no telephone.
func privateIn(text string, known []string) []Find {
	var out []Find
	addresses := links.FindAllStringIndex(text, -1)
	masked := func(at int) bool {
		return slices.ContainsFunc(addresses, func(l []int) bool { return l[0] <= at && at < l[1] })
	}
	add := func(what string, from, to int) {
		for _, f := range out {
			if from < f.Start+len(f.Text) && f.Start < to {
				return
			}
		}
		if word := strings.TrimRight(text[from:to], " ,.("); !masked(from) && !isKnown(word, known) {
			out = append(out, Find{what, word, from})
		}
	}
	numbers := rows(text)
	for _, m := range iban.FindAllStringSubmatchIndex(text, 50) {
		if isIBAN(text[m[2]:m[3]]) {
			add("iban", m[2], m[3])
		}
	}
	for _, m := range email.FindAllStringSubmatchIndex(text, 50) {
		add("email", m[2], m[3])
	}
	for _, m := range numbers {
		if isCard(text[m.from:m.to]) {
			add("card", m.from, m.to)
		}
	}
	for _, p := range labelled {
		for _, m := range p.in(text) {
			add(p.what, m.from, m.to)
		}
	}
	for _, m := range streets(text) {
		add("address", m.from, m.to)
	}
	for _, m := range numbers {
		if isPhone(text[:m.from], text[m.from:m.to], text[m.to:]) {
			add("phone", m.from, m.to)
		}
	}
	slices.SortFunc(out, func(a, b Find) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

// stretch is a part of a text, in bytes.
type stretch struct{ from, to int }

// rows are the rows of digits in a text that are no part of a word.
func rows(text string) []stretch {
	var out []stretch
	for _, m := range digits.FindAllStringIndex(text, 50) {
		if before, _ := utf8.DecodeLastRuneInString(text[:m[0]]); m[0] == 0 || !wordly(before) && before != '#' {
			out = append(out, stretch{m[0], m[0] + len(strings.TrimRight(text[m[0]:m[1]], " .-/("))})
		}
	}
	return out
}

// isKnown reports whether a word is one everybody may read: one of our own addresses, or of the same house.
func isKnown(word string, known []string) bool {
	word = strings.ToLower(word)
	for _, k := range known {
		k = strings.ToLower(strings.TrimSpace(k))
		if k != "" && (k == word || strings.HasPrefix(k, "@") && strings.HasSuffix(word, k)) {
			return true
		}
	}
	return false
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// isCard reports whether a row of digits is the number of a payment card: 13 to 19 digits whose check digit is right (Luhn).
func isCard(s string) bool {
	n := onlyDigits(s)
	if len(n) < 13 || len(n) > 19 || strings.HasPrefix(s, "+") || n[0] < '2' || n[0] > '6' {
		return false
	}
	sum := 0
	for k := range len(n) {
		d := int(n[len(n)-1-k] - '0')
		if k%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// isIBAN reports whether s is a bank account whose check digits are right (ISO 13616, modulo 97).
func isIBAN(s string) bool {
	s = strings.ReplaceAll(s, " ", "")
	if len(s) < 15 || len(s) > 34 {
		return false
	}
	var n strings.Builder
	for _, r := range s[4:] + s[:4] {
		switch {
		case r >= '0' && r <= '9':
			n.WriteRune(r)
		case r >= 'A' && r <= 'Z':
			n.WriteString([...]string{"10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33", "34", "35"}[r-'A'])
		default:
			return false
		}
	}
	v, ok := new(big.Int).SetString(n.String(), 10)
	return ok && new(big.Int).Mod(v, big.NewInt(97)).Int64() == 1
}
