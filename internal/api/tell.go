package api

import (
	"cmp"
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"switchboard/internal/desk"
	"switchboard/internal/id"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// facts are what the journal's entries about conversations carry.
type facts struct {
	Department staff.DepartmentID `json:"department"`
	Person     staff.PersonID     `json:"person"`
	From       json.RawMessage    `json:"from"`
	Reason     string             `json:"reason"`
	Reasons    []string           `json:"reasons"`
	Why        string             `json:"why"`
	By         json.RawMessage    `json:"by"`
	Until      time.Time          `json:"until"`
	Tags       []string           `json:"tags"`
	Way        string             `json:"way"`

	ToDepartment staff.DepartmentID `json:"toDepartment"`
	ToPerson     staff.PersonID     `json:"toPerson"`

	Intent   string   `json:"intent"`
	Intents  []string `json:"intents"` // several where a correction was taken back
	Urgency  string   `json:"urgency"`
	Language string   `json:"language"`
	Needs    string   `json:"needs"`

	How     string    `json:"how"`
	Clock   string    `json:"clock"`
	Added   []string  `json:"added"`
	Removed []string  `json:"removed"`
	Due     time.Time `json:"due"`
	Late    bool      `json:"late"`
	To      string    `json:"to"`

	Model       string               `json:"model"`
	Departments []staff.DepartmentID `json:"departments"`
}

// tell is an entry in a sentence, "" for those that are told otherwise (a message is shown itself) or not worth telling.
func (v *show) tell(e journal.Entry) string {
	var f facts
	if len(e.Data) > 0 && json.Unmarshal(e.Data, &f) != nil {
		f = facts{}
	}
	switch e.What {
	case journal.PutThrough:
		return because("Put through to "+v.to(f), strings.Join(f.Reasons, "; "))
	case journal.HandedOver:
		return because("Handed over to "+v.to(f), f.Reason)
	case journal.MovedOn:
		return because("Went on to "+v.to(f), f.Reason)
	case journal.Claimed:
		return "Taken by " + v.person(f.Person)
	case journal.Released:
		return because("Given back by "+v.person(f.Person), f.Reason)
	case journal.TakenBack:
		return because("Taken back from "+v.person(f.Person), f.Reason)
	case journal.Snoozed:
		return "Snoozed until " + v.when(f.Until)
	case journal.Woke:
		return because("Woke up", f.Reason)
	case journal.Closed:
		return because("Closed", f.Reason)
	case journal.Reopened:
		return because("Reopened", f.Reason)
	case journal.Waiting:
		return "Waits for the contact"
	case journal.SetAside:
		return because("Set aside", f.Reason)
	case journal.BroughtBack:
		return because("Brought back", f.Reason)
	case journal.Tagged:
		if len(f.Tags) == 0 {
			return "Tags removed"
		}
		return "Tagged " + strings.Join(f.Tags, ", ")
	case journal.IntentCorrected:
		return because("Intent corrected to "+f.wants(), f.Reason)
	case journal.UrgencyCorrected:
		return "Urgency corrected to " + f.Urgency + was(f.word())
	case journal.LanguageCorrected:
		return "Language corrected to " + cmp.Or(languageOf(f.Language), "none known") + was(languageOf(f.word()))
	case journal.NeedsCorrected:
		said := map[string]string{"courtesy": "a kind word is in order, nobody waits", "none": "it needs no answer"}
		return because("Corrected: "+cmp.Or(said[f.Needs], "it needs an answer"), f.Reason)
	case journal.TopicsCorrected:
		return "Topics corrected" + listedAs(": on ", f.Added) + listedAs(", no longer on ", f.Removed)
	case journal.AnsweredByHand:
		return because("Answered elsewhere", f.How)
	case journal.CallTried:
		return "Telephoned, and nobody answered"
	case journal.TakenPrivate:
		return "Taken private " + map[string]string{"direct": "by direct message", "email": "by e-mail"}[f.How]
	case journal.ContactsMerged:
		return "Its contact was merged with another"
	case journal.MergeUndone:
		return "The merge of its contact was undone"
	case journal.ContactSplit:
		return "Its contact was split from another"
	case journal.AdviceGiven:
		return v.advised(f)
	case journal.ClockWarned:
		return "Little time left for " + clockName(f.Clock)
	case journal.ClockBreached:
		return "The time for " + clockName(f.Clock) + " is over"
	}
	if text := v.tellPromise(e, f); text != "" {
		return text
	}
	if text := v.tellRequest(e, f); text != "" {
		return text
	}
	return v.tellDelivery(e, f)
}

// tellRequest says what was asked and answered in the words of who did; their beginning, where there are many.
func (v *show) tellRequest(e journal.Entry, f facts) string {
	var r desk.Request
	for _, q := range v.asked {
		if journal.About("request", q.ID) == e.About {
			r = q
		}
	}
	switch e.What {
	case journal.Asked:
		return because("Asked "+v.to(f), desk.Excerpt(r.Text))
	case journal.RequestAnswered:
		way := map[string]string{"link": " by the link of an e-mail", "mail": " by e-mail"}[f.Way]
		return because("The request to "+v.to(f)+" was answered"+way, desk.Excerpt(r.Answer))
	case journal.RequestWithdrawn:
		return because("The request to "+v.to(f)+" was withdrawn", desk.Excerpt(r.Answer))
	case journal.RequestPassed:
		return because("The request was passed on to "+v.to(f), desk.Excerpt(r.Answer))
	case journal.RequestPutOff:
		return v.to(f) + " will answer later, and is reminded " + v.when(f.Until)
	case journal.RequestReminded:
		return v.to(f) + " was reminded of the request"
	case journal.RequestLate:
		return "The request to " + v.to(f) + " is late"
	case journal.RequestEscalated:
		return because("The request to "+v.to(f)+" is late: "+v.to(facts{Department: f.ToDepartment, Person: f.ToPerson})+" is asked besides", f.Reason)
	case journal.RequestUndelivered:
		return because("The e-mail that asks "+v.to(facts{Department: f.Department, Person: f.ToPerson})+" could not be delivered", f.Reason)
	case journal.RequestMoved:
		return because("What was asked goes to "+v.to(facts{Department: f.Department}), f.Reason)
	}
	return ""
}

func (v *show) tellDelivery(e journal.Entry, f facts) string {
	switch e.What {
	case journal.DeliveryHeld:
		return because("An answer is held", f.Reason)
	case journal.DeliveryApproved:
		return "The answer was approved by " + v.whoDid(e.Who)
	case journal.DeliveryFailed:
		return because("The answer could not be sent", f.Reason)
	case journal.DeliveryUnknown:
		return because("It is not certain whether the answer arrived", f.Reason)
	case journal.DeliveryCancelled:
		return because("The answer was taken back", f.Reason)
	case journal.ThreadSeen:
		return "Also seen by another of our accounts"
	}
	return ""
}

func (v *show) to(f facts) string {
	d, p := refDepartment(v.roster, f.Department).Name, v.person(f.Person)
	switch {
	case f.Person == 0 && d == "":
		return "a department that is no more"
	case f.Person == 0:
		return d
	case d == "":
		return p
	}
	return p + ", " + d
}

func (v *show) person(p staff.PersonID) string {
	if n := refPerson(v.roster, p).Name; n != "" {
		return n
	}
	return "somebody"
}

// when is a time in the zone of who looks.
func (v *show) when(t time.Time) string {
	zone := time.UTC
	if p, ok := v.roster.Person(v.who.Person); ok && p.Zone != "" {
		if z, err := time.LoadLocation(p.Zone); err == nil {
			zone = z
		}
	}
	return t.In(zone).Format("Mon 2 Jan 2006, 15:04")
}

// whoDid is an entry's who by name; "" for the machine.
func (v *show) whoDid(who string) string {
	noun, text, _ := strings.Cut(who, ":")
	switch noun {
	case "person":
		if p, err := id.Parse[staff.Person](text); err == nil {
			return v.person(p)
		}
	case "contact":
		return "the contact"
	}
	return ""
}

func because(what, why string) string {
	if why = strings.TrimSpace(why); why == "" {
		return what
	}
	return what + ": " + why
}

func clockName(kind string) string {
	switch kind {
	case "first":
		return "the first answer"
	case "next":
		return "the next answer"
	}
	return "settling this"
}

// titleOf is an intent's name for the screen.
func titleOf(key string) string {
	if key == "" {
		return "none"
	}
	return strings.ToUpper(key[:1]) + key[1:]
}

// wants is what the contact wants, by the names of the intents.
func (f facts) wants() string {
	if len(f.Intents) == 0 {
		return titleOf(f.Intent)
	}
	names := make([]string, len(f.Intents))
	for k, key := range f.Intents {
		names[k] = titleOf(key)
	}
	return strings.Join(names, ", ")
}

// languageOf is a language's name for the screen, "" where it is not known.
func languageOf(code string) string {
	if code == "" || code == "und" {
		return ""
	}
	if name := display.English.Languages().Name(language.Make(code)); name != "" {
		return name
	}
	return code
}

// word is what it was before, where that is one word.
func (f facts) word() (w string) {
	_ = json.Unmarshal(f.From, &w)
	return w
}

// was says what it was before.
func was(before string) string {
	if before == "" {
		return ""
	}
	return " (was " + before + ")"
}

// eventID is an id for an entry of the journal. It sorts by time among the ids of messages and deliveries, as they are made of
// milliseconds too.
func eventID(e journal.Entry) string {
	start := id.Of[journal.Entry](0).Time()
	return id.Of[journal.Entry](max(e.At.Sub(start).Milliseconds(), 0)<<22 | e.Cursor.Seq&(1<<22-1)).String()
}

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// listedAs is a list after how it begins, "" for an empty one.
func listedAs(begin string, list []string) string {
	if len(list) == 0 {
		return ""
	}
	return begin + strings.Join(list, ", ")
}
