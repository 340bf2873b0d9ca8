package notify

import (
	"context"
	"fmt"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Ways are by which somebody is told of a kind. Push and mail go with the list: without it nothing is kept of the kind.
type Ways struct {
	List bool `json:"list"`
	Push bool `json:"push"`
	Mail bool `json:"mail"`
}

func (w Ways) out() (out []Way) {
	if w.Push {
		out = append(out, Push)
	}
	if w.Mail {
		out = append(out, Mail)
	}
	return out
}

// Quiet is when somebody is not to be told by push or mail; it waits then.
type Quiet string

// The kinds of quiet.
const (
	QuietOff   Quiet = "off"   // never
	QuietHours Quiet = "hours" // outside their working hours and in their absences
	QuietTimes Quiet = "times" // from one time of day to another, in their own zone
)

// Digest is when what is not urgent goes out.
type Digest string

// The digests.
const (
	AtOnce  Digest = "now"
	Hourly  Digest = "hourly"  // at the full hour
	Morning Digest = "morning" // at eight in their own zone
)

// Settings are how somebody wants to be told.
type Settings struct {
	Kinds map[Kind]Ways `json:"kinds"` // what is not in it is as the table of kinds says
	Quiet Quiet         `json:"quiet"`
	From  string        `json:"from"` // "22:00", with QuietTimes
	Until string        `json:"until"`
	// Urgent lets what is urgent through the quiet.
	Urgent bool   `json:"urgent"`
	Digest Digest `json:"digest"`
	// Words shows the beginning of what was said in pushes and mail: they leave the house.
	Words bool `json:"words"`
}

// usual is what counts for who has set nothing.
func usual() Settings {
	return Settings{Kinds: map[Kind]Ways{}, Quiet: QuietHours, From: "20:00", Until: "07:00", Digest: Hourly}
}

func settingsFor(set map[staff.PersonID]Settings, p staff.PersonID) Settings {
	if s, ok := set[p]; ok {
		return s
	}
	return usual()
}

// ways are by which somebody is told of k.
func (s Settings) ways(k kind) Ways {
	if w, ok := s.Kinds[k.Kind]; ok {
		return w
	}
	return Ways{k.List, k.Push, k.Mail}
}

// Ways are by which somebody is told of a kind.
func (s Settings) Ways(of Kind) Ways {
	k, _ := kindOf(of)
	return s.ways(k)
}

// check is s made even; the error names the field that is wrong.
func (s Settings) check() (Settings, error) {
	for k, w := range s.Kinds {
		if _, ok := kindOf(k); !ok {
			return s, fault.In("kinds", fmt.Sprintf("%.40q is nothing people are told of", k))
		}
		if !w.List {
			s.Kinds[k] = Ways{}
		}
	}
	if s.Kinds == nil {
		s.Kinds = map[Kind]Ways{}
	}
	switch s.Quiet {
	case QuietOff, QuietHours:
	case QuietTimes:
		if _, err := time.Parse("15:04", s.From); err != nil {
			return s, fault.In("from", "this is not a time of day: write it like 20:00")
		}
		if _, err := time.Parse("15:04", s.Until); err != nil {
			return s, fault.In("until", "this is not a time of day: write it like 07:00")
		}
		if s.From == s.Until {
			return s, fault.In("until", "choose another time than that at which the quiet begins: from "+s.From+" to "+s.Until+" is no time at all")
		}
	default:
		return s, fault.In("quiet", `quiet is "off", "hours" or "times"`)
	}
	if s.Digest != AtOnce && s.Digest != Hourly && s.Digest != Morning {
		return s, fault.In("digest", `the digest is "now", "hourly" or "morning"`)
	}
	return s, nil
}

// Settings returns how somebody wants to be told.
func (b *Bell) Settings(ctx context.Context, who staff.Actor) (Settings, error) {
	if who.Person.IsZero() {
		return Settings{}, staff.Unsigned()
	}
	set, err := settingsOf(ctx, b.Store.Read(), []staff.PersonID{who.Person})
	return settingsFor(set, who.Person), err
}

// ChangeSettings sets how somebody wants to be told themselves. What waits to go out keeps its time.
func (b *Bell) ChangeSettings(ctx context.Context, who staff.Actor, s Settings) (Settings, error) {
	if err := who.RequireSelf(); err != nil {
		return s, err
	}
	s, err := s.check()
	if err != nil {
		return s, err
	}
	return s, b.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := saveSettings(ctx, tx, who.Person, s, b.Now()); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.NotifySet, About: journal.About("person", who.Person),
			Data: journal.Data("quiet", s.Quiet, "digest", s.Digest, "words", s.Words)})
	})
}

// Zone is the time zone in which somebody's times of day are meant: their own, else the house's.
func (b *Bell) Zone(ctx context.Context, who staff.Actor) (string, error) {
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return "", err
	}
	p, _ := r.Person(who.Person)
	return zoneOf(p, r).String(), nil
}

// MailReady reports whether anything can go by mail.
func (b *Bell) MailReady(ctx context.Context) (bool, error) {
	if b.Mail == nil {
		return false, nil
	}
	return b.Mail.Ready(ctx)
}
