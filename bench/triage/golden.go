package main

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"switchboard/internal/routing"
	"switchboard/internal/triage"
)

// golden is one line of the golden set; docs/golden-set.md says what each field means.
type golden struct {
	Text, Subject, Lang, Kind, Account, Thread, Standing string
	Wrong                                                bool
	Intents, Departments                                 []string
	Needs, Urgency                                       string
	Sentiment                                            int
}

// tested reports whether a line belongs to the half that is scored: it is never trained on.
func (g golden) tested() bool { return sha256.Sum256([]byte(g.Text))[0]%2 == 0 }

func (g golden) input() triage.Input {
	in := triage.Input{Text: g.Text, Subject: g.Subject, Kind: g.Kind, Private: g.Kind == "direct" || g.Kind == "email"}
	if g.Standing != "" {
		in.Standings = []string{g.Standing}
	}
	if g.Thread != "" {
		in.Thread = []triage.Said{{Own: true, Text: g.Thread}}
	}
	return in
}

func readGolden() (all []golden, err error) {
	files, _ := filepath.Glob("bench/golden/inbound-*.jsonl")
	if len(files) == 0 {
		return nil, fmt.Errorf("%w: bench/golden (run from the root of the repository)", fs.ErrNotExist)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for n := 1; lines.Scan(); n++ {
			var g golden
			if err := json.Unmarshal(lines.Bytes(), &g); err != nil {
				_ = f.Close()
				return nil, fmt.Errorf("%s:%d: %w", name, n, err)
			}
			all = append(all, g)
		}
		_ = f.Close()
		if err := lines.Err(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// judged is a line with what the engine made of it, and where routing would put it.
type judged struct {
	golden
	triage.Assessment
	ranked []string // departments, the likeliest first
}

// firstDayJudge judges lines with nothing but the packs.
func firstDayJudge(list []golden) []judged {
	seed := triage.Packs().Seed()
	judging := map[string]bool{}
	for _, g := range list {
		judging[g.Text] = true
	}
	seed.Messages = slices.DeleteFunc(slices.Clone(seed.Messages), func(m triage.Message) bool { // nothing that is judged is trained on
		_, after, _ := strings.Cut(m.Input.Text, ": ")
		return judging[m.Input.Text] || judging[after]
	})
	m := triage.Train(seed, nil)
	var departments []routing.Department
	var rows []routing.Row
	for _, d := range seed.Departments {
		departments = append(departments, routing.Department{Key: d.Key, Name: d.Name})
	}
	for _, i := range seed.Intents {
		if i.Department != "" {
			rows = append(rows, routing.Row{Intent: i.Key, Department: i.Department})
		}
	}
	rmap := routing.NewMap("packs", rows)
	roster := routing.NewRoster("operator", 1e-9, append(departments, routing.Department{Key: "operator"}), nil)
	out := make([]judged, 0, len(list))
	for _, g := range list {
		j := judged{golden: g, Assessment: m.Assess(g.input())}
		d := routing.Decide(caseOf(j.Assessment), roster, rmap, nil)
		j.ranked = append(j.ranked, d.Department)
		for _, s := range d.Suggestions {
			if !slices.Contains(j.ranked, s.Department) {
				j.ranked = append(j.ranked, s.Department)
			}
		}
		out = append(out, j)
	}
	return out
}

// goldenSet scores the golden set; held scores the half that may be looked at.
func goldenSet(_ string, held bool) error {
	all, err := readGolden()
	if err != nil {
		return err
	}
	list := slices.DeleteFunc(slices.Clone(all), func(g golden) bool { return g.tested() == held })
	js := firstDayJudge(list)
	line(fmt.Sprintf("golden set: messages scored, of %d", len(all)), fmt.Sprint(len(js)), "")
	line("intent: macro F1 of the main intent", fmt.Sprintf("%.3f", macroF1(js, func(g judged) string { return g.golden.Intents[0] }, func(g judged) string { return g.Intent() }, false)), "0.85")
	line("intent: one of those named comes first", percent(share(js, func(j judged) bool { return slices.Contains(j.golden.Intents, j.Intent()) })), "")
	top := func(n int) func(judged) bool {
		return func(j judged) bool {
			return slices.ContainsFunc(j.ranked[:min(n, len(j.ranked))], func(d string) bool { return slices.Contains(j.golden.Departments, d) })
		}
	}
	line("department: first is right", percent(share(js, top(1))), "85 %")
	line("department: one of the first three is right", percent(share(js, top(3))), "96 %")
	line("department: first is right, each department alike", percent(balanced(js, top(1))), "")
	right, wrong := only(js, func(j judged) bool { return !j.Wrong }), only(js, func(j judged) bool { return j.Wrong })
	line(fmt.Sprintf("  on the right account (%d)", len(right)), percent(share(right, top(1))), "")
	line(fmt.Sprintf("  on the wrong account (%d)", len(wrong)), percent(share(wrong, top(1))), "the same")
	line("language", percent(share(js, func(j judged) bool { return j.Language.Code == j.Lang })), "98 %")
	line("language, five words and more", percent(share(only(js, func(j judged) bool { return len(strings.Fields(j.Text)) >= 5 }), func(j judged) bool { return j.Language.Code == j.Lang })), "")
	mix := mixed(js)
	line(fmt.Sprintf("must answer: recall in the upper half of a mixed stream (%d)", len(mix)), percent(recall(mix, 2, func(j judged) bool { return j.golden.Needs == "must" }, func(j judged) float64 { return j.Must })), "99 %")
	line("  the same, over all lines called must", percent(share(only(js, func(j judged) bool { return j.golden.Needs == "must" }), func(j judged) bool { return j.Assessment.Needs == triage.Must })), "")
	line("urgency now: recall in the first fifth of the queue", percent(recall(js, 5, func(j judged) bool { return j.golden.Urgency == "now" }, func(j judged) float64 { return j.Priority })), "97 %")
	sum, languages := 0.0, 0
	for _, lang := range []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl"} {
		of := only(js, func(j judged) bool { return j.Lang == lang })
		if len(of) == 0 {
			continue
		}
		f := macroF1(of, func(j judged) string { return fmt.Sprint(j.golden.Sentiment) }, func(j judged) string { return fmt.Sprint(sign(j.Assessment.Sentiment)) }, true)
		sum, languages = sum+f, languages+1
		line("  "+lang+": first department right, intent right, sentiment F1", fmt.Sprintf("%.0f %.0f %.0f", 100*share(of, top(1)), 100*share(of, func(j judged) bool { return slices.Contains(j.golden.Intents, j.Intent()) }), 100*f), "")
	}
	line("sentiment: macro F1, mean of the languages", fmt.Sprintf("%.1f", 100*sum/float64(languages)), "58")
	if held && os.Getenv("SWITCHBOARD_SHOW") != "" {
		show(js, top)
	}
	return nil
}

// show prints what was judged wrongly in the half that may be looked at.
func show(js []judged, top func(int) func(judged) bool) {
	for _, j := range js {
		what := os.Getenv("SWITCHBOARD_SHOW")
		var wrong bool
		switch what {
		case "intent":
			wrong = !slices.Contains(j.golden.Intents, j.Intent())
		case "department":
			wrong = !top(1)(j)
		case "must":
			wrong = j.golden.Needs == "must" && j.Must < 0.5
		case "now":
			wrong = j.golden.Urgency == "now" && j.Priority < 0.75
		case "sentiment":
			wrong = sign(j.Assessment.Sentiment) != j.golden.Sentiment
		case "language":
			wrong = j.Language.Code != j.Lang
		}
		if wrong {
			fmt.Printf("%s want %v %v %s %s %d  got %s(%.2f) %v must %.2f now %s prio %.2f sent %.2f lang %s | %s\n", j.Lang, j.golden.Intents, j.golden.Departments, j.golden.Needs, j.golden.Urgency,
				j.golden.Sentiment, j.Intent(), j.Assessment.Intents[0].Confidence, j.ranked, j.Must, j.Assessment.Urgency, j.Priority, j.Assessment.Sentiment, j.Language.Code, j.Text)
		}
	}
}

func sign(x float64) int {
	switch {
	case x > 0.25:
		return 1
	case x < -0.25:
		return -1
	}
	return 0
}

func only(js []judged, keep func(judged) bool) []judged {
	var out []judged
	for _, j := range js {
		if keep(j) {
			out = append(out, j)
		}
	}
	return out
}

func share(js []judged, right func(judged) bool) float64 {
	return float64(len(only(js, right))) / float64(max(1, len(js)))
}

// balanced is the mean over departments (the first of each line's) of the share that is right.
func balanced(js []judged, right func(judged) bool) float64 {
	by := map[string][]judged{}
	for _, j := range js {
		by[j.golden.Departments[0]] = append(by[j.golden.Departments[0]], j)
	}
	sum := 0.0
	for _, of := range by {
		sum += share(of, right)
	}
	return sum / float64(max(1, len(by)))
}

// macroF1 is the mean over classes of the harmonic mean of precision and recall. strict counts the main class only; else any
// class of the line that was named first counts as its main one.
func macroF1(js []judged, want, got func(judged) string, strict bool) float64 {
	type tally struct{ hit, said, is int }
	by := map[string]*tally{}
	at := func(k string) *tally {
		if by[k] == nil {
			by[k] = &tally{}
		}
		return by[k]
	}
	for _, j := range js {
		w, g := want(j), got(j)
		if !strict && slices.Contains(j.golden.Intents, g) {
			w = g
		}
		at(w).is++
		at(g).said++
		if w == g {
			at(w).hit++
		}
	}
	sum, n := 0.0, 0
	for _, t := range by {
		if t.is == 0 {
			continue
		}
		n++
		sum += 2 * float64(t.hit) / float64(t.said+t.is)
	}
	return sum / float64(max(1, n))
}

// mixed is a stream of which a quarter must be answered, as over everything a company listens to: of those that must, as many
// as make a quarter, chosen by their hash.
func mixed(js []judged) []judged {
	rest, must := only(js, func(j judged) bool { return j.golden.Needs != "must" }), only(js, func(j judged) bool { return j.golden.Needs == "must" })
	slices.SortFunc(must, func(a, b judged) int {
		x, y := sha256.Sum256([]byte(a.Text)), sha256.Sum256([]byte(b.Text))
		return slices.Compare(x[:], y[:])
	})
	return append(rest, must[:min(len(must), len(rest)/3)]...)
}

// recall is the share of those wanted that are in the first nth part of the queue.
func recall(js []judged, nth int, wanted func(judged) bool, order func(judged) float64) float64 {
	queue := slices.Clone(js)
	slices.SortStableFunc(queue, func(a, b judged) int { return cmp.Compare(order(b), order(a)) })
	all, there := 0, 0
	for k, j := range queue {
		if wanted(j) {
			all++
			if k < (len(queue)+nth-1)/nth {
				there++
			}
		}
	}
	return float64(there) / float64(max(1, all))
}

// export writes the half of the golden set that may be trained on into the packs, and packs all their messages for the program.
func export(_ string, _ bool) error {
	all, err := readGolden()
	if err != nil {
		return err
	}
	files := map[string]*strings.Builder{}
	for _, g := range all {
		if g.tested() || strings.ContainsAny(g.Text+g.Thread, "|\n\r") {
			continue
		}
		b := files[g.Lang]
		if b == nil {
			b = &strings.Builder{}
			b.WriteString("# The half of the golden set that is not tested (docs/golden-set.md). Made by: go run ./bench/triage -only export\n")
			files[g.Lang] = b
		}
		text := g.Text
		if g.Subject != "" {
			text = g.Subject + ": " + text
		}
		before := ""
		if g.Thread != "" {
			before = "|" + g.Thread
		}
		fmt.Fprintf(b, "%s|%s|%s|%s|%s|%s%s\n", strings.Join(g.Intents, ","), strings.Join(g.Departments, ","), g.Needs, g.Urgency, map[int]string{-1: "-", 0: "0", 1: "+"}[g.Sentiment], text, before)
	}
	for lang, b := range files {
		if err := os.WriteFile("internal/triage/packs/"+lang+"/golden.txt", []byte(b.String()), 0o644); err != nil {
			return err
		}
		if err := packMessages("internal/triage/packs/" + lang); err != nil {
			return err
		}
	}
	return packGlosses("internal/triage/glosses")
}

// packGlosses writes glosses.gz: what *.txt say.
func packGlosses(folder string) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		return err
	}
	by := map[string]string{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		by[strings.TrimSuffix(filepath.Base(name), ".txt")] = string(text)
	}
	packed, err := triage.PackGlosses(by)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "glosses.gz"), packed, 0o644)
}

// packMessages writes messages.gz of a language: what messages.txt and golden.txt say.
func packMessages(folder string) error {
	out := &bytes.Buffer{}
	w, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return err
	}
	for _, name := range []string{"messages.txt", "golden.txt"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "messages.gz"), out.Bytes(), 0o644)
}
