package intake

import (
	"context"
	"slices"

	"switchboard/internal/desk"
	"switchboard/internal/store"
)

// doubted tells Doubted of the messages that opened a conversation nothing was sure enough about: the operator has it, with
// suggestions. What needs no answer is left out.
func (b *batch) doubted(ctx context.Context, tx *store.Tx) error {
	if b.in.Doubted == nil {
		return nil
	}
	var list []desk.MessageID
	for _, v := range b.verdicts {
		p := b.byID[v.Conversation]
		if v.By == "operator" && p != nil && p.is.State == desk.Open && !slices.Contains(p.is.Tags, "sample") {
			list = append(list, v.Message)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return b.in.Doubted(ctx, tx, list)
}
