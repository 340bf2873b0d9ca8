package egress

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// inside lists what is not the public internet, with a word for the person who meets it. The first that holds counts.
var inside = func() []placed {
	var all []placed
	for _, p := range []struct{ prefix, why string }{
		{"127.0.0.0/8", "this machine itself"},
		{"169.254.169.254/32", "the cloud's metadata service"},
		{"168.63.129.16/32", "the cloud's metadata service"},
		{"169.254.0.0/16", "a link-local address"},
		{"10.0.0.0/8", "a private address"},
		{"172.16.0.0/12", "a private address"},
		{"192.168.0.0/16", "a private address"},
		{"100.100.100.200/32", "the cloud's metadata service"},
		{"100.64.0.0/10", "an address shared by a provider"},
		{"0.0.0.0/8", "an unspecified address"},
		{"192.0.0.0/24", "a reserved address"},
		{"192.0.2.0/24", "an address for documentation"},
		{"198.51.100.0/24", "an address for documentation"},
		{"203.0.113.0/24", "an address for documentation"},
		{"192.31.196.0/24", "a reserved address"},
		{"192.52.193.0/24", "a reserved address"},
		{"192.175.48.0/24", "a reserved address"},
		{"192.88.99.0/24", "an address of the IPv6 transition"},
		{"198.18.0.0/15", "an address for benchmarks"},
		{"224.0.0.0/4", "a multicast address"},
		{"255.255.255.255/32", "the broadcast address"},
		{"240.0.0.0/4", "a reserved address"},

		{"::1/128", "this machine itself"},
		{"::/128", "an unspecified address"},
		{"fd00:ec2::254/128", "the cloud's metadata service"},
		{"fd20:ce::254/128", "the cloud's metadata service"},
		{"fc00::/7", "a private address"},
		{"fe80::/10", "a link-local address"},
		{"fec0::/10", "a private address"},
		{"ff00::/8", "a multicast address"},
		{"2001:db8::/32", "an address for documentation"},
		{"3fff::/20", "an address for documentation"},
		{"2001:2::/48", "an address for benchmarks"},
		{"2001::/23", "an address of the IPv6 transition"}, // Teredo and other protocol assignments
		{"2002::/16", "an address of the IPv6 transition"}, // 6to4
		{"2620:4f:8000::/48", "a reserved address"},
	} {
		all = append(all, placed{netip.MustParsePrefix(p.prefix), p.why})
	}
	return all
}()

type placed struct {
	prefix netip.Prefix
	why    string
}

var (
	global = netip.MustParsePrefix("2000::/3")     // all of IPv6 that is given out
	nat64  = netip.MustParsePrefix("64:ff9b::/96") // an IPv4 address in its last four bytes
)

// judge says what an address is if it is not of the public internet, and "" if it is.
func judge(a netip.Addr) string {
	if a.Zone() != "" {
		return "a link-local address"
	}
	if a = a.Unmap(); nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	for _, p := range inside {
		if p.prefix.Contains(a) {
			return p.why
		}
	}
	if a.Is6() && !global.Contains(a) {
		return "a reserved address"
	}
	return ""
}

// metadata reports whether a, or what it stands for, gives credentials to whoever asks. No exception by name covers it.
func metadata(a netip.Addr) bool {
	why := judge(a)
	return why == "the cloud's metadata service" || why == "a link-local address"
}

// oddlySpelled reports whether host is meant as an IPv4 address but not written as one: 2130706433, 0x7f.1, 127.1, 0177.0.0.1.
// Some resolvers would take it.
func oddlySpelled(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	host = strings.TrimRight(host, ".")
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == "" || strings.ContainsAny(host, ":%") {
		return true
	}
	if strings.Trim(last, "0123456789") == "" {
		return true
	}
	hex, ok := strings.CutPrefix(strings.ToLower(last), "0x")
	if !ok {
		return false
	}
	_, err := strconv.ParseUint(hex, 16, 64)
	return err == nil || hex == ""
}

// Loopback reports whether a host is named as this machine itself.
func Loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.Unmap().IsLoopback()
}

// Inside reports whether a host is named as one in the house, so that it may be called without encryption. The guard checks
// what is really there.
func Inside(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.IsLoopback() || a.IsPrivate()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return !strings.Contains(host, ".") || slices.ContainsFunc([]string{".internal", ".local", ".lan", ".home.arpa", ".localhost"},
		func(end string) bool { return strings.HasSuffix(host, end) })
}
