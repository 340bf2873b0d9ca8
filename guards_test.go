package switchboard_test

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

// guard is something that only a few places may do.
type guard struct {
	names []string          // "time.Now": a name of a package, by the package's path; "os/exec.*": all of it
	where []string          // folders, with all below, that may
	files map[string]string // single files that may, and why
	why   string
}

var guards = []guard{
	{
		names: []string{"time.Now", "time.Since", "time.Until"},
		where: []string{"internal/clock", "bench", "test"},
		why:   "time is handed in (Now func() time.Time); only package clock reads it",
	},
	{
		names: []string{
			"net/http.Client", "net/http.Transport", "net/http.DefaultClient", "net/http.DefaultTransport", "net/http.Get", "net/http.Head",
			"net/http.Post", "net/http.PostForm", "net.Dialer", "net.Dial", "net.DialTimeout", "net.DialTCP", "net.DialUDP", "net.DialIP",
			"net.DialUnix", "crypto/tls.Dial", "crypto/tls.DialWithDialer", "crypto/tls.Dialer", "net/smtp.*", "net/rpc.*",
			"golang.org/x/net/proxy.*", "github.com/emersion/go-imap/v2/imapclient.DialTLS", "github.com/emersion/go-imap/v2/imapclient.DialInsecure",
			"github.com/emersion/go-imap/v2/imapclient.DialStartTLS", "github.com/emersion/go-smtp.Dial", "github.com/emersion/go-smtp.DialTLS",
			"github.com/emersion/go-smtp.DialStartTLS", "github.com/emersion/go-smtp.SendMail", "github.com/emersion/go-smtp.SendMailTLS",
		},
		where: []string{"internal/egress", "internal/sim", "examples", "bench", "test"},
		why:   "every way out goes through package egress, which looks where it leads",
	},
	{
		names: []string{"math/rand.*", "math/rand/v2.*"},
		where: []string{"internal/sim", "bench", "test"},
		files: map[string]string{
			"internal/intake/line.go": "spreads polls, so that not all accounts ask at once",
		},
		why: "it can be guessed: tokens and keys come from crypto/rand; a use that is no token is listed in guards_test.go with its reason",
	},
	{
		names: []string{"os/exec.*", "plugin.*", "syscall.Exec", "syscall.ForkExec", "os.StartProcess"},
		where: []string{"bench", "test"},
		why:   "no other program is started",
	},
	{
		names: []string{"crypto/tls.InsecureSkipVerify"},
		where: []string{"internal/sim"}, // a WebSocket's option of that name lets every origin in
		why:   "certificates are always checked",
	},
}

// allows reports whether a file may do what g guards.
func (g guard) allows(s source) bool {
	if s.isTest() || supports(s.folder()) || g.files[s.name] != "" {
		return true
	}
	return slices.ContainsFunc(g.where, func(w string) bool { return s.folder() == w || strings.HasPrefix(s.folder(), w+"/") })
}

// guarded returns what a file does that it must not.
func guarded(s source) []string {
	imports := s.imports()
	var wrong []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		var used string
		switch n := n.(type) {
		case *ast.ImportSpec:
			p := strings.Trim(n.Path.Value, "`\"")
			if n.Name != nil && n.Name.Name == "." {
				p = "." + p
			}
			used = p + ".*"
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && imports[x.Name] != "" {
				used = imports[x.Name] + "." + n.Sel.Name
			}
			if n.Sel.Name == "InsecureSkipVerify" {
				used = "crypto/tls.InsecureSkipVerify"
			}
		case *ast.KeyValueExpr:
			if k, ok := n.Key.(*ast.Ident); ok && k.Name == "InsecureSkipVerify" {
				used = "crypto/tls.InsecureSkipVerify"
			}
		}
		for _, g := range guards {
			if used != "" && !g.allows(s) && g.covers(used) {
				wrong = append(wrong, fmt.Sprintf("%s: %s: %s", s.at(n), strings.TrimSuffix(used, ".*"), g.why))
			}
		}
		return true
	})
	return append(wrong, pointers(s, imports)...)
}

// covers reports whether used is one of g's names. Some types may be named, for a parameter, but not made: pointers says so.
func (g guard) covers(used string) bool {
	if slices.Contains(mayBeNamed, used) {
		return false
	}
	if p, dot := strings.CutPrefix(used, "."); dot { // a package imported into the file's own names
		p = strings.TrimSuffix(p, "*")
		return slices.ContainsFunc(g.names, func(n string) bool { return strings.HasPrefix(n, p) })
	}
	return slices.Contains(g.names, used)
}

// mayBeNamed are the types that others hand around; to make one is what is guarded.
var mayBeNamed = []string{"net/http.Client", "net/http.Transport", "net.Dialer", "crypto/tls.Dialer"}

// pointers finds where a file makes a value of a type it may only name: T{…}, new(T), var x T, a field or result that is a T
// and not a pointer.
func pointers(s source, imports map[string]string) []string {
	clients := guards[1]
	if clients.allows(s) {
		return nil
	}
	named := func(e ast.Expr) string {
		sel, ok := e.(*ast.SelectorExpr)
		if !ok {
			return ""
		}
		x, ok := sel.X.(*ast.Ident)
		if !ok {
			return ""
		}
		if full := imports[x.Name] + "." + sel.Sel.Name; slices.Contains(mayBeNamed, full) {
			return full
		}
		return ""
	}
	var wrong []string
	say := func(n ast.Node, e ast.Expr) {
		if full := named(e); full != "" {
			wrong = append(wrong, fmt.Sprintf("%s: makes a %s: %s", s.at(n), full, clients.why))
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			say(n, n.Type)
		case *ast.ValueSpec:
			say(n, n.Type)
		case *ast.Field:
			say(n, n.Type)
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "new" && len(n.Args) == 1 {
				say(n, n.Args[0])
			}
		}
		return true
	})
	return wrong
}

func TestWhatIsGuardedIsDoneWhereItBelongs(t *testing.T) {
	for _, s := range sources(t) {
		for _, w := range guarded(s) {
			t.Error(w)
		}
	}
}

func TestListedExceptionsAreStillNeeded(t *testing.T) {
	all := map[string]source{}
	for _, s := range sources(t) {
		all[s.name] = s
	}
	for i, g := range guards {
		for name := range g.files {
			s, ok := all[name]
			if !ok {
				continue // not there (yet): nothing is excepted
			}
			saved := guards[i].files
			guards[i].files = nil
			if len(guarded(s)) == 0 {
				t.Errorf("%s is excepted (%s) and need not be", name, path.Base(name))
			}
			guards[i].files = saved
		}
	}
}

func TestGuardsSeeEveryWayRound(t *testing.T) {
	for name, tt := range map[string]struct {
		file, body string
		wrong      bool
	}{
		"reading the clock":                  {"internal/desk/a.go", `import "time"; var x = time.Now()`, true},
		"handing the clock on":               {"internal/desk/a.go", `import "time"; var now = time.Now`, true},
		"since when":                         {"internal/desk/a.go", `import "time"; func f(t time.Time) any { return time.Since(t) }`, true},
		"under another name":                 {"internal/desk/a.go", `import clock "time"; var x = clock.Now()`, true},
		"without a name":                     {"internal/desk/a.go", `import . "time"; var x = Now()`, true},
		"a method of that name":              {"internal/desk/a.go", `type d struct{ Now func() int }; func (d d) f() int { return d.Now() }`, false},
		"a timer":                            {"internal/desk/a.go", `import "time"; var x = time.NewTimer(time.Second)`, false},
		"in the clock":                       {"internal/clock/a.go", `import "time"; var x = time.Now()`, false},
		"in a test":                          {"internal/desk/a_test.go", `import "time"; var x = time.Now()`, false},
		"in a test's help":                   {"internal/store/storetest/a.go", `import "time"; var x = time.Now()`, false},
		"a client":                           {"internal/channel/feed/a.go", `import "net/http"; var c = &http.Client{}`, true},
		"a client by new":                    {"internal/channel/feed/a.go", `import "net/http"; var c = new(http.Client)`, true},
		"a client by its zero value":         {"internal/channel/feed/a.go", `import "net/http"; func f() { var c http.Client; _ = c }`, true},
		"a client in a struct":               {"internal/channel/feed/a.go", `import "net/http"; type t struct { c http.Client }`, true},
		"a client that is handed in":         {"internal/channel/feed/a.go", `import "net/http"; type t struct { c *http.Client }; func f(c *http.Client) {}`, false},
		"the default client":                 {"internal/channel/feed/a.go", `import "net/http"; var c = http.DefaultClient`, true},
		"a call without a client":            {"internal/api/a.go", `import "net/http"; var f = http.Get`, true},
		"a transport":                        {"internal/api/a.go", `import h "net/http"; var f = h.Transport{}`, true},
		"a dialer":                           {"internal/api/a.go", `import "net"; var d net.Dialer`, true},
		"a dial":                             {"internal/api/a.go", `import "net"; var d, _ = net.Dial("tcp", "x")`, true},
		"a dial with TLS":                    {"internal/api/a.go", `import "crypto/tls"; var d, _ = tls.Dial("tcp", "x", nil)`, true},
		"a dial of a library":                {"internal/channel/email/a.go", `import "github.com/emersion/go-imap/v2/imapclient"; var d = imapclient.DialTLS`, true},
		"mail by the standard library":       {"internal/channel/email/a.go", `import "net/smtp"; var d = smtp.PlainAuth`, true},
		"listening":                          {"internal/app/a.go", `import "net"; var l, _ = net.Listen("tcp", ":0")`, false},
		"a client in the egress":             {"internal/egress/a.go", `import "net/http"; var c = &http.Client{}`, false},
		"a client in the simulator":          {"internal/sim/load/a.go", `import "net/http"; var c = &http.Client{}`, false},
		"a folder that begins alike":         {"internal/simple/a.go", `import "net/http"; var c = &http.Client{}`, true},
		"certificates unchecked":             {"internal/egress/a.go", `import "crypto/tls"; var c = tls.Config{InsecureSkipVerify: true}`, true},
		"certificates unchecked, set later":  {"internal/egress/a.go", `import "crypto/tls"; func f(c *tls.Config) { c.InsecureSkipVerify = true }`, true},
		"random numbers that can be guessed": {"internal/staff/a.go", `import "math/rand"; var x = rand.Int()`, true},
		"their second version":               {"internal/staff/a.go", `import "math/rand/v2"; var x = rand.Int()`, true},
		"random numbers that cannot":         {"internal/staff/a.go", `import "crypto/rand"; var x = rand.Text()`, false},
		"another program":                    {"internal/api/a.go", `import "os/exec"; var c = exec.Command("sh")`, true},
		"another program, the longer way":    {"internal/api/a.go", `import "os"; var c = os.StartProcess`, true},
		"another program in a measurement":   {"bench/a.go", `import "os/exec"; var c = exec.Command("sh")`, false},
	} {
		t.Run(name, func(t *testing.T) {
			got := guarded(parse(t, tt.file, "package a\n"+strings.ReplaceAll(tt.body, "; ", "\n")))
			if (len(got) > 0) != tt.wrong {
				t.Fatalf("seen: %q", got)
			}
			if tt.wrong && !strings.HasPrefix(got[0], tt.file+":") {
				t.Errorf("%q does not say where", got[0])
			}
		})
	}
}
