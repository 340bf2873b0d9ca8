package api

import (
	"context"
	"slices"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

// Owner is who is answerable: a person of a department, or the department's queue.
type Owner struct {
	Department Ref  `json:"department"`
	Person     *Ref `json:"person,omitempty" doc:"Absent: it stands in the department's queue."`
}

// RowContact is who writes, as a row shows them.
type RowContact struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Handle    string   `json:"handle"`
	Avatar    string   `json:"avatar,omitempty" doc:"An address of ours."`
	Standings []string `json:"standings" nullable:"false"`
}

// RowAccount is where it arrived.
type RowAccount struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Handle  string `json:"handle"`
	Channel string `json:"channel"`
}

// Clock is the time until something is due.
type Clock struct {
	Kind    desk.ClockKind `json:"kind" enum:"first,next,resolution"`
	Due     time.Time      `json:"due"`
	Started time.Time      `json:"started"`
	State   string         `json:"state" enum:"running,warned,breached"`
}

// Row is one line of the inbox.
type Row struct {
	ID           string     `json:"id"`
	Contact      RowContact `json:"contact"`
	Account      RowAccount `json:"account"`
	Private      bool       `json:"private"`
	State        desk.State `json:"state" enum:"open,waiting,snoozed,closed"`
	SetAside     bool       `json:"setAside" doc:"Closed because no answer is needed."`
	Subject      string     `json:"subject"`
	Excerpt      string     `json:"excerpt" doc:"The beginning of the last thing said."`
	Intent       string     `json:"intent"`
	Intents      []string   `json:"intents" nullable:"false"`
	Urgency      string     `json:"urgency" enum:"now,today,normal"`
	Needs        string     `json:"needs" enum:"must,courtesy,none"`
	Language     string     `json:"language"`
	Owner        Owner      `json:"owner"`
	ClaimedAt    *time.Time `json:"claimedAt,omitempty"`
	Messages     int        `json:"messages"`
	Unread       bool       `json:"unread"`
	Tags         []string   `json:"tags" nullable:"false"`
	Clock        *Clock     `json:"clock,omitempty" doc:"What is due first. Absent when nothing runs."`
	SnoozedUntil *time.Time `json:"snoozedUntil,omitempty"`
	LastAt       time.Time  `json:"lastAt"`
	OpenedAt     time.Time  `json:"openedAt"`
	AskedDue     *time.Time `json:"askedDue,omitempty" doc:"When the first of what is asked of you or your departments here is due. Absent: nothing is."`
	Asked        int        `json:"asked" doc:"So many requests to others are open in it."`
	WaitsFor     []WaitsFor `json:"waitsFor" nullable:"false" doc:"Of whom something is asked in it, what is due first, first: at most five."`
	PromisedDue  *time.Time `json:"promisedDue,omitempty" doc:"When the first of what is promised here is due. Absent: nothing is promised."`
	Promised     int        `json:"promised" doc:"So many promises are open in it."`
	PromisedMine bool       `json:"promisedMine" doc:"One of them is yours to keep, or a department's of yours."`
	Thread       string     `json:"thread,omitempty" doc:"The public post or mail thread it belongs to."`
	Can          []string   `json:"can" nullable:"false" doc:"What you may do with it now: reply, note, promise, ask, handover, tag, intent, correct, claim, release, close, reopen, snooze, wake, aside, unaside, answered, private, call."`
	Under        *Under     `json:"under,omitempty" doc:"Of a public thread in which several people write. Absent otherwise."`
}

// WaitsFor is of whom something is asked.
type WaitsFor struct {
	Department Ref       `json:"department"`
	Person     *Ref      `json:"person,omitempty"`
	Due        time.Time `json:"due"`
	Mine       bool      `json:"mine" doc:"It is you, or a department of yours."`
}

// mostWaits is how many of those a conversation waits for a row names.
const mostWaits = 5

func (v *show) waitsFor(c desk.Conversation) []WaitsFor {
	list := slices.SortedStableFunc(slices.Values(c.Asked), func(a, b desk.Asked) int { return a.Due.Compare(b.Due) })
	out := []WaitsFor{}
	for _, a := range list[:min(len(list), mostWaits)] {
		w := WaitsFor{Department: refDepartment(v.roster, a.Department), Due: a.Due, Mine: a.Of(v.who)}
		if a.Person != 0 {
			w.Person = ptr(refPerson(v.roster, a.Person))
		}
		out = append(out, w)
	}
	return out
}

// show is what is looked up once to show several things.
type show struct {
	who      staff.Actor
	roster   *staff.Roster
	accounts map[account.ID]account.Account
	asked    []desk.Request     // of the conversation that is told
	promised []desk.Promise     // in it
	theirs   []contact.Identity // of its contact
}

func (s *Server) show(ctx context.Context) (*show, error) {
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	list, err := account.All(ctx, s.Store.Read())
	v := &show{who: who(ctx), roster: r, accounts: make(map[account.ID]account.Account, len(list))}
	for _, a := range list {
		v.accounts[a.ID] = a
	}
	return v, err
}

// account is one by its id, also one that was removed.
func (s *Server) account(ctx context.Context, v *show, of account.ID) (account.Account, error) {
	a, ok := v.accounts[of]
	if ok || of.IsZero() {
		return a, nil
	}
	a, err := account.One(ctx, s.Store.Read(), of)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return a, err
	}
	v.accounts[of] = a
	return a, nil
}

func (v *show) owner(d staff.DepartmentID, p staff.PersonID) Owner {
	o := Owner{Department: refDepartment(v.roster, d)}
	if p != 0 {
		o.Person = ptr(refPerson(v.roster, p))
	}
	return o
}

func (s *Server) row(ctx context.Context, v *show, r desk.Row) (Row, error) {
	a, err := s.account(ctx, v, r.Account)
	if err != nil {
		return Row{}, err
	}
	out := Row{ID: r.ID.String(), Contact: RowContact{r.Contact.String(), contact.Shown(r.ContactName, r.Handle), r.Handle, avatarOf(r), orNone(r.Standings)},
		Account: RowAccount{r.Account.String(), a.Name, a.Handle, a.Channel}, Private: r.Private, State: r.State, SetAside: r.View() == "aside",
		Subject: r.Subject, Excerpt: r.Excerpt, Intents: orNone(r.Intents), Urgency: r.Urgency.String(), Needs: r.Needs, Language: r.Language,
		Owner: v.owner(r.Department, r.Person), ClaimedAt: unlessZero(r.ClaimedAt), Messages: r.Messages, Unread: r.Unread, Tags: orNone(r.Tags),
		Clock: clockOf(r.Conversation), SnoozedUntil: unlessZero(r.SnoozedUntil), LastAt: r.LastAt, OpenedAt: r.OpenedAt, Thread: r.Thread,
		AskedDue: unlessZero(r.AskedDue(v.who)), Asked: len(r.Asked), WaitsFor: v.waitsFor(r.Conversation),
		PromisedDue: unlessZero(r.PromisedDue()), Promised: len(r.Promised), PromisedMine: r.PromisedTo(v.who),
		Can: deeds(v.who, r.Conversation)}
	if len(r.Intents) > 0 {
		out.Intent = r.Intents[0]
	}
	if out.Needs == "" {
		out.Needs = "must"
	}
	return out, nil
}

// Under says how many people write under the post a row belongs to.
type Under struct {
	People  int `json:"people" doc:"Conversations under it that you may see."`
	Waiting int `json:"waiting" doc:"Of these, how many are open."`
}

// rowsWithThreads is rows, each with how many others write under the same post.
func (s *Server) rowsWithThreads(ctx context.Context, v *show, list []desk.Row) ([]Row, error) {
	out, err := s.rows(ctx, v, list)
	if err != nil {
		return nil, err
	}
	threads, err := s.Desk.ThreadsOf(ctx, v.who, list)
	for k, r := range list {
		if t := threads[desk.ThreadKey{Account: r.Account, Key: r.Thread}]; !r.Private && t.People > 1 {
			out[k].Under = &Under{t.People, t.Open}
		}
	}
	return out, err
}

func (s *Server) rows(ctx context.Context, v *show, list []desk.Row) ([]Row, error) {
	out := make([]Row, 0, len(list))
	for _, r := range list {
		one, err := s.row(ctx, v, r)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// clockOf is the clock that runs out first.
func clockOf(c desk.Conversation) *Clock {
	k := c.Clock
	if !k.Running() || c.Resolution.Running() && c.Resolution.Due.Before(k.Due) {
		k = c.Resolution
	}
	if !k.Running() {
		return nil
	}
	return &Clock{k.Kind, k.Due, k.Started, k.State}
}

func avatarOf(r desk.Row) string {
	if r.Avatar == "" {
		return ""
	}
	return "/api/avatars/" + r.Contact.String()
}

func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// deeds is what who may do with c as it stands. The feature asks again when it is done.
func deeds(who staff.Actor, c desk.Conversation) []string {
	out := []string{}
	if !who.Can(staff.Answer) || who.Role == staff.Agency {
		return out
	}
	if !desk.Works(who, c) { // asked something in it, and no more
		if c.State != desk.Closed {
			return append(out, "note", "ask")
		}
		return append(out, "note")
	}
	out = append(out, "reply", "note", "promise", "tag", "intent", "correct")
	if c.State != desk.Closed {
		out = append(out, "ask")
	}
	if who.Can(staff.PutThrough) || who.Role == staff.Contributor {
		out = append(out, "handover")
	}
	closed := c.State == desk.Closed
	switch {
	case c.Person == 0 && !closed:
		out = append(out, "claim")
	case c.Person == who.Person || c.Person != 0 && who.Can(staff.SeeAll):
		out = append(out, "release")
	}
	if closed {
		out = append(out, "reopen")
	} else {
		out = append(out, "close", "answered")
		if !c.Private {
			out = append(out, "private")
		}
		out = append(out, "call")
	}
	switch {
	case c.State == desk.Snoozed:
		out = append(out, "wake")
	case !closed:
		out = append(out, "snooze")
	}
	switch {
	case c.View() == "aside":
		out = append(out, "unaside")
	case !closed:
		out = append(out, "aside")
	}
	return out
}

// Counts are how many open conversations each view holds.
type Counts struct {
	Mine         int            `json:"mine"`
	Department   int            `json:"department"`
	Unowned      int            `json:"unowned"`
	All          int            `json:"all"`
	Asked        int            `json:"asked" doc:"Where something is asked of you or your departments."`
	Promised     int            `json:"promised" doc:"Where something is promised that is yours or your departments' to keep."`
	Aside        int            `json:"aside"`
	ByDepartment map[string]int `json:"byDepartment" doc:"By the id of the department."`
}

func (s *Server) getCounts(ctx context.Context, _ *struct{}) (*body[Counts], error) {
	n, err := s.Desk.Count(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	out := Counts{n.Mine, n.Department, n.Unowned, n.All, n.Asked, n.Promised, n.Aside, map[string]int{}}
	for d, k := range n.ByDepartment {
		out.ByDepartment[d.String()] = k
	}
	return answer(out, nil)
}
