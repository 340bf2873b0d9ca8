package intake

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestAModelWaitsUntilTheStaffAreStillButNotForEver(t *testing.T) {
	for name, tt := range map[string]struct {
		changes int
		every   time.Duration
		want    time.Duration
	}{
		"one change":                        {0, 0, calm},
		"ten in a row":                      {10, time.Second, 10*time.Second + calm},
		"changes that are further apart":    {10, calm + time.Second, calm},
		"changes that never come to an end": {1000, time.Second, restless},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				changed, begun := make(chan struct{}, 1), time.Now()
				go func() {
					for range tt.changes {
						select {
						case <-ctx.Done():
							return
						case <-time.After(tt.every):
						}
						select {
						case changed <- struct{}{}:
						default:
						}
					}
				}()
				settle(ctx, changed)
				if took := time.Since(begun); took != tt.want {
					t.Errorf("it took %v, not %v", took, tt.want)
				}
				cancel()
			})
		})
	}
}
