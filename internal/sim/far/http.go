package far

import (
	"bytes"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Middleware spoils the calls to next as the faults say. Faults that are "taken" run next in full before they spoil the
// answer, so that the stand-in's record holds what its caller will never hear of.
func (f *Faults) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x, hit := f.Take(f.class(r), r.URL.Path, r.Method+" "+r.URL.Path)
		if !hit {
			next.ServeHTTP(w, r)
			return
		}
		f.spoil(w, r, x, next)
	})
}

func (f *Faults) class(r *http.Request) string {
	switch {
	case f.Class != nil:
		return f.Class(r)
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		return Read
	}
	return Send
}

func (f *Faults) spoil(w http.ResponseWriter, r *http.Request, x Fault, next http.Handler) {
	switch x.Do {
	case TooMany:
		say(w, x, 429, `{"error":"Too many requests"}`, http.Header{"Retry-After": {"2"}})
	case TooManyBare:
		say(w, x, 429, `{"error":"Too many requests"}`, nil)
	case Unauthorized:
		say(w, x, 401, `{"error":"The access token is invalid"}`, nil)
	case ServerError:
		say(w, x, 500, `{"error":"Internal server error"}`, nil)
	case Answer:
		say(w, x, 200, "", nil)
	case Html200:
		say(w, x, 200, "<!DOCTYPE html><html><body><h1>Please sign in to the network</h1></body></html>",
			http.Header{"Content-Type": {"text/html; charset=utf-8"}})
	case RefusedClosed:
		_, _ = io.Copy(io.Discard, r.Body)
		cut(w, false)
	case Hang:
		f.wait(r, x.After)
		cut(w, false)
	case Big:
		endless(w, r)
	default:
		f.taken(w, r, x, next)
	}
}

// taken runs the real handler and spoils its answer.
func (f *Faults) taken(w http.ResponseWriter, r *http.Request, x Fault, next http.Handler) {
	whole := &answer{header: http.Header{}, status: 200}
	next.ServeHTTP(whole, r)
	switch x.Do {
	case CutAnswer:
		whole.head(w, whole.body.Len())
		_, _ = w.Write(whole.body.Bytes()[:whole.body.Len()/2])
		_ = http.NewResponseController(w).Flush()
		cut(w, false)
	case LostAnswer:
		cut(w, false)
	case LostReset:
		cut(w, true)
	case LateAnswer:
		f.wait(r, x.After)
		whole.send(w)
	case TakenServerError:
		say(w, x, 503, `{"error":"Service Unavailable"}`, nil)
	case TakenTooMany:
		say(w, x, 429, `{"error":"Too many requests"}`, http.Header{"Retry-After": {"2"}})
	case Slow:
		f.drip(w, r, whole)
	case Garble:
		b := bytes.ReplaceAll(whole.body.Bytes(), []byte(Broken), []byte("\xff\xfe\xc3("))
		whole.head(w, len(b))
		_, _ = w.Write(b)
	default:
		whole.send(w)
	}
}

// wait holds the call until its caller goes, Clear is called, or after (0: never).
func (f *Faults) wait(r *http.Request, after time.Duration) {
	_, _ = io.Copy(io.Discard, r.Body) // else the server would not notice that the caller has gone
	var done <-chan time.Time
	if after > 0 {
		done = time.After(after)
	}
	select {
	case <-r.Context().Done():
	case <-f.freed():
	case <-done:
	}
}

func (f *Faults) drip(w http.ResponseWriter, r *http.Request, a *answer) {
	a.head(w, a.body.Len())
	free := f.freed()
	for _, b := range a.body.Bytes() {
		_, _ = w.Write([]byte{b})
		_ = http.NewResponseController(w).Flush()
		select {
		case <-time.After(time.Second):
		case <-r.Context().Done():
			return
		case <-free:
			return
		}
	}
}

func endless(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `[{"id":"1","content":"`)
	chunk := bytes.Repeat([]byte("x"), 64<<10)
	for r.Context().Err() == nil {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

// say writes a fault's answer: its own words before the usual ones.
func say(w http.ResponseWriter, x Fault, status int, body string, h http.Header) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if x.Fresh != nil {
		x.Header = x.Fresh()
	}
	for _, more := range []http.Header{h, x.Header} {
		for k, v := range more {
			if w.Header().Del(k); len(v) > 0 {
				w.Header()[http.CanonicalHeaderKey(k)] = v
			}
		}
	}
	if x.Status != 0 {
		status = x.Status
	}
	if x.Body != nil {
		body = string(x.Body)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// cut closes the connection without another word; hard resets it.
func cut(w http.ResponseWriter, hard bool) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // not a plain connection: the server closes it for us
	}
	if t, ok := c.(*net.TCPConn); ok && hard {
		_ = t.SetLinger(0)
	}
	_ = c.Close()
}

// answer keeps what a handler wanted to say.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

func (a *answer) head(w http.ResponseWriter, length int) {
	maps.Copy(w.Header(), a.header)
	w.Header().Set("Content-Length", strconv.Itoa(length))
	w.WriteHeader(a.status)
}

func (a *answer) send(w http.ResponseWriter) {
	a.head(w, a.body.Len())
	_, _ = w.Write(a.body.Bytes())
}
