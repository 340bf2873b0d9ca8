package library

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/topic"
)

// Proposal is an entry made of a reply that was sent, before somebody has looked at it.
type Proposal struct {
	Content Content
	Marks   []Mark // what was taken out of its words, as it says who somebody is
}

// Mark is something in a reply that says who somebody is, and what stands in its place.
type Mark struct {
	Kind    string // name, handle, e-mail, number
	Words   string // as written
	Instead string // a variable in braces
}

var (
	aLink   = regexp.MustCompile(`(?i)(?:https?://|www\.)[^\s<>"]+`)
	anEmail = regexp.MustCompile(`[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)+`)
	aHandle = regexp.MustCompile(`@[\p{L}\p{N}_][\p{L}\p{N}_.\-]*(?:@[\p{L}\p{N}.\-]*[\p{L}\p{N}])?`)
	anIBAN  = regexp.MustCompile(`\b[A-Z]{2}\p{Nd}{2}(?:[ \-]?[A-Z0-9]{4}){2,7}(?:[ \-]?[A-Z0-9]{1,4})?\b`)
	aNumber = regexp.MustCompile(`[+#(]?[\p{L}]{0,6}[\-/]?\p{Nd}(?:(?:[ .,/·:\-–]| ?\(|\) ?)?[\p{L}]?\p{Nd}){3,}`)
	aWord   = regexp.MustCompile(`[\p{L}\p{M}][\p{L}\p{M}'’\-]*`)
	aYear   = regexp.MustCompile(`^(?:19|20)\p{Nd}\p{Nd}$`)
	aPrice  = regexp.MustCompile(`^\p{Nd}{1,3}(?:[.,]\p{Nd}{3})*(?:[.,]\p{Nd}{2})?$`)
	aDate   = regexp.MustCompile(`^\p{Nd}{1,4}[./\-]\p{Nd}{1,2}[./\-]\p{Nd}{1,4}$`)
)

// stretch is a part of a text, and what stands in its place. Without a kind it stays.
type stretch struct {
	from, to int
	kind     string
	instead  string
}

// Proposed makes an entry of what was said in a message of ours: names, handles, addresses and numbers are taken out of it, a
// title is made of what was asked, and the conversation gives language, topics and owner. Nothing is kept.
func (b *Book) Proposed(ctx context.Context, who staff.Actor, of desk.MessageID) (p Proposal, err error) {
	if err := who.Require(staff.Answer); err != nil {
		return p, err
	}
	q := b.Store.Read()
	list, err := desk.Messages(ctx, q, []desk.MessageID{of})
	m, ok := list[of]
	switch {
	case err != nil:
		return p, err
	case !ok || m.Conversation.IsZero():
		return p, fault.New(fault.NotFound, "there is no such message, or it is not for your eyes")
	}
	c, v, _, err := b.ask(ctx, who, m.Conversation)
	if err != nil {
		return p, err
	}
	if m.Direction != desk.Out || !m.DeletedAt.IsZero() || strings.TrimSpace(m.Text) == "" {
		return p, fault.New(fault.Conflict, "an answer is made of what we said ourselves, as long as it is there")
	}
	names, err := b.namesIn(ctx, c, m, v)
	if err != nil {
		return p, err
	}
	text, marks := without(m.Text, names)
	asked, err := b.before(ctx, m)
	if err != nil {
		return p, err
	}
	on, err := topic.Of(ctx, q, c.ID)
	if err != nil {
		return p, err
	}
	audience := Public
	if m.Private {
		audience = Private
	}
	lang := m.Rest.Lang
	if base, _, _ := strings.Cut(lang, "-"); len(base) == 2 {
		lang = strings.ToLower(base)
	} else if lang = c.Language; lang == "" {
		lang = "en"
	}
	p.Marks = marks
	p.Content = Content{Department: c.Department, Audience: audience, ReviewAt: b.NextReview(), Topics: keysOn(on), Intents: c.Intents,
		Texts: []Text{{Language: lang, Title: titleOf(asked, text, names), Body: escaped(text)}}}
	return p, nil
}

// before is what the contact said last before m.
func (b *Book) before(ctx context.Context, m desk.Message) (desk.Message, error) {
	list, err := desk.MessagesOf(ctx, b.Store.Read(), m.Conversation, 500)
	var last desk.Message
	for _, o := range list {
		if o.Direction == desk.In && o.DeletedAt.IsZero() && !o.At.After(m.At) && (m.Parent == "" || last.RemoteID != m.Parent) {
			last = o
		}
	}
	return last, err
}

// namesIn are the words that stand for people in a message of ours, and the variable that takes their place.
func (b *Book) namesIn(ctx context.Context, c desk.Conversation, m desk.Message, v Values) (map[string]string, error) {
	out := map[string]string{}
	put := func(name, instead string) {
		for _, w := range aWord.FindAllString(name, -1) {
			if key := fold(w); utf8.RuneCountInString(key) > 1 && out[key] == "" && !slices.Contains(titles, key) {
				out[key] = instead
			}
		}
	}
	identities, err := contact.IdentitiesOf(ctx, b.Store.Read(), []contact.ID{c.Contact})
	if err != nil {
		return nil, err
	}
	if first := v["contact.first_name"]; first != "" {
		put(first, "{{contact.first_name}}")
	}
	put(v["contact.name"], "{{contact.name}}")
	for _, i := range identities {
		put(i.Name, "{{contact.name}}")
	}
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	if p, ok := r.Person(m.Person); ok {
		if first := firstName(p.Name); first != "" {
			put(first, "{{me.first_name}}")
		}
		put(p.Name, "{{me.name}}")
	}
	return out, nil
}

// without is a text without what says who somebody is, and what was taken out. Links stay, but for what is asked in them.
func without(text string, names map[string]string) (string, []Mark) {
	var found []stretch
	free := func(from, to int) bool {
		return !slices.ContainsFunc(found, func(s stretch) bool { return from < s.to && s.from < to })
	}
	note := func(re *regexp.Regexp, kind, instead string, means func(string) bool) {
		for _, at := range re.FindAllStringIndex(text, -1) {
			if means(text[at[0]:at[1]]) && free(at[0], at[1]) {
				found = append(found, stretch{at[0], at[1], kind, instead})
			}
		}
	}
	always := func(string) bool { return true }
	for _, at := range aLink.FindAllStringIndex(text, -1) { // a link is looked at no further; what it asks for may be somebody's
		end := at[1]
		if k := strings.IndexAny(text[at[0]:at[1]], "?#"); k >= 0 {
			found = append(found, stretch{at[0] + k, end, "link", ""})
			end = at[0] + k
		}
		found = append(found, stretch{at[0], end, "", ""})
	}
	note(variable, "", "", always)
	for _, at := range aHandle.FindAllStringIndex(text, -1) {
		before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
		if free(at[0], at[1]) && !unicode.IsLetter(before) && !unicode.IsDigit(before) && !strings.ContainsRune("._%+-", before) {
			found = append(found, stretch{at[0], at[1], "handle", "{{contact.handle}}"})
		}
	}
	note(anEmail, "e-mail", "{{e-mail}}", always)
	note(anIBAN, "number", "{{number}}", always)
	note(aNumber, "number", "{{number}}", personal)
	for _, at := range aWord.FindAllStringIndex(text, -1) {
		if instead := names[fold(text[at[0]:at[1]])]; instead != "" && free(at[0], at[1]) {
			found = append(found, stretch{at[0], at[1], "name", instead})
		}
	}
	slices.SortFunc(found, func(a, b stretch) int { return a.from - b.from })
	var out strings.Builder
	var marks []Mark
	at := 0
	for _, s := range found {
		if s.kind == "" {
			continue
		}
		words := text[s.from:s.to]
		if n := len(marks); s.kind == "name" && n > 0 && marks[n-1].Kind == "name" && strings.TrimSpace(text[at:s.from]) == "" && at > 0 { // Jane Roe is one
			marks[n-1].Words += text[at:s.from] + words
			at = s.to
			continue
		}
		out.WriteString(text[at:s.from] + s.instead)
		marks = append(marks, Mark{s.kind, words, s.instead})
		at = s.to
	}
	out.WriteString(text[at:])
	return strings.TrimSpace(out.String()), marks
}

// personal reports a number that may be somebody's: four digits and more, no year, date or price.
func personal(s string) bool {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	s = strings.TrimSpace(s)
	return n >= 4 && !aYear.MatchString(s) && !aDate.MatchString(s) && !aPrice.MatchString(s)
}

// fold is a word without case and accents.
func fold(w string) string { return strings.Join(words(w), "") }

// titleOf is what was asked, in a line: its subject, else its first sentence, else the beginning of the answer.
func titleOf(asked desk.Message, answer string, names map[string]string) string {
	subject := strings.TrimSpace(regexp.MustCompile(`(?i)^((re|aw|fwd?|wg|tr)\s*:\s*)+`).ReplaceAllString(asked.Subject, ""))
	for _, s := range []string{subject, sentence(asked.Text), sentence(answer)} {
		s, _ = without(variable.ReplaceAllString(aHandle.ReplaceAllString(s, ""), ""), names)
		s = strings.Join(strings.Fields(variable.ReplaceAllString(s, "")), " ")
		s = strings.Trim(strings.Map(func(r rune) rune {
			if unicode.IsControl(r) || !seemly(string(r)) {
				return -1
			}
			return r
		}, s), " ,;:–-")
		if r := []rune(s); len(r) > 90 {
			s = string(r[:90]) + "…"
		}
		if utf8.RuneCountInString(s) > 3 {
			return s
		}
	}
	return "An answer"
}

// sentence is the first question of a text, else its first sentence that is no mere greeting.
func sentence(text string) string {
	var first string
	start := 0
	text = strings.Join(strings.Fields(text), " ")
	for k, r := range text {
		end := k + utf8.RuneLen(r)
		if !strings.ContainsRune(".!?。？！", r) && end != len(text) {
			continue
		}
		if r == '.' && end < len(text) && text[end] != ' ' { // 9.30, acme.example
			continue
		}
		s := strings.TrimSpace(text[start:end])
		start = end
		if r == '?' || r == '？' {
			return s
		}
		if first == "" && len(strings.Fields(s)) > 2 {
			first = s
		}
	}
	return first
}

// escaped is plain text as Markdown that says the same: what would be taken for a mark stands behind a backslash.
func escaped(text string) string {
	lines := strings.Split(text, "\n")
	for k, l := range lines {
		l = regexp.MustCompile(`[*_\x60\[\]<>\\]`).ReplaceAllStringFunc(l, func(s string) string { return `\` + s })
		l = regexp.MustCompile(`\{\{[^{}]*\}\}`).ReplaceAllStringFunc(l, func(s string) string { return strings.ReplaceAll(s, `\`, "") })
		if regexp.MustCompile(`^\s*(#{1,6}\s|\+\s|~~~|={3,}$|-{3,}$)`).MatchString(l) {
			l = `\` + strings.TrimLeft(l, " \t")
		}
		lines[k] = strings.TrimRight(strings.TrimLeft(l, " \t"), " ")
	}
	return strings.Join(lines, "\n")
}
