package notify

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"switchboard/internal/egress"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// HookID is the id of a Hook.
type HookID = id.Of[Hook]

// Form is which chat tool a room is of.
type Form string

// The chat tools.
const (
	Slack      Form = "slack"
	Mattermost Form = "mattermost"
	Teams      Form = "teams" // by a workflow of Microsoft Teams
)

// Hook is a room of a chat tool that is told: of one department or of the whole company.
type Hook struct {
	ID         HookID
	Name       string
	Form       Form
	Department staff.DepartmentID // zero: of all
	Host       string             // of its address; the address is a secret
	Kinds      []Kind
	Words      bool      // with the beginning of what was said
	PausedAt   time.Time // it failed too often, or somebody paused it; zero: it is told
	Failing    int       // in a row
	Trouble    string
	TroubleAt  time.Time
	SentAt     time.Time // the last that arrived
	CreatedAt  time.Time

	triedAt time.Time
	sealed  []byte
}

// HookChange is what is to change of a Hook; nil leaves a field as it is.
type HookChange struct {
	Name       *string
	Form       *Form
	Department *staff.DepartmentID
	Address    *string
	Kinds      *[]Kind
	Words      *bool
	Paused     *bool
}

const mostHooks = 100

func hookRow(h HookID) secret.Row {
	return secret.Row{Table: "chat_hook", ID: h.String(), Column: "sealed"}
}

// Hooks returns the rooms, for who manages departments.
func (b *Bell) Hooks(ctx context.Context, who staff.Actor) ([]Hook, error) {
	if err := who.Require(staff.DepartmentsManage); err != nil {
		return nil, err
	}
	return hooksOf(ctx, b.Store.Read())
}

// AddHook has a room told from now on.
func (b *Bell) AddHook(ctx context.Context, who staff.Actor, ch HookChange) (h Hook, err error) {
	if ch.Address == nil || strings.TrimSpace(*ch.Address) == "" {
		return h, fault.In("address", "paste the address that the chat tool gave you for its room")
	}
	h = Hook{ID: HookID(b.Store.IDs.Next()), CreatedAt: b.Now()}
	return b.setHook(ctx, who, h, ch, true)
}

// ChangeHook changes a room.
func (b *Bell) ChangeHook(ctx context.Context, who staff.Actor, of HookID, ch HookChange) (h Hook, err error) {
	if err := who.Require(staff.DepartmentsManage); err != nil {
		return h, err
	}
	if h, err = hook(ctx, b.Store.Read(), of); err != nil {
		return h, err
	}
	return b.setHook(ctx, who, h, ch, false)
}

func (b *Bell) setHook(ctx context.Context, who staff.Actor, h Hook, ch HookChange, isNew bool) (Hook, error) {
	if err := who.Require(staff.DepartmentsManage); err != nil {
		return h, err
	}
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return h, err
	}
	h, err = h.changed(ch, r, b.Now())
	if err != nil {
		return h, err
	}
	if ch.Address != nil && strings.TrimSpace(*ch.Address) != "" {
		if h.sealed, err = b.Ring.Seal(hookRow(h.ID), []byte(strings.TrimSpace(*ch.Address))); err != nil {
			return h, err
		}
	}
	return h, b.Store.Tx(ctx, func(tx *store.Tx) error {
		if isNew {
			list, err := hooksOf(ctx, tx)
			if err != nil {
				return err
			}
			if len(list) >= mostHooks {
				return fault.Newf(fault.Conflict, "there are %d rooms already: remove one first", mostHooks)
			}
		}
		if err := saveHook(ctx, tx, h); err != nil {
			return err
		}
		if !h.PausedAt.IsZero() {
			if err := forgetChat(ctx, tx, h.ID); err != nil {
				return err
			}
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.ChatChanged, About: journal.About("chat", h.ID),
			Data: journal.Data("name", h.Name, "form", h.Form, "host", h.Host, "department", h.Department, "kinds", h.Kinds, "words", h.Words, "paused", !h.PausedAt.IsZero())})
	})
}

// changed is h after a change, or what is wrong with it.
func (h Hook) changed(ch HookChange, r *staff.Roster, now time.Time) (Hook, error) {
	if ch.Name != nil {
		h.Name = strings.Join(strings.Fields(*ch.Name), " ")
	}
	if ch.Form != nil {
		h.Form = *ch.Form
	}
	if ch.Department != nil {
		h.Department = *ch.Department
	}
	if ch.Kinds != nil {
		h.Kinds = slices.Clone(*ch.Kinds)
	}
	if ch.Words != nil {
		h.Words = *ch.Words
	}
	if ch.Address != nil && strings.TrimSpace(*ch.Address) != "" {
		host, err := chatAddress(strings.TrimSpace(*ch.Address))
		if err != nil {
			return h, err
		}
		h.Host, h.Failing, h.Trouble, h.TroubleAt = host, 0, "", time.Time{}
	}
	if ch.Paused != nil && *ch.Paused == h.PausedAt.IsZero() {
		h.PausedAt, h.Failing = time.Time{}, 0
		if *ch.Paused {
			h.PausedAt = now
		} else {
			h.Trouble, h.TroubleAt = "", time.Time{}
		}
	}
	switch {
	case h.Name == "" || utf8.RuneCountInString(h.Name) > 80 || !utf8.ValidString(h.Name):
		return h, fault.In("name", "give the room a name of at most 80 characters, like #support")
	case h.Form != Slack && h.Form != Mattermost && h.Form != Teams:
		return h, fault.In("form", `the chat tool is "slack", "mattermost" or "teams"`)
	case len(h.Kinds) == 0:
		return h, fault.In("kinds", "choose at least one thing the room is to be told of")
	}
	if _, ok := r.Department(h.Department); !ok && !h.Department.IsZero() {
		return h, fault.In("department", "there is no such department: choose another, or the whole company")
	}
	for _, k := range h.Kinds {
		if !slices.ContainsFunc(ChatKinds(), func(a About) bool { return a.Kind == k }) {
			return h, fault.In("kinds", fmt.Sprintf("rooms are not told of %.40q", k))
		}
	}
	return h, nil
}

// chatAddress is the host of a room's address. Without encryption it must lie in the house.
func chatAddress(s string) (host string, err error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(s) > 2000 {
		return "", fault.In("address", "this is not the address of a room: paste it whole, from https:// on")
	}
	if u.Scheme == "http" && !egress.Inside(u.Hostname()) {
		return "", fault.In("address", "only a chat tool in the house can be told without encryption: the address begins with https://")
	}
	return u.Host, nil
}

// RemoveHook has a room told no more.
func (b *Bell) RemoveHook(ctx context.Context, who staff.Actor, of HookID) error {
	if err := who.Require(staff.DepartmentsManage); err != nil {
		return err
	}
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		h, err := hook(ctx, tx, of)
		if err != nil {
			return err
		}
		if err := removeHook(ctx, tx, of); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.ChatChanged, About: journal.About("chat", of), Data: journal.Data("name", h.Name, "removed", true)})
	})
}

// wants reports whether h is to be told of an entry of a kind: a department's room of what is its own, the company's of all.
func (h Hook) wants(k kind, e entry) bool {
	if !h.PausedAt.IsZero() || !slices.Contains(h.Kinds, k.Kind) {
		return false
	}
	return h.Department.IsZero() || e.Conversation == 0 || e.department() == h.Department
}

// keepForChat puts down what rooms are to be told.
func (b *Bell) keepForChat(ctx context.Context, tx *store.Tx, hooks []Hook, f *facts, list []entry) error {
	now := b.Now()
	var rows [][]any
	for _, e := range list {
		if now.Sub(e.At) > stale {
			continue
		}
		for _, k := range byWhat[e.What] {
			if !k.Chat || k.open && !f.open[e.Conversation] || k.Kind == "queue" && !f.conversations[e.Conversation].Person.IsZero() {
				continue
			}
			for _, h := range hooks {
				if h.wants(k, e) {
					rows = append(rows, []any{b.Store.IDs.Next(), h.ID, string(k.Kind), string(e.What), e.Conversation, e.department(), e.About, e.Who, store.Micros(e.At)})
				}
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	tx.Wake(Topic)
	return tx.Insert(ctx, "chat_wait", "id, hook, kind, what, conversation, department, about, who, at", "", rows)
}
