package api

import (
	"context"
	"net/http"
	"strings"

	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

// identify finds out who asks: by an API key, which goes first, or by a session's cookie. A cookie that is over counts as
// none; a key that is not valid is refused, also where nobody has to be signed in.
func (s *Server) identify(r *http.Request, c *call) (*http.Request, error) {
	ctx := r.Context()
	if h := r.Header.Get("Authorization"); h != "" {
		scheme, key, _ := strings.Cut(h, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return r, fault.New(fault.Unsigned, "send an API key as Authorization: Bearer sbk_…")
		}
		a, err := s.Staff.SignedByKey(ctx, strings.TrimSpace(key))
		a.From = c.from
		c.who = a
		return r, err
	}
	c.sessions = s.plain
	if c.https {
		c.sessions = s.secure
	}
	token := ""
	if k, err := r.Cookie(c.sessions.Cookie.Name); err == nil && len(k.Value) <= 100 && !badText(k.Value) {
		token = k.Value
	}
	ctx, err := c.sessions.Load(ctx, token)
	if err != nil {
		return r, err
	}
	r = r.WithContext(ctx)
	if token == "" {
		return r, nil
	}
	of, _ := c.sessions.Get(ctx, staff.SessionPerson).(int64)
	epoch, _ := c.sessions.Get(ctx, staff.SessionEpoch).(int64)
	a, err := s.Staff.Signed(ctx, staff.PersonID(of), epoch)
	if err != nil || !a.Signed() {
		return r, err
	}
	a.From = c.from
	c.who, c.token, c.epoch = a, token, epoch
	return r, nil
}

// signIn begins a session of p with a new token, and returns its cookie. A session the browser had ends.
func (s *Server) signIn(ctx context.Context, p staff.Person) (string, error) {
	c := callOf(ctx)
	m := c.sessions
	if err := m.Clear(ctx); err != nil {
		return "", err
	}
	if err := m.RenewToken(ctx); err != nil {
		return "", err
	}
	m.Put(ctx, staff.SessionPerson, int64(p.ID))
	m.Put(ctx, staff.SessionEpoch, p.Epoch())
	token, _, err := m.Commit(ctx)
	if err != nil {
		return "", err
	}
	a, err := s.Staff.Signed(ctx, p.ID, p.Epoch())
	if err != nil {
		return "", err
	}
	a.From = c.from
	c.who, c.token = a, token
	return s.cookie(c, token), nil
}

// signOut ends the session at hand, and returns the cookie that takes it from the browser.
func (s *Server) signOut(ctx context.Context) (string, error) {
	c := callOf(ctx)
	if c.token != "" {
		if err := s.Staff.SignOut(ctx, c.who, staff.SessionName(c.token)); err != nil {
			return "", err
		}
		if err := c.sessions.Destroy(ctx); err != nil {
			return "", err
		}
	}
	c.who, c.token = staff.Actor{}, ""
	return s.cookie(c, ""), nil
}

// cookie is the session's, or with "" the one that removes it.
func (s *Server) cookie(c *call, token string) string {
	k := &http.Cookie{Name: c.sessions.Cookie.Name, Value: token, Path: "/", HttpOnly: true, Secure: c.https, SameSite: http.SameSiteLaxMode,
		MaxAge: int(staff.SessionLife.Seconds())}
	if token == "" {
		k.MaxAge = -1
	}
	return k.String()
}
