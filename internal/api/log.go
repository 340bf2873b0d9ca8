package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// logged tells the log of each call: which route, how it ended, how long it took, who asked. Neither the address with its
// query nor any header or body is in it. A panic becomes an incident like any other error.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o := &observed{ResponseWriter: w}
		start := s.Now()
		c := callOf(r.Context())
		defer func() {
			if v := recover(); v != nil {
				s.panicked(o, r, v)
			}
			s.tell(r, c, o, s.Now().Sub(start))
		}()
		next.ServeHTTP(o, r)
	})
}

func (s *Server) panicked(o *observed, r *http.Request, v any) {
	err, isErr := v.(error)
	if isErr && errors.Is(err, http.ErrAbortHandler) {
		panic(v)
	}
	if r.Context().Err() != nil { // the line broke while we wrote
		return
	}
	s.Log.Error("a call panicked", "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
	if o.status == 0 {
		s.refuse(o, r, fmt.Errorf("panic: %v", v))
	}
}

func (s *Server) tell(r *http.Request, c *call, o *observed, took time.Duration) {
	if s.Observe != nil && (c.route == nil || c.route.Name != "live") {
		pattern := "-"
		if c.route != nil {
			pattern = c.route.Path
		}
		s.Observe(method(r.Method), pattern, o.status, took)
	}
	level := slog.LevelDebug
	switch {
	case o.status >= 500:
		level = slog.LevelWarn
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		level = slog.LevelInfo
	}
	if !s.Log.Enabled(r.Context(), level) {
		return
	}
	name := "-"
	if c.route != nil {
		name = c.route.Name
	}
	s.Log.LogAttrs(r.Context(), level, "call", slog.String("method", method(r.Method)), slog.String("route", name), slog.Int("status", o.status),
		slog.Duration("took", took), slog.String("person", c.who.Person.String()), slog.String("key", c.who.Key.String()), slog.String("from", c.from))
}

// method is m if it is one we know: the log takes no word from outside.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace:
		return m
	}
	return "other"
}

// observed remembers how a call was answered.
type observed struct {
	http.ResponseWriter
	status int
}

func (o *observed) WriteHeader(status int) {
	if o.status == 0 || o.status < 200 {
		o.status = status
	}
	o.ResponseWriter.WriteHeader(status)
}

func (o *observed) Write(b []byte) (int, error) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	return o.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the line.
func (o *observed) Unwrap() http.ResponseWriter { return o.ResponseWriter }
