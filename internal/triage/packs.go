package triage

import (
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

// The messages are many: messages.gz holds those of messages.txt and golden.txt ("make generate" writes it).
//
//go:embed packs/*/departments.txt packs/*/intents.txt packs/*/words.txt packs/*/more.txt packs/*/messages.gz
var packFiles embed.FS

// Pack is the ready-made knowledge of the first day: departments and intents with their phrases in several languages.
type Pack struct {
	Languages   []string // that have phrases, the order of preference
	departments map[string][]Department
	intents     map[string][]Intent
	hash        func() string
}

// Hash names the words of the packs and what they mean: it changes with them and with nothing else.
func (p *Pack) Hash() string { return p.hash() }

// packLanguages have their phrases in packs/<code>/.
var packLanguages = []string{"en", "de", "fr", "es", "it", "pt", "nl", "pl"}

// intentDepartments is who deals with an intent unless the company says otherwise: keys of the packs' departments.
var intentDepartments = map[string]string{
	"support": "technical", "complaint": "service", "sales": "sales", "feedback": "product", "praise": "marketing",
	"press": "press", "partnership": "partnerships", "careers": "careers", "billing": "accounts", "procedure": "service",
	"community": "marketing", "abuse": "security", "spam": "", "other": "service",
}

// Packs are the packs that come with the product. What it returns must not be changed.
var Packs = sync.OnceValue(func() *Pack {
	p := &Pack{departments: map[string][]Department{}, intents: map[string][]Intent{}, hash: sync.OnceValue(hashPacks)}
	for _, lang := range packLanguages {
		departments, intents := sections(lang, "departments"), sections(lang, "intents")
		ofDepartment, ofIntent := words(lang)
		if len(intents) == 0 {
			continue
		}
		p.Languages = append(p.Languages, lang)
		for _, s := range departments {
			p.departments[lang] = append(p.departments[lang], Department{Key: s.key, Name: s.name, Phrases: s.lines, Words: ofDepartment[s.key]})
		}
		for _, s := range intents {
			p.intents[lang] = append(p.intents[lang], Intent{Key: s.key, Name: s.name, Phrases: s.lines, Words: ofIntent[s.key], Department: intentDepartments[s.key]})
		}
	}
	return p
})

func hashPacks() string {
	h := sha256.New()
	_ = fs.WalkDir(packFiles, "packs", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := packFiles.ReadFile(path)
		fmt.Fprintf(h, "%s %d\n", path, len(text))
		h.Write(text)
		return err
	})
	h.Write(glossFile)
	return hex.EncodeToString(h.Sum(nil))
}

// Departments are the ready-made departments, named in the first of langs, with their phrases in all of langs.
func (p *Pack) Departments(langs ...string) []Department {
	var all []Department
	for _, lang := range langs {
		for _, d := range p.departments[lang] {
			i := slices.IndexFunc(all, func(o Department) bool { return o.Key == d.Key })
			if i < 0 {
				all = append(all, Department{Key: d.Key, Name: d.Name})
				i = len(all) - 1
			}
			all[i].Phrases = append(all[i].Phrases, d.Phrases...)
			all[i].Words = append(all[i].Words, d.Words...)
		}
	}
	return all
}

// Intents are the ready-made intents, named in the first of langs, with their phrases in all of langs.
func (p *Pack) Intents(langs ...string) []Intent {
	var all []Intent
	for _, lang := range langs {
		for _, d := range p.intents[lang] {
			i := slices.IndexFunc(all, func(o Intent) bool { return o.Key == d.Key })
			if i < 0 {
				all = append(all, Intent{Key: d.Key, Name: d.Name, Department: d.Department})
				i = len(all) - 1
			}
			all[i].Phrases = append(all[i].Phrases, d.Phrases...)
			all[i].Words = append(all[i].Words, d.Words...)
		}
	}
	return all
}

// Messages reads the ready-made messages in langs: they are many, and wanted for training alone.
func (p *Pack) Messages(langs ...string) (all []Message) {
	for _, lang := range langs {
		all = append(all, messages(unpacked(lang))...)
	}
	return all
}

// Seed is a seed of all ready-made departments and intents in langs; without langs, in all languages.
func (p *Pack) Seed(langs ...string) Seed {
	if len(langs) == 0 {
		langs = p.Languages
	}
	return Seed{Departments: p.Departments(langs...), Intents: p.Intents(langs...), Messages: p.Messages(langs...)}
}

// behind are the keys of every ready-made department of which phrases holds at least half in some language: who took a
// department's phrases over, alone or with those of others, means its words and messages too.
func (p *Pack) behind(phrases []string) (keys []string) {
	if len(phrases) < 5 {
		return nil
	}
	taken := make(map[string]bool, len(phrases))
	for _, s := range phrases {
		taken[s] = true
	}
	for _, lang := range p.Languages {
		for _, d := range p.departments[lang] {
			n := 0
			for _, s := range d.Phrases {
				if taken[s] {
					n++
				}
			}
			if 2*n >= len(d.Phrases) && !slices.Contains(keys, d.Key) {
				keys = append(keys, d.Key)
			}
		}
	}
	return keys
}

// wordsOf are the words of ready-made departments in all languages.
func (p *Pack) wordsOf(keys []string) (all []string) {
	for _, lang := range p.Languages {
		for _, d := range p.departments[lang] {
			if slices.Contains(keys, d.Key) {
				all = append(all, d.Words...)
			}
		}
	}
	return all
}

// unpacked is the text of a language's ready-made messages, empty if there are none.
func unpacked(lang string) string {
	f, err := packFiles.Open("packs/" + lang + "/messages.gz")
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	var text strings.Builder
	r, err := gzip.NewReader(f)
	if err == nil {
		_, err = io.Copy(&text, r) //nolint:gosec // our own file
	}
	if err != nil {
		panic("the messages that come with the program are damaged: " + err.Error())
	}
	return text.String()
}

// messages reads ready-made messages: intents | departments | needs | urgency | sentiment | text | what we had said before, if
// it answers that; # is a remark.
func messages(text string) (all []Message) {
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSpace(line), "|")
		if len(f) < 6 || strings.HasPrefix(line, "#") {
			continue
		}
		m := Message{Input: Input{Text: f[5]}, Intents: strings.Split(f[0], ","), Departments: strings.Split(f[1], ","), Needs: Answer(f[2]), Urgency: Urgency(f[3])}
		m.Mood = map[string]int{"+": 1, "-": -1}[f[4]]
		if len(f) > 6 {
			m.Input.Thread = []Said{{Own: true, Text: f[6]}}
		}
		all = append(all, m)
	}
	return all
}

type section struct {
	key, name string
	lines     []string
}

// sections reads a pack: "[key] Name" opens a section, every other line is a phrase, # is a remark.
func sections(lang, what string) []section {
	text, err := packFiles.ReadFile("packs/" + lang + "/" + what + ".txt")
	if err != nil {
		return nil
	}
	var all []section
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			key, name, _ := strings.Cut(line[1:], "]")
			all = append(all, section{key: key, name: strings.TrimSpace(name)})
		case len(all) > 0:
			all[len(all)-1].lines = append(all[len(all)-1].lines, line)
		}
	}
	return all
}

// words reads what is known of both at once, by department and by intent: "[intent/department]" opens a section. In words
// they stand between commas, in more one phrase a line.
func words(lang string) (ofDepartment, ofIntent map[string][]string) {
	ofDepartment, ofIntent = map[string][]string{}, map[string][]string{}
	add := func(key, w string) {
		intent, department, _ := strings.Cut(key, "/")
		ofIntent[intent] = append(ofIntent[intent], w)
		if department != "" {
			ofDepartment[department] = append(ofDepartment[department], w)
		}
	}
	for _, s := range sections(lang, "words") {
		for _, line := range s.lines {
			for w := range strings.SplitSeq(line, ",") {
				add(s.key, strings.TrimSpace(w))
			}
		}
	}
	for _, s := range sections(lang, "more") {
		for _, line := range s.lines {
			add(s.key, line)
		}
	}
	return ofDepartment, ofIntent
}
