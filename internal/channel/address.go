package channel

import (
	"strings"

	"golang.org/x/net/idna"
)

// AddressKey is the form in which mail addresses are compared: in lower case, the domain as it stands in the DNS. Mails write one
// domain in either way, with its own letters or as xn--.
func AddressKey(address string) string {
	s := strings.ToLower(strings.TrimSpace(address))
	k := strings.LastIndexByte(s, '@') + 1
	if domain, err := idna.Lookup.ToASCII(s[k:]); err == nil && domain != s[k:] {
		return s[:k] + domain
	}
	return s
}
