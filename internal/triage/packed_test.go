package triage

import (
	"os"
	"testing"
)

func TestTheProgramHasTheMessagesOfThePacks(t *testing.T) {
	for _, lang := range packLanguages {
		var want string
		for _, name := range []string{"messages.txt", "golden.txt"} {
			text, err := os.ReadFile("packs/" + lang + "/" + name)
			if err != nil {
				t.Fatal(err)
			}
			want += string(text)
		}
		if unpacked(lang) != want {
			t.Errorf("packs/%s/messages.gz is old: make generate", lang)
		}
		for _, m := range messages(want) {
			if len(m.Intents) == 0 || len(m.Departments) == 0 || m.Input.Text == "" {
				t.Errorf("%s: %+v says too little", lang, m)
			}
		}
	}
}
