package triage

import (
	"errors"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func TestAKeptModelSaysTheSame(t *testing.T) {
	m := dayOne().Learn(Example{Input: Input{Text: "the lid of my kettle is loose"}, Department: "product", Intents: []string{"support"}})
	b, err := m.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var again Model
	if err := again.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	for _, l := range labelledMessages(t, "messages") {
		in := Input{Text: l.text + " kettle VAT parcels"}
		if x, y := m.Assess(in), again.Assess(in); !reflect.DeepEqual(x, y) {
			t.Fatalf("%q:\n%+v\n%+v", in.Text, x, y)
		}
	}
	e := Example{Input: Input{Text: "something new altogether"}, Department: "legal"}
	if x, y := m.Learn(e).Assess(e.Input), again.Learn(e).Assess(e.Input); !reflect.DeepEqual(x, y) {
		t.Errorf("a kept model learns another way:\n%+v\n%+v", x, y)
	}
}

func TestADamagedModelIsRefused(t *testing.T) {
	m := Train(Seed{Departments: []Department{{Key: "a", Phrases: []string{"apples"}}, {Key: "b", Phrases: []string{"bears"}}}, Intents: []Intent{{Key: "x"}}}, nil)
	b, err := m.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		bad := append([]byte(nil), b...)
		if rapid.Bool().Draw(t, "cut") {
			bad = bad[:rapid.IntRange(0, len(bad)-1).Draw(t, "length")]
		} else {
			bad[rapid.IntRange(0, len(bad)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		}
		var again Model
		if err := again.UnmarshalBinary(bad); !errors.Is(err, errKept) {
			t.Fatalf("was taken: %v", err)
		}
	})
}
