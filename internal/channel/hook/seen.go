package hook

import (
	"crypto/sha256"
	"sync"
	"time"
)

const (
	seenFor  = 2 * clockSlack // a call is refused by its time alone after that
	seenMost = 100_000
)

// seen remembers which body each call id came with, for as long as the call could be repeated. It holds at most two
// generations of most ids each; under a flood the older one goes early, and the store, which knows each event, still holds.
type seen struct {
	most int

	mu       sync.Mutex
	now, old map[string][sha256.Size]byte
	since    time.Time // of now
}

// other reports whether id came before with another body, and remembers it if it is new.
func (s *seen) other(id string, body []byte, at time.Time) bool {
	sum := sha256.Sum256(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == nil || at.Sub(s.since) > seenFor || len(s.now) >= s.most {
		if at.Sub(s.since) > 2*seenFor {
			s.now = nil // so long ago that none of them matters
		}
		s.now, s.old, s.since = map[string][sha256.Size]byte{}, s.now, at
	}
	was, known := s.now[id]
	if !known {
		was, known = s.old[id]
	}
	if known {
		return was != sum
	}
	s.now[id] = sum
	return false
}
