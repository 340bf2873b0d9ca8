package feed

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"switchboard/internal/channel/channeltest"
	site "switchboard/internal/sim/feed"
)

// BenchmarkParse reads a feed of 50 entries of 2 kB, as most are.
func BenchmarkParse(b *testing.B) {
	clock := channeltest.NewClock()
	s := site.New("Times", clock.Now)
	for k := range 50 {
		s.Say(site.Entry{Title: fmt.Sprint("Article ", k), Author: "Ann", Text: strings.Repeat("Words & more words, and some.\n", 70)})
	}
	for _, path := range []string{site.RSS, site.Atom, site.JSON} {
		b.Run(path, func(b *testing.B) {
			body := body(b, s, path)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if f, err := parse(document{body: body, at: home, header: http.Header{}}); err != nil || len(f.entries) != 50 {
					b.Fatal(err)
				}
			}
		})
	}
}
