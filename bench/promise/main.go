// Command promise measures internal/promise on the lines of the golden set that go out (docs/golden-set.md). Run it from the root
// of the repository:
//
//	go run ./bench/promise          # the half that is tested: it was never looked at
//	go run ./bench/promise -held    # the other half, from which the words were taken; -show prints what is judged wrongly there
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"switchboard/bench/figure"
	"switchboard/internal/promise"
)

// line is one of bench/golden/outgoing-LANGUAGE.jsonl; docs/golden-set.md says what each field means.
type line struct {
	Text, Lang, At, Due, DueAt, By string
	Promise                        bool
}

// tested reports whether a line belongs to the half that is scored.
func (l line) tested() bool { return sha256.Sum256([]byte(l.Text))[0]%2 == 0 }

// judged is a line with what was found in it.
type judged struct {
	line
	found bool
	first promise.Found
	date  bool // as labelled: the day, and the time if one is named
}

func main() {
	held := flag.Bool("held", false, "score the half that may be looked at")
	show := flag.Bool("show", false, "with -held: print what is judged wrongly")
	pack := flag.Bool("pack", false, "pack internal/promise/words for the program, and do nothing else")
	flag.Parse()
	if *pack {
		if err := packWords("internal/promise/words"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	all, err := lines()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	all = slices.DeleteFunc(all, func(l line) bool { return l.tested() == *held })
	fmt.Printf("# again: go run ./bench/promise\n# %s\n\n", figure.Machine())
	fmt.Printf("Promises in %d lines that go out; a figure is per cent.\n\n", len(all))
	fmt.Printf("%-12s %6s %9s %10s %8s %6s %12s %10s\n", "language", "lines", "promises", "precision", "recall", "F1", "date exact", "of found")
	began := time.Now()
	js := make([]judged, 0, len(all))
	for _, l := range all {
		js = append(js, judge(l))
	}
	took := time.Since(began)
	for _, lang := range []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl"} {
		row(lang, slices.DeleteFunc(slices.Clone(js), func(j judged) bool { return j.Lang != lang }))
	}
	row("all", js)
	fmt.Printf("\nprecision: of what was found, so much is a promise. recall: of the promises so many were found. date exact: of the promises\n"+
		"so many were found with just the day and time they are labelled with, or with none where they have none; of found: the same, of\nthose that were found. "+
		"One line takes %d µs.\n", took.Microseconds()/int64(max(1, len(js))))
	if *held && *show {
		for _, j := range js {
			if j.found != j.Promise || j.Promise && !j.date {
				fmt.Printf("%s %v want %v %s %s got %v %s if %v (%s) by %s %s kind %s | %s\n", j.Lang, j.At, j.Promise, j.Due, j.DueAt, j.found, when(j.first), j.first.If, j.first.Words, j.first.By, j.first.Name, j.first.Kind, j.Text)
			}
		}
	}
}

// packWords writes words.gz: what *.txt say.
func packWords(folder string) error {
	names, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		return err
	}
	by := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		by[strings.TrimSuffix(filepath.Base(name), ".txt")] = string(text)
	}
	packed, err := promise.Pack(by)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "words.gz"), packed, 0o644)
}

func when(f promise.Found) string {
	if f.Due.IsZero() {
		return "-"
	}
	return f.Due.Format("2006-01-02T15:04")
}

// judge looks for promises in a line, with nothing but its text and when it was written.
func judge(l line) judged {
	at, err := time.Parse("2006-01-02T15:04", l.At)
	if err != nil {
		panic(err)
	}
	j := judged{line: l}
	for k, f := range promise.Find(l.Text, promise.Setting{At: at}) {
		if k == 0 || j.first.Due.IsZero() && !f.Due.IsZero() {
			j.first = f
		}
		j.found = true
	}
	switch due := j.first.Due; {
	case !j.found:
	case l.Due == "":
		j.date = due.IsZero()
	case !due.IsZero():
		j.date = due.Format("2006-01-02") == l.Due && (j.first.Exact == (l.DueAt != "") && (l.DueAt == "" || due.Format("15:04") == l.DueAt))
	}
	return j
}

func row(name string, js []judged) {
	var promises, found, right, dates int
	for _, j := range js {
		if j.Promise {
			promises++
		}
		if j.found {
			found++
		}
		if j.found && j.Promise {
			right++
			if j.date {
				dates++
			}
		}
	}
	p, r := share(right, found), share(right, promises)
	f1 := 0.0
	if p+r > 0 {
		f1 = 2 * p * r / (p + r)
	}
	fmt.Printf("%-12s %6d %9d %10.1f %8.1f %6.1f %12.1f %10.1f\n", name, len(js), promises, p, r, f1, share(dates, promises), share(dates, right))
}

func share(a, b int) float64 { return 100 * float64(a) / float64(max(1, b)) }

func lines() (all []line, err error) {
	names, _ := filepath.Glob("bench/golden/outgoing-*.jsonl")
	if len(names) == 0 {
		return nil, fmt.Errorf("bench/golden is missing: run this from the root of the repository")
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for s := bufio.NewScanner(strings.NewReader(string(b))); s.Scan(); {
			var l line
			if err := json.Unmarshal(s.Bytes(), &l); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			all = append(all, l)
		}
	}
	return all, nil
}
