package promise

import (
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// monday is 23 November 2026, ten in the morning.
var monday = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func TestWhatIsPromisedAndByWhen(t *testing.T) {
	for text, want := range map[string]string{ // kind, who, by when
		"We'll get back to you by Friday.":                                      "answer us 2026-11-27T17:00",
		"I'll call you at 3 pm.":                                                "call me 2026-11-23T15:00 exact",
		"Your refund will arrive in 3-5 days.":                                  "refund us 2026-11-28T17:00",
		"We'll let you know as soon as we know more.":                           "answer us -",
		"We will send it within two business days.":                             "send us 2026-11-25T17:00",
		"I'll reply by the end of the day.":                                     "answer me 2026-11-23T17:00 exact",
		"We'll ring you tomorrow morning.":                                      "call us 2026-11-24T17:00",
		"I'll look into it and write to you next week.":                         "check me 2026-12-04T17:00",
		"We will answer within 24 hours.":                                       "answer us 2026-11-24T10:00 exact",
		"Once you send us the number, we will check it by Friday.":              "check us - if",
		"Accounts will issue a corrected invoice on Friday.":                    "fix other 2026-11-27T17:00",
		"Wir melden uns bis Freitag bei Ihnen.":                                 "answer us 2026-11-27T17:00",
		"Ich rufe Sie morgen um 15 Uhr an.":                                     "call me 2026-11-24T15:00 exact",
		"Nous vous rappelons d'ici vendredi.":                                   "call us 2026-11-27T17:00",
		"Te llamo mañana por la tarde.":                                         "call me 2026-11-24T17:00",
		"Le risponderemo entro due giorni lavorativi.":                          "answer us 2026-11-25T17:00",
		"Vou verificar e respondo amanhã.":                                      "check me 2026-11-24T17:00",
		"We sturen het u binnen drie werkdagen toe.":                            "send us 2026-11-26T17:00",
		"Odpowiemy do piątku.":                                                  "answer us 2026-11-27T17:00",
		"Thanks! We'll be in touch before the end of the month.":                "answer us 2026-11-30T17:00",
		"No need to chase, I'll come back to you on Wednesday.":                 "answer me 2026-11-25T17:00",
		"The report of last Friday is with us. We'll answer it within a month.": "answer us 2026-12-23T17:00",
		// A condition without a comma after it.
		"If you send me the photo I will check it.":                 "send me - if",
		"Hi Tom, if you send me the photo I will check it.":         "check me - if",
		"Guten Tag, wenn Sie mir die Nummer geben schaue ich nach.": "check me - if",
		"Buongiorno, se mi dà il codice le controllo la posizione.": "check me - if",
		"Bonjour, si vous nous envoyez la photo nous vérifions.":    "check us - if",
		"Hola, si me manda el número lo revisaré.":                  "check me - if",
		"Dzień dobry, jeśli poda pan numer sprawdzę to.":            "check me - if",
		"As soon as the part arrives I will call you on Friday.":    "call me 2026-11-27T17:00",
		// What tells who somebody is stands between him and his verb.
		"Anna, our accountant, will call you tomorrow.":            "call other 2026-11-24T17:00",
		"Anna, unsere Buchhalterin, ruft Sie morgen an.":           "call other 2026-11-24T17:00",
		"A Cláudia, da contabilidade, corrige a fatura até sexta.": "fix other 2026-11-27T17:00",
		"Julie, notre comptable, vous rappellera demain.":          "call other 2026-11-24T17:00",
		"Marta, de contabilidad, le llamará mañana.":               "call other 2026-11-24T17:00",
		"Anna, z księgowości, zadzwoni do pana jutro.":             "call other 2026-11-24T17:00",
		"Anna, onze boekhouder, belt u morgen terug.":              "call other 2026-11-24T17:00",
		"Our engineer, Mr Hall, will come on Wednesday.":           "visit other 2026-11-25T17:00",
		"Unser Techniker, Herr Braun, kommt am Mittwoch.":          "visit other 2026-11-25T17:00",
		"Il nostro tecnico, Marco, passerà mercoledì.":             "visit other 2026-11-25T17:00",
		"Nasz technik, pan Marek, przyjedzie w środę.":             "visit other 2026-11-25T17:00",
	} {
		t.Run(text, func(t *testing.T) {
			list := Find(text, Setting{At: monday})
			if len(list) != 1 {
				t.Fatalf("found %+v", list)
			}
			f := list[0]
			got := string(f.Kind) + " " + string(f.By) + " -"
			if !f.Due.IsZero() {
				got = string(f.Kind) + " " + string(f.By) + " " + f.Due.Format("2006-01-02T15:04")
			}
			if f.Exact {
				got += " exact"
			}
			if f.If {
				got += " if"
			}
			if got != want {
				t.Errorf("got %s (%q); want %s", got, f.Words, want)
			}
			if text[f.From:f.To] != f.Text {
				t.Errorf("%d to %d is not %q", f.From, f.To, f.Text)
			}
		})
	}
}

func TestWhichDayIsMeant(t *testing.T) {
	for text, want := range map[string]string{
		// Of what is denied no day is taken.
		"Tomorrow I can't, but I'll call you Friday.":                     "11-27",
		"I'll call you not today but tomorrow.":                           "11-24",
		"I'll call you on Friday, not on Monday.":                         "11-27",
		"We can't do Monday, so we'll deliver on Tuesday.":                "11-24",
		"We'll deliver any day except Monday.":                            "-",
		"Ich rufe Sie nicht heute, sondern morgen an.":                    "11-24",
		"Heute geht es leider nicht, aber wir schicken Ihnen den Ersatz.": "-",
		"Je vous rappelle, pas demain mais jeudi.":                        "11-26",
		"Le llamo el viernes, mañana no puedo.":                           "11-27",
		"Domani non riesco, ma ti chiamo io.":                             "-",
		"Non oggi ma domani le mando il contratto.":                       "11-24",
		"Amanhã não consigo, mas envio-lhe o documento.":                  "-",
		"Morgen lukt het niet, maar ik bel u terug.":                      "-",
		"Jutro nie dam rady, ale wyślemy panu fakturę.":                   "-",
		// Of two days the later one counts.
		"We'll deliver it on Monday or at the latest Friday.": "12-04",
		"We'll deliver between Friday and Tuesday.":           "12-01",
		"We'll refund you between 3 and 5 days.":              "11-28",
		"I'll call you in a day or two.":                      "11-25",
		"I'll ring you tomorrow or Wednesday at the latest.":  "11-25",
		"I'll send it by 3-5 March.":                          "03-05",
		"I'll call you Monday at 3 or Tuesday at 4.":          "12-01 16:00",
		"Wir liefern zwischen Montag und Mittwoch.":           "12-02",
		"Wir erstatten Ihnen das Geld in 2-3 Werktagen.":      "11-26",
		"Wir schicken Ihnen den Ersatz in 2 bis 3 Tagen.":     "11-26",
		"Wir melden uns morgen, spätestens Freitag.":          "11-27",
		"Wir kommen am 10. oder 12. März zu Ihnen.":           "03-12",
		"Nous vous rappelons entre lundi et mercredi.":        "12-02",
		"Je vous réponds sous 24/48 heures.":                  "11-25 10:00",
		"Te llamaré entre el lunes y el miércoles.":           "12-02",
		"Le mandamos el técnico entre el 3 y el 5 de marzo.":  "03-05",
		"La richiamiamo lunedì o al massimo venerdì.":         "12-04",
		"La richiamiamo tra lunedì e mercoledì.":              "12-02",
		"Le rispondiamo in 3/4 giorni.":                       "11-27",
		"Le inviamo il pezzo in 3 a 5 giorni.":                "11-28",
		"Ligamos-lhe na segunda ou na terça.":                 "12-01",
		"We bellen u maandag of dinsdag terug.":               "12-01",
		"We komen tussen 3 en 5 maart bij u langs.":           "03-05",
		"Zadzwonimy do pana w poniedziałek lub w środę.":      "12-02",
		"Wyślę pani ofertę za dwa-trzy dni.":                  "11-26",
		// A part of a day is one of the day beside it.
		"I'll call you on the afternoon of Friday.":            "11-27",
		"I'll call you tomorrow evening.":                      "11-24",
		"Ich rufe Sie am Freitagnachmittag an.":                "11-27",
		"Ich rufe Sie am Sonntagvormittag an.":                 "11-29",
		"Ich rufe Sie am Morgen des 5. Dezember an.":           "12-05",
		"Je vous rappelle vendredi dans l'après-midi.":         "11-27",
		"Je vous rappelle dans la journée de vendredi.":        "11-27",
		"Le llamaré por la mañana del viernes.":                "11-27",
		"Por la mañana a las 10 le llamo.":                     "11-24 10:00",
		"La richiamo nel pomeriggio di venerdì.":               "11-27",
		"Vou ligar-lhe na tarde de sexta.":                     "11-27",
		"Ik stuur het u in de loop van de middag van vrijdag.": "11-27",
		"Zadzwonię do pana po południu w piątek.":              "11-27",
		// A month lasts until its last day.
		"We'll send you the report by the end of March.": "03-31",
		"We'll send you the report mid March.":           "03-15",
		"We'll send you the report in April.":            "04-30",
		"We'll send you the report before April.":        "03-31",
		"We'll send you the report by March 6.":          "03-06",
		"Wir schicken Ihnen den Vertrag Ende Februar.":   "02-28",
		"Wir schicken Ihnen den Vertrag Mitte März.":     "03-15",
		"Nous vous enverrons le contrat fin mars.":       "03-31",
		"Le enviaremos el contrato a finales de marzo.":  "03-31",
		"Le enviamos el contrato en mayo de 2027.":       "05-31",
		"Le inviamo il contratto entro fine marzo.":      "03-31",
		"Enviamos-lhe o contrato até ao fim de março.":   "03-31",
		"Enviamos-lhe o contrato em abril.":              "04-30",
		"We sturen u het contract eind maart.":           "03-31",
		"Wyślemy panu umowę pod koniec marca.":           "03-31",
		"Wyślemy panu umowę w kwietniu.":                 "04-30",
		// Weekdays, dates and hours, as they are written.
		"I'll call you this Friday.":                     "11-27",
		"I'll call you Friday this week.":                "11-27",
		"I'll call you Friday next week.":                "12-04",
		"I'll call you next Tuesday.":                    "11-24",
		"I'll call you on Tuesday the 1st.":              "12-01",
		"I'll call you on the 10th.":                     "12-10",
		"I'll call you on 10 March.":                     "03-10",
		"I'll call you by 3pm.":                          "11-23 15:00",
		"I'll call you before noon.":                     "11-23 12:00",
		"We're on it 24/7 and I'll call you.":            "-",
		"Diese Woche Mittwoch rufe ich Sie an.":          "11-25",
		"Ich rufe Sie am Freitag, den 11. Dezember, an.": "12-11",
		"Ich rufe Sie am 10.3. an.":                      "03-10",
		"Ich rufe Sie um 11 an.":                         "11-23 11:00",
		"Je vous rappelle à 11h.":                        "11-23 11:00",
		"Nous passons chez vous mardi 1er décembre.":     "12-01",
		"Le llamaré el 3/10.":                            "10-03",
		"Le escribo la próxima semana, el jueves.":       "12-03",
		"Ti scrivo venerdì 27.":                          "11-27",
		"Ti scrivo venerdì 11 dicembre.":                 "12-11",
		"Ligo-lhe dia 10.":                               "12-10",
		"Ligamos-lhe às 15h de sexta.":                   "11-27 15:00",
		"Ik bel u op 10-12-2026.":                        "12-10",
		"Ik bel u vrijdag om 10u.":                       "11-27 10:00",
		"Zadzwonię do pana 10-go.":                       "12-10",
		"Zadzwonię w piątek o 10.":                       "11-27 10:00",
	} {
		t.Run(text, func(t *testing.T) {
			list := Find(text, Setting{At: monday})
			if len(list) != 1 {
				t.Fatalf("found %+v", list)
			}
			f, got := list[0], "-"
			switch {
			case f.Exact:
				got = f.Due.Format("01-02 15:04")
			case !f.Due.IsZero():
				got = f.Due.Format("01-02")
			}
			if got != want {
				t.Errorf("got %s (%q); want %s", got, f.Words, want)
			}
		})
	}
}

func TestWhatPromisesNothing(t *testing.T) {
	for _, text := range []string{
		"We won't be able to deliver before Friday.", "Shall we call you tomorrow?", "If you cancel before Friday, you keep the deposit.",
		"We sent it yesterday.", "Thanks for your patience!", "Please send it by Friday.", "We're open until Friday.", "We answer every e-mail within 24 hours.",
		"\"We will call you tomorrow and bring the parts\" is what the courier wrote.", "> We'll call you by Friday.", "Your bank will contact you tomorrow.", "It should arrive tomorrow.",
		"Perhaps we could look at it on Monday.", "The courier delivers on Monday.", "I can't promise you a date, sorry.",
		"Bitte senden Sie uns das bis Freitag.", "Wir haben bis Freitag geöffnet.", "Können Sie morgen anrufen?", "Merci de régler avant vendredi.",
		"Hello, if we can't deliver you pay nothing.", "Hallo, wenn wir den Termin nicht halten, zahlen Sie nichts.", "We can't call you before Friday, but on Monday we're closed.",
		"Si vous voulez que nous vous rappelions, dites-le.", "¿Le llamo mañana?", "Non possiamo promettere nulla.", "Não podemos prometer nada.", "We kunnen niets beloven.", "Nie możemy nic obiecać.", "", "   ", "42", "🙂🙂🙂",
	} {
		t.Run(text, func(t *testing.T) {
			if list := Find(text, Setting{At: monday}); len(list) > 0 {
				t.Errorf("found %+v", list)
			}
		})
	}
}

// The house's hours count: a Friday on which it is closed is no business day, and the day ends when it closes.
func TestTheHousesHoursCount(t *testing.T) {
	f := Find("We'll answer within four business days.", Setting{At: monday, Days: closedOn{time.Friday}})
	if len(f) != 1 || f[0].Due.Format("Mon 02 15:04") != "Mon 30 17:00" {
		t.Errorf("found %+v", f)
	}
}

// closedOn is the usual office that is closed on a further day.
type closedOn struct{ day time.Weekday }

func (c closedOn) Open(t time.Time) bool { return t.Weekday() != c.day && office{}.Open(t) }

func (c closedOn) NextOpen(t time.Time) time.Time {
	if n := (office{}).NextOpen(t); n.Weekday() != c.day {
		return n
	}
	return office{}.NextOpen(wall(office{}.NextOpen(t), 1, 0, 0))
}

func (c closedOn) NextClosed(t time.Time) time.Time { return office{}.NextClosed(t) }

// Whatever the text is: the spans lie in it, on whole letters, in order, and no due time has passed.
func TestAnyTextIsReadSafely(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := []string{"we'll", "call", "you", "by", "Friday", "Freitag", "bis", "12.", "12", "31.", "2.", "\"", "„", "?", "!", "\n", ">", "5-10", "business", "days", "um", "h", "30",
			"\xff", "ż", "if", "mañana", "until", "999999999999", "half", "past", "wpół", "do", "und", ",", "…", "31 February", "29.2."}
		text := strings.Join(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(words), rapid.String())).Draw(t, "text"), " ")
		at := monday.Add(time.Duration(rapid.IntRange(0, 3e8).Draw(t, "at")) * time.Second)
		last := 0
		for _, f := range Find(text, Setting{At: at, Language: rapid.SampledFrom(append(languages, "", "xx")).Draw(t, "language")}) {
			if f.From < last || f.To < f.From || f.To > len(text) || text[f.From:f.To] != f.Text {
				t.Fatalf("%d to %d of %d", f.From, f.To, len(text))
			}
			if f.From < len(text) && !utf8.RuneStart(text[f.From]) {
				t.Fatal("within a letter")
			}
			if !f.Due.IsZero() && !f.Due.After(at) {
				t.Fatalf("%q is due at %v, written at %v", f.Text, f.Due, at)
			}
			last = f.To
		}
	})
}

// A text made to be slow is not: the work grows as its length does. The test ends by itself only if that holds.
func TestHostileTextIsRead(t *testing.T) {
	for _, unit := range []string{"\"", "„we will ", "if ", "we'll call you by Friday, ", "12.", "5-10 ", "«", "a", "before before ", "we will call. ", "by 3 pm ", "> \n"} {
		Find(strings.Repeat(unit, 100_000/len(unit)), Setting{At: monday})
	}
}

func BenchmarkFind(b *testing.B) {
	text := "Hi Claire, thanks for writing. I've found your parcel in our depot in Leeds. I'll phone you on Friday once it's been repacked."
	for b.Loop() {
		Find(text, Setting{At: monday})
	}
}

func TestTheProgramHasTheWords(t *testing.T) {
	has, err := unpacked()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range languages {
		text, err := os.ReadFile("words/" + lang + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		if has[lang] != string(text) {
			t.Errorf("words/words.gz does not have words/%s.txt as it is: make generate", lang)
		}
	}
}
