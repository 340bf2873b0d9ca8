package feed

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/internal/channel"
	"switchboard/internal/channel/channeltest"
	"switchboard/internal/sim/far"
	site "switchboard/internal/sim/feed"
)

func fetch(t testing.TB, c *conn, cursor string) channel.Page {
	t.Helper()
	p, err := c.Fetch(t.Context(), cursor)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func texts(events []channel.Event) (all []string) {
	for _, e := range events {
		all = append(all, string(e.Kind)+" "+e.Message.Text)
	}
	return all
}

func TestTheFirstReadingBringsTheNewestFew(t *testing.T) {
	f := start(t, channeltest.NewClock(), site.RSS)
	for k := range 50 {
		f.clock.Advance(time.Minute)
		f.Say("ann", fmt.Sprintf("number %d", k), channeltest.SayOptions{})
	}
	c := open(t, f)
	p := fetch(t, c, "")
	if len(p.Events) != newest || p.Events[0].Message.Text != "number 30" || p.Events[19].Message.Text != "number 49" || p.More {
		t.Errorf("%v", texts(p.Events))
	}
	if again := fetch(t, c, p.Next); len(again.Events) != 0 || again.More {
		t.Errorf("then %v", texts(again.Events))
	}
	m := p.Events[0].Message
	if m.Kind != channel.Article || m.Private || m.Own || m.From.Name != "ann" || m.Subject != "An article" || m.URL == "" || m.URI != m.URL || m.Lang != "en" {
		t.Errorf("an article came as %+v", m)
	}
}

func TestWhatSharesASecondIsNotSkipped(t *testing.T) {
	f := start(t, channeltest.NewClock(), site.Atom)
	c := open(t, f)
	p := fetch(t, c, "")
	f.Say("ann", "one", channeltest.SayOptions{})
	p = fetch(t, c, p.Next)
	f.Say("bea", "two", channeltest.SayOptions{}) // within the same second
	old := f.clock.Now().Add(-time.Hour)
	f.site.Say(site.Entry{Title: "Late", Text: "three", Author: "cem", Said: old}) // written earlier, put up now
	p = fetch(t, c, p.Next)
	if got := texts(p.Events); !slices.Equal(got, []string{"said three", "said two"}) {
		t.Errorf("then came %v", got)
	}
}

func TestNothingIsFetchedTwice(t *testing.T) {
	for name, tags := range map[string]bool{"by ETag and date": true, "by its content": false} {
		t.Run(name, func(t *testing.T) {
			f := start(t, channeltest.NewClock(), site.RSS)
			f.site.NoTags = !tags
			f.Say("ann", "one", channeltest.SayOptions{})
			c := open(t, f)
			cursor := fetch(t, c, "").Next
			for range 20 {
				p := fetch(t, c, cursor)
				if len(p.Events) > 0 || p.Poll < 5*time.Minute || p.Poll > time.Hour {
					t.Fatalf("%+v", p)
				}
				cursor = p.Next
			}
			if p := fetch(t, c, cursor); p.Poll != time.Hour {
				t.Errorf("a feed with nothing new for long is asked after %v", p.Poll)
			}
			for k := range 4 {
				f.clock.Advance(time.Hour)
				f.Say("ann", fmt.Sprint(k), channeltest.SayOptions{})
				p := fetch(t, c, cursor)
				if cursor = p.Next; len(p.Events) != 1 {
					t.Fatalf("%v", texts(p.Events))
				}
			}
			f.Say("ann", "more", channeltest.SayOptions{})
			if p := fetch(t, c, cursor); p.Poll > 6*time.Minute {
				t.Errorf("a busy feed is asked after %v", p.Poll)
			}
		})
	}
}

func TestAnEditIsToldOnce(t *testing.T) {
	f := start(t, channeltest.NewClock(), site.JSON)
	id := f.Say("ann", "one", channeltest.SayOptions{})
	c := open(t, f)
	p := fetch(t, c, "")
	f.clock.Advance(time.Hour)
	f.Edit(id, "two")
	p = fetch(t, c, p.Next)
	if len(p.Events) != 1 || p.Events[0].Kind != channel.Edited || p.Events[0].RemoteID != id || !p.Events[0].Message.EditedAt.Equal(f.clock.Now()) {
		t.Fatalf("%+v", p.Events)
	}
	f.Edit(id, "two") // saved again without a change: another date, the same words
	if p = fetch(t, c, p.Next); len(p.Events) != 0 {
		t.Errorf("%+v", p.Events)
	}
}

func TestATombstoneIsToldOnce(t *testing.T) {
	f := start(t, channeltest.NewClock(), site.Atom)
	id := f.Say("ann", "one", channeltest.SayOptions{})
	c := open(t, f)
	p := fetch(t, c, "")
	f.Delete(id)
	p = fetch(t, c, p.Next)
	if len(p.Events) != 1 || p.Events[0].Kind != channel.Deleted || p.Events[0].RemoteID != id {
		t.Fatalf("%+v", p.Events)
	}
	f.Say("ann", "two", channeltest.SayOptions{})
	if p = fetch(t, c, p.Next); len(p.Events) != 1 || p.Events[0].Kind != channel.Said {
		t.Errorf("%+v", p.Events)
	}
}

func TestAFloodComesInPages(t *testing.T) {
	f := start(t, channeltest.NewClock(), site.RSS)
	c := open(t, f)
	p := fetch(t, c, "")
	for k := range 1234 {
		f.clock.Advance(time.Second)
		f.Say("ann", fmt.Sprint("number ", k), channeltest.SayOptions{})
	}
	var all []string
	for n := 1; ; n++ {
		p = fetch(t, c, p.Next)
		all = append(all, texts(p.Events)...)
		if !p.More {
			if n != 3 {
				t.Errorf("%d pages", n)
			}
			break
		}
	}
	for k, text := range all {
		if text != fmt.Sprint("said number ", k) {
			t.Fatalf("at %d stands %q", k, text)
		}
	}
	if len(all) != 1234 {
		t.Errorf("%d came", len(all))
	}
}

func TestTheCursorIsBounded(t *testing.T) {
	f := start(t, channeltest.NewClock(), site.RSS)
	f.site.Window = 50
	c := open(t, f)
	cursor := ""
	for k := range 100 {
		for j := range 40 {
			f.clock.Advance(time.Second)
			f.Say("ann", fmt.Sprint(k, ".", j), channeltest.SayOptions{})
		}
		p := fetch(t, c, cursor)
		if want := 40; k > 0 && len(p.Events) != want {
			t.Fatalf("step %d: %d came", k, len(p.Events))
		}
		cursor = p.Next
	}
	if len(cursor) > (50+oldSeen)*20+500 {
		t.Errorf("the cursor has grown to %d bytes", len(cursor))
	}
}

func TestAGapIsSaid(t *testing.T) {
	f := start(t, channeltest.NewClock(), site.RSS)
	f.site.Window = 5
	c := open(t, f)
	f.Say("ann", "before", channeltest.SayOptions{})
	p := fetch(t, c, "")
	f.clock.Advance(time.Hour)
	for range 4 {
		f.Say("ann", "still all", channeltest.SayOptions{})
	}
	if p = fetch(t, c, p.Next); !p.Gap.IsZero() {
		t.Errorf("a gap since %v, and there is none", p.Gap)
	}
	at := f.clock.Now()
	f.clock.Advance(time.Hour)
	for range 9 {
		f.Say("ann", "too many", channeltest.SayOptions{})
	}
	if p = fetch(t, c, p.Next); !p.Gap.Equal(at) || len(p.Events) != 5 {
		t.Errorf("gap %v, %d events; want a gap since %v", p.Gap, len(p.Events), at)
	}
}

func TestACursorOfAnotherFeedIsNoUse(t *testing.T) {
	f := start(t, channeltest.NewClock(), site.RSS)
	for k := range 30 {
		f.Say("ann", fmt.Sprint(k), channeltest.SayOptions{})
	}
	other := start(t, f.clock, site.RSS)
	cursor := fetch(t, open(t, other), "").Next
	for _, cursor := range []string{cursor, "{", "null", "2026-01-01T00:00:00Z", `{"feed":"x","seen":"AAAA"}`} {
		if p := fetch(t, open(t, f), cursor); len(p.Events) != newest {
			t.Errorf("from %q came %d; want the newest %d", cursor, len(p.Events), newest)
		}
	}
}

func TestTheFeedOfAPageIsFound(t *testing.T) {
	f := start(t, channeltest.NewClock(), site.Page)
	f.Say("ann", "one", channeltest.SayOptions{})
	c := open(t, f)
	who, err := c.Check(t.Context())
	if err != nil || who.Name != "The Example Times" {
		t.Fatalf("%+v, %v", who, err)
	}
	if s := c.settings(); s.URL != f.site.Base+site.RSS {
		t.Errorf("found %s", s.URL)
	}
	if p := fetch(t, c, ""); len(p.Events) != 1 {
		t.Errorf("%v", texts(p.Events))
	}
	c = open(t, f) // with what was kept
	if again, err := c.Check(t.Context()); err != nil || again.RemoteID != who.RemoteID || who.RemoteID != f.site.Base+site.Page {
		t.Errorf("the account was %q and is %q, %v", who.RemoteID, again.RemoteID, err)
	}
	f.site.Move(site.RSS, 200, "") // an error page where the feed was
	f.site.Faults.Set(far.Fault{On: site.RSS, Do: far.Answer, Body: []byte(`<html><link rel="alternate" type="application/rss+xml" href="/atom.xml">`)})
	if _, err := c.Fetch(t.Context(), ""); err == nil || channel.TroubleOf(err).Deed != channel.Again {
		t.Errorf("a page in a known feed's place gives %v; it must not lead us to another feed", err)
	}
}

func TestWhatIsLearnedOfRedirects(t *testing.T) {
	for name, tt := range map[string]struct {
		moves []int
		want  string
	}{
		"301 is for good":                        {[]int{301}, "/1"},
		"308 is for good":                        {[]int{308}, "/1"},
		"302 is not":                             {[]int{302}, "/0"},
		"307 is not":                             {[]int{307}, "/0"},
		"two for good":                           {[]int{301, 308}, "/2"},
		"for good, then for now":                 {[]int{301, 302}, "/1"},
		"for now, then for good":                 {[]int{302, 301}, "/0"},
		"as many as are followed":                {[]int{301, 301, 301, 301, 301}, "/5"},
		"one more than is followed":              {[]int{301, 301, 301, 301, 301, 301}, ""},
		"for good to an address that is nothing": {[]int{301, 404}, "/0!"},
	} {
		t.Run(name, func(t *testing.T) {
			f := start(t, channeltest.NewClock(), site.RSS)
			f.Say("ann", "one", channeltest.SayOptions{})
			for k, status := range tt.moves {
				to := fmt.Sprintf("/%d", k+1)
				if k == len(tt.moves)-1 {
					f.site.Faults.Set(far.Fault{On: to, Do: far.Answer, Body: []byte(`<rss><channel><title>x</title></channel></rss>`)})
				}
				f.site.Move(fmt.Sprintf("/%d", k), status, to)
			}
			f.kept, _ = json.Marshal(map[string]any{"url": f.site.Base + "/0", "colour": "kept"})
			c := open(t, f)
			_, err := c.Fetch(t.Context(), "")
			if want, fails := strings.CutSuffix(tt.want, "!"); fails || want == "" {
				if err == nil {
					t.Error("no error")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var kept struct{ URL, Colour string }
			if _ = json.Unmarshal(f.kept, &kept); kept.URL != f.site.Base+tt.want || kept.Colour != "kept" {
				t.Errorf("kept %s; want %s", f.kept, tt.want)
			}
			if id := open(t, f).settings().address(); id != f.site.Base+"/0" {
				t.Errorf("the account is %s now", id)
			}
		})
	}
}

func TestAMovedFeedGoesOnWhereItWas(t *testing.T) {
	f := start(t, channeltest.NewClock(), site.RSS)
	for k := range 30 {
		f.Say("ann", fmt.Sprint(k), channeltest.SayOptions{})
	}
	c := open(t, f)
	p := fetch(t, c, "")
	f.site.Move(site.RSS, 301, site.Atom)
	f.Say("ann", "after", channeltest.SayOptions{})
	p = fetch(t, c, p.Next)
	if got := texts(p.Events); !slices.Contains(got, "said after") || c.settings().URL != f.site.Base+site.Atom {
		t.Errorf("%v at %s", got, c.settings().URL)
	}
	if p = fetch(t, open(t, f), p.Next); len(p.Events) != 0 {
		t.Errorf("after a restart %v", texts(p.Events))
	}
}

func TestWhatIsGoneIsNotAskedAgain(t *testing.T) {
	f := start(t, channeltest.NewClock(), site.RSS)
	c := open(t, f)
	p := fetch(t, c, "")
	f.site.Move(site.RSS, http.StatusGone, "")
	for range 3 {
		_, err := c.Fetch(t.Context(), p.Next)
		if tr := channel.TroubleOf(err); err == nil || tr.Deed != channel.Gone {
			t.Fatalf("%v; want Gone", err)
		}
		c = open(t, f) // with what was kept
	}
	if n := f.site.Faults.Calls(""); n != 2 {
		t.Errorf("%d calls; want one that read and one that heard of the end", n)
	}
	f.site.Move(site.RSS, 0, "")
	if _, err := c.Check(t.Context()); err != nil { // a person asks: perhaps it is back
		t.Error(err)
	}
	fetch(t, c, p.Next)
}

func TestWhatIsMissingForDaysIsAPersonsMatter(t *testing.T) {
	f := start(t, channeltest.NewClock(), site.RSS)
	c := open(t, f)
	p := fetch(t, c, "")
	deed := func() channel.Deed {
		c = open(t, f) // whatever is restarted when
		_, err := c.Fetch(t.Context(), p.Next)
		if err == nil {
			return ""
		}
		return channel.TroubleOf(err).Deed
	}
	f.site.Move(site.RSS, http.StatusNotFound, "")
	for day := range 6 {
		want := channel.Again
		if day >= 3 {
			want = channel.Reconnect
		}
		if got := deed(); got != want {
			t.Errorf("after %d days %q; want %q", day, got, want)
		}
		f.clock.Advance(24 * time.Hour)
	}
	f.site.Move(site.RSS, 0, "")
	if got := deed(); got != "" {
		t.Errorf("back again: %q", got)
	}
	f.site.Move(site.RSS, http.StatusNotFound, "")
	if got := deed(); got != channel.Again {
		t.Errorf("the days are counted anew: %q", got)
	}
}

func TestWhatWeWriteOurselvesIsOurs(t *testing.T) {
	f := start(t, channeltest.NewClock(), site.RSS)
	f.kept, _ = json.Marshal(map[string]any{"url": f.site.Base + site.RSS, "ours": "true"})
	f.Say("ann", "one", channeltest.SayOptions{})
	if p := fetch(t, open(t, f), ""); !p.Events[0].Message.Own {
		t.Error("it came as somebody else's")
	}
}

func TestTheKeyInAnAddressStaysThere(t *testing.T) {
	f := start(t, channeltest.NewClock(), site.RSS)
	f.kept, _ = json.Marshal(map[string]any{"url": f.site.Base + site.RSS + "?token=s3cret"})
	f.Say("ann", "one", channeltest.SayOptions{})
	c := open(t, f)
	who, err := c.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := fetch(t, c, "")
	f.site.Faults.Set(far.Fault{Do: far.LostAnswer})
	_, lost := c.Fetch(t.Context(), p.Next)
	f.site.Faults.Clear()
	f.site.Move(site.RSS, 301, "ht%tp://x/?token=s3cret")
	_, astray := c.Fetch(t.Context(), p.Next)
	if all := fmt.Sprintf("%+v %+v %v %v", who, p, lost, astray); strings.Contains(all, "s3cret") || lost == nil || astray == nil {
		t.Errorf("the key is told: %s", all)
	}
	f.kept, _ = json.Marshal(map[string]any{"url": f.site.Base + site.RSS + "?token=other"})
	if other, _ := open(t, f).Check(t.Context()); other.RemoteID == who.RemoteID {
		t.Error("two addresses are one account")
	}
}
