package promise

import (
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

func TestWhatPromisesNothing(t *testing.T) {
	for _, text := range []string{
		"We won't be able to deliver before Friday.", "Shall we call you tomorrow?", "If you cancel before Friday, you keep the deposit.",
		"We sent it yesterday.", "Thanks for your patience!", "Please send it by Friday.", "We're open until Friday.", "We answer every e-mail within 24 hours.",
		"\"We will call you tomorrow and bring the parts\" is what the courier wrote.", "> We'll call you by Friday.", "Your bank will contact you tomorrow.", "It should arrive tomorrow.",
		"Perhaps we could look at it on Monday.", "The courier delivers on Monday.", "I can't promise you a date, sorry.",
		"Bitte senden Sie uns das bis Freitag.", "Wir haben bis Freitag geöffnet.", "Können Sie morgen anrufen?", "Merci de régler avant vendredi.",
		"¿Le llamo mañana?", "Non possiamo promettere nulla.", "Não podemos prometer nada.", "We kunnen niets beloven.", "Nie możemy nic obiecać.", "", "   ", "42", "🙂🙂🙂",
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
