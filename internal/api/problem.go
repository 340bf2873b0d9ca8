package api

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"

	"github.com/danielgtaylor/huma/v2"

	"switchboard/internal/account"
	"switchboard/internal/contact"
	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// problem is an answer that says what went wrong and what to do (RFC 9457).
func problem(status int, detail string) *huma.ErrorModel {
	return &huma.ErrorModel{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

// named is p with a name in the place of its type, by which a program tells it from others of its status.
func named(p *huma.ErrorModel, name string) *huma.ErrorModel {
	if name != "" {
		p.Type = "urn:switchboard:problem:" + name
	}
	return p
}

func problem403(detail string) *huma.ErrorModel { return problem(http.StatusForbidden, detail) }

var statusOf = map[fault.Kind]int{
	fault.Internal:    http.StatusInternalServerError,
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Forbidden:   http.StatusForbidden,
	fault.Unavailable: http.StatusServiceUnavailable,
	fault.Unsigned:    http.StatusUnauthorized,
	fault.TooMany:     http.StatusTooManyRequests,
	fault.Gone:        http.StatusGone,
}

// incident names one error of ours, in the answer and in the log.
type incident struct{}

// fault turns an error into a problem. This is the only place that knows both.
func (s *Server) fault(ctx context.Context, err error) (*huma.ErrorModel, http.Header) {
	var f *fault.Error
	h := http.Header{}
	if !errors.As(err, &f) || f.Kind == fault.Internal {
		return s.internal(ctx, err, h)
	}
	p := named(problem(statusOf[f.Kind], sentence(f.Message)), f.Name)
	if f.Name == account.Unclear {
		callOf(ctx).unclear = true
	}
	if f.Field != "" {
		p.Errors = []*huma.ErrorDetail{{Location: "body." + f.Field, Message: sentence(f.Message)}}
	}
	var w *staff.Wait
	var m *contact.Moved
	if errors.As(err, &m) { // where it goes on; a browser follows
		h.Set("Location", "/api/contacts/"+m.To.String())
		p.Instance = "/api/contacts/" + m.To.String()
	}
	switch {
	case errors.As(err, &w):
		h.Set("Retry-After", strconv.Itoa(int(w.For.Seconds()+0.999)))
	case f.Kind == fault.Unavailable:
		h.Set("Retry-After", "5")
	}
	if f.Cause != nil && w == nil {
		s.Log.Info("refused", "status", p.Status, "detail", p.Detail, "cause", f.Cause)
	}
	return p, h
}

// internal logs an error of ours with the number that the answer shows. Trouble with the database is told as such.
func (s *Server) internal(ctx context.Context, err error, h http.Header) (*huma.ErrorModel, http.Header) {
	number := id.Next[incident](s.Store.IDs).String()
	c := callOf(ctx)
	c.unclear = true
	name, then := "", "Try again"
	if c.route != nil {
		name = c.route.Name
		if c.route.changes() {
			then = "Look whether it was done, then try again"
		}
	}
	status, detail := http.StatusInternalServerError, "Something went wrong on our side. "+then+"; if it stays so, give your administrator the number "+number+"."
	if databaseDown(err) {
		status, detail = http.StatusServiceUnavailable, "The database can't be reached or is busy just now. "+then+" in a moment. (Number "+number+".)"
		h.Set("Retry-After", "5")
	}
	if ctx.Err() == nil { // who has hung up wants no answer
		s.Log.Error("a call failed", "incident", number, "route", name, "person", c.who.Person.String(), "error", err)
	}
	p := problem(status, detail)
	p.Instance = "urn:switchboard:incident:" + number
	return p, h
}

// databaseDown reports whether err is the database's own trouble, not a mistake in how we asked.
func databaseDown(err error) bool {
	var pg interface{ SQLState() string }
	var lite interface{ Code() int }
	if errors.As(err, &pg) || errors.As(err, &lite) {
		return store.Down(err)
	}
	var n net.Error
	return errors.As(err, &n) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, syscall.ENOSPC) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// sentence is s with a capital and a full stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	if s[0] >= 'a' && s[0] <= 'z' {
		s = strings.ToUpper(s[:1]) + s[1:]
	}
	if !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}

// plain is the transformer that makes huma's own refusals ours: in words, and without sending back what was sent, which may
// be a password.
func plain(_ huma.Context, _ string, v any) (any, error) {
	p, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	if p.Type == "" {
		p.Type = "about:blank"
	}
	for _, e := range p.Errors {
		if e != nil {
			e.Value = nil
		}
	}
	if p.Detail == "validation failed" && len(p.Errors) > 0 && p.Errors[0] != nil {
		p.Detail = fmt.Sprintf("Check what you sent: %s: %s.", strings.TrimPrefix(p.Errors[0].Location, "body."), p.Errors[0].Message)
		if p.Errors[0].Location == "body" {
			p.Detail = sentence("check what you sent: " + p.Errors[0].Message)
		}
	}
	return p, nil
}

// writeProblem answers with p outside huma.
func writeProblem(w http.ResponseWriter, r *http.Request, p *huma.ErrorModel) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		_ = json.NewEncoder(w).Encode(p) // it can't fail but for a hung-up line
	}
}

// refuse answers with what err says.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p, h := s.fault(r.Context(), err)
	for name, values := range h {
		w.Header()[name] = values
	}
	writeProblem(w, r, p)
}

// body is an answer with a body.
type body[T any] struct{ Body T }

// items is a list, with where to go on: "" at its end.
type items[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next" doc:"Give this as ?after= to read on. Empty at the end."`
}

// answer is v as a body, or the error.
func answer[T any](v T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{v}, nil
}

// all is a whole list as a body, or the error.
func all[T any](list []T, err error) (*body[items[T]], error) {
	if list == nil {
		list = []T{}
	}
	return answer(items[T]{Items: list}, err)
}

// none is an answer without a body.
type none struct{}

// done is nothing, or the error.
func done(err error) (*none, error) { return nil, err }
