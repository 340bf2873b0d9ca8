package config

import (
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"

	"switchboard/internal/secret"
)

// Config is the settings. It is embedded in the program's commands; Parse fills it. Field by field, the help text is its
// documentation: what it is for, and what the default means.
type Config struct {
	File string `name:"config" help:"The file to read settings from; switchboard.conf if there is one." placeholder:"FILE"`

	Listen         Address   `help:"Where to listen for browsers, the API and webhooks." default:":8080"`
	PublicURL      URL       `name:"public-url" help:"How the world reaches us, for links in e-mails and callbacks of channels; found out from the first visit if empty."`
	TrustedProxies []Network `help:"The proxies before us, by address or range: they alone are believed about who is calling, and by which address." sep:","`

	MetricsListen Address `help:"Where to listen for a Prometheus that asks for figures (GET /metrics), apart from everything else: 127.0.0.1:9090. Nobody signs in there. Off if empty."`

	Data     string      `help:"The folder for all that is kept: database, media, keys." default:"./switchboard-data"`
	Database Database    `help:"PostgreSQL, as postgres://name:password@host/database; an SQLite file in the data folder if empty."`
	KeyFile  string      `help:"The file with the keys that seal secrets in the database, made at the first start; “keys” in the data folder if empty. Keep it, apart from backups of the database."`
	Keys     secret.Text `help:"The keys themselves, in place of a file: lines of base64, oldest first. Better from the environment than as a flag, which others on the machine can see."`

	JournalDays int `help:"How many days the journal of who did what is kept; 0 is for ever. The histories of conversations are told from it." default:"0"`

	EgressAllow []Exception `help:"Inside addresses that we may connect to, as host:port (mail.corp.example:587) or range (10.1.2.0/24); all others are refused." sep:","`
	EgressRoots string      `help:"A PEM file with the certificates to trust in place of the machine's, for a company with its own authority."`

	LogLevel  string `help:"How much to log: debug, info, warn or error." default:"info" enum:"debug,info,warn,error"`
	LogFormat string `help:"How to log: text or json." default:"text" enum:"text,json"`

	DemoPace  int  `help:"Demo: how many messages the customers write a minute." default:"12"`
	DemoFresh bool `help:"Demo: begin anew, forgetting what was there."`
	// Not Database: what is set for a real house must never become the demo's by an oversight.
	DemoDatabase Database `help:"Demo: a PostgreSQL database of its own, empty at first; an SQLite file in its folder if empty."`
}

// DatabasePath returns what to open: the PostgreSQL address with its password, or the path of the SQLite file.
func (c *Config) DatabasePath() string {
	if c.Database.IsZero() {
		return filepath.Join(c.Data, "switchboard.db")
	}
	return c.Database.Reveal()
}

// OpenKeys opens the ring that seals secrets, from Keys or the key file, which is made if there is none.
func (c *Config) OpenKeys() (*secret.Ring, error) {
	if !c.Keys.IsZero() {
		r, err := secret.Parse(c.Keys.Reveal())
		if err != nil {
			return nil, fmt.Errorf("keys: %w", err)
		}
		return r, nil
	}
	return secret.Open(c.KeyPath())
}

// KeyPath returns the path of the key file.
func (c *Config) KeyPath() string {
	if c.KeyFile != "" {
		return c.KeyFile
	}
	return filepath.Join(c.Data, "keys")
}

// Exceptions returns EgressAllow as egress.Options takes it.
func (c *Config) Exceptions() []string {
	var all []string
	for _, e := range c.EgressAllow {
		all = append(all, string(e))
	}
	return all
}

// Proxies returns TrustedProxies as prefixes.
func (c *Config) Proxies() []netip.Prefix {
	var all []netip.Prefix
	for _, n := range c.TrustedProxies {
		all = append(all, n.Prefix)
	}
	return all
}

// check finds what is wrong between settings; each by itself is checked when it is read.
func (c *Config) check() error {
	var wrong []error
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if c.Listen == "" {
		say("--listen is empty: write it like :8080 or 127.0.0.1:8080")
	}
	if c.Data == "" {
		say("--data is empty: name a folder, like ./switchboard-data")
	}
	if !c.Keys.IsZero() {
		if c.KeyFile != "" {
			say("--keys and --key-file are both set: leave out one of them")
		}
		if _, err := secret.Parse(c.Keys.Reveal()); err != nil {
			say("--keys: %w", err)
		}
	}
	if c.JournalDays < 0 || c.JournalDays > 36_500 {
		say("--journal-days=%d is not a number of days: it is 0 (for ever) to 36500", c.JournalDays)
	}
	if c.DemoPace < 0 || c.DemoPace > 60_000 {
		say("--demo-pace=%d is not a number of messages a minute: it is 0 to 60000", c.DemoPace)
	}
	return errors.Join(wrong...)
}
