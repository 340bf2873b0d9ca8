package intake

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/clock"
	"switchboard/internal/desk"
	"switchboard/internal/id"
	"switchboard/internal/insight"
	"switchboard/internal/lookalike"
	"switchboard/internal/policy"
	"switchboard/internal/routing"
	"switchboard/internal/skill"
	"switchboard/internal/staff"
	"switchboard/internal/store"
	"switchboard/internal/topic"
	"switchboard/internal/triage"
)

// Brain holds what triage has learned and who is there to answer. It looks at the staff when they change, and at corrections
// as they are made; messages are judged by whatever it holds at that moment.
type Brain struct {
	Store *store.Store
	Staff *staff.Staff
	Now   func() time.Time
	Log   *slog.Logger
	// Languages are those whose ready-made phrases are learned; none: all there are.
	Languages []string
	Messages  int              // how many of a language's ready-made messages are learned; 0: all there are
	Budget    desk.Budget      // how many lessons are learned from; zero: as many as usual
	Policy    *policy.Policy   // the company's rules and map; nil: none
	Topics    *topic.Book      // the dictionary of topics; nil: none
	Skills    *skill.Book      // what people have answered; nil: not counted
	Insight   *insight.Insight // says how sure one must be of each department; nil: as sure as usual

	model    atomic.Pointer[triage.Model]
	learning sync.Mutex // guards state and what is stored in model
	state    state
	making   sync.Mutex // of the first model

	guard struct { // who may be imitated
		sync.Mutex
		*lookalike.Guard
		of string // the accounts it was made for
		at time.Time
	}

	mu      sync.Mutex
	version int64 // of the staff the model was trained for
	roster  *routing.Roster
	rmap    *routing.Map
	seen    time.Time
	held    held
	skilled map[string][]routing.Learned // by person
	speak   speakers
	counted time.Time
}

// held is how many open conversations each person has, and how many of them cannot wait.
type held struct{ loads, urgent map[staff.PersonID]int }

// rosterLife is how long presence and loads are trusted without looking again.
const rosterLife = time.Second

// seed is what the staff say of themselves, without the messages.
func (b *Brain) seed(r *staff.Roster) (s triage.Seed) {
	for _, d := range r.Departments() {
		s.Departments = append(s.Departments, triage.Department{Key: d.ID.String(), Name: d.Name, Phrases: d.Phrases})
	}
	answers := map[string]string{}
	for _, d := range r.Departments() {
		for _, i := range d.Intents {
			if _, taken := answers[i]; !taken {
				answers[i] = d.ID.String()
			}
		}
	}
	for _, i := range triage.Packs().Intents(b.languages()...) {
		i.Department = answers[i.Key]
		s.Intents = append(s.Intents, i)
	}
	for _, p := range r.People() {
		if p.State != staff.Active || len(p.Skills) == 0 {
			continue
		}
		for _, d := range speaksFor(r, p) {
			k := triage.Person{Key: p.ID.String(), Skills: p.Skills}
			if !d.IsZero() {
				k.Department = d.String()
			}
			s.Staff = append(s.Staff, k)
		}
	}
	return s
}

// speaksFor are the departments that a person's skills speak for: all theirs, or the zero one, so that the skills are known. The operators have what fits nobody, so what
// somebody of theirs knows says where it belongs only if they work nowhere else.
func speaksFor(r *staff.Roster, p staff.Person) []staff.DepartmentID {
	operator := r.Operator().ID
	switch len(p.Departments) {
	case 0:
		return []staff.DepartmentID{0}
	case 1:
		return p.Departments
	}
	return slices.DeleteFunc(slices.Clone(p.Departments), func(d staff.DepartmentID) bool { return d == operator })
}

func (b *Brain) languages() []string {
	if len(b.Languages) > 0 {
		return b.Languages
	}
	return triage.Packs().Languages
}

// messages are the ready-made ones that a model is trained with. They are many and read anew each time.
func (b *Brain) messages() (all []triage.Message) {
	for _, lang := range b.languages() {
		list := triage.Packs().Messages(lang)
		if b.Messages > 0 {
			list = list[:min(b.Messages, len(list))]
		}
		all = append(all, list...)
	}
	return all
}

// judge is what one batch is judged by: it does not change under it.
type judge struct {
	model  *triage.Model
	roster *routing.Roster
	rmap   *routing.Map
	rules  *routing.Rules
	topics *topic.Matcher
	guard  *lookalike.Guard
	staff  *staff.Roster
	speak  speakers
	at     time.Time // in the organisation's zone
}

// judge returns what to judge by now.
func (b *Brain) judge(ctx context.Context) (j judge, err error) {
	if j.staff, err = b.Staff.Roster(ctx); err != nil {
		return j, err
	}
	if b.model.Load() == nil {
		if err := b.first(ctx); err != nil {
			return j, err
		}
	}
	b.mu.Lock()
	changed := b.version != j.staff.Version()
	b.mu.Unlock()
	if changed {
		b.fit(j.staff)
	}
	now, least := b.Now(), b.least(ctx, j.staff)
	b.mu.Lock()
	old := b.old(now)
	b.mu.Unlock()
	if old {
		if err := b.learnSkills(ctx); err != nil {
			return j, err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	j.model = b.model.Load()
	if b.old(now) {
		if err := b.count(ctx, now); err != nil {
			return j, err
		}
		rights, err := account.Speaking(ctx, b.Store.Read())
		if err != nil {
			return j, err
		}
		b.speak = speakersOf(j.staff, rights)
		b.roster, b.rmap, b.seen = roster(j.staff, b.held, least, now).Knowing(b.skilled), responsibilities(j.staff), now
	}
	j.roster, j.rmap, j.speak, j.at = b.roster, b.rmap, b.speak, now
	if zone, err := time.LoadLocation(j.staff.Organisation().Zone); err == nil {
		j.at = now.In(zone)
	}
	return b.policed(ctx, j)
}

// old reports whether the roster must be made anew. mu is held.
func (b *Brain) old(now time.Time) bool {
	return b.roster == nil || now.Sub(b.seen) > rosterLife || now.Before(b.seen)
}

func (b *Brain) count(ctx context.Context, now time.Time) error {
	if b.held.loads != nil && now.Sub(b.counted) < rosterLife && !now.Before(b.counted) {
		return nil
	}
	h, err := heldNow(ctx, b.Store.Read())
	if err == nil {
		b.held, b.counted = h, now
	}
	return err
}

// recount makes the next message count anew who holds how much.
func (b *Brain) recount() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.roster, b.held = nil, held{}
}

// roster is who is there now. The departments in always give their queue to whoever is best and free.
func roster(r *staff.Roster, h held, least map[staff.DepartmentID]insight.Least, now time.Time, always ...staff.DepartmentID) *routing.Roster {
	var departments []routing.Department
	for _, d := range r.Departments() {
		k := routing.Department{Key: d.ID.String(), Name: d.Name, Threshold: least[d.ID].At}
		if !d.StandIn.IsZero() {
			k.StandIn = d.StandIn.String()
		}
		if slices.Contains(always, d.ID) {
			k.Assign = routing.AssignAlways
		}
		departments = append(departments, k)
	}
	var people []routing.Person
	for _, p := range r.People() {
		if len(p.Departments) > 0 {
			people = append(people, seats(r, p, h, now)...)
		}
	}
	return routing.NewRoster(r.Operator().ID.String(), 0, departments, people)
}

// seats is somebody who answers, once for each of their departments, or once if they have none.
func seats(r *staff.Roster, p staff.Person, h held, now time.Time) (out []routing.Person) {
	if p.State != staff.Active || !staff.Can(p, staff.Answer) || p.Role == staff.Agency {
		return nil
	}
	k := routing.Person{Key: p.ID.String(), Name: p.Name, Skills: p.Skills, Speaks: staff.Can(p, staff.Approve),
		Languages: p.Languages, Working: r.Working(p, now), Load: h.loads[p.ID], Urgent: h.urgent[p.ID], Capacity: p.Capacity}
	if back := r.Back(p, now); !k.Working && back.After(now) {
		k.Back = back
	}
	for _, d := range p.Departments {
		k.Department = d.String()
		out = append(out, k)
	}
	if len(out) == 0 {
		out = append(out, k)
	}
	return out
}

// responsibilities is the map as the departments state it: which intents each answers, and who stands in.
func responsibilities(r *staff.Roster) *routing.Map {
	var rows []routing.Row
	for _, d := range r.Departments() {
		for _, i := range d.Intents {
			row := routing.Row{Intent: i, Department: d.ID.String()}
			if !d.StandIn.IsZero() {
				row.StandIn = d.StandIn.String()
			}
			rows = append(rows, row)
		}
	}
	return routing.NewMap("departments", rows)
}

// decide is routing's decision as the desk keeps it.
func (j judge) decide(c routing.Case) desk.Decision {
	c.At = j.at
	d := routing.Decide(c, j.roster, j.rmap, j.rules)
	out := desk.Decision{By: string(d.By), Rule: d.Rule, Confidence: d.Confidence, Reasons: d.Reasons}
	out.Department, out.Person = department(d.Department), person(d.Person)
	if out.Department.IsZero() {
		out.Department = j.staff.Operator().ID
	}
	for _, s := range d.Suggestions {
		out.Suggestions = append(out.Suggestions, desk.Suggestion{Department: department(s.Department), Person: person(s.Person), Confidence: s.Confidence, Reasons: []string{s.Why}})
	}
	for _, a := range d.Also {
		out.Also = append(out.Also, desk.Suggestion{Department: department(a.Department), Confidence: a.Confidence, Reasons: []string{a.Why}})
	}
	took(j.roster, d.Person, c.Urgency, 1)
	return out
}

func department(key string) staff.DepartmentID {
	d, _ := id.Parse[staff.Department](key)
	return d
}

func person(key string) staff.PersonID {
	if key == "" {
		return 0
	}
	p, _ := id.Parse[staff.Person](key)
	return p
}

func scores(list []triage.Score) []routing.Score {
	out := make([]routing.Score, len(list))
	for k, s := range list {
		out[k] = routing.Score(s)
	}
	return out
}

// House is what the desk asks of the staff.
type House struct{ Staff *staff.Staff }

// The organisation's own terms, where a department sets none: rule 3 wants a clock. The departments page names them
// (department.targets.help in the web UI's words).
const (
	usualFirst = 4 * time.Hour
	usualNext  = 8 * time.Hour
)

func (h House) roster() *staff.Roster {
	r, err := h.Staff.Roster(context.Background())
	if err != nil {
		h.Staff.Store.Log.Error("the staff could not be read", "error", err)
		return &staff.Roster{}
	}
	return r
}

// goneMoveOn is how soon what a batch, a person or a clock still left with a department that is no more goes to the operators: nobody
// works there who would take it.
const goneMoveOn = time.Minute

// Terms says how soon a department answers.
func (h House) Terms(d staff.DepartmentID) desk.Terms {
	r := h.roster()
	t := desk.Terms{First: usualFirst, Next: usualNext, Hours: r.Calendar(d), Shifts: h}
	if dep, ok := r.Department(d); ok {
		if dep.Targets.FirstResponse > 0 {
			t.First = dep.Targets.FirstResponse
		}
		if dep.Targets.NextResponse > 0 {
			t.Next = dep.Targets.NextResponse
		}
		t.Resolution, t.TakeBack, t.MoveOn = dep.Targets.Resolution, dep.TakeBack, dep.MoveOn
	} else if !r.Operator().ID.IsZero() { // the staff are known, and it is not among them
		t.MoveOn = goneMoveOn
	}
	return t
}

// Home returns the department a person works for first.
func (h House) Home(p staff.PersonID) (staff.DepartmentID, bool) {
	r := h.roster()
	who, ok := r.Person(p)
	if !ok || who.State != staff.Active {
		return 0, false
	}
	if len(who.Departments) == 0 {
		return r.Operator().ID, true
	}
	return who.Departments[0], true
}

// Exists reports whether a department is there and not retired.
func (h House) Exists(d staff.DepartmentID) bool {
	_, ok := h.roster().Department(d)
	return ok
}

// Answers reports whether a person is active and answers what they are asked.
func (h House) Answers(p staff.PersonID) bool {
	who, ok := h.roster().Person(p)
	return ok && staff.Can(who, staff.Answer) && who.Role != staff.Agency
}

// Hours are those somebody works by, zero for nobody by name: their own, else the department's.
func (h House) Hours(d staff.DepartmentID, p staff.PersonID) *clock.Calendar {
	r := h.roster()
	if who, ok := r.Person(p); ok && who.Hours != nil {
		return r.HoursOf(who)
	}
	return r.Calendar(d)
}

// StandIn is who is asked besides when a department, or somebody of it, does not answer: a manager who belongs to the department
// and is at work, else the department that stands in for it, else the operators.
func (h House) StandIn(d staff.DepartmentID, p staff.PersonID) desk.StandIn {
	r := h.roster()
	for _, m := range r.Members(d) {
		if m.ID != p && m.Role == staff.Manager && r.Working(m, h.Staff.Now()) {
			return desk.StandIn{Department: d, Person: m.ID, Reason: m.Name + " manages the department"}
		}
	}
	of, _ := r.Department(d)
	if s, ok := r.Department(of.StandIn); ok {
		return desk.StandIn{Department: s.ID, Reason: s.Name + " stands in for " + of.Name}
	}
	o := r.Operator()
	if o.ID == d {
		return desk.StandIn{}
	}
	return desk.StandIn{Department: o.ID, Reason: o.Name + " has what fits nobody"}
}

// Actor is an active person, as if they were signed in.
func (h House) Actor(p staff.PersonID) (staff.Actor, bool) {
	who, ok := h.roster().Person(p)
	if !ok || who.State != staff.Active {
		return staff.Actor{}, false
	}
	return staff.Actor{Person: who.ID, Name: who.Name, Role: who.Role, Departments: who.Departments}, true
}

// Roster is who works here.
func (h House) Roster() *staff.Roster { return h.roster() }

// Departments returns all departments.
func (h House) Departments() (out []staff.DepartmentID) {
	for _, d := range h.roster().Departments() {
		out = append(out, d.ID)
	}
	return out
}

// ours are the identities of our own accounts, by channel and remote id.
func ours(list []account.Account) map[string]bool {
	out := make(map[string]bool, len(list))
	for _, a := range list {
		out[a.Channel+"\x00"+a.RemoteID] = true
	}
	return out
}

// Judge says what in is, as the model in use sees it; false as long as there is none.
func (b *Brain) Judge(in triage.Input) (triage.Assessment, bool) {
	m := b.model.Load()
	if m == nil {
		return triage.Assessment{}, false
	}
	return m.Assess(in), true
}
