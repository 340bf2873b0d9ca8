package delivery

import (
	"context"
	"regexp"
	"strings"
	"unicode"

	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/store"
)

var (
	mailAddress = regexp.MustCompile(`[^\s<>"(),;:]+@[^\s<>"(),;:@]+\.[\p{L}0-9-]+`)
	number      = regexp.MustCompile(`\+?\d[\d\s./()-]{4,}\d`)
)

// Discreet is nil when a line for the public names nothing that the contact told us, or that we know of them, in private: no
// e-mail address and no number. further are texts that are private beside what is kept.
func (s *Service) Discreet(ctx context.Context, q store.Queryer, c desk.Conversation, line string, further ...string) error {
	addresses, numbers := mailAddress.FindAllString(line, -1), number.FindAllString(line, -1)
	if len(addresses) == 0 && len(numbers) == 0 {
		return nil
	}
	known, err := toldInPrivate(ctx, q, c)
	if err != nil {
		return err
	}
	known = append(known, further...)
	for _, a := range addresses {
		for _, k := range known {
			if strings.Contains(strings.ToLower(k), strings.ToLower(strings.TrimRight(a, ".!?"))) {
				return fault.In("closing", "everybody can read this line, and it holds the contact's e-mail address: take that out")
			}
		}
	}
	for _, n := range numbers {
		for _, k := range known {
			if n := digits(n); len(n) >= 5 && strings.Contains(digits(k), n) {
				return fault.In("closing", "everybody can read this line, and it holds a number the contact gave us: take that out")
			}
		}
	}
	return nil
}

// toldInPrivate is what we know of a contact that the public does not: what they said, what we noted, where they are reached.
func toldInPrivate(ctx context.Context, q store.Queryer, c desk.Conversation) (out []string, err error) {
	identities, err := contact.IdentitiesOf(ctx, q, []contact.ID{c.Contact})
	if err != nil {
		return nil, err
	}
	for _, i := range identities {
		if i.Channel == "email" || i.Channel == "number" {
			out = append(out, i.RemoteID)
		}
	}
	list, err := contact.Contacts(ctx, q, []contact.ID{c.Contact})
	if err != nil {
		return nil, err
	}
	for _, k := range list {
		out = append(out, k.Note)
		for _, v := range k.Fields {
			out = append(out, v)
		}
	}
	messages, err := desk.MessagesOf(ctx, q, c.ID, 200)
	if err != nil {
		return nil, err
	}
	for _, m := range messages {
		if m.Private || m.Direction == desk.In {
			out = append(out, m.Subject, m.Text)
		}
	}
	calls, err := desk.CallsOf(ctx, q, c.ID)
	for _, k := range calls {
		out = append(out, k.With, k.Said, k.Agreed)
	}
	return out, err
}

// digits are the digits of a text, one after the other.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// closings are lines with which a public talk ends well, by language and by how it goes on.
var closingLines = map[string]map[string]string{
	"en": {ByDirect: "Thank you for telling us. We have sent you a direct message, so that we can sort this out with you there.",
		ByEmail: "Thank you for telling us. We have written to you by e-mail, so that we can sort this out with you there.",
		ByCall:  "Thank you for talking to us on the telephone. If anything is still open, we are here."},
	"de": {ByDirect: "Danke für den Hinweis. Wir haben eine Direktnachricht geschickt, um das dort gemeinsam zu klären.",
		ByEmail: "Danke für den Hinweis. Wir haben eine E-Mail geschickt, um das dort gemeinsam zu klären.",
		ByCall:  "Danke für das Telefongespräch. Falls noch etwas offen ist, sind wir gern da."},
	"fr": {ByDirect: "Merci de nous l'avoir signalé. Nous vous avons envoyé un message privé pour régler cela avec vous.",
		ByEmail: "Merci de nous l'avoir signalé. Nous vous avons écrit par e-mail pour régler cela avec vous.",
		ByCall:  "Merci pour notre échange au téléphone. S'il reste une question, nous sommes là."},
	"es": {ByDirect: "Gracias por avisarnos. Le hemos enviado un mensaje directo para resolverlo con usted.",
		ByEmail: "Gracias por avisarnos. Le hemos escrito un correo electrónico para resolverlo con usted.",
		ByCall:  "Gracias por hablar con nosotros por teléfono. Si queda algo pendiente, aquí estamos."},
	"it": {ByDirect: "Grazie della segnalazione. Le abbiamo inviato un messaggio diretto per risolvere la questione insieme.",
		ByEmail: "Grazie della segnalazione. Le abbiamo scritto un'e-mail per risolvere la questione insieme.",
		ByCall:  "Grazie della telefonata. Se resta qualcosa in sospeso, siamo qui."},
	"nl": {ByDirect: "Bedankt voor uw bericht. We hebben u een privébericht gestuurd om dit samen op te lossen.",
		ByEmail: "Bedankt voor uw bericht. We hebben u een e-mail gestuurd om dit samen op te lossen.",
		ByCall:  "Bedankt voor het telefoongesprek. Is er nog iets, dan horen we het graag."},
	"pl": {ByDirect: "Dziękujemy za informację. Wysłaliśmy wiadomość prywatną, aby wspólnie wyjaśnić sprawę.",
		ByEmail: "Dziękujemy za informację. Wysłaliśmy e-mail, aby wspólnie wyjaśnić sprawę.",
		ByCall:  "Dziękujemy za rozmowę telefoniczną. Jeśli coś jeszcze pozostało, jesteśmy do dyspozycji."},
	"pt": {ByDirect: "Obrigado por nos avisar. Enviámos uma mensagem direta para resolvermos isto consigo.",
		ByEmail: "Obrigado por nos avisar. Enviámos um e-mail para resolvermos isto consigo.",
		ByCall:  "Obrigado pela conversa ao telefone. Se ainda houver algo em aberto, estamos aqui."},
}

// ByCall is the third way to go on: somebody telephones.
const ByCall = "call"

// ClosingLine suggests what the public reads when a talk goes on in private, in a language (an ISO 639-1 code; English when it is
// another than ours).
func ClosingLine(language, how string) string {
	lines, ok := closingLines[language]
	if !ok {
		lines = closingLines["en"]
	}
	return lines[how]
}
