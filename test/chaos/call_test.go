package chaos

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// spoilt is one way in which a system call goes wrong.
type spoilt struct {
	calls string // of the way in
	how   string // as strace says it
	lasts bool   // from the n-th call on, until the trouble is over, not at that call alone
}

// The way of a message into the database is spoilt at one system call after the other: the program is killed there, the disk
// has an I/O error, or no room. Nothing is acknowledged that is not kept, and the next start, or the next call, heals it (A3).
func TestEachSystemCallOfTheWayIn(t *testing.T) {
	if out, err := exec.Command("strace", "-V").CombinedOutput(); err != nil {
		t.Fatalf("strace is missing (apt-get install strace; make test does it): %v %s", err, out)
	}
	ways := map[string][]spoilt{
		"sqlite": {{"pwrite64", "signal=KILL", false}, {"fsync,fdatasync", "signal=KILL", false}, {"pwrite64", "error=EIO", false}, {"fsync,fdatasync", "error=EIO", false},
			{"pwrite64", "error=ENOSPC", false}, {"pwrite64", "error=ENOSPC", true}, {"fsync,fdatasync", "error=EIO", true}},
		// No errors here: Go's own wake-ups are writes too, and one that fails ends any Go program. See the cut connections of C5.
		"postgres": {{"write", "signal=KILL", false}, {"read", "signal=KILL", false}, {"futex", "signal=KILL", false}},
	}
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, database(t))
			c := newCrowd(h, "call", free(t))
			trials := 0
			for _, w := range ways[name] {
				step := full(7, 1)
				for n := 1; n <= full(8, 24); n += step {
					h.spoil(t, c, w, n)
					trials++
				}
			}
			p := h.start(t, c.ports[0])
			c.settle(t)
			v := h.judge(t, c, nil)
			p.kill()
			t.Logf("%s, %d system calls spoilt: %v", name, trials, v)
			if v.acked < trials {
				t.Errorf("%d messages were acknowledged in %d trials", v.acked, trials)
			}
		})
	}
}

// spoil starts the program, spoils the n-th call of a kind that any of its threads makes, and brings messages meanwhile.
func (h *house) spoil(t *testing.T, c *crowd, w spoilt, n int) {
	t.Helper()
	p := h.start(t, c.ports[0])
	defer p.kill()
	c.write(t.Context())
	when := strconv.Itoa(n)
	if w.lasts {
		when += "+"
	}
	args := []string{"-f", "-qq", "-o", "/dev/null", "-e", "trace=" + w.calls, "-e", fmt.Sprintf("inject=%s:%s:when=%s", w.calls, w.how, when), "-p", strconv.Itoa(p.cmd.Process.Pid)}
	if !strings.HasPrefix(h.dsn, "postgres") { // the database's files only: a broken pipe of the log proves nothing
		for _, ending := range []string{"", "-wal"} {
			args = append(args, "-P", filepath.Clean(h.dsn)+ending)
		}
	}
	var said bytes.Buffer
	tracer := exec.Command("strace", args...)
	tracer.Stderr = &said
	tracer.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	must(t, tracer.Start())
	gone := make(chan struct{})
	go func() { _ = tracer.Wait(); close(gone) }()
	if !soon(20*time.Second, func() bool { return traced(p.cmd.Process.Pid) || p.dead() }) {
		_ = tracer.Process.Kill()
		<-gone
		t.Fatalf("strace did not get hold of the program: %s", said.String())
	}
	for range 6 {
		if p.dead() {
			break
		}
		c.write(t.Context())
	}
	_ = tracer.Process.Signal(syscall.SIGTERM) // it lets go
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		_ = tracer.Process.Kill()
		<-gone
	}
	if p.dead() {
		if !strings.Contains(w.how, "KILL") {
			t.Errorf("%s at call %d of %s: the program died of it", w.how, n, w.calls)
		}
		return
	}
	ok := false
	for end := time.Now().Add(5 * time.Second); !ok && time.Now().Before(end) && !p.dead(); { // it heals without a restart
		ok = c.write(t.Context())
	}
	if !ok && !(p.dead() && strings.Contains(w.how, "KILL")) {
		t.Errorf("%s at call %d of %s (lasting: %v): it takes nothing any more when the trouble is over", w.how, n, w.calls, w.lasts)
	}
}

// traced reports whether all threads of a process have a tracer.
func traced(pid int) bool {
	out, err := exec.Command("grep", "-L", `TracerPid:	[1-9]`, "-r", "--include=status", fmt.Sprintf("/proc/%d/task", pid)).Output()
	return err == nil && len(bytes.TrimSpace(out)) == 0 || err != nil && len(bytes.TrimSpace(out)) == 0
}
