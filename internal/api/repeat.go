package api

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// A write with an Idempotency-Key is done once. The key is taken before the work begins and holds the answer after it: a repeat
// gets that answer. A repeat while the first is under way waits for it. If the program died in between, nobody can know here
// whether the work was done, and the repeat is told so: it is never done a second time.
const (
	waitForFirst = 5 * time.Second // as long as Server.patience does not say otherwise
	slower       = 10              // times that, where the far side takes its time; still less than a proxy waits
	lookEvery    = 50 * time.Millisecond
	mostKept     = 256 << 10 // a larger answer is not kept
)

// kept is an answer, or a key taken and not answered yet (status 0).
type kept struct {
	fingerprint string
	status      int
	kind        string
	body        []byte
}

// onceOnly runs h, or answers as the first call with this key was answered.
func (s *Server) onceOnly(w http.ResponseWriter, r *http.Request, rt *Route, c *call, b []byte, h http.HandlerFunc) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" || rt.Open || rt.Again {
		h(w, r)
		return
	}
	if len(key) > 100 || badText(key) {
		writeProblem(w, r, problem(http.StatusBadRequest, "An Idempotency-Key has at most 100 characters."))
		return
	}
	print := fingerprint(r, b)
	took, first, err := s.takeKey(r.Context(), rt, c.who, key, print)
	switch {
	case err != nil:
		s.refuse(w, r, err)
	case took:
		s.answerOnce(w, r, rt, c, key, h)
	case first.fingerprint != print:
		writeProblem(w, r, named(problem(http.StatusConflict, "This Idempotency-Key was used for something else. Take a new one for each write."), "key-used"))
	case first.status == 0:
		w.Header().Set("Retry-After", "5")
		writeProblem(w, r, named(problem(http.StatusConflict, "An earlier try with this Idempotency-Key has not ended, or broke off. Look whether it was done before you try again with another key."), "broken-off"))
	case rt.Secret:
		writeProblem(w, r, named(problem(http.StatusConflict, "This was done already. What it made is shown only once: if you have lost it, make another one."), "done-already"))
	default:
		w.Header().Set("Content-Type", first.kind)
		w.Header().Set("Idempotent-Replay", "true")
		if first.kind == "" {
			w.Header().Del("Content-Type")
		}
		w.WriteHeader(first.status)
		_, _ = w.Write(first.body)
	}
}

func fingerprint(r *http.Request, b []byte) string {
	h := sha256.New()
	for _, part := range []string{r.Method, r.URL.Path, r.URL.RawQuery, ""} {
		h.Write([]byte(part + "\n"))
	}
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil))
}

// takeKey takes the key, or returns what stands there; it waits a while for an answer to be there.
func (s *Server) takeKey(ctx context.Context, rt *Route, who staff.Actor, key, print string) (took bool, first kept, err error) {
	patience := cmp.Or(s.patience, waitForFirst)
	if rt.Slow {
		patience *= slower
	}
	for range int(patience / lookEvery) {
		took, first, err = insertKey(ctx, s.Store, who.Person, key, print, s.Now())
		if err != nil || took || first.status != 0 || first.fingerprint != print {
			return took, first, err
		}
		select {
		case <-ctx.Done():
			return false, first, ctx.Err()
		case <-time.After(lookEvery):
		}
	}
	return false, first, nil
}

// answerOnce runs h and keeps a success; after a refusal nothing was done and the key is free again. After an error of ours
// the key stays taken without an answer: the work may have been committed all the same.
func (s *Server) answerOnce(w http.ResponseWriter, r *http.Request, rt *Route, c *call, key string, h http.HandlerFunc) {
	who := c.who.Person // signing in or out changes c
	k := &keeper{ResponseWriter: w}
	ended := false
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 10*time.Second)
		defer cancel()
		var err error
		switch {
		case !ended || c.unclear: // a panic, or an error of ours: nobody knows, and a repeat is told so
		case k.status < 200 || k.status >= 300:
			err = removeKey(ctx, s.Store, who, key)
		case rt.Secret || k.body.Len() > mostKept:
			err = keepAnswer(ctx, s.Store, who, key, k.status, "", nil)
		default:
			err = keepAnswer(ctx, s.Store, who, key, k.status, k.Header().Get("Content-Type"), k.body.Bytes())
		}
		if err != nil {
			s.Log.Warn("the answer to a write could not be kept for its repeats", "route", rt.Name, "error", err)
		}
	}()
	h(k, r)
	ended = true
}

// keeper remembers an answer while it is given.
type keeper struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (k *keeper) WriteHeader(status int) {
	if k.status == 0 {
		k.status = status
	}
	k.ResponseWriter.WriteHeader(status)
}

func (k *keeper) Write(b []byte) (int, error) {
	if k.status == 0 {
		k.status = http.StatusOK
	}
	if k.body.Len() <= mostKept {
		k.body.Write(b)
	}
	return k.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the line.
func (k *keeper) Unwrap() http.ResponseWriter { return k.ResponseWriter }

// forgetAnswers removes what was kept before t.
func forgetAnswers(ctx context.Context, s *store.Store, t time.Time) error {
	return s.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM idempotency WHERE at < $1`, store.Micros(t))
		return err
	})
}
