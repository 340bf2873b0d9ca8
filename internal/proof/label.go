package proof

import (
	"regexp"
	"strings"
)

// label is a kind of number that is told by the words beside it: "your order number is 4711-0815".
type label struct {
	what   string
	number *regexp.Regexp // its first group is what is found, its second the number
	good   func(number string) bool
}

func (l label) in(text string) []stretch {
	var out []stretch
	for _, m := range l.number.FindAllStringSubmatchIndex(text, 50) {
		if l.good(text[m[4]:m[5]]) && !counted.MatchString(text[m[5]:]) && !ours(text[:m[2]]) {
			end := m[5]
			if strings.HasPrefix(text[end:], ")") && strings.Contains(text[m[2]:end], "(") {
				end++
			}
			out = append(out, stretch{m[2], end})
		}
	}
	return out
}

// The parts of which labels are made. A word may stand at an end of nothing but letters of its own.
const (
	begin = `(?:^|[^\p{L}\p{N}])`
	// row is a number, perhaps with letters, in groups.
	row = `((?:[A-Z]{1,4}[-–/]?)?\d[\dA-Z]*(?:[-–/.][\dA-Z]+)*)`
	// apart is a number whose groups may be parted by spaces, too.
	apart = `([A-Z]{0,3} ?\d[\dA-Z]*(?:[-–/. ]?\d[\dA-Z]*)*)`
	// filler is what may stand between a label that is a number by name and the number; near what may between one that is not.
	filler = `[^\d\n.!?;]{0,28}?[ :#№(„“"'’]`
	near   = `(?: (?:is|lautet|ist|est|es|è|é|to|jest))?(?:,? (?:with|under|mit|unter|avec|sous|con|com|met|onder|z|o|pod)(?: (?:the|your|der|ihrer|le|la|el|il|the|o|het))?)?(?: ?(?:number|no|nr|nummer|numéro|número|numero|numer|num|núm|id|n[°ºo]|n\.[°º]))?\.?\s?[:#№(]?\s?[#№]?`
	of     = `(?: d['’e]| del?| du| de la| della?| dell['’]| di| d['’]| do| da)?(?: ?(?:votre|vos|su|tu|suo|tuo|sua|tua|seu|teu|państwa|pana|pani|twojego|twojej))? ?`
)

var labelled = []label{
	{"document", word(`passport|id card|identity card|driving licen[cs]e|driver'?s licen[cs]e|national insurance|social security|ssn|nino|tax (?:id|number|code|reference)|tax file number|utr`,
		`steuer-?id|steuer-?nummer|steueridentifikationsnummer|(?:personal)?ausweis(?:-?nummer|-?nr\.?)?|reisepass(?:nummer)?|pass-?(?:nummer|nr\.?)|(?:sozialversicherungs|rentenversicherungs|krankenversicherten|führerschein|sv-|ahv-)-?(?:nummer|nr\.?)`,
		`passeport|carte d['’]identité|permis de conduire|sécurité sociale|num[ée]ro fiscal|numéro nir`,
		`(?-i:DNI|NIE|NIF)|pasaporte|carn[eé] de conducir|seguridad social`, `codice fiscale|carta d['’]identità|passaporto|patente|tessera sanitaria`,
		`(?-i:CPF|RG|NISS)|número de contribuinte|passaporte|cartão d[eo] cidadão|bilhete de identidade|carta de condução`,
		`(?-i:BSN)|burgerservicenummer|paspoort(?:nummer)?|rijbewijs(?:nummer)?|identiteitskaart|id-kaart`,
		`(?-i:PESEL|NIP)|paszport\p{L}*|dow[oó]d\p{L}* osobist\p{L}*|numer dowodu|prawa jazdy`).then(filler + apart), isDocument},
	{"document", regexp.MustCompile(begin + `(([A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]|\d{3}\.\d{3}\.\d{3}-\d{2}|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]|\d{3}-\d{2}-\d{4}))(?:$|[^\p{L}\p{N}-])`), isDocument},
	{"birth", word(`date of birth|d\.?o\.?b\.?|birth ?date`, `geburts-?datum`, `date de naissance`, `fecha de nacimiento`, `data di nascita`, `data de nascimento`, `geboortedatum`, `dat[aęy] urodzenia`).
		then(filler + day), isDate},
	{"birth", word(`(?:born|birthday)(?: is)?(?: on)?(?: the)?`, `geboren(?: am)?|geb\.|geburtstag(?: ist)?(?: am| der)?`, `née?(?: le)?`, `nacid[oa](?: el)?`, `nat[oa](?: il)?`, `nascid[oa](?: em| a)?`, `geboren(?: op)?`,
		`urodzon[yae](?: w dniu| dnia)?`).then(`[ :,(]{1,3}` + day), isDate},
	{"reference", word(
		join(`order|purchase|customer|client|invoice|account|tracking|case|booking|contract|policy|ticket|membership|member|loyalty|parcel|package|shipment|delivery|consignment|reservation|confirmation|claim|patient|payment|transaction|refund|complaint`,
			`[ -]?`, `number|no\.?|nr\.?|id|code|ref(?:erence)?\.?`),
		join(`bestell|bestellungs|auftrags|kunden|rechnungs|vertrags|sendungs|sendungsverfolgungs|vorgangs|fall|buchungs|mitglieds|konto|paket|ticket|akten|policen|versicherungs|schaden|schadens|reservierungs|liefer|lieferschein|referenz|patienten|depot|transaktions|beleg|zähler|melde|trackings?|reklamations`,
			`-?`, `nummer|nr\.?|id|code|kennzeichen|zeichen`),
		join(`num[ée]ro|n[°º]|code|réf(?:érence|\.)?|identifiant`, of, `commande|client|facture|contrat|colis|dossier|suivi|réservation|adhérent|compte|envoi|abonné|police|ticket|membre|sinistre|livraison|transaction`),
		join(`n[uú]mero|n\.?[ºo°]|n[uú]m\.?|código|referencia|localizador`, of, `pedido|cliente|factura|contrato|envío|reserva|seguimiento|expediente|cuenta|socio|póliza|incidencia|caso|abonado|rastreo|reclamación`),
		join(`numero|n\.|nr\.|codice|riferimento`, of, `ordine|cliente|fattura|contratto|spedizione|pratica|prenotazione|tracking|tracciamento|tracciabilità|conto|tessera|polizza|ticket|segnalazione|pacco|reclamo|utenza`),
		join(`n[uú]mero|n\.?[ºo°]|código|referência`, of, `encomenda|pedido|cliente|fatura|contrato|envio|processo|reserva|rastreio|rastreamento|seguimento|conta|sócio|apólice|matrícula|protocolo|reclamação`),
		join(`bestel|bestellings|order|klant|klanten|factuur|contract|zendings|zending|pakket|dossier|zaak|ticket|boekings|reserverings|lidmaatschaps|polis|relatie|rekening|volg|referentie|traceer|klacht`, `-?`, `nummer|nr\.?|code`),
		`track[- ]?(?:en|and|&)[- ]?trace(?:-?code|-?nummer)?`,
		join(`numer|nr\.?|kod|sygnatura`, of, `zamówienia|klienta|faktury|umowy|przesyłki|paczki|zgłoszenia|rezerwacji|sprawy|reklamacji|konta|polisy|śledzenia|członkowski|referencyjny`),
	).then(filler + row), isReference},
	{"reference", word(`orders?|customers?|invoices?|booking|contract|ref(?:erence)?\.?|(?:ticket|case|fall|vorgang|issue) #`,
		`bestellung|auftrag|rechnung|vertrag|vorgang|buchung|aktenzeichen|referenz`, `commande|client|facture|contrat|colis|dossier|réservation`, `pedido|cliente|factura|contrato|envío|reserva|expediente`,
		`ordine|cliente|fattura|contratto|spedizione|pratica|prenotazione`, `encomenda|pedido|cliente|fatura|contrato|envio|processo|reserva`, `bestelling|factuur|zending|boeking|reservering`,
		`zamówieni[ea]|klienta|faktur[aęy]|umow[aęy]|przesyłk[iaę]|zgłoszeni[ea]|rezerwacj[aię]`).then(near + row), isReference},
	{"reference", regexp.MustCompile(`(?:^|\s)((#\d{5,}))(?:$|[^\p{L}\p{N}])`), func(string) bool { return true }},
}

// day is a date with its year, in figures or with the month as a word.
const day = `(\d{1,2}[./-] ?\d{1,2}[./-] ?(?:19|20)?\d{2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}(?:st|nd|rd|th|\.|er|º)? (?:of |de )?\p{L}{3,12}\.?(?: de)?,? (?:19|20)\d{2}|\p{L}{3,9} \d{1,2},? (?:19|20)\d{2})`

// words are labels in more than one language.
type wordsFor string

func word(inLanguages ...string) wordsFor {
	return wordsFor(`(?:` + strings.Join(inLanguages, `|`) + `)`)
}

// then is what finds such a label with what follows it.
func (w wordsFor) then(what string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)` + begin + `(` + string(w) + what + `)`)
}

// join is one of a, then between, then one of b.
func join(a, between, b string) string { return `(?:` + a + `)` + between + `(?:` + b + `)` }

func isDate(string) bool { return true }

func isDocument(s string) bool { return len(onlyDigits(s)) >= 5 && !date.MatchString(s) }

// isReference reports whether a row of letters and digits is a number by which a matter is kept, and not a year or a date.
func isReference(s string) bool {
	n := onlyDigits(s)
	year := len(n) == 4 && (strings.HasPrefix(n, "19") || strings.HasPrefix(n, "20"))
	return len(n) >= 4 && !year && !date.MatchString(s)
}
