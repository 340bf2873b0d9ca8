package delivery

import (
	"testing"
	"time"
)

// However many are written in one moment, no two have the same key, and keys sort as they were made.
func TestKeysOfOneMomentDiffer(t *testing.T) {
	s, now := &Service{}, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	last := ""
	for range 5000 {
		k := s.newKey(now)
		if k <= last || len(k) != 13 {
			t.Fatalf("%q after %q", k, last)
		}
		last = k
	}
}
