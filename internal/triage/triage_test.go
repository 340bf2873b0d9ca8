package triage

import (
	"strings"
	"sync"
	"testing"
)

// day one: the packs in all languages and a few people, nobody has corrected anything.
var dayOne = sync.OnceValue(func() *Model {
	seed := Packs().Seed()
	seed.Staff = []Person{{"bob", "accounts", []string{"invoices", "refunds", "VAT"}}, {"ana", "logistics", []string{"lost parcels"}}}
	seed.Topics = []Topic{{"kettle", "Kettle 3000", []string{"kettle*"}}}
	return Train(seed, nil)
})

func TestAssess(t *testing.T) {
	for name, tt := range map[string]struct {
		in         Input
		intent     string
		department string
		needs      Answer
		urgency    Urgency
	}{
		"a bill that is wrong goes to accounts":          {Input{Text: "Hi @acme, I was charged twice for my invoice, can I get the VAT back?"}, "billing", "accounts", Must, Normal},
		"a journalist's question goes to press":          {Input{Text: "I'm a reporter with the Herald, could I get a comment from your spokesperson?"}, "press", "press", Must, Normal},
		"praise gets a kind word":                        {Input{Text: "Just wanted to say your staff were wonderful, best service ever, thank you!"}, "praise", "", Courtesy, Normal},
		"somebody locked out at night is urgent":         {Input{Text: "The lock app is dead, I am locked out and it is freezing. Please help"}, "support", "", Must, Now},
		"old anger is not urgent":                        {Input{Text: "Last month your driver was rude to me and I am still furious. Worst company ever"}, "complaint", "", Must, Normal},
		"an advertisement needs nothing":                 {Input{Text: "Make money from home, click here https://x.example/1 bitcoin!!"}, "spam", "", None, Normal},
		"smoke from a product is urgent, however calmly": {Input{Text: "There is smoke coming out of the charger I bought from you."}, "", "", Must, Now},
	} {
		t.Run(name, func(t *testing.T) {
			a := dayOne().Assess(tt.in)
			if tt.intent != "" && a.Intent() != tt.intent {
				t.Errorf("intent = %v; want %s", a.Intents, tt.intent)
			}
			if tt.department != "" && a.Department() != tt.department {
				t.Errorf("department = %v; want %s", a.Departments, tt.department)
			}
			if a.Needs != tt.needs || a.Urgency != tt.urgency {
				t.Errorf("needs %s (%.2f), urgency %s; want %s, %s", a.Needs, a.Must, a.Urgency, tt.needs, tt.urgency)
			}
		})
	}
}

func TestHowSureItIsThatSomebodyWaitsIsNotTurnedRound(t *testing.T) {
	low := 0
	for _, l := range labelledMessages(t, "unseen") {
		if a := dayOne().Assess(Input{Text: l.text}); a.Needs == Must && a.NeedsConfidence != a.Must {
			t.Errorf("%q waits with %.2f and is said to with %.2f", l.text, a.Must, a.NeedsConfidence)
		} else if a.Needs == Must && a.Must < 0.5 {
			low++
		}
	}
	if low == 0 {
		t.Error("nobody waits with less than one half")
	}
}

func TestReasonsNameTheWordsOfTheMessageOnly(t *testing.T) {
	for name, thread := range map[string][]Said{
		"ours":   {{Own: true, Text: "Your refund for the invoice is on its way"}},
		"theirs": {{Text: "I want my refund for the wrong invoice"}},
		"both":   {{Text: "I was charged twice on my invoice"}, {Own: true, Text: "We refund you the payment today"}},
		"none":   nil,
	} {
		t.Run(name, func(t *testing.T) {
			said := false
			for _, text := range []string{"yes", "ok, and when will that be?", "thank you very much", "it still has not arrived"} {
				in := Input{Text: text, Subject: "A question", Thread: thread}
				for _, r := range dayOne().Assess(in).Reasons {
					for _, w := range r.Words {
						if !strings.Contains(in.Text+" "+in.Subject, w) {
							t.Errorf("%q: %q names %q", text, r.What, w)
						}
					}
					said = said || strings.Contains(r.What, "said before, point") && len(r.Words) == 0
				}
			}
			if said != (thread != nil) {
				t.Errorf("what was said before is named: %t", said)
			}
		})
	}
}

func TestADepartmentThatTookThePhrasesOverKnowsTheWordsToo(t *testing.T) {
	var desk, money Department
	for _, d := range Packs().Departments("en", "de") {
		switch d.Key {
		case "service", "logistics":
			desk.Phrases = append(desk.Phrases, d.Phrases...)
		case "accounts":
			money.Phrases = append(money.Phrases, d.Phrases[2:]...)
		}
	}
	desk.Key, money.Key = "1", "2"
	m := Train(Seed{Departments: []Department{desk, money}}, nil)
	for text, want := range map[string]string{"the courier threw it over the fence": "1", "Mahngebühr, warum?": "2"} {
		if a := m.Assess(Input{Text: text}); a.Department() != want || a.Departments[0].Confidence < 0.7 {
			t.Errorf("%q is put to %v; want %s", text, a.Departments, want)
		}
	}
}

func BenchmarkAssess(b *testing.B) {
	m := dayOne()
	in := Input{Text: "Hi @acme, I ordered a kettle two weeks ago and it still has not arrived. The tracking says it was delivered but nobody was at home. Can you please check where it is? Thanks, Ann"}
	m.Assess(in)
	b.ReportAllocs()
	for b.Loop() {
		m.Assess(in)
	}
}

func BenchmarkTrain(b *testing.B) {
	for b.Loop() {
		Train(Packs().Seed(), nil)
	}
}

func BenchmarkLearn(b *testing.B) {
	m := dayOne()
	e := Example{Input: Input{Text: "I ordered a kettle two weeks ago and it still has not arrived"}, Department: "sales", Intents: []string{"sales"}}
	b.ReportAllocs()
	for b.Loop() {
		m.Learn(e)
	}
}
