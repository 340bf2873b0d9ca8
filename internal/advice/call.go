package advice

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"switchboard/internal/egress"
	"switchboard/internal/secret"
)

// mostAnswer is how many bytes of an answer are read: a good one has a thousandth of it.
const mostAnswer = 256 << 10

// failure is a question that brought no answer: why, for people, and how long the far side wants to be left alone.
type failure struct {
	why  string
	wait time.Duration
}

func (f *failure) Error() string { return f.why }

// exchange is one question and what came back.
type exchange struct {
	left   []byte // the body of the call
	came   []byte // the body of the answer, as far as it was read
	status int    // of HTTP; 0: there was no answer
	said   string
	tokens int64
	took   time.Duration
}

// ask puts a question, which body writes in the form the far side knows. A far side that does not know schemas is asked again for any JSON object, within the same time and as
// a second call of the budget. The error is a *failure unless it is our own: the budget spent, the program ending.
func (a *Advice) ask(ctx context.Context, s Settings, key string, body func(form) []byte) (x exchange, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	began := a.Now()
	f := a.formOf(s)
	if x, err = a.once(ctx, s, key, body(f)); f == bySchema && refusesForm(x.status) {
		second, err2 := a.once(ctx, s, key, body(asObject))
		if err2 == nil {
			a.keepForm(s, asObject)
		}
		x, err = second, err2
	}
	x.took = a.Now().Sub(began)
	if err != nil {
		return x, err
	}
	if x.said, x.tokens, err = spoken(x.came); err != nil {
		err = &failure{why: err.Error()}
	}
	x.tokens = counted(x)
	return x, err
}

// refusesForm reports whether a status may mean that the far side does not know schemas.
func refusesForm(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnprocessableEntity || status == http.StatusNotImplemented
}

// counted is how many tokens a call took: what the far side says, or what it must have been if it says nothing or nonsense.
func counted(x exchange) int64 {
	least := int64(len(x.left)+len(x.said)) / 8
	if x.tokens < least || x.tokens > 1_000_000 {
		return int64(len(x.left)+len(x.said)) / 4
	}
	return x.tokens
}

func (a *Advice) once(ctx context.Context, s Settings, key string, left []byte) (x exchange, err error) {
	x.left = left
	if err := a.reserve(ctx, s); err != nil {
		if ctx.Err() != nil {
			err = a.silent(ctx, s, ctx.Err())
		}
		return x, err
	}
	r, err := http.NewRequestWithContext(egress.With(ctx, egress.Limits{Time: s.Timeout, Body: mostAnswer}), http.MethodPost, s.Address+"/chat/completions", bytes.NewReader(left))
	if err != nil {
		return x, &failure{why: "the address cannot be called: write it like https://models.example/v1"}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := a.Client.Do(r)
	if err != nil {
		return x, a.silent(ctx, s, err)
	}
	defer resp.Body.Close()
	x.status = resp.StatusCode
	x.came, err = io.ReadAll(resp.Body)
	if key != "" { // a far side that repeats what it was sent
		x.came = bytes.ReplaceAll(x.came, []byte(key), []byte(secret.Mask))
	}
	if err != nil {
		return x, a.silent(ctx, s, err)
	}
	if why := refusal(resp); why != nil {
		return x, why
	}
	return x, nil
}

// silent is why no whole answer came.
func (a *Advice) silent(ctx context.Context, s Settings, err error) error {
	var slow *egress.TooSlow
	var large *egress.TooLarge
	var refused *egress.Refused
	switch {
	case errors.Is(context.Cause(ctx), errEnding):
		return errEnding
	case errors.As(err, &slow) || errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &failure{why: fmt.Sprintf("there was no answer within %v: give it more time, or take a smaller model", s.Timeout)}
	case errors.As(err, &large):
		return &failure{why: "its answer is far too long"}
	case errors.As(err, &refused):
		return &failure{why: refused.Error()}
	}
	return &failure{why: "it cannot be reached, or the connection broke: check the address"}
}

// refusal says what is wrong with an answer's status; nil if nothing is.
func refusal(r *http.Response) error {
	switch c := r.StatusCode; {
	case c == http.StatusOK:
		return nil
	case c >= 300 && c < 400:
		return &failure{why: "it sends us on to another address, which we do not follow: enter that address"}
	case c == http.StatusUnauthorized || c == http.StatusForbidden:
		return &failure{why: fmt.Sprintf("it refuses us (%d): check the key", c)}
	case c == http.StatusNotFound:
		return &failure{why: "there is no such interface or model (404): check the address and the model's name"}
	case c == http.StatusTooManyRequests:
		return &failure{why: "it asks us to wait (429)", wait: later(r.Header.Get("Retry-After"))}
	default:
		return &failure{why: fmt.Sprintf("it answers with an error (%d)", c)}
	}
}

// later is how long a far side asks us to wait, a minute if it does not say.
func later(header string) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(header))
	if err != nil || n < 1 {
		return time.Minute
	}
	return min(time.Duration(n)*time.Second, time.Hour)
}

func (a *Advice) formOf(s Settings) form {
	if f, ok := a.forms.Load(s.Address + " " + s.Model); ok {
		return f.(form)
	}
	return bySchema
}

func (a *Advice) keepForm(s Settings, f form) { a.forms.Store(s.Address+" "+s.Model, f) }
