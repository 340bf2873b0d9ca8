package main

import (
	"testing"

	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/fault"
)

func TestTheDemoTakesNobodysDatabase(t *testing.T) {
	apptest.Each(t, app.Options{}, func(t *testing.T, h *apptest.House) {
		for name, tt := range map[string]struct {
			lived         bool
			administrator string
			refused       bool
		}{
			"a history of its own, and its administrator": {true, "ada@acme.example", false},
			"a history of its own, in another's house":    {true, "ada@elsewhere.example", true},
			"no history yet, where somebody works":        {false, "ada@acme.example", true},
		} {
			if err := belongs(t.Context(), h.App, tt.lived, tt.administrator); fault.Is(err, fault.Invalid) != tt.refused || !tt.refused && err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
