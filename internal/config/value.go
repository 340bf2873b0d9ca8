package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"switchboard/internal/egress"
	"switchboard/internal/secret"
)

// Address is a host and port to listen on; the host may be empty: on every address of the machine.
type Address string

// UnmarshalText reads an Address; "" is none.
func (a *Address) UnmarshalText(b []byte) error {
	s := strings.TrimSpace(string(b))
	if _, port, err := net.SplitHostPort(s); s != "" {
		if _, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil {
			return fmt.Errorf("%q is not an address to listen on: write it like :8080 or 127.0.0.1:8080", s)
		}
	}
	*a = Address(s)
	return nil
}

// URL is an address of the web without anything after its path, and without a slash at the end.
type URL string

// UnmarshalText reads a URL; "" is none.
func (u *URL) UnmarshalText(b []byte) error {
	s := strings.TrimRight(strings.TrimSpace(string(b)), "/")
	if s == "" {
		*u = ""
		return nil
	}
	p, err := url.Parse(s)
	if err != nil || p.Scheme != "https" && p.Scheme != "http" || p.Hostname() == "" || p.User != nil || p.RawQuery != "" || p.Fragment != "" {
		return fmt.Errorf("%q is not the address of a site: write it like https://talk.acme.example", s)
	}
	*u = URL(s)
	return nil
}

// Network is a range of addresses, or one.
type Network struct{ netip.Prefix }

// UnmarshalText reads a range (10.0.0.0/24) or an address.
func (n *Network) UnmarshalText(b []byte) error {
	s := strings.TrimSpace(string(b))
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		a = a.Unmap()
		n.Prefix = netip.PrefixFrom(a, a.BitLen())
		return nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return fmt.Errorf("%q is not a range of addresses: write it like 10.0.3.0/24 or 10.0.4.7", s)
	}
	n.Prefix = p.Masked()
	return nil
}

// Exception is an entry that egress.CheckAllow finds nothing wrong with.
type Exception string

// UnmarshalText reads an Exception.
func (e *Exception) UnmarshalText(b []byte) error {
	s := strings.TrimSpace(string(b))
	*e = Exception(s)
	return egress.CheckAllow(s)
}

// Database is the address of a PostgreSQL database or the path of an SQLite file. It shows no password.
type Database struct{ secret.Text }

// UnmarshalText reads a Database; "" is none. Its errors quote nothing, for there may be a password in it.
func (d *Database) UnmarshalText(b []byte) error {
	s := strings.TrimSpace(string(b))
	scheme, _, isURL := strings.Cut(s, "://")
	switch {
	case !isURL && strings.Contains(s, "="):
		return fmt.Errorf("this is not the address of a database: write it like postgres://name:password@host/database, or as the path of an SQLite file")
	case isURL && scheme != "postgres" && scheme != "postgresql":
		return fmt.Errorf("%q is not a kind of database: write it like postgres://name:password@host/database, or as the path of an SQLite file", scheme)
	case isURL:
		if u, err := url.Parse(s); err != nil || u.Path == "" || u.Path == "/" {
			return fmt.Errorf("this is not the address of a PostgreSQL database: write it like postgres://name:password@host/database, with special characters in the password as %%40 and the like")
		}
	}
	d.Text = secret.Hide(s)
	return nil
}

// Postgres reports whether the database is PostgreSQL.
func (d Database) Postgres() bool { return strings.Contains(d.Reveal(), "://") }

// Masked returns the address with passwords masked.
func (d Database) Masked() string {
	if !d.Postgres() {
		return d.Reveal()
	}
	u, err := url.Parse(d.Reveal())
	if err != nil {
		return secret.Mask
	}
	out := u.Scheme + "://"
	if u.User != nil {
		out += url.User(u.User.Username()).String()
		if _, ok := u.User.Password(); ok {
			out += ":" + secret.Mask
		}
		out += "@"
	}
	out += u.Host + u.EscapedPath()
	var query []string
	for _, part := range strings.Split(u.RawQuery, "&") {
		if name, _, ok := strings.Cut(part, "="); ok && strings.Contains(strings.ToLower(name), "pass") {
			part = name + "=" + secret.Mask
		}
		if part != "" {
			query = append(query, part)
		}
	}
	if len(query) > 0 {
		out += "?" + strings.Join(query, "&")
	}
	return out
}
