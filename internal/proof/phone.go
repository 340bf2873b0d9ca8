package proof

import (
	"regexp"
	"strings"
)

// phoneWords make a bare row of digits behind them a telephone number: a word for one, or "your number".
var phoneWords = regexp.MustCompile(`(?i)(?:^|[^\p{L}])(?:` + strings.Join([]string{
	`(?:tele?|phone|call|ring|rang|rung|mobile|cell|whats ?app|signal|sms|fax|telefon|mobil|handy|festnetz|(?:zurück|zurueck|an)?(?:ruf|gerufen)|téléphone|telephone|r?appel|portable|` +
		`fixe|teléfono|llam|móvil|celular|chiam|cellulare|cell|telefone|telemóvel|telemovel|lig|bel|gebeld|mobiel|dzwoni|zadzwo|komór|kom\.)[\p{L}.-]*`,
	`(?:your|ihre?|ihrer|deine?r?|votre|vos|ton|sus?|tus?|(?:il )?(?:suo|tuo|vostro)|(?:o )?(?:seu|teu)|uw|je|jouw|państwa|pana|pani|twój|twoj)` +
		` (?:number|nummer|rufnummer|numéro|número|numero|numer)`,
}, `|`) + `)[^\d\n.!?]{0,32}\+?\(?$`)

var (
	date     = regexp.MustCompile(`^(?:\d{1,2}[./-] ?\d{1,2}[./-] ?(?:19|20)?\d{2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2})(?:\D|$)`)
	american = regexp.MustCompile(`^(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])\d{3}[ .-]\d{4}$`)
	// freecall are the numbers that cost nothing to call, in the countries of our languages; free are the words for it.
	freecall = regexp.MustCompile(`^(?:0800|00800|080[058]\d|[89]00\d{6}$|1?8(?:00|88|77|66|55|44|33)\d{7}$)`)
	free     = regexp.MustCompile(`(?i)(?:free|kostenlos|kostenfrei|gebührenfrei|gratuit|numéro vert|gratis|gratuito|gratuita|numero verde|bezpłatn)[^.!?\n]{0,40}$`)
	// counted is what stands behind a number that is an amount.
	counted = regexp.MustCompile(`(?i)^\s?(?:[€$£%]|(?:eur|euros?|usd|dollars?|pounds|pln|chf|brl|reais|km|kg|st(?:ü|ue)ck|mal|times|fois|veces|volte|vezes|keer|razy|kunden|customers|clients|clientes|clienti|klanten|klientów)(?:$|[^\p{L}]))|^\s?zł`)
)

// isPhone reports whether a row of digits is a telephone number of somebody: it begins as one, or stands behind a word for it.
// A number that is free to call is printed on every parcel, and no private matter; nor is our own hotline.
func isPhone(before, s, after string) bool {
	n := onlyDigits(s)
	switch {
	case len(n) < 6 || len(n) > 15 || date.MatchString(s) || freecall.MatchString(n) || free.MatchString(before) || counted.MatchString(after) || ours(before):
		return false
	case strings.HasPrefix(s, "+") || strings.HasPrefix(n, "00"):
		return len(n) >= 8
	case strings.HasPrefix(n, "0") || strings.HasPrefix(s, "(0"):
		return len(n) >= 7
	case american.MatchString(s):
		return true
	}
	return phoneWords.MatchString(before)
}

// ourPlace is what stands before a number or a street of the house itself, which everybody may know.
var ourPlace = regexp.MustCompile(`(?i)(?:^|[^\p{L}])(?:` + strings.Join([]string{
	`our (?:[\p{L}-]+ ){0,2}(?:hotline|helpline|line|switchboard|number|phone|shops?|stores?|branch|offices?|showroom|warehouse|address|headquarters|restaurant|hotel)`,
	`(?:unser[a-z]{0,2}) (?:[\p{L}-]+ ){0,2}\p{L}*(?:hotline|telefon|nummer|zentrale|laden|geschäft|filialen?|büros?|adresse|anschrift|sitz|lager|haus|hotel|restaurant)`,
	`(?:notre|nos) (?:[\p{L}-]+ ){0,2}(?:numéro|téléphone|standard|magasins?|boutiques?|agences?|bureaux?|adresse|siège|hôtel|restaurant)`,
	`nuestr[oa]s? (?:[\p{L}-]+ ){0,2}(?:número|teléfono|centralita|tiendas?|oficinas?|dirección|sede|almacén|hotel|restaurante)`,
	`nostr[oaie] (?:[\p{L}-]+ ){0,2}(?:numero|telefono|centralino|negoz[io]+|uffici?o?|indirizzo|sede|magazzino|hotel|ristorante)`,
	`noss[oa]s? (?:[\p{L}-]+ ){0,2}(?:número|telefone|central|lojas?|escritórios?|endereço|morada|sede|armazém|hotel|restaurante)`,
	`(?:onze|ons) (?:[\p{L}-]+ ){0,2}\p{L}*(?:nummer|telefoon|centrale|winkels?|kantoor|adres|vestiging|magazijn|hotel|restaurant)`,
	`nasz(?:a|e|ego|ej|ym|ą)? (?:[\p{L}-]+ ){0,2}(?:numer|telefon|infolini\p{L}|sklepu?|sklepie|biur\p{L}{0,2}|adres|siedzib\p{L}|magazyn\p{L}?|hotel\p{L}?|restauracj\p{L})`,
}, `|`) + `)[^.!?\n\d]{0,20}$`)

// theirs is a word for what is the reader's.
var theirs = regexp.MustCompile(`(?i)(?:^|[^\p{L}])(?:your?|you|ihre?[nmrs]?|dein\p{L}*|vous|votre|vos|usted|su|tu|suo|sua|tuo|tua|seu|sua|uw|je|jouw|państwa|pana|pani)(?:$|[^\p{L}])`)

// ours reports whether what follows is a number or an address of the house.
func ours(before string) bool {
	m := ourPlace.FindString(before)
	return m != "" && !theirs.MatchString(m)
}
