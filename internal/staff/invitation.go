package staff

import (
	"context"
	"slices"
	"time"

	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// InvitationLife is how long an invitation can be used.
const InvitationLife = 72 * time.Hour

// InvitationID is the id of an Invitation.
type InvitationID = id.Of[Invitation]

// Invitation is a place offered to somebody. Its token is shown once, used once, and dies with a newer one to the same address.
type Invitation struct {
	ID          InvitationID
	Email       string
	Name        string
	Role        Role
	Departments []DepartmentID
	InvitedBy   PersonID
	CreatedAt   time.Time
	ExpiresAt   time.Time
	Mailed      bool // it was written to them; only said when it is made
}

// Invite offers a place. The token is returned this once; it goes into the link after the #, where no server log sees it.
func (s *Staff) Invite(ctx context.Context, who Actor, i Invitation) (_ Invitation, secret string, err error) {
	if err := who.Require(StaffManage); err != nil {
		return i, "", err
	}
	if i.Email, err = address("email", i.Email); err != nil {
		return i, "", err
	}
	if i.Name, err = named("name", i.Name, 120); err != nil {
		return i, "", err
	}
	if err := knownRole("role", i.Role); err != nil {
		return i, "", err
	}
	i.ID, i.InvitedBy, secret = id.Next[Invitation](s.Store.IDs), who.Person, token()
	i.CreatedAt = s.Now().UTC().Truncate(time.Microsecond)
	i.ExpiresAt = i.CreatedAt.Add(InvitationLife)
	i.Departments = slices.Compact(slices.Sorted(slices.Values(i.Departments)))
	i.Mailed = s.canSend(ctx, i.Email)
	err = s.change(ctx, func(tx *store.Tx) error {
		if err := knownDepartments(ctx, tx, "departments", i.Departments); err != nil {
			return err
		}
		of, _, _, err := credentials(ctx, tx, i.Email)
		if err != nil {
			return err
		}
		if of != 0 {
			return fault.New(fault.Conflict, "somebody with this address is here already")
		}
		if err := removeInvitationsTo(ctx, tx, i.Email); err != nil {
			return err
		}
		if err := insertInvitation(ctx, tx, i, tokenHash(secret)); err != nil {
			return err
		}
		note := Note{Kind: NoteInvited, About: i.ID.String(), To: i.Email, Name: i.Name, By: who.Name, Secret: secret, Until: i.ExpiresAt}
		if err := s.write(ctx, tx, i.Mailed, note); err != nil {
			return err
		}
		return tell(ctx, tx, who, journal.PersonInvited, journal.About("invitation", i.ID), "role", i.Role)
	})
	if err != nil {
		return i, "", err
	}
	return i, secret, nil
}

// Invitations returns those that can still be used, newest first.
func (s *Staff) Invitations(ctx context.Context, who Actor) ([]Invitation, error) {
	if err := who.Require(StaffManage); err != nil {
		return nil, err
	}
	return openInvitations(ctx, s.Store.Read(), s.Now())
}

// RevokeInvitation takes an invitation back.
func (s *Staff) RevokeInvitation(ctx context.Context, who Actor, of InvitationID) error {
	if err := who.Require(StaffManage); err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		if err := removeInvitation(ctx, tx, of); err != nil {
			return err
		}
		if err := s.recall(ctx, tx, NoteInvited, of.String()); err != nil {
			return err
		}
		return tell(ctx, tx, who, journal.InvitationRevoked, journal.About("invitation", of))
	})
}

// Invited returns the invitation that secret opens; NotFound when it was used, taken back or is too old.
func (s *Staff) Invited(ctx context.Context, secret string) (Invitation, error) {
	return invitation(ctx, s.Store.Read(), tokenHash(secret), s.Now())
}

// Join takes an invitation up: the person is here from then on. Of many tries with one secret at most one succeeds.
func (s *Staff) Join(ctx context.Context, secret, name, password, zoneName, from string) (p Person, err error) {
	i, err := s.Invited(ctx, secret)
	if err != nil {
		return p, err
	}
	if name, err = named("name", name, 120); err != nil {
		return p, err
	}
	if zoneName, err = zone("zone", zoneName); err != nil {
		return p, err
	}
	if err := usable("password", password, i.Email, name); err != nil {
		return p, err
	}
	h, err := s.hash(ctx, password)
	if err != nil {
		return p, err
	}
	err = s.change(ctx, func(tx *store.Tx) error {
		if i, err = invitation(ctx, tx, tokenHash(secret), s.Now()); err != nil {
			return err
		}
		if err := useInvitation(ctx, tx, i.ID, s.Now()); err != nil {
			return err
		}
		p = s.newPerson(i.Email, name, i.Role, zoneName)
		if p.Departments, err = stillThere(ctx, tx, i.Departments); err != nil {
			return err
		}
		if err := insertPerson(ctx, tx, p, h); err != nil {
			if store.Repeated(err) {
				return fault.New(fault.Conflict, "somebody with this address is here already")
			}
			return err
		}
		return tell(ctx, tx, Actor{Person: p.ID, Role: p.Role, From: from}, journal.PersonJoined, journal.About("person", p.ID), "role", p.Role)
	})
	return p, err
}

// newPerson is somebody new, at work, with a capacity to start from.
func (s *Staff) newPerson(email, name string, role Role, zone string) Person {
	return Person{ID: id.Next[Person](s.Store.IDs), Name: name, Email: email, Role: role, State: Active, Zone: zone,
		Departments: []DepartmentID{}, Skills: []string{}, Languages: []string{}, Absences: []Absence{}, Capacity: 25, Here: true,
		CreatedAt: s.Now().UTC().Truncate(time.Microsecond), epoch: 1}
}

// stillThere is list without departments that were retired meanwhile.
func stillThere(ctx context.Context, q store.Queryer, list []DepartmentID) ([]DepartmentID, error) {
	all, err := departments(ctx, q)
	out := []DepartmentID{}
	for _, d := range list {
		if slices.ContainsFunc(all, func(o Department) bool { return o.ID == d }) {
			out = append(out, d)
		}
	}
	return out, err
}

// AddPerson puts somebody in without an invitation, for commands at the server's own prompt, the demo and tests. An empty
// password lets nobody in.
func (s *Staff) AddPerson(ctx context.Context, who Actor, p Person, password string) (_ Person, err error) {
	if err := who.Require(StaffManage); err != nil {
		return p, err
	}
	n := s.newPerson("", "", p.Role, "")
	if n.Email, err = address("email", p.Email); err != nil {
		return p, err
	}
	if n, err = n.with(PersonChange{Name: &p.Name, Role: &p.Role, Zone: &p.Zone, Departments: &p.Departments, Skills: &p.Skills,
		Languages: &p.Languages, Hours: p.Hours}); err != nil {
		return p, err
	}
	if p.Capacity > 0 {
		n.Capacity = p.Capacity
	}
	hash := ""
	if password != "" {
		if err := usable("password", password); err != nil {
			return p, err
		}
		if hash, err = s.hash(ctx, password); err != nil {
			return p, err
		}
	}
	err = s.change(ctx, func(tx *store.Tx) error {
		if err := knownDepartments(ctx, tx, "departments", n.Departments); err != nil {
			return err
		}
		if err := insertPerson(ctx, tx, n, hash); err != nil {
			if store.Repeated(err) {
				return fault.New(fault.Conflict, "somebody with this address is here already")
			}
			return err
		}
		return tell(ctx, tx, who, journal.PersonJoined, journal.About("person", n.ID), "role", n.Role)
	})
	return n, err
}
