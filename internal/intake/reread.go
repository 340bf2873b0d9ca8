package intake

import (
	"context"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/desk"
)

// How much is read again in a step, of one account. Bluesky takes 25 a call and Mastodon 20: ten calls at most in five minutes,
// where Mastodon allows three hundred.
const (
	rereadOpen   = 150                 // messages of open conversations …
	rereadRest   = 50                  // … and of the others
	rereadLooks  = 2000                // conversations of all accounts that are looked through for them
	rereadRecent = 30 * 24 * time.Hour // how far back, where nobody waits for us any more
)

// restViews are those whose conversations are read again more slowly, one view after the other.
var restViews = []string{string(desk.Waiting), string(desk.Snoozed), string(desk.Closed), "aside"}

// rounds is how far an account's messages have been read again: each kind is gone through from the newest conversation to the
// last, and then from the beginning. It begins anew where another node takes the account over.
type rounds struct {
	at   time.Time // of the last step
	open place
	rest place
	view int // of restViews
}

// place is where a round goes on: after a message of a conversation, the newer first. The zero place is the beginning.
type place struct {
	lastAt       int64 // of the conversation, in microseconds
	conversation desk.ConversationID
	saidAt       int64          // of the message, in microseconds
	message      desk.MessageID // zero: all of that conversation is done
}

// reread asks a far side that tells of no edits and deletions whether what was said to us is still what it was: some more of what
// is open, and more slowly of what waits, sleeps or was closed lately. It fails silently: the next step is soon, and what one
// message brings to a stop comes again with the next round.
func (l *Lines) reread(ctx context.Context, a account.Account, w channel.Watcher) {
	now := l.Book.Now()
	l.mu.Lock()
	is, begun := l.rounds[a.ID]
	l.mu.Unlock()
	if begun && now.Sub(is.at) < reread {
		return
	}
	is.at = now
	known := map[string]string{}
	err := l.step(ctx, a.ID, "open", &is.open, time.Time{}, rereadOpen, known)
	if err == nil {
		err = l.step(ctx, a.ID, restViews[is.view], &is.rest, now.Add(-rereadRecent), rereadRest, known)
		if is.rest == (place{}) {
			is.view = (is.view + 1) % len(restViews)
		}
	}
	l.mu.Lock()
	if l.rounds == nil {
		l.rounds = map[account.ID]rounds{}
	}
	l.rounds[a.ID] = is
	l.mu.Unlock()
	if err == nil && len(known) > 0 {
		call, cancel := context.WithTimeout(ctx, callLimit)
		defer cancel()
		var events []channel.Event
		events, err = w.Reread(call, known)
		if len(events) > 0 { // those before the trouble are true all the same
			if e := l.Intake.Take(ctx, a, events, nil); err == nil {
				err = e
			}
		}
	}
	if err != nil && ctx.Err() == nil {
		l.Intake.Log.Info("conversations could not be read again", "account", a.ID.String(), "error", err)
	}
}

// step adds the versions of the next messages of a round to known, at most limit, and moves the place on.
func (l *Lines) step(ctx context.Context, a account.ID, view string, at *place, since time.Time, limit int, known map[string]string) error {
	q := l.Book.Store.Read()
	list, err := conversationsFrom(ctx, q, view, *at, since, rereadLooks)
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.account != a {
			*at = place{lastAt: c.lastAt, conversation: c.id}
			continue
		}
		before := version{}
		if c.id == at.conversation {
			before = version{id: at.message, at: at.saidAt}
		}
		said, err := saidTo(ctx, q, a, c.id, before, limit)
		if err != nil {
			return err
		}
		for _, m := range said {
			known[m.remoteID] = m.version
		}
		if limit -= len(said); limit == 0 {
			last := said[len(said)-1]
			*at = place{c.lastAt, c.id, last.at, last.id}
			return nil
		}
		*at = place{lastAt: c.lastAt, conversation: c.id}
	}
	if len(list) < rereadLooks {
		*at = place{}
	}
	return nil
}
