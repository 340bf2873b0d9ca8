package routing

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"

	"switchboard/internal/letters"
)

// Rule is something that must be certain: whenever When is true the message goes to Department, and to Person if one is
// named and there. Rules win over map and model; the first that matches wins over the others.
type Rule struct {
	Key        string `json:"key"`
	Name       string `json:"name"`
	When       string `json:"when"` // an expression: `language == "fr" and says("facture")`
	Department string `json:"department"`
	Person     string `json:"person,omitempty"`
}

// Limits of a rule. Loops, functions of our own and names for values are refused, so that none can be slow.
const (
	ruleNodes = 120
	ruleBytes = 2000
	ruleText  = 8000 // bytes of a message that rules read

	patternRepeats = 50  // times that a pattern may ask for the same at most; * and + ask for no number
	patternSteps   = 500 // of the machines that all patterns of a condition become: each may be taken at each letter of a message
)

// Rules are compiled rules, safe for concurrent use.
type Rules struct {
	rules    []Rule
	programs []*vm.Program
	patterns []bool // which of them have patterns
}

// CompileRules compiles rules in their order. The error names every rule that is wrong and says what is.
func CompileRules(rules []Rule) (*Rules, error) {
	c := &Rules{}
	var wrong []error
	for _, r := range rules {
		p, steps, err := compile(r.When)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("rule %q: %w", named(r.Name, r.Key), err))
			continue
		}
		c.rules, c.programs, c.patterns = append(c.rules, r), append(c.programs, p), append(c.patterns, steps > 0)
	}
	return c, errors.Join(wrong...)
}

func named(name, key string) string {
	if name == "" {
		return key
	}
	return name
}

// PatternSteps is how many steps the machines have that the patterns of a condition become: each may be taken at each letter of a
// message. 0 for one that has none, or is refused.
func PatternSteps(when string) int {
	if !strings.Contains(when, "matches") {
		return 0
	}
	_, steps, err := compile(when)
	if err != nil {
		return 0
	}
	return steps
}

// compile returns with a condition's program how many steps its patterns have.
func compile(when string) (_ *vm.Program, steps int, _ error) {
	if strings.TrimSpace(when) == "" {
		return nil, 0, errors.New("the condition is empty; write for example: says(\"refund\")")
	}
	if len(when) > ruleBytes {
		return nil, 0, fmt.Errorf("the condition is longer than %d letters; split it into several rules", ruleBytes)
	}
	guard := &guard{}
	p, err := expr.Compile(when, expr.Env(&facts{}), expr.AsBool(), expr.MaxNodes(ruleNodes), expr.DisableAllBuiltins(),
		expr.EnableBuiltin("len"), expr.EnableBuiltin("lower"), expr.EnableBuiltin("upper"), expr.EnableBuiltin("trim"), expr.Patch(guard))
	if guard.wrong != "" {
		return nil, 0, errors.New(guard.wrong)
	}
	return p, guard.steps, err
}

// guard refuses what could make a rule slow.
type guard struct {
	wrong string
	steps int // of the patterns so far
}

// Visit looks at one node of a condition.
func (g *guard) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.PredicateNode, *ast.PointerNode:
		g.wrong = "a condition cannot go through lists with a function of its own; use says(), standing(), topic() or in"
	case *ast.VariableDeclaratorNode, *ast.SequenceNode:
		g.wrong = "a condition is one expression; it cannot give names to values"
	case *ast.BinaryNode:
		switch n.Operator {
		case "..", "**", "^":
			g.wrong = fmt.Sprintf("a condition cannot use %q", n.Operator)
		case "matches":
			pattern, fixed := n.Right.(*ast.StringNode)
			if !fixed {
				g.wrong = "matches needs a fixed pattern in quotation marks"
				return
			}
			g.pattern(pattern.Value)
		}
	}
}

// pattern refuses one that a message could keep busy for long. One that cannot be read is the compiler's to refuse.
func (g *guard) pattern(text string) {
	re, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return
	}
	if repeats(re) > patternRepeats {
		g.wrong = fmt.Sprintf("a pattern can ask for the same up to %d times; write a smaller number, or * or + for any", patternRepeats)
		return
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return
	}
	if g.steps += len(prog.Inst); g.steps > patternSteps {
		g.wrong = "the patterns are too long together; shorten them, make several rules of it, or use says() for words"
	}
}

// repeats is the greatest number of times that a pattern asks for something.
func repeats(re *syntax.Regexp) int {
	most := 0
	if re.Op == syntax.OpRepeat {
		most = max(re.Min, re.Max)
	}
	for _, sub := range re.Sub {
		most = max(most, repeats(sub))
	}
	return most
}

// facts is what a condition can ask for.
type facts struct {
	Text      string   `expr:"text"` // with its subject
	Language  string   `expr:"language"`
	Urgency   string   `expr:"urgency"`
	Needs     string   `expr:"needs"`
	Kind      string   `expr:"kind"`
	Account   string   `expr:"account"`
	Channel   string   `expr:"channel"`
	Handle    string   `expr:"handle"`
	Private   bool     `expr:"private"`
	Followers int      `expr:"followers"`
	Rating    int      `expr:"rating"`
	Hour      int      `expr:"hour"`    // 0 to 23 in the company's time zone
	Weekday   string   `expr:"weekday"` // "monday"
	Sentiment float64  `expr:"sentiment"`
	Spam      float64  `expr:"spam"`
	Standings []string `expr:"standings"`
	Topics    []string `expr:"topics"`

	Intent     func(key string) float64   `expr:"intent"`     // how sure triage is of it
	Department func(key string) float64   `expr:"department"` // the same of a department
	Standing   func(key string) bool      `expr:"standing"`
	Topic      func(key string) bool      `expr:"topic"`
	Says       func(words ...string) bool `expr:"says"` // any of the words or phrases, whole and in any case; "invoic*" for all beginnings
}

func factsOf(c *Case) *facts {
	text := letters.Head(c.Text, ruleText)
	if c.Subject != "" {
		text = letters.Head(c.Subject, ruleText/4) + "\n" + text
	}
	var said string
	return &facts{
		Text: text, Language: c.Language, Urgency: c.Urgency, Needs: c.Needs, Kind: c.Kind, Account: c.Account, Channel: c.Channel,
		Handle: c.Handle, Private: c.Private, Followers: c.Followers, Rating: c.Rating, Hour: c.At.Hour(),
		Weekday: strings.ToLower(c.At.Weekday().String()), Sentiment: c.Sentiment, Spam: c.Spam, Standings: c.Standings, Topics: c.Topics,
		Intent:     func(key string) float64 { return share(c.Intents, key) },
		Department: func(key string) float64 { return share(c.Departments, key) },
		Standing:   func(key string) bool { return key != "" && holdsOne(key, c.Standings) },
		Topic:      func(key string) bool { return key != "" && holdsOne(key, c.Topics) },
		Says: func(words ...string) bool {
			if said == "" {
				said = sayable(text)
			}
			return saysAny(said, words)
		},
	}
}

func share(scores []Score, key string) float64 {
	for _, s := range scores {
		if s.Key == key {
			return s.Confidence
		}
	}
	return 0
}

// matched is the first rule that holds for the case and can be followed, with what is to be said of the others. Once one has won, of
// those further down only what is quickly known is said: patterns are read for what they decide.
func (r *Rules) matched(c *Case, roster *Roster) (rule *Rule, remarks []string) {
	if r == nil || len(r.rules) == 0 {
		return nil, nil
	}
	f := factsOf(c)
	var machine vm.VM
	for i, p := range r.programs {
		this := &r.rules[i]
		if rule != nil && (r.patterns[i] || this.Department == rule.Department) {
			continue
		}
		out, err := machine.Run(p, f)
		if yes, _ := out.(bool); err != nil || !yes {
			continue
		}
		switch {
		case !roster.has(this.Department):
			remarks = append(remarks, fmt.Sprintf("the rule %q names a department that is no more", named(this.Name, this.Key)))
		case rule == nil:
			rule = this
		default:
			remarks = append(remarks, fmt.Sprintf("the rule %q would have said %s, but stands further down", named(this.Name, this.Key), roster.name(this.Department)))
		}
	}
	return rule, remarks
}

// Match reports whether any of the rules holds for the case.
func (r *Rules) Match(c Case) bool {
	if r == nil {
		return false
	}
	f := factsOf(&c)
	var machine vm.VM
	for _, p := range r.programs {
		if out, err := machine.Run(p, f); err == nil && out == true {
			return true
		}
	}
	return false
}

// Matches reports which of the rules hold for the case, by key, in order: to try rules on past messages.
func (r *Rules) Matches(c Case) []string {
	if r == nil {
		return nil
	}
	var keys []string
	f := factsOf(&c)
	var machine vm.VM
	for i, p := range r.programs {
		if out, err := machine.Run(p, f); err == nil && out == true {
			keys = append(keys, r.rules[i].Key)
		}
	}
	return keys
}
