package delivery

import (
	"context"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Post is something new to be said in public, as one account or several.
type Post struct {
	Accounts []account.ID
	Text     string
	Lang     string // a language tag such as "en" or "pt-BR"; "" when it is not told
	Pictures []Picture
	Undo     time.Duration // how long it can be taken back
}

// Picture is an upload of a post, with what it shows in words for those who can't see it.
type Picture struct {
	Upload UploadID
	Alt    string
}

// mostAccounts is as how many accounts a post can be said at once.
const mostAccounts = 20

var language = regexp.MustCompile(`^([a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$`)

// Publish accepts a post: a delivery for each account, all of them or none. As an account that its author may not speak for, it
// is held for an approval. Whether it fits is asked of each account before anything is stored.
func (s *Service) Publish(ctx context.Context, who staff.Actor, p Post) (list []Delivery, err error) {
	if err := mayPost(who); err != nil {
		return nil, err
	}
	if err := p.readable(); err != nil {
		return nil, err
	}
	for _, a := range p.Accounts {
		if err := s.hasPublic(ctx, a); err != nil {
			return nil, err
		}
	}
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		list = nil
		files, err := given(ctx, tx, who.Person, p.uploads())
		if err != nil {
			return err
		}
		for _, as := range p.Accounts {
			d, err := s.variant(ctx, tx, who, p, as, files)
			if err != nil {
				return err
			}
			if err := s.accept(ctx, tx, who, d); err != nil {
				return err
			}
			list = append(list, d)
		}
		return nil
	})
	return list, err
}

// mayPost is nil for who may write posts. Who is outside the house drafts for accounts that are named to them, and no account is
// here yet.
func mayPost(who staff.Actor) error {
	if err := who.Require(staff.Answer); err != nil {
		return err
	}
	return who.Require(staff.SeePeople)
}

// readable is nil when p is text for somebody's eyes, as far as that can be told without the accounts.
func (p Post) readable() error {
	switch {
	case len(p.Accounts) == 0:
		return fault.In("accounts", "choose at least one account to speak as")
	case len(p.Accounts) > mostAccounts:
		return fault.Newf(fault.Invalid, "a post is said as up to %d accounts at once", mostAccounts)
	case !language.MatchString(p.Lang):
		return fault.In("language", `this is no language tag: write "en" or "pt-BR", or leave it out`)
	}
	for k, a := range p.Accounts {
		if slices.Contains(p.Accounts[:k], a) {
			return fault.In("accounts", "an account is named twice: each says it once")
		}
	}
	for _, x := range p.Pictures {
		if err := readable(Draft{Text: "." + x.Alt}); err != nil {
			return fault.In("media", "the description of a picture holds bytes that are no characters")
		}
	}
	return readable(Draft{Text: p.Text, Uploads: p.uploads(), Undo: p.Undo})
}

func (p Post) uploads() []UploadID {
	out := make([]UploadID, len(p.Pictures))
	for k, x := range p.Pictures {
		out[k] = x.Upload
	}
	return out
}

// hasPublic is nil when something new can be said in public as an account.
func (s *Service) hasPublic(ctx context.Context, of account.ID) error {
	a, err := account.One(ctx, s.Store.Read(), of)
	if err != nil {
		return err
	}
	if !a.RemovedAt.IsZero() {
		return fault.New(fault.Conflict, "the account "+a.Handle+" is disconnected: connect it again, or leave it out")
	}
	can, err := s.CanPost(ctx, of)
	if err == nil && !can {
		err = fault.In("accounts", "nothing new can be said as "+a.Handle+" from here: leave it out")
	}
	return err
}

// CanPost reports whether the channel of an account that is connected has a public to say something new to. It calls nobody.
func (s *Service) CanPost(ctx context.Context, of account.ID) (bool, error) {
	conn, err := s.Book.Conn(ctx, of)
	if err != nil {
		return false, err
	}
	_, publishes := conn.(channel.Publisher)
	_, personal := conn.(channel.Personal)
	return publishes && !personal, nil
}

// variant is p as one account says it.
func (s *Service) variant(ctx context.Context, tx *store.Tx, who staff.Actor, p Post, as account.ID, files []Upload) (d Delivery, err error) {
	a, err := account.One(ctx, tx, as)
	if err != nil {
		return d, err
	}
	if err := fits(a, p.Text, false, len(p.Pictures)); err != nil {
		return d, err
	}
	for k, f := range files {
		if most := a.Limits.MediaSize; most > 0 && f.Size > most {
			return d, fault.In("media", f.Name+" is larger than "+a.Handle+" takes: make it smaller, or leave it out")
		}
		if most := a.Limits.Alt; most > 0 && utf8.RuneCountInString(p.Pictures[k].Alt) > most {
			return d, fault.In("media", "the description of "+f.Name+" is longer than "+a.Handle+" takes: shorten it")
		}
	}
	d = s.draft(who, Draft{Text: p.Text, Uploads: p.uploads(), Undo: p.Undo})
	d.Account, d.Content.Lang = as, p.Lang
	for _, x := range p.Pictures {
		d.Content.Alts = append(d.Content.Alts, x.Alt)
	}
	return d, s.judge(ctx, tx, who, &d)
}

// Posts returns what was posted by somebody or as an account they may speak for, in whatever state, the newest first. before is
// the last of the page before, or zero.
func (s *Service) Posts(ctx context.Context, who staff.Actor, before ID, limit int) ([]Delivery, error) {
	if err := mayPost(who); err != nil {
		return nil, err
	}
	all, err := account.All(ctx, s.Store.Read())
	if err != nil {
		return nil, err
	}
	var theirs []account.ID
	for _, a := range all {
		may, err := s.Book.MaySpeak(ctx, s.Store.Read(), who, a.ID)
		if err != nil {
			return nil, err
		}
		if may {
			theirs = append(theirs, a.ID)
		}
	}
	return posts(ctx, s.Store.Read(), who.Person, theirs, before, limit)
}
