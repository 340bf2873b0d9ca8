package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"switchboard/internal/secret"
)

// program is a command line as cmd/switchboard has it.
type program struct {
	Config
	Serve  struct{} `cmd:"" default:"1" help:"Run."`
	Import struct {
		Listen string `name:"from"`
	} `cmd:"" help:"Import."`
}

func parse(args []string, environ ...string) (*program, *Loaded, error) {
	p := &program{}
	l, err := Parse(p, &p.Config, args, environ, kong.Name("switchboard"), kong.Exit(func(int) {}))
	return p, l, err
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.conf")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaults(t *testing.T) {
	t.Chdir(t.TempDir())
	p, l, err := parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.Listen != ":8080" || p.Data != "./switchboard-data" || p.DatabasePath() != "switchboard-data/switchboard.db" || p.KeyPath() != "switchboard-data/keys" ||
		p.LogLevel != "info" || l.Command() != "serve" {
		t.Errorf("%+v", p.Config)
	}
	var out bytes.Buffer
	if err := l.Effective(&out); err != nil || strings.Count(out.String(), "\n") != strings.Count(out.String(), "# default\n") {
		t.Errorf("%v\n%s", err, &out)
	}
}

func TestAFlagGoesBeforeTheEnvironmentAndThatBeforeTheFile(t *testing.T) {
	path := write(t, "# ours\n\nlisten = :1\ndata = /file # where it is\npublic-url=https://file.example/\nlog-level = warn\r\ntrusted-proxies = 10.0.0.1, 10.1.0.0/16\n")
	p, l, err := parse([]string{"--config", path, "--listen=:3", "import", "--from=x"},
		"SWITCHBOARD_LISTEN=:2", "SWITCHBOARD_DATA=/env", "SWITCHBOARD_LOG_LEVEL=", "PATH=/bin", "SWITCHBOARD_LISTNE=:4", "SWITCHBOARD_EGRESS_ALLOW=mail.corp.example:587,10.1.2.0/24")
	if err != nil {
		t.Fatal(err)
	}
	if p.Listen != ":3" || p.Data != "/env" || p.PublicURL != "https://file.example" || p.LogLevel != "warn" ||
		fmt.Sprint(p.Proxies()) != "[10.0.0.1/32 10.1.0.0/16]" || fmt.Sprint(p.Exceptions()) != "[mail.corp.example:587 10.1.2.0/24]" || l.Command() != "import" {
		t.Errorf("%+v", p.Config)
	}
	var out bytes.Buffer
	if err := l.Effective(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"listen = :3 # --listen\n", "data = /env # SWITCHBOARD_DATA\n", "public-url = https://file.example # " + path + ", line 5\n", "log-format = text # default\n",
		"trusted-proxies = 10.0.0.1/32, 10.1.0.0/16 # " + path + ", line 7\n", "# SWITCHBOARD_LISTNE is not a setting, and is ignored\n",
	} {
		if squeezed := strings.Join(strings.FieldsFunc(out.String(), func(r rune) bool { return r == ' ' }), " "); !strings.Contains(squeezed, want) {
			t.Errorf("%q is not in\n%s", want, &out)
		}
	}
	again, _, err := parse([]string{"--config=" + write(t, out.String())})
	if err != nil || fmt.Sprint(again.Config) == "" || again.Listen != p.Listen || fmt.Sprint(again.TrustedProxies) != fmt.Sprint(p.TrustedProxies) {
		t.Errorf("what is printed is not a file: %v", err)
	}
}

func TestTheFileIsFound(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile(DefaultFile, []byte("listen = :1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	other := write(t, "listen = :2\n")
	for name, tt := range map[string]struct {
		args, env []string
		want      Address
	}{
		"in the working folder":        {nil, nil, ":1"},
		"by the environment":           {nil, []string{"SWITCHBOARD_CONFIG=" + other}, ":2"},
		"by a flag":                    {[]string{"--config=" + other}, nil, ":2"},
		"by a flag after the command":  {[]string{"serve", "--config", other}, nil, ":2"},
		"by a flag, not what follows":  {[]string{"--config", other}, []string{"SWITCHBOARD_CONFIG=/nowhere"}, ":2"},
		"by nothing if set to nothing": {nil, []string{"SWITCHBOARD_CONFIG="}, ":1"},
	} {
		t.Run(name, func(t *testing.T) {
			if p, _, err := parse(tt.args, tt.env...); err != nil || p.Listen != tt.want {
				t.Errorf("%v, %v", p.Listen, err)
			}
		})
	}
	if _, _, err := parse([]string{"--config=/nowhere/x.conf"}); err == nil || !strings.Contains(err.Error(), "/nowhere/x.conf") {
		t.Errorf("a file that is named and not there: %v", err)
	}
}

func TestAWrongValueNamesItselfAndWhatItShouldBe(t *testing.T) {
	t.Chdir(t.TempDir())
	key := "swordfish"
	for name, tt := range map[string]struct {
		set  string // name=value
		says string
	}{
		"an address without a port":        {"listen=8080", "write it like :8080"},
		"a port too high":                  {"listen=:80800", "write it like :8080"},
		"no address":                       {"listen=", "write it like :8080"},
		"a site without a scheme":          {"public-url=talk.acme.example", "https://talk.acme.example"},
		"a site that is a script":          {"public-url=javascript:alert(1)", "https://talk.acme.example"},
		"a site with a query":              {"public-url=https://a.example/?x=1", "https://talk.acme.example"},
		"a site with a password":           {"public-url=https://u:p@a.example", "https://talk.acme.example"},
		"a proxy that is a name":           {"trusted-proxies=10.0.0.1,proxy", `"proxy" is not a range`},
		"an exception without a port":      {"egress-allow=mail.corp.example", "host and port"},
		"an exception for everything":      {"egress-allow=0.0.0.0/0", "too wide"},
		"another database":                 {"database=mysql://u:swordfish@h/d", "postgres://"},
		"a database in another form":       {"database=host=h password=swordfish", "postgres://"},
		"a database without a name":        {"database=postgres://u:swordfish@h", "postgres://"},
		"a database with a broken address": {"database=postgres://u:sword%zzfish@h/d", "postgres://"},
		"keys that are none":               {"keys=swordfish", "openssl rand -base64 32"},
		"a level that is none":             {"log-level=loud", "debug, info, warn, error"},
		"a pace that is no number":         {"demo-pace=fast", "demo-pace"},
		"a pace too high":                  {"demo-pace=100000", "60000"},
	} {
		t.Run(name, func(t *testing.T) {
			setting, value, _ := strings.Cut(tt.set, "=")
			path := write(t, "# \n"+setting+" = "+value+"\n")
			ways := map[string]func() error{
				"flag": func() error { _, _, err := parse([]string{"--" + tt.set}); return err },
				"file": func() error { _, _, err := parse([]string{"--config=" + path}); return err },
			}
			if value != "" {
				ways["environment"] = func() error { _, _, err := parse(nil, variable(setting)+"="+value); return err }
			}
			for way, try := range ways {
				err := try()
				if err == nil {
					t.Fatalf("%s: it is taken", way)
				}
				if !strings.Contains(strings.ReplaceAll(err.Error(), `"`, ""), strings.ReplaceAll(tt.says, `"`, "")) && way != "flag" || !strings.Contains(err.Error(), setting) && way == "flag" {
					t.Errorf("%s: it says %q; want %s and %q", way, err, setting, tt.says)
				}
				if strings.Contains(err.Error(), key) || strings.Contains(err.Error(), "sword%") {
					t.Errorf("%s: the secret is in %q", way, err)
				}
				t.Logf("%s: %v", way, err)
			}
		})
	}
}

func TestAWrongFileIsNamed(t *testing.T) {
	for name, tt := range map[string]struct{ text, says string }{
		"an unknown setting":      {"listen = :1\nlistne = :2\n", "line 2: \"listne\" is not a setting (is listen meant?)"},
		"quite unknown":           {"colour = blue\n", "line 1: \"colour\" is not a setting; “switchboard config” lists them"},
		"a setting twice":         {"listen = :1\nlisten = :2\n", "listen is set already"},
		"a line that is none":     {"listen :1\n", "write it like"},
		"a line without a name":   {"= :1\n", "write it like"},
		"a file that names files": {"config = x\n", "is not a setting"},
		"a flag of a command":     {"from = x\n", "is not a setting"},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, tt.text)
			if _, _, err := parse([]string{"--config=" + path}); err == nil || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), path) {
				t.Errorf("%v; want %q", err, tt.says)
			}
		})
	}
	if _, _, err := parse([]string{"--config=" + t.TempDir()}); err == nil {
		t.Error("a folder is a file")
	}
}

func TestSecretsAreMasked(t *testing.T) {
	t.Chdir(t.TempDir())
	key := "c3dvcmRmaXNoc3dvcmRmaXNoc3dvcmRmaXNoMTIzNDU=" // of swordfishswordfishswordfish12345
	for name, tt := range map[string]struct{ database, shown string }{
		"in the address":      {"postgres://sb:swordfish@db:5432/sb?sslmode=require", "postgres://sb:•••@db:5432/sb?sslmode=require"},
		"in the query":        {"postgres://db/sb?user=sb&password=swordfish&sslpassword=swordfish", "postgres://db/sb?user=sb&password=•••&sslpassword=•••"},
		"with odd characters": {"postgresql://s%40b:sword%2Ffish%40@db/sb", "postgresql://s%40b:•••@db/sb"},
		"none":                {"postgres://sb@db/sb", "postgres://sb@db/sb"},
		"a file":              {"/var/lib/sb.db", "/var/lib/sb.db"},
	} {
		t.Run(name, func(t *testing.T) {
			p, l, err := parse(nil, "SWITCHBOARD_DATABASE="+tt.database, "SWITCHBOARD_KEYS="+key)
			if err != nil {
				t.Fatal(err)
			}
			if p.DatabasePath() != tt.database {
				t.Errorf("to be opened is %s", p.DatabasePath())
			}
			var out bytes.Buffer
			if err := l.Effective(&out); err != nil || !strings.Contains(out.String(), "database = "+tt.shown+" ") || !strings.Contains(out.String(), "keys = •••") {
				t.Errorf("%v\n%s", err, &out)
			}
			j, _ := json.Marshal(p.Config)
			fmt.Fprintf(&out, "%v %+v %#v %s", p.Config, p, p.Config, j)
			for _, s := range []string{"swordfish", "sword%2F", key} {
				if strings.Contains(out.String(), s) {
					t.Errorf("%s shows in %s", s, &out)
				}
			}
		})
	}
}

func TestKeys(t *testing.T) {
	t.Chdir(t.TempDir())
	p, _, err := parse([]string{"--data=d"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.OpenKeys()
	if err != nil || !r.Created() {
		t.Fatal(err)
	}
	if about, err := os.Stat("d/keys"); err != nil || about.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v", err)
	}
	if p, _, err = parse([]string{"--key-file=other"}); err != nil || p.KeyPath() != "other" {
		t.Errorf("%v, %v", p.KeyPath(), err)
	}
	key := "c3dvcmRmaXNoc3dvcmRmaXNoc3dvcmRmaXNoMTIzNDU="
	if p, _, err = parse(nil, "SWITCHBOARD_KEYS="+key); err != nil {
		t.Fatal(err)
	}
	if r, err := p.OpenKeys(); err != nil || r.Created() || len(r.IDs()) != 1 {
		t.Errorf("from the environment: %v", err)
	}
	if _, _, err = parse([]string{"--key-file=other"}, "SWITCHBOARD_KEYS="+key); err == nil {
		t.Error("keys and a key file are taken together")
	}
	p.Keys = secret.Hide("x")
	if _, err := p.OpenKeys(); err == nil {
		t.Error("wrong keys are opened")
	}
}

func TestHelpNamesTheVariables(t *testing.T) {
	var out bytes.Buffer
	p := &program{}
	_, _ = Parse(p, &p.Config, []string{"--help"}, nil, kong.Writers(&out, &out), kong.Exit(func(int) {}))
	for _, want := range []string{"--public-url", "$SWITCHBOARD_PUBLIC_URL", "$SWITCHBOARD_CONFIG"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in the help:\n%s", want, &out)
		}
	}
}

func TestValuesAreWrittenAsTheyAreRead(t *testing.T) {
	var n Network
	if err := n.UnmarshalText([]byte("::ffff:10.0.0.1")); err != nil || n.Prefix != netip.MustParsePrefix("10.0.0.1/32") {
		t.Errorf("%v, %v", n, err)
	}
}
