package advice

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"switchboard/internal/egress"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/secret"
	"switchboard/internal/setting"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Settings say which model is asked, and how much.
type Settings struct {
	On      bool   `json:"on"`
	Address string `json:"address"` // of the interface, up to before /chat/completions: https://models.example/v1
	Model   string `json:"model"`   // as the far side calls it
	// Timeout is how long one question may take.
	Timeout time.Duration `json:"timeout"`
	Calls   int           `json:"calls"`  // a day, at most
	Tokens  int           `json:"tokens"` // a day, at most, as the model counts them
	// Languages are those whose messages stay in the house, as ISO 639-1 codes.
	Languages []string `json:"languages"`
	// Departments are left out: the model is not told of them, and a message that triage takes to be for one stays in the house.
	Departments []staff.DepartmentID `json:"departments"`
	HasKey      bool                 `json:"-"` // one is kept
}

// usual is what counts as long as nobody set anything.
func usual() Settings {
	return Settings{Timeout: 8 * time.Second, Calls: 500, Tokens: 500_000, Languages: []string{}, Departments: []staff.DepartmentID{}}
}

const (
	shortest = time.Second
	longest  = time.Minute
	mostSaid = 1_000_000_000 // calls or tokens a day: beyond it somebody has mistaken the unit
)

// check is s made even; the error names the field that is wrong.
func (s Settings) check(r *staff.Roster) (_ Settings, err error) {
	if s.Address, err = checkAddress(s.Address); err != nil {
		return s, err
	}
	s.Model = strings.TrimSpace(s.Model)
	switch {
	case !utf8.ValidString(s.Model) || len(s.Model) > 200 || strings.ContainsFunc(s.Model, func(c rune) bool { return c < ' ' || c == 0x7f }):
		return s, fault.In("model", "this is not the name of a model: at most 200 characters on one line")
	case s.Timeout < shortest || s.Timeout > longest:
		return s, fault.In("timeout", "a question may take 1 to 60 seconds")
	case s.Calls < 0 || s.Calls > mostSaid:
		return s, fault.In("calls", "a number of questions a day, from 0 to a thousand million")
	case s.Tokens < 0 || s.Tokens > mostSaid:
		return s, fault.In("tokens", "a number of tokens a day, from 0 to a thousand million")
	case s.On && s.Address == "":
		return s, fault.In("address", "name an address first, like https://models.example/v1")
	case s.On && s.Model == "":
		return s, fault.In("model", "name a model first, as the service calls it")
	case len(s.Languages) > 50:
		return s, fault.In("languages", "fifty languages at most")
	}
	for k, l := range s.Languages {
		if l = strings.ToLower(strings.TrimSpace(l)); len(l) < 2 || len(l) > 3 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz") != "" {
			return s, fault.In(fmt.Sprintf("languages[%d]", k), "a language is written by its code: en, de, fr")
		}
		s.Languages[k] = strings.ToLower(strings.TrimSpace(l))
	}
	for k, d := range s.Departments {
		if _, ok := r.Department(d); !ok {
			return s, fault.In(fmt.Sprintf("departments[%d]", k), "there is no such department")
		}
	}
	s.Languages, s.Departments = sorted(s.Languages), sorted(s.Departments)
	return s, nil
}

func sorted[T ~string | ~int64](list []T) []T {
	out := append([]T{}, list...)
	slices.Sort(out)
	return slices.Compact(out)
}

// checkAddress is the address of an interface in its plain form. Without encryption it must lie in the house.
func checkAddress(s string) (string, error) {
	s = strings.TrimRight(strings.TrimSpace(s), "/")
	s = strings.TrimSuffix(s, "/chat/completions")
	if s == "" {
		return "", nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || len(s) > 500 {
		return "", fault.In("address", "this is not the address of a language model: write it like https://models.example/v1 or http://127.0.0.1:11434/v1")
	}
	if u.Scheme == "http" && !egress.Inside(u.Hostname()) {
		return "", fault.In("address", "only a model in the house can be asked without encryption: write https://")
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// origin is where an address leads, without its path.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
}

// row is where the settings lie, with the key sealed.
var row = setting.In("advice_setting")

// stored is what is set, with the key as it is kept.
type stored struct {
	Settings
	sealed []byte
}

// settings returns what is set; the usual if nobody set anything.
func settings(ctx context.Context, q store.Queryer) (_ stored, err error) {
	k := stored{Settings: usual()}
	k.sealed, err = row.Read(ctx, q, &k.Settings)
	k.HasKey = len(k.sealed) > 0
	return k, err
}

// Settings returns what is set, for who may set it. The key never comes back, only whether there is one.
func (a *Advice) Settings(ctx context.Context, who staff.Actor) (Settings, error) {
	if err := who.Require(staff.SettingsManage); err != nil {
		return Settings{}, err
	}
	k, err := settings(ctx, a.Store.Read())
	return k.Settings, err
}

// Change sets what is set. key nil leaves the key as it is, an empty one takes it away. A key belongs to the address it was
// entered for: whoever changes where that leads enters it again or takes it away.
func (a *Advice) Change(ctx context.Context, who staff.Actor, s Settings, key *string) (Settings, error) {
	if err := who.Require(staff.SettingsManage); err != nil {
		return s, err
	}
	r, err := a.Staff.Roster(ctx)
	if err != nil {
		return s, err
	}
	if s, err = s.check(r); err != nil {
		return s, err
	}
	if err := checkKey(key); err != nil {
		return s, err
	}
	err = a.Store.Tx(ctx, func(tx *store.Tx) error {
		was, err := settings(ctx, tx)
		if err != nil {
			return err
		}
		sealed, err := row.Choose(a.Ring, was.sealed, key, s.lost(was.Settings))
		if err != nil {
			return err
		}
		s.HasKey = len(sealed) > 0
		if err := row.Save(ctx, tx, s, sealed, int64(who.Person), a.Now()); err != nil {
			return err
		}
		if err := saveHealth(ctx, tx, health{}, a.Now()); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.AdviceChanged, Data: journal.Data("on", s.On, "address", s.Address,
			"model", s.Model, "calls", s.Calls, "tokens", s.Tokens, "timeout", s.Timeout.String(), "key", s.HasKey, "from", who.From)})
	})
	if err == nil {
		a.seen.Store(nil)
	}
	return s, err
}

func checkKey(key *string) error {
	if key != nil && *key != secret.Mask && (len(*key) > 1000 || strings.ContainsFunc(*key, func(c rune) bool { return c <= ' ' || c >= 0x7f })) {
		return fault.In("key", "this is not a key: at most 1,000 letters, digits and signs without blanks")
	}
	return nil
}

// lost is the error when a key that is kept would go to another address than it was entered for; nil when it stays.
func (s Settings) lost(was Settings) error {
	if origin(s.Address) == origin(was.Address) {
		return nil
	}
	return fault.In("key", "the key belongs to the old address: enter the key of the new one, or take it away")
}

// key opens the key; "" if there is none.
func (a *Advice) key(k stored) (string, error) { return row.Open(a.Ring, k.sealed) }

// Rewrap seals the key with the newest master key, and returns how many were sealed with an older one: 1 or 0.
func Rewrap(ctx context.Context, s *store.Store, ring *secret.Ring) (n int, err error) {
	err = s.Tx(ctx, func(tx *store.Tx) error {
		n, err = row.Rewrap(ctx, tx, ring)
		return err
	})
	return n, err
}
