package notify

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/egress"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

const (
	chatLines   = 5  // told in one message; the rest are counted
	mostFailing = 10 // failures in a row after which a room is paused
)

// ChatDue tells rooms what is due, and returns when one is due next; the zero time: nothing is.
func (b *Bell) ChatDue(ctx context.Context) (next time.Time, err error) {
	waiting, err := chatWaiting(ctx, b.Store.Read())
	if err != nil || len(waiting) == 0 {
		return next, err
	}
	hooks, err := hooksOf(ctx, b.Store.Read())
	if err != nil {
		return next, err
	}
	for _, h := range hooks {
		if !waiting[h.ID] || !h.PausedAt.IsZero() {
			continue
		}
		if now := b.Now(); now.Sub(h.triedAt) >= h.pause() {
			if err := b.tellRoom(ctx, h); err != nil {
				return next, err
			}
			continue
		}
		if at := h.triedAt.Add(h.pause()); next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next, nil
}

// pause is how long a room is left alone after it was told: a minute, longer when it fails.
func (h Hook) pause() time.Duration { return pace << min(h.Failing, 6) }

// tellRoom tells a room everything that waits for it, in one message.
func (b *Bell) tellRoom(ctx context.Context, h Hook) error {
	now := b.Now()
	mine := false
	err := b.Store.Tx(ctx, func(tx *store.Tx) (err error) {
		mine, err = takeChat(ctx, tx, h.ID, now, now.Add(-h.pause()))
		return err
	})
	if err != nil || !mine {
		return err
	}
	list, last, n, err := b.chatLeft(ctx, h)
	if err != nil || n == 0 {
		return err
	}
	items, err := b.dress(ctx, list)
	if err != nil {
		return err
	}
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return err
	}
	failed := b.postChat(ctx, h, chatText{items: items, more: n - len(items), words: h.Words, url: r.Organisation().PublicURL})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		if failed == nil {
			return chatTold(ctx, tx, h.ID, last, b.Now())
		}
		return b.ailChat(ctx, tx, h, failed)
	})
}

// chatLeft is what a room is still to be told: the newest, the last of them and how many in all. What it was to be told and is no
// longer to know is forgotten: of conversations that went to another department meanwhile it hears nothing.
func (b *Bell) chatLeft(ctx context.Context, h Hook) (list []Notification, last ID, n int, err error) {
	for {
		if list, last, n, err = chatItems(ctx, b.Store.Read(), h.ID, chatLines); err != nil || n == 0 {
			return list, last, n, err
		}
		gone, err := b.notTheirs(ctx, h, list)
		if err != nil || len(gone) == 0 {
			return list, last, n, err
		}
		if err := b.Store.Tx(ctx, func(tx *store.Tx) error { return chatForget(ctx, tx, h.ID, gone) }); err != nil {
			return nil, 0, 0, err
		}
	}
}

// notTheirs are those of a list that a room is no longer to know of: because its department does not see the conversation any more,
// or because the room is no longer told of their kind.
func (b *Bell) notTheirs(ctx context.Context, h Hook, list []Notification) (out []ID, err error) {
	ids := make([]desk.ConversationID, 0, len(list))
	for _, n := range list {
		if !n.Conversation.IsZero() {
			ids = append(ids, n.Conversation)
		}
	}
	owners, err := b.Desk.Owners(ctx, ids)
	member := staff.Actor{Role: staff.Member, Departments: []staff.DepartmentID{h.Department}}
	for _, n := range list {
		c, there := owners[n.Conversation]
		foreign := !n.Conversation.IsZero() && (!there || !h.Department.IsZero() && !desk.Sees(member, c))
		if foreign || !slices.Contains(h.Kinds, n.Kind) {
			out = append(out, n.ID)
		}
	}
	return out, err
}

// ailChat notes that a room could not be told, and pauses it when that was so too often or when it is no more.
func (b *Bell) ailChat(ctx context.Context, tx *store.Tx, h Hook, why error) error {
	n, err := chatFailed(ctx, tx, h.ID, why.Error(), b.Now())
	if errors.Is(err, sql.ErrNoRows) {
		return nil // it was removed meanwhile
	}
	if err != nil || n < mostFailing && !fault.Is(why, fault.NotFound) {
		return err
	}
	if err := pauseHook(ctx, tx, h.ID, b.Now()); err != nil {
		return err
	}
	if err := forgetChat(ctx, tx, h.ID); err != nil {
		return err
	}
	return journal.Write(ctx, tx, journal.Entry{Who: journal.Machine, What: journal.ChatPaused, About: journal.About("chat", h.ID), Data: journal.Data("name", h.Name, "why", why.Error())})
}

// TryHook tells a room that it is told, and says what is wrong when that fails.
func (b *Bell) TryHook(ctx context.Context, who staff.Actor, of HookID) error {
	if err := who.Require(staff.DepartmentsManage); err != nil {
		return err
	}
	h, err := hook(ctx, b.Store.Read(), of)
	if err != nil {
		return err
	}
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return err
	}
	failed := b.postChat(ctx, h, chatText{trial: who.Name, url: r.Organisation().PublicURL})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	err = b.Store.Tx(ctx, func(tx *store.Tx) error {
		if failed == nil {
			return chatWell(ctx, tx, h.ID, b.Now())
		}
		_, err := chatFailed(ctx, tx, h.ID, failed.Error(), b.Now())
		return err
	})
	if failed != nil {
		return failed
	}
	return err
}

// postChat sends one message to a room. Its error is for people: it holds no address.
func (b *Bell) postChat(ctx context.Context, h Hook, t chatText) error {
	address, err := b.Ring.Unseal(hookRow(h.ID), h.sealed)
	if err != nil {
		return fault.New(fault.Invalid, "the room's address can't be unsealed: paste it again")
	}
	ctx = egress.With(ctx, egress.Limits{Time: 10 * time.Second, Body: 64 << 10})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, string(address), bytes.NewReader(t.body(h.Form)))
	if err != nil {
		return fault.New(fault.Invalid, "the room's address can't be called: paste it again")
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := b.Client.Do(r)
	if err != nil {
		var refused *egress.Refused
		if errors.As(err, &refused) {
			return fault.New(fault.Invalid, refused.Error())
		}
		return fault.New(fault.Unavailable, h.Host+" can't be reached, or the connection broke")
	}
	defer resp.Body.Close()
	return refusal(resp.StatusCode)
}

// refusal says what an answer's status means; nil when the room was told. The answer's words are not passed on: many a far side
// repeats the path it was called by, and that is the room's secret.
func refusal(status int) error {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusNotFound || status == http.StatusGone:
		return fault.New(fault.NotFound, fmt.Sprintf("there is no such room any more (%d): make a new webhook in the chat tool and paste its address", status))
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return fault.New(fault.Unavailable, fmt.Sprintf("the chat tool does not let us in (%d): make a new webhook there and paste its address", status))
	case status == http.StatusTooManyRequests:
		return fault.New(fault.Unavailable, "the chat tool asks us to wait (429)")
	}
	return fault.New(fault.Unavailable, fmt.Sprintf("the chat tool refused the message (%d): see whether the webhook is still right there", status))
}
