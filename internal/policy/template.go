package policy

import (
	"context"
	"slices"

	"switchboard/internal/desk"
	"switchboard/internal/staff"
)

// Template is a way to divide the work, filled in with the departments there are.
type Template struct {
	Key, Title, Summary string
	Rows                []Row
}

// duty is what a department is there for, told by an intent it states: two houses name their departments differently, but
// whoever answers journalists answers "press".
type duty struct {
	intent string
	others []string // intents of that duty that nobody may have stated
}

var (
	service   = duty{"support", []string{"support", "complaint", "procedure", "billing", "sales", "careers", "other"}}
	relations = duty{"press", []string{"press", "abuse", "partnership"}}
	marketing = duty{"praise", []string{"praise", "community", "feedback"}}
)

func templateKeys() []string { return []string{"split", "hub", "central", "everyone"} }

// Templates returns the templates, filled in with the departments there are. Nothing is kept.
func (p *Policy) Templates(ctx context.Context, who staff.Actor) ([]Template, error) {
	if err := who.Require(staff.SeeAll); err != nil {
		return nil, err
	}
	r, err := p.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	return templates(r.Departments(), r.Operator()), nil
}

func templates(all []staff.Department, operator staff.Department) []Template {
	f := filler{all, operator}
	return []Template{
		{"split", "Service, PR and marketing", "Each department answers what is its own: service the questions and complaints, PR the journalists, marketing the praise and ideas. Right for most companies.", f.split()},
		{"hub", "A hub with spokes", "One team answers nearly everything; what only a department can know goes to that department.", f.hub()},
		{"central", "One central team", "A single team answers everything. Right for a small company, or to begin with.", f.central()},
		{"everyone", "Horses for courses", "Nothing is fixed but who speaks to journalists and applicants: each message goes to whoever answers its like best.", f.everyone()},
	}
}

// filler fills templates in.
type filler struct {
	all      []staff.Department
	operator staff.Department
}

// states is the first department that states an intent. The operator's has only what no other has.
func (f filler) states(intent string) (staff.Department, bool) {
	var kept staff.Department
	for _, d := range f.all {
		if slices.Contains(d.Intents, intent) {
			if d.ID != f.operator.ID {
				return d, true
			}
			kept = d
		}
	}
	return kept, !kept.ID.IsZero()
}

// intents are those that go to a department: spam goes to nobody.
func intents() []string {
	return slices.DeleteFunc(desk.Intents(), func(i string) bool { return i == "spam" })
}

func (f filler) row(intent, standing string, d staff.Department) Row {
	r := Row{Intent: intent, Standing: standing, Department: d.ID, StandIn: d.StandIn}
	if r.StandIn == r.Department {
		r.StandIn = 0
	}
	return r
}

// people are the rows for who must always reach the same department, whatever they write.
func (f filler) people() (rows []Row) {
	if d, ok := f.states("press"); ok {
		rows = append(rows, f.row("", "journalist", d))
	}
	if d, ok := f.states("careers"); ok {
		rows = append(rows, f.row("", "candidate", d))
	}
	return rows
}

func (f filler) split() []Row {
	rows := f.people()
	for _, i := range intents() {
		d, ok := f.states(i)
		for _, k := range []duty{service, relations, marketing} {
			if !ok && slices.Contains(k.others, i) {
				d, ok = f.states(k.intent)
			}
		}
		if !ok {
			d = f.operator
		}
		rows = append(rows, f.row(i, "", d))
	}
	return rows
}

// hub gives the hub all but what departments must answer themselves.
func (f filler) hub() []Row {
	hub := f.team()
	rows := f.people()
	for _, i := range []string{"press", "careers", "billing", "sales"} {
		if d, ok := f.states(i); ok && d.ID != hub.ID {
			rows = append(rows, f.row(i, "", d))
		}
	}
	return append(rows, f.row("", "", hub))
}

func (f filler) central() []Row { return []Row{f.row("", "", f.team())} }

func (f filler) everyone() []Row {
	rows := f.people()
	if rows == nil {
		rows = []Row{}
	}
	return rows
}

// team is who would answer everything: of those who answer support now whoever states most besides, else the operator's
// department.
func (f filler) team() staff.Department {
	best, found := f.operator, false
	for _, d := range f.all {
		if slices.Contains(d.Intents, "support") && (!found || len(d.Intents) > len(best.Intents)) {
			best, found = d, true
		}
	}
	return best
}
