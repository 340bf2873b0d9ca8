package triage

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParts(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"two questions are two parts": {"My invoice 12 is wrong. Do you have open positions for engineers?",
			[]string{"My invoice 12 is wrong.", "Do you have open positions for engineers?"}},
		"one sentence is no part of anything":        {"Where is my order, please?", nil},
		"thanks and greetings are no matter":         {"Hello! Where is my order, please? Thanks a lot!", nil},
		"a short word stays with what follows it":    {"Hi. I would like a refund. My kettle leaks as well.", []string{"Hi. I would like a refund.", "My kettle leaks as well."}},
		"a line end ends a sentence, too":            {"I want to buy 20 kettles\nmy old one does not work", []string{"I want to buy 20 kettles", "my old one does not work"}},
		"a point inside a number or address is none": {"It cost 12.50 at shop.example.org yesterday", nil},
		"other signs end sentences elsewhere":        {"請求書が間違っています。仕事の募集はありますか？", []string{"請求書が間違っています。", "仕事の募集はありますか？"}},
		"nothing has no parts":                       {"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Parts(tt.text); !slices.Equal(got, tt.want) {
				t.Errorf("Parts = %q; want %q", got, tt.want)
			}
		})
	}
}

func TestPartsAreFewAndOfTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		parts := Parts(text)
		if len(parts) == 1 || len(parts) > mostParts {
			t.Fatalf("%d parts", len(parts))
		}
		for _, p := range parts {
			if !strings.Contains(text, p) {
				t.Fatalf("%q is not in %q", p, text)
			}
		}
	})
}
