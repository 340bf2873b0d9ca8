package library

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"switchboard/internal/account"
	"switchboard/internal/contact"
	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
	"switchboard/internal/topic"
)

// Variables are the names that can stand in {{double braces}} and are filled in where the words are used. Any other name stays
// as it is, for the person to fill in.
var Variables = []string{"contact.name", "contact.first_name", "contact.handle", "me.name", "me.first_name", "account", "department",
	"organisation", "conversation.topic", "conversation.subject"}

// Values are what variables stand for in one conversation, to one person. What is not known is "".
type Values map[string]string

var variable = regexp.MustCompile(`\{\{([^{}\n]{0,80})\}\}`)

// Fill puts the values in place of the variables, once: what is filled in is not looked at again. It returns the names that
// stay in the text as {{name}}, each once: those that are unknown, and those that are empty here.
func (v Values) Fill(text string) (filled string, missing []string) {
	filled = variable.ReplaceAllStringFunc(text, func(s string) string {
		name := strings.TrimSpace(s[2 : len(s)-2])
		if value := v[strings.ToLower(name)]; value != "" {
			return value
		}
		if name == "" {
			name = "…"
		}
		if !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
		return "{{" + name + "}}"
	})
	return filled, missing
}

// Named are the names of the variables in a text, each once.
func Named(text string) []string {
	_, names := Values{}.Fill(text)
	return names
}

// unbroken is nil when each {{ of s has its }}.
func unbroken(field, s string) error {
	rest := variable.ReplaceAllString(s, "")
	for _, sign := range []string{"{{", "}}"} {
		if k := strings.Index(rest, sign); k >= 0 {
			near := []rune(rest[k:])
			return fault.In(field, "a variable is broken near “"+string(near[:min(len(near), 30)])+"”: write it as {{contact.name}}, on one line")
		}
	}
	return nil
}

// Values returns what the variables stand for in a conversation that somebody may see.
func (b *Book) Values(ctx context.Context, who staff.Actor, in desk.ConversationID) (Values, error) {
	c, err := b.Desk.Conversation(ctx, who, in)
	if err != nil {
		return nil, err
	}
	return b.values(ctx, who, c)
}

func (b *Book) values(ctx context.Context, who staff.Actor, c desk.Conversation) (Values, error) {
	q := b.Store.Read()
	r, err := b.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	v := Values{"organisation": r.Organisation().Name, "conversation.subject": c.Subject}
	if p, ok := r.Person(who.Person); ok {
		v["me.name"], v["me.first_name"] = p.Name, firstName(p.Name)
	}
	if d, ok := r.Department(c.Department); ok {
		v["department"] = d.Name
	}
	if a, err := account.One(ctx, q, c.Account); err == nil {
		v["account"] = a.Handle
	} else if !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	list, err := contact.Contacts(ctx, q, []contact.ID{c.Contact})
	if err != nil {
		return nil, err
	}
	if len(list) > 0 && contact.Visible(list[0].Name) {
		v["contact.name"], v["contact.first_name"] = still(list[0].Name), firstName(list[0].Name)
	}
	voices, err := desk.Voices(ctx, q, []desk.Conversation{c})
	if err != nil {
		return nil, err
	}
	if i := voices[c.ID]; contact.Visible(i.Handle) {
		v["contact.handle"] = still(i.Handle)
	}
	v["conversation.topic"], err = b.topicsOf(ctx, c.ID)
	return v, err
}

// topicsOf are the names of the topics a conversation is on, products first as the dictionary has them.
func (b *Book) topicsOf(ctx context.Context, c desk.ConversationID) (string, error) {
	on, err := topic.Of(ctx, b.Store.Read(), c)
	if err != nil || len(on) == 0 {
		return "", err
	}
	topics, err := b.Topics.Topics(ctx)
	var names []string
	for _, kind := range topic.Kinds() {
		for _, t := range topics {
			if t.Kind == kind && slices.ContainsFunc(on, func(o topic.On) bool { return o.Topic == t.Key }) {
				names = append(names, t.Name)
			}
		}
	}
	if len(names) == 0 {
		return "", err
	}
	return names[0], err
}

// titles stand before a name and are no part of it.
var titles = []string{"dr", "prof", "mr", "mrs", "ms", "miss", "herr", "frau", "mme", "mlle", "m", "sr", "sra", "sig", "ing"}

// firstName is the first name in a person's full name, "" when it can't be told: a handle, a company's number, a script that does
// not part names.
func firstName(name string) string {
	name = still(name)
	if _, after, ok := strings.Cut(name, ","); ok && strings.TrimSpace(after) != "" { // Roe, Jane
		name = after
	}
	for _, w := range strings.Fields(name) {
		if slices.Contains(titles, strings.TrimSuffix(strings.ToLower(w), ".")) {
			continue
		}
		if !person(w) {
			return ""
		}
		return w
	}
	return ""
}

// person reports a word that can be somebody's name.
func person(w string) bool {
	n := 0
	for _, r := range w {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai):
			return false
		case unicode.IsLetter(r):
			n++
		case r != '-' && r != '\'' && r != '’' && !unicode.Is(unicode.M, r):
			return false
		}
	}
	return n > 1
}

// still is a name from outside as it can stand in our own words: one line, without signs that turn the writing, and without
// braces, which would be taken for a variable.
func still(name string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case r == '{' || r == '}' || !seemly(string(r)):
			return -1
		}
		return r
	}, name)), " ")
}
