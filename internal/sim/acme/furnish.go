package acme

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/clock"
	"switchboard/internal/sim/far"
	"switchboard/internal/staff"
	"switchboard/internal/triage"
)

// zone is where ACME is at home.
const zone = "Europe/Berlin"

// accountNames are the accounts in the order they are connected.
var accountNames = []string{"acme", "acme_help", "acme_jobs", "press", "billing", "reviews", "news", "closed", "acme_outlet"}

// furnish makes the departments, the people, the accounts and the rights.
func (d *Demo) furnish(ctx context.Context) error {
	always := clock.Hours{Zone: zone, Always: true}
	_, err := d.app.Staff.Furnish(ctx, staff.House{Name: adaName, Email: adaEmail, Password: d.state.Password,
		Organisation: staff.Organisation{Name: "ACME Household", PublicURL: cmp.Or(d.o.URL, "http://localhost:8080"), Zone: zone, Locale: "en-GB", Hours: &always},
		Template:     "split", Keep: []string{operatorQueue, "Customer service", "Press and PR", "Marketing", "Sales", "Product", "People and careers", "Accounts"}})
	if err != nil {
		return err
	}
	if err := d.departments(ctx); err != nil {
		return err
	}
	if err := d.hire(ctx); err != nil {
		return err
	}
	for _, name := range accountNames {
		ch, title, settings := d.town.settings(name, d.state.Secret)
		a, err := d.app.Book.Connect(ctx, d.ada(), ch, title, settings)
		if err != nil {
			return fmt.Errorf("connecting %s: %w", name, err)
		}
		d.accounts[name], d.state.Accounts[name] = a.ID, a.ID.String()
		if err := d.app.Book.SetRights(ctx, d.ada(), a.ID, d.rights(name)); err != nil {
			return err
		}
	}
	if err := d.know(ctx); err != nil {
		return err
	}
	if err := d.topics(ctx); err != nil {
		return err
	}
	if err := d.answers(ctx); err != nil {
		return err
	}
	return d.app.Brain.Train(ctx)
}

// departments makes ACME's of the template's: the words are from the ready-made packs, in all languages, and ACME's own.
func (d *Demo) departments(ctx context.Context) error {
	have := map[string]staff.DepartmentID{}
	list, err := d.app.Staff.Departments(ctx, staff.Machine())
	if err != nil {
		return err
	}
	for _, x := range list {
		have[x.Name] = x.ID
	}
	packs := triage.Packs()
	ready := packs.Departments(packs.Languages...)
	if of, ok := have[operatorQueue]; ok { // what else the template gives it others have here
		if _, err := d.app.Staff.ChangeDepartment(ctx, staff.Machine(), of, staff.DepartmentChange{Intents: &[]string{"other"}}); err != nil {
			return err
		}
	}
	for _, q := range queues {
		phrases := slices.Clone(q.phrases)
		for _, p := range ready {
			if slices.Contains(q.from, p.Key) {
				phrases = append(phrases, p.Phrases...)
			}
		}
		phrases = phrases[:min(len(phrases), 290)]
		intents, takeBack, moveOn := strings.Fields(q.intents), 30*time.Minute, time.Duration(0) // nothing of the history goes on by itself
		c := staff.DepartmentChange{Name: &q.name, Summary: &q.summary, Phrases: &phrases, Intents: &intents, TakeBack: &takeBack, MoveOn: &moveOn,
			Targets: &staff.Targets{FirstResponse: q.first, NextResponse: q.next, Resolution: 24 * time.Hour}}
		if of, ok := have[q.name]; ok {
			_, err = d.app.Staff.ChangeDepartment(ctx, staff.Machine(), of, c)
		} else {
			_, err = d.app.Staff.AddDepartment(ctx, staff.Machine(), c)
		}
		if err != nil {
			return fmt.Errorf("department %s: %w", q.name, err)
		}
	}
	return nil
}

// goOn lets what nobody takes go on from now.
func (d *Demo) goOn(ctx context.Context) error {
	list, err := d.app.Staff.Departments(ctx, staff.Machine())
	if err != nil {
		return err
	}
	for _, x := range list {
		after := 30 * time.Minute
		if _, err := d.app.Staff.ChangeDepartment(ctx, staff.Machine(), x.ID, staff.DepartmentChange{MoveOn: &after}); err != nil {
			return err
		}
	}
	return nil
}

// hire brings the people in.
func (d *Demo) hire(ctx context.Context) error {
	list, err := d.app.Staff.Departments(ctx, staff.Machine())
	if err != nil {
		return err
	}
	for _, m := range members {
		p := staff.Person{Name: m.name, Email: m.email(), Role: m.role, Zone: zone, Languages: strings.Fields(m.languages), Capacity: 40}
		for s := range strings.SplitSeq(m.skills, ",") {
			if s = strings.TrimSpace(s); s != "" {
				p.Skills = append(p.Skills, s)
			}
		}
		for _, x := range list {
			if x.Name == m.department {
				p.Departments = []staff.DepartmentID{x.ID}
			}
		}
		p.Hours = &clock.Hours{Zone: zone, Always: true}
		if m.hours {
			office := clock.Office(zone, "08:30", "17:00")
			p.Hours = &office
		}
		if _, err := d.app.Staff.AddPerson(ctx, staff.Machine(), p, ""); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return d.know(ctx)
}

// know looks who is there.
func (d *Demo) know(ctx context.Context) error {
	r, err := d.app.Staff.Roster(ctx)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.people)
	for _, x := range r.Departments() {
		d.homes[x.Name] = x.ID
	}
	for _, p := range r.People() {
		if p.State == staff.Active {
			d.people[p.Name] = p
		}
	}
	return nil
}

// person returns one of ACME's people as an actor; nobody when they are gone.
func (d *Demo) person(name string) staff.Actor {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.people[name]
	if !ok {
		return staff.Actor{}
	}
	return p.ActorOf()
}

func (d *Demo) ada() staff.Actor {
	if a := d.person(adaName); a.Signed() {
		return a
	}
	return staff.Machine()
}

// rights are who may speak for an account without asking: those who deal with customers every day for the public ones, the
// department itself for the others. A contributor's words wait for an approval.
func (d *Demo) rights(name string) (list []account.Right) {
	only := map[string]string{"acme_jobs": "People and careers"}[name]
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range members {
		p, there := d.people[m.name]
		switch {
		case !there || m.role != staff.Member && m.role != staff.Operator:
		case only == "" || only == m.department || m.role == staff.Operator:
			list = append(list, account.Right{Person: p.ID, Duty: account.Speak})
		}
	}
	if p, ok := d.people["Noor Haddad"]; ok {
		list = append(list, account.Right{Person: p.ID, Duty: account.Manage})
	}
	return list
}

// spoil puts two accounts into trouble: one whose site answers with errors, and one whose token was revoked.
func (d *Demo) spoil() {
	d.town.closed.Faults.Set(far.Fault{Do: far.ServerError, Status: 500})
	d.town.social.Revoke(d.town.outlet)
}
