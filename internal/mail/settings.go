package mail

import (
	"context"
	netmail "net/mail"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"switchboard/internal/account"
	"switchboard/internal/egress"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/secret"
	"switchboard/internal/setting"
	"switchboard/internal/staff"
	"switchboard/internal/store"
)

// Settings say how the house's own mail is sent.
type Settings struct {
	On bool `json:"on"`
	// By is the connected e-mail account it is sent by; zero: by the server below.
	By       account.ID `json:"by,omitzero"`
	Host     string     `json:"host"`
	Port     int        `json:"port"`     // 0: 465 with tls, else 587
	Security string     `json:"security"` // tls, starttls; plain, to this very machine only
	Login    string     `json:"login"`    // empty: the server wants none
	From     string     `json:"from"`     // a bare address
	Name     string     `json:"name"`     // of the sender
	// Replies is the connected e-mail account that answers to a letter go to, so that they can be read; zero: the one it is
	// sent by, and none when it is sent by a server.
	Replies     account.ID `json:"replies,omitzero"`
	Domain      string     `json:"domain"` // of the sender's address: the ids of letters end with it
	HasPassword bool       `json:"-"`      // one is kept
}

// Server is who takes our letters: where, under which name, and from which address.
type Server struct {
	Host     string
	Port     int
	Security string
	Login    string
	Password secret.Text
	From     string
	Name     string
	// Stopped says why nothing may leave it now, "" when it may. Nil: it always may.
	Stopped func(ctx context.Context) (why string, err error)
}

// check is s made even; the error names the field that is wrong.
func (s Settings) check() (_ Settings, err error) {
	for _, v := range []*string{&s.Host, &s.Security, &s.Login, &s.From, &s.Name} {
		if *v = strings.TrimSpace(*v); strings.ContainsFunc(*v, unicode.IsControl) || len(*v) > 250 {
			return s, fault.In("host", "these are to be single lines of at most 250 characters")
		}
	}
	if s.Security == "" {
		s.Security = "tls"
	}
	if s.Port == 0 {
		s.Port = map[string]int{"tls": 465, "plain": 25}[s.Security]
		if s.Port == 0 {
			s.Port = 587
		}
	}
	if s.From != "" {
		if s.From, err = checkAddress("from", s.From); err != nil {
			return s, err
		}
	}
	switch {
	case s.Port < 1 || s.Port > 65535:
		return s, fault.In("port", "a port is a number from 1 to 65535")
	case s.Security != "tls" && s.Security != "starttls" && s.Security != "plain":
		return s, fault.In("security", "choose tls, starttls or plain")
	case s.Security == "plain" && s.Host != "" && !egress.Loopback(s.Host):
		return s, fault.In("security", "without encryption the letters could be read on their way: that is only possible to a server on this same machine")
	case strings.ContainsAny(s.Host, " /\\@") || strings.Contains(s.Host, "://"):
		return s, fault.In("host", "give the name of the server alone, as in mail.acme.example")
	case !s.On || s.By != 0:
		return s, nil
	case s.Host == "":
		return s, fault.In("host", "name the mail server first, as in mail.acme.example")
	case s.From == "":
		return s, fault.In("from", "say which address the letters come from")
	}
	return s, nil
}

// checkAddress is the bare mail address in v, its domain in ASCII.
func checkAddress(field, v string) (string, error) {
	wrong := fault.In(field, "this is not a mail address: "+strconv.QuoteToASCII(v[:min(len(v), 80)]))
	a, err := netmail.ParseAddress(strings.TrimSpace(v))
	if err != nil || a.Name != "" || strings.ContainsAny(a.Address, "\r\n\x00 \t<>\",;:\\()[]") || len(a.Address) > 254 {
		return "", wrong
	}
	k := strings.LastIndexByte(a.Address, '@')
	domain, err := idna.Lookup.ToASCII(a.Address[k+1:])
	if err != nil || domain == "" {
		return "", wrong
	}
	return a.Address[:k+1] + domain, nil
}

// row is where the settings lie, with the password sealed.
var row = setting.In("mail_setting")

// stored is what is set, with the password as it is kept.
type stored struct {
	Settings
	sealed []byte
}

// settings returns what is set; nothing if nobody set anything.
func settings(ctx context.Context, q store.Queryer) (k stored, err error) {
	k.Security, k.Port = "tls", 465
	k.sealed, err = row.Read(ctx, q, &k.Settings)
	k.HasPassword = len(k.sealed) > 0
	return k, err
}

// Settings returns what is set, for who may set it. The password never comes back, only whether there is one.
func (h *House) Settings(ctx context.Context, who staff.Actor) (Settings, error) {
	if err := who.Require(staff.SettingsManage); err != nil {
		return Settings{}, err
	}
	k, err := settings(ctx, h.Store.Read())
	return k.Settings, err
}

// Change sets what is set. password nil leaves the password as it is, an empty one takes it away. A password belongs to the
// server it was entered for: whoever names another enters it again.
func (h *House) Change(ctx context.Context, who staff.Actor, s Settings, password *string) (Settings, error) {
	if err := who.Require(staff.SettingsManage); err != nil {
		return s, err
	}
	s, err := s.check()
	if err != nil {
		return s, err
	}
	from := s.From
	if s.By != 0 {
		box, err := h.Mailbox(ctx, s.By)
		if err != nil {
			return s, fault.In("by", "this is not a connected e-mail account: choose one from the list")
		}
		from = box.From
	}
	if s.Replies != 0 {
		if _, err := h.Mailbox(ctx, s.Replies); err != nil {
			return s, fault.In("replies", "this is not a connected e-mail account: choose one from the list")
		}
	}
	s.Domain = from[strings.LastIndexByte(from, '@')+1:]
	if password != nil && (len(*password) > 1000 || strings.ContainsFunc(*password, unicode.IsControl)) {
		return s, fault.In("password", "this is not a password: one line of at most 1,000 characters")
	}
	err = h.Store.Tx(ctx, func(tx *store.Tx) error {
		was, err := settings(ctx, tx)
		if err != nil {
			return err
		}
		sealed, err := row.Choose(h.Ring, was.sealed, password, s.lost(was.Settings))
		if err != nil {
			return err
		}
		s.HasPassword = len(sealed) > 0
		if err := row.Save(ctx, tx, s, sealed, int64(who.Person), h.Now()); err != nil {
			return err
		}
		return journal.Write(ctx, tx, journal.Entry{Who: who.Who(), What: journal.HouseMailChanged, Data: journal.Data("on", s.On, "by", s.By,
			"host", s.Host, "port", s.Port, "security", s.Security, "mailFrom", s.From, "replies", s.Replies, "password", s.HasPassword, "from", who.From)})
	})
	return s, err
}

// lost is the error when a password that is kept would go to another server or login than it was entered for; nil when it stays.
func (s Settings) lost(was Settings) error {
	if s.Host == was.Host && s.Login == was.Login {
		return nil
	}
	return fault.In("password", "the password belongs to the server and login it was entered for: enter it again, or take it away")
}

// server is who sends, by what is set; a NotFound fault when the account it was to go by is gone.
func (h *House) server(ctx context.Context, k stored) (s Server, err error) {
	if k.By != 0 {
		s, err = h.Mailbox(ctx, k.By)
	} else {
		s = Server{Host: k.Host, Port: k.Port, Security: k.Security, Login: k.Login, From: k.From}
		var password string
		if password, err = row.Open(h.Ring, k.sealed); password != "" {
			s.Password = secret.Hide(password)
		}
	}
	if k.Name != "" {
		s.Name = k.Name
	}
	return s, err
}

// replies is the account whose mailbox answers to our letters go to, and its address; zero when there is none.
func (h *House) replies(ctx context.Context, k stored) (account.ID, string, error) {
	of := k.Replies
	if of == 0 {
		of = k.By
	}
	if of == 0 {
		return 0, "", nil
	}
	s, err := h.Mailbox(ctx, of)
	if fault.Is(err, fault.NotFound) {
		return 0, "", nil
	}
	return of, s.From, err
}

// Replies is the account whose mailbox answers to the house's letters go to; zero when nobody reads them.
func (h *House) Replies(ctx context.Context) (account.ID, error) {
	k, err := settings(ctx, h.Store.Read())
	if err != nil || !k.On {
		return 0, err
	}
	of, _, err := h.replies(ctx, k)
	return of, err
}

// Rewrap seals the password and the words of what waits with the newest master key, and returns how many values were sealed
// with an older one.
func Rewrap(ctx context.Context, s *store.Store, ring *secret.Ring) (n int, err error) {
	err = s.Tx(ctx, func(tx *store.Tx) error {
		if n, err = row.Rewrap(ctx, tx, ring); err != nil {
			return err
		}
		more, err := rewrapLetters(ctx, tx, ring)
		n += more
		return err
	})
	return n, err
}
