package contact

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// ConsentID is the id of a consent.
type ConsentID = id.Of[Consent]

// Consent is something a contact agreed to, or took back. None is ever changed: what holds for a purpose is the newest.
type Consent struct {
	ID      ConsentID
	Contact ID
	Purpose string // what for, in the house's words: "newsletter"
	Given   bool   // false: withdrawn, or refused
	Proof   string // by what it can be shown: "form of 3 May, message of today"
	At      time.Time
	By      staff.PersonID // who noted it
	NotedAt time.Time
}

// NoteConsent notes that a contact agreed to something, or took it back. The zero At is now.
func (b *Book) NoteConsent(ctx context.Context, who staff.Actor, c Consent) (Consent, error) {
	c.Purpose, c.Proof = strings.TrimSpace(c.Purpose), strings.TrimSpace(c.Proof)
	now := b.Now()
	if c.At.IsZero() {
		c.At = now
	}
	switch {
	case c.Purpose == "" || utf8.RuneCountInString(c.Purpose) > 100:
		return c, fault.In("purpose", "say what for, in up to 100 characters")
	case c.Given && c.Proof == "":
		return c, fault.In("proof", "say how it can be shown: where and how they agreed")
	case utf8.RuneCountInString(c.Proof) > 1000:
		return c, fault.In("proof", "the proof takes up to 1,000 characters")
	case !utf8.ValidString(c.Purpose+c.Proof) || strings.ContainsRune(c.Purpose+c.Proof, 0):
		return c, fault.In("proof", "this is not text: it holds bytes that are no characters")
	case c.At.After(now.Add(time.Minute)):
		return c, fault.In("at", "that time has not come yet")
	}
	c.ID, c.By, c.NotedAt = ConsentID(b.Store.IDs.Next()), who.Person, now
	return c, b.Store.Tx(ctx, func(tx *store.Tx) error {
		if _, err := Lock(ctx, tx, c.Contact); err != nil {
			return err
		}
		if err := addConsents(ctx, tx, c); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.ConsentNoted, About: journal.About("contact", c.Contact),
			Data: journal.Data("consent", c.ID, "given", c.Given)})
	})
}
