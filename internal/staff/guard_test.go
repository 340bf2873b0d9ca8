package staff

import (
	"math/rand/v2"
	"testing"
	"time"
)

// Whoever signs in rightly while another guesses takes their own try back and no other.
func TestASignInThatSucceedsTakesBackItsOwnTryAlone(t *testing.T) {
	now := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	var g guard
	refused := 0
	for k := range 200 {
		right, wait := g.begin(now, "ann@acme.example", "192.0.2.1")
		if wait == 0 {
			if _, wait := g.begin(now, "sue@acme.example", "192.0.2.1"); wait == 0 {
				refused++
			}
			if k%2 == 0 {
				g.succeed(right, now)
			} else {
				g.forget(right)
			}
		}
	}
	if refused > freeAddress {
		t.Errorf("%d guesses were tried at once beside sign-ins that succeed; want at most %d", refused, freeAddress)
	}
}

// A try that is taken back leaves the guard as it was.
func TestATryTakenBackWasNot(t *testing.T) {
	now := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	var g guard
	for range freeAddress - 1 {
		if _, wait := g.begin(now, "ann@acme.example", "192.0.2.1"); wait != 0 {
			t.Fatal(wait)
		}
	}
	for range 50 {
		try, wait := g.begin(now.Add(time.Minute), "ann@acme.example", "192.0.2.1")
		if wait != 0 {
			t.Fatalf("it must wait %v, for tries that were taken back", wait)
		}
		g.forget(try)
	}
	if r := g.m["address ann@acme.example"]; r.n != freeAddress-1 || !r.last.Equal(now) {
		t.Errorf("against the address stand %d, the last of %v", r.n, r.last)
	}
}

// However one spaces guesses, what is forgotten by the hour lets no more through than waiting each time: four an hour, and as many
// at once as a day's silence lets.
func TestForgettingByTheHourLetsNoMoreThrough(t *testing.T) {
	const day = 24 * time.Hour
	random := rand.New(rand.NewPCG(14, 3))
	for name, rest := range map[string]func() time.Duration{
		"as soon as one may": func() time.Duration { return 0 },
		"once an hour":       func() time.Duration { return time.Hour },
		"after hours of rest": func() time.Duration {
			return time.Duration(random.IntN(3)/2) * time.Duration(random.Int64N(int64(day)))
		},
		"by chance":  func() time.Duration { return time.Duration(random.Int64N(int64(time.Hour))) },
		"nights off": func() time.Duration { return time.Duration(random.IntN(60)/59) * 14 * time.Hour },
	} {
		t.Run(name, func(t *testing.T) {
			now := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
			var g guard
			var tried []time.Time
			for end := now.Add(60 * day); now.Before(end); {
				if _, wait := g.begin(now, "ann@acme.example", "192.0.2.1"); wait > 0 {
					now = now.Add(wait)
					continue
				}
				tried = append(tried, now)
				now = now.Add(rest())
			}
			first := 0
			for k, at := range tried {
				for at.Sub(tried[first]) > day {
					first++
				}
				if n, most := k-first+1, int(day/longestWait)+freeAddress+11; n > most {
					t.Fatalf("%d guesses were tried in the day to %v; want at most %d", n, at, most)
				}
			}
		})
	}
}

// A house in which somebody mistypes now and then is not for ever as slow as in the attack it once had.
func TestAnAttackIsForgotten(t *testing.T) {
	now := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	var g guard
	for range 30 * 24 * 4 { // a month
		g.begin(now, "ann@acme.example", "192.0.2.1")
		now = now.Add(longestWait)
	}
	for k := range 3 * 3 { // for three days a stranger mistypes each eight hours
		now = now.Add(8 * time.Hour)
		if _, wait := g.begin(now, "sue@acme.example", "192.0.2.2"); wait != 0 {
			t.Fatalf("mistype %d has to wait %v", k, wait)
		}
	}
	for range 3 {
		if _, wait := g.begin(now, "bob@acme.example", "192.0.2.3"); wait > time.Second {
			t.Errorf("three days later a stranger waits %v", wait)
		}
		now = now.Add(time.Second)
	}
}
