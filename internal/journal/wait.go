package journal

import (
	"context"
	"time"
)

// Wait returns when there may be more to read, or ctx ends: when wake says so, which is what the store's Hear gives for Topic,
// and after half a minute at the latest. It then leaves a burst the time to end, so that it is read in one go.
func Wait(ctx context.Context, wake <-chan struct{}, burst time.Duration) {
	select {
	case <-ctx.Done():
		return
	case <-wake:
	case <-time.After(30 * time.Second):
	}
	select {
	case <-ctx.Done():
	case <-time.After(burst):
	}
}
