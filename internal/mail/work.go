package mail

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/job"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// pauses are those between the tries of a letter. After the last it is given up.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour}

const (
	workers = 2                   // letters at once, on each node
	kept    = 90 * 24 * time.Hour // how long it is remembered what became of a letter
)

// Register says what is done with letters. They have workers of their own, so that a server that hangs holds nobody up.
func (h *House) Register() {
	job.Handle(h.Jobs, job.Options{Timeout: sendingTime + 30*time.Second, Workers: workers, Lost: h.lost}, h.run)
}

// run sends one letter, once more if it must.
func (h *House) run(ctx context.Context, e errand) error {
	l, err := letter(ctx, h.Store.Read(), e.Letter)
	if fault.Is(err, fault.NotFound) || err == nil && l.State != Queued {
		return nil
	}
	if err != nil {
		return err
	}
	err = h.send(ctx, l)
	if ctx.Err() != nil { // the program ends, or it took too long: it is tried again
		return context.Cause(ctx)
	}
	pause := time.Duration(0)
	l.Tries++
	var t *trouble
	switch {
	case err == nil:
		l.State, l.Trouble, l.SettledAt = Sent, "", h.Now()
	case !errors.As(err, &t):
		return err
	case t.final || l.Tries > len(pauses):
		l.State, l.Trouble, l.SettledAt = Failed, t.message, h.Now()
	default:
		l.Trouble, pause = t.message, pauses[l.Tries-1]
	}
	if t != nil {
		h.Log.Warn("a letter of the house was not sent", "letter", l.ID, "kind", l.Kind, "try", l.Tries, "given up", l.State == Failed, "why", t.message, "cause", t.err)
	}
	if err := h.settle(ctx, l); err != nil {
		return err
	}
	if pause > 0 {
		return job.Later(pause)
	}
	return nil
}

// settle notes how far a letter got, and tells of one that is done with.
func (h *House) settle(ctx context.Context, l Log) error {
	return h.Store.Tx(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if waited, err := saveLetter(ctx, tx, l); err != nil || !waited || l.State == Queued {
			return err
		}
		if err := forgetLetters(ctx, tx, h.Now().Add(-kept)); err != nil {
			return err
		}
		if h.Settled != nil {
			if err := h.Settled(ctx, tx, l); err != nil {
				return err
			}
		}
		what := journal.LetterSent
		if l.State == Failed {
			what = journal.LetterFailed
		}
		return journal.Write(ctx, tx, journal.Entry{Who: journal.Machine, What: what, About: journal.About("letter", l.ID),
			Data: journal.Data("kind", l.Kind, "tries", l.Tries, "trouble", l.Trouble)})
	})
}

// send makes a letter and hands it over.
func (h *House) send(ctx context.Context, l Log) error {
	k, err := settings(ctx, h.Store.Read())
	if err != nil {
		return err
	}
	if !k.On {
		return &trouble{message: "the house's mail was switched off before it was sent", final: true}
	}
	s, err := h.server(ctx, k)
	if fault.Is(err, fault.NotFound) {
		return &trouble{message: "the account the house's mail goes by is no more: choose another in the settings", err: err}
	}
	if err != nil {
		return err
	}
	_, replyTo, err := h.replies(ctx, k)
	if err != nil {
		return err
	}
	sealed, err := sealedWords(ctx, h.Store.Read(), l.ID)
	if err != nil {
		return err
	}
	plain, err := h.Ring.Unseal(letterRow(l.ID), sealed)
	if err != nil {
		return &trouble{message: "its words cannot be read: the key file does not belong to this database", final: true, err: err}
	}
	var w words
	if err := json.Unmarshal(plain, &w); err != nil {
		return err
	}
	if !w.Until.IsZero() && !h.Now().Before(w.Until) {
		return &trouble{message: "it is of no use any more: what it leads to has ended", final: true}
	}
	raw, err := compose(l, w, s, replyTo, h.Now())
	if err != nil {
		return &trouble{message: "it could not be put into the form of a mail", final: true, err: err}
	}
	return h.deliver(ctx, s, l.To, raw)
}

// lost gives up a letter whose job failed too often for a reason of ours.
func (h *House) lost(ctx context.Context, args []byte, why string) {
	var e errand
	if json.Unmarshal(args, &e) != nil {
		return
	}
	l, err := letter(ctx, h.Store.Read(), e.Letter)
	if err == nil && l.State == Queued {
		l.State, l.Trouble, l.SettledAt = Failed, "it could not be sent for a fault of ours: the server's log says more", h.Now()
		err = h.settle(ctx, l)
	}
	if err != nil {
		h.Log.Error("a letter that could not be sent could not be given up", "letter", e.Letter, "error", err, "why", why)
	}
}
