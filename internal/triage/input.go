package triage

import "time"

// Said is an earlier message of the conversation.
type Said struct {
	Own  bool   `json:"own"` // said by us
	Text string `json:"text"`
}

// Input is all that triage may know of a message. The account it arrived on is missing on purpose.
type Input struct {
	Text      string    `json:"text"`
	Subject   string    `json:"subject,omitempty"`
	Warning   string    `json:"warning,omitempty"`   // content warning: often the real subject
	Lang      string    `json:"lang,omitempty"`      // the author's claim; a hint, often wrong
	Earlier   string    `json:"earlier,omitempty"`   // the language the author wrote before, "" if unknown
	Kind      string    `json:"kind,omitempty"`      // post, reply, comment, direct, review, article, email
	Private   bool      `json:"private,omitempty"`   // only we can read it
	Overheard bool      `json:"overheard,omitempty"` // found by listening; not said to us
	Thread    []Said    `json:"thread,omitempty"`    // the last messages before it, oldest first
	Standings []string  `json:"standings,omitempty"` // of the contact: customer, journalist, …
	Followers int       `json:"followers,omitempty"`
	Bot       bool      `json:"bot,omitempty"`
	Automatic bool      `json:"automatic,omitempty"` // an auto-reply, list mail, bounce
	Rating    int       `json:"rating,omitempty"`    // stars of a review, 1 to 5; 0 for none
	At        time.Time `json:"at,omitzero"`         // when it was said; urgency of "last month" hangs on words, not on this
}

// Weights of the parts of a message against its text.
const (
	subjectWeight = 1
	warningWeight = 1
	threadWeight  = 0.35 // of their last message before this one
	ownWeight     = 0.8  // of ours
	shortBoost    = 2    // on the thread when the message itself says next to nothing ("yes")
	shortWords    = 3
	contextWeight = 1
	signWeights   = 0.8 // of a sign of the lexicon
)

// read scans the message into s: its own text first, so that words of the thread stay apart from it.
func (s *scratch) read(in *Input) (own int) {
	s.scan(in.Text, 1)
	if in.Subject != "" {
		s.scan(in.Subject, subjectWeight)
	}
	if in.Warning != "" {
		s.scan(in.Warning, warningWeight)
	}
	own = len(s.words)
	m := s.marks
	boost := float32(1)
	if own <= shortWords {
		boost = shortBoost
	}
	theirs, ours := false, false
	for i := len(in.Thread) - 1; i >= 0 && !(theirs && ours) && i >= len(in.Thread)-6; i-- {
		switch t := in.Thread[i]; {
		case t.Own && !ours:
			ours = true
			s.scan(t.Text, ownWeight*boost)
		case !t.Own && !theirs:
			theirs = true
			s.scan(t.Text, threadWeight*boost)
		}
	}
	s.marks = m
	return own
}

// taken is what a look at a message finds before the model weighs it.
type taken struct {
	own      int // words that are its own
	language Language
	g        signals
}

// take counts the features of in's words, of what the lexicon sees in them and of what else is known about the message.
func (s *scratch) take(in *Input) (t taken) {
	t.own = s.read(in)
	s.muted = s.mute(t.own)
	t.language = s.language(t.own, in.Earlier, in.Lang)
	t.g = s.signals(t.own, t.language)
	s.extract()
	s.quantify(t.own)
	s.conceive(t.own, t.language)
	s.gloss(t.language)
	s.feel(t.own, t.language)
	for k, n := range t.g.n {
		if n > 0 {
			s.count(signBuckets[k], signWeights, -1)
		}
	}
	for i, standing := range in.Standings {
		if i < 8 {
			s.context("standing "+standing, contextWeight)
		}
	}
	switch {
	case in.Rating >= 1 && in.Rating <= 2:
		s.context("rating low", contextWeight)
	case in.Rating >= 4:
		s.context("rating high", contextWeight)
	}
	if in.Kind == "article" {
		s.context("article", contextWeight)
	}
	if t.g.asked || s.marks.questions > 0 {
		s.context("asks", contextWeight)
	}
	return t
}

// signBuckets are where the signs of the lexicon count: what is learned of them in one language holds in all.
var signBuckets = func() (b [signs]uint32) {
	for k, name := range signNames {
		b[k] = contextBucket("sign " + name)
	}
	return b
}()
