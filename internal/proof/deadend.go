package proof

import (
	"regexp"
	"slices"
	"strings"
)

// deadEndPhrases are how people are sent away, in eight languages: patterns over a text in lower case, in which an apostrophe is ' and
// a stretch of white space one space. Only what leaves the contact without an answer stands here: "contact our service" is
// one, "contact us if it happens again" is not.
var deadEndPhrases = map[string][]string{
	"en": {
		`\bi('m| am) (just |only )?(in|with|from|the) (marketing|sales|pr|press|hr|communications|social media)\b`,
		`\b(i|we) (only|just) (do|handle|look after|deal with|work in|work on) (marketing|sales|social media|pr|press|communications|hr|advertising)\b`,
		`\b(not|isn't|is not) (my|our) (department|area|responsibility|job|team|field)\b`,
		`\b(i'm|i am|we're|we are) not (responsible|the right (person|people|department|team|place|contact|one)|in charge|able to help)\b`,
		`\b(can't|cannot|can not|couldn't|unable to) help you (with that|with this|here|there|any further|further)\b`,
		`\b(please )?(contact|call|write to|email|e-mail|ring|reach out to|get in touch with|turn to|ask) (our|the) (customer )?(service|support|care|help ?desk|hotline|helpline|billing|accounts|sales|press|hr)\b( (department|team|office|desk))?`,
		`\byou('ll| will)? (have to|need to|must|should) (contact|call|write to|email|speak to|ask) (somebody|someone|another|a different|the|our|them)\b`,
		`\b(this|that) is (handled|dealt with|done) by (another|a different|somebody else|someone else)\b`,
		`\bwrong (department|place|address|team|account) for (this|that)\b`,
	},
	"de": {
		`\b(dafür|hierfür|da|damit) (bin ich|sind wir) (leider )?(nicht|hier nicht) (zuständig|verantwortlich|die richtigen?|der richtige)`,
		`\b(ich bin|wir sind) (leider )?(dafür |hierfür |da |hier )?nicht (zuständig|verantwortlich|die richtigen?|der richtige)`,
		`\bnicht (meine|unsere|in meiner|in unserer) (abteilung|zuständigkeit|aufgabe|baustelle)\b`,
		`\b(ich mache|wir machen|ich bin|wir sind) (hier )?(nur|bloß) (das |die |in der |im |für das |für die )?(marketing|werbung|vertrieb|presse|social media|kommunikation|pr|personal)`,
		`\b(wenden sie sich|wende dich|wendet euch) (bitte )?(direkt )?an (unser|unsere|unseren|den|die|das|einen|eine)\b[^.!?\n]{0,30}(service|kundendienst|support|hotline|abteilung|vertrieb|buchhaltung|kundenbetreuung)`,
		`\b(kontaktieren|rufen|schreiben) sie (bitte )?(direkt )?(unser|unsere|unseren|den|die|das)\b[^.!?\n]{0,30}(service|kundendienst|support|hotline|abteilung|vertrieb|buchhaltung|kundenbetreuung)`,
		`\b(da|dabei|hier|damit|hiermit) (kann ich|können wir) (ihnen |dir |euch )?(leider )?nicht (weiter)?helfen\b`,
		`\b(ich kann|wir können) (ihnen |dir |euch )?(da |hier |dabei |damit )?(leider )?nicht (weiter)?helfen\b`,
		`\bfalsche(r|n)? (abteilung|ansprechpartner|stelle|adresse)\b`,
	},
	"fr": {
		`\b(ce n'est|c'est) pas (mon|notre) (service|département|domaine|rôle|travail|ressort)`,
		`\b(je ne suis|nous ne sommes) pas (responsables?|en charge|la bonne personne|le bon service|les bons interlocuteurs|compétente?s?)`,
		`\bje (ne )?(m'occupe|fais) (que|seulement) (du|de la|de|le) (marketing|publicité|presse|communication|vente)`,
		`\b(veuillez |merci de |vous devez |il faut )?(contacter|contactez|appeler|appelez|vous adresser|adressez-vous|joindre)( à| au)? (directement )?(notre|nos|le|la|au|à notre) (service|support|assistance|standard|département)`,
		`\b(je ne peux|nous ne pouvons) (malheureusement )?(pas|rien) (vous aider|faire)`,
		`\bmauvais (service|interlocuteur|département)\b`,
	},
	"es": {
		`\bno es (mi|nuestr[oa]) (departamento|área|responsabilidad|trabajo|competencia)`,
		`\bno (soy|somos) (responsables?|el responsable|la responsable|los responsables|la persona (indicada|adecuada)|el departamento)`,
		`\b(yo )?(solo|sólo|solamente) (hago|llevo|me encargo de(l)?|trabajo en|llevamos|hacemos) (el |la )?(marketing|publicidad|prensa|ventas|comunicación|redes sociales)`,
		`\b(contacte|contacta|contacten|llame|llama|escriba|diríjase|póngase en contacto|ponte en contacto)( por favor)?( a| con)? (nuestr[oa]|el|la|al) (servicio|departamento|atención|soporte|equipo)`,
		`\bno (le |te |les |os )?(puedo|podemos) (ayudar|ayudarle|ayudarte|ayudarles|ayudaros)\b`,
		`\bdepartamento equivocado\b`,
	},
	"it": {
		`\bnon è (il )?(mio|nostro) (reparto|dipartimento|settore|compito|ufficio)`,
		`\bnon è (la )?(mia|nostra) (competenza|responsabilità|area)`,
		`\bnon (sono|siamo) (io |noi )?(responsabil[ei]|la persona giusta|il reparto|l'ufficio|competent[ei])`,
		`\b(mi occupo|ci occupiamo|faccio|facciamo) (solo|soltanto|solamente) (di |del |della )?(marketing|pubblicità|stampa|vendite|comunicazione|social)`,
		`\b(contatt(i|a|ate)|chiam(i|a|ate)|scriv(a|i|ete)|si rivolga|rivolgiti|rivolgetevi)( al| a| all'| alla)? ?(il |la |l')?(nostr[oa] )?(servizio|assistenza|supporto|ufficio|reparto)`,
		`\bnon (posso|possiamo) (aiutarl[ao]|aiutarti|aiutarvi|esserle d'aiuto|esserti d'aiuto)`,
		`\breparto sbagliato\b`,
	},
	"pt": {
		`\bnão é (o |a )?(meu|minha|nosso|nossa) (departamento|área|responsabilidade|função|competência|setor)`,
		`\bnão (sou|somos) (o |a |os |as )?(responsáve(l|is)|pessoa (certa|indicada))`,
		`\b(só|apenas|somente) (faço|trato|cuido|trabalho|tratamos|fazemos) (de |do |da |com |em |no )?(o )?(marketing|publicidade|imprensa|vendas|comunicação|redes sociais)`,
		`\b(contacte|contate|contactar|entre em contato|entre em contacto|ligue|escreva|dirija-se)( por favor)?( com| para| ao| à)? ?(o |a )?(nosso|nossa|o|a)? ?(serviço|departamento|suporte|atendimento|apoio|setor)`,
		`\bnão (o |a |lhe |te )?(posso|podemos|consigo|conseguimos) (ajudar|ajudá-l[oa]|ajudar-te)`,
		`\b(departamento|setor) errado\b`,
	},
	"nl": {
		`\b(niet|geen) (mijn|onze) (afdeling|verantwoordelijkheid|taak|terrein|werk)`,
		`\b(daar|hier)(voor)? (ben ik|zijn wij|zijn we) niet (verantwoordelijk|voor|de juiste)`,
		`\b(ik ben|wij zijn|we zijn) (hier |daar )?niet (verantwoordelijk|de juiste (persoon|afdeling|personen))`,
		`\b(ik doe|wij doen|we doen|ik ga over) (alleen|enkel|slechts) (de |het |aan )?(marketing|reclame|pers|verkoop|communicatie|social media)`,
		`\b(neem|neemt u|u kunt)( dan| a\.?u\.?b\.?| alstublieft)? (contact op(nemen)? met|contact opnemen met) (onze|de|het|ons) [^.!?\n]{0,20}(service|klantenservice|dienst|afdeling|helpdesk|support)`,
		`\b(bel|belt u|mail|schrijf)( dan| a\.?u\.?b\.?)? (met |naar )?(onze|de|het|ons) [^.!?\n]{0,20}(service|klantenservice|dienst|afdeling|helpdesk|support)`,
		`\b(kan ik|kunnen wij|kunnen we|ik kan|wij kunnen|we kunnen) (u |je |jullie )?(daar|hier|hierbij|daarmee|hiermee)?( helaas)? ?niet (mee |bij )?(verder )?helpen`,
		`\bverkeerde afdeling\b`,
	},
	"pl": {
		`\bto nie (jest )?(mój|nasz) (dział|obowiązek|zakres|resort)`,
		`\bto nie (jest )?(moja|nasza|moje|nasze) (sprawa|kompetencja|kompetencje|zadanie)`,
		`\bnie (jestem|jesteśmy) (za to )?(odpowiedzialn[yaei]|właściw(ą|ym|ymi) (osobą|działem|osobami))`,
		`\b(zajmuję|zajmujemy) się (tylko|wyłącznie|jedynie) (marketingiem|reklamą|sprzedażą|prasą|komunikacją|mediami)`,
		`\bnie (zajmuję|zajmujemy) się tym\b`,
		`\b(proszę |prosimy )?(o kontakt|skontaktować się|skontaktuj się|zadzwonić|zadzwoń|napisać|zwrócić się)( do| z| z nasz(ym|ą))? ?(naszego|naszym|naszej|działem|działu|biurem|biura)? ?(obsług[iąa]|serwis(em|u)|dział(em|u)|pomoc(y|ą)|infolini(ą|i))`,
		`\bnie (mogę|możemy) (panu |pani |państwu |ci |wam )?(w tym )?pomóc\b`,
		`\bniewłaściwy dział\b`,
	},
}

var deadEndPatterns = compile(deadEndPhrases)

func compile(phrases map[string][]string) []*regexp.Regexp {
	var languages []string
	for l := range phrases {
		languages = append(languages, l)
	}
	slices.Sort(languages)
	var out []*regexp.Regexp
	for _, l := range languages {
		for _, p := range phrases[l] {
			out = append(out, regexp.MustCompile(`(?i)`+unicodeBounds(p)))
		}
	}
	return out
}

// unicodeBounds lets a pattern begin after anything but a letter: \b of package regexp knows only those of English.
func unicodeBounds(p string) string {
	return strings.Replace(p, `\b`, `(?:^|[^\p{L}\p{N}])`, 1)
}

// deadEnds finds where a text sends the contact away, each place once.
func deadEnds(text string) []Find {
	same := strings.NewReplacer("’", "'", "ʼ", "'", "`", "'", "\u00a0", " ")
	// The replaced signs are shorter than what they replace, so places are found in the text by their words.
	var out []Find
	for _, sentence := range sentences(text) {
		plain := strings.Join(strings.Fields(same.Replace(sentence.text)), " ")
		for _, p := range deadEndPatterns {
			if p.MatchString(plain) {
				out = append(out, Find{What: string(DeadEnd), Text: strings.TrimSpace(sentence.text), Start: sentence.start})
				break
			}
		}
	}
	return out
}

var blank = regexp.MustCompile(`\{\{[^{}\n]{0,60}\}\}|\[(?i:name|vorname|nachname|date|datum|order|number|nummer|link|nom|nombre|nome|naam|imię|xxx+|…|\.\.\.)[^\]\n]{0,30}\]|\bX{3,}\b|_{4,}`)

// blanks finds places of a prepared text that nobody has filled in.
func blanks(text string) []Find {
	var out []Find
	for _, m := range blank.FindAllStringIndex(text, 20) {
		out = append(out, Find{What: string(Empty), Text: text[m[0]:m[1]], Start: m[0]})
	}
	return out
}
