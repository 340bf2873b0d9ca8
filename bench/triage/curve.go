package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"switchboard/internal/triage"
)

// described are CLINC150's domains as departments, in words of ours, written without looking at the set's sentences.
var described = map[string][]string{
	"banking": {"account balance", "transfer money", "freeze my account", "pay a bill", "pin code", "bank account blocked", "order checks",
		"interest rate", "spending history", "report fraud on my account", "minimum payment", "transactions at my bank"},
	"credit_cards": {"credit card", "apply for a new credit card", "credit score", "credit limit", "card declined", "rewards points", "annual percentage rate apr",
		"damaged or lost card", "replacement card", "international fees", "card expiration date"},
	"kitchen_and_dining": {"recipe", "cooking time", "restaurant reservation", "ingredients", "calories", "substitute an ingredient", "restaurant reviews",
		"food past its date", "how to cook", "meal suggestion", "nutrition", "confirm or cancel a table"},
	"home": {"shopping list", "todo list", "calendar", "reminder", "smart home lights", "play music", "next song", "update playlist", "where is my order", "order something"},
	"auto_and_commute": {"car", "gas and fuel", "tire pressure", "oil change", "directions", "traffic", "distance and travel time", "current location", "uber ride",
		"jump start the battery", "mpg", "schedule car maintenance", "insurance"},
	"travel": {"book a flight", "hotel", "flight status", "lost luggage", "vaccines for travel", "visa", "plug type in a country", "exchange rate", "travel alert",
		"car rental", "carry on bag rules", "translate into another language", "timezone"},
	"utility": {"weather forecast", "alarm", "timer", "what time is it", "date", "calculator", "convert measurements", "spell a word", "definition of a word",
		"find my phone", "make a call", "send a text", "flip a coin", "roll dice", "share my location", "battery"},
	"work": {"vacation request", "paid time off", "payday", "direct deposit", "taxes and w2", "meeting schedule", "income", "insurance through work",
		"rollover 401k", "next holiday", "meeting room"},
	"small_talk": {"hello", "goodbye", "thank you", "how are you", "tell me a joke", "what is your name", "how old are you", "are you a bot", "fun fact",
		"meaning of life", "who made you", "do you have pets", "where are you from"},
	"meta": {"change the language", "change your name", "change accent", "speak slower", "whisper mode", "repeat that", "cancel", "yes", "no", "maybe",
		"reset settings", "sync device", "change user name", "change speech volume"},
}

// curve shows what so many corrections give when a company starts from descriptions of its departments: ten domains, five
// orders of the stream.
func curve(dir string, held bool) error {
	d, err := readClinc(dir)
	if err != nil {
		return err
	}
	if held {
		d.test = d.val
	}
	seed, err := domains(d)
	if err != nil {
		return err
	}
	targets := map[int]string{0: "75 %", 10: "78 %", 100: "85 %", 500: "91 %", 1000: "94 %", 5000: "97 %"}
	for _, n := range []int{0, 10, 100, 500, 1000, 5000} {
		var retrained, online float64
		seeds := 5
		if n == 0 {
			seeds = 1
		}
		for s := range seeds {
			stream := slices.Clone(d.train)
			r := rand.New(rand.NewPCG(uint64(s), 7))
			r.Shuffle(len(stream), func(i, j int) { stream[i], stream[j] = stream[j], stream[i] })
			var examples []triage.Example
			for _, e := range stream[:n] {
				examples = append(examples, triage.Example{Input: triage.Input{Text: e.text}, Department: d.domain[e.label]})
			}
			retrained += domainAccuracy(triage.Train(seed, examples), &d) / float64(seeds)
			online += domainAccuracy(triage.Train(seed, nil).Learn(examples...), &d) / float64(seeds)
		}
		line(fmt.Sprintf("CLINC150: domains as departments, %d corrections", n), percent(retrained), targets[n])
		line("  the same, learned one by one, never retrained", percent(online), "")
	}
	return nil
}

// domains is what a company knows that has described them and corrected nothing.
func domains(d clincData) (triage.Seed, error) {
	seed := triage.Seed{Intents: []triage.Intent{{Key: "any"}}}
	var keys []string
	for _, domain := range d.domain {
		if !slices.Contains(keys, domain) {
			keys = append(keys, domain)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		if described[k] == nil {
			return seed, fmt.Errorf("no description of the domain %q", k)
		}
		seed.Departments = append(seed.Departments, triage.Department{Key: k, Name: strings.ReplaceAll(k, "_", " "), Phrases: described[k]})
	}
	return seed, nil
}

func domainAccuracy(m *triage.Model, d *clincData) float64 {
	right := 0
	for _, e := range d.test {
		a := m.Assess(triage.Input{Text: e.text})
		if a.Department() == d.domain[e.label] {
			right++
		}
	}
	return float64(right) / float64(len(d.test))
}
