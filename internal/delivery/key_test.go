package delivery

import (
	"testing"
	"time"

	"switchboard/internal/channel"
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

// Who tells us to wait is asked when that is over, and nobody is asked without a pause, whatever they say.
func TestHowSoonAFarSideIsAskedAgain(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		deed              channel.Deed
		until             time.Time
		pause, wait, next time.Duration
	}{
		{channel.Wait, now.Add(5 * time.Second), 2 * time.Second, 5010 * time.Millisecond, 2 * time.Second},
		{channel.Wait, now.Add(3 * time.Millisecond), 2 * time.Second, 200 * time.Millisecond, 2 * time.Second},
		{channel.Wait, now.Add(-time.Hour), 2 * time.Second, 2 * time.Second, 4 * time.Second},
		{channel.Wait, time.Time{}, time.Second, time.Second, 2 * time.Second},
		{channel.Again, time.Time{}, 2 * time.Second, 2 * time.Second, 4 * time.Second},
		{channel.Again, time.Time{}, 4 * time.Second, 4 * time.Second, 4 * time.Second},
	} {
		if wait, next := again(&channel.Trouble{Deed: tt.deed, Until: tt.until}, now, tt.pause); wait != tt.wait || next != tt.next {
			t.Errorf("%s until %v: %v and then %v; want %v and %v", tt.deed, tt.until, wait, next, tt.wait, tt.next)
		}
	}
}
