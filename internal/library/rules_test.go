package library

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"switchboard/internal/desk"
	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

func TestEachVariableIsFilledIn(t *testing.T) {
	v := Values{"contact.name": "Jane Roe", "contact.first_name": "Jane", "contact.handle": "@jane", "me.name": "Bob Hill", "me.first_name": "Bob",
		"account": "@acme_help", "department": "Service", "organisation": "ACME", "conversation.topic": "Kettle Pro", "conversation.subject": "Leaks"}
	for _, name := range Variables {
		t.Run(name, func(t *testing.T) {
			want := v[name]
			for _, written := range []string{"{{" + name + "}}", "{{ " + name + " }}", "{{" + strings.ToUpper(name) + "}}"} {
				if got, missing := v.Fill("a " + written + " b"); got != "a "+want+" b" || want == "" || len(missing) > 0 {
					t.Errorf("%s becomes %q, missing %q", written, got, missing)
				}
			}
			if got, missing := (Values{}).Fill("{{" + name + "}}!"); got != "{{"+name+"}}!" || len(missing) != 1 || missing[0] != name {
				t.Errorf("empty it becomes %q, missing %q", got, missing)
			}
		})
	}
}

func TestWhatIsUnknownStaysToBeFilledInByHand(t *testing.T) {
	for name, tt := range map[string]struct{ text, want, missing string }{
		"an unknown name":                        {"by {{date}}", "by {{date}}", "date"},
		"a name with blanks is shown without":    {"{{ order number }}", "{{order number}}", "order number"},
		"each once":                              {"{{x}} {{x}} {{y}}", "{{x}} {{x}} {{y}}", "x y"},
		"empty braces":                           {"a {{}} b", "a {{…}} b", "…"},
		"what is filled in is not looked at":     {"{{me.name}}", "{{ contact.name }}", ""},
		"single braces are words":                {"{a} b", "{a} b", ""},
		"a line break ends it":                   {"{{a\nb}}", "{{a\nb}}", ""},
		"three braces leave one on the outside ": {"{{{me.name}}}", "{{{ contact.name }}}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, missing := Values{"me.name": "{{ contact.name }}", "contact.name": "Jane"}.Fill(tt.text)
			if got != tt.want || strings.Join(missing, " ") != tt.missing {
				t.Errorf("%q, missing %q", got, missing)
			}
		})
	}
}

func TestAFirstNameIsTakenOnlyWhereThereIsOne(t *testing.T) {
	for name, want := range map[string]string{
		"Jane Roe": "Jane", "Roe, Jane": "Jane", "Dr. Jane Roe": "Jane", "Frau Dr. Müller": "Müller", "Anne-Marie d'Arc": "Anne-Marie", "Zoë": "Zoë",
		"jane_roe99": "", "@jane": "", "王小明": "", "": "", "X Æ": "", "{{me.name}}": "", "Иван Петров": "Иван",
	} {
		if got := firstName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestMarkdownBecomesPlainText(t *testing.T) {
	for name, tt := range map[string]struct{ source, want string }{
		"emphasis goes":                   {"**Hello** *you*, `code` ~~no~~", "Hello you, code no"},
		"headings are lines":              {"# Title\n\nText", "Title\n\nText"},
		"line breaks stay":                {"one\ntwo\n\nthree", "one\ntwo\n\nthree"},
		"lists":                           {"- a\n- b\n  - c\n\n3. x\n4. y", "- a\n- b\n  - c\n\n3. x\n4. y"},
		"a paragraph in a list":           {"- a\n\n  more\n- b", "- a\n  more\n- b"},
		"links show where they go":        {"[the page](https://acme.example/x)", "the page (https://acme.example/x)"},
		"a link that says it already":     {"<https://acme.example> [acme.example](https://acme.example)", "https://acme.example https://acme.example"},
		"mail":                            {"[write](mailto:help@acme.example)", "write (help@acme.example)"},
		"what runs something is no link":  {"[x](javascript:alert(1))", "x"},
		"quotes":                          {"> a\n> b", "> a\n> b"},
		"tables":                          {"| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"},
		"html is left out":                {"a <b>bold</b> <script>alert(1)</script>\n\n<div>no</div>", "a bold alert(1)"},
		"entities and backslashes":        {`1 &lt; 2 \*not\* &amp;`, "1 < 2 *not* &"},
		"variables stay":                  {"Dear {{contact.first_name}}, {{me.first_name}}", "Dear {{contact.first_name}}, {{me.first_name}}"},
		"code keeps its lines":            {"```\na\n  b\n```", "a\n  b"},
		"pictures say what they show":     {"![a door](https://acme.example/door.png)", "a door (https://acme.example/door.png)"},
		"nothing":                         {"", ""},
		"a line of dashes":                {"a\n\n---\n\nb", "a\n\n—\n\nb"},
		"right to left":                   {"**שלום** عالم", "שלום عالم"},
		"an answer is a plain text again": {escaped("1 * 2_3 [x] <y> `z`\n# no title\n- a"), "1 * 2_3 [x] <y> `z`\n# no title\n\n- a"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Plain(tt.source); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestNoMarkdownMakesHTMLOfItsOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := rapid.SliceOf(rapid.SampledFrom([]string{"<script>", "</script>", "<img src=x onerror=alert(1)>", "[a](javascript:x)", "`", "\n", "<!--", "<a href=\"javascript:x\">", "a", "&lt;", "![x](data:text/html,y)", "<svg/onload=x>", "]]>"})).Draw(t, "source")
		got, err := HTML(strings.Join(source, ""))
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"<script", "<img src=x", "<svg", "href=\"javascript", "src=\"data:text"} {
			if strings.Contains(strings.ToLower(got), bad) {
				t.Fatalf("%q becomes %q", source, got)
			}
		}
		if !utf8.ValidString(Plain(strings.Join(source, ""))) {
			t.Fatal("no text")
		}
	})
}

func TestWhatCannotBeAnEntryIsRefusedInWords(t *testing.T) {
	good := func() Content {
		return Content{Department: 1, Audience: Public, Texts: []Text{{"en", "Title", "Body"}}}
	}
	for name, tt := range map[string]struct {
		spoil func(*Content)
		field string
	}{
		"nothing wrong":                      {func(*Content) {}, ""},
		"no owner":                           {func(c *Content) { c.Department = 0 }, "owner"},
		"no audience":                        {func(c *Content) { c.Audience = "all" }, "audience"},
		"no text":                            {func(c *Content) { c.Texts = nil }, "texts"},
		"no title":                           {func(c *Content) { c.Texts[0].Title = " " }, "texts"},
		"no body":                            {func(c *Content) { c.Texts[0].Body = "\n" }, "texts"},
		"no language":                        {func(c *Content) { c.Texts[0].Language = "klingon" }, "texts"},
		"a language of three letters is one": {func(c *Content) { c.Texts[0].Language = "gsw" }, ""},
		"a language twice":                   {func(c *Content) { c.Texts = append(c.Texts, Text{"EN", "x", "y"}) }, "texts"},
		"a megabyte":                         {func(c *Content) { c.Texts[0].Body = strings.Repeat("word ", 200_000) }, "texts"},
		"a title that turns the writing":     {func(c *Content) { c.Texts[0].Title = "a\u202Eb" }, "texts"},
		"a title on two lines":               {func(c *Content) { c.Texts[0].Title = "a\nb" }, "texts"},
		"bytes that are no text":             {func(c *Content) { c.Texts[0].Body = "a\x00b" }, "texts"},
		"a variable without an end":          {func(c *Content) { c.Texts[0].Body = "Dear {{contact.name, hello" }, "texts"},
		"a variable without a beginning":     {func(c *Content) { c.Texts[0].Body = "Dear contact.name}}" }, "texts"},
		"a tag of a page":                    {func(c *Content) { c.Tags = []string{strings.Repeat("a", 61)} }, "tags"},
		"too many tags":                      {func(c *Content) { c.Tags = strings.Fields("a b c d e f g h i j k l m n o p q r s t u") }, "tags"},
	} {
		t.Run(name, func(t *testing.T) {
			c := good()
			tt.spoil(&c)
			_, err := c.checked()
			f, _ := err.(*fault.Error)
			if (err == nil) != (tt.field == "") || tt.field != "" && f.Field != tt.field {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestWhoSeesAndChangesAnEntry(t *testing.T) {
	of := func(role staff.Role, in staff.DepartmentID) staff.Actor {
		return staff.Actor{Person: 7, Role: role, Departments: []staff.DepartmentID{in}}
	}
	open, closed := Answer{Content: Content{Department: 1}}, Answer{Content: Content{Department: 1, For: []staff.DepartmentID{1, 2}}}
	own := Answer{Content: Content{Department: 1, Person: 7, For: []staff.DepartmentID{1}}}
	for name, tt := range map[string]struct {
		who           staff.Actor
		a             Answer
		sees, changes bool
	}{
		"a member, any":                                {of(staff.Member, 9), open, true, true},
		"a member, one for others":                     {of(staff.Member, 9), closed, false, false},
		"a member, one for theirs":                     {of(staff.Member, 2), closed, true, true},
		"an operator, one for others":                  {of(staff.Operator, 9), closed, true, true},
		"a viewer reads":                               {of(staff.Viewer, 9), closed, true, false},
		"a contributor reads":                          {of(staff.Contributor, 9), open, true, false},
		"a contributor changes their own":              {of(staff.Contributor, 9), own, true, true},
		"an agency sees nothing":                       {of(staff.Agency, 1), open, false, false},
		"nobody":                                       {staff.Actor{}, open, false, false},
		"a key that only reads does not change":        {staff.Actor{Person: 7, Role: staff.Member, Key: 1, Scopes: []staff.Scope{staff.Read}}, open, true, false},
		"a department's own, by somebody who has left": {of(staff.Member, 9), Answer{Content: Content{Department: 1, For: []staff.DepartmentID{1}}}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			if Sees(tt.who, tt.a) != tt.sees || MayChange(tt.who, tt.a) != tt.changes {
				t.Errorf("sees %v, changes %v", Sees(tt.who, tt.a), MayChange(tt.who, tt.a))
			}
		})
	}
}

func TestAnEntryIsStale(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		a    Answer
		want string
	}{
		"never to be looked at":    {Answer{}, ""},
		"its day has not come":     {Answer{Content: Content{ReviewAt: now.Add(time.Hour)}}, ""},
		"its day has come":         {Answer{Content: Content{ReviewAt: now}}, "due"},
		"more find it bad":         {Answer{Up: 1, Down: 2}, "disliked"},
		"as many find it bad":      {Answer{Up: 2, Down: 2}, ""},
		"it is out of use already": {Answer{Down: 9, ArchivedAt: now}, ""},
	} {
		if got := tt.a.Stale(now); got != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestWhatSaysWhoSomebodyIsIsTakenOut(t *testing.T) {
	names := map[string]string{"jane": "{{contact.first_name}}", "roe": "{{contact.name}}", "bob": "{{me.first_name}}", "muller": "{{contact.name}}"}
	for name, tt := range map[string]struct{ text, want, marks string }{
		"a greeting and a signature":   {"Dear Jane, it is done. Bob", "Dear {{contact.first_name}}, it is done. {{me.first_name}}", "name:Jane name:Bob"},
		"a whole name is one":          {"Hello Jane Roe!", "Hello {{contact.first_name}}!", "name:Jane Roe"},
		"whatever accents and case":    {"Frau MÜLLER", "Frau {{contact.name}}", "name:MÜLLER"},
		"a number of an order":         {"Your order AC-20391 left.", "Your order {{number}} left.", "number:AC-20391"},
		"a telephone":                  {"Call +49 30 1234567 now", "Call {{number}} now", "number:+49 30 1234567"},
		"years, dates and prices stay": {"Since 2019, by 3.12.2026, for 49.90, 14 days", "Since 2019, by 3.12.2026, for 49.90, 14 days", ""},
		"an address of mail":           {"to jane.roe@mail.example.", "to {{e-mail}}.", "e-mail:jane.roe@mail.example"},
		"a handle":                     {"@jane@social.example hello", "{{contact.handle}} hello", "handle:@jane@social.example"},
		"a link keeps its page":        {"See https://acme.example/returns?order=20391#x", "See https://acme.example/returns", "link:?order=20391#x"},
		"an account":                   {"to DE89 3704 0044 0532 0130 00.", "to {{number}}.", "number:DE89 3704 0044 0532 0130 00"},
		"a variable stays":             {"{{number}} of Jane", "{{number}} of {{contact.first_name}}", "name:Jane"},
		"nothing":                      {"It takes two weeks.", "It takes two weeks.", ""},
		"part of a word is no name":    {"Janeway and Bobby", "Janeway and Bobby", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, marks := without(tt.text, names)
			var said []string
			for _, m := range marks {
				said = append(said, m.Kind+":"+m.Words)
			}
			if got != tt.want || strings.Join(said, " ") != tt.marks {
				t.Errorf("%q, %q", got, said)
			}
		})
	}
}

func TestATitleIsProposed(t *testing.T) {
	names := map[string]string{"jane": "{{contact.first_name}}"}
	for name, tt := range map[string]struct {
		m    desk.Message
		want string
	}{
		"the subject":              {desk.Message{Subject: "Re: AW: Where is my kettle", Text: "Hi"}, "Where is my kettle"},
		"the question":             {desk.Message{Text: "Hi all. I bought one. Can I return it at 9.30? Jane"}, "Can I return it at 9.30?"},
		"without whom it is to":    {desk.Message{Text: "@acme@social.example how do I descale it?"}, "how do I descale it?"},
		"the first whole sentence": {desk.Message{Text: "Hello! My kettle leaks badly. It is bad."}, "My kettle leaks badly."},
		"else of the answer":       {desk.Message{Text: "?"}, "Please send it back to us."},
	} {
		t.Run(name, func(t *testing.T) {
			if got := titleOf(tt.m, "Please send it back to us.", names); got != tt.want {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestOtherFormsOfAWordBeginAlike(t *testing.T) {
	for asked, held := range map[string]string{"returned": "return", "returns": "return", "refunds": "refund", "Rückgabe": "rückgaben", "entkalken": "entkalkt", "garantie": "garantien", "delivery": "deliveries"} {
		if s := stem(words(asked)[0]); !strings.HasPrefix(words(held)[0], s) {
			t.Errorf("%q is looked for as %q and does not find %q", asked, s, held)
		}
	}
}
