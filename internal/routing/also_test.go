package routing

import (
	"slices"
	"testing"
)

func TestAlso(t *testing.T) {
	rules, err := CompileRules([]Rule{{Key: "r", Name: "recalls", When: `says("recall")`, Department: "press"}})
	if err != nil {
		t.Fatal(err)
	}
	part := func(department, intent string, sure float64) Part {
		return Part{Departments: []Score{{department, sure}}, Intents: []Score{{intent, sure}}}
	}
	both := []Score{{"accounts", 0.6}, {"sales", 0.3}, {"press", 0.1}}
	for name, tt := range map[string]struct {
		in   Case
		want []string
	}{
		"a message about one matter asks nobody":           {Case{Departments: both}, nil},
		"the second matter is asked of who deals with it":  {Case{Departments: both, Parts: []Part{part("accounts", "billing", 0.9), part("sales", "sales", 0.9)}}, []string{"sales"}},
		"a part that is not sure asks nobody":              {Case{Departments: both, Parts: []Part{part("accounts", "billing", 0.9), part("sales", "odd", 0.4)}}, nil},
		"a part the whole message does not bear out":       {Case{Departments: both[:1], Parts: []Part{part("accounts", "billing", 0.9), part("sales", "odd", 0.9)}}, nil},
		"the owner is not asked what it has":               {Case{Departments: both, Parts: []Part{part("accounts", "billing", 0.9), part("accounts", "billing", 0.8)}}, nil},
		"two at most, the surest first":                    {Case{Departments: append(slices.Clone(both), Score{"night", 0.1}), Parts: []Part{part("press", "odd", 0.8), part("sales", "odd", 0.95), part("night", "odd", 0.7)}}, []string{"sales", "press"}},
		"the operators are not asked: they decide":         {Case{Departments: append(slices.Clone(both), Score{"service", 0.2}), Parts: []Part{part("service", "odd", 0.99)}}, nil},
		"a rule that decides decides alone":                {Case{Departments: both, Text: "the recall", Parts: []Part{part("accounts", "billing", 0.9), part("sales", "sales", 0.9)}}, nil},
		"where nothing is sure the operators ask":          {Case{Departments: []Score{{"accounts", 0.3}, {"sales", 0.3}}, Parts: []Part{part("accounts", "odd", 0.9), part("sales", "odd", 0.9)}}, nil},
		"whose stand-in has it is not asked at night":      {Case{Departments: []Score{{"press", 0.9}, {"sales", 0.1}}, Intents: []Score{{"press", 0.9}}, Parts: []Part{part("press", "press", 0.9), part("sales", "sales", 0.9)}}, []string{"sales"}},
		"the same department twice is asked once":          {Case{Departments: both, Parts: []Part{part("sales", "odd", 0.8), part("sales", "sales", 0.9)}}, []string{"sales"}},
		"a department that is no more is asked of nothing": {Case{Departments: append(slices.Clone(both), Score{"gone", 0.2}), Parts: []Part{part("gone", "odd", 0.99)}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			tt.in.At = monday
			d := Decide(tt.in, house(), plainMap, rules)
			var got []string
			for _, a := range d.Also {
				if a.Why == "" {
					t.Errorf("%s is asked without a reason", a.Department)
				}
				got = append(got, a.Department)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("also asked %q; want %q (owner %s by %s)", got, tt.want, d.Department, d.By)
			}
		})
	}
}
