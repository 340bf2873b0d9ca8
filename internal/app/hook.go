package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/channel"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/intake"
)

// hooks answers the far sides that call us, at /hook/ACCOUNT. Whatever else is busy, they hear within two seconds whether
// what they brought is stored; only then is it 2xx.
type hooks struct {
	book   *account.Book
	intake *intake.Intake
	now    func() time.Time
	log    *slog.Logger
}

const (
	hookLimit = 1800 * time.Millisecond
	hookBody  = 5 << 20
)

func (h hooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), hookLimit)
	defer cancel()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, hookBody))
	if err != nil {
		problem(w, http.StatusRequestEntityTooLarge, "the body is larger than 5 MB, or did not arrive whole: send less at a time")
		return
	}
	answer, err := h.hear(ctx, r, body)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	if answer.Type != "" {
		w.Header().Set("Content-Type", answer.Type)
	}
	if answer.Status == 0 {
		answer.Status = http.StatusOK
	}
	w.WriteHeader(answer.Status)
	_, _ = w.Write(answer.Body)
}

func (h hooks) hear(ctx context.Context, r *http.Request, body []byte) (channel.Answer, error) {
	of, err := id.Parse[account.Account](r.PathValue("account"))
	if err != nil {
		return channel.Answer{}, fault.New(fault.NotFound, "there is no such account")
	}
	type heard struct {
		answer channel.Answer
		err    error
	}
	done := make(chan heard, 1)
	go func() { // the database may hang longer than anybody would wait
		var out heard
		out.answer, out.err = h.take(ctx, of, channel.Call{Method: r.Method, Header: r.Header, Query: r.URL.Query(), Body: body, At: h.now()})
		done <- out
	}()
	select {
	case out := <-done:
		return out.answer, out.err
	case <-ctx.Done():
		return channel.Answer{}, fault.New(fault.Unavailable, "this could not be stored now: send it again")
	}
}

func (h hooks) take(ctx context.Context, of account.ID, c channel.Call) (channel.Answer, error) {
	a, err := account.One(ctx, h.book.Store.Read(), of)
	if err != nil {
		return channel.Answer{}, err
	}
	if !a.RemovedAt.IsZero() {
		return channel.Answer{}, fault.New(fault.NotFound, "there is no such account")
	}
	conn, err := h.book.Conn(ctx, of)
	if err != nil {
		return channel.Answer{}, err
	}
	hearer, ok := conn.(channel.Hearer)
	if !ok {
		return channel.Answer{}, fault.New(fault.NotFound, "this account is not one that is called")
	}
	events, answer, err := hearer.Hear(ctx, c)
	if err != nil {
		return channel.Answer{}, err
	}
	return answer, h.intake.Take(ctx, a, events, nil)
}

func (h hooks) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var f *fault.Error
	status, message := http.StatusInternalServerError, "something went wrong here: send it again later"
	if errors.As(err, &f) && f.Kind != fault.Internal {
		status, message = hookStatus(f.Kind), f.Message
		if f.Field != "" {
			message = f.Field + ": " + message
		}
	} else if errors.Is(err, context.DeadlineExceeded) {
		status, message = http.StatusServiceUnavailable, "this could not be stored now: send it again"
	}
	if status >= 500 {
		incident := account.Incident()
		h.log.Warn("a call of a far side could not be taken; it comes again", "incident", incident, "account", r.PathValue("account"), "error", err)
		w.Header().Set("Retry-After", "5")
		message += " (incident " + incident + ")"
	}
	problem(w, status, message)
}

func hookStatus(k fault.Kind) int {
	switch k {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Forbidden, fault.Unsigned:
		return http.StatusForbidden
	case fault.TooMany:
		return http.StatusTooManyRequests
	}
	return http.StatusServiceUnavailable
}

func problem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"title": http.StatusText(status), "status": status, "detail": detail})
}

// mounts are what answers outside the API.
func (a *App) mounts(o Options) map[string]http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/hook/{account}", hooks{a.Book, a.Intake, o.Now, o.Log})
	return map[string]http.Handler{"/hook/": mux}
}
