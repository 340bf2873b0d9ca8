package desk

import (
	"testing"
	"time"
)

// Whatever way a conversation comes to be open again, it has until a time to be settled.
func TestWhatIsOpenAgainHasATimeToBeSettled(t *testing.T) {
	now := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	terms := Terms{First: time.Hour, Next: time.Hour, Resolution: 8 * time.Hour, Hours: allDay{}}
	shut := Conversation{State: Open}.close(now)
	reopened, err := shut.reopen(terms, now)
	if err != nil || !reopened.Resolution.Running() || !reopened.Resolution.Due.Equal(now.Add(8*time.Hour)) {
		t.Errorf("reopened, it is to be settled by %v, %v", reopened.Resolution.Due, err)
	}
	written, _ := shut.arrived(now, "must", terms, now)
	if written.Resolution != reopened.Resolution {
		t.Errorf("written to it is to be settled by %v, reopened by %v", written.Resolution.Due, reopened.Resolution.Due)
	}
	waiting := written.answered(7, now.Add(time.Hour), Waiting, terms)
	if again, _ := waiting.reopen(terms, now.Add(2*time.Hour)); again.Resolution != written.Resolution {
		t.Errorf("what was never settled has another time: %v", again.Resolution.Due)
	}
}
