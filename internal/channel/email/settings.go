package email

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/mail"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"switchboard/internal/channel"
	"switchboard/internal/egress"
	"switchboard/internal/fault"
)

// settings are the answers of the set-up screen, and the key that signs our ids.
type settings struct {
	Address      string `json:"address"`
	Name         string `json:"name"`
	IMAPHost     string `json:"imap_host"`
	IMAPPort     port   `json:"imap_port"`
	IMAPSecurity string `json:"imap_security"`
	SMTPHost     string `json:"smtp_host"`
	SMTPPort     port   `json:"smtp_port"`
	SMTPSecurity string `json:"smtp_security"`
	Login        string `json:"login"`
	Password     string `json:"password"`
	Plain        truth  `json:"plain"`
	Copies       string `json:"copies"`
	SentFolder   string `json:"sent_folder"`
	ReplyTo      string `json:"reply_to"`
	Aliases      string `json:"aliases"`
	AuthServID   string `json:"authserv_id"`
	SigningKey   string `json:"signing_key"` // ours: base64 of 32 random bytes

	own map[string]bool // Address and Aliases, folded
}

// port is a number that a form may have sent as text.
type port int

func (p *port) UnmarshalJSON(b []byte) error {
	s := strings.Trim(string(b), `" `)
	if s == "" || s == "null" {
		return nil
	}
	n, err := strconv.Atoi(s)
	*p = port(n)
	return err
}

// truth is a bool that a form may have sent as text.
type truth bool

func (y *truth) UnmarshalJSON(b []byte) error {
	switch strings.Trim(string(b), `" `) {
	case "true", "on", "yes", "1":
		*y = true
	}
	return nil
}

// read returns settings that make sense, or an Invalid fault that names the one that does not.
func read(raw json.RawMessage) (s settings, err error) {
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, fault.Wrap(fault.Invalid, "the settings cannot be read", err)
	}
	s.defaults()
	if s.Address, err = address("address", s.Address); err != nil {
		return s, err
	}
	s.Address = fold(s.Address)
	s.own = map[string]bool{s.Address: true}
	for _, a := range strings.FieldsFunc(s.Aliases, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) }) {
		if a, err = address("aliases", a); err != nil {
			return s, err
		}
		s.own[fold(a)] = true
	}
	if s.ReplyTo != "" {
		if s.ReplyTo, err = address("reply_to", s.ReplyTo); err != nil {
			return s, err
		}
	}
	if s.Password == "" {
		return s, fault.In("password", "give the mailbox's password, or an app password made at the provider")
	}
	for name, v := range map[string]string{"name": s.Name, "login": s.Login, "password": s.Password, "sent_folder": s.SentFolder,
		"authserv_id": s.AuthServID} {
		if strings.ContainsAny(v, "\r\n\x00") {
			return s, fault.In(name, "take the line break out")
		}
	}
	if s.Copies != "save" && s.Copies != "server" && s.Copies != "none" {
		return s, fault.In("copies", "choose save, server or none")
	}
	if err := s.server("imap", s.IMAPHost, s.IMAPPort, s.IMAPSecurity); err != nil {
		return s, err
	}
	return s, s.server("smtp", s.SMTPHost, s.SMTPPort, s.SMTPSecurity)
}

func (s *settings) defaults() {
	for _, v := range []*string{&s.Address, &s.IMAPHost, &s.SMTPHost, &s.Login, &s.SentFolder, &s.ReplyTo, &s.AuthServID} {
		*v = strings.TrimSpace(*v)
	}
	for _, d := range []struct {
		of *string
		to string
	}{{&s.IMAPSecurity, "tls"}, {&s.SMTPSecurity, "tls"}, {&s.Copies, "save"}, {&s.Login, s.Address}} {
		if *d.of == "" {
			*d.of = d.to
		}
	}
	if s.IMAPPort == 0 {
		s.IMAPPort = map[string]port{"tls": 993}[s.IMAPSecurity]
		if s.IMAPPort == 0 {
			s.IMAPPort = 143
		}
	}
	if s.SMTPPort == 0 {
		s.SMTPPort = map[string]port{"tls": 465}[s.SMTPSecurity]
		if s.SMTPPort == 0 {
			s.SMTPPort = 587
		}
	}
}

func (s *settings) server(which, host string, p port, security string) error {
	if host == "" || strings.ContainsAny(host, " /\\@\r\n\t\x00") || strings.Contains(host, "://") {
		return fault.In(which+"_host", "give the name of the server alone, as in mail.acme.example")
	}
	if p < 1 || p > 65535 {
		return fault.In(which+"_port", "a port is a number from 1 to 65535")
	}
	switch security {
	case "tls", "starttls":
		return nil
	case "plain":
		if !bool(s.Plain) || !egress.Loopback(host) {
			return fault.In(which+"_security", "without encryption the password could be read on its way: this is only possible to a "+
				"server on this same machine, and must be allowed in so many words")
		}
		return nil
	}
	return fault.In(which+"_security", "choose tls, starttls or plain")
}

// address returns the bare mail address in v: no name, no brackets, a domain in ASCII.
func address(field, v string) (string, error) {
	a, err := mail.ParseAddress(strings.TrimSpace(v))
	if err != nil || strings.ContainsFunc(v, func(r rune) bool { return !unicode.IsGraphic(r) }) || a.Name != "" || strings.ContainsAny(a.Address, "\r\n\x00 \t<>\",;:\\()[]") || len(a.Address) > 254 {
		return "", fault.In(field, "this is not a mail address: "+strconv.QuoteToASCII(cut(v, 80)))
	}
	k := strings.LastIndexByte(a.Address, '@')
	domain, err := idna.Lookup.ToASCII(a.Address[k+1:])
	if err != nil || domain == "" || strings.Trim(domain, ".") != domain {
		return "", fault.In(field, "the part behind the @ is not a domain: "+strconv.QuoteToASCII(cut(v, 80)))
	}
	return a.Address[:k+1] + domain, nil
}

// fold returns the form in which addresses are compared. Few servers tell upper from lower case before the @, and none that
// people use gives both to different people.
func fold(address string) string { return channel.AddressKey(address) }

// signingKey returns the key that signs our ids. The first Open makes one and keeps it: it must stay the same for as long as
// answers to our mails may come. Where nothing can be kept it is drawn from the password and changes with it.
func (s *settings) signingKey(o channel.Opening) ([]byte, error) {
	if s.SigningKey != "" {
		key, err := base64.StdEncoding.DecodeString(s.SigningKey)
		if err != nil || len(key) < 32 {
			return nil, fault.In("signing_key", "the key that signs our ids is damaged: connect the account again")
		}
		return key, nil
	}
	if o.Keep == nil {
		mac := hmac.New(sha256.New, []byte(s.Password))
		mac.Write([]byte("ids of " + s.Address))
		return mac.Sum(nil), nil
	}
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	all := map[string]json.RawMessage{}
	if err := json.Unmarshal(o.Settings, &all); err != nil {
		return nil, fault.Wrap(fault.Invalid, "the settings cannot be read", err)
	}
	all["signing_key"], _ = json.Marshal(base64.StdEncoding.EncodeToString(key))
	kept, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	return key, o.Keep(context.Background(), kept)
}
