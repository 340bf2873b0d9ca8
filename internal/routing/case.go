package routing

import "time"

// Score is one possibility and how sure triage is of it, 0 to 1.
type Score struct {
	Key        string  `json:"key"`
	Confidence float64 `json:"confidence"`
}

// Contacted says that a person has answered this contact before.
type Contacted struct {
	Person string    `json:"person"`
	At     time.Time `json:"at"` // the last time
}

// Case is a message to be put through: what triage said of it and what is known of its author.
type Case struct {
	Departments []Score  `json:"departments"` // as ranked by triage
	Intents     []Score  `json:"intents"`
	Topics      []string `json:"topics,omitempty"`
	Skills      []Score  `json:"skills,omitempty"` // of staff that the message asks for, in lower case
	Parts       []Part   `json:"parts,omitempty"`  // of a message about several matters: they say who else is asked, never who owns it
	Learned     int      `json:"learned"`          // corrections triage had seen: the more, the more it counts against the map

	Language  string      `json:"language,omitempty"`
	Urgency   string      `json:"urgency,omitempty"` // now, today, normal
	Needs     string      `json:"needs,omitempty"`   // must, courtesy, none
	Sentiment float64     `json:"sentiment,omitempty"`
	Spam      float64     `json:"spam,omitempty"`
	Standings []string    `json:"standings,omitempty"`
	Before    []Contacted `json:"before,omitempty"` // who answered this contact before

	// Speakers are who was given the right to speak on the account, sorted. They come before their equals; it never decides the
	// department, and who may not speak still answers: the words wait for an approval. nil means that it tells nobody apart.
	Speakers []string `json:"speakers,omitempty"`

	At time.Time `json:"at"` // now, in the company's time zone: rules ask for the hour

	// For rules only.
	Text      string `json:"text,omitempty"`
	Subject   string `json:"subject,omitempty"`
	Kind      string `json:"kind,omitempty"`
	Private   bool   `json:"private,omitempty"`
	Followers int    `json:"followers,omitempty"`
	Rating    int    `json:"rating,omitempty"`
	Account   string `json:"account,omitempty"`
	Channel   string `json:"channel,omitempty"`
	Handle    string `json:"handle,omitempty"` // of the author
}

// By is what decided.
type By string

const (
	ByRule     By = "rule"
	ByMap      By = "map"
	ByModel    By = "model"
	ByOperator By = "operator" // nothing was sure enough, or nobody fits: the operator decides
)

// Candidate is a person who could answer, with a score to compare and the reasons for it.
type Candidate struct {
	Person     string  `json:"person"`
	Department string  `json:"department"`
	Score      float64 `json:"score"`
	Why        string  `json:"why"` // "knows invoices; free; answered her in May"
	MaySpeak   bool    `json:"maySpeak"`
}

// Suggestion is a department the message may belong to and who in it would be best.
type Suggestion struct {
	Department string  `json:"department"`
	Person     string  `json:"person,omitempty"`
	Confidence float64 `json:"confidence"`
	Why        string  `json:"why"`
}

// Decision is whom a message is put through to.
type Decision struct {
	Department  string       `json:"department"`       // never empty as long as the roster has an operator
	Person      string       `json:"person,omitempty"` // "": the department's queue
	Confidence  float64      `json:"confidence"`
	By          By           `json:"by"`
	Rule        string       `json:"rule,omitempty"` // key of the rule that decided
	Reasons     []string     `json:"reasons"`
	Suggestions []Suggestion `json:"suggestions"`    // the three likeliest departments
	Candidates  []Candidate  `json:"candidates"`     // the three best people in the department
	Also        []Also       `json:"also,omitempty"` // further departments it concerns, two at most; none where a rule or the operator decides
}
