package egress

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// exception is one entry of Options.Allow.
type exception struct {
	host   string       // "" if by prefix
	prefix netip.Prefix // of unmapped addresses
	port   int          // 0: any, with a prefix only
}

// CheckAllow says what is wrong with an entry of Options.Allow; nil if nothing is. An entry is a host and port
// ("mail.corp.example:587", "127.0.0.1:8025", "[fd00::25]:25"), a range ("10.1.2.0/24"), or a range and port
// ("10.1.0.0/16:443", "[fd12:3456::/48]:443"). A name covers whatever private address it has when we connect, but never a
// cloud's metadata service. Ranges wider than /8 (IPv6: /32) are refused: there is no switch for everything.
func CheckAllow(entry string) error {
	_, err := parseException(entry)
	return err
}

func parseException(entry string) (exception, error) {
	bad := func(why string) (exception, error) {
		return exception{}, fmt.Errorf("%q %s: write a host and port (mail.corp.example:587) or a range of addresses (10.1.2.0/24)", entry, why)
	}
	whole := strings.TrimSpace(entry)
	rest, port := whole, 0
	if host, p, err := net.SplitHostPort(whole); err == nil {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 {
			return bad("has no port between 1 and 65535")
		}
		rest, port = host, int(n)
	}
	if p, err := netip.ParsePrefix(rest); err == nil {
		if p.Addr().Is4() && p.Bits() < 8 || p.Addr().Is6() && p.Bits() < 32 {
			return bad("is too wide a range")
		}
		return exception{prefix: p.Masked(), port: port}, nil
	}
	if port == 0 {
		return bad("has no port")
	}
	if a, err := netip.ParseAddr(rest); err == nil {
		a = a.Unmap().WithZone("")
		return exception{prefix: netip.PrefixFrom(a, a.BitLen()), port: port}, nil
	}
	if rest == "" || oddlySpelled(rest) || strings.ContainsAny(rest, "*/@ ?#") {
		return bad("names no host")
	}
	return exception{host: plainHost(rest), port: port}, nil
}

// plainHost brings a host name into the form in which two are compared.
func plainHost(host string) string { return strings.ToLower(strings.TrimRight(host, ".")) }

// allows reports whether e covers a connection to addr that was asked for under the name host.
func (e exception) allows(host string, addr netip.AddrPort) bool {
	if e.port != 0 && e.port != int(addr.Port()) {
		return false
	}
	if e.host != "" {
		return e.host == plainHost(host) && !metadata(addr.Addr())
	}
	return e.prefix.Contains(addr.Addr().Unmap().WithZone(""))
}
