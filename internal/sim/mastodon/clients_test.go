//go:build channels

package mastodon

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// python is Debian's own: the packages toot and python3-mastodon belong to it.
const python = "/usr/bin/python3"

// TestIndependentClients lets clients written by others drive the stand-in: where they can't tell it from a real server, our
// connector is tested against the right thing.
func TestIndependentClients(t *testing.T) {
	for name, module := range map[string]string{"python3-mastodon": "mastodon", "toot": "toot"} {
		t.Run(name, func(t *testing.T) {
			if out, err := exec.Command(python, "-c", "import "+module).CombinedOutput(); err != nil {
				t.Fatalf("the Debian package %s is missing: install it with apt-get install %s (%s)", name, name, out)
			}
			s := New(Options{Now: time.Now, RateLimit: 100000, MediaBusy: 2, Heartbeat: 200 * time.Millisecond})
			s.Describe("acme_help", "ACME helps", "We help.", false)
			s.Describe("ann", "Ann", "", false)
			s.Follow("ann", "acme_help")
			s.Follow("acme_help", "ann")
			web := httptest.NewServer(s.Handler())
			defer func() { s.CutStreams(); web.CloseClientConnections(); web.Close() }()
			script, err := filepath.Abs("../../../test/mastodon/" + module + "_client.py")
			if err != nil {
				t.Fatal(err)
			}
			c := exec.CommandContext(t.Context(), python, script, web.URL)
			c.Dir = t.TempDir()
			c.Env = append(os.Environ(), "XDG_CONFIG_HOME="+c.Dir, "HOME="+c.Dir, "PYTHONDONTWRITEBYTECODE=1", "NO_PROXY=*", "no_proxy=*")
			out, err := c.CombinedOutput()
			t.Logf("%s", out)
			if err != nil {
				t.Fatalf("%s can tell our server from a real one: %v", name, err)
			}
			if s.Record.Len() == 0 {
				t.Error("it said that all is well and published nothing")
			}
		})
	}
}
