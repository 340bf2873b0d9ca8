package triage

// Answer says whether a message needs one.
type Answer string

const (
	Must     Answer = "must"     // somebody waits for an answer
	Courtesy Answer = "courtesy" // a kind word is in order
	None     Answer = "none"     // nothing is expected
)

// Urgency says how soon a person should see to it.
type Urgency string

const (
	Now    Urgency = "now"    // stranded, safety, legal, within the hour, going viral
	Today  Urgency = "today"  //
	Normal Urgency = "normal" //
)

// Reason is one thing that weighed in the assessment, as a sentence a person can read.
type Reason struct {
	What   string   `json:"what"`            // "the words 'invoice' and 'VAT' point to Accounts"
	Weight float64  `json:"weight"`          // how much it weighed, 0 to 1
	Words  []string `json:"words,omitempty"` // as written in the message
}

// Assessment is what triage says of a message.
type Assessment struct {
	Language    Language `json:"language"`
	Intents     []Score  `json:"intents"`     // what the author wants, the likeliest first; several may be true
	Departments []Score  `json:"departments"` // who deals with it, the likeliest first; shares of one
	Topics      []string `json:"topics,omitempty"`
	Skills      []Score  `json:"skills,omitempty"` // of staff that it asks for, in lower case

	Needs           Answer  `json:"needs"`
	NeedsConfidence float64 `json:"needsConfidence"`
	Must            float64 `json:"must"` // how likely somebody waits for an answer: the order of a queue hangs on it

	Urgency           Urgency `json:"urgency"`
	UrgencyConfidence float64 `json:"urgencyConfidence"`
	Priority          float64 `json:"priority"` // 0 to 1, from Must, Urgency and Spam: sorts a queue

	// Lookalike is whom the author's handle can be taken for and is not, "" for nobody. Triage does not know: intake says so.
	Lookalike string `json:"lookalike,omitempty"`

	Sentiment float64  `json:"sentiment"` // -1 to 1, coarse
	Question  bool     `json:"question"`
	Spam      float64  `json:"spam"`    // how likely; never hides a message, only sinks it
	Learned   int      `json:"learned"` // corrections the model had seen
	Reasons   []Reason `json:"reasons"`
}

// Intent is the likeliest intent, "" if there is none.
func (a *Assessment) Intent() string {
	if len(a.Intents) == 0 {
		return ""
	}
	return a.Intents[0].Key
}

// Department is the likeliest department, "" if there is none.
func (a *Assessment) Department() string {
	if len(a.Departments) == 0 {
		return ""
	}
	return a.Departments[0].Key
}
