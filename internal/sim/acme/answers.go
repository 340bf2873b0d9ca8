package acme

import (
	"context"
	"fmt"
	"strings"
	"time"

	"switchboard/internal/library"
)

// known is an entry of ACME's library: its owner's department, to whom it may be said, where it fits, and its texts as
// "language|title|body".
type known struct {
	department string
	audience   library.Audience
	intents    string
	tags       string
	due        int // days until it is looked at; negative: it is overdue
	texts      []string
}

var answersOfAcme = []known{
	{"Customer service", library.Public, "procedure complaint", "returns", 200, []string{
		"en|How do I return something?|You can send anything back within **30 days**, {{contact.first_name}}, used or not:\n\n1. Print the label at https://acme.example/returns\n2. Pack it as well as you can\n3. Hand it in at any parcel shop\n\nThe money is back within a week after it reached us.",
		"de|Wie gebe ich etwas zurück?|Sie können alles innerhalb von **30 Tagen** zurückschicken:\n\n1. Etikett drucken: https://acme.example/returns\n2. So gut verpacken, wie es geht\n3. In einem Paketshop abgeben\n\nDas Geld ist eine Woche nach Eingang wieder da.",
		"fr|Comment renvoyer un article ?|Vous pouvez tout renvoyer sous **30 jours** :\n\n1. Imprimez l'étiquette : https://acme.example/returns\n2. Emballez l'article de votre mieux\n3. Déposez-le dans un point relais\n\nVous êtes remboursé une semaine après réception."}},
	{"Customer service", library.Public, "procedure complaint support", "warranty", 120, []string{
		"en|How long is the guarantee?|Everything we make has a guarantee of **three years** from the day you bought it; motors and compressors have ten. The receipt is enough, and a photo of it will do.",
		"de|Wie lange gilt die Garantie?|Auf alles von uns gibt es **drei Jahre** Garantie ab Kauf, auf Motoren und Kompressoren zehn. Der Kassenbon genügt, auch als Foto.",
		"fr|Combien de temps dure la garantie ?|Tous nos appareils sont garantis **trois ans** à partir de l'achat, moteurs et compresseurs dix ans. Le ticket de caisse suffit, même en photo."}},
	{"Customer service", library.Public, "support procedure", "warranty", -4, []string{
		"en|I have lost the receipt|No problem: the serial number tells us when it was made. You find it on the plate inside the door or under the machine. Send it to us in a private message."}},
	{"Repairs and spare parts", library.Public, "support", "descaling care", 90, []string{
		"en|How do I descale the coffee machine?|Use a descaler on citric acid, never vinegar: it hurts the seals.\n\n- Fill the tank up to MAX with half a litre of solution\n- Hold *Clean* for five seconds\n- Rinse twice with fresh water\n\nIt takes twenty minutes, and once in two months is enough.",
		"de|Wie entkalke ich die Kaffeemaschine?|Mit einem Entkalker auf Zitronensäure, nie mit Essig: der greift die Dichtungen an.\n\n- Tank bis MAX füllen\n- *Reinigen* fünf Sekunden halten\n- Zweimal mit frischem Wasser spülen\n\nAlle zwei Monate genügt."}},
	{"Repairs and spare parts", library.Public, "support", "error codes", 300, []string{
		"en|The washing machine shows E18|E18 means that the water does not drain. Switch it off, open the small flap at the bottom right, put a towel under it and clean the filter. If E18 comes back after that, we send a technician: which model is it?",
		"de|Die Waschmaschine zeigt E18|E18 heißt: Das Wasser läuft nicht ab. Gerät ausschalten, die kleine Klappe unten rechts öffnen, Tuch unterlegen und das Sieb reinigen. Kommt E18 wieder, schicken wir einen Techniker: Welches Modell ist es?"}},
	{"Repairs and spare parts", library.Public, "support procedure", "spare parts", 250, []string{
		"en|Where do I get spare parts?|All parts of the last fifteen years are at https://acme.example/parts, found by the number on the plate. Shelves, seals and filters leave the same day.",
		"fr|Où trouver des pièces détachées ?|Toutes les pièces des quinze dernières années sont sur https://acme.example/parts, à partir du numéro de la plaque. Clayettes, joints et filtres partent le jour même."}},
	{"Repairs and spare parts", library.Inside, "support", "goodwill", 60, []string{
		"en|When do we repair for free after the guarantee?|Up to **18 months** after it ended, if the machine was registered and the part is a pump, a door lock or a main board. Up to 150 euro everybody decides alone; above, ask Repairs. Say \"as a gesture\", never \"as a right\"."}},
	{"Accounts", library.Private, "billing", "invoice", 180, []string{
		"en|A copy of an invoice|Dear {{contact.first_name}}, your invoice {{invoice number}} is on its way to the address you gave when you ordered. It can also be printed from your account under *Orders*.\n\nBest wishes, {{me.first_name}}, {{department}}",
		"de|Eine Rechnungskopie|Guten Tag {{contact.name}}, Ihre Rechnung {{Rechnungsnummer}} ist an die bei der Bestellung genannte Adresse unterwegs. Sie steht auch in Ihrem Konto unter *Bestellungen*.\n\nFreundliche Grüße, {{me.name}}"}},
	{"Sales", library.Public, "sales", "trade in", 45, []string{
		"en|What do I get for my old machine?|Bring or send any old machine and take **15 %** off a new one, whoever made it. We fetch large ones when the new one comes: https://acme.example/trade-in",
		"de|Was bekomme ich für mein altes Gerät?|Für jedes alte Gerät gibt es **15 %** auf ein neues, gleich von welchem Hersteller. Große nehmen wir bei der Lieferung mit: https://acme.example/trade-in"}},
	{"Press and PR", library.Inside, "press", "press", 30, []string{
		"en|What may be said about the recall?|Only what stands at https://acme.example/recall. Nobody but Press speaks of causes, numbers or dates. Put every journalist through to Press and PR."}},
	{"People and careers", library.Public, "careers", "jobs", 150, []string{
		"en|How do I apply?|All open posts are at https://acme.example/jobs. A page about yourself is enough, no letter needed; we answer everybody within ten days.",
		"de|Wie bewerbe ich mich?|Alle offenen Stellen stehen auf https://acme.example/jobs. Eine Seite über Sie genügt, ein Anschreiben braucht es nicht; wir antworten allen binnen zehn Tagen."}},
	{"Product", library.Public, "feedback", "ideas", 220, []string{
		"en|Thank you for an idea|Thank you, {{contact.first_name}}: this is with the people who build it. Once a month they go through everything that came in about {{conversation.topic}}, and we tell you what became of it."}},
}

// handy is a saved reply of ACME: whose ("" everybody's, a department, or a person), and what it does.
type handy struct {
	whose, shortcut, name, language, body string
	deeds                                 []library.Deed
	moment                                library.Moment
}

var savedOfAcme = []handy{
	{"", "hello", "A greeting", "en", "Hello {{contact.first_name}}, thank you for writing to {{organisation}}.", nil, ""},
	{"", "hallo", "Begrüßung", "de", "Guten Tag {{contact.name}}, danke für Ihre Nachricht an {{organisation}}.", nil, ""},
	{"", "bonjour", "Une formule d'accueil", "fr", "Bonjour {{contact.first_name}}, merci de votre message à {{organisation}}.", nil, ""},
	{"", "bye", "A closing line", "en", "All the best, {{me.first_name}} from {{department}}", nil, ""},
	{"Customer service", "number", "Ask for the order number", "en", "Could you send us the order number in a private message? We then look it up at once.", []library.Deed{{Do: "tag", Tags: []string{"order number"}}, {Do: "snooze", Hours: 48}}, library.OnSend},
	{"Customer service", "solved", "Solved: say so and close", "en", "Good to hear that it works again, {{contact.first_name}}. Write at any time.", []library.Deed{{Do: "tag", Tags: []string{"solved"}}, {Do: "close"}}, library.OnSend},
	{"Repairs and spare parts", "modell", "Nach dem Modell fragen", "de", "Welches Modell ist es? Die Nummer steht auf dem Schild in der Tür oder unter dem Gerät.", nil, ""},
	{"", "press", "Put a journalist through to Press", "", "", []library.Deed{{Do: "note", Text: "A journalist: not answered, put through."}, {Do: "handover"}}, library.AtOnce},
}

// answers fills the library and the saved replies.
func (d *Demo) answers(ctx context.Context) error {
	for _, s := range answersOfAcme {
		home, ok := d.homes[s.department]
		if !ok {
			return fmt.Errorf("answers: no department %q", s.department)
		}
		c := library.Content{Department: home, Audience: s.audience, Intents: strings.Fields(s.intents), Tags: []string{s.tags}, ReviewAt: d.o.Now().UTC().Add(time.Duration(s.due) * 24 * time.Hour)}
		for _, t := range s.texts {
			parts := strings.SplitN(t, "|", 3)
			c.Texts = append(c.Texts, library.Text{Language: parts[0], Title: parts[1], Body: parts[2]})
		}
		if _, err := d.app.Library.Add(ctx, d.ada(), c); err != nil {
			return fmt.Errorf("answer %q: %w", s.texts[0], err)
		}
	}
	for _, k := range savedOfAcme {
		s := library.SavedReply{Department: d.homes[k.whose], Shortcut: k.shortcut, Name: k.name, Language: k.language, Body: k.body, Moment: k.moment}
		for _, x := range k.deeds {
			if x.Do == "handover" {
				x.Department = d.homes["Press and PR"]
			}
			s.Deeds = append(s.Deeds, x)
		}
		if _, err := d.app.Library.Save(ctx, d.ada(), s); err != nil {
			return fmt.Errorf("saved reply %q: %w", k.name, err)
		}
	}
	return nil
}
