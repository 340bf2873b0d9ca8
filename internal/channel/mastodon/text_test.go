package mastodon

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestPlain(t *testing.T) {
	bob := []mention{{ID: "7", Username: "bob", Acct: "bob@chat.example", URL: "https://chat.example/@bob"}}
	for name, tt := range map[string]struct{ html, want string }{
		"text without marks stays":             {"hello", "hello"},
		"entities are read":                    {"<p>Tom &amp; Jerry &lt;3 &#x1F408;</p>", "Tom & Jerry <3 🐈"},
		"paragraphs are parted, breaks kept":   {"<p>one</p><p>two<br>three<br /><br />four</p>", "one\n\ntwo\nthree\n\nfour"},
		"a shortened address is whole":         {`<p><a href="https://a.example/long"><span class="invisible">https://</span><span class="ellipsis">a.example/lo</span><span class="invisible">ng</span></a></p>`, "https://a.example/long"},
		"a name is the whole name":             {`<p><span class="h-card"><a href="https://chat.example/@bob" class="u-url mention">@<span>bob</span></a></span> hi</p>`, "@bob@chat.example hi"},
		"a link that only says it is a name":   {`<p><a href="https://evil.example/" class="mention">@bob</a></p>`, "@bob"},
		"a tag stays a tag":                    {`<p><a href="https://a.example/tags/x" class="mention hashtag">#<span>x</span></a></p>`, "#x"},
		"lists have bullets and numbers":       {"<ul><li>a</li><li>b</li></ul><ol><li>c</li><li>d</li></ol>", "• a\n• b\n\n1. c\n2. d"},
		"quotes are marked":                    {"<p>you said</p><blockquote><p>never<br>ever</p></blockquote>", "you said\n\n> never\n> ever"},
		"code keeps its spaces":                {"<pre><code>if x {\n    y\n}</code></pre>", "if x {\n    y\n}"},
		"scripts say nothing":                  {"<p>a<script>alert(1)</script><style>p{}</style>b</p>", "ab"},
		"what is not closed does no harm":      {"<p>a<b>b<i>c", "abc"},
		"controls and broken letters are gone": {"<p>a\x00b\xffc\x1bd</p>", "ab\uFFFDcd"},
		"nothing is nothing":                   {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := plain(tt.html, bob); got != tt.want {
				t.Errorf("plain = %q; want %q", got, tt.want)
			}
		})
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("<p>one<br>two</p>")
	f.Add("<ul><li>a<blockquote>b")
	f.Add(strings.Repeat("<div>", 3000) + "deep")
	f.Add("\xff<a href='\x00'>")
	f.Fuzz(func(t *testing.T, s string) {
		got := plain(s, []mention{{Acct: "a", URL: s}})
		if !utf8.ValidString(got) || strings.ContainsRune(got, 0) {
			t.Errorf("plain(%q) = %q", s, got)
		}
	})
}

func TestEssence(t *testing.T) {
	for name, tt := range map[string]struct {
		a, b string
		same bool
	}{
		"a server may leave the host out of a name": {"@Ann@chat.example hello", "@ann hello", true},
		"and break lines anew":                      {"one\n\ntwo", "one two", true},
		"accents may be written in two ways":        {"caf\u00e9", "cafe\u0301", true},
		"another word is another text":              {"yes", "no", false},
		"a mail address is no name":                 {"write to a@b.example", "write to a@c.example", false},
		"names that only begin alike are not one":   {"@ann hello", "@anna hello", false},
		"a name may stand behind another sign":      {"see .@Ann@chat.example, @@bob@chat.example", "see .@ann, @@bob", true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := essence(tt.a) == essence(tt.b); got != tt.same {
				t.Errorf("%q and %q: %v", essence(tt.a), essence(tt.b), got)
			}
		})
	}
}

func TestAts(t *testing.T) {
	got := strings.Join(ats("@a, (@b@c.example) mail x@y.example https://z.example/@w @d.e. @f@g.example .@h@i.example ...@j k@@l m=@n"), " ")
	if want := "@a @b@c.example @d.e @f@g.example @h@i.example @j @l"; got != want {
		t.Errorf("ats = %q; want %q", got, want)
	}
}

// Mastodon's own rule, with its look behind: whom the server would tell, we see.
func TestNobodyIsToldWhomWeDoNotSee(t *testing.T) {
	name := regexp.MustCompile(`^@[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*(?:@[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)?`)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"@", "@", "@", "a", "b_", "7", ".", "-", "/", "=", " ", "\n", "(", "…", "é"}), 1, 15).Draw(t, "text"), "")
		got := ats(text)
		for at := 0; at < len(text); at++ {
			before, _ := utf8.DecodeLastRuneInString(text[:at])
			m := name.FindString(text[at:])
			if m == "" || before == '/' || before == '=' || before == '_' || unicode.IsLetter(before) && at > 0 || unicode.IsDigit(before) {
				continue
			}
			if !slices.Contains(got, m) {
				t.Fatalf("of %q we see %q, and not %s", text, got, m)
			}
			at += len(m) - 1
		}
	})
}
