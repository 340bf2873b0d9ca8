// Package chaos kills, cuts and fills up the real program under load, and judges it by three records: what the senders were
// told, what the database holds, and what the far side itself wrote down. `make chaos` runs it at full size.
package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/channel"
	"switchboard/internal/secret"
	"switchboard/internal/sim/hook"
	"switchboard/internal/sim/mastodon"
	"switchboard/internal/staff"
	"switchboard/internal/store/storetest"
)

// full makes the tests run at full size (SWITCHBOARD_FULL=1).
func full(small, big int) int {
	if os.Getenv("SWITCHBOARD_FULL") != "" {
		return big
	}
	return small
}

// program is the product, built once, without the race detector: it is killed, not inspected.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "switchboard-chaos-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "switchboard")
	out, err := exec.Command("go", "build", "-o", path, "switchboard/cmd/switchboard").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	flag.Parse()
	_ = flag.Set("test.parallel", "6") // they wait more than they work
	fmt.Println(machine())
	code := m.Run()
	if path, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// machine names what the figures were found on.
func machine() string {
	model := "unknown"
	raw, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(raw)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			model = strings.TrimSpace(value)
		}
	}
	return fmt.Sprintf("machine: %s, %d cores, %s, %s", model, runtime.NumCPU(), runtime.Version(), time.Now().UTC().Format("2006-01-02"))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// house is a database with a company in it, its accounts' far sides, and the programs that run on it.
type house struct {
	t      testing.TB
	dir    string
	dsn    string
	key    string // of the API
	secret string // of the hook
	hook   account.ID
	other  account.ID // an account that is asked, not called
	bridge *hook.Bridge
	town   *mastodon.Server
	log    *os.File
}

const sharedSecret = "5f2b0c1e9d3a47866f10aa0bb7c9e2d4"

// databases are the two, both as durable as in real life.
var databases = map[string]func(testing.TB) string{"sqlite": func(testing.TB) string { return "" }, "postgres": storetest.Durable}

// newHouse furnishes a house by the program's own parts; nothing runs on it yet. No dsn is SQLite in the house's own folder.
func newHouse(t testing.TB, dsn string) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), dsn: dsn, secret: sharedSecret}
	if dsn == "" {
		h.dsn = filepath.Join(h.dir, "switchboard.db")
	}
	ring, err := secret.Open(filepath.Join(h.dir, "keys"))
	must(t, err)
	a, err := app.New(t.Context(), app.Options{DSN: h.dsn, Ring: ring, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	boss, err := a.Staff.Furnish(t.Context(), staff.House{Name: "Ada Boss", Email: "ada@acme.example", Password: "correct horse battery",
		Organisation: staff.Organisation{Name: "ACME", PublicURL: "http://localhost:8080", Zone: "Europe/Berlin", Locale: "en-GB"}, Template: "split"})
	must(t, err)
	who := staff.Actor{Person: boss.ID, Name: boss.Name, Role: boss.Role, Departments: boss.Departments}
	_, h.key, err = a.Staff.MakeKey(t.Context(), who, "chaos", []staff.Scope{staff.Read, staff.Write, staff.Admin})
	must(t, err)
	h.connect(t, a, who)
	must(t, a.Brain.Train(t.Context())) // a house that has been open before
	must(t, a.Stop(t.Context()))
	h.log, err = os.Create(filepath.Join(h.dir, "log"))
	must(t, err)
	t.Cleanup(func() {
		_ = h.log.Close()
		if t.Failed() {
			h.tail(t)
		}
	})
	return h
}

// connect gives the house a bridge that calls it and a town that it asks, both of which take its answers.
func (h *house) connect(t testing.TB, a *app.App, who staff.Actor) {
	t.Helper()
	h.bridge = hook.New("Guest book", h.secret, time.Now)
	web := httptest.NewServer(h.bridge.Handler())
	h.town = mastodon.New(mastodon.Options{Now: time.Now, RateLimit: -1})
	town := httptest.NewServer(h.town.Handler())
	t.Cleanup(func() {
		h.bridge.Faults.Clear()
		h.town.Faults.Clear()
		h.town.CutStreams()
		for _, s := range []*httptest.Server{web, town} {
			s.CloseClientConnections()
			s.Close()
		}
	})
	h.town.Describe("acme_help", "ACME helps", "", false)
	h.town.SetPolicy("acme_help", "for_private_mentions", "accept")
	adopt := func(name string, settings map[string]any) account.ID {
		raw, err := json.Marshal(settings)
		must(t, err)
		x, err := a.Book.Adopt(t.Context(), who, name, "", channel.Profile{RemoteID: "acme", Handle: "@acme_" + name, Name: "ACME",
			Limits: channel.Limits{Text: 500, Unit: "graphemes", Media: 4}}, raw)
		must(t, err)
		return x.ID
	}
	h.hook = adopt("hook", map[string]any{"name": "Guest book", "secret": h.secret, "callback": web.URL, "publish": true, "find": true, "read": true})
	h.other = adopt("mastodon", map[string]any{"server": town.URL, "token": h.town.Token("acme_help"), "plain": true})
}

// tail shows the end of the programs' log.
func (h *house) tail(t testing.TB) {
	raw, err := os.ReadFile(h.log.Name())
	if err == nil {
		t.Logf("the end of the log:\n%s", raw[max(0, len(raw)-4000):])
	}
}

// process is one running program.
type process struct {
	h    *house
	cmd  *exec.Cmd
	port int
	done chan struct{}
}

// free returns a port that nobody listens on now.
func free(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// start runs the program at a port and waits until it answers.
func (h *house) start(t testing.TB, port int) *process {
	t.Helper()
	p := h.launch(t, port)
	p.up(t, 60*time.Second)
	return p
}

func (h *house) launch(t testing.TB, port int) *process {
	t.Helper()
	path, err := program()
	must(t, err)
	args := []string{"serve", "--data", h.dir, "--listen", fmt.Sprintf("127.0.0.1:%d", port), "--egress-allow", "127.0.0.0/8", "--log-level", "warn"}
	if strings.HasPrefix(h.dsn, "postgres") {
		args = append(args, "--database", h.dsn)
	}
	p := &process{h: h, port: port, cmd: exec.Command(path, args...), done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = h.log, h.log
	p.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + h.dir}
	p.cmd.Dir = h.dir
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	must(t, p.cmd.Start())
	go func() { _ = p.cmd.Wait(); close(p.done) }()
	t.Cleanup(p.kill)
	return p
}

// kill ends the program as a power cut does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

func (p *process) dead() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// up waits until the program answers and its database too.
func (p *process) up(t testing.TB, limit time.Duration) {
	t.Helper()
	for end := time.Now().Add(limit); ; time.Sleep(10 * time.Millisecond) {
		if p.healthy() {
			return
		}
		if time.Now().After(end) || p.dead() {
			p.h.tail(t)
			t.Fatalf("the program does not answer after %v (dead: %v)", limit, p.dead())
		}
	}
}

var client = &http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

func (p *process) healthy() bool {
	a, err := client.Get(fmt.Sprintf("http://127.0.0.1:%d/healthz", p.port))
	if err != nil {
		return false
	}
	_ = a.Body.Close()
	return a.StatusCode == http.StatusOK
}

// say brings one message to the hook, signed, and reports whether it was acknowledged.
func (h *house) say(ctx context.Context, port int, id, from, text string) bool {
	body, _ := json.Marshal(map[string]any{"events": []any{map[string]any{"kind": "said", "message": map[string]any{
		"remoteId": id, "text": text, "at": time.Now().UTC().Format(time.RFC3339), "private": true, "from": map[string]any{"remoteId": from, "name": from}}}}})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, fmt.Sprintf("http://127.0.0.1:%d/hook/%s", port, h.hook), bytes.NewReader(body))
	if err != nil {
		return false
	}
	r.Header = h.bridge.Call(body).Header
	a, err := client.Do(r)
	if err != nil {
		return false
	}
	defer func() { _ = a.Body.Close() }()
	_, err = io.Copy(io.Discard, a.Body) // an answer that breaks off is none
	return err == nil && a.StatusCode/100 == 2
}

// call makes a call of the API. The status is 0 when no whole answer came.
func (h *house) call(port int, method, path, once string, in, out any) (status int) {
	body, _ := json.Marshal(in)
	r, err := http.NewRequest(method, fmt.Sprintf("http://127.0.0.1:%d%s", port, path), bytes.NewReader(body))
	if err != nil {
		return 0
	}
	r.Header.Set("Authorization", "Bearer "+h.key)
	r.Header.Set("Content-Type", "application/json")
	if once != "" {
		r.Header.Set("Idempotency-Key", once)
	}
	a, err := client.Do(r)
	if err != nil {
		return 0
	}
	defer func() { _ = a.Body.Close() }()
	raw, err := io.ReadAll(a.Body)
	if err != nil || out != nil && a.StatusCode/100 == 2 && json.Unmarshal(raw, out) != nil {
		return 0
	}
	return a.StatusCode
}
