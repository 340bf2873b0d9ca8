package proof

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// sending is how people are sent away in one language. <D> in a phrase stands for a department with what may stand before it,
// <V> for a verb that says "get in touch with".
type sending struct {
	departments string
	verbs       string
	// orders say whom to turn to. They are none in the mouth of somebody who does so himself, or who thanks for it: self.
	orders []string
	self   string
	// plain are the rest: not mine, only for the press, can't help, theirs to do.
	plain []string
}

// Only what leaves the contact without an answer stands here: "contact our service" does, "contact us if it happens again" does
// not. The patterns are for a text in which an apostrophe is ' and a stretch of white space one space; < begins a word, > ends it.
var sendings = map[string]sending{
	"en": {
		departments: `(?:(?:the|our|their|your|a|my) )?(?:(?:customer|client|technical|tech|guest|member|after-?sales|billing|returns?|refunds?|press|payments?|credit|local|main|right|relevant|responsible|online|support|service|financial|legal|different|other|marketing|colleagues in|colleagues at|team at|people in) ){0,2}` +
			`(?:services?|support|care|help ?desk|hotline|helpline|call cent(?:re|er)|billing|accounts|accounting|finance|sales|press office|hr|human resources|returns|complaints|logistics|legal|department|dept|team|office|retailer|seller|manufacturer|courier|carrier|shop|store|bank|provider|warranty team)`,
		verbs: `(?:contact|call|phone|ring|write to|e-?mail|message|speak (?:to|with)|talk (?:to|with)|ask|get in touch with|get in contact with|reach out to|turn to|go to|try|check with|consult|approach|get hold of)`,
		orders: []string{
			`(?:^|[,;:–-] |<(?:please|kindly|just|simply|then|instead|directly|best to|better to|only) )(?:to )?<V> <D>`,
			`<(?:you'll|you'd|you (?:will|would|can|could|need|have|want|should|must|may|might|ought|are best)) ?(?:need|have|want|should|must|can|could|may|might|will|would|ought|better|had better|are best|to|be better off|best|please|then|always|also| )*(?:to )?<V> (?:<D>|somebody|someone|another|a different|them)>`,
			`<(?:suggest|advise|recommend|ask)(?: that)? you(?: to)? <V> <D>`,
		},
		self: `<(?:i|we|i'll|we'll|i've|we've|thanks?|sorry)>`,
		plain: []string{
			`<i(?:'m| am) (?:just |only )?(?:in|with|from|the) (?:marketing|sales|pr|press|hr|communications|social media)>`,
			`<(?:i|we) (?:only|just) (?:do|handle|look after|deal with|work in|work on|cover|run) (?:the )?(?:marketing|sales|social media|pr|press|communications|hr|advertising|careers|jobs)`,
			`<(?:is|are|i'm|i am|we're|we are) (?:only|just|purely|solely|exclusively|strictly) (?:for|here for|meant for|responsible for|in charge of) (?:the )?(?:marketing|sales|social media|pr|press|communications|hr|advertising|careers|jobs|job|journalists)`,
			`<(?:not|isn't|is not|outside|out of) (?:my|our) (?:department|area|responsibility|job|team|field|remit|desk|thing)>`,
			`<(?:i'm|i am|we're|we are) not (?:responsible|the right (?:person|people|department|team|place|contact|one)|in charge|able to help)>`,
			`<(?:can't|cannot|can not|couldn't|unable to|not able to) (?:help|assist)(?: you)?(?: (?:with|here|there|any further|further|out|on)>|,? (?:i'm afraid|sorry)|[.!]|$)`,
			`<(?:there's|there is)? ?nothing (?:else |more )?(?:i|we) can do>`,
			`<(?:i|we) (?:don't|do not|can't|cannot) (?:deal with|handle|look after|take care of|process) `,
			`<<D> (?:is|are|would be|will be) (?:responsible for (?:that|this|these|those|it|such|all|\p{L}+s)>|in charge of (?:that|this|these|those|it|such|all|\p{L}+s)>|who you need|(?:the right|better placed|best placed))`,
			`<you(?:'ll| will| can| may)? (?:reach|find|get) <D>`,
			`<<D> (?:can|could|will be able to|should be able to|might be able to|is able to) (?:help|assist|answer|tell) you`,
			`<(?:i'm|i am|we're|we are|this is|you've reached|you have reached) (?:just |only |here )?(?:just |only )(?:the )?(?:press|marketing|sales|social media|careers|pr|hr)>`,
			`<(?:our|the|this) (?:marketing|press|sales|pr|hr|social media)(?: account| team| office| channel)? (?:can't|cannot|can not) (?:answer|help|assist|deal|handle)`,
			`<(?:isn't|is not|not) something (?:i|we|marketing|sales|press|pr|hr)(?: can)? (?:answer|help|do|deal|handle|look)`,
			`<<D> (?:handles?|deals? with|looks? after|takes? care of) (?:that|this|those|these|such)>`,
			`<(?:question|one|matter|something|job|thing) for <D>`,
			`<(?:this|that) is (?:handled|dealt with|done) by (?:another|a different|somebody else|someone else|<D>)`,
			`<wrong (?:department|place|address|team|account) for (?:this|that)>`,
			`<contact the (?:shop|store|retailer|seller|manufacturer|courier|carrier)>`,
		},
	},
	"de": {
		departments: `(?:(?:unser|ihr|euer|dein)(?:e?[nrms]|e)? |(?:de[nrm]|die|das|dem|eine?[nrm]?) )?(?:(?:zuständigen?|richtigen?|anderen?|technischen?|kolleg(?:en|innen)|jeweiligen?|örtlichen?) ?(?:in der |im |vom |aus dem |aus der )?){0,2}` +
			`(?:\p{L}*(?:service|kundendienst|support|hotline|helpdesk|abteilung|vertrieb|buchhaltung|kundenbetreuung|pressestelle|personalbüro|kundencenter|callcenter|logistik|zentrale|händler|hersteller|paketdienst|rechnungsstelle|reklamation|verwaltung|werkstatt|filiale|stelle))`,
		verbs: `(?:wenden|melden|sprechen|nachfragen|fragen|anrufen|schreiben|kontaktieren|richten|erkundigen|anfragen|klären|besprechen|regeln)>`,
		orders: []string{
			`<(?:wenden sie sich|wende dich|wendet euch|melden sie sich|melde dich|meldet euch|erkundigen sie sich|erkundige dich|fragen sie|frag|frage|schreiben sie|schreib|sprechen sie(?: mit)?|sprich(?: mit)?)(?: (?:bitte|dazu|dafür|da|hierzu|hierfür|damit|direkt|doch|am besten|einfach|gern|gerne|besser|mal|dann|in diesem fall))* (?:an|bei|beim|mit|zum) ?<D>`,
			`<(?:fragen sie|frag|frage|kontaktieren sie|kontaktiere|kontaktiert|rufen sie|rufe?)(?: (?:bitte|dazu|dafür|da|hierzu|hierfür|direkt|doch|am besten|einfach|gern|gerne|besser|mal|dann|beim|bei))* <D>`,
			`<(?:sie|du|ihr|man|bitte|dich|euch|sich) (?:[^.!?,;]{0,45} )?(?:(?:an|bei|beim|mit) )?<D> (?:zu )?<V>`,
			`<am besten (?:direkt )?(?:(?:an|bei|beim|mit) )?<D> <V>`,
		},
		self: `<(?:ich|wir|danke|vielen dank|schön dass)>`,
		plain: []string{
			`<(?:dafür|hierfür|da|damit) (?:bin ich|sind wir) (?:leider )?(?:nicht|hier nicht) (?:zuständig|verantwortlich|die richtigen?|der richtige)`,
			`<(?:ich bin|wir sind) (?:leider )?(?:dafür |hierfür |da |hier )?nicht (?:zuständig|verantwortlich|die richtigen?|der richtige)`,
			`<nicht (?:meine|unsere|in meiner|in unserer|mein|unser|in meinen|in unseren) (?:abteilung|zuständigkeit|aufgabe|baustelle|bereich|gebiet|ressort)>`,
			`<(?:ich mache|wir machen|ich bin|wir sind|bin ich|sind wir|kümmern? (?:ich mich|wir uns)(?: hier)?|ich kümmere mich|wir kümmern uns) (?:hier )?(?:nur|bloß|ausschließlich|lediglich)(?: hier)?(?: um)?(?: für)? (?:das |die |den |in der |im |für das |für die )?(?:marketing|werbung|vertrieb|presse|social media|kommunikation|pr|personal|bewerb)`,
			`<(?:wir kümmern uns|ich kümmere mich) (?:hier )?(?:nur|ausschließlich|lediglich) um`,
			`<hier (?:gibt es|bekommen sie|geht es|gibt's) (?:nur|ausschließlich|lediglich|bloß) `,
			`<(?:da|dabei|hier|damit|hiermit) (?:kann ich|können wir) (?:ihnen |dir |euch )?(?:leider )?nicht (?:weiter)?helfen>`,
			`<(?:ich kann|wir können|kann ich|können wir) (?:ihnen |dir |euch )?(?:da |hier |dabei |damit |dazu )?(?:leider )?(?:nicht (?:weiter)?helfen|nichts (?:machen|tun))>`,
			`<(?:dafür|hierfür|für [^.!?,]{2,40}) (?:ist|sind|wäre|wären) (?:leider |bei uns |hier |allein |nur )?<D> (?:zuständig|verantwortlich|da)>`,
			`<(?:darum|damit|um [^.!?,]{2,40}) (?:kümmert|kümmern|befasst|befassen) sich (?:bei uns |hier )?<D>`,
			`<(?:ist|sind|wäre) (?:leider )?(?:eine |reine )?(?:sache|aufgabe|angelegenheit) (?:der|des|von|vom) ?(?:\p{L}+ )?(?:\p{L}*(?:buchhaltung|abteilung|service|kundendienst|supports?|vertriebs?|technik|personalabteilung|verwaltung|logistik))`,
			`<<D> (?:ist|wäre) (?:da|dafür|hierfür|hier|dazu)(?: \p{L}+)? (?:zuständig|(?:der |die |ihr |ihre )?(?:richtige|passende|beste)?[nr]? ?(?:ansprechpartner|ansprechpartnerin|anlaufstelle|adresse))`,
			`<(?:damit|mit (?:\p{L}+ ){1,3})(?:habe ich |haben wir )?(?:leider |hier )?nichts zu tun>`,
			`<für (?:\p{L}+ ){1,3}(?:gibt es|haben wir|gibt's) (?:bei uns )?(?:eine |unsere |unseren |den |die |einen )?(?:eigene |eigenen )?\p{L}*(?:hotline|service|kundendienst|support|abteilung|stelle|team)>`,
			`<(?:schreiben|schicken|senden|richten) sie (?:bitte |dazu |dafür |einfach |am besten )*(?:eine |ihre |diese |die )?(?:e-?mail|mail|nachricht|anfrage|frage|reklamation) (?:direkt )?(?:an|bei) <D>`,
			`<(?:da|dabei|damit|hierbei|dazu|das) (?:kann|können|hilft|helfen|beantwortet)(?: ihnen| dir| sie)?(?: nur| am besten| gern| gerne)* <D>`,
			`<das (?:macht|machen|bearbeitet|regelt|erledigt) (?:bei uns |leider )?(?:eine andere|ein anderer|ein anderes|<D>)`,
			`<(?:fällt|fallen|gehört|liegt)(?: leider| hier)? nicht (?:in|zu) (?:meine?n?|unsere?n?|meinem|unserem|meiner|unserer)>`,
			`<(?:da|hier|damit|bei uns) (?:sind sie|bist du|seid ihr)(?: bei uns| hier| leider| damit)* (?:falsch|verkehrt|nicht richtig)`,
			`<falsche[rn]? (?:abteilung|ansprechpartner|stelle|adresse)>`,
		},
	},
	"fr": {
		departments: `(?:(?:notre|nos|le|la|les|votre|vos|un|une|du|au|aux|des|de la|de l'|à la|à l'|à notre|l') ?)?(?:(?:bon|autre|équipe|collègues d[eu]) ?){0,2}` +
			`(?:services?(?: client(?:s|èle)?| après-vente| technique| facturation| comptabilité| concerné)?|support|assistance(?: technique)?|standard|département|comptabilité|hotline|sav|direction|facturation|centre d'appels?|magasin|boutique|vendeur|fabricant|transporteur|équipe (?:support|technique|commerciale))`,
		verbs: `(?:contacter|appeler|joindre|écrire|téléphoner|vous adresser|vous rapprocher|vous tourner|prendre contact|voir|demander|envoyer un (?:mail|courriel))`,
		orders: []string{
			`<(?:contactez|appelez|joignez|écrivez|téléphonez|adressez-vous|rapprochez-vous|tournez-vous|prenez contact|voyez|demandez|contacte|appelle|adresse-toi)(?: directement| plutôt| donc)?(?: avec| vers| à| auprès)? ?(?:de )?<D>`,
			`<(?:veuillez|merci de|prière de|il faut|il faudrait|vous devez|vous devriez|vous pouvez|vous pourriez|il vous faut|mieux vaut|le mieux est de|à vous de)(?: directement| plutôt| donc)? <V>(?: directement)?(?: avec| vers| à| auprès)? ?(?:de )?<D>`,
			`<je vous (?:invite|conseille|recommande|suggère|prie) (?:à|de) <V>(?: avec| vers| à| auprès)? ?(?:de )?<D>`,
		},
		self: `<(?:merci d'avoir|merci pour|désolée?s?)>`,
		plain: []string{
			`<(?:ce n'est|c'est|n'est) pas (?:de |dans )?(?:mon|notre|mes|nos) (?:service|département|domaine|rôle|travail|ressort|compétences?|attributions?|rayon)`,
			`<(?:je ne suis|nous ne sommes) pas (?:responsables?|en charge|la bonne personne|le bon service|les bons interlocuteurs|compétente?s?|habilitée?s?)`,
			`<(?:je|nous) (?:ne |n')?(?:m'|nous )?(?:occup(?:e|ons)|fais|faisons|gère|gérons|trait(?:e|ons)) (?:que|qu'|uniquement|seulement|exclusivement) ?(?:du|de la|de l'|de|des|le|la|les)?>`,
			`<(?:je m'occupe|nous nous occupons) (?:que|uniquement|seulement|exclusivement) `,
			`<(?:nous|je) ne (?:trait(?:ons|e)|gér(?:ons)|gère|nous occupons|m'occupe|faisons|fais) pas `,
			`<ce n'est pas (?:nous|moi) qui>`,
			`<c'est <D> qui (?:gère|s'en occupe|s'occupe|traite|est responsable|vous)`,
			`<<D> (?:est|sont) (?:responsables?|chargée?s?|en charge|compétente?s?) (?:de|pour)`,
			`<(?:compte|page|adresse|canal) (?:est|n'est) (?:réservée?|destinée?|uniquement|exclusivement|seulement|que)`,
			`<(?:je ne peux|nous ne pouvons) (?:malheureusement )?(?:pas vous aider|rien (?:y )?faire|rien pour vous|pas (?:y )?faire)`,
			`<<D> (?:pourra|peut|sera en mesure de|saura) (?:vous|mieux|seul|y)`,
			`<(?:je ne suis|nous ne sommes|pas) (?:malheureusement )?(?:pas )?en mesure de (?:vous )?(?:aider|répondre)`,
			`<(?:cela|ça|ceci) (?:ne )?(?:relève|dépend|est du ressort)(?: pas)? d`,
			`<mauvais (?:service|interlocuteur|département)>`,
		},
	},
	"es": {
		departments: `(?:(?:nuestr[oa]s?|el|la|los|las|al|un|una|su|otro|otra) )?(?:(?:equipo|compañeros|línea|oficina|personal|central) de )?` +
			`(?:servicio|departamento|atención|soporte|facturación|contabilidad|administración|centralita|asistencia|ventas|tienda|vendedor|fabricante|transportista|recursos humanos|prensa|equipo|call center|sucursal|logística)`,
		verbs: `(?:contactar|ponerse en contacto|ponerte en contacto|llamar|escribir|dirigirse|dirigirte|hablar|consultar|preguntar|acudir|comunicarse|recurrir)`,
		orders: []string{
			`<(?:contacte|contacta|contacten|contactad|llame|llama|llamen|escriba|escribe|escriban|diríjase|dirígete|póngase en contacto|ponte en contacto|pónganse en contacto|hable|habla|consulte|consulta|pregunte|pregunta|acuda|comuníquese|comunícate)(?:,? por favor,?)?(?: directamente)?(?: a| con| en)? <D>`,
			`<(?:tiene que|tienes que|tendrá que|tendría que|tendrás que|debe|debes|debería|deberías|deberá|puede|puedes|hay que|habría que|necesita|lo mejor es|por favor,?|rogamos|favor de) <V>(?: directamente)?(?: a| con| en| al)? ?<D>`,
			`<(?:le|te|les) (?:aconsejo|recomiendo|sugiero|recomendamos|aconsejamos|pido|pedimos) (?:que )?(?:contact|llam|escrib|dirij|ponerse|habl)\p{L}*(?: a| con| en| al)? ?<D>`,
		},
		self: `<(?:gracias|sentimos|siento|lamento|lamentamos|ya)>`,
		plain: []string{
			`<no es (?:de )?(?:mi|nuestr[oa]|cosa (?:nuestra|mía)|asunto (?:nuestro|mío))(?: (?:departamento|área|responsabilidad|trabajo|competencia))?>`,
			`<(?:canal|cuenta|página|perfil|buzón|correo) es (?:solo|sólo|solamente|únicamente|exclusivamente) para>`,
			`<no (?:soy|somos) (?:responsables?|el responsable|la responsable|los responsables|la persona (?:indicada|adecuada)|el departamento)`,
			`<(?:yo )?(?:solo|sólo|solamente|únicamente) (?:hago|llevo|me encargo|nos encargamos|trabajo en|llevamos|hacemos|atendemos|gestionamos|gestiono)(?: del?| a)? ?(?:el |la |las |los )?(?:marketing|publicidad|prensa|ventas|comunicación|redes sociales|periodistas)`,
			`<aquí (?:solo|sólo|solamente|únicamente) (?:atend|gestion|llev|respond|trat|hac|public)`,
			`<no (?:nos encargamos|me encargo|llevamos|llevo|gestionamos|gestiono|tramitamos|nos ocupamos|me ocupo)>`,
			`<(?:no me|no nos) corresponde>`,
			`<(?:de eso|de esto|eso|esto|de (?:los|las|el|la) [^.!?,]{2,30}) (?:se encargan?|se ocupan?|lo llevan?|los? ve|lo gestionan?|lo tramitan?) <D>`,
			`<<D> (?:es|son) (?:el |la |los )?(?:responsables?|encargad[oa]s?) de>`,
			`<no (?:le |te |les |os )?(?:puedo|podemos) (?:ayudar|ayudarle|ayudarte|ayudarles|ayudaros|hacer nada)>`,
			`<(?:tema|asunto|consulta|cuestión|pregunta|cosa|gestión)(?:s)? (?:lo|la|los|las|es de|es para|le corresponde a|corresponde a|de) ?(?:llevan? |gestionan? |ve |ven )?<D>`,
			`<<D> (?:puede|podrá|sabrá) (?:ayudarle|ayudarte|informarle|decirle|atenderle|responderle)`,
			`<departamento equivocado>`,
		},
	},
	"it": {
		departments: `(?:(?:il|lo|la|i|gli|le|al|allo|alla|all'|ai|agli|alle|col|con il|con la|con l'|un|una|un'|l') ?)?(?:(?:nostr[oaei]|suo|sua|altro|altra) )?(?:(?:ufficio|reparto|servizio|team) )?` +
			`(?:servizio(?: clienti)?|assistenza(?: clienti| tecnica)?|supporto|ufficio|reparto|contabilità|amministrazione|centralino|negozio|venditore|produttore|corriere|vendite|numero verde|call center|fatturazione|customer care)`,
		verbs: `(?:contattare|chiamare|telefonare|scrivere|rivolger(?:si|ti|vi)|sentire|parlare|chiedere|mettersi in contatto)`,
		orders: []string{
			`<(?:contatti|contatta|contattate|chiami|chiama|chiamate|scriva|scrivi|scrivete|si rivolga|rivolgiti|rivolgetevi|telefoni|telefona|senta|senti|parli|parla|chieda|chiedi|si metta in contatto|mettiti in contatto)(?:,? per favore,?)?(?: direttamente)?(?: a| con)? ?<D>`,
			`<(?:deve|devi|dovete|dovrebbe|dovresti|dovrà|dovrai|può|puoi|bisogna|occorre|la prego di|ti prego di|la invito a|le consiglio di|ti consiglio di|si prega di|la preghiamo di|vi preghiamo di|è meglio|conviene) <V>(?: direttamente)?(?: a| con)? ?<D>`,
		},
		self: `<(?:grazie|ci dispiace|mi dispiace)>`,
		plain: []string{
			`<non è (?:il |di )?(?:mio|nostro|mia|nostra)(?: (?:reparto|dipartimento|settore|compito|ufficio|competenza|lavoro))>`,
			`<non è (?:la )?(?:mia|nostra) (?:competenza|responsabilità|area)`,
			`<non (?:sono|siamo) (?:io |noi )?(?:responsabil[ei]|la persona giusta|il reparto|l'ufficio|competent[ei])`,
			`<(?:mi occupo|ci occupiamo|faccio|facciamo|gestiamo|gestisco|seguiamo|seguo) (?:solo|soltanto|solamente|esclusivamente)(?: di| del| della| dei| i| il| la| le)? ?(?:marketing|pubblicità|stampa|vendite|comunicazione|social)`,
			`<qui (?:gestiamo|trattiamo|seguiamo|rispondiamo)? ?(?:solo|soltanto|solamente|esclusivamente)`,
			`<non (?:ci occupiamo|mi occupo|gestiamo|gestisco|trattiamo) `,
			`<(?:di questo|di ciò|di quello|di (?:quest[oaie]|rimborsi|fatture)[^.!?,]{0,20}) (?:si occupa(?:no)?|se ne occupa(?:no)?) <D>`,
			`<se ne occupa(?:no)? <D>`,
			`<(?:è|sono) responsabil[ei] <D>`,
			`<<D> è responsabile>`,
			`<non (?:posso|possiamo) (?:aiutarl[ao]|aiutarti|aiutarvi|esserle d'aiuto|esserti d'aiuto|far(?:ci|e) niente|fare nulla|farci nulla)`,
			`<(?:è|sono) (?:una )?(?:questione|domanda|cosa|competenza) (?:per|di|del|della|dell') ?<D>`,
			`<<D> (?:può|potrà|saprà) (?:aiutarl[ao]|aiutarti|risponderle|dirle)`,
			`<per (?:questo|quello|ciò) (?:c'è|esiste) <D>`,
			`<reparto sbagliato>`,
		},
	},
	"pt": {
		departments: `(?:(?:o|a|os|as|ao|à|aos|às|um|uma|outro|outra) )?(?:(?:nosso|nossa|seu|sua) )?(?:(?:equipa|equipe|linha|central|colegas) d[eao] )?` +
			`(?:serviço|departamento|suporte|atendimento|apoio|setor|sector|contabilidade|faturação|faturamento|financeiro|administração|central|loja|vendedor|fabricante|transportadora|vendas|recursos humanos|ouvidoria|sac|assistência)`,
		verbs: `(?:contactar|contatar|ligar|falar|escrever|dirigir-se|entrar em conta(?:c)?to|procurar|perguntar|consultar)`,
		orders: []string{
			`<(?:contacte|contate|contacta|ligue|liga|fale|fala|escreva|escreve|dirija-se|dirige-te|entre em conta(?:c)?to|entra em conta(?:c)?to|procure|pergunte|consulte)(?:,? por favor,?)?(?: diretamente)?(?: com| para| a)? ?<D>`,
			`<(?:tem de|tem que|tens de|terá de|terá que|deve|deves|deverá|deveria|pode|podes|precisa de|precisa|é melhor|o melhor é|queira|favor|por favor,?) <V>(?: diretamente)?(?: com| para| a)? ?<D>`,
			`<(?:sugiro|aconselho|recomendo|peço|pedimos) (?:que|a) (?:contact|contat|lig|fal|escrev|entr|dirij)\p{L}*(?: em contac?to)?(?:-se)?(?: com| para| a)? ?<D>`,
		},
		self: `<(?:obrigad[oa]|lamento|lamentamos|desculpe|vou|vamos|irei)>`,
		plain: []string{
			`<não é (?:o |a |d[oa] )?(?:meu|minha|nosso|nossa) (?:departamento|área|responsabilidade|função|competência|setor)`,
			`<não é (?:comigo|connosco|conosco)>`,
			`<não (?:sou|somos) (?:o |a |os |as )?(?:responsáve(?:l|is)|pessoa (?:certa|indicada))`,
			`<(?:só|apenas|somente) (?:faço|trato|cuido|trabalho|tratamos|fazemos|cuidamos|atendemos|gerimos) (?:de |do |da |das |dos |com |em |no |a |as )?(?:o |a )?(?:marketing|publicidade|imprensa|vendas|comunicação|redes sociais)`,
			`<não (?:tratamos|trato|cuidamos|cuido|nos ocupamos|me ocupo|fazemos|gerimos) d`,
			`<(?:quem (?:trata|cuida|resolve)(?: d\p{L}+(?: \p{L}+)?)?|d(?:isso|isto) (?:trata|cuida)) (?:é|são)? ?<D>`,
			`<<D> (?:é|são) (?:o |a )?responsáve(?:l|is) `,
			`<não (?:o |a |lhe |te )?(?:posso|podemos|consigo|conseguimos) (?:ajudar|ajudá-l[oa]|ajudar-te|fazer nada)`,
			`<não há nada que (?:eu )?(?:possa|possamos)`,
			`<(?:isso|isto) (?:é|fica) (?:com|para) <D>`,
			`<<D> (?:pode|poderá|saberá) (?:ajudar|ajudá|responder|informar|dizer)`,
			`<(?:departamento|setor) errado>`,
		},
	},
	"nl": {
		departments: `(?:(?:onze|ons|de|het|uw|je|een) )?(?:(?:technische|financiële|juiste|andere|betreffende|collega's van|mensen van) (?:de )?){0,2}` +
			`(?:\p{L}*(?:service|klantenservice|klantendienst|dienst|afdeling|helpdesk|support|boekhouding|administratie|verkoop|winkel|fabrikant|verkoper|vervoerder|bezorger|hotline|receptie|personeelszaken|logistiek))`,
		verbs: `(?:bellen|mailen|schrijven|contacteren|benaderen|vragen|raadplegen|aanspreken)`,
		orders: []string{
			`<(?:neem|neemt u|u kunt|je kunt|kunt u|kun je|u moet|je moet|gelieve)(?: dan| daarvoor| hiervoor| a\.?u\.?b\.?| alstublieft| best| het beste| beter| even)* contact (?:op(?:nemen)?|te nemen|opnemen)? ?met <D>`,
			`<(?:bel|belt u|mail|mailt u|schrijf|vraag|wend u|wend je|wendt u|richt u|ga|stuur een mail|vraag dat|vraag het)(?: dan| even| maar| a\.?u\.?b\.?| alstublieft| het| direct| rechtstreeks)*(?: met| naar| aan| tot| bij)? <D>`,
			`<(?:u|je|jij) (?:kunt|kan|moet|dient|zou|zult|zal|mag)(?: \p{L}+){0,3}?(?: met| naar| aan| tot| bij)? <D> (?:te )?<V>`,
			`<(?:moet|kunt|kan|kun) (?:u|je)(?: dat| het| dit)?(?: best| beter)? (?:met|naar|aan|tot|bij) <D> <V>`,
			`<(?:moet|moeten|kunt|dient|kan|zou) (?:u|je|jullie)(?: daarvoor| dan| het beste| beter| hiervoor)*(?: bij| met| naar| tot)? <D>(?: afdeling)?(?: \p{L}+)?(?: te)? (?:zijn|wezen|wenden|bellen|mailen|terecht|contacteren|opnemen)>`,
		},
		self: `<(?:ik|wij|we|bedankt|dank|sorry)>`,
		plain: []string{
			`<(?:niet|geen) (?:mijn|onze) (?:afdeling|verantwoordelijkheid|taak|terrein|werk|vakgebied)`,
			`<(?:is|ligt) niet (?:aan|bij) (?:mij|ons)>`,
			`<(?:daar|hier)(?:voor)? (?:ben ik|zijn wij|zijn we) niet (?:verantwoordelijk|voor|de juiste)`,
			`<(?:ik ben|wij zijn|we zijn) (?:hier |daar )?niet (?:verantwoordelijk|de juiste (?:persoon|afdeling|personen))`,
			`<(?:ik doe|wij doen|we doen|ik ga over|wij gaan over|we gaan over|ik ben|wij zijn|we zijn) (?:hier )?(?:alleen|enkel|slechts|uitsluitend) (?:de |het |aan |over |verantwoordelijk voor |voor )*(?:marketing|reclame|pers|verkoop|communicatie|social media|vacatures)`,
			`<(?:account|pagina|adres|kanaal) is (?:alleen|enkel|uitsluitend|slechts) (?:voor|bedoeld)`,
			`<(?:behandelen|behandel|doen|doe|regelen|regel|gaan) (?:wij |we |ik )?(?:hier )?(?:geen|niet over) `,
			`<(?:daar|hier)(?:over)? (?:gaat|gaan) <D>(?: over)?>`,
			`<<D> (?:is|zijn) (?:daar|hier)(?:voor)? (?:voor )?verantwoordelijk`,
			`<(?:kan ik|kunnen wij|kunnen we|ik kan|wij kunnen|we kunnen) (?:u |je |jullie )?(?:daar|hier|hierbij|daarmee|hiermee|er)?(?: helaas)? ?(?:niet (?:mee |bij )?(?:verder )?helpen|niets (?:aan |mee )?(?:doen|betekenen))`,
			`<(?:daar|hier)(?:over)? (?:ga|gaan) (?:ik|wij|we) (?:helaas )?niet over`,
			`<(?:kunt|kan|kun|moet) (?:u|je) (?:\p{L}+ ){0,2}?(?:terecht )?(?:bij|naar) <D>`,
			`<(?:vraag|zaak|kwestie) (?:is )?(?:voor|van) <D>`,
			`<<D> (?:kan|kunnen) (?:u|je) (?:\p{L}+ )?(?:verder )?(?:helpen|hierover|daarmee|hiermee|daarbij)`,
			`<verkeerde afdeling>`,
		},
	},
	"pl": {
		departments: `(?:(?:nasz(?:ego|ym|ej|ą|a|e|emu)?|do|z|ze|na|innego) )?(?:(?:dział(?:em|u|owi|)|zespoł(?:em|u)|biur(?:em|a|o)) )?` +
			`(?:obsług[iąaę](?: klienta)?|serwis(?:em|u)?|dzia(?:ł(?:em|u|owi)?|le)(?: sprzedaży| reklamacji| księgowości| handlow\p{L}+)?|pomoc(?:y|ą)(?: technicznej| techniczną)?|wsparci(?:a|em|e)(?: technicznego)?|infolini[ąiięe]+|księgowoś(?:ć|ci|cią)|rozliczeń|sprzedaż(?:y|ą)|biur(?:em|a|o)|sklep(?:em|u)|sprzedawc(?:ą|y)|producent(?:em|a)|kurier(?:em|a)|reklamacji|reklamacjami)`,
		verbs: `(?:skontaktować się|zadzwonić|napisać|zwrócić się|dzwonić|pisać|zapytać|zgłosić się|porozmawiać)`,
		orders: []string{
			`<(?:proszę|prosimy)(?: o)? (?:kontakt|<V>|kontaktować się|dzwonić|pisać|zgłaszać się|pytać|zapytać)(?: bezpośrednio)?(?: do| z| ze| na| w)? <D>`,
			`<(?:musi|musisz|muszą|powinien|powinna|powinni|powinieneś|powinnaś|może|możesz|mogą|trzeba|należy|najlepiej)(?: pan| pani| państwo)?(?: bezpośrednio)? <V>(?: do| z| ze| na| w)? <D>`,
			`<(?:skontaktuj się|zadzwoń|napisz|zwróć się|zgłoś się)(?: proszę)?(?: do| z| ze| na| w)? <D>`,
		},
		self: `<(?:dziękujemy|dziękuję|przepraszamy|przepraszam)>`,
		plain: []string{
			`<to nie (?:jest )?(?:mój|nasz) (?:dział|obowiązek|zakres|resort)`,
			`<to nie (?:jest )?(?:moja|nasza|moje|nasze) (?:sprawa|kompetencja|kompetencje|zadanie|działka|broszka)`,
			`<nie (?:jestem|jesteśmy) (?:za to )?(?:odpowiedzialn[yaei]|właściw(?:ą|ym|ymi) (?:osobą|działem|osobami))`,
			`<(?:zajmuję|zajmujemy|odpowiadam|odpowiadamy) (?:się )?(?:tutaj |tu )?(?:tylko|wyłącznie|jedynie) `,
			`<nie (?:zajmuję|zajmujemy) się `,
			`<(?:tym|tą sprawą|takimi sprawami|\p{L}+ami) zajmuje się (?:u nas )?<D>`,
			`<(?:za to|za \p{L}+)(?: \p{L}+)? odpowiada (?:u nas )?<D>`,
			`<(?:konto|profil|adres|skrzynka|strona) (?:jest|służy) (?:tylko|wyłącznie|jedynie)`,
			`<nie (?:mogę|możemy|potrafię) (?:panu |pani |państwu |ci |wam )?(?:w tym |z tym |tu )?pomóc>`,
			`<nic nie (?:mogę|możemy) (?:zrobić|poradzić|na to poradzić)`,
			`<(?:to )?(?:pytanie|sprawa|kwestia) (?:do|dla) <D>`,
			`<to (?:sprawa|zadanie) <D>`,
			`<niewłaściwy dział>`,
		},
	},
}

// sent is how people are sent away in one language, ready to look for.
type sent struct{ orders, plain, self []*regexp.Regexp }

var deadEndPatterns = compile(sendings)

func compile(all map[string]sending) []sent {
	var out []sent
	for _, l := range slices.Sorted(maps.Keys(all)) {
		s := all[l]
		part := strings.NewReplacer(`<D>`, s.departments, `<V>`, s.verbs)
		ready := func(phrases ...string) []*regexp.Regexp {
			var out []*regexp.Regexp
			for _, p := range phrases {
				if strings.HasSuffix(p, `<D>`) {
					p += `>`
				}
				p = bounds.Replace(part.Replace(p))
				out = append(out, regexp.MustCompile(`(?i)`+p))
			}
			return out
		}
		out = append(out, sent{ready(s.orders...), ready(s.plain...), ready(s.self)})
	}
	return out
}

// bounds are where a word begins and ends: \b of package regexp knows only the letters of English.
var bounds = strings.NewReplacer(`<`, `(?:^|[^\p{L}\p{N}])`, `> `, ` `, `>`, `(?:$|[^\p{L}\p{N}])`)

// says reports whether a sentence sends somebody away.
func (s sent) says(plain string) bool {
	for _, p := range s.orders {
		for _, m := range p.FindAllStringIndex(plain, 10) {
			before := plain[:m[0]]
			if k := strings.LastIndexAny(before, ",;:"); k >= 0 {
				before = before[k+1:]
			}
			if !anyMatches(s.self, before+plain[m[0]:m[1]]) {
				return true
			}
		}
	}
	return anyMatches(s.plain, plain)
}

func anyMatches(list []*regexp.Regexp, s string) bool {
	return slices.ContainsFunc(list, func(p *regexp.Regexp) bool { return p.MatchString(s) })
}

// deadEnds finds where a text sends the contact away, each place once.
func deadEnds(text string) []Find {
	same := strings.NewReplacer("’", "'", "ʼ", "'", "`", "'", "\u00a0", " ")
	// The replaced signs are shorter than what they replace, so places are found in the text by their words.
	var out []Find
	for _, sentence := range sentences(text) {
		plain := strings.Join(strings.Fields(same.Replace(sentence.text)), " ")
		if slices.ContainsFunc(deadEndPatterns, func(s sent) bool { return s.says(plain) }) {
			out = append(out, Find{What: string(DeadEnd), Text: strings.TrimSpace(sentence.text), Start: sentence.start})
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
