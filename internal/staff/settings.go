package staff

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"strings"

	"golang.org/x/text/language"

	"switchboard/internal/clock"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/store"
)

// Organisation is how the house is set.
type Organisation struct {
	Name      string       `json:"name" doc:"What the company is called." maxLength:"120"`
	PublicURL string       `json:"publicUrl" doc:"The address people and webhooks reach this installation at, without a path."`
	Zone      string       `json:"zone" doc:"IANA time zone, for times that belong to nobody."`
	Locale    string       `json:"locale" doc:"Language and country, for dates and numbers: en-GB."`
	Hours     *clock.Hours `json:"hours,omitempty" doc:"When the house is open, where a department or person has no hours of its own. Left out: always."`
}

func (o Organisation) check() (Organisation, error) {
	var err error
	if o.Name, err = named("name", o.Name, 120); err != nil {
		return o, err
	}
	if o.PublicURL, err = PublicURL("publicUrl", o.PublicURL); err != nil {
		return o, err
	}
	if o.Zone, err = zone("zone", o.Zone); err != nil {
		return o, err
	}
	if o.Zone == "" {
		o.Zone = "UTC"
	}
	if o.Locale == "" {
		o.Locale = "en-GB"
	}
	tag, err := language.Parse(o.Locale)
	if err != nil || len(o.Locale) > 35 {
		return o, fault.In("locale", "this is not a language and country: write it like en-GB or de-DE")
	}
	o.Locale = tag.String()
	o.Hours, err = hours("hours", o.Hours)
	return o, err
}

// MonthFirst reports whether the house writes 3/4 for the 4th of March.
func (o Organisation) MonthFirst() bool { return o.Locale == "en-US" }

// PublicURL is s as the address of an installation: scheme and host, without a path, query or closing slash.
func PublicURL(field, s string) (string, error) {
	u, err := url.Parse(strings.TrimRight(strings.TrimSpace(s), "/"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || len(s) > 300 {
		return "", fault.In(field, "this is not the address of an installation: write it like https://switchboard.example.com")
	}
	return strings.ToLower(u.Scheme) + "://" + strings.ToLower(u.Host), nil
}

// Settings returns how the house is set.
func (s *Staff) Settings(ctx context.Context, who Actor) (Organisation, error) {
	if !who.Signed() {
		return Organisation{}, Unsigned()
	}
	r, err := s.Roster(ctx)
	if err != nil {
		return Organisation{}, err
	}
	return r.Organisation(), nil
}

// ChangeSettings sets how the house is set.
func (s *Staff) ChangeSettings(ctx context.Context, who Actor, o Organisation) (Organisation, error) {
	if err := who.Require(SettingsManage); err != nil {
		return o, err
	}
	o, err := o.check()
	if err != nil {
		return o, err
	}
	err = s.change(ctx, func(tx *store.Tx) error {
		before, err := organisation(ctx, tx)
		if err != nil {
			return err
		}
		if err := saveOrganisation(ctx, tx, o); err != nil {
			return err
		}
		if store.JSON(before.Hours) != store.JSON(o.Hours) {
			if err := s.shifted(ctx, tx, 0); err != nil {
				return err
			}
		}
		return tell(ctx, tx, who, journal.SettingsChanged, "", "name", o.Name, "publicUrl", o.PublicURL, "zone", o.Zone, "locale", o.Locale)
	})
	return o, err
}

func organisation(ctx context.Context, q store.Queryer) (Organisation, error) {
	var o Organisation
	err := q.QueryRowContext(ctx, `SELECT value FROM setting WHERE name = 'organisation'`).Scan(store.Parse(&o))
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return o, err
}

func saveOrganisation(ctx context.Context, tx *store.Tx, o Organisation) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO setting (name, value) VALUES ('organisation', $1)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, store.JSON(o))
	return err
}
