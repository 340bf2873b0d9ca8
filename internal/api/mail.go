package api

import (
	"context"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/mail"
	"switchboard/internal/staff"
)

// HouseMail is how the house's own mail is set, and how it goes with it.
type HouseMail struct {
	On          bool       `json:"on"`
	By          *Ref       `json:"by,omitempty" doc:"The connected e-mail account it is sent by. Absent: by the server below."`
	Host        string     `json:"host"`
	Port        int        `json:"port"`
	Security    string     `json:"security" enum:"tls,starttls,plain"`
	Login       string     `json:"login" doc:"Empty: the server wants none."`
	From        string     `json:"from" doc:"The sender's address, when it is sent by a server."`
	Name        string     `json:"name" doc:"The sender's name."`
	Replies     *Ref       `json:"replies,omitempty" doc:"The connected e-mail account that answers go to, so that they can be read. Absent: the one it is sent by; none with a server."`
	HasPassword bool       `json:"hasPassword" doc:"A password is kept. It is never shown."`
	Sender      string     `json:"sender,omitempty" doc:"The address it comes from now. Absent: nothing can be sent."`
	Mailboxes   []Mailbox  `json:"mailboxes" nullable:"false" doc:"The connected e-mail accounts."`
	Letters     []MailSent `json:"letters" nullable:"false" doc:"What became of the last ones, the newest first. Their words are not kept."`
}

// Mailbox is a connected e-mail account.
type Mailbox struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Address string `json:"address"`
}

// MailSent is what became of a letter.
type MailSent struct {
	ID        string     `json:"id"`
	To        string     `json:"to"`
	Kind      string     `json:"kind"`
	State     mail.State `json:"state" enum:"queued,sent,failed"`
	Tries     int        `json:"tries"`
	Trouble   string     `json:"trouble,omitempty"`
	At        time.Time  `json:"at"`
	SettledAt *time.Time `json:"settledAt,omitempty" doc:"When it was sent or given up."`
}

// HouseMailForm is how it is to be set.
type HouseMailForm struct {
	On       bool                  `json:"on"`
	By       *ref[account.Account] `json:"by,omitempty"`
	Host     string                `json:"host" maxLength:"250"`
	Port     int                   `json:"port,omitempty" minimum:"0" maximum:"65535" doc:"0: the usual one."`
	Security string                `json:"security,omitempty" enum:"tls,starttls,plain" doc:"plain only ever to this very machine."`
	Login    string                `json:"login" maxLength:"250"`
	Password *string               `json:"password,omitempty" maxLength:"1000" doc:"A new password; empty takes the old one away, absent leaves it."`
	From     string                `json:"from" maxLength:"254"`
	Name     string                `json:"name" maxLength:"120"`
	Replies  *ref[account.Account] `json:"replies,omitempty"`
}

// HouseMailTrial is how a test went.
type HouseMailTrial struct {
	To      string  `json:"to"`
	From    string  `json:"from"`
	Seconds float64 `json:"seconds"`
	Trouble string  `json:"trouble,omitempty" doc:"Why it was not sent. Absent: the mail server took it."`
}

// lettersShown is how many letters the settings show.
const lettersShown = 30

func (s *Server) getMail(ctx context.Context, _ *struct{}) (*body[HouseMail], error) {
	set, err := s.Mail.Settings(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	return answer(s.showMail(ctx, set))
}

func (s *Server) showMail(ctx context.Context, set mail.Settings) (HouseMail, error) {
	out := HouseMail{On: set.On, Host: set.Host, Port: set.Port, Security: set.Security, Login: set.Login, From: set.From, Name: set.Name,
		HasPassword: set.HasPassword, Mailboxes: []Mailbox{}, Letters: []MailSent{}}
	all, err := account.All(ctx, s.Store.Read())
	if err != nil {
		return out, err
	}
	for _, a := range all {
		if a.Channel != "email" || !a.RemovedAt.IsZero() {
			continue
		}
		out.Mailboxes = append(out.Mailboxes, Mailbox{a.ID.String(), a.Name, a.Handle})
		if a.ID == set.By {
			out.By = &Ref{a.ID.String(), a.Name}
		}
		if a.ID == set.Replies {
			out.Replies = &Ref{a.ID.String(), a.Name}
		}
	}
	if out.Sender, err = s.Mail.Ready(ctx); err != nil {
		return out, err
	}
	letters, err := s.Mail.Letters(ctx, who(ctx), lettersShown)
	for _, l := range letters {
		out.Letters = append(out.Letters, MailSent{l.ID.String(), l.To, l.Kind, l.State, l.Tries, l.Trouble, l.At, unlessZero(l.SettledAt)})
	}
	return out, err
}

type houseMailForm struct{ Body HouseMailForm }

func (s *Server) putMail(ctx context.Context, in *houseMailForm) (*body[HouseMail], error) {
	b := in.Body
	set := mail.Settings{On: b.On, Host: b.Host, Port: b.Port, Security: b.Security, Login: b.Login, From: b.From, Name: b.Name}
	if b.By != nil {
		set.By = b.By.Of
	}
	if b.Replies != nil {
		set.Replies = b.Replies.Of
	}
	set, err := s.Mail.Change(ctx, who(ctx), set, b.Password)
	if err != nil {
		return nil, err
	}
	return answer(s.showMail(ctx, set))
}

// tryMail sends a test to who asks.
func (s *Server) tryMail(ctx context.Context, _ *struct{}) (*body[HouseMailTrial], error) {
	asks := who(ctx)
	if err := asks.Require(staff.SettingsManage); err != nil {
		return nil, err
	}
	p, err := s.Staff.Person(ctx, asks, asks.Person)
	if err != nil {
		return nil, err
	}
	t, err := s.Mail.Try(ctx, asks, p.Email)
	return answer(HouseMailTrial{t.To, t.From, t.Took.Seconds(), t.Trouble}, err)
}
