package staff

import (
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
