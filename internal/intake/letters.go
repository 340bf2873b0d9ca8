package intake

import (
	"context"

	"switchboard/internal/channel"
)

// letters takes what answers a letter of the house out of a request, and remembers of what only says so why it does not count.
// What was taken is stored before the cursor moves on: nothing is lost between the two, for it is known when it comes again.
func (in *Intake) letters(ctx context.Context, r *request) error {
	if in.Letters == nil {
		return nil
	}
	var rest []channel.Event
	for k, e := range r.events {
		taken, why := false, ""
		if e.Kind == channel.Said && len(e.Message.Refs)+len(e.Message.RemoteID) > 0 && e.Message.Kind == channel.Email {
			err := guarded(e, in.Log, func() (err error) {
				taken, why, err = in.Letters(ctx, r.account, clean(e, in.Now()))
				return err
			})
			if err != nil {
				if ctx.Err() != nil {
					return err
				}
				in.Log.Error("whether a mail answers one of ours could not be told; it is taken in as a message", "item", e.RemoteID, "error", err)
				taken, why = false, "it may answer a mail of ours, which could not be found out"
			}
		}
		if !taken && rest != nil {
			rest = append(rest, e)
		}
		if taken && rest == nil {
			rest = append([]channel.Event{}, r.events[:k]...)
		}
		if why != "" {
			if r.doubted == nil {
				r.doubted = map[string]string{}
			}
			r.doubted[e.RemoteID] = why
		}
	}
	if rest != nil {
		r.events = rest
	}
	return nil
}
