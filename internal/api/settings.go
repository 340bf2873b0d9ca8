package api

import (
	"context"

	"switchboard/internal/staff"
)

// Settings are how the house is set.
type Settings struct {
	Name      string    `json:"name" maxLength:"120" doc:"What the company is called."`
	PublicURL string    `json:"publicUrl" maxLength:"300" doc:"The address people and webhooks reach this installation at, without a path."`
	Zone      string    `json:"zone" maxLength:"64" doc:"IANA time zone, for times that belong to nobody."`
	Locale    string    `json:"locale" maxLength:"35" doc:"Language and country, for dates and numbers: en-GB."`
	Hours     *Calendar `json:"hours,omitempty" doc:"When the house is open, where a department or person has no hours of its own. Absent: always."`
}

func showSettings(o staff.Organisation, err error) (*body[Settings], error) {
	return answer(Settings{o.Name, o.PublicURL, o.Zone, o.Locale, showHours(o.Hours)}, err)
}

func (s *Server) getSettings(ctx context.Context, _ *struct{}) (*body[Settings], error) {
	return showSettings(s.Staff.Settings(ctx, who(ctx)))
}

type settingsForm struct{ Body Settings }

func (s *Server) putSettings(ctx context.Context, in *settingsForm) (*body[Settings], error) {
	b := in.Body
	return showSettings(s.Staff.ChangeSettings(ctx, who(ctx), staff.Organisation{Name: b.Name, PublicURL: b.PublicURL, Zone: b.Zone, Locale: b.Locale, Hours: b.Hours.hours()}))
}
