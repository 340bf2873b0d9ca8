package api

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/delivery"
	"switchboard/internal/fault"
	"switchboard/internal/intake"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Account is one connected identity on a channel.
type Account struct {
	ID      string  `json:"id"`
	Channel string  `json:"channel"`
	Name    string  `json:"name"`
	Handle  string  `json:"handle"`
	URL     string  `json:"url,omitempty"`
	State   string  `json:"state" enum:"active,paused,reconnect,trouble,disconnected"`
	Paused  bool    `json:"paused" doc:"The stop button of this account is pressed."`
	Health  Health  `json:"health"`
	Limits  Limits  `json:"limits"`
	Webhook string  `json:"webhook,omitempty" doc:"The address to give the far side, where it calls us."`
	People  []Right `json:"people" nullable:"false" doc:"Who may do what on it, beside managers and administrators."`
	// Settings are without secrets, for who may manage the account.
	Settings map[string]json.RawMessage `json:"settings,omitempty" doc:"Without secrets; only for who may manage the account."`
	Can      []string                   `json:"can" nullable:"false" doc:"reply, post, manage, test, stop. Post without reply: your words wait for an approval."`
}

// Health is how well an account is.
type Health struct {
	CheckedAt    *time.Time `json:"checkedAt,omitempty"`
	LastSeen     *time.Time `json:"lastSeen,omitempty" doc:"The last message."`
	LastFetch    *time.Time `json:"lastFetch,omitempty" doc:"When the far side last answered."`
	LastSent     *time.Time `json:"lastSent,omitempty"`
	GapSince     *time.Time `json:"gapSince,omitempty" doc:"What was said since then may not all be here yet."`
	LostSince    *time.Time `json:"lostSince,omitempty" doc:"Some of what was said since then can't be had any more; until somebody has seen that."`
	Trouble      *Trouble   `json:"trouble,omitempty" doc:"What keeps it from hearing."`
	Mute         *Trouble   `json:"mute,omitempty" doc:"What keeps it from speaking; it may hear well all the while."`
	TokenExpires *time.Time `json:"tokenExpires,omitempty"`
	Queued       int        `json:"queued" doc:"Messages on their way out."`
	Unknown      int        `json:"unknown" doc:"Messages of which nobody knows whether they arrived."`
	SetAside     int        `json:"setAside" doc:"Items that could not be taken in."`
	Streaming    bool       `json:"streaming" doc:"It is heard live."`
}

// Trouble is what is wrong with an account.
type Trouble struct {
	Deed     string     `json:"deed" doc:"What we do about it: again, wait, reconnect, fix, gone, notallowed, operator."`
	Message  string     `json:"message"`
	Since    time.Time  `json:"since"`
	NextTry  *time.Time `json:"nextTry,omitempty"`
	Incident string     `json:"incident" doc:"Finds the cause in the log."`
}

// Limits are how much an account may say.
type Limits struct {
	Text         int    `json:"text" doc:"Longest text in unit; 0: no limit."`
	Unit         string `json:"unit" enum:"graphemes,codepoints,bytes"`
	Bytes        int    `json:"bytes,omitempty" doc:"A second limit in UTF-8 bytes."`
	URL          int    `json:"url,omitempty" doc:"What each address counts."`
	ShortAt      bool   `json:"shortAt,omitempty" doc:"Of @name@host only @name counts."`
	PrivateText  int    `json:"privateText,omitempty" doc:"Longest private text, if another."`
	PrivateBytes int    `json:"privateBytes,omitempty" doc:"A second limit of a private text in UTF-8 bytes, if another."`
	Media        int    `json:"media" doc:"Attachments a message."`
	MediaSize    int64  `json:"mediaSize,omitempty" doc:"Bytes an attachment."`
	Alt          int    `json:"alt,omitempty" doc:"Longest alt text."`
	Named        string `json:"named,omitempty" enum:"needed,added" doc:"Whether who is answered must be named in the text: by the writer, or it is put in front, and counts, where the writer has not."`
}

func showLimits(l channel.Limits) Limits {
	out := Limits{l.Text, l.Unit, l.Bytes, l.URL, l.ShortAt, l.PrivateText, l.PrivateBytes, l.Media, l.MediaSize, l.Alt, l.Named}
	if out.Unit == "" {
		out.Unit = "graphemes"
	}
	return out
}

// Right is who may do what on an account: a person or a department.
type Right struct {
	Person     *Ref         `json:"person,omitempty"`
	Department *Ref         `json:"department,omitempty"`
	Right      account.Duty `json:"right" enum:"speak,manage"`
}

func (s *Server) showAccount(ctx context.Context, v *show, a account.Account) (Account, error) {
	p, err := delivery.PendingOf(ctx, s.Store.Read(), a.ID)
	if err != nil {
		return Account{}, err
	}
	items, err := s.Intake.Arrivals(ctx, a.ID)
	if err != nil {
		return Account{}, err
	}
	out := Account{ID: a.ID.String(), Channel: a.Channel, Name: a.Name, Handle: a.Handle, URL: webAddress(a.URL), State: stateOf(a), Paused: !a.StoppedAt.IsZero(),
		Limits: showLimits(a.Limits), People: []Right{}, Can: []string{}, Health: Health{CheckedAt: unlessZero(a.CheckedAt), LastSeen: unlessZero(a.SeenAt),
			LastFetch: unlessZero(a.FetchedAt), LastSent: unlessZero(a.SentAt), GapSince: unlessZero(a.GapSince), LostSince: unlessZero(a.LostSince), TokenExpires: unlessZero(a.TokenExpires),
			Queued: p.Queued, Unknown: p.Unknown, SetAside: asideOf(items), Streaming: a.Streaming}}
	if t := a.Trouble; t != nil {
		out.Health.Trouble = &Trouble{string(t.Deed), sentence(t.Message), t.Since, unlessZero(a.NextTry), t.Incident}
	}
	if t := a.Mute; t != nil {
		out.Health.Mute = &Trouble{string(t.Deed), sentence(t.Message), t.Since, unlessZero(t.NextTry), t.Incident}
	}
	rights, err := s.Book.Rights(ctx, a.ID)
	if err != nil {
		return out, err
	}
	for _, r := range rights {
		one := Right{Right: r.Duty}
		if r.Person != 0 {
			one.Person = ptr(refPerson(v.roster, r.Person))
		} else {
			one.Department = ptr(refDepartment(v.roster, r.Department))
		}
		out.People = append(out.People, one)
	}
	return out, s.accountRights(ctx, v, a, &out)
}

// accountRights fills in what depends on who asks.
func (s *Server) accountRights(ctx context.Context, v *show, a account.Account, out *Account) error {
	speaks, err := s.Book.MaySpeak(ctx, s.Store.Read(), v.who, a.ID)
	if err != nil {
		return err
	}
	if speaks {
		out.Can = append(out.Can, "reply")
	}
	if v.who.Can(staff.Answer) && v.who.Can(staff.SeePeople) && a.RemovedAt.IsZero() {
		if can, err := s.Delivery.CanPost(ctx, a.ID); err == nil && can { // one that can't be opened is shown all the same
			out.Can = append(out.Can, "post")
		}
	}
	err = s.Book.RequireManage(ctx, v.who, a.ID)
	manages := err == nil
	if err != nil && !fault.Is(err, fault.Forbidden) {
		return err
	}
	if manages {
		out.Can = append(out.Can, "manage")
	}
	if manages || v.who.Can(staff.Stop) {
		out.Can = append(out.Can, "stop")
	}
	if !manages || !a.RemovedAt.IsZero() {
		return nil
	}
	if out.Settings, err = s.Book.Shown(ctx, a); err != nil {
		return err
	}
	if c, err := s.Book.Conn(ctx, a.ID); err == nil { // one that can't be opened is shown all the same
		if _, ok := c.(channel.Hearer); ok {
			out.Webhook = s.public(ctx) + "/hook/" + a.ID.String()
		}
		if _, ok := c.(channel.Tester); ok {
			out.Can = append(out.Can, "test")
		}
	}
	return nil
}

func stateOf(a account.Account) string {
	switch {
	case !a.RemovedAt.IsZero():
		return "disconnected"
	case !a.StoppedAt.IsZero():
		return "paused"
	}
	return string(a.State)
}

func asideOf(list []intake.Arrival) (n int) {
	for _, i := range list {
		if i.State == intake.Aside {
			n++
		}
	}
	return n
}

// seesAccounts is nil for staff; an agency sees what it is named for, which is nothing of an account's health.
func seesAccounts(who staff.Actor) error { return who.Require(staff.SeePeople) }

func (s *Server) getAccounts(ctx context.Context, _ *struct{}) (*body[items[Account]], error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	if err := seesAccounts(v.who); err != nil {
		return nil, err
	}
	list, err := account.All(ctx, s.Store.Read())
	if err != nil {
		return nil, err
	}
	out := []Account{}
	for _, a := range list {
		one, err := s.showAccount(ctx, v, a)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return all(out, nil)
}

// AccountPath names an account.
type AccountPath struct {
	ID ref[account.Account] `path:"id"`
}

func (s *Server) getAccount(ctx context.Context, in *struct{ AccountPath }) (*body[Account], error) {
	if err := seesAccounts(who(ctx)); err != nil {
		return nil, err
	}
	a, err := account.One(ctx, s.Store.Read(), in.ID.Of)
	return s.oneAccount(ctx, a, err)
}

func (s *Server) oneAccount(ctx context.Context, a account.Account, err error) (*body[Account], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	return answer(s.showAccount(ctx, v, a))
}

type channelsAnswer = items[channel.About]

func (s *Server) getChannels(ctx context.Context, _ *struct{}) (*body[channelsAnswer], error) {
	if err := seesAccounts(who(ctx)); err != nil {
		return nil, err
	}
	return all(s.Book.Channels(), nil)
}

// settingsOf are the answers to what a channel asks, by name.
type settingsOf = map[string]any

type checkForm struct {
	Body struct {
		Channel  string     `json:"channel" maxLength:"40"`
		Settings settingsOf `json:"settings" nullable:"false" doc:"The answers to what the channel asks, by name."`
	}
}

// Profile is who an account is at its far side.
type Profile struct {
	RemoteID string `json:"remoteId"`
	Handle   string `json:"handle"`
	Name     string `json:"name"`
	Note     string `json:"note,omitempty" doc:"Something you should know."`
	Limits   Limits `json:"limits"`
}

func (s *Server) checkSettings(ctx context.Context, in *checkForm) (*body[Profile], error) {
	b, err := json.Marshal(in.Body.Settings)
	if err != nil {
		return nil, err
	}
	p, err := s.Book.Check(ctx, who(ctx), in.Body.Channel, b)
	return answer(Profile{p.RemoteID, p.Handle, p.Name, p.Note, showLimits(p.Limits)}, inSettings(err))
}

// inSettings says of a connector's complaint about a setting where that stands in what was sent.
func inSettings(err error) error {
	if f, ok := err.(*fault.Error); ok && f.Field != "" && f.Field != "channel" && f.Field != "settings" && f.Field != "name" {
		c := *f
		c.Field = "settings." + f.Field
		return &c
	}
	return err
}

type accountForm struct {
	Body struct {
		Channel  string     `json:"channel" maxLength:"40"`
		Name     string     `json:"name" maxLength:"200" doc:"Yours; empty: as the far side calls it."`
		Settings settingsOf `json:"settings" nullable:"false"`
	}
}

func (s *Server) postAccount(ctx context.Context, in *accountForm) (*body[Account], error) {
	b, err := json.Marshal(in.Body.Settings)
	if err != nil {
		return nil, err
	}
	a, err := s.Book.Connect(ctx, who(ctx), in.Body.Channel, in.Body.Name, b)
	return s.oneAccount(ctx, a, inSettings(err))
}

type accountChange struct {
	AccountPath
	Body struct {
		Name     *string     `json:"name,omitempty" maxLength:"200"`
		Settings *settingsOf `json:"settings,omitempty" doc:"Those that change. A secret left blank keeps its value, but not for another server: where a setting that the channel marks as server changes, the secrets are entered again."`
		Another  bool        `json:"another,omitempty" doc:"The settings are meant to be those of another account at the far side."`
	}
}

func (s *Server) patchAccount(ctx context.Context, in *accountChange) (*body[Account], error) {
	ch := account.Change{Name: in.Body.Name, Other: in.Body.Another}
	if in.Body.Settings != nil {
		b, err := json.Marshal(*in.Body.Settings)
		if err != nil {
			return nil, err
		}
		ch.Settings = b
	}
	a, err := s.Book.Change(ctx, who(ctx), in.ID.Of, ch)
	return s.oneAccount(ctx, a, inSettings(err))
}

func (s *Server) deleteAccount(ctx context.Context, in *struct{ AccountPath }) (*none, error) {
	a, err := s.manages(ctx, in.ID.Of)
	if err != nil {
		return nil, err
	}
	example, _, err := s.Book.Example(ctx)
	if err != nil {
		return nil, err
	}
	var also func(context.Context, *store.Tx) error
	if example.ID == a.ID { // its customers are made up: they leave nothing behind
		also = func(ctx context.Context, tx *store.Tx) error {
			return s.Desk.Discard(ctx, tx, who(ctx), a.ID, a.Channel)
		}
	}
	return done(s.Book.Remove(ctx, who(ctx), a.ID, also))
}

// manages is the account, for who may manage it.
func (s *Server) manages(ctx context.Context, of account.ID) (account.Account, error) {
	if err := s.Book.RequireManage(ctx, who(ctx), of); err != nil {
		return account.Account{}, err
	}
	return account.One(ctx, s.Store.Read(), of)
}

type rightsForm struct {
	AccountPath
	Body struct {
		Items []Right `json:"items" maxItems:"500" nullable:"false"`
	}
}

func (s *Server) putRights(ctx context.Context, in *rightsForm) (*body[Account], error) {
	a, err := s.manages(ctx, in.ID.Of)
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]account.Right, 0, len(in.Body.Items))
	for _, i := range in.Body.Items {
		one, err := rightOf(r, i)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return s.oneAccount(ctx, a, s.Book.SetRights(ctx, who(ctx), in.ID.Of, list))
}

// rightOf reads a right; the person or department must be there.
func rightOf(r *staff.Roster, i Right) (out account.Right, err error) {
	out.Duty = i.Right
	if i.Person != nil {
		if err := out.Person.UnmarshalText([]byte(i.Person.ID)); err != nil {
			return out, fault.In("items", "a person is named by their id")
		}
		if _, ok := r.Person(out.Person); !ok {
			return out, fault.New(fault.NotFound, "there is no such person here")
		}
	}
	if i.Department != nil {
		if err := out.Department.UnmarshalText([]byte(i.Department.ID)); err != nil {
			return out, fault.In("items", "a department is named by its id")
		}
		if _, ok := r.Department(out.Department); !ok {
			return out, fault.New(fault.NotFound, "there is no such department here")
		}
	}
	return out, nil
}

type accountDeed struct {
	AccountPath
	Body *nothing `required:"false"`
}

func (s *Server) checkAccount(ctx context.Context, in *accountDeed) (*body[Account], error) {
	a, err := s.Book.CheckNow(ctx, who(ctx), in.ID.Of)
	return s.oneAccount(ctx, a, err)
}

// seeLost notes that somebody has seen what an account has lost.
func (s *Server) seeLost(ctx context.Context, in *accountDeed) (*body[Account], error) {
	a, err := s.Book.SeeLost(ctx, who(ctx), in.ID.Of)
	return s.oneAccount(ctx, a, err)
}

// Tested is what came of a test message.
type Tested struct {
	Detail string `json:"detail" doc:"What was sent, where it was seen and how long that took, in sentences."`
	Note   string `json:"note,omitempty" doc:"What did not go as it should, or what is left at the far side, and what to do."`
	Seen   bool   `json:"seen" doc:"It was found again at the far side."`
	Gone   bool   `json:"gone" doc:"Nothing of it is left at the far side."`
	Took   int64  `json:"took" doc:"Milliseconds."`
}

// testAccount lets an account say something that no customer gets to see.
func (s *Server) testAccount(ctx context.Context, in *accountDeed) (*body[Tested], error) {
	t, err := s.Book.Test(ctx, who(ctx), in.ID.Of)
	if err != nil {
		return nil, err
	}
	words := []string{t.Said}
	if t.Seen != "" {
		words = append(words, t.Seen)
	}
	if t.Gone {
		words = append(words, "Nothing of it is left there.")
	}
	words = append(words, fmt.Sprintf("That took %.1f seconds.", t.Took.Seconds()))
	return answer(Tested{Detail: strings.Join(words, " "), Note: t.Note, Seen: t.Seen != "", Gone: t.Gone, Took: t.Took.Milliseconds()}, nil)
}

// StopAnswer says whether something is stopped, and how many messages wait.
type StopAnswer struct {
	Stopped bool `json:"stopped"`
	Held    int  `json:"held" doc:"Messages that wait for it to be resumed, or are on their way."`
}

func (s *Server) stopAccount(ctx context.Context, in *accountDeed) (*body[StopAnswer], error) {
	return s.halted(ctx, s.Book.Stop(ctx, who(ctx), in.ID.Of), in.ID.Of, true)
}

func (s *Server) resumeAccount(ctx context.Context, in *accountDeed) (*body[StopAnswer], error) {
	return s.halted(ctx, s.Book.Resume(ctx, who(ctx), in.ID.Of), in.ID.Of, false)
}

type stopForm struct {
	Body *nothing `required:"false"`
}

func (s *Server) stopAll(ctx context.Context, _ *stopForm) (*body[StopAnswer], error) {
	return s.halted(ctx, s.Book.StopAll(ctx, who(ctx)), 0, true)
}

func (s *Server) resumeAll(ctx context.Context, _ *stopForm) (*body[StopAnswer], error) {
	return s.halted(ctx, s.Book.ResumeAll(ctx, who(ctx)), 0, false)
}

// halted answers a press of the stop button; of is zero for all accounts.
func (s *Server) halted(ctx context.Context, err error, of account.ID, stopped bool) (*body[StopAnswer], error) {
	if err != nil {
		return nil, err
	}
	list := []account.ID{of}
	if of.IsZero() {
		accounts, err := account.All(ctx, s.Store.Read())
		if err != nil {
			return nil, err
		}
		list = list[:0]
		for _, a := range accounts {
			list = append(list, a.ID)
		}
	}
	out := StopAnswer{Stopped: stopped}
	for _, a := range list {
		p, err := delivery.PendingOf(ctx, s.Store.Read(), a)
		if err != nil {
			return nil, err
		}
		out.Held += p.Queued
	}
	return answer(out, nil)
}
