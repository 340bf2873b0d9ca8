package api

import (
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// Below leastWorth bytes an answer fits into one packet as it is.
const leastWorth = 1024

// compressed makes answers in words small for those who take gzip; the live feed is not among them. The length of what is sent
// is blurred by some bytes, so that nobody finds out what stands beside words of theirs by trying which make it shorter (BREACH).
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(leastWorth), gzhttp.EnableZstd(false), gzhttp.CompressionLevel(3), gzhttp.RandomJitter(64, 0, false),
		gzhttp.ContentTypes([]string{"application/json", "application/problem+json", "application/openapi+json", "text/csv", "text/html", "text/plain"}))
	if err != nil { // the settings above, and they do not change
		panic(err)
	}
	small := wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
			next.ServeHTTP(w, r)
			return
		}
		small.ServeHTTP(w, r)
	})
}
