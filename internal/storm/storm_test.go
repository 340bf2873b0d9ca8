package storm_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/storm"
)

var monday = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// stream lets people write about things for a while, each thing at a rate an hour, by chance. It stops at the first storm.
type stream struct {
	r    *rand.Rand
	d    storm.Detector
	at   time.Time
	next int64
}

func (s *stream) run(span time.Duration, rates map[storm.Key]float64) (storm.Storm, time.Duration, bool) {
	from := s.at
	when := map[storm.Key]time.Time{}
	wait := func(k storm.Key) { // the time to the next of a thing that comes by chance
		when[k] = later(when[k], s.at).Add(time.Duration(s.r.ExpFloat64() / rates[k] * float64(time.Hour)))
	}
	for _, k := range slices.SortedFunc(maps.Keys(rates), func(a, b storm.Key) int { return strings.Compare(a.What, b.What) }) {
		wait(k)
	}
	for {
		var first storm.Key
		for k, at := range when {
			if first.What == "" || at.Before(when[first]) || at.Equal(when[first]) && k.What < first.What {
				first = k
			}
		}
		if when[first].Sub(from) > span {
			s.at = from.Add(span)
			return storm.Storm{}, 0, false
		}
		s.at = when[first]
		s.next++
		if out := s.d.Add(storm.Said{At: s.at, Case: s.next, Keys: []storm.Key{first}}); len(out) > 0 {
			return out[0], s.at.Sub(from), true
		}
		wait(first)
	}
}

func chance(t *rapid.T) *stream {
	return &stream{r: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "chance"), 1)), at: monday}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func TestASteadyStreamIsNoStorm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := chance(t)
		a, b := rapid.Float64Range(0.2, 120).Draw(t, "a"), rapid.Float64Range(0.2, 120).Draw(t, "b")
		hours := rapid.IntRange(2, 10).Draw(t, "hours")
		if st, after, ok := s.run(time.Duration(hours)*time.Hour, map[storm.Key]float64{{Kind: storm.Topic, What: "a"}: a, {Kind: storm.Word, What: "b"}: b}); ok {
			t.Fatalf("after %v: %+v, at %v and %v an hour", after, st, a, b)
		}
	})
}

func TestAStepIsFoundWithinMinutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := chance(t)
		topic, word := storm.Key{Kind: storm.Topic, What: "recall"}, storm.Key{Kind: storm.Word, What: "kettle"}
		usual := rapid.Float64Range(0.2, 4).Draw(t, "usual")
		if _, _, ok := s.run(6*time.Hour, map[storm.Key]float64{topic: usual, word: 20}); ok {
			t.Fatal("a storm before the step")
		}
		st, after, ok := s.run(time.Hour, map[storm.Key]float64{topic: 180, word: 20})
		if !ok || st.Key != topic || after > 15*time.Minute {
			t.Fatalf("found %v after %v: %+v", ok, after, st)
		}
		if st.Now < storm.Least || len(st.Cases) != st.Now {
			t.Fatalf("%+v", st)
		}
	})
}

func TestWhatGrowsWithEverythingElseIsNoStorm(t *testing.T) {
	at, next := monday, int64(0)
	var d storm.Detector
	say := func(every time.Duration, span time.Duration) {
		for end := at.Add(span); at.Before(end); at = at.Add(every) {
			for _, k := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
				next++
				if out := d.Add(storm.Said{At: at, Case: next, Keys: []storm.Key{{Kind: storm.Topic, What: k}}}); len(out) > 0 {
					t.Fatalf("%v: %+v", at, out)
				}
			}
		}
	}
	say(30*time.Minute, 24*time.Hour)
	say(time.Minute, time.Hour)
}

func TestAStormHasTheNameThatSaysMost(t *testing.T) {
	for name, post := range map[string]string{"": "", "under one post": "post"} {
		var d storm.Detector
		for k := range 400 { // a quiet day, in which people write "since" now and then
			d.Add(storm.Said{At: monday.Add(time.Duration(k) * 3 * time.Minute), Case: int64(k), Keys: storm.KeysOf([]string{"since", "other"}[min(k%20, 1)], "", nil)})
		}
		at := monday.Add(20 * time.Hour)
		d.Add(storm.Said{At: at, Case: 999, Keys: storm.KeysOf("waiting since Monday", "", nil)})
		var out []storm.Storm
		for k := 0; len(out) == 0 && k < 20; k++ {
			out = d.Add(storm.Said{At: at, Case: int64(1000 + k), Keys: storm.KeysOf("since today the kettles explode", post, nil)})
		}
		want := storm.Key{Kind: storm.Word, What: "kettles"}
		if post != "" {
			want = storm.Key{Kind: storm.Post, What: post}
		}
		if len(out) == 0 || out[0].Key != want {
			t.Errorf("%s: %+v; want %v first", name, out, want)
		}
	}
}

func TestOnePersonWhoWritesMuchIsNoStorm(t *testing.T) {
	var d storm.Detector
	for k := range 500 {
		at := monday.Add(time.Duration(k) * time.Minute)
		if k < 400 {
			d.Add(storm.Said{At: at, Case: int64(k), Keys: []storm.Key{{Kind: storm.Word, What: "other"}}})
		} else if out := d.Add(storm.Said{At: at, Case: 9999, Keys: []storm.Key{{Kind: storm.Topic, What: "recall"}}}); len(out) > 0 {
			t.Fatalf("%+v", out)
		}
	}
}

func TestWhatATextIsAbout(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want []storm.Key
	}{
		"a link, whoever sent it on":  {"see https://www.Acme.example/recall/?utm_source=x.", []storm.Key{{Kind: storm.Link, What: "acme.example/recall"}}},
		"a hashtag, however written":  {"so #Recall!", []storm.Key{{Kind: storm.Hashtag, What: "recall"}}},
		"words that mean something":   {"My KETTLE, my kettle!", []storm.Key{{Kind: storm.Word, What: "kettle"}}},
		"nobody's name":               {"@acme_help hi", nil},
		"nothing":                     {"", nil},
		"an address that is no such":  {"https://", nil},
		"a post and a topic, besides": {"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := storm.KeysOf(tt.text, "", nil)
			if len(got) != len(tt.want) {
				t.Fatalf("KeysOf = %v; want %v", got, tt.want)
			}
			for k := range got {
				if got[k] != tt.want[k] {
					t.Errorf("KeysOf = %v; want %v", got, tt.want)
				}
			}
		})
	}
	if got := storm.KeysOf("", "p", []string{"t"}); len(got) != 2 || got[0].Kind != storm.Post || got[1].Kind != storm.Topic {
		t.Errorf("KeysOf = %v", got)
	}
}
