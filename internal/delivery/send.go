package delivery

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/desk"
	"switchboard/internal/egress"
	"switchboard/internal/fault"
	"switchboard/internal/job"
	"switchboard/internal/journal"
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
	job.Handle(s.Jobs, job.Options{Timeout: 3 * time.Minute}, func(ctx context.Context, a deliver) error { return s.Deliver(ctx, a.Delivery) })
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
	if t.Deed == channel.Reconnect || t.Deed == channel.Operator || t.Deed == channel.Wait && !t.Only {
		s.Book.Mute(ctx, d.Account, err, d.StartedAt)
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
	limit := sendLimit
	if len(d.Content.Uploads) > 0 {
		limit = fileLimit
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	ctx, stop := s.alive(ctx, d)
	defer stop()
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
