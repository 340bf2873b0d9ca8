package insight

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/desk"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// How says by what a verdict was settled.
type How string

const (
	Answered   How = "answered"         // somebody of the department answered, or of another that has no say elsewhere
	HandedOver How = "handed over"      // somebody put it through to the department
	Suggested  How = "suggestion taken" // the same, and it was one of the three suggestions
	Claimed    How = "claimed"          // somebody of another department took it
)

// Hows lists them.
func Hows() []How { return []How{Answered, HandedOver, Suggested, Claimed} }

// Open is how long after its beginning a conversation can settle its verdict: what is done later is about something new.
const Open = 14 * 24 * time.Hour

// undone is the reason of a hand-over that takes one back.
const undone = "undone"

// Verdict is what was thought of a conversation when it opened, and what came of it.
type Verdict struct {
	Conversation desk.ConversationID
	Message      desk.MessageID // the one that opened it
	Account      account.ID
	At           time.Time

	Model           staff.DepartmentID // the likeliest by triage alone; zero: none
	ModelConfidence float64
	Likely          [3]staff.DepartmentID // the likeliest with the map's say; what is weighed against the threshold is the first
	Confidence      float64               // of Likely[0]
	Decided         staff.DepartmentID    // whom it was put through to
	By              string                // rule, map, model or operator
	Rule            string                // its key
	Intent          string
	IntentSure      float64

	Holder     staff.DepartmentID // who has it, as far as the journal was read
	WentOn     bool               // by itself, as nobody took it or for something said later: who answers it then says nothing of how it began
	Truth      staff.DepartmentID // who really dealt with it; zero as long as it is not settled
	SettledAt  time.Time
	How        How
	TrueIntent string // what a person said it was about, "" if nobody did
}

// Settled reports whether it is known who dealt with it.
func (v *Verdict) Settled() bool { return !v.SettledAt.IsZero() }

// Unattended reports whether it was put through by the machine's own judgement: no rule, no person.
func (v *Verdict) Unattended() bool { return v.By == "map" || v.By == "model" }

// Right reports whether the department thought likeliest dealt with it. A stand-in that got it deals with it in its place.
func (v *Verdict) Right() bool {
	return v.Settled() && !v.Truth.IsZero() && (v.Truth == v.Likely[0] || v.Unattended() && v.Truth == v.Decided)
}

// Among reports whether one of the three likeliest did.
func (v *Verdict) Among() bool {
	return v.Right() || v.Settled() && !v.Truth.IsZero() && slices.Contains(v.Likely[:], v.Truth)
}

// Was is the department it belonged to: who dealt with it, or for whom a stand-in did.
func (v *Verdict) Was() staff.DepartmentID {
	if v.Right() {
		return v.Likely[0]
	}
	return v.Truth
}

// deed is something somebody did with a conversation that says whose it is.
type deed struct {
	at   time.Time
	what journal.What
	by   staff.PersonID
	of   []staff.DepartmentID // whom by works for
	all  bool                 // by works on everybody's by their role: what they do says nothing of whose it is, unless they say so
	to   staff.DepartmentID   // of a hand-over
	// moved says that nobody judged: a department was retired, or a clock ran out.
	moved  bool
	undone bool               // a hand-over was taken back
	from   staff.DepartmentID // of what was taken back
	intent string
}

// deedOf reads an entry; false when it says nothing of whose a conversation is.
func deedOf(e journal.Entry, r *staff.Roster) (d deed, ok bool) {
	var data struct {
		From       json.RawMessage // a department, or intents
		Department staff.DepartmentID
		Author     staff.PersonID
		Person     *staff.PersonID
		Intent     string
		Incident   string
		Reason     string
	}
	switch e.What {
	case journal.PutThrough, journal.HandedOver, journal.MovedOn, journal.Claimed, journal.AnsweredByHand, journal.DeliverySent, journal.IntentCorrected:
	default:
		return d, false
	}
	if json.Unmarshal(e.Data, &data) != nil || e.What == journal.PutThrough && len(data.From) == 0 { // the first time: the verdict says it
		return d, false
	}
	d = deed{at: e.At, what: e.What, by: personOf(e.Who), to: data.Department, intent: data.Intent}
	if e.What == journal.DeliverySent { // a worker sent what the author wrote
		d.by = data.Author
	}
	d.moved = e.What == journal.HandedOver && (data.Person == nil || d.by.IsZero())
	if e.What == journal.HandedOver && data.Incident != "" { // with an incident that was taken as a whole: nobody judged what it is about
		d.what, d.moved = journal.MovedOn, false
	}
	if d.undone = e.What == journal.HandedOver && data.Reason == undone; d.undone && json.Unmarshal(data.From, &d.from) != nil {
		return d, false
	}
	if p, known := r.Person(d.by); known {
		d.of, d.all = p.Departments, staff.Can(p, staff.SeeAll)
	}
	return d, true
}

func personOf(who string) staff.PersonID {
	key, ok := strings.CutPrefix(who, "person:")
	if !ok {
		return 0
	}
	p, _ := id.Parse[staff.Person](key)
	return p
}

// heard is v after a deed. operator is the department that decides what fits nobody: who hands over to it says only that
// it was wrong where it was.
func (v Verdict) heard(d deed, operator staff.DepartmentID) Verdict {
	late := d.at.Sub(v.At) > Open || d.at.Before(v.At)
	if d.undone {
		return v.takenBack(d, late)
	}
	switch d.what {
	case journal.IntentCorrected:
		if !late {
			v.TrueIntent = d.intent
		}
	case journal.PutThrough:
		v.Holder, v.WentOn = d.to, true
	case journal.MovedOn:
		v.WentOn = v.WentOn || d.to != v.Holder
		v.Holder = d.to
	case journal.HandedOver:
		v.Holder, v.WentOn = d.to, false
		switch {
		case late || d.moved || d.to.IsZero():
		case d.to == operator:
			v.Truth, v.SettledAt, v.How = 0, time.Time{}, ""
		case v.By == "operator" && slices.Contains(v.Likely[:], d.to):
			v = v.settle(d.to, d.at, Suggested)
		default:
			v = v.settle(d.to, d.at, HandedOver)
		}
	case journal.Claimed:
		if truth := v.dealt(d, operator); !late && !v.WentOn && !truth.IsZero() && truth != v.Holder {
			v = v.settle(truth, d.at, Claimed)
		}
	case journal.AnsweredByHand, journal.DeliverySent:
		if truth := v.dealt(d, operator); !late && !v.WentOn && !d.by.IsZero() && !truth.IsZero() {
			v = v.settle(truth, d.at, Answered)
		}
	}
	return v
}

// takenBack is v after a hand-over was taken back: nobody has judged. Whose it was before is not known any more; an answer says it again
// where it is as it was first put through, for elsewhere a clock may have brought it there.
func (v Verdict) takenBack(d deed, late bool) Verdict {
	v.Holder, v.WentOn = d.to, v.WentOn || d.to != d.from && d.to != v.Decided
	if !late && v.Truth == d.from && (v.How == HandedOver || v.How == Suggested) {
		v.Truth, v.SettledAt, v.How = 0, time.Time{}, ""
	}
	return v
}

// dealt is the department for which somebody took or answered it; zero when that cannot be told. Who works on everybody's by
// their role and belongs elsewhere only helped out, and the operators' own queue holds what fits nobody: both would say of every
// message that it was put through wrongly.
func (v *Verdict) dealt(d deed, operator staff.DepartmentID) staff.DepartmentID {
	switch {
	case slices.Contains(d.of, v.Holder):
		if v.Holder == operator && !(v.Unattended() && v.Decided == operator) {
			return 0
		}
		return v.Holder
	case d.all:
		return 0
	case len(d.of) == 0:
		return v.Holder
	}
	for _, likely := range v.Likely {
		if !likely.IsZero() && slices.Contains(d.of, likely) {
			return likely
		}
	}
	if len(d.of) == 1 {
		return d.of[0]
	}
	return 0
}

func (v Verdict) settle(truth staff.DepartmentID, at time.Time, how How) Verdict {
	if how == Answered && v.Truth == truth && (v.How == HandedOver || v.How == Suggested) {
		how = v.How // the answer bears out what a person had decided: that was the moment it was known
	}
	v.Truth, v.SettledAt, v.How = truth, at, how
	return v
}
