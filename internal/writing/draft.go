package writing

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Kind is what a draft is to become.
type Kind string

const (
	Reply Kind = "reply" // an answer to the contact
	Note  Kind = "note"  // a word to colleagues
)

// Draft is something a person has begun to write in a conversation. Without words and files there is none any more.
type Draft struct {
	Person       staff.PersonID
	Conversation desk.ConversationID
	Kind         Kind
	Text         string
	Content      Content
	At           time.Time // when it was last typed in, by our clock
}

// Content is what goes with the words.
type Content struct {
	Files   []File `json:"files,omitempty"`
	Private bool   `json:"private,omitempty"` // it was to be for the contact's eyes only
	// Cc is to whom else it was to go, by their ids at the channel.
	Cc []string `json:"cc,omitempty"`
	// CcFor is the message for whose answer they were chosen.
	CcFor desk.MessageID `json:"ccFor,omitzero"`
}

// FileID is the id of a File, which is that of the upload.
type FileID = id.Of[File]

// File is an upload that goes with a draft.
type File struct {
	ID   FileID `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
	Alt  string `json:"alt,omitempty"` // what it shows, in words
}

// Blank reports whether there is nothing in d.
func (d Draft) Blank() bool { return strings.TrimSpace(d.Text) == "" && len(d.Content.Files) == 0 }

// empty reports whether nothing was even chosen for d.
func (d Draft) empty() bool {
	return d.Blank() && !d.Content.Private && len(d.Content.Cc) == 0
}

const (
	mostText  = 200_000 // characters of a draft
	mostFiles = 20
	mostCc    = 100
	mostAgo   = 30 * 24 * time.Hour // the longest that a device may have been away
	// keepBlank is how long it is known that a draft is no more: as long as a device may come back with an older one.
	keepBlank = mostAgo
	listed    = 200 // drafts of a person that are listed, the newest
)

// Save keeps a draft of who asks, ago being how long ago it was last typed in: so the clocks of devices do not matter. A newer one
// of another device stands; Save returns the one that stands.
func (b *Book) Save(ctx context.Context, who staff.Actor, d Draft, ago time.Duration) (Draft, error) {
	if err := b.mayWrite(ctx, who, d); err != nil {
		return d, err
	}
	now := b.Now()
	d.Person, d.At = who.Person, now.Add(-min(max(ago, 0), mostAgo))
	if d.Blank() { // whom it is for is chosen before a word is written
		d.Text, d.Content.Files = "", nil
	}
	stands := d
	err := b.Store.Tx(ctx, func(tx *store.Tx) error {
		stands = d
		had, err := b.stands(ctx, tx, d)
		switch {
		case err != nil:
			return err
		case !had.At.IsZero() && had.At.After(d.At):
			stands = had
			return nil
		case had.At.IsZero() && d.empty(), !had.At.IsZero() && had.same(d):
			return nil
		}
		if err := saveDraft(ctx, tx, d, now); err != nil {
			return err
		}
		tx.Wake(Topic)
		return nil
	})
	return stands, err
}

// stands is what is kept of a draft. Of one in a conversation whose contact was erased it is that there is none since then.
func (b *Book) stands(ctx context.Context, tx *store.Tx, d Draft) (Draft, error) {
	had, err := draftOf(ctx, tx, d.Person, d.Conversation, d.Kind)
	if err != nil || !had.At.IsZero() {
		return had, err
	}
	erased, err := desk.ErasedAt(ctx, tx, d.Conversation)
	if err != nil || erased.IsZero() {
		return had, err
	}
	return Draft{Person: d.Person, Conversation: d.Conversation, Kind: d.Kind, At: erased}, nil
}

// same reports whether nothing but the time differs.
func (d Draft) same(e Draft) bool {
	return d.Text == e.Text && d.Content.Private == e.Content.Private && slices.Equal(d.Content.Files, e.Content.Files) && slices.Equal(d.Content.Cc, e.Content.Cc) &&
		d.Content.CcFor == e.Content.CcFor
}

func (b *Book) mayWrite(ctx context.Context, who staff.Actor, d Draft) error {
	if err := who.RequireSelf(); err != nil {
		return err
	}
	if err := who.Require(staff.Answer); err != nil {
		return err
	}
	switch {
	case d.Kind != Reply && d.Kind != Note:
		return fault.In("kind", "what one writes is a reply or a note")
	case !utf8.ValidString(d.Text) || strings.ContainsRune(d.Text, 0):
		return fault.In("text", "this is not text: it holds bytes that are no characters")
	case utf8.RuneCountInString(d.Text) > mostText:
		return fault.In("text", "this is too long to be kept: shorten it")
	case len(d.Content.Files) > mostFiles:
		return fault.In("files", "these are more files than any message takes")
	case len(d.Content.Cc) > mostCc || slices.ContainsFunc(d.Content.Cc, func(s string) bool { return len(s) > 1000 || !utf8.ValidString(s) || strings.ContainsRune(s, 0) }):
		return fault.In("cc", "these are more than an answer goes to, or no addresses")
	}
	_, err := b.Desk.Conversation(ctx, who, d.Conversation)
	return err
}

// Of returns what somebody has begun to write in a conversation they see.
func (b *Book) Of(ctx context.Context, who staff.Actor, c desk.ConversationID) ([]Draft, error) {
	if _, err := b.Desk.Conversation(ctx, who, c); err != nil || who.Person.IsZero() {
		return nil, err
	}
	return draftsIn(ctx, b.Store.Read(), who.Person, c)
}

// All returns what somebody has begun to write, the newest first, as far as they still see the conversations.
func (b *Book) All(ctx context.Context, who staff.Actor) ([]Draft, error) {
	if err := who.RequireSelf(); err != nil {
		return nil, err
	}
	list, err := draftsBy(ctx, b.Store.Read(), who.Person, listed)
	if err != nil {
		return nil, err
	}
	ids := make([]desk.ConversationID, len(list))
	for k, d := range list {
		ids[k] = d.Conversation
	}
	sees, err := b.Desk.Seen(ctx, who, ids)
	return slices.DeleteFunc(list, func(d Draft) bool { return !sees[d.Conversation] }), err
}

// Drop removes a person's draft, as it was sent. It is part of the transaction that sends it.
func Drop(ctx context.Context, tx *store.Tx, d Draft, now time.Time) error {
	had, err := draftOf(ctx, tx, d.Person, d.Conversation, d.Kind)
	if err != nil || had.empty() {
		return err
	}
	tx.Wake(Topic)
	return saveDraft(ctx, tx, Draft{Person: d.Person, Conversation: d.Conversation, Kind: d.Kind, At: now}, now)
}

// Restore gives a person the words of what they took back, unless they have begun to write something else.
func Restore(ctx context.Context, tx *store.Tx, d Draft, now time.Time) error {
	had, err := draftOf(ctx, tx, d.Person, d.Conversation, d.Kind)
	if err != nil || !had.Blank() {
		return err
	}
	tx.Wake(Topic)
	d.At = now
	return saveDraft(ctx, tx, d, now)
}
