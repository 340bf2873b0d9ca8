package staff

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"switchboard/internal/clock"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// House is what the first-run wizard asks.
type House struct {
	Name, Email, Password string // of the first administrator
	Organisation          Organisation
	Template              string   // the Key of a Template
	Keep                  []string // names of its departments that are wanted; none: all. The operator's is always kept
}

// NeedsSetup reports whether nobody works here yet.
func (s *Staff) NeedsSetup(ctx context.Context) (bool, error) {
	r, err := s.Roster(ctx)
	return err == nil && len(r.People()) == 0, err
}

// PrepareSetup makes the one-time set-up token when nobody works here yet, and "" otherwise. An older token dies. The server
// prints the link; that is the only way into an empty house.
func (s *Staff) PrepareSetup(ctx context.Context) (string, error) {
	need, err := s.NeedsSetup(ctx)
	if err != nil || !need {
		return "", err
	}
	secret := token()
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		return saveSetupToken(ctx, tx, hex.EncodeToString(tokenHash(secret)))
	})
	return secret, err
}

// MaySetUp is nil when secret is the present set-up token and nobody works here yet.
func (s *Staff) MaySetUp(ctx context.Context, secret string) error {
	return maySetUp(ctx, s.Store.Read(), secret)
}

func maySetUp(ctx context.Context, q store.Queryer, secret string) error {
	kept, people, err := setupState(ctx, q)
	switch {
	case err != nil:
		return err
	case people > 0:
		return fault.New(fault.Conflict, "this house is set up already: sign in")
	case kept == "" || subtle.ConstantTimeCompare([]byte(kept), []byte(hex.EncodeToString(tokenHash(secret)))) != 1:
		return fault.New(fault.Forbidden, "this set-up link is not valid: take the newest one that the server printed when it started")
	}
	return nil
}

// SetUp makes the first administrator, the organisation's settings and the departments, all or nothing, once.
func (s *Staff) SetUp(ctx context.Context, secret string, h House, from string) (p Person, err error) {
	if err := s.MaySetUp(ctx, secret); err != nil {
		return p, err
	}
	if h.Organisation, err = h.Organisation.check(); err != nil {
		return p, within("organisation", err)
	}
	if h.Organisation.Hours == nil {
		office := clock.Office(h.Organisation.Zone, "09:00", "17:30")
		h.Organisation.Hours = &office
	}
	if h.Name, err = named("administrator.name", h.Name, 120); err != nil {
		return p, err
	}
	if h.Email, err = address("administrator.email", h.Email); err != nil {
		return p, err
	}
	if err := usable("administrator.password", h.Password, h.Email, h.Name, h.Organisation.Name); err != nil {
		return p, err
	}
	list, err := h.departments(s.Store.IDs, s.Now().UTC())
	if err != nil {
		return p, err
	}
	hash, err := s.hash(ctx, h.Password)
	if err != nil {
		return p, err
	}
	err = s.change(ctx, func(tx *store.Tx) error {
		if err := maySetUp(ctx, tx, secret); err != nil {
			return err
		}
		p = s.newPerson(h.Email, h.Name, Administrator, h.Organisation.Zone)
		return s.furnish(ctx, tx, h, list, &p, hash, from)
	})
	return p, err
}

// furnish writes what SetUp has checked.
func (s *Staff) furnish(ctx context.Context, tx *store.Tx, h House, list []Department, p *Person, hash, from string) error {
	if err := saveOrganisation(ctx, tx, h.Organisation); err != nil {
		return err
	}
	for _, d := range list {
		if err := insertDepartment(ctx, tx, d); err != nil {
			return err
		}
		if d.Operator {
			p.Departments = []DepartmentID{d.ID}
		}
	}
	if err := insertPerson(ctx, tx, *p, hash); err != nil {
		return err
	}
	if err := removeSetupToken(ctx, tx); err != nil {
		return err
	}
	return tell(ctx, tx, Actor{Person: p.ID, Role: p.Role, From: from}, journal.SetUp, journal.About("person", p.ID), "template", h.Template)
}

// departments are those of the template that are wanted.
func (h House) departments(ids *id.Maker, now time.Time) ([]Department, error) {
	k := slices.IndexFunc(Templates(), func(t Template) bool { return t.Key == h.Template })
	if k < 0 {
		return nil, fault.In("template", "there is no such template: take one of those offered")
	}
	t := Templates()[k]
	for _, name := range h.Keep {
		if !slices.ContainsFunc(t.Departments, func(d Department) bool { return d.Name == name }) {
			return nil, fault.In("departments", "the template has no department of that name: "+strings.ToValidUTF8(name, "?"))
		}
	}
	var out []Department
	for _, d := range t.Departments {
		if len(h.Keep) > 0 && !d.Operator && !slices.Contains(h.Keep, d.Name) {
			continue
		}
		d.ID, d.CreatedAt = id.Next[Department](ids), now
		out = append(out, d)
	}
	return out, nil
}

// Furnish sets an empty house up without a token and a wizard: for the demo and for tests.
func (s *Staff) Furnish(ctx context.Context, h House) (Person, error) {
	secret, err := s.PrepareSetup(ctx)
	if err != nil {
		return Person{}, err
	}
	return s.SetUp(ctx, secret, h, "")
}

const setupToken = "set-up token"

func setupState(ctx context.Context, q store.Queryer) (kept string, people int, err error) {
	err = q.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = $1`, setupToken).Scan(&kept)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", 0, err
	}
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM person`).Scan(&people)
	return kept, people, err
}

func saveSetupToken(ctx context.Context, tx *store.Tx, hash string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, setupToken, hash)
	return err
}

func removeSetupToken(ctx context.Context, tx *store.Tx) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM meta WHERE name = $1`, setupToken)
	return err
}
