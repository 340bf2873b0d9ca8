package app

import (
	"context"
	"errors"
	"strings"

	"switchboard/internal/account"
	"switchboard/internal/api"
	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/mail"
	"switchboard/internal/secret"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/writing"
)

// Who hears of what.

// retired gives the conversations and the answers of a department that is no more to another.
func (a *App) retired(ctx context.Context, tx *store.Tx, who staff.Actor, from, to staff.DepartmentID) error {
	if err := a.Library.MoveAll(ctx, tx, from, to); err != nil {
		return err
	}
	return a.Desk.MoveAll(ctx, tx, who, from, to)
}

// gone gives what a person held, conversations and answers, back to the departments, and holds what they wrote and what has not left.
func (a *App) gone(ctx context.Context, tx *store.Tx, who staff.Actor, p staff.PersonID) error {
	if err := a.Library.Leave(ctx, tx, p); err != nil {
		return err
	}
	if err := a.Desk.ReleaseAll(ctx, tx, who, p); err != nil {
		return err
	}
	return a.Delivery.Leave(ctx, tx, who, p)
}

// shifted has what a person holds looked at again, as they will be at work at other times.
func (a *App) shifted(ctx context.Context, tx *store.Tx, p staff.PersonID) error {
	return a.Desk.LookAgain(ctx, tx, p)
}

func (a *App) api(o Options) *api.Server {
	return &api.Server{Store: a.Store, Staff: a.Staff, Now: o.Now, Log: o.Log, Version: o.Version, Demo: o.Demo, Proxies: o.Proxies,
		Stopped:  func(ctx context.Context) (bool, error) { return account.EverythingStopped(ctx, a.Store.Read()) },
		Book:     a.Book,
		Desk:     a.Desk,
		Delivery: a.Delivery,
		Intake:   a.Intake,
		Brain:    a.Brain,
		Policy:   a.Policy,
		Topics:   a.Topics,
		Library:  a.Library,
		Insight:  a.Insight,
		Advice:   a.Advice,
		Mail:     a.Mail,
		Bell:     a.Bell,
		Board:    a.Board,
		Contacts: &contact.Book{Store: a.Store, Now: o.Now},
		Writing:  a.Writing,
		Links:    &writing.Links{Client: a.Guard.Client("a link in an answer"), Now: o.Now},
		Loads:    a.loads, Seer: seer{a.Desk}, Mounts: a.mounts(o), Outside: a.Guard.Client("pictures and files for the screen")}
}

// mailbox is how a connected e-mail account sends, for the house's own mail.
func (a *App) mailbox(ctx context.Context, of account.ID) (mail.Server, error) {
	none := fault.New(fault.NotFound, "this e-mail account is not connected any more")
	c, err := a.Book.Conn(ctx, of)
	if fault.Is(err, fault.NotFound) || errors.As(err, new(*channel.Trouble)) {
		return mail.Server{}, none
	}
	if err != nil {
		return mail.Server{}, err
	}
	m, ok := c.(channel.Submitter)
	if !ok {
		return mail.Server{}, none
	}
	s := m.Submission()
	return mail.Server{Host: s.Host, Port: s.Port, Security: s.Security, Login: s.Login, Password: secret.Hide(s.Password()), From: s.Address, Name: s.Name,
		Stopped: func(ctx context.Context) (string, error) { return account.Stopped(ctx, a.Store.Read(), of) }}, nil
}

// letters is what intake asks of each mail: is it an answer to one of ours, or a copy of one?
func (a *App) letters(ctx context.Context, in account.Account, e channel.Event) (taken bool, why string, err error) {
	m := e.Message
	if id, _, _ := strings.Cut(m.RemoteID, "#"); mail.Ours(id) { // a provider's copy of what the house wrote, or sent to a mailbox of its own
		_, err := a.Mail.Find(ctx, a.Store.Read(), id)
		if fault.Is(err, fault.NotFound) {
			return false, "", nil
		}
		return err == nil, "", err
	}
	if m.Own || m.Bounce != "" {
		return false, "", nil
	}
	for _, id := range m.Returned {
		if mail.Ours(id) {
			l, err := a.Mail.Find(ctx, a.Store.Read(), id)
			if err == nil && l.Kind == entrance {
				return true, "", a.Mail.CameBack(ctx, id)
			}
			if err != nil && !fault.Is(err, fault.NotFound) {
				return false, "", err
			}
			taken, err := a.Desk.LetterReturned(ctx, in.ID, e.RemoteID, id)
			return taken, "", err
		}
	}
	var files []string
	for _, f := range m.Media {
		files = append(files, f.Name)
	}
	if m.Bare { // sent off before anything was typed: our own question is no answer to it
		m.Text = ""
	}
	return a.Desk.AnswerByMail(ctx, desk.Mailed{Account: in.ID, RemoteID: e.RemoteID, From: m.From.RemoteID, Vouched: m.Vouched, Refs: m.Refs, Text: m.Text,
		Automatic: m.Automatic, Files: files, At: m.At})
}

func (a *App) loads(ctx context.Context) (map[staff.PersonID]int, map[staff.DepartmentID]int, error) {
	c, err := desk.CountsOf(ctx, a.Store.Read())
	return c.Loads(), c.Waiting(), err
}

// seer says who may hear of what in the live feed.
type seer struct{ desk *desk.Desk }

// Seen looks the conversations of a stretch of the journal up once for all streams. A conversation that was handed over is also
// heard of by the department it left, so that it goes from their screens. Who is asked without seeing the conversation hears of
// requests alone.
func (s seer) Seen(ctx context.Context, entries []journal.Entry) (func(who staff.Actor, k int) bool, error) {
	ids := make([]desk.ConversationID, 0, len(entries))
	for _, e := range entries {
		if e.Conversation != 0 {
			ids = append(ids, desk.ConversationID(e.Conversation))
		}
	}
	owners, err := s.desk.Owners(ctx, ids)
	if err != nil {
		return nil, err
	}
	left := make([]desk.Conversation, len(entries))
	for k, e := range entries {
		left[k] = desk.LeftBy(e)
	}
	return func(who staff.Actor, k int) bool {
		id := desk.ConversationID(entries[k].Conversation)
		if c, ok := owners[id]; ok && (desk.Sees(who, c) || entries[k].What.OfRequest() && desk.AskedIn(who, c)) {
			return true
		}
		return !left[k].Department.IsZero() && desk.Sees(who, left[k])
	}, nil
}
