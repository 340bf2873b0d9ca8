package api

import (
	"context"
	"net/http"
	"strings"
	"time"

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
	token := presented(r, c.sessions.Cookie.Name)
	c.device = presented(r, deviceCookie(c))
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

// signIn begins a session of p with a new token, and makes the browser known; it returns the cookies of both. A session the browser
// had ends.
func (s *Server) signIn(ctx context.Context, p staff.Person) ([]string, error) {
	c := callOf(ctx)
	device, err := s.Staff.KnowDevice(ctx, p, c.device)
	if err != nil {
		return nil, err
	}
	m := c.sessions
	if err := m.Clear(ctx); err != nil {
		return nil, err
	}
	if err := m.RenewToken(ctx); err != nil {
		return nil, err
	}
	m.Put(ctx, staff.SessionPerson, int64(p.ID))
	m.Put(ctx, staff.SessionEpoch, p.Epoch())
	token, _, err := m.Commit(ctx)
	if err != nil {
		return nil, err
	}
	a, err := s.Staff.Signed(ctx, p.ID, p.Epoch())
	if err != nil {
		return nil, err
	}
	a.From = c.from
	c.who, c.token, c.device = a, token, device
	return []string{sessionCookie(c, token), cookie(c, deviceCookie(c), device, staff.DeviceLife)}, nil
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
	return sessionCookie(c, ""), nil
}

// sessionCookie is the session's, or with "" the one that removes it.
func sessionCookie(c *call, token string) string {
	return cookie(c, c.sessions.Cookie.Name, token, staff.SessionLife)
}

// deviceCookie is the name of the cookie by which a browser is known. It outlives the session.
func deviceCookie(c *call) string { return c.sessions.Cookie.Name + "-device" }

// cookie is one for nobody but us, or with value "" the one that removes it.
func cookie(c *call, name, value string, life time.Duration) string {
	k := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: c.https, SameSite: http.SameSiteLaxMode, MaxAge: int(life.Seconds())}
	if value == "" {
		k.MaxAge = -1
	}
	return k.String()
}

// presented is the value of a cookie, "" when there is none that could be ours.
func presented(r *http.Request, name string) string {
	k, err := r.Cookie(name)
	if err != nil || len(k.Value) > 100 || badText(k.Value) {
		return ""
	}
	return k.Value
}
