package api

import (
	"context"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/insight"
	"switchboard/internal/staff"
)

// Share is how many of how many.
type Share struct {
	N  int `json:"n"`
	Of int `json:"of"`
}

// Scoreboard is how well the machine judges, measured on what this company's own people did. Shares count settled
// conversations where nothing else is said.
type Scoreboard struct {
	From      time.Time      `json:"from"`
	Until     time.Time      `json:"until"`
	Capped    bool           `json:"capped" doc:"There were more than are looked at: the newest 20,000 count."`
	Damaged   *time.Time     `json:"damagedAt,omitempty" doc:"When what triage had learned was last found damaged. It was made anew from what people corrected. Absent: never."`
	All       int            `json:"all" doc:"Conversations opened."`
	Settled   int            `json:"settled" doc:"Of these, how many it is known of which department dealt with them."`
	Fewest    int            `json:"fewest" doc:"Below so many nothing much can be said."`
	How       []HowSettled   `json:"how" nullable:"false"`
	Corrected int            `json:"corrected" doc:"Conversations somebody said another intent of."`
	First     Share          `json:"first" doc:"The department thought likeliest dealt with it."`
	Three     Share          `json:"three" doc:"One of the three likeliest did."`
	Balanced  float64        `json:"balanced" doc:"The first again, 0 to 1, with each department counting alike."`
	Coverage  Share          `json:"coverage" doc:"Put through by the machine's own judgement, of all that no rule decided."`
	Precision Share          `json:"precision" doc:"Of these, put through rightly."`
	Error     float64        `json:"error" doc:"By how much its confidence is off, on average, 0 to 1."`
	Bins      []ScoreBin     `json:"bins" nullable:"false" doc:"Ten, by confidence."`
	Weeks     []ScoreWeek    `json:"weeks" nullable:"false"`
	Confusion []Confusion    `json:"confusion" nullable:"false" doc:"What was thought and what it was, right ones too, the most frequent first."`
	Rows      []ScoreRow     `json:"departments" nullable:"false"`
	Accounts  []ScoreAccount `json:"accounts" nullable:"false"`
	Home      Share          `json:"home" doc:"Right, of what arrived on an account whose usual department dealt with it."`
	Elsewhere Share          `json:"elsewhere" doc:"Right, of what arrived on the wrong account."`
}

// HowSettled counts by what was done.
type HowSettled struct {
	How string `json:"how" enum:"answered,handed over,suggestion taken,claimed"`
	N   int    `json:"n"`
}

// ScoreBin is what was said with a confidence from From to below Until.
type ScoreBin struct {
	From       float64 `json:"from"`
	Until      float64 `json:"until"`
	Said       float64 `json:"said" doc:"The mean of what was said."`
	Was        Share   `json:"was"`
	Calibrated float64 `json:"calibrated" doc:"What is to be believed of it."`
}

// ScoreWeek is a week.
type ScoreWeek struct {
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	First  Share     `json:"first"`
	Unlike Share     `json:"unlike" doc:"Of all: less sure than of nine in ten in the four weeks before. One in ten is usual; of 0 says that too little is known."`
	Level  float64   `json:"level" doc:"The confidence these are below."`
}

// Confusion is a department that was thought of, and which it was.
type Confusion struct {
	Said Ref `json:"said"`
	Was  Ref `json:"was"`
	N    int `json:"n"`
}

// ScoreRow is one department.
type ScoreRow struct {
	Department Ref      `json:"department"`
	Said       Share    `json:"said" doc:"Right, of what it was thought likeliest for."`
	Was        Share    `json:"was" doc:"Found, of what it dealt with."`
	Wanted     float64  `json:"wanted" doc:"The precision it wants, 0 to 1."`
	Threshold  *float64 `json:"threshold,omitempty" doc:"The confidence from which a message is put through unasked. Absent: the usual; above 1: none is."`
	Source     string   `json:"source" enum:"own,house,default" doc:"From whose verdicts the threshold was found."`
	Coverage   Share    `json:"coverage"`
	Precision  Share    `json:"precision"`
}

// ScoreAccount is one account.
type ScoreAccount struct {
	Account   RowAccount `json:"account"`
	First     Share      `json:"first"`
	Home      Ref        `json:"home" doc:"The department that deals with most of what arrives here."`
	Elsewhere Share      `json:"elsewhere" doc:"Right, of what another department deals with."`
}

type scoreboardQuery struct {
	Days int `query:"days" minimum:"1" maximum:"366" default:"30"`
}

func (s *Server) getScoreboard(ctx context.Context, in *scoreboardQuery) (*body[Scoreboard], error) {
	b, err := s.Insight.Board(ctx, who(ctx), in.Days)
	if err != nil {
		return nil, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	out := Scoreboard{From: b.From, Until: b.Until, Capped: b.Capped, All: b.All, Settled: b.Settled, Fewest: insight.Fewest, Corrected: b.Corrected,
		How: []HowSettled{}, First: Share(b.First), Three: Share(b.Three), Balanced: b.Balanced, Coverage: Share(b.Coverage), Precision: Share(b.Precision),
		Error: b.Error, Bins: []ScoreBin{}, Weeks: []ScoreWeek{}, Confusion: []Confusion{}, Rows: []ScoreRow{}, Accounts: []ScoreAccount{},
		Home: Share(b.Home), Elsewhere: Share(b.Elsewhere)}
	if !b.Damaged.IsZero() {
		out.Damaged = ptr(b.Damaged)
	}
	for _, h := range insight.Hows() {
		if n := b.ByHow[h]; n > 0 {
			out.How = append(out.How, HowSettled{string(h), n})
		}
	}
	for _, n := range b.Bins {
		out.Bins = append(out.Bins, ScoreBin{n.From, n.Until, n.Said, Share(n.Was), n.Calibrated})
	}
	for _, w := range b.Weeks {
		out.Weeks = append(out.Weeks, ScoreWeek{w.From, w.Until, Share(w.First), Share(w.Unlike), w.Level})
	}
	for _, p := range b.Confusion {
		out.Confusion = append(out.Confusion, Confusion{refDepartment(v.roster, p.Said), refDepartment(v.roster, p.Was), p.N})
	}
	for _, r := range b.Departments {
		out.Rows = append(out.Rows, scoreRow(v.roster, r))
	}
	for _, a := range b.Accounts {
		is, err := s.account(ctx, v, a.Account)
		if err != nil {
			return nil, err
		}
		out.Accounts = append(out.Accounts, ScoreAccount{RowAccount{a.Account.String(), is.Name, is.Handle, is.Channel}, Share(a.First),
			refDepartment(v.roster, a.Home), Share(a.Elsewhere)})
	}
	return answer(out, nil)
}

func scoreRow(r *staff.Roster, d insight.Row) ScoreRow {
	out := ScoreRow{Department: refDepartment(r, d.Department), Said: Share(d.Said), Was: Share(d.Was), Wanted: d.Wanted, Source: string(d.Least.Source),
		Coverage: Share(d.Coverage), Precision: Share(d.Precision)}
	if d.Least.At > 0 {
		out.Threshold = ptr(d.Least.At)
	}
	if out.Source == "" {
		out.Source = string(insight.Default)
	}
	return out
}

// Verdict is what was thought of a conversation when it opened, and what came of it.
type Verdict struct {
	Conversation string     `json:"conversation"`
	Subject      string     `json:"subject"`
	Excerpt      string     `json:"excerpt" doc:"The beginning of the message that opened it; empty when it was deleted."`
	Account      RowAccount `json:"account"`
	At           time.Time  `json:"at"`
	Said         *Ref       `json:"said,omitempty" doc:"The department thought likeliest. Absent: none."`
	Confidence   float64    `json:"confidence"`
	Decided      Ref        `json:"decided" doc:"Whom it was put through to at first."`
	By           string     `json:"by" enum:"rule,map,model,operator"`
	Was          *Ref       `json:"was,omitempty" doc:"The department that dealt with it. Absent: not known yet."`
	Right        bool       `json:"right"`
	How          string     `json:"how,omitempty" enum:"answered,handed over,suggestion taken,claimed"`
	SettledAt    *time.Time `json:"settledAt,omitempty"`
	Intent       string     `json:"intent"`
	TrueIntent   string     `json:"trueIntent,omitempty" doc:"What a person said it was about."`
}

type verdictsQuery struct {
	Days      int                   `query:"days" minimum:"1" maximum:"366" default:"30"`
	From      time.Time             `query:"from" doc:"In place of days."`
	Until     time.Time             `query:"until" doc:"Absent: now."`
	Said      ref[staff.Department] `query:"said" doc:"Thought likeliest."`
	Was       ref[staff.Department] `query:"was" doc:"Dealt with it."`
	NotOf     ref[staff.Department] `query:"notOf" doc:"Settled, and not dealt with by this one."`
	Account   ref[account.Account]  `query:"account"`
	Least     float64               `query:"least" minimum:"0" maximum:"1" doc:"Confidence from."`
	Below     float64               `query:"below" minimum:"0" maximum:"1" doc:"Confidence below; 0 or 1: no bound."`
	Settled   bool                  `query:"settled"`
	Found     string                `query:"found" enum:"right,wrong,among,missed" doc:"among: one of the three likeliest; missed: none of them."`
	By        string                `query:"by" enum:"rule,map,model,operator,machine,asked" doc:"machine: map or model; asked: anything but a rule."`
	How       string                `query:"how" enum:"answered,handed over,suggestion taken,claimed"`
	Corrected bool                  `query:"corrected" doc:"Somebody said another intent."`
	After     string                `query:"after" maxLength:"60"`
	Limit     int                   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// getVerdicts lists what stands behind a figure of the scoreboard.
func (s *Server) getVerdicts(ctx context.Context, in *verdictsQuery) (*body[items[Verdict]], error) {
	after, err := insight.ParseMark(in.After)
	if err != nil {
		return nil, err
	}
	until := in.Until
	if until.IsZero() {
		until = s.Now()
	}
	from := in.From
	if from.IsZero() {
		from = until.Add(-time.Duration(in.Days) * 24 * time.Hour)
	}
	list, next, err := s.Insight.List(ctx, who(ctx), insight.Filter{From: from, Until: until, Said: in.Said.Of, Was: in.Was.Of, NotOf: in.NotOf.Of,
		Account: in.Account.Of, Least: in.Least, Below: in.Below, Settled: in.Settled, Found: insight.Found(in.Found), By: insight.Decider(in.By),
		How: insight.How(in.How), Corrected: in.Corrected, After: after}, in.Limit)
	if err != nil {
		return nil, err
	}
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Verdict, 0, len(list))
	for _, l := range list {
		a, err := s.account(ctx, v, l.Account)
		if err != nil {
			return nil, err
		}
		out = append(out, showVerdict(v, a, l))
	}
	return answer(items[Verdict]{out, next.String()}, nil)
}

func showVerdict(v *show, a account.Account, l insight.Listed) Verdict {
	out := Verdict{Conversation: l.Conversation.String(), Subject: l.Subject, Excerpt: l.Excerpt, Account: RowAccount{l.Account.String(), a.Name, a.Handle, a.Channel},
		At: l.At, Confidence: l.Confidence, Decided: refDepartment(v.roster, l.Decided), By: l.By, Right: l.Right(), How: string(l.How),
		SettledAt: unlessZero(l.SettledAt), Intent: l.Intent, TrueIntent: l.TrueIntent}
	if !l.Likely[0].IsZero() {
		out.Said = ptr(refDepartment(v.roster, l.Likely[0]))
	}
	if was := l.Was(); !was.IsZero() {
		out.Was = ptr(refDepartment(v.roster, was))
	}
	return out
}
