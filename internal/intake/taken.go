package intake

import (
	"time"

	"switchboard/internal/desk"
)

// Taken is what a batch brought, in figures: nothing in it names anybody.
type Taken struct {
	Messages []TakenMessage
	Waits    []time.Duration // of each call of Take, until its events were committed
	By       []string        // for each conversation that opened, what decided whom it went to: rule, map, model, operator
}

// TakenMessage is one message that came in.
type TakenMessage struct {
	Channel string
	Lag     time.Duration // since it was said, by the far side's clock
}

// taken tells of b, which was committed at now.
func (b *batch) taken(now time.Time) (t Taken) {
	for _, m := range b.newMessages {
		if m.Direction == desk.In {
			t.Messages = append(t.Messages, TakenMessage{b.accounts[m.Account].Channel, max(now.Sub(m.At), 0)})
		}
	}
	for _, r := range b.requests {
		t.Waits = append(t.Waits, max(now.Sub(r.at), 0))
	}
	for _, p := range b.cases {
		if p.was.ID.IsZero() {
			t.By = append(t.By, p.is.Decision.By)
		}
	}
	return t
}
