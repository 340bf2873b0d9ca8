package api

import (
	"context"
	"math"
	"strings"
	"time"

	"switchboard/internal/advice"
	"switchboard/internal/staff"
)

// Advice is how the language model is set, and how it goes with it.
type Advice struct {
	On          bool      `json:"on" doc:"It is asked about messages nobody was sure of."`
	Address     string    `json:"address" maxLength:"500" doc:"Of a chat-completions interface, up to before /chat/completions: https://models.example/v1."`
	Model       string    `json:"model" maxLength:"200" doc:"As the service calls it."`
	Seconds     int       `json:"seconds" doc:"How long one question may take, 1 to 60."`
	Calls       int       `json:"calls" doc:"Questions a day, at most; the day is the company's."`
	Tokens      int       `json:"tokens" doc:"Tokens a day, at most, as the model counts them."`
	Languages   []string  `json:"languages" nullable:"false" doc:"Messages in these stay in the house: en, de."`
	Departments []Ref     `json:"departments" nullable:"false" doc:"The model is not told of these, and messages triage takes to be for one stay in the house."`
	HasKey      bool      `json:"hasKey" doc:"A key is kept. It is never shown."`
	Today       AdviceDay `json:"today"`
	Spent       bool      `json:"spent" doc:"Today's budget is used up."`
	PausedUntil time.Time `json:"pausedUntil,omitzero" doc:"After failures in a row it is left alone for a while. Absent: it is not."`
	Trouble     string    `json:"trouble,omitempty" doc:"What the last question failed of. Absent: it went well."`
	TroubleAt   time.Time `json:"troubleAt,omitzero"`
	Sample      string    `json:"sample" doc:"The message a try sends, as somebody would have written it."`
}

// AdviceDay is what was asked today.
type AdviceDay struct {
	Calls    int64 `json:"calls"`
	Tokens   int64 `json:"tokens"`
	Answers  int64 `json:"answers"`
	Failures int64 `json:"failures"`
}

// AdviceForm is how it is to be set.
type AdviceForm struct {
	On          bool                    `json:"on"`
	Address     string                  `json:"address" maxLength:"500"`
	Model       string                  `json:"model" maxLength:"200"`
	Seconds     int                     `json:"seconds" minimum:"1" maximum:"60"`
	Calls       int                     `json:"calls" minimum:"0" maximum:"1000000000"`
	Tokens      int                     `json:"tokens" minimum:"0" maximum:"1000000000"`
	Languages   []string                `json:"languages" nullable:"false" maxItems:"50"`
	Departments []ref[staff.Department] `json:"departments" nullable:"false" maxItems:"500"`
	Key         *string                 `json:"key,omitempty" maxLength:"1000" doc:"A new key; empty takes the old one away, absent leaves it."`
}

// AdviceTrial is what a try showed.
type AdviceTrial struct {
	Left    string        `json:"left" doc:"What left the house, word for word."`
	Status  int           `json:"status" doc:"Of HTTP; 0: no answer came."`
	Came    string        `json:"came" doc:"What came back, as far as it was read."`
	Seconds float64       `json:"seconds"`
	Trouble string        `json:"trouble,omitempty" doc:"Why it is no answer."`
	Answer  *AdviceAnswer `json:"answer,omitempty" doc:"What was understood of it."`
}

// AdviceAnswer is what a model thinks of a message.
type AdviceAnswer struct {
	Intent      string `json:"intent"`
	Departments []Ref  `json:"departments" nullable:"false"`
	Needs       string `json:"needs" enum:"must,courtesy,none"`
	Urgency     string `json:"urgency" enum:"now,today,normal"`
}

func (s *Server) getAdvice(ctx context.Context, _ *struct{}) (*body[Advice], error) {
	set, err := s.Advice.Settings(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	return answer(s.showAdvice(ctx, set))
}

func (s *Server) showAdvice(ctx context.Context, set advice.Settings) (Advice, error) {
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return Advice{}, err
	}
	st, err := s.Advice.State(ctx, who(ctx))
	return Advice{On: set.On, Address: set.Address, Model: set.Model, Seconds: int(math.Round(set.Timeout.Seconds())), Calls: set.Calls, Tokens: set.Tokens,
		Languages: orNone(set.Languages), Departments: refDepartments(r, set.Departments), HasKey: set.HasKey,
		Today: AdviceDay(st.Today), Spent: st.Spent, PausedUntil: st.Paused, Trouble: st.Trouble, TroubleAt: st.TroubleAt, Sample: advice.Sample()}, err
}

type adviceForm struct{ Body AdviceForm }

func (s *Server) putAdvice(ctx context.Context, in *adviceForm) (*body[Advice], error) {
	b := in.Body
	set := advice.Settings{On: b.On, Address: b.Address, Model: b.Model, Timeout: time.Duration(b.Seconds) * time.Second, Calls: b.Calls, Tokens: b.Tokens, Languages: b.Languages}
	for _, d := range b.Departments {
		set.Departments = append(set.Departments, d.Of)
	}
	set, err := s.Advice.Change(ctx, who(ctx), set, b.Key)
	if err != nil {
		return nil, err
	}
	return answer(s.showAdvice(ctx, set))
}

// tryAdvice asks the model that is set about a sample.
func (s *Server) tryAdvice(ctx context.Context, _ *struct{}) (*body[AdviceTrial], error) {
	t, err := s.Advice.Try(ctx, who(ctx))
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	out := AdviceTrial{Left: t.Left, Status: t.Status, Came: t.Came, Seconds: t.Took.Seconds(), Trouble: t.Trouble}
	if a := t.Answer; a != nil {
		out.Answer = &AdviceAnswer{a.Intent, refDepartments(r, a.Departments), a.Needs, a.Urgency}
	}
	return answer(out, err)
}

// advised tells what a language model said of a message.
func (v *show) advised(f facts) string {
	names := []string{}
	for _, d := range f.Departments {
		if n := refDepartment(v.roster, d).Name; n != "" {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return "A language model (" + f.Model + ") was asked and knows no department for it"
	}
	return "A language model (" + f.Model + ") suggests " + strings.Join(names, ", then ") + "; nothing else follows from it"
}
