package proof

import (
	"cmp"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// What is found of a private matter, and how: each pattern's first group is what is found.
var (
	email  = regexp.MustCompile(`(?:^|[^\w@.+/-])([A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})`)
	iban   = regexp.MustCompile(`(?:^|[^A-Za-z0-9])([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?)(?:$|[^A-Za-z0-9])`)
	digits = regexp.MustCompile(`\+?\(?\d(?:[\d ()/.\x{00a0}-]{4,26})\d`)

	// reference is a number of ours about the contact: of an order, a customer, an invoice, a parcel, a case.
	reference = regexp.MustCompile(`(?i)(?:^|[^\p{L}])((?:` + strings.Join([]string{
		`orders?`, `order[ -]?(?:number|no\.?|id)`, `customers?`, `customer[ -]?(?:number|no\.?|id)`, `invoices?`, `account[ -]?(?:number|no\.?)`, `tracking[ -]?(?:number|no\.?|id)`, `case[ -]?(?:number|no\.?|id)`, `booking[ -]?(?:number|reference)?`, `contract[ -]?(?:number|no\.?)?`, `policy[ -]?(?:number|no\.?)`, `ref(?:erence)?\.?`,
		`bestellung`, `bestell(?:nummer|nr\.?)`, `auftrag(?:snummer|s-?nr\.?)?`, `kunden(?:nummer|-?nr\.?)`, `rechnung(?:snummer|s-?nr\.?)?`, `vertrag(?:snummer|s-?nr\.?)?`, `sendung(?:snummer|s-?nr\.?)`, `vorgang(?:snummer|s-?nr\.?)?`,
		`commande`, `client`, `facture`, `contrat`, `colis`, `dossier`,
		`pedido`, `cliente`, `factura`, `contrato`, `envío`, `reserva`,
		`ordine`, `fattura`, `contratto`, `spedizione`, `pratica`,
		`encomenda`, `fatura`, `envio`, `processo`,
		`bestelling`, `bestelnummer`, `klantnummer`, `factuur(?:nummer)?`, `ordernummer`, `contractnummer`, `zendingsnummer`,
		`zamówieni[ea]`, `klienta`, `faktur[aęy]`, `umow[aęy]`, `przesyłk[iaę]`, `zgłoszeni[ea]`,
	}, `|`) + `)(?: ?(?:number|no|nr|nummer|numéro|número|numero|numer|num|id|n[°ºo]))?\.?\s?[:#№]?\s?[#№]?([A-Z]{0,4}[-–/]?\d[\dA-Z]*(?:[-–/][\dA-Z]{2,})*))`)
	hash = regexp.MustCompile(`(?:^|\s)(#\d{5,})\b`)

	// street is an address: a number and a kind of street, in the order each language puts them.
	street = regexp.MustCompile(`(?i)(?:^|[^\p{L}\d])(` + strings.Join([]string{
		`\d{1,4}[a-z]?,? (?:\p{L}[\p{L}'’.-]* ){1,3}(?:street|st\.?|road|rd\.?|avenue|ave\.?|lane|drive|close|court|crescent|terrace|square|boulevard|blvd\.?)`,
		`\p{L}[\p{L}.-]*(?:straße|strasse|str\.|weg|gasse|platz|allee|ring|damm|ufer|chaussee) \d{1,4} ?[a-z]?`,
		`\p{L}[\p{L}.-]* (?:straße|strasse|str\.|weg|gasse|platz|allee|ring) \d{1,4} ?[a-z]?`,
		`\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|av\.|boulevard|bd\.?|place|chemin|allée|impasse|quai|route) (?:\p{L}[\p{L}'’.-]* ?){1,4}`,
		`(?:calle|c/|avenida|avda\.?|paseo|plaza|carrer|camino) (?:\p{L}[\p{L}'’.-]* ){1,4}\d{1,4}`,
		`(?:calle|avenida|paseo|plaza|rua|avenida|travessa|praça|alameda|via|viale|piazza|corso|largo|vicolo) (?:\p{L}[\p{L}'’.-]* ?){1,4}, ?(?:n[.ºo°]* ?)?\d{1,4}`,
		`(?:via|viale|piazza|corso|vicolo|rua|travessa|praça) (?:\p{L}[\p{L}'’.-]* ){1,4}\d{1,4}`,
		`\p{L}[\p{L}.-]*(?:straat|laan|plein|gracht|kade|dijk|singel) \d{1,4} ?[a-z]?`,
		`(?:ul\.|ulica|ulicy|al\.|aleja|plac|pl\.) (?:\p{L}[\p{L}.-]* ){1,3}\d{1,4}(?:/\d{1,4})?`,
	}, `|`) + `)(?:$|[^\p{L}])`)
)

// phoneWords make a bare row of digits a telephone number.
var phoneWords = regexp.MustCompile(`(?i)(?:tel|phone|call|ring|mobile|telefon|anruf|handy|rufnummer|nummer lautet|téléphone|appel|portable|teléfono|llam|móvil|telefono|chiam|cellulare|telefone|lig|telemóvel|bel|mobiel|telefon|zadzwo|komórk)\p{L}*\.?[^\d\n]{0,25}$`)

// privateIn finds what is for few eyes in a text, in its order. Nothing is found twice: what is a card is no telephone.
func privateIn(text string, known []string) []Find {
	var out []Find
	add := func(what string, from, to int) {
		for _, f := range out {
			if from < f.Start+len(f.Text) && f.Start < to {
				return
			}
		}
		if word := text[from:to]; !isKnown(word, known) {
			out = append(out, Find{what, word, from})
		}
	}
	each := func(p *regexp.Regexp, what string, good func(string, int) bool) {
		for _, m := range p.FindAllStringSubmatchIndex(text, 50) {
			from, to := m[2], m[3]
			if good == nil || good(text[from:to], from) {
				add(what, from, to-len(text[from:to])+len(strings.TrimRight(text[from:to], " ,.")))
			}
		}
	}
	addresses := links.FindAllStringIndex(text, -1)
	masked := func(at int) bool {
		return slices.ContainsFunc(addresses, func(l []int) bool { return l[0] <= at && at < l[1] })
	}
	each(iban, "iban", func(s string, _ int) bool { return isIBAN(s) })
	each(email, "email", func(_ string, at int) bool { return !masked(at) })
	for _, m := range digits.FindAllStringIndex(text, 50) {
		if masked(m[0]) || m[0] > 0 && (wordly(rune(text[m[0]-1])) || text[m[0]-1] == '#') {
			continue
		}
		word := strings.TrimRight(text[m[0]:m[1]], " .-/(")
		if isCard(word) {
			add("card", m[0], m[0]+len(word))
		}
	}
	each(reference, "reference", func(s string, at int) bool { return !masked(at) && count(s, unicode.IsDigit) >= 4 && !endsInYear(s) })
	each(hash, "reference", nil)
	each(street, "address", func(_ string, at int) bool { return !masked(at) })
	for _, m := range digits.FindAllStringIndex(text, 50) {
		word := strings.TrimRight(text[m[0]:m[1]], " .-/(")
		if !masked(m[0]) && (m[0] == 0 || !wordly(rune(text[m[0]-1])) && text[m[0]-1] != '#') && isPhone(text[:m[0]], word) {
			add("phone", m[0], m[0]+len(word))
		}
	}
	slices.SortFunc(out, func(a, b Find) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

var links = regexp.MustCompile(`https?://[^\s<>"]+`)

// Links returns the addresses in a text, each once, in its order, without what ends the sentence they stand in.
func Links(text string) []string {
	var out []string
	for _, l := range links.FindAllString(text, -1) {
		l = strings.TrimRight(l, `.,;:!?'"»”)]}`)
		if strings.Count(l, "(") > strings.Count(l, ")") {
			l += ")"
		}
		if !slices.Contains(out, l) {
			out = append(out, l)
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

func count(s string, is func(rune) bool) int {
	n := 0
	for _, r := range s {
		if is(r) {
			n++
		}
	}
	return n
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

var date = regexp.MustCompile(`^(?:\d{1,2}[./-] ?\d{1,2}[./-] ?(?:19|20)?\d{2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2})(?:\D|$)`)

// isPhone reports whether a row of digits is a telephone number of somebody: it begins as one, or stands behind a word for it.
// A number that is free to call is printed on every parcel, and no private matter.
func isPhone(before, s string) bool {
	n := onlyDigits(s)
	switch {
	case len(n) < 6 || len(n) > 15 || date.MatchString(s) || strings.HasPrefix(n, "0800") || strings.HasPrefix(n, "00800") || strings.HasPrefix(n, "1800") && len(n) == 11:
		return false
	case strings.HasPrefix(s, "+") || strings.HasPrefix(n, "00"):
		return len(n) >= 8
	case strings.HasPrefix(n, "0"):
		return len(n) >= 7
	case american.MatchString(s):
		return true
	}
	return phoneWords.MatchString(before)
}

var american = regexp.MustCompile(`^(?:1[ .-])?\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}$`)

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

// endsInYear reports whether what was taken for a number is a year: "order 2026".
func endsInYear(s string) bool {
	n := onlyDigits(s)
	return len(n) == 4 && (strings.HasPrefix(n, "19") || strings.HasPrefix(n, "20"))
}
