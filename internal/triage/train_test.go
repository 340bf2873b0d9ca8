package triage

import "testing"

// The model that stands in until the messages of the packs are learned knows phrases alone.
func TestAModelOfPhrasesAloneDoesNotCryWolf(t *testing.T) {
	seed := Packs().Seed()
	seed.Messages = nil
	m := Train(seed, nil)
	for text, want := range map[string]Urgency{
		"Where can I find your opening hours?":                        Normal,
		"I would like to order two blue chairs for my kitchen please": Normal,
		"Wann kommt meine Bestellung an?":                             Normal,
		"There is smoke coming out of the charger":                    Now,
	} {
		a := m.Assess(Input{Text: text})
		if a.Urgency != want || want == Now && a.Needs != Must {
			t.Errorf("%q: %s (%.2f), needs %s", text, a.Urgency, a.UrgencyConfidence, a.Needs)
		}
	}
	if a := m.Assess(Input{Text: "zorgulon blarf frobbles"}); a.Sentiment > 0.3 || a.Sentiment < -0.3 || a.Needs == None {
		t.Errorf("of nothing known: sentiment %.2f, needs %s", a.Sentiment, a.Needs)
	}
}
