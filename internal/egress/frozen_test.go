//go:build unix

package egress

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestAFrozenProcessDoesNotWriteWhenItWakes stops a process for real between the gate's yes and the write.
func TestAFrozenProcessDoesNotWriteWhenItWakes(t *testing.T) {
	if address := os.Getenv("EGRESS_FROZEN"); address != "" {
		frozen(t, address)
		return
	}
	var writes atomic.Int32
	server := serve(t, func(http.ResponseWriter, *http.Request) { writes.Add(1) })
	c := exec.Command(os.Args[0], "-test.run=^TestAFrozenProcessDoesNotWriteWhenItWakes$")
	c.Env = append(os.Environ(), "EGRESS_FROZEN="+server)
	in, _ := c.StdinPipe()
	out, _ := c.StdoutPipe()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Process.Kill() }()
	lines := bufio.NewScanner(out)
	for _, want := range []string{"asked", "sent"} { // once without a pause, so that the connection is there already
		if !lines.Scan() || lines.Text() != want {
			t.Fatalf("it says %q; want %q", lines.Text(), want)
		}
		_, _ = in.Write([]byte("go\n"))
	}
	if !lines.Scan() || lines.Text() != "asked" || writes.Load() != 1 {
		t.Fatalf("it says %q, %d writes", lines.Text(), writes.Load())
	}
	if err := c.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(c.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
		t.Fatalf("it does not stand still: %v, %v", status, err)
	}
	_, _ = in.Write([]byte("go\n")) // it goes on as soon as it wakes
	time.Sleep(1200 * time.Millisecond)
	if err := c.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if !lines.Scan() || lines.Text() != "stale" {
		t.Errorf("it says %q; want stale", lines.Text())
	}
	_ = in.Close()
	_ = c.Wait()
	if writes.Load() != 1 {
		t.Errorf("%d writes; want 1", writes.Load())
	}
}

func frozen(t *testing.T, address string) {
	g := guard(t, Options{}, address)
	in := bufio.NewScanner(os.Stdin)
	for range 2 {
		err := do(WithGate(t.Context(), func(context.Context) error {
			fmt.Println("asked")
			in.Scan()
			return nil
		}), g.Client("test"), "POST", "http://"+address, "x")
		var s *Stale
		switch {
		case err == nil:
			fmt.Println("sent")
			in.Scan()
		case errors.As(err, &s) && NeverLeft(err):
			fmt.Println("stale")
		default:
			fmt.Println(err)
		}
	}
}
