package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"switchboard/internal/fault"
	"switchboard/internal/store"
	"switchboard/internal/store/backup"
)

// house is a data folder with a database that is open, as a program that runs has it.
type house struct {
	*store.Store
	folder string
}

func newHouse(t testing.TB) house {
	t.Helper()
	folder := t.TempDir()
	s, err := store.Open(t.Context(), store.Options{DSN: filepath.Join(folder, "switchboard.db"), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	must(t, os.WriteFile(filepath.Join(folder, "keys"), []byte("the key\n"), 0o600))
	return house{s, folder}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h house) source(keys bool) backup.Source {
	from := backup.Source{Database: filepath.Join(h.folder, "switchboard.db"), Version: "test", Now: time.Now}
	if keys {
		from.Keys = filepath.Join(h.folder, "keys")
	}
	return from
}

// write keeps two rows equal in each transaction: a copy of one moment has them equal too.
func (h house) write(n int) error {
	return h.Tx(context.Background(), func(tx *store.Tx) error {
		for _, name := range []string{"left", "right"} {
			if _, err := tx.ExecContext(context.Background(), `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2`, name, fmt.Sprint(n)); err != nil {
				return err
			}
		}
		return nil
	})
}

func values(t testing.TB, path string) (left, right int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	must(t, err)
	defer db.Close()
	for name, to := range map[string]*int{"left": &left, "right": &right} {
		must(t, db.QueryRow(`SELECT value FROM setting WHERE name = $1`, name).Scan(to))
	}
	return left, right
}

func nothing(string) error { return nil }

func TestABackupBesideAWriterIsOfOneMoment(t *testing.T) {
	h := newHouse(t)
	must(t, h.write(1))
	stop, written := make(chan struct{}), 1
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := 2; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			if err := h.write(n); err != nil {
				t.Error(err)
				return
			}
			written = n
		}
	})
	for k := range 5 {
		path := filepath.Join(t.TempDir(), "house.tar.gz")
		m, err := backup.Write(t.Context(), path, h.source(k%2 == 0))
		must(t, err)
		to := filepath.Join(t.TempDir(), "new")
		is, err := backup.Restore(t.Context(), path, to, nothing)
		must(t, err)
		if is.Schema != m.Schema || is.Keys() != (k%2 == 0) {
			t.Errorf("restored %+v of %+v", is, m)
		}
		if left, right := values(t, filepath.Join(to, "switchboard.db")); left != right || left == 0 {
			t.Errorf("the copy holds %d and %d", left, right)
		}
		if about, err := os.Stat(filepath.Join(to, "switchboard.db")); err != nil || about.Mode().Perm() != 0o600 {
			t.Errorf("the database is for others to read: %v %v", about.Mode(), err)
		}
	}
	close(stop)
	wg.Wait()
	if written < 3 {
		t.Errorf("the writer wrote %d times only: it was shut out", written)
	}
}

func TestNothingIsOverwritten(t *testing.T) {
	h := newHouse(t)
	must(t, h.write(1))
	path := filepath.Join(t.TempDir(), "house.tar.gz")
	must(t, os.WriteFile(path, []byte("older"), 0o600))
	if _, err := backup.Write(t.Context(), path, h.source(false)); !fault.Is(err, fault.Conflict) {
		t.Errorf("over a file: %v", err)
	}
	if b, _ := os.ReadFile(path); string(b) != "older" {
		t.Errorf("it holds %q", b)
	}
	must(t, os.Remove(path))
	for _, end := range []string{".database", ".database-journal", ".partial"} {
		must(t, os.WriteFile(path+end, []byte("somebody's"), 0o600))
		if _, err := backup.Write(t.Context(), path, h.source(false)); !fault.Is(err, fault.Invalid) {
			t.Errorf("beside a file %s: %v", end, err)
		}
		if b, _ := os.ReadFile(path + end); string(b) != "somebody's" {
			t.Errorf("%s holds %q: it was not ours", end, b)
		}
		must(t, os.Remove(path+end))
		if list, _ := os.ReadDir(filepath.Dir(path)); len(list) != 0 {
			t.Errorf("left behind: %v", list)
		}
	}
	_, err := backup.Write(t.Context(), path, h.source(false))
	must(t, err)
	for _, name := range []string{"switchboard.db", "keys", "notes.txt"} {
		to := t.TempDir()
		must(t, os.WriteFile(filepath.Join(to, name), []byte("there"), 0o600))
		if _, err := backup.Restore(t.Context(), path, to, nothing); !fault.Is(err, fault.Conflict) {
			t.Errorf("into a folder with %s: %v", name, err)
		}
		if list, _ := os.ReadDir(to); len(list) != 1 {
			t.Errorf("in the folder with %s is %v", name, list)
		}
	}
}

func TestWhatFailsLeavesNothing(t *testing.T) {
	h := newHouse(t)
	must(t, h.write(1))
	at := t.TempDir()
	path := filepath.Join(at, "house.tar.gz")
	_, err := backup.Write(t.Context(), path, h.source(true))
	must(t, err)
	if list, _ := os.ReadDir(at); len(list) != 1 {
		t.Errorf("beside the backup is %v", list)
	}
	to := t.TempDir()
	if _, err := backup.Restore(t.Context(), path, to, func(string) error { return fault.New(fault.Unavailable, "no") }); err == nil {
		t.Error("it is there although it was not made ready")
	}
	if list, _ := os.ReadDir(to); len(list) != 0 {
		t.Errorf("after a failure there is %v", list)
	}
	over, stop := context.WithCancel(t.Context())
	stop()
	if _, err := backup.Write(over, filepath.Join(at, "second"), h.source(true)); err == nil {
		t.Error("it is written after its end")
	}
	if list, _ := os.ReadDir(at); len(list) != 1 {
		t.Errorf("after a failure there is %v", list)
	}
	if _, err := backup.Write(t.Context(), filepath.Join(at, "third"), backup.Source{Database: filepath.Join(at, "none.db"), Now: time.Now}); !fault.Is(err, fault.NotFound) {
		t.Errorf("of no database: %v", err)
	}
}

// Whatever bit is changed and wherever it is cut, it is refused and nothing is put in place; or the bit was of no account, as one
// of a code that no word of the compressed text uses, and what is put in place is the house.
func TestABrokenBackupIsRefused(t *testing.T) {
	h := newHouse(t)
	must(t, h.write(1))
	path := filepath.Join(t.TempDir(), "house.tar.gz")
	_, err := backup.Write(t.Context(), path, h.source(true))
	must(t, err)
	whole, err := os.ReadFile(path)
	must(t, err)
	place := t.TempDir()
	_, err = backup.Restore(t.Context(), path, place, nothing)
	must(t, err)
	was := contents(t, place)
	bad := filepath.Join(t.TempDir(), "bad.tar.gz")
	rapid.Check(t, func(r *rapid.T) {
		b := bytes.Clone(whole)
		if rapid.Bool().Draw(r, "cut") {
			b = b[:rapid.IntRange(0, len(b)-1).Draw(r, "at")]
		} else {
			b[rapid.IntRange(10, len(b)-1).Draw(r, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit") // before 10 stands gzip's own head: its time, its system
		}
		if err := os.WriteFile(bad, b, 0o600); err != nil {
			r.Fatal(err)
		}
		to, err := os.MkdirTemp(t.TempDir(), "to")
		if err != nil {
			r.Fatal(err)
		}
		if _, err := backup.Restore(context.Background(), bad, to, nothing); err == nil {
			if is := contents(t, to); !maps.Equal(is, was) {
				r.Fatal("a broken backup is restored")
			}
			return
		}
		if list, _ := os.ReadDir(to); len(list) != 0 {
			r.Fatalf("there is %v", list)
		}
	})
}

// contents are the files of a folder by their names.
func contents(t testing.TB, folder string) map[string]string {
	t.Helper()
	out := map[string]string{}
	list, err := os.ReadDir(folder)
	must(t, err)
	for _, e := range list {
		b, err := os.ReadFile(filepath.Join(folder, e.Name()))
		must(t, err)
		out[e.Name()] = string(b)
	}
	return out
}

func TestABackupOfANewerProgramIsRefusedAndSaysSo(t *testing.T) {
	h := newHouse(t)
	must(t, h.write(1))
	path := filepath.Join(t.TempDir(), "house.tar.gz")
	_, err := backup.Write(t.Context(), path, h.source(false))
	must(t, err)
	newer := filepath.Join(t.TempDir(), "newer.tar.gz")
	rewrite(t, path, newer, func(m *backup.Manifest) { m.Schema, m.Version = 99999, "9.9" })
	if _, err := backup.Restore(t.Context(), newer, t.TempDir(), nothing); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "9.9") {
		t.Errorf("%v", err)
	}
	strange := filepath.Join(t.TempDir(), "strange.tar.gz")
	rewrite(t, path, strange, func(m *backup.Manifest) { m.Parts[0].Name = "../../etc/passwd" })
	if _, err := backup.Restore(t.Context(), strange, t.TempDir(), nothing); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
}

// rewrite copies a backup with another manifest.
func rewrite(t testing.TB, from, to string, change func(*backup.Manifest)) {
	t.Helper()
	f, err := os.Open(from)
	must(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	must(t, err)
	var out bytes.Buffer
	zw := gzip.NewWriter(&out)
	in, tw := tar.NewReader(z), tar.NewWriter(zw)
	for {
		h, err := in.Next()
		if err == io.EOF {
			break
		}
		must(t, err)
		b, err := io.ReadAll(in)
		must(t, err)
		if h.Name == "manifest.json" {
			var m backup.Manifest
			must(t, json.Unmarshal(b, &m))
			change(&m)
			b, err = json.Marshal(m)
			must(t, err)
		}
		h.Size = int64(len(b))
		must(t, tw.WriteHeader(h))
		_, err = tw.Write(b)
		must(t, err)
	}
	must(t, tw.Close())
	must(t, zw.Close())
	must(t, os.WriteFile(to, out.Bytes(), 0o600))
}
