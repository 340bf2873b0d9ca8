package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"switchboard/internal/triage"
)

// What is scored is never trained on, and every line of the golden set has the labels its guidelines know.
func TestNothingTestedIsTrainedOn(t *testing.T) {
	if err := os.Chdir("../.."); err != nil {
		t.Fatal(err)
	}
	all, err := readGolden()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 2000 {
		t.Errorf("the golden set has %d lines", len(all))
	}
	p := triage.Packs()
	trained := map[string]bool{}
	for _, m := range p.Messages(p.Languages...) {
		trained[m.Input.Text] = true
	}
	for _, d := range p.Departments(p.Languages...) {
		for _, s := range d.Phrases {
			trained[s] = true
		}
	}
	known := func(list []string, in ...string) bool {
		return !slices.ContainsFunc(list, func(k string) bool { return !slices.Contains(in, k) })
	}
	var intents, departments []string
	for _, i := range p.Intents("en") {
		intents = append(intents, i.Key)
	}
	for _, d := range p.Departments("en") {
		departments = append(departments, d.Key)
	}
	for _, g := range all {
		if words := strings.Fields(g.Text); g.tested() && len(words) > 3 && (trained[g.Text] || trained[g.Subject+": "+g.Text]) {
			t.Errorf("tested and trained on: %q", g.Text)
		}
		if !known(g.Intents, intents...) || !known(g.Departments, departments...) || len(g.Intents) == 0 || len(g.Departments) == 0 ||
			!known([]string{g.Needs}, "must", "courtesy", "none") || !known([]string{g.Urgency}, "now", "today", "normal") || g.Sentiment < -1 || g.Sentiment > 1 {
			t.Errorf("a label that nobody defined: %+v", g)
		}
	}
}
