package policy

import (
	"context"
	"fmt"
	"slices"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/routing"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Row says which department answers what. A condition left empty holds for everything.
type Row struct {
	Intent     string             `json:"intent,omitempty"`
	Topic      string             `json:"topic,omitempty"`
	Standing   string             `json:"standing,omitempty"`
	Language   string             `json:"language,omitempty"`
	Department staff.DepartmentID `json:"department"`
	StandIn    staff.DepartmentID `json:"standIn,omitzero"` // answers while nobody of Department is at work
	Note       string             `json:"note,omitempty"`
}

// Map is one version of the responsibility map.
type Map struct {
	Number   int // 0: what the departments state themselves
	Rows     []Row
	Template string // the key of the template it was filled from, "" for none
	Why      string
	By       staff.PersonID
	At       time.Time
	Doubts   []RowDoubt
}

// RowDoubt is something about a row that whoever reads the map should know.
type RowDoubt struct {
	Row  int // from 0
	Says string
}

// mostRows is how many rows a map can have.
const mostRows = 500

// Map returns the map in force.
func (p *Policy) Map(ctx context.Context, who staff.Actor) (Map, error) {
	if err := who.Require(staff.SeeAll); err != nil {
		return Map{}, err
	}
	in, r, err := p.now(ctx)
	if err != nil {
		return Map{}, err
	}
	return p.doubtTopics(ctx, inForce(in, r))
}

func (p *Policy) now(ctx context.Context) (*InForce, *staff.Roster, error) {
	in, err := p.InForce(ctx)
	if err != nil {
		return nil, nil, err
	}
	r, err := p.Staff.Roster(ctx)
	return in, r, err
}

func inForce(in *InForce, r *staff.Roster) Map {
	m := in.chart
	if m.Number == 0 {
		m.Rows = Stated(r)
	}
	m.Rows = slices.Clone(m.Rows)
	m.Doubts = rowDoubts(m.Rows, r)
	return m
}

// Stated is the map as the departments state it: which intents each answers, and who stands in. It is version 0.
func Stated(r *staff.Roster) []Row {
	rows := []Row{}
	for _, d := range r.Departments() {
		for _, i := range d.Intents {
			rows = append(rows, Row{Intent: i, Department: d.ID, StandIn: d.StandIn})
		}
	}
	return rows
}

// rowDoubts finds rows that cannot count.
func rowDoubts(rows []Row, r *staff.Roster) (out []RowDoubt) {
	seen := map[Row]int{}
	for k, row := range rows {
		_, there := r.Department(row.Department)
		_, stands := r.Department(row.StandIn)
		switch {
		case !there && stands:
			out = append(out, RowDoubt{k, "its department is no more: the stand-in answers"})
		case !there:
			out = append(out, RowDoubt{k, "its department is no more: the row is passed over"})
		case !row.StandIn.IsZero() && !stands:
			out = append(out, RowDoubt{k, "its stand-in is no more: nobody stands in"})
		}
		key := Row{Intent: row.Intent, Topic: row.Topic, Standing: row.Standing, Language: row.Language}
		if first, twice := seen[key]; !twice {
			seen[key] = k
		} else if rows[first].Department != row.Department {
			out = append(out, RowDoubt{k, fmt.Sprintf("it contradicts row %d, which asks for the same and comes first: that one counts", first+1)})
		} else {
			out = append(out, RowDoubt{k, fmt.Sprintf("row %d says the same", first+1)})
		}
	}
	return out
}

// checkRows is rows in good form. Every department must be there.
func checkRows(rows []Row, r *staff.Roster) ([]Row, error) {
	if len(rows) > mostRows {
		return nil, fault.In("rows", fmt.Sprintf("these are more than %d rows: join some", mostRows))
	}
	rows = slices.Clone(rows)
	for k := range rows {
		row, field := &rows[k], fmt.Sprintf("rows[%d]", k)
		for _, c := range []struct {
			name string
			text *string
			most int
		}{{"intent", &row.Intent, 40}, {"topic", &row.Topic, 80}, {"standing", &row.Standing, 40}, {"language", &row.Language, 12}, {"note", &row.Note, 300}} {
			var err error
			if *c.text, err = line(field+"."+c.name, *c.text, c.most); err != nil {
				return nil, err
			}
		}
		if row.Intent != "" && !slices.Contains(desk.Intents(), row.Intent) {
			return nil, fault.In(field+".intent", fmt.Sprintf("row %d: %q is no intent: choose one from the list", k+1, row.Intent))
		}
		if _, ok := r.Department(row.Department); !ok {
			return nil, fault.In(field+".department", fmt.Sprintf("row %d: choose a department that is there", k+1))
		}
		if _, ok := r.Department(row.StandIn); !ok && !row.StandIn.IsZero() {
			return nil, fault.In(field+".standIn", fmt.Sprintf("row %d: choose a stand-in that is there, or nobody", k+1))
		}
		if row.StandIn == row.Department {
			return nil, fault.In(field+".standIn", fmt.Sprintf("row %d: a department cannot stand in for itself", k+1))
		}
	}
	return rows, nil
}

// NewMap is what is to be in force.
type NewMap struct {
	Rows     []Row
	Template string
	Why      string
	Based    *int // the version it was made from; nil: whichever there is
}

// SetMap puts a map in force as the next version.
func (p *Policy) SetMap(ctx context.Context, who staff.Actor, n NewMap) (Map, error) {
	if err := who.Require(staff.DepartmentsManage); err != nil {
		return Map{}, err
	}
	r, why, err := p.ready(ctx, n.Why)
	if err != nil {
		return Map{}, err
	}
	if n.Rows, err = checkRows(n.Rows, r); err != nil {
		return Map{}, err
	}
	if n.Template != "" && !slices.Contains(templateKeys(), n.Template) {
		return Map{}, fault.In("template", "there is no such template")
	}
	return p.putMap(ctx, who, Map{Rows: n.Rows, Template: n.Template, Why: why}, n.Based, r)
}

func (p *Policy) putMap(ctx context.Context, who staff.Actor, m Map, based *int, r *staff.Roster) (Map, error) {
	err := p.change(ctx, func(tx *store.Tx) error {
		was, err := newestMap(ctx, tx)
		if err != nil {
			return err
		}
		if based != nil && *based != was.Number {
			return fault.New(fault.Conflict, "somebody else has changed the map meanwhile: look at it again, then make your change")
		}
		m.Number, m.By, m.At = was.Number+1, who.Person, p.Now().UTC()
		if err := addMap(ctx, tx, m); err != nil {
			return err
		}
		return tell(ctx, tx, who, journal.MapChanged, fmt.Sprintf("map:%d", m.Number), "version", m.Number, "before", was.Number, "rows", len(m.Rows),
			"template", m.Template, "why", m.Why)
	})
	if err != nil {
		return m, err
	}
	m.Doubts = rowDoubts(m.Rows, r)
	return p.doubtTopics(ctx, m)
}

// MapVersions returns the versions there were, the newest first, the departments' own statements last.
func (p *Policy) MapVersions(ctx context.Context, who staff.Actor) ([]Map, error) {
	if err := who.Require(staff.SeeAll); err != nil {
		return nil, err
	}
	list, err := maps(ctx, p.Store.Read(), 200)
	if err != nil {
		return nil, err
	}
	r, err := p.Staff.Roster(ctx)
	return append(list, Map{Rows: Stated(r)}), err
}

// MapVersion returns one of them.
func (p *Policy) MapVersion(ctx context.Context, who staff.Actor, number int) (Map, error) {
	if err := who.Require(staff.SeeAll); err != nil {
		return Map{}, err
	}
	r, err := p.Staff.Roster(ctx)
	if err != nil {
		return Map{}, err
	}
	m := Map{Rows: Stated(r)}
	if number != 0 {
		if m, err = oneMap(ctx, p.Store.Read(), number); err != nil {
			return Map{}, err
		}
	}
	m.Doubts = rowDoubts(m.Rows, r)
	return p.doubtTopics(ctx, m)
}

// RestoreMap puts an older version in force again, as the next version. Rows whose department is no more are brought back
// too and say so.
func (p *Policy) RestoreMap(ctx context.Context, who staff.Actor, number int, why string) (Map, error) {
	if err := who.Require(staff.DepartmentsManage); err != nil {
		return Map{}, err
	}
	r, why, err := p.ready(ctx, why)
	if err != nil {
		return Map{}, err
	}
	m, err := p.MapVersion(ctx, who, number)
	if err != nil {
		return m, err
	}
	if why == "" {
		why = fmt.Sprintf("version %d again", number)
	}
	return p.putMap(ctx, who, Map{Rows: m.Rows, Template: m.Template, Why: why}, nil, r)
}

func noMap() error { return fault.New(fault.NotFound, "the map has no such version") }

func routingRows(rows []Row) []routing.Row {
	out := make([]routing.Row, len(rows))
	for k, r := range rows {
		out[k] = routing.Row{Intent: r.Intent, Topic: r.Topic, Standing: r.Standing, Language: r.Language, Department: r.Department.String(), StandIn: r.StandIn.String()}
	}
	return out
}
