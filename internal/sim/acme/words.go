package acme

import (
	"embed"
	"math/rand/v2"
	"strings"
	"sync"
)

//go:embed words
var wordFiles embed.FS

// phrasebook is how things are said in one language: a section's lines by its name.
type phrasebook map[string][]string

// books are the phrasebooks by language code.
var books = sync.OnceValue(func() map[string]phrasebook {
	all := map[string]phrasebook{}
	files, err := wordFiles.ReadDir("words")
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, f := range files {
		text, err := wordFiles.ReadFile("words/" + f.Name())
		if err != nil {
			panic(err)
		}
		all[strings.TrimSuffix(f.Name(), ".txt")] = parse(string(text))
	}
	return all
})

// parse reads a phrasebook: "[name]" opens a section, "#" begins a remark, every other line is one way to say it.
func parse(text string) phrasebook {
	b, section := phrasebook{}, ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[' && line[len(line)-1] == ']':
			section = line[1 : len(line)-1]
		default:
			b[section] = append(b[section], line)
		}
	}
	return b
}

// has reports whether something can be said in a language.
func has(lang, section string) bool { return len(books()[lang][section]) > 0 }

// say picks one way to say something: in the language if it can be said there, else in English. more are narrower sections
// to be tried first.
func say(r *rand.Rand, lang string, sections ...string) string {
	for _, l := range []string{lang, "en"} {
		for _, s := range sections {
			if list := books()[l][s]; len(list) > 0 {
				return list[r.IntN(len(list))]
			}
		}
	}
	return ""
}

// products are what ACME makes. Their names are the same in every language.
var products = []string{"Brisk 7", "Brisk 60", "Aria 45", "Crema Due", "Puck S2", "Ember 90", "Drift 8", "Whisk Pro", "Kettle Uno"}

// filled is line with its blanks filled in. It returns a mail's subject apart.
func filled(r *rand.Rand, lang, line, name string) (subject, text string) {
	one := func(section string) string { return say(r, lang, section) }
	line = strings.NewReplacer(
		"{product}", products[r.IntN(len(products))], "{part}", one("part"), "{city}", one("city"), "{day}", one("day"), "{name}", name,
		"{order}", "A-"+digits(r, 5), "{invoice}", "RE-2026-"+digits(r, 4), "{sum}", digits(r, 2)+".90 €",
	).Replace(line)
	if s, t, ok := strings.Cut(line, " :: "); ok {
		return s, t
	}
	return "", line
}

func digits(r *rand.Rand, n int) string {
	var b strings.Builder
	for k := range n {
		if k == 0 {
			b.WriteByte('1' + byte(r.IntN(9)))
			continue
		}
		b.WriteByte('0' + byte(r.IntN(10)))
	}
	return b.String()
}
