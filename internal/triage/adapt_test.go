package triage

import (
	"reflect"
	"slices"
	"testing"
)

// A model that is adapted to the staff it was trained for judges as before; one for other staff knows just these.
func TestAdaptChangesNothingButWhatChanged(t *testing.T) {
	seed := Packs().Seed("en")
	m := Train(seed, nil)
	texts := []string{"You charged me twice for the same invoice", "Where is my parcel?", "I am a journalist at the Evening Post", ""}
	same := m.Adapt(seed, seed)
	for _, text := range texts {
		if a, b := m.Assess(Input{Text: text}), same.Assess(Input{Text: text}); !reflect.DeepEqual(a, b) {
			t.Errorf("%q: %v, adapted to the same %v", text, a.Departments, b.Departments)
		}
	}
	less := seed
	less.Departments = slices.DeleteFunc(slices.Clone(seed.Departments), func(d Department) bool { return d.Key == "accounts" })
	less.Departments = append([]Department{{Key: "bees", Name: "Beekeeping", Phrases: []string{"honey harvest", "a swarm of bees", "the hives on the roof"}}}, less.Departments...)
	other := m.Adapt(seed, less)
	if got := other.Departments(); slices.Contains(got, "accounts") || got[0] != "bees" || len(got) != len(less.Departments) {
		t.Errorf("it knows %v", got)
	}
	if a := other.Assess(Input{Text: "When is the honey harvest on your roof?"}); a.Department() != "bees" {
		t.Errorf("bees go to %s", a.Department())
	}
	if a, b := m.Assess(Input{Text: texts[1]}), other.Assess(Input{Text: texts[1]}); b.Department() != a.Department() || !reflect.DeepEqual(a.Intents, b.Intents) {
		t.Errorf("a parcel went to %s, and goes to %s with %v", a.Department(), b.Department(), b.Intents)
	}
	if back, err := other.MarshalBinary(); err != nil || new(Model).UnmarshalBinary(back) != nil {
		t.Errorf("it can't be kept: %v", err)
	}
}
