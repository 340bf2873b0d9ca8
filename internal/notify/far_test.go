package notify_test

import "sync"

// hearing is what stand-ins for far sides share: how they answer, and what they were told.
type hearing[T any] struct {
	mu     sync.Mutex
	status int // of HTTP
	got    []T
}

// heard takes what it was told.
func (h *hearing[T]) heard() []T {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := h.got
	h.got = nil
	return out
}

func (h *hearing[T]) answers(status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.status = status
}
