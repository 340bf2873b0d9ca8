package feed

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
)

var home, _ = url.Parse("https://blog.example/feed.xml")

func doc(body string) document { return document{body: []byte(body), at: home, header: http.Header{}} }

// item is the message an RSS item becomes.
func item(t *testing.T, inner string) channel.Message {
	t.Helper()
	return message(t, `<rss xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>T</title>`+
		`<item>`+inner+`</item></channel></rss>`)
}

// message is the first message of a feed, read at 09:00 on 8 October 2026.
func message(t *testing.T, body string) channel.Message {
	t.Helper()
	f, err := parse(doc(body))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.entries) == 0 {
		t.Fatal("no entry")
	}
	return f.entries[0].message(settings{URL: home.String()}, channeltest.NewClock().Now())
}

func TestWhoAnEntryIs(t *testing.T) {
	for name, tt := range map[string]struct{ inner, want string }{
		"its guid":               {`<guid isPermaLink="false"> 17 </guid><link>https://x.example/a</link><title>A</title>`, "17"},
		"else its link":          {`<link>/a</link><title>A</title>`, "https://blog.example/a"},
		"else its title":         {`<title>A</title><description>b</description>`, "sha256:" + digest("A", "")},
		"else what it says":      {`<description>b</description>`, "sha256:" + digest("b")},
		"a guid without end":     {`<guid>` + strings.Repeat("x", 501) + `</guid>`, "sha256:" + digest(strings.Repeat("x", 501))},
		"a guid of blanks":       {`<guid> </guid><link>https://x.example/a</link>`, "https://x.example/a"},
		"a link that is no link": {`<link>javascript:alert(1)</link><title>A</title>`, "sha256:" + digest("A", "")},
	} {
		t.Run(name, func(t *testing.T) {
			if got := item(t, tt.inner).RemoteID; got != tt.want {
				t.Errorf("it is %q; want %q", got, tt.want)
			}
		})
	}
}

func TestWhereAndWhoseItIs(t *testing.T) {
	m := item(t, `<guid>https://x.example/a</guid><author>ann@x.example (Ann)</author>`)
	if m.URL != "https://x.example/a" || m.From.Name != "Ann" || m.From.RemoteID != home.String()+"#ann" || m.From.Handle != "blog.example" {
		t.Errorf("%+v", m)
	}
	if m := item(t, `<title>A</title>`); m.From.RemoteID != home.String() || m.From.Name != "blog.example" || m.URL != "" {
		t.Errorf("without an author: %+v", m.From)
	}
	m = message(t, `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>A</title><author><name>Ann</name><uri>https://ann.example/</uri></author></entry></feed>`)
	if m.From.RemoteID != "https://ann.example/" || m.From.URL != "https://ann.example/" {
		t.Errorf("an author with an address: %+v", m.From)
	}
	m = message(t, `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":7,"title":"1 <2> 3","content_text":"a <b> & c","authors":[{"name":"Ann","url":"https://ann.example/","avatar":"https://ann.example/a.png"}]}]}`)
	if m.RemoteID != "7" || m.From.Avatar != "https://ann.example/a.png" || m.Text != "a <b> & c" || m.Subject != "1 <2> 3" || m.HTML != "" {
		t.Errorf("from JSON: %+v", m)
	}
}

func TestWrongDatesAreMendedWithTheClock(t *testing.T) {
	now := channeltest.NewClock().Now()
	for name, tt := range map[string]struct {
		inner string
		want  time.Time
	}{
		"as told":                {`<pubDate>Wed, 07 Oct 2026 09:00:00 GMT</pubDate>`, now.Add(-24 * time.Hour)},
		"in another zone":        {`<pubDate>Wed, 07 Oct 2026 05:00:00 EDT</pubDate>`, now.Add(-24 * time.Hour)},
		"as some write it":       {`<pubDate>2026-10-07 09:00:00</pubDate>`, now.Add(-24 * time.Hour)},
		"in the future":          {`<pubDate>Fri, 09 Oct 2026 09:00:00 GMT</pubDate>`, now},
		"before there was a web": {`<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>`, now},
		"never":                  {``, now},
		"nonsense":               {`<pubDate>yesterday</pubDate>`, now},
		"by Dublin Core":         {`<dc:date>2026-10-07T09:00:00Z</dc:date>`, now.Add(-24 * time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			if m := item(t, `<title>A</title>`+tt.inner); !m.At.Equal(tt.want) || m.At.Location() != time.UTC {
				t.Errorf("at %v; want %v", m.At, tt.want)
			}
		})
	}
}

func TestHTMLBecomesText(t *testing.T) {
	for name, tt := range map[string]struct{ src, want string }{
		"plain":                      {"Just  text\nas it came", "Just  text\nas it came"},
		"plain with signs":           {"AT&amp;T 1 < 2", "AT&T 1 < 2"},
		"paragraphs":                 {"<p>One\n  two</p><p>three</p>", "One two\n\nthree"},
		"line breaks":                {"one<br>two<br/>three", "one\ntwo\nthree"},
		"a list":                     {"<p>So:</p><ul><li>one</li><li><p>two</p></li></ul>end", "So:\n\n- one\n- two\n\nend"},
		"marks within words":         {"<b>b</b>old <a href='x'>link</a>", "bold link"},
		"signs":                      {"&lt;tag&gt; &amp;amp; caf&eacute; &#8364; &hellip;", "<tag> &amp; café € …"},
		"no scripts":                 {"<p>a</p><script>alert('<p>b</p>')</script><style>p{}</style>c", "a\n\nc"},
		"no frames":                  {"a<iframe src=x>b</iframe>c", "ac"},
		"as laid out":                {"<pre>a\n  b</pre>c", "a\n  b\n\nc"},
		"cells":                      {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		"smileys":                    {`so <img class="wp-smiley" alt="😀" src="x"> glad`, "so 😀 glad"},
		"an end that is missing":     {"<p>a<b>c", "ac"},
		"a tag that never ends":      {"a <p class=\"", "a"},
		"right to left, and hidden":  {"<p>a\u202eb\u200dc</p>", "a\u202eb\u200dc"},
		"no break space":             {"<p>a&nbsp;&nbsp;b</p>", "a b"},
		"a comment":                  {"a<!-- b -->c", "ac"},
		"nothing":                    {"<p> </p>", ""},
		"a very long word":           {"<p>" + strings.Repeat("x", 1<<20), strings.Repeat("x", 1<<20)},
		"a hundred thousand levels":  {strings.Repeat("<div>", 100_000) + "deep", "deep"},
		"quoted":                     {"<blockquote>q</blockquote>a", "q\n\na"},
		"an image is in the media":   {`a<img src="https://x.example/i.png" alt="alt">b`, "ab"},
		"headings and rules":         {"<h1>T</h1>x<hr>y", "T\n\nx\n\ny"},
		"a dash without a list item": {"<li>", "-"},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(tt.src, home).text
			if strings.TrimSpace(got) != strings.TrimSpace(tt.want) && !(tt.want == "-" && got == "") {
				t.Errorf("read = %.80q; want %.80q", got, tt.want)
			}
		})
	}
	if w := read(`<a href="/x?a=1&amp;b">l</a><img src="i.png" alt="A &quot;hinge&quot;">`, home); w.html !=
		`<a href="https://blog.example/x?a=1&amp;b">l</a><img src="https://blog.example/i.png" alt="A &#34;hinge&#34;">` {
		t.Errorf("addresses were made whole as %s", w.html)
	}
}

func TestWhatIsAttached(t *testing.T) {
	m := item(t, `<title>A</title>
		<enclosure url="/a.mp3" type="audio/mpeg" length="123"/>
		<enclosure url="https://x.example/b.PDF" type="" length="a lot"/>
		<media:group><media:content url="https://x.example/c.jpg" medium="image" fileSize="9"/><media:description>A hinge</media:description><media:thumbnail url="https://x.example/t.jpg"/></media:group>
		<media:content url="https://x.example/d.mp4" type="video/mp4"><media:title>A film</media:title></media:content>
		<media:content url="javascript:x"/>
		<description><![CDATA[<img src="https://x.example/c.jpg" alt="again"><img src="/e.png" alt="in the text"><img src="p.gif" width="1" height="1">]]></description>`)
	want := []channel.Media{
		{URL: "https://blog.example/a.mp3", Type: "audio/mpeg", Size: 123},
		{URL: "https://x.example/b.PDF", Type: "application/pdf"},
		{URL: "https://x.example/d.mp4", Type: "video/mp4", Alt: "A film"},
		{URL: "https://x.example/c.jpg", Type: "image/jpeg", Alt: "A hinge", Size: 9, Preview: "https://x.example/t.jpg"},
		{URL: "https://blog.example/e.png", Type: "image/png", Alt: "in the text"},
	}
	if len(m.Media) != len(want) {
		t.Fatalf("%+v", m.Media)
	}
	for k := range want {
		if got := m.Media[k]; got.URL != want[k].URL || got.Type != want[k].Type || got.Alt != want[k].Alt || got.Size != want[k].Size || got.Preview != want[k].Preview {
			t.Errorf("%+v; want %+v", got, want[k])
		}
	}
	m = message(t, `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><link rel="enclosure" href="https://x.example/a.png" title="A hinge"/></entry></feed>`)
	if len(m.Media) != 1 || m.Media[0].Alt != "A hinge" || m.Media[0].Type != "image/png" {
		t.Errorf("of Atom: %+v", m.Media)
	}
}

func TestEveryAlphabetIsRead(t *testing.T) {
	inner := `<rss><channel><item><guid>1</guid><description>%s</description></item></channel></rss>`
	wide := func(order binary.AppendByteOrder, mark string, s string) []byte {
		b := []byte(mark)
		for _, u := range utf16.Encode([]rune(s)) {
			b = order.AppendUint16(b, u)
		}
		return b
	}
	for name, tt := range map[string]struct {
		body []byte
		kind string
		want string
	}{
		"UTF-8":                          {fmt.Appendf(nil, inner, "café"), "", "café"},
		"UTF-8 with a mark":              {fmt.Appendf([]byte("\xef\xbb\xbf"), inner, "café"), "text/xml; charset=iso-8859-1", "café"},
		"UTF-16":                         {wide(binary.LittleEndian, "\xff\xfe", fmt.Sprintf(inner, "café 👍")), "", "café 👍"},
		"UTF-16, the other end":          {wide(binary.BigEndian, "\xfe\xff", `<?xml version="1.0" encoding="UTF-16"?>`+fmt.Sprintf(inner, "café")), "", "café"},
		"Latin-1 by its own word":        {fmt.Appendf([]byte(`<?xml version="1.0" encoding="ISO-8859-1"?>`), inner, "caf\xe9"), "", "café"},
		"its own word before the server": {fmt.Appendf([]byte(`<?xml version="1.0" encoding="windows-1251"?>`), inner, "\xcf\xf0\xe8"), "text/xml; charset=utf-8", "При"},
		"by the server's word":           {fmt.Appendf(nil, inner, "\xcf\xf0\xe8"), "application/rss+xml; charset=windows-1251", "При"},
		"Japanese":                       {fmt.Appendf([]byte(`<?xml version='1.0' encoding='Shift_JIS'?>`), inner, "\x93\xfa\x96\x7b"), "", "日本"},
		"by nobody's word":               {fmt.Appendf(nil, inner, "caf\xe9"), "", "café"},
		"UTF-8 that says Latin-1":        {fmt.Appendf([]byte(`<?xml version="1.0" encoding="ISO-8859-1"?>`), inner, "café"), "", "café"},
		"UTF-8 with a broken byte":       {fmt.Appendf([]byte(`<?xml version="1.0" encoding="utf-8"?>`), inner, "café \xff!"), "", "café \uFFFD!"},
		"an alphabet nobody knows":       {fmt.Appendf([]byte(`<?xml version="1.0" encoding="klingon"?>`), inner, "café"), "", "café"},
		"signs that XML forbids":         {fmt.Appendf(nil, inner, "a\x00b\x07c&#0;d&#x1f;e&#xD800;f\uFFFEg&#233;"), "", "abc\uFFFDd\uFFFDe\uFFFDfgé"},
		"a line before the beginning":    {fmt.Appendf([]byte("\n\n<?xml version='1.0'?><!-- hello --><?xml-stylesheet href='x'?>\n"), inner, "x"), "", "x"},
		"entities of HTML":               {fmt.Appendf(nil, inner, "caf&eacute;&nbsp;&mdash; A & B &c"), "", "café — A & B &c"},
		"a < that begins nothing":        {fmt.Appendf(nil, inner, "We <3 ACME: 4 < 5, 6 <= 7, <>"), "", "We <3 ACME: 4 < 5, 6 <= 7, <>"},
		"a < where it may stand":         {fmt.Appendf(nil, inner, "<!-- 1 < 2 --><![CDATA[3 &lt; 4]]>"), "", "3 < 4"},
		"tags that are not closed":       {fmt.Appendf(nil, inner, "a<br>b<p>c"), "", "a\nb\n\nc"},
	} {
		t.Run(name, func(t *testing.T) {
			d := document{body: tt.body, at: home, header: http.Header{"Content-Type": {tt.kind}}}
			f, err := parse(d)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.ReplaceAll(f.entries[0].w.text, "\u00a0", " ")
			if got != tt.want || f.entries[0].id != "1" {
				t.Errorf("%q; want %q", got, tt.want)
			}
		})
	}
}

func TestNothingOutsideIsTouched(t *testing.T) {
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	defer server.Close()
	file := t.TempDir() + "/secret"
	if err := os.WriteFile(file, []byte("TOP SECRET"), 0o600); err != nil {
		t.Fatal(err)
	}
	bomb := `<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaaaaaaaa">`
	for k := range 20 {
		bomb += fmt.Sprintf(`<!ENTITY %c "%s">`, 'b'+k, strings.Repeat(fmt.Sprintf("&%c;", 'a'+k), 10))
	}
	for name, head := range map[string]string{
		"a file":              `<!DOCTYPE rss [<!ENTITY x SYSTEM "file://` + file + `">]>`,
		"an address":          `<!DOCTYPE rss [<!ENTITY x SYSTEM "` + server.URL + `/x">]>`,
		"a document type":     `<!DOCTYPE rss SYSTEM "` + server.URL + `/rss.dtd">`,
		"a parameter":         `<!DOCTYPE rss [<!ENTITY % p SYSTEM "` + server.URL + `/p"> %p; <!ENTITY x "y">]>`,
		"a billion laughs":    bomb + `<!ENTITY x "&u;">]>`,
		"an inclusion":        `<?xml-stylesheet href="` + server.URL + `/s.xsl"?>`,
		"an included section": `<!DOCTYPE rss [<![INCLUDE[<!ENTITY x SYSTEM "file://` + file + `">]]>]>`,
	} {
		t.Run(name, func(t *testing.T) {
			f, err := parse(doc(head + `<rss xmlns:xi="http://www.w3.org/2001/XInclude"><channel><item><guid>1</guid><title>&x;</title><description>&x;<xi:include href="file://` + file + `" parse="text"/></description></item></channel></rss>`))
			if err == nil {
				e := f.entries[0]
				if all := e.title + e.w.text + e.w.html; strings.Contains(all, "TOP") || len(all) > 1000 {
					t.Errorf("it was let in: %.100q", all)
				}
			}
			if calls.Load() > 0 {
				t.Error("somebody was called")
			}
		})
	}
}

func TestKnotsAreRefused(t *testing.T) {
	nested := func(open, tag string, n int) string { return strings.Repeat(open, n) + strings.Repeat("</"+tag+">", n) }
	for name, body := range map[string]string{
		"deep":           `<rss><channel>` + nested("<a>", "a", 50_000) + `</channel></rss>`,
		"many spaces":    `<rss><channel>` + strings.Repeat(`<x xmlns:b="c"/>`, 600) + `</channel></rss>`,
		"deep in Atom":   `<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml">` + nested("<div>", "div", 50_000) + `</content></entry></feed>`,
		"pieces of text": `<rss xmlns:x="y"><channel><x:a>` + strings.Repeat("a<!---->", 100_000) + `</x:a></channel></rss>`,
		"cut off":        `<rss><channel><item><title>half a ti`,
		"a null item":    `{"version":"https://jsonfeed.org/version/1","items":[null]}`,
		"another JSON":   `{"error":"not found"}`,
		"a page":         `<!DOCTYPE html><html><body>hello</body></html>`,
		"words":          `hello`,
		"nothing":        ``,
		"an image":       "\x89PNG\r\n\x1a\n\x00\x00",
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			if f, err := parse(doc(body)); err == nil {
				t.Errorf("it was read: %+v", f)
			}
			if time.Since(began) > 5*time.Second {
				t.Errorf("it took %v", time.Since(began))
			}
		})
	}
}

func TestIDsThatRepeatAreTakenWithTheLink(t *testing.T) {
	feed := func(items ...string) *parsed {
		f, err := parse(doc(`<rss><channel>` + strings.Join(items, "") + `</channel></rss>`))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	one, two, three := `<item><guid>1</guid><link>https://x.example/a</link><title>A</title></item>`,
		`<item><guid>1</guid><link>https://x.example/b</link><title>B</title></item>`, `<item><guid>1</guid><link>https://x.example/c</link><title>C</title></item>`
	var cur cursor
	now := channeltest.NewClock().Now()
	step := func(first bool, items ...string) (got []string) {
		events, _ := cur.news(feed(items...), settings{URL: home.String()}, now, first)
		for _, e := range events {
			got = append(got, string(e.Kind)+" "+e.Message.Subject)
		}
		return got
	}
	for k, tt := range []struct {
		items []string
		want  string
	}{
		{[]string{one, one}, "said A"}, // the same twice is the same
		{[]string{two, one}, "said B"}, // and here it becomes clear that ids repeat
		{[]string{three, two}, "said C"},
		{[]string{three}, ""},
		{[]string{strings.ReplaceAll(three, "C<", "D<")}, "edited D"},
	} {
		if got := strings.Join(step(k == 0, tt.items...), ", "); got != tt.want {
			t.Errorf("step %d: %q; want %q", k, got, tt.want)
		}
	}
}

// TestTheSameEntriesInAnyOrderAreTheSame: shuffled and repeated, a feed gives the same ids, and no event twice.
func TestTheSameEntriesInAnyOrderAreTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "entries")
		var items []string
		for k := range n {
			var b bytes.Buffer
			fmt.Fprintf(&b, "<item><title>%d</title><link>https://x.example/%d</link>", k, k)
			if rapid.Bool().Draw(t, "has a guid") {
				fmt.Fprintf(&b, "<guid>g%d</guid>", k)
			}
			if rapid.Bool().Draw(t, "has a date") {
				fmt.Fprintf(&b, "<pubDate>Wed, 07 Oct 2026 09:%02d:00 GMT</pubDate>", rapid.IntRange(0, 3).Draw(t, "minute"))
			}
			items = append(items, b.String()+"</item>")
		}
		var cur cursor
		now := channeltest.NewClock().Now()
		tell := func(items []string) (ids []string) {
			f, err := parse(doc(`<rss><channel>` + strings.Join(items, "") + `</channel></rss>`))
			if err != nil {
				t.Fatal(err)
			}
			events, _ := cur.news(f, settings{URL: home.String()}, now, false)
			if !slices.IsSortedFunc(events, func(a, b channel.Event) int { return a.At.Compare(b.At) }) {
				t.Fatal("not oldest first")
			}
			for _, e := range events {
				ids = append(ids, e.RemoteID)
			}
			slices.Sort(ids)
			return ids
		}
		half := rapid.IntRange(0, n).Draw(t, "seen before")
		told := tell(items[:half])
		told = append(told, tell(rapid.Permutation(append(slices.Clone(items), items...)).Draw(t, "mixed"))...)
		slices.Sort(told)
		if len(told) != n || len(slices.Compact(told)) != n {
			t.Fatalf("of %d entries these were told: %v", n, told)
		}
		cur = cursor{}
		if fresh := tell(items); !slices.Equal(fresh, told) {
			t.Fatalf("ids %v; in order %v", told, fresh)
		}
		if again := tell(rapid.Permutation(items).Draw(t, "again")); len(again) > 0 {
			t.Fatalf("told again: %v", again)
		}
	})
}

// FuzzParse: whatever a site sends, the reader ends, and what comes out is text.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`<?xml version="1.0" encoding="ISO-8859-1"?><rss version="2.0"><channel><title>&lt;T</title><ttl>5</ttl><skipHours><hour>24</hour></skipHours><item><guid>1</guid><description><![CDATA[<p>a<img src=x alt=y>]]></description><pubDate>Wed, 07 Oct 2026 09:00:00 GMT</pubDate><enclosure url="/a" length="x"/></item></channel></rss>`,
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><item><title>A</title></item></rdf:RDF>`,
		`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://x/"><entry xml:base="y"><id>1</id><content type="xhtml"><div>a</div></content><author/><link rel="enclosure"/></entry><at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="a"/></feed>`,
		`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"content_html":"<p>","attachments":[{"size_in_bytes":"1e300"}],"authors":[null]}]}`,
		"\xff\xfe<\x00r\x00s\x00s\x00>\x00", `<!DOCTYPE x [<!ENTITY a "b">]><rss>&a;</rss>`,
	} {
		f.Add([]byte(seed), "application/rss+xml; charset=iso-8859-1")
	}
	now := channeltest.NewClock().Now()
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		p, err := parse(document{body: body, at: home, header: http.Header{"Content-Type": {kind}}})
		if err != nil {
			return
		}
		var cur cursor
		events, _ := cur.news(p, settings{URL: home.String()}, now, true)
		for _, e := range events {
			m := e.Message
			if e.RemoteID == "" || e.RemoteID != m.RemoteID || m.Version == "" || m.At.IsZero() || m.From.RemoteID == "" {
				t.Errorf("%+v", e)
			}
			for _, s := range []string{m.Text, m.HTML, m.Subject, m.From.Name, m.RemoteID, string(e.Raw)} {
				if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
					t.Errorf("%q is no text", s)
				}
			}
		}
		if again, _ := cur.news(p, settings{URL: home.String()}, now, false); len(again) > 0 && len(p.gone) == 0 {
			t.Errorf("the same feed again tells %+v", again)
		}
	})
}
