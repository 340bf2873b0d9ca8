// Command triage measures internal/triage on two published sets and on texts of its own, and prints each figure beside its
// target. Run it from the root of the repository:
//
//	go run ./bench/triage -data ../shared/data
//
// The sets are read where they lie, as published: trained on train, scored on test, nothing tuned on test.
package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"switchboard/bench/figure"
	"switchboard/internal/triage"
)

func main() {
	data := flag.String("data", "../shared/data", "folder with banking77 and clinc150")
	only := flag.String("only", "", "banking77, clinc150, reject, curve, golden, firstday or speed; empty for these; confirm for what is learned from what turns out right")
	held := flag.Bool("held", false, "score on a part of train or on validation instead of test: for choosing constants")
	flag.Parse()
	fmt.Printf("# again: go run ./bench/triage -data ../shared/data\n# %s\n\n", figure.Machine())
	fmt.Printf("%-58s %10s %10s\n", "", "measured", "target")
	for _, part := range []struct {
		name string
		run  func(dir string, held bool) error
	}{{"banking77", banking}, {"clinc150", clinc}, {"reject", reject}, {"curve", curve}, {"confirm", confirm}, {"export", export}, {"golden", goldenSet}, {"firstday", firstDay}, {"speed", speed}} {
		if *only != part.name && (*only != "" || part.name == "export" || part.name == "confirm") {
			continue
		}
		if err := part.run(*data, *held); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				fmt.Printf("%s: the data is missing in %s; give its folder with -data\n", part.name, *data)
				continue
			}
			fmt.Fprintln(os.Stderr, part.name+":", err)
			os.Exit(1)
		}
	}
}

func line(what, measured, target string) { fmt.Printf("%-58s %10s %10s\n", what, measured, target) }

// labelled is one text and where it belongs.
type labelled struct{ text, label string }

// trained is a model that knows nothing but examples: their labels stand in for departments.
func trained(examples []labelled) *triage.Model {
	seed := triage.Seed{Intents: []triage.Intent{{Key: "any"}}}
	seen := map[string]bool{}
	var all []triage.Example
	for _, e := range examples {
		if !seen[e.label] {
			seen[e.label] = true
			seed.Departments = append(seed.Departments, triage.Department{Key: e.label})
		}
		all = append(all, triage.Example{Input: triage.Input{Text: e.text}, Department: e.label})
	}
	return triage.Train(seed, all)
}

// accuracy is the share of examples whose label comes first.
func accuracy(m *triage.Model, examples []labelled) float64 {
	right := 0
	for _, e := range examples {
		a := m.Assess(triage.Input{Text: e.text})
		if a.Department() == e.label {
			right++
		}
	}
	return float64(right) / float64(len(examples))
}

func percent(x float64) string { return fmt.Sprintf("%.1f %%", 100*x) }

// split keeps every fifth example back, by order, for choosing constants without looking at test.
func split(all []labelled) (train, held []labelled) {
	for i, e := range all {
		if i%5 == 3 {
			held = append(held, e)
		} else {
			train = append(train, e)
		}
	}
	return train, held
}

func readCSV(path string) ([]labelled, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var all []labelled
	for _, r := range rows[1:] {
		all = append(all, labelled{strings.TrimSpace(r[0]), r[1]})
	}
	return all, nil
}

func banking(dir string, held bool) error {
	train, err := readCSV(filepath.Join(dir, "banking77", "train.csv"))
	if err != nil {
		return err
	}
	test, err := readCSV(filepath.Join(dir, "banking77", "test.csv"))
	if err != nil {
		return err
	}
	if held {
		train, test = split(train)
	}
	line("BANKING77: accuracy, 77 intents", percent(accuracy(trained(train), test)), "92.5 %")
	return nil
}

// clincData is CLINC150 as published.
type clincData struct {
	train, val, test, oosTrain, oosVal, oosTest []labelled
	domain                                      map[string]string // of an intent
}

func readClinc(dir string) (d clincData, err error) {
	var raw map[string][][2]string
	if err := readJSON(filepath.Join(dir, "clinc150", "data_full.json"), &raw); err != nil {
		return d, err
	}
	var domains map[string][]string
	if err := readJSON(filepath.Join(dir, "clinc150", "domains.json"), &domains); err != nil {
		return d, err
	}
	d.domain = map[string]string{}
	for domain, intents := range domains {
		for _, i := range intents {
			d.domain[strings.ReplaceAll(i, " ", "_")] = domain
		}
	}
	for name, to := range map[string]*[]labelled{"train": &d.train, "val": &d.val, "test": &d.test, "oos_train": &d.oosTrain, "oos_val": &d.oosVal, "oos_test": &d.oosTest} {
		for _, r := range raw[name] {
			*to = append(*to, labelled{r[0], r[1]})
		}
	}
	return d, nil
}

func readJSON(path string, to any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, to); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func clinc(dir string, held bool) error {
	d, err := readClinc(dir)
	if err != nil {
		return err
	}
	test := d.test
	if held {
		test = d.val
	}
	line("CLINC150: accuracy, 150 intents, in scope", percent(accuracy(trained(d.train), test)), "94.0 %")
	return nil
}

// reject measures how well the confidence tells what fits nobody: the chance that something that fits is surer.
func reject(dir string, held bool) error {
	d, err := readClinc(dir)
	if err != nil {
		return err
	}
	m := trained(d.train)
	in, out := d.test, d.oosTest
	if held {
		in, out = d.val, d.oosVal
	}
	line("CLINC150: telling what fits nobody, AUROC", fmt.Sprintf("%.3f", auroc(confidences(m, in), confidences(m, out))), "0.970")
	return nil
}

func confidences(m *triage.Model, examples []labelled) []float64 {
	var all []float64
	for _, e := range examples {
		a := m.Assess(triage.Input{Text: e.text})
		all = append(all, a.Departments[0].Confidence)
	}
	return all
}

func auroc(in, out []float64) float64 {
	slices.Sort(out)
	sum := 0.0
	for _, p := range in {
		below, _ := slices.BinarySearch(out, p)
		sum += float64(below) / float64(len(out))
	}
	return sum / float64(len(in))
}
