package proof

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAPrivateMatterIsSeenInPublic(t *testing.T) {
	for text, want := range map[string][]string{
		"Please call me on +49 170 1234567 tomorrow.":             {"phone +49 170 1234567"},
		"We tried 0171/2345678 twice.":                            {"phone 0171/2345678"},
		"Your number (415) 555-2671 rang out.":                    {"phone (415) 555-2671"},
		"Unter der Telefonnummer 338 2211 meldet sich niemand.":   {"phone 338 2211"},
		"We wrote to ann.lee@post.example.":                       {"email ann.lee@post.example"},
		"The refund goes to DE89 3704 0044 0532 0130 00.":         {"iban DE89 3704 0044 0532 0130 00"},
		"Your card 4111 1111 1111 1111 was charged.":              {"card 4111 1111 1111 1111"},
		"Your order 4711-0815 left today.":                        {"reference order 4711-0815"},
		"Ihre Kundennummer 123456 haben wir.":                     {"reference Kundennummer 123456"},
		"Ihre Bestellung Nr. AB-12345 ist da.":                    {"reference Bestellung Nr. AB-12345"},
		"Votre commande n° 98765 est partie.":                     {"reference commande n° 98765"},
		"Su pedido 445566 sale hoy.":                              {"reference pedido 445566"},
		"Il suo ordine numero 445566 parte oggi.":                 {"reference ordine numero 445566"},
		"A sua encomenda 445566 segue hoje.":                      {"reference encomenda 445566"},
		"Uw bestelling 445566 is onderweg.":                       {"reference bestelling 445566"},
		"Państwa zamówienie 445566 jest w drodze.":                {"reference zamówienie 445566"},
		"We sent it to 12 High Street, as you asked.":             {"address 12 High Street"},
		"Es ging an die Musterstraße 12 in Köln.":                 {"address Musterstraße 12"},
		"Envoyé au 12 rue des Lilas.":                             {"address 12 rue des Lilas"},
		"Lo enviamos a calle Mayor 12.":                           {"address calle Mayor 12"},
		"Spedito in via Garibaldi 12.":                            {"address via Garibaldi 12"},
		"Foi para a rua Augusta, 120.":                            {"address rua Augusta, 120"},
		"Het ging naar Kerkstraat 12.":                            {"address Kerkstraat 12"},
		"Wysłane na ul. Długa 12/4.":                              {"address ul. Długa 12/4"},
		"Your order number is 47110815, thank you.":               {"reference order number is 47110815"},
		"Ihre Bestellnummer lautet 47110815.":                     {"reference Bestellnummer lautet 47110815"},
		"Votre numéro de commande est 47110815.":                  {"reference numéro de commande est 47110815"},
		"Su número de pedido es 47110815.":                        {"reference número de pedido es 47110815"},
		"Your order (47110815) left.":                             {"reference order (47110815)"},
		"We tried (555)123-4567 twice.":                           {"phone (555)123-4567"},
		"Il tuo numero è 347 1234567?":                            {"phone 347 1234567"},
		"O seu número é 912345678?":                               {"phone 912345678"},
		"Your WhatsApp is 555 1234 567?":                          {"phone 555 1234 567"},
		"Państwa numer to 601234567?":                             {"phone 601234567"},
		"Lo enviamos a C/ Mayor, 5.":                              {"address C/ Mayor, 5"},
		"Es Avda. de la Constitución, 12?":                        {"address Avda. de la Constitución, 12"},
		"Foi para a Av. Paulista, 1578.":                          {"address Av. Paulista, 1578"},
		"It went to 12345 Main Street.":                           {"address 12345 Main Street"},
		"It went to 12 Station Way.":                              {"address 12 Station Way"},
		"Es ging an Hauptstr.12 raus.":                            {"address Hauptstr.12"},
		"Es ging an Hauptstr 12 raus.":                            {"address Hauptstr 12"},
		"Es ging an Am Markt 3, 50667 Köln.":                      {"address Am Markt 3"},
		"Es ging an Unter den Linden 77.":                         {"address Unter den Linden 77"},
		"Es ging an Straße des 17. Juni 135.":                     {"address Straße des 17. Juni 135"},
		"Livré au 12 cours Mirabeau.":                             {"address 12 cours Mirabeau"},
		"Poszło na Marszałkowska 10/12.":                          {"address Marszałkowska 10/12"},
		"Born on 14 March 1986, are you?":                         {"birth Born on 14 March 1986"},
		"Ihr Personalausweis L01X00T471 ist abgelaufen.":          {"document Personalausweis L01X00T471"},
		"Seu CPF 529.982.247-25 não confere.":                     {"document CPF 529.982.247-25"},
		"Our courier brought it to 12 High Street.":               {"address 12 High Street"},
		"Order 55443 goes to ann@post.example, call +31612345678": {"reference Order 55443", "email ann@post.example", "phone +31612345678"},
	} {
		t.Run(text, func(t *testing.T) {
			if got := told(Read(Sheet{Text: text}), Private); !slices.Equal(got, want) {
				t.Errorf("found %q; want %q", got, want)
			}
			if got := told(Read(Sheet{Text: text, Private: true}), Private); len(got) > 0 {
				t.Errorf("in private %q is nobody's business", got)
			}
		})
	}
}

func TestWhatIsNoPrivateMatterIsLeftAlone(t *testing.T) {
	for _, text := range []string{
		"We are open on 2026-11-22 from 10:00 to 18:30.",
		"Am 22.11.2026 um 14 Uhr geht es los.",
		"It costs 1,299.00 EUR, or 99 a month.",
		"@rowan@social.example thank you!",
		"Call us free of charge: 0800 330 4462 44.",
		"Read https://acme.example/order/123456?id=4111111111111111 first.",
		"Your order is on its way.",
		"We sold 1 000 000 pairs in 2025.",
		"In order 2026 to be better than 2025 we try harder.",
		"Version 10.2.33.4 mends it.",
		"GB82 WEST 1234 5698 7654 33 is no account: its check digits are wrong.",
		"4111 1111 1111 1112 is no card: its check digit is wrong.",
		"Our hotline is 030 1234567, ask for anybody.",
		"Sie erreichen unsere Hotline unter 030 1234567.",
		"Our shop is at 12 High Street.",
		"Our office: PO Box 123, come in.",
		"Nie mamy 12345678 sztuk.",
		"Im Jahr 2025 auf dem Weg 3 von 10.",
		"5 cours de yoga par semaine",
		"Parkplatz 12 ist frei.",
		"Your discount code is SPRING-20261.",
		"Write to help@acme.example, that is what it is for.",
	} {
		t.Run(text, func(t *testing.T) {
			if got := told(Read(Sheet{Text: text, Known: []string{"@acme.example"}}), Private); len(got) > 0 {
				t.Errorf("found %q", got)
			}
		})
	}
}

func TestADeadEndIsHeardInEightLanguages(t *testing.T) {
	for _, text := range []string{
		"Sorry, I only do marketing.", "That's not my department, I’m afraid.", "Please contact our customer service.", "You'll have to call the billing team.", "I am not the right person for this.",
		"Dafür bin ich leider nicht zuständig.", "Wenden Sie sich bitte an unseren Kundendienst.", "Ich mache hier nur das Marketing.", "Da kann ich Ihnen leider nicht weiterhelfen.",
		"Ce n’est pas mon service.", "Veuillez contacter notre service client.", "Je ne suis pas la bonne personne.",
		"No es mi departamento.", "Contacte con nuestro servicio de atención.", "Solo llevo el marketing.",
		"Non è il mio reparto.", "Si rivolga al nostro servizio clienti.", "Mi occupo solo di marketing.",
		"Não é o meu departamento.", "Entre em contato com o nosso suporte.", "Só trato do marketing.",
		"Dat is niet mijn afdeling.", "Neem contact op met onze klantenservice.", "Ik doe alleen de marketing.",
		"To nie mój dział.", "Proszę skontaktować się z działem obsługi.", "Zajmuję się tylko marketingiem.",
	} {
		t.Run(text, func(t *testing.T) {
			whole := "Hello and thank you for writing. " + text
			got := told(Read(Sheet{Text: whole}), DeadEnd)
			if len(got) != 1 || got[0] != "deadEnd "+text {
				t.Errorf("found %q", got)
			}
		})
	}
}

func TestWhoIsHelpedIsNotSentAway(t *testing.T) {
	for _, text := range []string{
		"I have asked our service team, and they will call you tomorrow.", "I'm Tom from customer service. A new one left today.",
		"Contact us here if it happens again.", "I have put you through to billing.", "Our marketing is proud of this!",
		"Ich habe den Kundendienst gefragt: morgen kommt jemand.", "Der Kundendienst meldet sich bei Ihnen.",
		"Notre service client vous appelle demain.", "Nuestro equipo le llama mañana.", "Il nostro reparto la chiama domani.",
		"A nossa equipa liga amanhã.", "Onze klantenservice belt u morgen.", "Nasz dział obsługi zadzwoni jutro.", "You ask them here, and they answer.",
		"I'll contact customer service for you now.",
		"I have to call the courier first, then I'll write to you.",
		"We will ask the billing department today.",
		"Did customer service get in touch with you?",
		"Please tell us which service you used.",
		"Please see the support page for your model: acme.example/help",
		"Try the new service now!",
		"See support pages below.",
		"Our team is responsible for your order and will call you.",
		"I am in charge of your case.",
		"Thank you for calling our helpline yesterday.",
		"Sie hatten sich an den Support gewandt, richtig?",
		"Ich werde für Sie beim Support nachfragen.",
		"Wir sprechen mit der Logistik und melden uns bei Ihnen.",
		"Hier gibt es 20 % Rabatt!",
		"Ich habe bei der Buchhaltung nachgefragt: Das Geld ist unterwegs.",
		"Nous allons contacter le service client pour vous.",
		"Je vais appeler le transporteur ce matin.",
		"J'ai demandé au support, ils vous écrivent.",
		"Vamos a hablar con contabilidad.",
		"Voy a llamar al transportista.",
		"Aquí solo tiene que pulsar Enviar.",
		"Ho chiesto al supporto, le scrivono loro.",
		"Devo chiamare il corriere e poi le scrivo.",
		"Vou falar com o suporte agora.",
		"Ik ga de klantenservice bellen en laat het u weten.",
		"Wij nemen contact op met de vervoerder.",
		"Zadzwonię do działu obsługi i napiszę.",
		"Skontaktuję się z kurierem.",
		"Muszę zapytać dział księgowości.",
		"You can find your invoice in your account.",
		"You'll get a call from our service team.",
		"Our support team can see that you paid.",
		"Da kann ich Ihnen helfen!",
		"Das kann ich für Sie klären.",
		"Haben Sie schon eine Antwort vom Support?",
		"Die Werkstatt ist ab 8 Uhr für Sie da.",
		"Der Kundendienst kann morgen zu Ihnen kommen.",
		"Je peux contacter le transporteur pour vous.",
		"Vous recevrez un appel de notre service.",
		"Puede ver su pedido en su cuenta.",
		"El soporte le escribirá hoy.",
		"La tienda abre a las diez.",
		"Può ritirarlo in negozio domani.",
		"Il corriere passa domani.",
		"Pode levantar na loja amanhã.",
		"A loja abre às dez.",
		"U kunt het ophalen in de winkel.",
		"De winkel kan het u morgen geven.",
		"Może Pan odebrać w sklepie jutro.",
	} {
		t.Run(text, func(t *testing.T) {
			if got := told(Read(Sheet{Text: text}), DeadEnd); len(got) > 0 {
				t.Errorf("found %q", got)
			}
		})
	}
}

func TestTheLanguageIsLookedAt(t *testing.T) {
	long := "Thank you for your message, we have sent a new pair to you today."
	for name, tt := range map[string]struct {
		s    Sheet
		want bool
	}{
		"another than the contact's":           {Sheet{Text: long, Language: "en", Sure: 0.99, Wanted: []string{"de"}}, true},
		"the contact's":                        {Sheet{Text: long, Language: "en", Sure: 0.99, Wanted: []string{"en-GB"}}, false},
		"one of those the contact has used":    {Sheet{Text: long, Language: "en", Sure: 0.99, Wanted: []string{"de", "en"}}, false},
		"a short one":                          {Sheet{Text: "Thank you!", Language: "en", Sure: 0.99, Wanted: []string{"de"}}, false},
		"short beside a long address":          {Sheet{Text: "Merci! https://acme.example/" + strings.Repeat("long/", 20), Language: "fr", Sure: 1, Wanted: []string{"de"}}, false},
		"not sure which":                       {Sheet{Text: long, Language: "en", Sure: 0.5, Wanted: []string{"de"}}, false},
		"nobody knows the contact's":           {Sheet{Text: long, Language: "en", Sure: 0.99, Wanted: []string{"und", ""}}, false},
		"nobody knows the text's":              {Sheet{Text: long, Language: "und", Sure: 0.99, Wanted: []string{"de"}}, false},
		"Norwegian goes by more than one name": {Sheet{Text: long, Language: "nb", Sure: 0.99, Wanted: []string{"no"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			got := slices.ContainsFunc(Read(tt.s), func(r Remark) bool { return r.Kind == Language })
			if got != tt.want {
				t.Errorf("warned %v; want %v", got, tt.want)
			}
		})
	}
}

func TestWhoIsAnsweredIsNamedWhereTheChannelWantsIt(t *testing.T) {
	for name, tt := range map[string]struct {
		text, handle string
		want         bool
	}{
		"not at all":                {"A new one left today.", "@rowan@social.example", false},
		"in full":                   {"@rowan@social.example a new one left.", "@rowan@social.example", true},
		"without the host":          {"Hello @Rowan, a new one left.", "@rowan@social.example", true},
		"somebody with more letter": {"Hello @rowana", "@rowan@social.example", false},
		"as part of an address":     {"mail x@rowan.example", "@rowan", false},
		"a channel that wants none": {"Hello", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			s := Sheet{Text: tt.text}
			if tt.handle != "" {
				s.Names = []string{tt.handle}
			}
			if got := !slices.ContainsFunc(Read(s), func(r Remark) bool { return r.Kind == Handle }); got != tt.want {
				t.Errorf("named %v; want %v", got, tt.want)
			}
		})
	}
}

func TestABlankIsSeen(t *testing.T) {
	got := told(Read(Sheet{Text: "Dear [name], your {{contact.name}} comes on XXXX.", Private: true}), Empty)
	if want := []string{"blank [name]", "blank {{contact.name}}", "blank XXXX"}; !slices.Equal(got, want) {
		t.Errorf("found %q; want %q", got, want)
	}
}

func TestLinksEndWhereTheyEnd(t *testing.T) {
	got := Links("See https://a.example/x. Or (https://b.example/y_(z)), https://a.example/x!")
	if want := []string{"https://a.example/x", "https://b.example/y_(z)"}; !slices.Equal(got, want) {
		t.Errorf("found %q; want %q", got, want)
	}
	got = Links("See www.acme.example/x, Www.acme.example. But not www. alone, nor awww.acme.example")
	if want := []string{"https://www.acme.example/x", "https://Www.acme.example"}; !slices.Equal(got, want) {
		t.Errorf("found %q; want %q", got, want)
	}
}

// told are the places of the remarks of a kind.
func told(list []Remark, k Kind) []string {
	var out []string
	for _, r := range list {
		for _, f := range r.Found {
			if r.Kind == k {
				out = append(out, f.What+" "+f.Text)
			}
		}
	}
	return out
}

func TestNoTextMakesItStumble(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		for _, r := range Read(Sheet{Text: text, Names: []string{"@a"}, Language: "en", Sure: 1, Wanted: []string{"de"}}) {
			for _, f := range r.Found {
				if !strings.HasPrefix(text[f.Start:], f.Text) && f.What != string(DeadEnd) {
					t.Fatalf("%q does not stand at %d", f.Text, f.Start)
				}
			}
		}
		Links(text)
	})
}
