package api

import (
	"context"
	"strings"

	"switchboard/internal/staff"
)

// Setup is what the first-run wizard begins with: what was found out, for confirmation, and the templates.
type Setup struct {
	PublicURL string          `json:"publicUrl" doc:"The address this page was reached at."`
	Zone      string          `json:"zone" doc:"The server's own time zone; the browser may know better."`
	Locale    string          `json:"locale"`
	Templates []SetupTemplate `json:"templates" nullable:"false"`
}

// SetupTemplate is a way to divide the work.
type SetupTemplate struct {
	Key         string            `json:"key"`
	Title       string            `json:"title"`
	Summary     string            `json:"summary"`
	Departments []SetupDepartment `json:"departments" nullable:"false"`
}

// SetupDepartment is a department of a template.
type SetupDepartment struct {
	Name     string   `json:"name"`
	Summary  string   `json:"summary"`
	Operator bool     `json:"operator" doc:"Has what fits nobody; always kept."`
	Phrases  []string `json:"phrases" nullable:"false"`
	Intents  []string `json:"intents" nullable:"false"`
}

// SetupToken is the proof that somebody has the link the server printed.
type SetupToken struct {
	Token string `header:"Setup-Token" doc:"From the link that the server printed, after the #." maxLength:"200"`
}

// getSetup returns what the wizard begins with.
func (s *Server) getSetup(ctx context.Context, in *SetupToken) (*body[Setup], error) {
	if err := s.Staff.MaySetUp(ctx, in.Token); err != nil {
		return nil, err
	}
	out := Setup{PublicURL: callOf(ctx).address(), Zone: s.zone(), Locale: "en-GB", Templates: []SetupTemplate{}}
	for _, t := range staff.Templates() {
		v := SetupTemplate{Key: t.Key, Title: t.Title, Summary: t.Summary, Departments: []SetupDepartment{}}
		for _, d := range t.Departments {
			v.Departments = append(v.Departments, SetupDepartment{d.Name, d.Summary, d.Operator, d.Phrases, d.Intents})
		}
		out.Templates = append(out.Templates, v)
	}
	return answer(out, nil)
}

// zone is the machine's time zone where it has a name that others know.
func (s *Server) zone() string {
	name := s.Now().Location().String()
	if name == "Local" || name == "" || !strings.Contains(name, "/") {
		return "UTC"
	}
	return name
}

type setupForm struct {
	SetupToken
	Body struct {
		Administrator struct {
			Name     string `json:"name" maxLength:"120"`
			Email    string `json:"email" maxLength:"254"`
			Password string `json:"password" maxLength:"1024" doc:"At least 10 characters."`
		} `json:"administrator"`
		Organisation struct {
			Name      string `json:"name" maxLength:"120"`
			PublicURL string `json:"publicUrl" maxLength:"300"`
			Zone      string `json:"zone" maxLength:"64"`
			Locale    string `json:"locale" maxLength:"35"`
		} `json:"organisation"`
		Template    string   `json:"template" maxLength:"40"`
		Departments []string `json:"departments,omitempty" maxItems:"100" doc:"Names of the template's departments to keep; none: all."`
	}
}

// postSetup sets the house up, once, and signs its first administrator in.
func (s *Server) postSetup(ctx context.Context, in *setupForm) (*sessionAnswer, error) {
	a, o := in.Body.Administrator, in.Body.Organisation
	p, err := s.Staff.SetUp(ctx, in.Token, staff.House{Name: a.Name, Email: a.Email, Password: a.Password,
		Organisation: staff.Organisation{Name: o.Name, PublicURL: o.PublicURL, Zone: o.Zone, Locale: o.Locale},
		Template:     in.Body.Template, Keep: in.Body.Departments}, callOf(ctx).from)
	return s.begin(ctx, p, err)
}
