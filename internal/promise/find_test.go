package promise

import (
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"switchboard/internal/clock"
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
		"We'll send it before next week.":                "11-27",
		"We'll send it before next month.":               "11-30",
		"We'll send it before the end of next week.":     "12-04",
		"We'll send it before the end of next month.":    "12-31",
		"We'll send it before tomorrow.":                 "11-23",
		"We'll send it before the day after tomorrow.":   "11-24",
		"Wir schicken es vor nächster Woche.":            "11-27",
		"Wir schicken es vor Ende nächster Woche.":       "12-04",
		"Nous l'enverrons avant la semaine prochaine.":   "11-27",
		"Se lo enviamos antes de la próxima semana.":     "11-27",
		"We sturen het u voor vrijdag.":                  "11-26",
		"We sturen het u vóór 4 december.":               "12-03",
		"We sturen het u voor a.s. vrijdag.":             "11-26",
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

func TestWhatTheEveningAndTheZoneMean(t *testing.T) {
	evening := time.Date(2026, 11, 23, 18, 30, 0, 0, time.UTC) // the house has closed
	berlin := time.FixedZone("CET", 3600)
	for name, tt := range map[string]struct {
		text string
		at   time.Time
		us   bool
		want string
	}{
		"the end of a day that is closed":    {"I'll reply by end of day.", evening, false, "11-23 23:59"},
		"the end of today":                   {"I'll reply by the end of today.", evening, false, "11-23 23:59"},
		"the end of a day at work":           {"I'll reply by end of day.", monday, false, "11-23 17:00"},
		"feierabend":                         {"Ich melde mich bis Ende des Tages.", evening, false, "11-23 23:59"},
		"midnight":                           {"I'll reply by midnight.", monday, false, "11-23 23:59"},
		"midnight, said in the evening":      {"I'll reply by midnight.", evening, false, "11-23 23:59"},
		"midnight of a day":                  {"I'll reply on Friday by midnight.", monday, false, "11-27 23:59"},
		"Mitternacht":                        {"Ich schicke Ihnen das bis Mitternacht.", monday, false, "11-23 23:59"},
		"minuit":                             {"Je vous réponds avant minuit.", monday, false, "11-23 23:59"},
		"12 am":                              {"I'll call you by 12 am.", monday, false, "11-24 00:00"},
		"12 pm":                              {"I'll call you by 12 pm.", monday, false, "11-23 12:00"},
		"12:30 am":                           {"I'll call you at 12:30 am tomorrow.", monday, false, "11-24 00:30"},
		"early next week":                    {"I'll call you early next week.", monday, false, "12-01"},
		"the middle of next week":            {"I'll call you in the middle of next week.", monday, false, "12-02"},
		"mid next week":                      {"I'll call you mid next week.", monday, false, "12-02"},
		"the end of next week":               {"I'll call you at the end of next week.", monday, false, "12-04"},
		"early next week, on a day":          {"I'll call you early next week, on Wednesday.", monday, false, "12-02"},
		"the beginning of next month":        {"We'll send it at the beginning of next month.", monday, false, "12-10"},
		"mid next month":                     {"We'll send it in the middle of next month.", monday, false, "12-15"},
		"the end of next month":              {"We'll send it at the end of next month.", monday, false, "12-31"},
		"next month":                         {"We'll send it next month.", monday, false, "12-31"},
		"Anfang nächster Woche":              {"Wir melden uns Anfang nächster Woche bei Ihnen.", monday, false, "12-01"},
		"Mitte der nächsten Woche":           {"Wir melden uns Mitte der nächsten Woche bei Ihnen.", monday, false, "12-02"},
		"Anfang nächsten Monats":             {"Wir schicken Ihnen das Anfang nächsten Monats.", monday, false, "12-10"},
		"begin volgende maand":               {"We sturen het u begin volgende maand.", monday, false, "12-10"},
		"início do próximo mês":              {"Enviamos-lhe o contrato no início do próximo mês.", monday, false, "12-10"},
		"a principios del mes que viene":     {"Le enviamos el contrato a principios del mes que viene.", monday, false, "12-10"},
		"début de semaine prochaine":         {"Nous vous rappelons en début de semaine prochaine.", monday, false, "12-01"},
		"inizio settimana prossima":          {"La richiamiamo a inizio settimana prossima.", monday, false, "12-01"},
		"na początku przyszłego tygodnia":    {"Zadzwonimy do pana na początku przyszłego tygodnia.", monday, false, "12-01"},
		"in California":                      {"I'll call you at 3 pm PST.", monday, false, "11-23 23:00"},
		"in California, without what season": {"I'll call you at 3 pm PT.", monday, false, "11-23 23:00"},
		"in New York in summer":              {"I'll call you on June 10 at 3 pm ET.", monday, false, "06-10 19:00"},
		"in New York in winter":              {"I'll call you on December 10 at 3 pm ET.", monday, false, "12-10 20:00"},
		"in London":                          {"I'll call you at 15:00 GMT.", monday.In(berlin), false, "11-23 16:00"},
		"in Berlin":                          {"Ich rufe Sie um 15 Uhr MEZ an.", monday, false, "11-23 14:00"},
		"French words are no zones":          {"Je vous rappelle à 15h et je regarde.", monday, false, "11-23 15:00"},
		"a day first":                        {"I'll call you on 3/4.", monday, false, "04-03"},
		"a month first":                      {"I'll call you on 3/4.", monday, true, "03-04"},
		"a month first, with its year":       {"I'll call you on 3/4/2027.", monday, true, "03-04"},
		"a day that can be no month":         {"I'll call you on 3/14.", monday, false, "03-14"},
		"a month that can be none":           {"I'll call you on 14/3.", monday, true, "03-14"},
		"a month first, not in German":       {"Ich rufe Sie am 3.4. an.", monday, true, "04-03"},
	} {
		t.Run(name, func(t *testing.T) {
			list := Find(tt.text, Setting{At: tt.at, MonthFirst: tt.us})
			if len(list) != 1 {
				t.Fatalf("found %+v", list)
			}
			got := list[0].Due.Format("01-02")
			if list[0].Exact {
				got = list[0].Due.Format("01-02 15:04")
			}
			if got != tt.want {
				t.Errorf("got %s (%q); want %s", got, list[0].Words, tt.want)
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

// The end of a day is when the house closes, also where that is at night.
func TestTheEndOfADayThatEndsLate(t *testing.T) {
	slot := func(from, to string) clock.Slot { return clock.Slot{From: from, To: to} }
	for want, tt := range map[string]struct {
		hours clock.Hours
		text  string
	}{
		"11-23 23:59": {clock.Hours{Week: clock.Week{Mon: []clock.Slot{slot("08:00", "24:00")}}}, "I'll reply by end of day."},
		"11-24 23:59": {clock.Hours{Week: clock.Week{Mon: []clock.Slot{slot("09:00", "13:00")}, Tue: []clock.Slot{slot("09:00", "13:00"), slot("18:00", "24:00")}}}, "I'll reply by the end of tomorrow."},
		"11-23 17:00": {clock.Hours{Always: true}, "I'll reply by end of day."},
		"11-23 20:00": {clock.Hours{Week: clock.Week{Mon: []clock.Slot{slot("09:00", "13:00"), slot("15:00", "20:00")}}}, "I'll reply by end of day."},
	} {
		days, err := clock.New(tt.hours)
		if err != nil {
			t.Fatal(err)
		}
		if list := Find(tt.text, Setting{At: monday, Days: days}); len(list) != 1 || list[0].Due.Format("01-02 15:04") != want {
			t.Errorf("%q with %+v: %+v; want %s", tt.text, tt.hours, list, want)
		}
	}
}

// Whatever the text is: the spans lie in it, on whole letters, in order, and no due time has passed.
func TestAnyTextIsReadSafely(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := []string{"we'll", "call", "you", "by", "Friday", "Freitag", "bis", "12.", "12", "31.", "2.", "\"", "„", "?", "!", "\n", ">", "5-10", "business", "days", "um", "h", "30",
			"\xff", "ż", "if", "mañana", "until", "999999999999", "half", "past", "midnight", "12", "am", "PST", "ET", "early", "next", "week", "beginning", "of", "month", "3/4", "wpół", "do", "und", ",", "…", "31 February", "29.2."}
		text := strings.Join(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(words), rapid.String())).Draw(t, "text"), " ")
		at := monday.Add(time.Duration(rapid.IntRange(0, 3e8).Draw(t, "at")) * time.Second)
		s := Setting{At: at, Language: rapid.SampledFrom(append(languages, "", "xx")).Draw(t, "language"), MonthFirst: rapid.Bool().Draw(t, "us")}
		sound(t, text, at, Find(text, s))
	})
}

// sound fails when what was found in a text cannot be.
func sound(t interface{ Fatalf(string, ...any) }, text string, at time.Time, found []Found) {
	last := 0
	for _, f := range found {
		if f.From < last || f.To < f.From || f.To > len(text) || text[f.From:f.To] != f.Text {
			t.Fatalf("%d to %d of %d", f.From, f.To, len(text))
		}
		if f.From < len(text) && !utf8.RuneStart(text[f.From]) {
			t.Fatalf("%d is within a letter", f.From)
		}
		if !f.Due.IsZero() && !f.Due.After(at) {
			t.Fatalf("%q is due at %v, written at %v", f.Text, f.Due, at)
		}
		last = f.To
	}
}

// A text made to be slow is not, for the work grows as its length does, and what is found in it is there.
func TestHostileTextIsRead(t *testing.T) {
	for unit, promises := range map[string]bool{"\"": false, "„we will ": false, "if ": false, "we'll call you by Friday, ": false, "We will call you by Friday. ": true, "12.": false, "5-10 ": false, "«": false, "a": false,
		"before before ": false, "we will call. ": false, "by 3 pm ": false, "> \n": false} {
		text, began := strings.Repeat(unit, 100_000/len(unit)), time.Now()
		found := Find(text, Setting{At: monday})
		if took := time.Since(began); took > 20*time.Second { // it takes milliseconds; were it to grow with the square, it would take minutes
			t.Errorf("100 kB of %q took %v", unit, took)
		}
		if sound(t, text, monday, found); (len(found) > 0) != promises {
			t.Errorf("100 kB of %q promise %d things", unit, len(found))
		}
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
