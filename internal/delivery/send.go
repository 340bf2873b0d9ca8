package delivery

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/egress"
	"switchboard/internal/fault"
	"switchboard/internal/job"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// deliver is the job that sends one delivery.
type deliver struct {
	Delivery ID `json:"delivery"`
	// Fence, of a job that takes the place of a lost one, tells it from that: the row of a job whose worker was killed still
	// says that it runs.
	Fence int64 `json:"fence,omitempty"`
}

// Kind names the job.
func (deliver) Kind() string { return "deliver" }

// Register lets the jobs send deliveries.
func (s *Service) Register() {
	job.Handle(s.Jobs, job.Options{Timeout: 2 * time.Minute}, func(ctx context.Context, a deliver) error { return s.Deliver(ctx, a.Delivery) })
}

func (s *Service) step(name string, d Delivery) {
	if s.Before != nil {
		s.Before(name, d)
	}
}

// Deliver makes one try at sending a delivery. Called again, at the same time or later, on any node, it does no harm.
func (s *Service) Deliver(ctx context.Context, id ID) error {
	seen, err := one(ctx, s.Store.Read(), id)
	switch {
	case fault.Is(err, fault.NotFound):
		return nil
	case err != nil:
		return err
	case seen.State != Queued:
		return nil
	}
	leave, wait := s.enter(seen.Account)
	if wait > 0 {
		return job.Later(wait)
	}
	defer leave()
	var d Delivery
	d, wait, err = s.claim(ctx, id)
	switch {
	case err != nil:
		return err
	case wait > 0:
		return job.Later(wait)
	case d.State != Sending:
		return nil
	}
	s.step("claimed", d)
	d = s.try(ctx, d)
	if d.State == Queued {
		return job.Later(max(d.DueAt.Sub(s.Now()), 0))
	}
	return nil
}

const (
	stopPause      = 2 * time.Second        // how soon a delivery of a stopped account is looked at again
	reconnectPause = 5 * time.Second        // and one of an account that must be connected again
	busyPause      = 100 * time.Millisecond // and one of an account that has as many on the way as it may; longer when many wait
	mostPause      = 5 * time.Second
	atOnce         = 4 // deliveries of one account on their way from this node: a slow far side keeps no other waiting
)

// lane is what of one account is on its way from this node.
type lane struct {
	busy int // deliveries that have a worker
	away int // how many were turned away since one ended: the more, the later they come back, so that waiting costs others nothing
}

// enter makes room for one more delivery of an account; when it has its share already, it says when to come again.
func (s *Service) enter(a account.ID) (leave func(), wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lanes == nil {
		s.lanes = map[account.ID]*lane{}
	}
	l := s.lanes[a]
	if l == nil {
		l = &lane{}
		s.lanes[a] = l
	}
	if l.busy >= atOnce {
		l.away++
		return nil, min(busyPause*time.Duration(1+l.away/atOnce), mostPause)
	}
	l.busy++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		l.away = 0
		if l.busy--; l.busy == 0 {
			delete(s.lanes, a)
		}
	}, 0
}

// claim takes a queued delivery in hand. wait says to come back later: it is not its time, or the account is stopped.
func (s *Service) claim(ctx context.Context, id ID) (d Delivery, wait time.Duration, err error) {
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		wait = 0
		if d, err = lock(ctx, tx, id); err != nil {
			return err
		}
		if d.State != Queued {
			d.State = "" // somebody else has it, or it has ended
			return nil
		}
		now := s.Now()
		if wait = d.DueAt.Sub(now); wait > 0 {
			return nil
		}
		a, err := account.One(ctx, tx, d.Account)
		if err != nil {
			return err
		}
		if !a.RemovedAt.IsZero() {
			d = d.ended(Failed, "the account "+a.Handle+" was disconnected before this could be sent", now)
			if err := save(ctx, tx, d); err != nil {
				return err
			}
			return s.tell(ctx, tx, journal.Machine, journal.DeliveryFailed, d)
		}
		var why string
		if wait, why, err = s.hindrance(ctx, tx, a, now); err != nil || wait > 0 {
			if err != nil || why == "" || d.Reason == why {
				return err
			}
			d.Reason = why
			return save(ctx, tx, d)
		}
		d = d.claimed(now)
		if err := save(ctx, tx, d); err != nil {
			return err
		}
		return s.tell(ctx, tx, journal.Machine, journal.DeliverySending, d, "try", d.Tries)
	})
	if fault.Is(err, fault.NotFound) {
		return Delivery{}, 0, nil
	}
	return d, wait, err
}

// hindrance says why nothing may leave an account now, and when to look again; no time when it may.
func (s *Service) hindrance(ctx context.Context, q store.Queryer, a account.Account, now time.Time) (wait time.Duration, why string, err error) {
	if why, err = account.Stopped(ctx, q, a.ID); err != nil || why != "" {
		return stopPause, why, err
	}
	if a.Trouble == nil {
		return 0, "", nil
	}
	switch {
	case a.Trouble.Deed == channel.Wait && a.NextTry.After(now): // not one call before
		return a.NextTry.Sub(now), a.Trouble.Message, nil
	case a.Trouble.Deed == channel.Reconnect && a.State == account.Reconnect && a.NextTry.After(now):
		return reconnectPause, "the account must be connected again: " + a.Trouble.Message, nil
	}
	return 0, "", nil
}

// errStopped is why a gate stays shut.
var errStopped = errors.New("stopped, or no longer ours to send")

// gate is asked right before each call leaves: is this try still the one, and may the account speak?
func (s *Service) gate(d Delivery) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		if !s.Now().Before(d.LeaseUntil) {
			return errStopped
		}
		now, err := one(ctx, s.Store.Read(), d.ID)
		if err != nil {
			return err
		}
		if now.State != Sending || now.Fence != d.Fence {
			return errStopped
		}
		why, err := account.Stopped(ctx, s.Store.Read(), d.Account)
		if err == nil && why != "" {
			err = errStopped
		}
		return err
	}
}

// try calls the far side and writes down what came of it. When ctx ends before that is known, the delivery stays as it is: its
// lease runs out, and the watchdog asks the far side.
func (s *Service) try(ctx context.Context, d Delivery) Delivery {
	if d.Content.Doubt {
		return s.find(ctx, d, d.Reason)
	}
	receipt, err := s.calm(ctx, d)
	s.step("called", d)
	if err == nil && receipt.RemoteID == "" {
		err = &channel.Trouble{Deed: channel.Again, Unclear: true, Message: "the other side took it without giving it an id"}
	}
	if err == nil {
		return s.settle(ctx, d, func(d Delivery) (Delivery, journal.What) { return d.sent(receipt, s.Now()), journal.DeliverySent }, &receipt)
	}
	var held *changed
	if errors.As(err, &held) {
		return s.settle(ctx, d, func(d Delivery) (Delivery, journal.What) {
			d.State, d.Reason, d.LeaseUntil = Held, held.why, time.Time{}
			d.Content.Difference, d.Content.DifferenceVersion, d.Content.Gone = held.text, held.version, held.gone
			return d, journal.DeliveryHeld
		}, nil)
	}
	return s.troubled(ctx, d, err)
}

// troubled decides what becomes of a try that brought an error.
func (s *Service) troubled(ctx context.Context, d Delivery, err error) Delivery {
	if errors.Is(err, errStopped) || errors.As(err, new(*egress.Stale)) {
		return s.settle(ctx, d, func(d Delivery) (Delivery, journal.What) {
			d.State, d.LeaseUntil, d.DueAt, d.Reason = Queued, time.Time{}, s.Now().Add(stopPause), "it was stopped before it left"
			return d, ""
		}, nil)
	}
	t := channel.TroubleOf(err)
	if egress.NeverLeft(err) {
		c := *t
		t, c.Unclear = &c, false
	}
	s.Log.Info("a delivery met a trouble", "delivery", d.ID.String(), "try", d.Tries, "deed", string(t.Deed), "unclear", t.Unclear, "message", t.Message, "error", t.Err)
	if t.Deed == channel.Reconnect || t.Deed == channel.Operator || t.Deed == channel.Wait {
		s.Book.Ail(ctx, d.Account, err, time.Time{})
	}
	d.last = errors.As(err, new(*stumble)) && d.Tries >= job.Tries
	if t.Unclear {
		return s.find(ctx, d, t.Message)
	}
	last := d.last
	return s.settle(ctx, d, func(d Delivery) (Delivery, journal.What) {
		if d = d.after(t, s.Now()); last && d.State == Queued {
			d = d.ended(Failed, t.Message, s.Now())
		}
		if d.State == Failed {
			return d, journal.DeliveryFailed
		}
		return d, ""
	}, nil)
}

// changed says that what a delivery answers is not what its author saw.
type changed struct {
	why, text, version string
	gone               bool
}

func (c *changed) Error() string { return c.why }

// stumble is a panic in the sending of one delivery. It stops no other, and after job.Tries of them it is left to a person.
type stumble struct{ v any }

func (s *stumble) Error() string { return fmt.Sprintf("panic: %v", s.v) }

// calm is call that bears a panic.
func (s *Service) calm(ctx context.Context, d Delivery) (r channel.Receipt, err error) {
	leaving := false
	defer func() {
		if v := recover(); v != nil {
			s.Log.Error("a delivery made its handler panic", "delivery", d.ID.String(), "panic", v, "trace", string(debug.Stack()))
			err = &channel.Trouble{Deed: channel.Again, Unclear: leaving, Err: &stumble{v},
				Message: "something went wrong here while it was being sent: tell your administrator"}
		}
	}()
	return s.call(ctx, d, &leaving)
}

// call reads the parent again and sends. leaving becomes true before anything can leave.
func (s *Service) call(ctx context.Context, d Delivery, leaving *bool) (channel.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	conn, err := s.Book.Conn(ctx, d.Account)
	if err != nil {
		return channel.Receipt{}, clear(err)
	}
	o, err := s.outgoing(ctx, d)
	if err != nil {
		return channel.Receipt{}, clear(err)
	}
	s.step("reading", d)
	if err := s.sameParent(ctx, conn, d, o); err != nil {
		return channel.Receipt{}, err
	}
	gated := egress.WithGate(ctx, s.gate(d))
	if err := egress.Ask(gated); err != nil {
		return channel.Receipt{}, errStopped
	}
	s.step("calling", d)
	*leaving = true
	if o.Parent != nil {
		r, ok := conn.(channel.Replier)
		if !ok {
			return channel.Receipt{}, &channel.Trouble{Deed: channel.NotAllowed, Message: "this channel can't be answered from here: answer in a browser and mark it as answered"}
		}
		return r.Reply(gated, o)
	}
	p, ok := conn.(channel.Publisher)
	if !ok {
		return channel.Receipt{}, &channel.Trouble{Deed: channel.NotAllowed, Message: "nothing new can be said on this channel from here"}
	}
	return p.Publish(gated, o)
}

// clear marks an error of ours, before anything left, as one that leaves no doubt.
func clear(err error) error {
	if errors.As(err, new(*channel.Trouble)) {
		return err
	}
	return &channel.Trouble{Deed: channel.Again, Message: "it could not be prepared for sending", Err: err}
}

// sameParent makes sure that what is answered is still there and still what the author saw. A far side that can't say does
// not hold an answer up.
func (s *Service) sameParent(ctx context.Context, conn channel.Conn, d Delivery, o channel.Outgoing) error {
	r, ok := conn.(channel.Reader)
	if !ok || o.Parent == nil || d.Content.Anyway {
		return nil
	}
	m, err := r.Read(ctx, o.Parent.RemoteID)
	switch {
	case fault.Is(err, fault.NotFound):
		return &changed{why: "what it answers was deleted by its author: cancel it, or send it all the same", gone: true}
	case err != nil:
		t := channel.TroubleOf(err)
		if t.Deed == channel.Again {
			return nil
		}
		c := *t
		c.Unclear = false
		return &c
	case d.Content.ParentVersion != "" && desk.VersionOf(m) != d.Content.ParentVersion:
		return &changed{why: "what it answers was edited after the answer was written: look at it and send it again", text: m.Text, version: desk.VersionOf(m)}
	}
	return nil
}

// find asks the far side what became of a try, until it can tell or the time is up; then a person must.
func (s *Service) find(ctx context.Context, d Delivery, why string) Delivery {
	if conn, err := s.Book.Conn(ctx, d.Account); err == nil {
		if f, ok := conn.(channel.Finder); ok {
			if is, told := s.search(ctx, f, d, why); told {
				return is
			}
		}
	}
	return s.settle(ctx, d, func(d Delivery) (Delivery, journal.What) {
		d.Content.Doubt = false
		return d.ended(Unknown, "it can't be told whether it arrived: look at the account, and say so here ("+why+")", s.Now()), journal.DeliveryUnknown
	}, nil)
}

// search asks f again and again. told says that it is settled what becomes of d, or is somebody else's to settle.
func (s *Service) search(ctx context.Context, f channel.Finder, d Delivery, why string) (is Delivery, told bool) {
	last := d.last
	for pause := time.Second; ; pause *= 2 {
		r, there, err := s.ask(ctx, f, d)
		switch {
		case err == nil && there:
			return s.settle(ctx, d, func(d Delivery) (Delivery, journal.What) { return d.sent(r, s.Now()), journal.DeliverySent }, &r), true
		case err == nil:
			return s.settle(ctx, d, func(d Delivery) (Delivery, journal.What) {
				d.last = last
				if d = d.missed(why, s.Now()); d.State == Failed {
					return d, journal.DeliveryFailed
				}
				return d, ""
			}, nil), true
		}
		if ctx.Err() != nil { // we are being stopped: whoever comes after us asks
			return d, true
		}
		t, now := channel.TroubleOf(err), s.Now()
		switch wait := t.Until.Sub(now); {
		case t.Deed == channel.Wait && wait <= waitHere:
			pause = max(pause, wait+10*time.Millisecond)
		case t.Deed == channel.Wait && wait <= doubtLife && !d.tooOld(now):
			return s.settle(ctx, d, func(d Delivery) (Delivery, journal.What) { return d.doubted(t.Until, s.Now(), why), "" }, nil), true
		case t.Deed != channel.Again:
			return d, false
		}
		if now.Add(pause).Sub(d.StartedAt) > findLimit {
			return d, false
		}
		if !s.stillOurs(ctx, d) {
			return d, true
		}
		select {
		case <-ctx.Done():
			return d, true
		case <-time.After(pause):
		}
	}
}

func (s *Service) ask(ctx context.Context, f channel.Finder, d Delivery) (channel.Receipt, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	o, err := s.outgoing(ctx, d)
	if err != nil {
		return channel.Receipt{}, false, err
	}
	return f.Find(ctx, o)
}

// stillOurs lengthens the lease while the far side is being asked.
func (s *Service) stillOurs(ctx context.Context, d Delivery) bool {
	ours := false
	err := s.Store.Tx(ctx, func(tx *store.Tx) error {
		now, err := lock(ctx, tx, d.ID)
		if ours = err == nil && now.State == Sending && now.Fence == d.Fence; !ours {
			return err
		}
		now.LeaseUntil = s.Now().Add(leaseLife)
		return save(ctx, tx, now)
	})
	return err == nil && ours
}

// sent is d with the far side's word.
func (d Delivery) sent(r channel.Receipt, now time.Time) Delivery {
	d = d.ended(Sent, "", now)
	d.SentAt, d.RemoteID, d.URL = now, r.RemoteID, r.URL
	return d
}

// settle writes the outcome of a try. Who has lost the fence may still bring proof that it was sent, and nothing else.
func (s *Service) settle(ctx context.Context, d Delivery, outcome func(Delivery) (Delivery, journal.What), r *channel.Receipt) Delivery {
	var is Delivery
	ctx = context.WithoutCancel(ctx)
	for try := 0; ; try++ {
		err := s.Store.Tx(ctx, func(tx *store.Tx) error {
			was, err := lock(ctx, tx, d.ID)
			if err != nil {
				return err
			}
			if is = was; was.State == Sent || r == nil && (was.State != Sending || was.Fence != d.Fence) {
				return nil
			}
			var what journal.What
			is, what = outcome(was)
			if r != nil {
				if err := s.record(ctx, tx, &is, *r); err != nil {
					return err
				}
			}
			if err := save(ctx, tx, is); err != nil || what == "" {
				return err
			}
			return s.tell(ctx, tx, journal.Machine, what, is, "remoteId", is.RemoteID)
		})
		if err == nil {
			return is
		}
		s.Log.Error("the outcome of a delivery could not be stored; trying again", "delivery", d.ID.String(), "error", err)
		if try == 10 { // the lease runs out, and the watchdog asks the far side
			return d
		}
		time.Sleep(time.Duration(try+1) * 200 * time.Millisecond)
	}
}

// record makes the message that d became part of its conversation. Its echo may have come first: it is the same message then.
// The conversation is locked before its messages, as intake does it, so that neither waits for the other crosswise.
func (s *Service) record(ctx context.Context, tx *store.Tx, d *Delivery, r channel.Receipt) error {
	at := d.SentAt
	if !r.At.IsZero() && !r.At.After(at) {
		at = r.At
	}
	var was desk.Conversation
	if !d.Conversation.IsZero() {
		var err error
		if was, err = desk.LoadOne(ctx, tx, d.Conversation); err != nil {
			return err
		}
	}
	known, err := desk.MessagesByRemote(ctx, tx, d.Account, []string{r.RemoteID})
	if err != nil {
		return err
	}
	m, echoed := known[r.RemoteID]
	if echoed {
		had := m.Conversation
		m.Person, m.Conversation, m.Rest.ByHand = d.Author, d.Conversation, false
		if err := desk.SaveMessage(ctx, tx, m); err != nil {
			return err
		}
		echoed = !had.IsZero()
	} else {
		a, err := account.One(ctx, tx, d.Account)
		if err != nil {
			return err
		}
		m = s.message(*d, r, at, a)
		if err := s.addParent(ctx, tx, *d, &m); err != nil {
			return err
		}
		if err := desk.AddMessages(ctx, tx, []desk.Message{m}); err != nil {
			return err
		}
	}
	d.Message = m.ID
	if err := account.Sent(ctx, tx, d.Account, at); err != nil || d.Conversation.IsZero() {
		return err
	}
	return s.answered(ctx, tx, *d, was, m, echoed, at)
}

func (s *Service) message(d Delivery, r channel.Receipt, at time.Time, a account.Account) desk.Message {
	kind := channel.Reply
	switch {
	case a.Channel == "email":
		kind = channel.Email
	case d.Private:
		kind = channel.Direct
	case d.Parent.IsZero():
		kind = channel.Post
	}
	m := desk.Message{ID: desk.MessageID(s.Store.IDs.Next()), Conversation: d.Conversation, Account: d.Account, RemoteID: r.RemoteID, URI: r.URI,
		Version: r.Version, Direction: desk.Out, Kind: kind, Private: d.Private, Person: d.Author, Subject: d.Subject, Text: d.Text, At: at, ReceivedAt: s.Now(),
		Rest: desk.Rest{Thread: r.ThreadID, URL: r.URL, Lang: d.Content.Lang}}
	if m.Rest.Thread == "" && d.Parent.IsZero() {
		m.Rest.Thread = r.URI
	}
	return m
}

func (s *Service) addParent(ctx context.Context, tx *store.Tx, d Delivery, m *desk.Message) error {
	if d.Parent.IsZero() {
		return nil
	}
	list, err := desk.Messages(ctx, tx, []desk.MessageID{d.Parent})
	p := list[d.Parent]
	m.Parent = p.RemoteID
	if m.Rest.Thread == "" {
		m.Rest.Thread = p.Rest.Thread
	}
	return err
}

// answered ends the contact's waiting.
func (s *Service) answered(ctx context.Context, tx *store.Tx, d Delivery, was desk.Conversation, m desk.Message, echoed bool, at time.Time) error {
	is := was
	if !echoed {
		is = is.Said(m, s.Now())
	}
	waited := was.Waited(at)
	if then := d.Then; was.LastInAt.After(d.CreatedAt) { // the contact wrote again meanwhile: that is not answered by this
		is.AnsweredAt, is.AnsweredBy = at, d.Author
	} else {
		is = is.Answered(d.Author, at, then, s.Desk.House.Terms(was.Department))
	}
	if err := desk.Save(ctx, tx, desk.Change{Was: was, Is: is}); err != nil {
		return err
	}
	if !d.Author.IsZero() {
		if err := contact.Answered(ctx, tx, is.Contact, d.Author, at); err != nil {
			return err
		}
	}
	what := journal.Waiting
	switch is.State {
	case desk.Closed:
		what = journal.Closed
	case desk.Open:
		return nil
	}
	return journal.Write(ctx, tx, journal.Entry{Who: journal.Machine, What: what, Conversation: int64(is.ID), Data: journal.Data("seconds", waited, "clock", was.Clock.Kind, "by", d.Author)})
}
