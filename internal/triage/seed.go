package triage

// Department is somewhere a message can be put through to. Phrases say what it deals with, in any language.
type Department struct {
	Key     string   `json:"key"`
	Name    string   `json:"name"`
	Phrases []string `json:"phrases"`
	// Words are single words and set expressions beside the phrases. Without any, those of the ready-made departments
	// count whose phrases were taken over.
	Words []string `json:"words,omitempty"`
}

// Intent is something people want when they write.
type Intent struct {
	Key     string   `json:"key"`
	Name    string   `json:"name"`
	Phrases []string `json:"phrases"`
	Words   []string `json:"words,omitempty"` // as a department's
	// Department is the key of the department that deals with it unless the company says otherwise; "" for none. Its
	// phrases then speak for that department too, at half the weight of its own.
	Department string `json:"department,omitempty"`
}

// Person is somebody who knows things: "invoices", "VAT", "lost parcels".
type Person struct {
	Key        string   `json:"key"`
	Department string   `json:"department"`
	Skills     []string `json:"skills"`
}

// Topic is a product, a place, a campaign: found by its words, never guessed. A word ending in * stands for all
// words that begin so.
type Topic struct {
	Key   string   `json:"key"`
	Name  string   `json:"name"`
	Words []string `json:"words"`
}

// Seed is all a model knows before anybody has corrected it.
type Seed struct {
	Departments []Department `json:"departments"`
	Intents     []Intent     `json:"intents"` // none: those of Packs, in all languages
	Staff       []Person     `json:"staff"`
	Topics      []Topic      `json:"topics"`
	Messages    []Message    `json:"messages,omitempty"` // those of Packs, as a rule
}

// Message is a message as people write them, with all that is to be said of it: what the packs teach from. Departments are
// keys of ready-made ones; a department of the company that took over the phrases of one learns from its messages.
type Message struct {
	Input       Input
	Intents     []string // all that are there, the main one first
	Departments []string // that could answer it, the best first
	Needs       Answer
	Urgency     Urgency
	Mood        int // -1, 0 or 1
}

// Example is a message of which a person has said, or shown by dealing with it, where it belongs or what it wants. Department or
// Intents may be empty: nothing is learned of that side then.
type Example struct {
	Input      Input    `json:"input"`
	Department string   `json:"department,omitempty"`
	Intents    []string `json:"intents,omitempty"`
	Weight     float64  `json:"weight,omitempty"` // 0 counts as 1; below 1 it only bears out what was thought, as Confirmed does
}

func (e Example) weight() float32 {
	if e.Weight <= 0 {
		return 1
	}
	return float32(e.Weight)
}

// corrects reports whether a person said it against what was thought: it weighs in full.
func (e Example) corrects() bool { return e.weight() >= 1 }
