package egress

import (
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"switchboard/internal/fault"
)

func TestJudge(t *testing.T) {
	for addr, why := range map[string]string{
		"1.1.1.1": "", "8.8.8.8": "", "93.184.215.14": "", "172.15.255.255": "", "172.32.0.0": "", "100.63.255.255": "",
		"100.128.0.0": "", "192.0.1.0": "", "198.17.255.255": "", "198.20.0.0": "", "223.255.255.255": "", "11.0.0.0": "",
		"2606:4700::1111": "", "2a00:1450:4001::1": "", "64:ff9b::808:808": "", "::ffff:8.8.8.8": "",

		"127.0.0.1": "this machine itself", "127.255.255.254": "this machine itself", "::1": "this machine itself",
		"::ffff:127.0.0.1": "this machine itself", "64:ff9b::7f00:1": "this machine itself",
		"10.0.0.1": "a private address", "172.16.0.1": "a private address", "172.31.255.255": "a private address",
		"192.168.255.255": "a private address", "fd00::1": "a private address", "fc00::1": "a private address", "fec0::1": "a private address",
		"64:ff9b::a00:1": "a private address", "::ffff:10.0.0.1": "a private address",
		"169.254.169.254": "the cloud's metadata service", "fd00:ec2::254": "the cloud's metadata service",
		"100.100.100.200": "the cloud's metadata service", "168.63.129.16": "the cloud's metadata service",
		"64:ff9b::a9fe:a9fe": "the cloud's metadata service", "::ffff:169.254.169.254": "the cloud's metadata service",
		"169.254.0.1": "a link-local address", "fe80::1": "a link-local address", "fe80::1%eth0": "a link-local address", "2606:4700::1%eth0": "a link-local address",
		"100.64.0.1": "an address shared by a provider", "100.127.255.255": "an address shared by a provider",
		"0.0.0.0": "an unspecified address", "0.1.2.3": "an unspecified address", "::": "an unspecified address",
		"192.0.2.1": "an address for documentation", "198.51.100.1": "an address for documentation", "203.0.113.255": "an address for documentation",
		"2001:db8::1": "an address for documentation", "3fff::1": "an address for documentation",
		"198.18.0.1": "an address for benchmarks", "198.19.255.255": "an address for benchmarks", "2001:2::1": "an address for benchmarks",
		"224.0.0.1": "a multicast address", "239.255.255.255": "a multicast address", "ff02::1": "a multicast address",
		"255.255.255.255": "the broadcast address", "240.0.0.1": "a reserved address", "192.0.0.192": "a reserved address",
		"2002:7f00:1::": "an address of the IPv6 transition", "2002:808:808::": "an address of the IPv6 transition",
		"2001::1": "an address of the IPv6 transition", "192.88.99.1": "an address of the IPv6 transition",
		"::127.0.0.1": "a reserved address", "::8.8.8.8": "a reserved address", "64:ff9b:1::7f00:1": "a reserved address", "100::1": "a reserved address",
		"5f00::1": "a reserved address", "4000::1": "a reserved address", "::ffff:0:127.0.0.1": "a reserved address",
	} {
		if got := judge(netip.MustParseAddr(addr)); got != why {
			t.Errorf("%s is %q; want %q", addr, got, why)
		}
	}
}

// spellings writes an IPv4 address in the ways that somebody, somewhere, would understand.
func spellings(a netip.Addr) []string {
	b := a.As4()
	n := new(big.Int).SetBytes(b[:]).Uint64()
	low24, low16 := n&0xffffff, n&0xffff
	dotted := a.String()
	var hosts []string
	for _, h := range []string{
		dotted, dotted + ".", dotted + "..", strings.ToUpper(dotted),
		fmt.Sprintf("%d", n), fmt.Sprintf("%d.", n), fmt.Sprintf("0x%x", n), fmt.Sprintf("0X%X", n), fmt.Sprintf("0%o", n), fmt.Sprintf("%d", n+1<<32),
		fmt.Sprintf("0x%x.0x%x.0x%x.0x%x", b[0], b[1], b[2], b[3]), fmt.Sprintf("0%o.0%o.0%o.0%o", b[0], b[1], b[2], b[3]),
		fmt.Sprintf("%03d.%03d.%03d.%03d", b[0], b[1], b[2], b[3]), fmt.Sprintf("000%o.0x%x.%d.%d", b[0], b[1], b[2], b[3]),
		fmt.Sprintf("%d.%d", b[0], low24), fmt.Sprintf("%d.%d.%d", b[0], b[1], low16), fmt.Sprintf("0x%x.%d", b[0], low24), fmt.Sprintf("0%o.%d.0x%x", b[0], b[1], low16),
		fmt.Sprintf("[::ffff:%s]", dotted), fmt.Sprintf("[::ffff:%x:%x]", n>>16, low16), fmt.Sprintf("[0:0:0:0:0:ffff:%x:%x]", n>>16, low16),
		fmt.Sprintf("[::%s]", dotted), fmt.Sprintf("[::ffff:0:%s]", dotted), fmt.Sprintf("[64:ff9b::%x:%x]", n>>16, low16), fmt.Sprintf("[64:ff9b:1::%x:%x]", n>>16, low16),
		fmt.Sprintf("[2002:%x:%x::]", n>>16, low16), fmt.Sprintf("[2001:0:%x:%x::]", n>>16, low16),
		strings.Map(func(r rune) rune { // full width
			if r >= '0' && r <= '9' {
				return r - '0' + '０'
			}
			return '。'
		}, dotted),
		strings.NewReplacer("1", "①", "2", "②", "6", "⑥").Replace(dotted),
		strings.ReplaceAll(dotted, ".", "。"), strings.ReplaceAll(dotted, ".", "%2e"), strings.Replace(dotted, ".", "%2E", 1), dotted + "%00.example.com", dotted + "\t",
		"public.example@" + dotted, "public.example:80@" + dotted, "public.example%23@" + dotted, dotted + ":80@" + dotted, "[" + dotted + "]",
		dotted + ".rebind.example", strings.ReplaceAll(dotted, ".", "-") + ".names.example",
	} {
		hosts = append(hosts, h)
	}
	return hosts
}

func TestNoSpellingLeadsInside(t *testing.T) {
	port, v4 := trap(t, "tcp4", "127.0.0.1:0")
	_, v6 := trap(t, "tcp6", "[::1]:"+port)
	hostile := names(t, func(string, bool, int) []netip.Addr { // every name is ours
		return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")}
	})
	g, outside := sealed(t, Options{Resolver: hostile})
	client := g.Client("test")

	hosts := []string{"localhost", "LOCALHOST", "localhost.", "foo.localhost", "localhost.localdomain", "ip6-localhost", "loopback", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::1%25lo]", "[fe80::1%25eth0]",
		"[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]", "metadata.google.internal", "instance-data", "kubernetes.default.svc", "printer.local", "*", "", ".", "..", "[", "[]", "[::ffff:7f00:0001]", "[::FFFF:127.0.0.1]"}
	for _, a := range []string{"127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1"} {
		hosts = append(hosts, spellings(netip.MustParseAddr(a))...)
	}
	if len(hosts) < 200 {
		t.Fatalf("only %d spellings", len(hosts))
	}
	refused := 0
	for _, host := range hosts {
		for _, method := range []string{"GET", "POST"} {
			req, err := http.NewRequest(method, "http://"+host+":"+port+"/", nil)
			if err != nil {
				continue // nobody can ask for it
			}
			resp, err := client.Do(req)
			if err == nil {
				_ = resp.Body.Close()
				t.Errorf("%s %s was answered", method, req.URL)
			} else if r := (*Refused)(nil); errors.As(err, &r) {
				refused++
			} else if errors.Is(err, errWouldConnect) {
				t.Errorf("%s %s leads to a public address", method, req.URL)
			}
		}
		if c, err := g.Dial(t.Context(), "tcp", strings.Trim(host, "[]")+":"+port); err == nil {
			_ = c.Close()
			t.Errorf("Dial(%s) connects", host)
		}
	}
	t.Logf("%d spellings, %d calls refused; connections: %d, %d, outside %d", len(hosts), refused, v4.Load(), v6.Load(), outside.Load())
	if v4.Load()+v6.Load()+outside.Load() != 0 {
		t.Errorf("connections: %d, %d, outside %d; want none", v4.Load(), v6.Load(), outside.Load())
	}
	if refused < 400 {
		t.Errorf("only %d calls were refused by name", refused)
	}
}

func TestANameServerThatChangesItsMind(t *testing.T) {
	port, inside := trap(t, "tcp4", "127.0.0.1:0")
	public, loop := netip.MustParseAddr("93.184.215.14"), netip.MustParseAddr("127.0.0.1")
	for name, answers := range map[string][]netip.Addr{
		"public first, then inside": {public, loop, loop, loop},
		"turn and turn about":       {loop, public, loop, public},
	} {
		t.Run(name, func(t *testing.T) {
			g, outside := sealed(t, Options{Resolver: names(t, func(_ string, _ bool, times int) []netip.Addr {
				return answers[times%len(answers) : times%len(answers)+1]
			})})
			for range 20 {
				if resp, err := g.Client("test").Get("http://rebind.example:" + port); err == nil {
					_ = resp.Body.Close()
					t.Error("it was answered")
				}
			}
			if inside.Load() != 0 || outside.Load() == 0 {
				t.Errorf("%d connections inside, %d outside", inside.Load(), outside.Load())
			}
		})
	}
	t.Run("both at once", func(t *testing.T) {
		g, outside := sealed(t, Options{Resolver: names(t, func(string, bool, int) []netip.Addr { return []netip.Addr{loop, public} })})
		if resp, err := g.Client("test").Get("http://both.example:" + port); err == nil {
			_ = resp.Body.Close()
		}
		if inside.Load() != 0 || outside.Load() == 0 {
			t.Errorf("%d connections inside, %d outside", inside.Load(), outside.Load())
		}
	})
}

func TestExceptions(t *testing.T) {
	port, _ := trap(t, "tcp4", "127.0.0.1:0")
	other, _ := trap(t, "tcp4", "127.0.0.1:0")
	resolver := names(t, func(name string, v6 bool, _ int) []netip.Addr {
		if strings.HasPrefix(name, "cloud") {
			return []netip.Addr{netip.MustParseAddr("169.254.169.254")}
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	})
	for name, tt := range map[string]struct {
		allow, addr string
		want        bool
	}{
		"an address and port":                  {"127.0.0.1:" + port, "127.0.0.1:" + port, true},
		"under another spelling":               {"127.0.0.1:" + port, "[::ffff:127.0.0.1]:" + port, true},
		"a name that has this address":         {"127.0.0.1:" + port, "mail.corp.example:" + port, true},
		"another port":                         {"127.0.0.1:" + port, "127.0.0.1:" + other, false},
		"another address":                      {"127.0.0.1:" + port, "127.0.0.2:" + port, false},
		"a range":                              {"127.0.0.0/24", "127.0.0.1:" + port, true},
		"outside the range":                    {"127.0.1.0/24", "127.0.0.1:" + port, false},
		"a range and port":                     {"127.0.0.0/24:" + port, "127.0.0.1:" + port, true},
		"a range and another port":             {"127.0.0.0/24:" + port, "127.0.0.1:" + other, false},
		"a name":                               {"mail.corp.example:" + port, "mail.corp.example:" + port, true},
		"a name in capitals and with a dot":    {"Mail.Corp.example.:" + port, "mail.corp.EXAMPLE.:" + port, true},
		"another name with the same address":   {"mail.corp.example:" + port, "evil.example:" + port, false},
		"a name on another port":               {"mail.corp.example:" + port, "mail.corp.example:" + other, false},
		"a name that leads to cloud metadata":  {"cloud.corp.example:" + port, "cloud.corp.example:" + port, false},
		"the address of a name that's allowed": {"mail.corp.example:" + port, "127.0.0.1:" + port, false},
		"nothing allowed":                      {"10.0.0.0/8", "127.0.0.1:" + port, false},
	} {
		t.Run(name, func(t *testing.T) {
			g, _ := sealed(t, Options{Resolver: resolver}, tt.allow)
			c, err := g.Dial(t.Context(), "tcp", tt.addr)
			if err == nil {
				_ = c.Close()
			}
			var r *Refused
			if (err == nil) != tt.want || err != nil && (!errors.As(err, &r) || !NeverLeft(err) || !fault.Is(err, fault.Invalid)) {
				t.Errorf("Dial: %v; connected should be %v", err, tt.want)
			}
			if r != nil && !strings.Contains(err.Error(), "--egress-allow=") {
				t.Errorf("%q does not say what to do", err)
			}
		})
	}
}

func TestAWrongExceptionIsNamed(t *testing.T) {
	for entry, says := range map[string]string{
		"0.0.0.0/0": "too wide", "::/0": "too wide", "10.0.0.0/7": "too wide", "fc00::/7": "too wide", "[::/0]:80": "too wide",
		"*": "no port", "": "no port", "10.0.0.1": "no port", "mail.corp.example": "no port", "mail.corp.example:0": "between 1 and 65535",
		"mail.corp.example:http": "between 1 and 65535", "mail.corp.example:99999": "between 1 and 65535", "*:80": "names no host", ":80": "names no host",
		"*.corp.example:80": "names no host", "http://mail.corp.example:80": "no port", "127.1:80": "names no host", "user@host:80": "names no host",
	} {
		_, err := New(Options{Allow: []string{"10.0.0.0/8", entry}, Now: nil})
		if err == nil {
			t.Fatal("a Guard without a clock")
		}
		if err := CheckAllow(entry); err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), fmt.Sprintf("%q", entry)) {
			t.Errorf("%q: %v; want %q", entry, err, says)
		}
	}
}

func TestOnlyTCPGoesOut(t *testing.T) {
	g, _ := sealed(t, Options{}, "127.0.0.0/8")
	for _, network := range []string{"udp", "unix", "ip4:icmp", "unixgram", "ip", ""} {
		if c, err := g.Dial(t.Context(), network, "127.0.0.1:9"); err == nil {
			_ = c.Close()
			t.Errorf("%q is a way out", network)
		}
	}
	for _, addr := range []string{"127.0.0.1", "", ":80", "/var/run/docker.sock"} {
		if _, err := g.Dial(t.Context(), "tcp", addr); err == nil {
			t.Errorf("%q can be dialled", addr)
		}
	}
	for _, address := range []string{"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:9/_x", "unix:///x", "//127.0.0.1/"} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := g.Client("test").Do(&http.Request{Method: "GET", URL: u, Header: http.Header{}})
		if err == nil {
			_ = resp.Body.Close()
			t.Errorf("%s is answered", address)
		}
	}
}

func TestProxiesOfTheEnvironmentAreNotUsed(t *testing.T) {
	port, proxied := trap(t, "tcp4", "127.0.0.1:0")
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"} {
		t.Setenv(name, "http://127.0.0.1:"+port)
	}
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("direct")) })
	g := guard(t, Options{}, server, "127.0.0.1:"+port)
	if got, err := get(t.Context(), g.Client("test"), "http://"+server); err != nil || got != "direct" {
		t.Errorf("%q, %v", got, err)
	}
	if g.reads.Proxy != nil || g.writes.Proxy != nil || proxied.Load() != 0 {
		t.Error("a proxy is used")
	}
}
