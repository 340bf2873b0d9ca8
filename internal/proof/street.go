package proof

import (
	"regexp"
	"slices"
	"strings"
)

// How a street and its number are put. (?i:…) is for kinds of streets that are nothing else; where the kind is a word of every day
// ("way", "place", "corso"), a name with a capital must stand beside it.
const (
	house = `\d{1,5} ?[a-zA-Z]?(?:[/-]\d{1,4}[a-z]?){0,3}(?:/[A-Z]\b)?`
	named = `\p{Lu}[\p{L}'’.-]*`
	small = `(?:(?i:de la|de las|de los|de l['’]|de|des|du|del|della|delle|dei|degli|dell['’]|di|d['’]|do|da|dos|das|el|la|las|los|le|les|l['’]|e|y|van|van de|van der|von|von der|św\.|gen\.)[ ]?){0,2}`
)

var streetForms = []*regexp.Regexp{
	// 12 High Street, 12345 Station Way
	form(`\d{1,5}[a-z]?,? (?:[\p{L}][\p{L}'’.-]* ){1,3}(?i:street|road|rd\.?|avenue|ave\.?|lane|crescent|terrace|boulevard|blvd\.?)`),
	form(`\d{1,5}[A-Za-z]?,? (?:` + named + ` ){1,3}(?i:st|ln|drive|dr|close|court|ct|cres|square|sq|way|place|pl|gardens|grove|mews|hill|row|walk|parade|park|quay|wharf|circle|highway|hwy|parkway|pkwy)\.?`),
	// Musterstraße 12, Hauptstr.12, Berliner Allee 3, Straße des 17. Juni 135, Am Markt 3, Kerkstraat 12
	form(`\p{L}[\p{L}-]*(?i:straße|strasse|straat|gasse|allee|chaussee|laan|gracht|singel) ` + house),
	form(`\p{Lu}[\p{L}-]*str(?:\. ?| )` + house),
	form(`\p{Lu}[\p{L}-]+(?:weg|platz|ring|damm|ufer|steig|stieg|pfad|graben|markt|plein|kade|dijk|steeg|hof|pad|dreef|plantsoen|wal) ` + house),
	form(named + ` (?:Straße|Strasse|Str\.?|Weg|Gasse|Platz|Allee|Ring|Damm|Ufer|Markt) ` + house),
	form(`(?:Straße|Strasse|Platz|Allee|Weg|Ufer) (?:des|der|am|zum|zur|im) (?:\d{1,2}\. )?` + named + ` ` + house),
	form(`(?:Unter den Linden|(?:Am|An der|Beim|Zum|Zur) (?:Alten |Neuen )?(?:Markt|Rathaus|Bahnhof|Dom|Park|See|Hang|Bach|Wald|Anger|Kirche|Brunnen|Mühle|Schloss|Stadt\p{Ll}+|Kirch\p{Ll}+|Mühl\p{Ll}+)) ` + house),
	// 12 rue des Lilas, 12 cours Mirabeau
	form(`\d{1,4}(?: ?(?:bis|ter|quater|[a-d]))?,? (?i:rue|avenue|av\.|boulevard|bd\.?|blvd|chemin|impasse) (?:\p{L}[\p{L}'’.-]* ?){1,4}`),
	form(`\d{1,4}(?: ?(?:bis|ter|quater|[a-d]))?,? (?i:place|allée|quai|route|cours|square|passage|sentier|faubourg|esplanade|ruelle|montée|rond-point) ` + small + named + `(?: ` + small + named + `){0,2}`),
	// C/ Mayor, 5, Via Roma 15, Av. Paulista, 1578
	form(`(?i:calle|c/|avenida|avda\.?|av\.|paseo|p\.?º|plaza|pza\.?|carrer|camino|carretera|ctra\.?|ronda|travesía|glorieta|rambla|via|viale|v\.le|piazza|piazzale|p\.zza|p\.za|corso|c\.so|largo|vicolo|strada|rua|r\.|travessa|praça|alameda|estrada|rodovia|calçada) ?` +
		small + named + `(?: ` + small + named + `){0,3}(?:,? (?:n[.ºo°]{0,2} ?)?|,)` + house),
	form(`(?i:calle|avenida|avda\.?|paseo|plaza|rua|travessa|praça|via|viale|piazza) (?:\p{L}[\p{L}'’.-]* ){0,2}\p{L}[\p{L}'’.-]*, ?(?:n[.ºo°]{0,2} ?)?` + house),
	// ul. Długa 12/4, Marszałkowska 10/12
	form(`(?i:ul\.|ulic[aęy]|al\.|alej[aie]|plac[u]?|pl\.|os\.|osiedl[eu]|rondo) ?` + small + named + `(?: ` + named + `){0,2} ` + house + `(?: ?(?:m|lok)\.? ?\d{1,4})?`),
	form(`\p{Lu}\p{Ll}+(?:ska|cka|dzka|owa|ego|iej) \d{1,3}[a-z]?/\d{1,4}`),
	// PO Box 12
	form(`(?i:p\.? ?o\.? ?box|postfach|bo[iî]te postale|apartado(?: de correos)?|casella postale|caixa postal|postbus|skrytka pocztowa) \d[\d ]{0,7}`),
	form(`BP \d{1,6}`),
	// whatever the street: a number, a postcode and a town; a British postcode
	form(named + `(?: [\p{L}'’.-]+){0,3},? ` + house + `, ?(?:[A-Z]{1,2}-)?(?:\d{4,5}|\d{2}-\d{3}|\d{4}-\d{3}|\d{4} ?[A-Z]{2}) ` + named),
	form(`[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}`),
	form(named + `, [A-Z]{2} \d{5}(?:-\d{4})?`),
	// behind a word for an address: nearly anything with a number
	form(`(?i:address|adresse|anschrift|dirección|indirizzo|endereço|morada|adres)[^\d\n.!?]{0,20}? ((?:` + named + ` )(?:[\p{L}'’.-]+ ){0,3}` + house + `)`),
}

func form(p string) *regexp.Regexp {
	if !strings.Contains(p, ` ((`) {
		p = `(` + p + `)`
	}
	return regexp.MustCompile(begin + p + `(?:$|[^\p{L}\p{N}])`)
}

// noStreet are words that stand as a street does and are none.
var noStreet = regexp.MustCompile(`(?i)^(?:(?:der|die|das|den|dem|des|ein|eine|jeder|dieser|unser|ihr|mein|kein|auf|pro|je|top) |(?:park|sitz|steh|stell|arbeits|studien|ausbildungs|lager|steck|schreib|bahn|flug|um|rück|hin|heim|aus|halb|schul|super|welt|haupt|arbeits|aktien|wochen|weihnachts)(?:platz|weg|hof|markt) )`)

// lasts is what follows a number that is none of a house.
var lasts = regexp.MustCompile(`(?i)^\s?(?:[%€$£]|[.:,]\d|(?:to|tot|à|a|bis) ?\d|(?:von|bis|uhr|of|o['’]clock|am|pm|min|minut|hour|stunde|tag|day|jour|heure|hora|día|dia|giorn|or[ae]|dag|uur|dni|godzin|week|woche|semaine|semana|settiman|tydzie|tygodni|month|monat|mois|mes|kilom|km|meter|metro|times|mal|fois|ans|años|anos|anni|years?|jahre|jaar|lat|vece|volt|vez|keer|raz|people|leute|kunden|person)\p{L}{0,6}(?:$|[^\p{L}]))`)

// streets finds postal addresses.
func streets(text string) []stretch {
	var out []stretch
	for _, p := range streetForms {
		for _, m := range p.FindAllStringSubmatchIndex(text, 50) {
			if s := text[m[2]:m[3]]; !noStreet.MatchString(s) && !lasts.MatchString(text[m[3]:]) && !ours(text[:m[2]]) {
				out = append(out, stretch{m[2], m[3]})
			}
		}
	}
	slices.SortFunc(out, func(a, b stretch) int { return a.from - b.from })
	return out
}
