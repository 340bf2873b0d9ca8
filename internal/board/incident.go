package board

import (
	"context"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/storm"
)

// IncidentID is the id of an Incident.
type IncidentID = id.Of[Incident]

// Incident is many messages about one thing in a short time.
type Incident struct {
	ID         IncidentID
	Key        storm.Key
	Open       bool
	StartedAt  time.Time
	LastAt     time.Time // when the last conversation joined it
	EndedAt    time.Time
	EndedBy    staff.PersonID     // zero: it ended by itself
	Department staff.DepartmentID // who took it as a whole; zero: nobody has
	Person     staff.PersonID
	Usual      int // as many conversations in a quarter of an hour are usual
	Seen       int // as many there were when it was found
}

// Held is an incident with what somebody may see of it.
type Held struct {
	Incident
	Conversations int // of those they may see
	Waiting       int // of these, open
}

// quiet is after how long without a new conversation an incident ends by itself.
const quiet = 45 * time.Minute

// Incidents returns the open incidents and those that ended in the last day, as far as somebody sees a conversation of them; the
// newest first.
func (b *Board) Incidents(ctx context.Context, who staff.Actor) ([]Held, error) {
	if err := may(who); err != nil {
		return nil, err
	}
	list, err := incidents(ctx, b.Store.Read(), b.Now().Add(-24*time.Hour))
	if err != nil {
		return nil, err
	}
	var out []Held
	for _, i := range list {
		h, err := b.held(ctx, who, i)
		if err != nil {
			return nil, err
		}
		if h.Conversations > 0 {
			out = append(out, h)
		}
	}
	return out, nil
}

// may is nil for who may look at the board at all: not for who is outside the house.
func may(who staff.Actor) error { return who.Require(staff.SeePeople) }

func (b *Board) held(ctx context.Context, who staff.Actor, i Incident) (h Held, err error) {
	h.Incident = i
	h.Conversations, h.Waiting, err = countOf(ctx, b.Store.Read(), who, i.ID)
	return h, err
}

// Incident returns one, with the conversations of it that somebody may see: those that wait first.
func (b *Board) Incident(ctx context.Context, who staff.Actor, of IncidentID) (h Held, rows []desk.Row, err error) {
	if err := may(who); err != nil {
		return h, nil, err
	}
	i, err := incident(ctx, b.Store.Read(), of)
	if err != nil {
		return h, nil, err
	}
	ids, err := conversationsOf(ctx, b.Store.Read(), who, of)
	if err != nil {
		return h, nil, err
	}
	if rows, err = b.Desk.Listed(ctx, who, ids); err != nil {
		return h, nil, err
	}
	h.Incident = i
	for _, r := range rows {
		h.Conversations++
		if r.State == desk.Open {
			h.Waiting++
		}
	}
	if h.Conversations == 0 {
		return h, nil, fault.New(fault.NotFound, none)
	}
	return h, rows, nil
}

const none = "there is no such incident, or nothing of it is for your eyes"

// Take gives an incident as a whole to a department, or to a person of one: its open conversations that who asks may work on are
// put through, one by one, and what joins it later goes there too. What could not be put through is counted as left.
func (b *Board) Take(ctx context.Context, who staff.Actor, of IncidentID, to staff.DepartmentID, person staff.PersonID) (h Held, left int, err error) {
	if err := who.Require(staff.PutThrough); err != nil {
		return h, 0, err
	}
	h, _, err = b.Incident(ctx, who, of)
	switch {
	case err != nil:
		return h, 0, err
	case !h.Open:
		return h, 0, fault.New(fault.Conflict, "this incident is over: put its conversations through one by one")
	case !b.handles(who, h.Incident):
		return h, 0, fault.New(fault.Forbidden, "somebody else has this incident: ask them, or a manager")
	}
	if !person.IsZero() && to.IsZero() {
		to, _ = b.Desk.House.Home(person)
	}
	if _, ok := b.Desk.House.Home(person); !person.IsZero() && !ok {
		return h, 0, fault.New(fault.NotFound, "there is no such person here")
	}
	if !b.Desk.House.Exists(to) {
		return h, 0, fault.New(fault.NotFound, "there is no such department here")
	}
	err = b.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := takeIncident(ctx, tx, of, to, person); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.IncidentTaken, About: journal.About("incident", of),
			Data: journal.Data("department", to, "person", person, "conversations", h.Conversations)})
	})
	if err != nil {
		return h, 0, err
	}
	if left, err = b.putThrough(ctx, who, of, to, person); err != nil { // after it was taken: what joins from now on follows by itself
		return h, left, err
	}
	h.Incident, err = incident(ctx, b.Store.Read(), of)
	return h, left, err
}

// putThrough gives all open conversations of an incident on that somebody may see, and returns how many of them it could not.
func (b *Board) putThrough(ctx context.Context, who staff.Actor, of IncidentID, to staff.DepartmentID, person staff.PersonID) (left int, err error) {
	var after desk.ConversationID
	for {
		ids, err := notClosedOf(ctx, b.Store.Read(), of, after)
		if err != nil || len(ids) == 0 {
			return left, err
		}
		for _, id := range ids {
			_, err := b.Desk.FollowIncident(ctx, who, id, to, person, of.String())
			if ctx.Err() != nil {
				return left, ctx.Err()
			}
			if err != nil && fault.KindOf(err) != fault.NotFound { // not for their eyes
				left++
			}
		}
		after = ids[len(ids)-1]
	}
}

// handles reports whether who may take or end an incident: of what somebody has, they, their department and who sees all.
func (b *Board) handles(who staff.Actor, i Incident) bool {
	return who.Can(staff.PutThrough) && (i.Department.IsZero() || who.Can(staff.SeeAll) || who.In(i.Department) || i.Person == who.Person)
}

// CanHandle is handles, for the screen.
func (b *Board) CanHandle(who staff.Actor, i Incident) bool { return i.Open && b.handles(who, i) }

// End ends an incident by hand.
func (b *Board) End(ctx context.Context, who staff.Actor, of IncidentID) (h Held, err error) {
	if err := who.Require(staff.PutThrough); err != nil {
		return h, err
	}
	if h, _, err = b.Incident(ctx, who, of); err != nil {
		return h, err
	}
	if !b.handles(who, h.Incident) {
		return h, fault.New(fault.Forbidden, "somebody else has this incident: ask them, or a manager")
	}
	if err := b.end(ctx, who, h.Incident); err != nil {
		return h, err
	}
	h.Incident, err = incident(ctx, b.Store.Read(), of)
	return h, err
}

func (b *Board) end(ctx context.Context, who staff.Actor, i Incident) error {
	return b.Store.Tx(ctx, func(tx *store.Tx) error {
		ended, err := endIncident(ctx, tx, i.ID, who.Person, b.Now())
		if err != nil || !ended {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.IncidentEnded, About: journal.About("incident", i.ID),
			Data: journal.Data("kind", i.Key.Kind)})
	})
}
