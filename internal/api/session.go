package api

import (
	"context"

	"switchboard/internal/fault"
	"switchboard/internal/staff"
)

// Session is who is signed in, and what the screen must know before it can draw anything.
type Session struct {
	Person       *Me   `json:"person,omitempty" doc:"Absent when nobody is signed in."`
	Organisation House `json:"organisation"`
	NeedsSetup   bool  `json:"needsSetup" doc:"Nobody works here yet: the link that the server printed leads to the set-up."`
	// Version is shown to nobody who is not signed in: it would tell which holes are not mended yet.
	Version string `json:"version" doc:"Empty when nobody is signed in."`
	Stopped bool   `json:"stopped" doc:"Everything is stopped: nothing leaves."`
	// Translates says whether it makes sense to offer it.
	Translates bool `json:"translates" doc:"A language model can be asked for translations just now."`
	Resets     bool `json:"resets" doc:"Whoever forgot their password can have a link by e-mail. Said to who is not signed in."`
	// Examples is there to be taken away.
	Examples string `json:"examples,omitempty" doc:"The account whose customers are made up, for who may remove it."`
}

// House is what everybody may know of the organisation.
type House struct {
	Name      string `json:"name"`
	Zone      string `json:"zone"`
	Locale    string `json:"locale"`
	PublicURL string `json:"publicUrl"`
	Demo      bool   `json:"demo"`
}

// Me is the person signed in.
type Me struct {
	ID          string         `json:"id"`
	Name        string         `json:"name"`
	Email       string         `json:"email"`
	Role        staff.Role     `json:"role" enum:"administrator,manager,operator,member,contributor,viewer,agency"`
	Zone        string         `json:"zone"`
	Departments []Ref          `json:"departments" nullable:"false"`
	Can         []staff.Action `json:"can" nullable:"false" doc:"What the person may do, whatever it is done to."`
	Presence    string         `json:"presence" enum:"here,away"`
	Habits      Habits         `json:"habits" doc:"How their answers leave."`
}

// sessionAnswer is a Session with the cookies that begin it.
type sessionAnswer struct {
	Cookies []string `header:"Set-Cookie"`
	Body    Session
}

type signInForm struct {
	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" maxLength:"1024"`
	}
}

// session returns who is signed in.
func (s *Server) session(ctx context.Context, _ *struct{}) (*body[Session], error) {
	return answer(s.present(ctx))
}

// present is the Session of the call under way.
func (s *Server) present(ctx context.Context) (Session, error) {
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return Session{}, err
	}
	o := r.Organisation()
	out := Session{Organisation: House{o.Name, o.Zone, o.Locale, o.PublicURL, s.Demo}, NeedsSetup: len(r.People()) == 0}
	if out.Organisation.Zone == "" {
		out.Organisation.Zone = "UTC"
	}
	if out.Organisation.Locale == "" {
		out.Organisation.Locale = "en-GB"
	}
	if s.Stopped != nil {
		if out.Stopped, err = s.Stopped(ctx); err != nil {
			return out, err
		}
	}
	a := who(ctx)
	p, ok := r.Person(a.Person)
	if !ok {
		out.Resets = s.Staff.CanWrite(ctx)
		return out, nil
	}
	habits, err := s.habits(ctx, p.ID)
	if err != nil {
		return out, err
	}
	out.Version = s.version()
	out.Translates = s.Advice != nil && s.Advice.Translates(ctx)
	if out.Examples, err = s.examples(ctx, a); err != nil {
		return out, err
	}
	out.Person = &Me{ID: p.ID.String(), Name: p.Name, Email: p.Email, Role: p.Role, Zone: p.Zone,
		Departments: refDepartments(r, p.Departments), Can: a.Actions(), Presence: presence(p.Here), Habits: habits}
	return out, nil
}

// examples is the account whose customers are made up, if there is one and who may remove it.
func (s *Server) examples(ctx context.Context, who staff.Actor) (string, error) {
	if s.Book == nil || !who.Can(staff.AccountsManage) {
		return "", nil
	}
	a, ok, err := s.Book.Example(ctx)
	if err != nil || !ok {
		return "", err
	}
	return a.ID.String(), nil
}

func presence(here bool) string {
	if here {
		return "here"
	}
	return "away"
}

// begin answers with the session of p, newly begun.
func (s *Server) begin(ctx context.Context, p staff.Person, err error) (*sessionAnswer, error) {
	if err != nil {
		return nil, err
	}
	k, err := s.signIn(ctx, p)
	if err != nil {
		return nil, err
	}
	out, err := s.present(ctx)
	return &sessionAnswer{k, out}, err
}

// postSession signs in.
func (s *Server) postSession(ctx context.Context, in *signInForm) (*sessionAnswer, error) {
	p, err := s.Staff.SignIn(ctx, in.Body.Email, in.Body.Password, callOf(ctx).from, callOf(ctx).device)
	return s.begin(ctx, p, err)
}

// cookieAnswer is an answer that only sets a cookie.
type cookieAnswer struct {
	Cookie string `header:"Set-Cookie"`
	// Clear makes the browser forget what it has kept of us, so that "back" shows nothing.
	Clear string `header:"Clear-Site-Data"`
}

// deleteSession signs out.
func (s *Server) deleteSession(ctx context.Context, _ *struct{}) (*cookieAnswer, error) {
	k, err := s.signOut(ctx)
	if err != nil {
		return nil, err
	}
	return &cookieAnswer{k, `"cache", "storage"`}, nil
}

type presenceForm struct {
	Body struct {
		Presence string `json:"presence" enum:"here,away"`
	}
}

// putPresence says whether one is at work.
func (s *Server) putPresence(ctx context.Context, in *presenceForm) (*body[Session], error) {
	if err := s.Staff.SetPresence(ctx, who(ctx), in.Body.Presence == "here"); err != nil {
		return nil, err
	}
	return answer(s.present(ctx))
}

type passwordForm struct {
	Body struct {
		Current string `json:"current" maxLength:"1024"`
		Next    string `json:"next" maxLength:"1024" doc:"At least 10 characters."`
	}
}

// postPassword changes one's own password; every session and API key ends, and this browser gets a new session.
func (s *Server) postPassword(ctx context.Context, in *passwordForm) (*sessionAnswer, error) {
	p, err := s.Staff.ChangePassword(ctx, who(ctx), in.Body.Current, in.Body.Next)
	return s.begin(ctx, p, err)
}

// deleteSessions ends all sessions and keys of the person signed in, this session too.
func (s *Server) deleteSessions(ctx context.Context, _ *struct{}) (*cookieAnswer, error) {
	if err := s.Staff.SignOutEverywhere(ctx, who(ctx), who(ctx).Person); err != nil {
		return nil, err
	}
	c := callOf(ctx)
	c.who, c.token = staff.Actor{}, ""
	return &cookieAnswer{sessionCookie(c, ""), `"cache", "storage"`}, nil
}

// DemoPerson is somebody to look at the demo as.
type DemoPerson struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Role       staff.Role `json:"role"`
	Department string     `json:"department"`
	Email      string     `json:"email"`
}

// demoPeople lists whom one can be in the demo.
func (s *Server) demoPeople(ctx context.Context, _ *struct{}) (*body[items[DemoPerson]], error) {
	if !s.Demo {
		return nil, noDemo()
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	out := []DemoPerson{}
	for _, p := range r.People() {
		if p.State != staff.Active {
			continue
		}
		d := DemoPerson{ID: p.ID.String(), Name: p.Name, Role: p.Role, Email: p.Email}
		if len(p.Departments) > 0 {
			d.Department = refDepartment(r, p.Departments[0]).Name
		}
		out = append(out, d)
	}
	return all(out, nil)
}

type demoForm struct {
	Body struct {
		Person staff.PersonID `json:"person"`
	}
}

// demoEnter signs in as anybody, in the demo.
func (s *Server) demoEnter(ctx context.Context, in *demoForm) (*sessionAnswer, error) {
	if !s.Demo {
		return nil, noDemo()
	}
	p, err := s.Staff.Enter(ctx, in.Body.Person, callOf(ctx).from)
	return s.begin(ctx, p, err)
}

func noDemo() error { return fault.New(fault.NotFound, "this is not the demo: sign in") }
