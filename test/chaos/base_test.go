package chaos

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// cluster is a PostgreSQL of the test's own, to be maltreated.
type cluster struct {
	bin, data string
	port      int
	as        *syscall.SysProcAttr
}

func newCluster(t testing.TB) *cluster {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if len(found) == 0 {
		t.Fatal("PostgreSQL is missing (apt-get install postgresql; make test does it)")
	}
	slices.Sort(found)
	dir, err := os.MkdirTemp("", "switchboard-chaos-postgres-")
	must(t, err)
	c := &cluster{bin: found[len(found)-1], data: filepath.Join(dir, "data"), port: free(t)}
	must(t, os.Mkdir(c.data, 0o700))
	must(t, os.Chmod(dir, 0o755)) //nolint:gosec // another user's folder is inside
	if os.Getuid() == 0 {
		u, err := user.Lookup("postgres")
		must(t, err)
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		must(t, os.Chown(c.data, uid, gid))
		c.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}} //nolint:gosec // small numbers
	}
	c.run(t, "initdb", "-D", c.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
	c.control(t, "start")
	t.Cleanup(func() {
		c.control(t, "stop")
		_ = os.RemoveAll(dir)
	})
	return c
}

func (c *cluster) run(t testing.TB, name string, args ...string) {
	t.Helper()
	x := exec.Command(filepath.Join(c.bin, name), args...)
	x.Dir, x.SysProcAttr = "/", c.as
	if err := x.Run(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// control starts, stops or restarts the server; it is stopped as by a power cut.
func (c *cluster) control(t testing.TB, what string) {
	t.Helper()
	args := []string{"-D", c.data, "-w", "-t", "60", "-l", filepath.Join(c.data, "log")}
	if what != "stop" {
		args = append(args, "-o", fmt.Sprintf("-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200", c.port))
	}
	if what != "start" {
		args = append(args, "-m", "immediate")
	}
	c.run(t, "pg_ctl", append(args, what)...)
}

func (c *cluster) dsn() string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", c.port)
}

// The database is restarted, and its connections are killed, under load: we are back within five seconds of its return, and
// nothing is lost or doubled (C5).
func TestTheDatabaseGoesAndComesBack(t *testing.T) {
	t.Parallel()
	base := newCluster(t)
	h := newHouse(t, base.dsn())
	p := h.start(t, free(t))
	c, i := newCrowd(h, "base", p.port), &intents{h: h}
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { c.flow(ctx, 100) })
	all.Go(func() { i.answer(ctx, p.port, 100*time.Millisecond) })
	time.Sleep(time.Second)
	var worst time.Duration
	back := func(what string) {
		returned := time.Now()
		for n := 0; !h.say(t.Context(), p.port, fmt.Sprintf("back-%d-%d", returned.UnixNano(), n), "visitor-b", "Are you back?"); n++ {
			if p.dead() || time.Since(returned) > 30*time.Second {
				t.Fatalf("after %s it never came back (dead: %v)", what, p.dead())
			}
			time.Sleep(20 * time.Millisecond)
		}
		worst = max(worst, time.Since(returned))
		if took := time.Since(returned); took > 5*time.Second {
			t.Errorf("after %s it was back after %v", what, took)
		}
	}
	for range full(2, 20) {
		base.control(t, "restart")
		back("a restart of the database")
		time.Sleep(500 * time.Millisecond)
		cutAll(t, base.dsn())
		back("the end of all its connections")
		time.Sleep(500 * time.Millisecond)
	}
	base.control(t, "stop")
	time.Sleep(2 * time.Second)
	if h.say(t.Context(), p.port, "never", "visitor-n", "Is anybody there?") {
		t.Error("a message was acknowledged while there was no database")
	}
	base.control(t, "start")
	back("two seconds without a database")
	stop()
	all.Wait()
	c.settle(t)
	v := h.judge(t, c, i)
	t.Logf("back within %v at worst; %v", worst.Round(time.Millisecond), v)
}

// cutAll ends all connections to the database but our own.
func cutAll(t testing.TB, dsn string) {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	must(t, err)
	defer func() { _ = db.Close() }()
	_, err = db.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'`)
	must(t, err)
}
